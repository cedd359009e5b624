"""Many tests at once, of p-values that are kept as logarithms."""

from __future__ import annotations

import numpy as np


def log10_q_values(log10_p: np.ndarray) -> np.ndarray:
    """log10 of the q-values of Benjamini and Hochberg (1995, J R Stat Soc B 57:289).

    The smallest false-discovery rate at which each test would be called.

    Parameters
    ----------
    log10_p : numpy.ndarray, shape=(n,)
        In any order.

    Examples
    --------
    >>> (10 ** log10_q_values(np.log10([0.01, 0.8, 0.02]))).round(3).tolist()
    [0.03, 0.8, 0.03]
    """
    n = len(log10_p)
    order = np.argsort(log10_p, kind="stable")[::-1]
    raised = np.asarray(log10_p, np.float64)[order] + np.log10(n / np.arange(n, 0, -1))
    q_values = np.empty(n)
    q_values[order] = np.minimum(np.minimum.accumulate(raised), 0.0)
    return q_values
