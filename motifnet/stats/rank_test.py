"""Do targets score higher than controls? A rank test, which needs no threshold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class RankTest(NamedTuple):
    """Scores of targets against scores of controls.

    Parameters
    ----------
    auroc : float
        The chance that a target scores above a control, ties counting a half; NaN where either is
        empty.
    log10_p : float
        log10 of the one-sided p-value that targets score higher.
    """

    auroc: float
    log10_p: float


def mean_ranks(ties: np.ndarray) -> np.ndarray:
    """The rank of each distinct value, from 1; equal ones have the mean of theirs.

    Parameters
    ----------
    ties : numpy.ndarray of int, shape=(n_values,)
        How often each occurs, in ascending order of the values.

    Returns
    -------
    numpy.ndarray of float64, shape=(n_values,)

    Examples
    --------
    >>> mean_ranks(np.array([1, 2, 1])).tolist()
    [1.0, 2.5, 4.0]
    """
    return np.cumsum(ties) - (ties - 1) / 2


def mann_whitney(targets: np.ndarray, controls: np.ndarray) -> RankTest:
    """The one-sided test of Mann and Whitney, normal approximation with correction for ties.

    The number of pairs in which the target scores higher is the AUROC times the number of pairs.
    Under the null hypothesis its mean is a half of them and its variance is known, less what ties
    take away (Mann and Whitney 1947, Ann Math Stat 18:50; Lehmann 1975, sec. 1.4). The tail of the
    normal distribution is taken as a logarithm, so that it does not underflow.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n,)
        Scores; minus infinity is a score like any other.

    Returns
    -------
    RankTest
        The AUROC, and the p-value that targets score higher.

    Examples
    --------
    >>> found = mann_whitney(np.array([3.0, 4.0, 5.0]), np.array([1.0, 2.0, 3.0]))
    >>> round(found.auroc, 3), round(10**found.log10_p, 3)
    (0.944, 0.038)
    """
    from scipy.special import log_ndtr

    n, m = len(targets), len(controls)
    if n == 0 or m == 0:
        return RankTest(float("nan"), 0.0)
    values, ties = np.unique(np.concatenate([targets, controls]), return_counts=True)
    # Sorting twice takes a tenth of the time of keeping track of what is where.
    of_targets = np.diff(np.searchsorted(np.sort(targets), values, side="right"), prepend=0)
    wins = of_targets @ mean_ranks(ties) - n * (n + 1) / 2
    variance = _variance(n, m, ties.astype(np.float64))
    if variance == 0:
        return RankTest(0.5, 0.0)
    z = (wins - n * m / 2) / np.sqrt(variance)
    return RankTest(float(wins / (n * m)), float(log_ndtr(-z) / np.log(10)))


def _variance(n: int, m: int, ties: np.ndarray) -> float:
    """Variance of the number of pairs that the first wins, given how many scores are the same."""
    total = n + m
    return float(n * m / 12 * (total + 1 - (ties**3 - ties).sum() / (total * max(total - 1, 1))))
