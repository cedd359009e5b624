"""Pairs of near numbers, each number in one pair at most."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled


@compiled
def nearest_pairs(wanted, order, offered, is_free, largest):
    """For each wanted number the nearest one that is still free, which is free no longer.

    Parameters
    ----------
    wanted : numpy.ndarray of float64, shape=(n_wanted,)
    order : numpy.ndarray of int64, shape=(n_wanted,)
        Which is served first.
    offered : numpy.ndarray of float64, shape=(n_offered,)
        Ascending.
    is_free : numpy.ndarray of bool, shape=(n_offered,)
        Which may be taken; updated in place.
    largest : float
        Difference of a pair at most.

    Returns
    -------
    numpy.ndarray of int64, shape=(n_wanted,)
        Which was taken; -1 for none.
    """
    n = len(offered)
    # Each number points to the next free one on its side, by way of others that are not: places are shifted
    # by one, so that both ends have a place that is never taken.
    left, right = np.arange(n + 2), np.arange(n + 2)
    for i in range(n):
        if not is_free[i]:
            left[i + 1] = i
            right[i + 1] = i + 2
    taken = np.full(len(wanted), -1)
    for one in order:
        number = wanted[one]
        place = np.searchsorted(offered, number) + 1
        above, below = _free(right, place), _free(left, place - 1)
        to_above = offered[above - 1] - number if above <= n else np.inf
        to_below = number - offered[below - 1] if below >= 1 else np.inf
        if min(to_above, to_below) > largest:
            continue
        nearest = below if to_below <= to_above else above
        left[nearest], right[nearest] = nearest - 1, nearest + 1
        is_free[nearest - 1] = False
        taken[one] = nearest - 1
    return taken


@compiled
def _free(links, i):
    """The end of a chain of links, which is made shorter."""
    while links[i] != i:
        links[i] = links[links[i]]
        i = links[i]
    return i
