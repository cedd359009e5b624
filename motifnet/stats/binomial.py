"""Tails of binomial distributions, as logarithms."""

from __future__ import annotations

import numpy as np

_TINY = 1e-290


def log10_binomial_tail(hits: np.ndarray, n: int, share: np.ndarray) -> np.ndarray:
    """log10 of the chance of so many hits or more among ``n``, each with a chance of its own choice.

    Below 1e-290 it is the chance of just so many times the sum of a geometric series, which is
    slightly larger than the tail.

    Parameters
    ----------
    hits : numpy.ndarray of int
    n : int
    share : numpy.ndarray of float, of the same shape
        Between 0 and 1.

    Examples
    --------
    >>> log10_binomial_tail(np.array([0, 3, 500]), 1000, np.array([0.5, 0.001, 0.01])).round(2).tolist()
    [0.0, -1.1, -702.75]
    """
    from scipy.special import betainc, gammaln, xlog1py, xlogy

    hits, share = np.asarray(hits, np.float64), np.asarray(share, np.float64)
    tail = np.where(hits > 0, betainc(np.maximum(hits, 1), n - np.maximum(hits, 1) + 1, share), 1.0)
    choose = gammaln(n + 1) - gammaln(hits + 1) - gammaln(n - hits + 1)
    first = choose + xlogy(hits, share) + xlog1py(n - hits, -share)
    ratio = (n - hits) * share / ((hits + 1) * np.maximum(1 - share, _TINY))
    bound = first - np.log1p(-np.minimum(ratio, 0.5))
    with np.errstate(divide="ignore"):
        return np.where(tail > _TINY, np.log(tail), bound) / np.log(10)
