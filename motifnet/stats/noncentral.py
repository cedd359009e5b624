"""How much information a test leaves possible that found little of it."""

from __future__ import annotations

import math

_TAIL = 0.025  # on either side of an interval of 95%


def possible_information(statistic: float, df: float, n: int) -> float:
    """Nats that an observation may hold of what was tested, at most.

    A chi-square statistic of observations that hold information is noncentral, and its noncentrality is twice
    their number times the information, where deviations are small. This is the upper end of its interval of
    95% (Wald 1943, Trans Am Math Soc 54:426). What was seen counts for its mean under the tie at least, since
    a fluctuation to less is no knowledge (Cowan and others 2011, arXiv:1105.3166). So a test of a handful of
    observations, which finds nothing, does not look like one of many.

    Parameters
    ----------
    statistic, df : float
        Of the test.
    n : int
        Observations.

    Returns
    -------
    float
        Infinite where there are none, or no degrees of freedom.

    Examples
    --------
    >>> round(possible_information(9, 4, 500), 3), round(possible_information(9, 4, 5000), 4)
    (0.021, 0.0021)
    >>> possible_information(0.1, 4, 500) == possible_information(4, 4, 500)
    True
    """
    from scipy.special import chndtrinc

    if n == 0 or df == 0:
        return math.inf
    return float(chndtrinc(max(statistic, df), df, _TAIL)) / (2 * n)
