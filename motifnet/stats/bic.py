"""The Bayesian information criterion, by which models of different size are compared."""

from __future__ import annotations

import math


def bic(log_likelihood: float, *, n_free: int, n_observations: int) -> float:
    """Bayesian information criterion: of models of the same data, the one with the smallest is chosen.

    Parameters
    ----------
    log_likelihood : float
        At its maximum, in nats.
    n_free : int
        Free parameters of the model.
    n_observations : int
        Independent observations that the likelihood is of.

    Returns
    -------
    float
        The smaller, the better the model for its size.

    References
    ----------
    Schwarz G (1978). Estimating the dimension of a model. Ann. Stat. 6:461-464.

    Examples
    --------
    A parameter more must raise the likelihood of 100 observations by half of log(100), 2.3 nats:

    >>> bic(-500.0, n_free=3, n_observations=100) < bic(-498.0, n_free=4, n_observations=100)
    True
    >>> bic(-500.0, n_free=3, n_observations=100) < bic(-497.0, n_free=4, n_observations=100)
    False
    """
    return n_free * math.log(n_observations) - 2 * log_likelihood
