"""Many tests at once: the q-values of Benjamini and Hochberg (1995, J R Stat Soc B 57:289).

scipy has them as well, behind an import of `scipy.stats` that takes longer than most commands.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def q_values(p_values: np.ndarray) -> np.ndarray:
    """The smallest false-discovery rate at which each test would be called.

    Parameters
    ----------
    p_values : numpy.ndarray, shape=(n,)
        In any order.

    Returns
    -------
    numpy.ndarray of float64, shape=(n,)

    Examples
    --------
    >>> q_values(np.array([0.01, 0.8, 0.02])).round(3).tolist()
    [0.03, 0.8, 0.03]
    """
    return _stepped_up(p_values, lambda values, factors: values * factors, 1.0)


def q_values_of_tested(p_values: np.ndarray) -> np.ndarray:
    """:func:`q_values` among those that are numbers; NaN, of what was not tested, stays.

    Parameters
    ----------
    p_values : numpy.ndarray, shape=(n,)
        In any order.

    Returns
    -------
    numpy.ndarray of float64, shape=(n,)

    Examples
    --------
    >>> q_values_of_tested(np.array([0.01, np.nan, 0.02])).tolist()
    [0.02, nan, 0.02]
    """
    tested = np.isfinite(p_values)
    found = np.full(len(p_values), np.nan)
    found[tested] = q_values(p_values[tested])
    return found


def log10_q_values(log10_p: np.ndarray) -> np.ndarray:
    """log10 of the q-values of p-values that are kept as logarithms, below what a float holds.

    Parameters
    ----------
    log10_p : numpy.ndarray, shape=(n,)
        In any order.

    Returns
    -------
    numpy.ndarray of float64, shape=(n,)

    Examples
    --------
    >>> (10 ** log10_q_values(np.log10([0.01, 0.8, 0.02]))).round(3).tolist()
    [0.03, 0.8, 0.03]
    """
    return _stepped_up(log10_p, lambda values, factors: values + np.log10(factors), 0.0)


def _stepped_up(
    values: np.ndarray, raised: Callable[[np.ndarray, np.ndarray], np.ndarray], most: float
) -> np.ndarray:
    """Each value raised by the number of tests over its rank, and no larger than any larger one's."""
    n = len(values)
    order = np.argsort(values, kind="stable")[::-1]
    steps = raised(np.asarray(values, np.float64)[order], n / np.arange(n, 0, -1))
    found = np.empty(n)
    found[order] = np.minimum(np.minimum.accumulate(steps), most)
    return found
