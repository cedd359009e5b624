"""A test of nested models that needs no regularity: universal inference by a split likelihood ratio.

A model that is not tied is fitted to one part of the data, and the tied one to the other part. On that other
part, the ratio of their likelihoods has a mean of at most 1 if the tie holds, whatever the models and however
bad the first fit: it is an e-value, and its inverse a p-value, by Markov's inequality. It costs power, and
gives a guarantee where the chi-square test has none (Wasserman, Ramdas and Balakrishnan 2020, Proc Natl Acad
Sci USA 117:16880).
"""

from __future__ import annotations

import math

import numpy as np

from motifnet.errors import InvalidValue


def split_e_value(untied_log_likelihood_on_held_out: float, tied_maximum_on_held_out: float) -> float:
    """Logarithm of the e-value of one split.

    Parameters
    ----------
    untied_log_likelihood_on_held_out : float
        Log-likelihood of the held-out part under the untied model that was fitted to the other part. Nats.
    tied_maximum_on_held_out : float
        Log-likelihood of the held-out part under the tied model that was fitted to it. Nats. A fit that has
        not come to its maximum makes the test say more than it may.

    Returns
    -------
    float
        Nats; large ones speak against the tie.

    Raises
    ------
    InvalidValue
        If the maximum is not finite, or the other one is neither finite nor minus infinity.

    Examples
    --------
    >>> split_e_value(-1000.0, -1005.0)
    5.0
    """
    untied, tied = untied_log_likelihood_on_held_out, tied_maximum_on_held_out
    if not math.isfinite(tied):
        raise InvalidValue("tied_maximum_on_held_out", tied, "a finite number")
    if math.isnan(untied) or untied == math.inf:
        raise InvalidValue("untied_log_likelihood_on_held_out", untied, "a number, or minus infinity")
    return untied - tied


def crossfit(log_e: np.ndarray) -> float:
    """Logarithm of the mean of e-values, which is an e-value as well, however they depend on each other.

    Parameters
    ----------
    log_e : numpy.ndarray of float, shape=(n_folds,)
        Logarithms of the e-values of the splits, each part held out once.

    Returns
    -------
    float
        Nats.

    Raises
    ------
    InvalidValue
        If there is none.

    Examples
    --------
    >>> round(crossfit(np.array([5.0, 3.0])), 3), crossfit(np.array([2000.0, 2000.0]))
    (4.434, 2000.0)
    """
    from scipy.special import logsumexp

    if not len(log_e):
        raise InvalidValue("number of e-values", 0, "at least 1")
    return float(logsumexp(log_e) - math.log(len(log_e)))


def e_value_log10_p(log_e: float) -> float:
    """log10 of the p-value of an e-value: the inverse, and at most 1.

    Parameters
    ----------
    log_e : float
        Logarithm of the e-value. Nats.

    Returns
    -------
    float

    Examples
    --------
    >>> round(10 ** e_value_log10_p(5.0), 5), e_value_log10_p(-3.0)
    (0.00674, 0.0)
    """
    return min(-log_e / math.log(10), 0.0)
