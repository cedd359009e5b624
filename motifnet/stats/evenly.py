"""Some of many that stand for all of them."""

from __future__ import annotations

import numpy as np


def evenly(indices: np.ndarray, most: int) -> np.ndarray:
    """Some of many: all of them, or so many that are evenly spaced.

    Parameters
    ----------
    indices : numpy.ndarray, shape=(n,)
    most : int
        How many are taken at most.

    Returns
    -------
    numpy.ndarray, shape=(min(n, most),)

    Examples
    --------
    >>> evenly(np.arange(10), 4).tolist(), evenly(np.arange(3), 4).tolist()
    ([0, 3, 6, 9], [0, 1, 2])
    """
    n = len(indices)
    return indices if n <= most else indices[np.linspace(0, n - 1, most).astype(int)]
