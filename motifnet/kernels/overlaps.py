"""Of stretches that overlap, keep the best."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled


def chains(start: np.ndarray, end: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Number of the chain that each stretch is in: those that overlap, directly or through others.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape=(n,)
        Half-open.
    group : numpy.ndarray of int64, shape=(n,)
        Stretches of different groups never overlap. Groups come one after the other, and the
        starts of each in order.

    Returns
    -------
    numpy.ndarray of int64, shape=(n,)
        Rising from 0.

    Examples
    --------
    >>> chains(np.array([0, 2, 4, 9]), np.array([3, 5, 7, 12]), np.zeros(4, np.int64)).tolist()
    [0, 0, 0, 1]
    """
    return _chains(start, end, group)


def apart(start: np.ndarray, end: np.ndarray, chain: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Which stretches are kept if each, best first, is kept unless it overlaps one that is.

    Parameters
    ----------
    start, end, chain : numpy.ndarray of int64, shape=(n,)
        Stretches, and their chains from :func:`chains`.
    order : numpy.ndarray of int64, shape=(n,)
        Indices of the stretches, best first.

    Returns
    -------
    numpy.ndarray of bool, shape=(n,)

    Examples
    --------
    >>> start, end, chain = np.array([0, 2, 4]), np.array([3, 5, 7]), np.zeros(3, np.int64)
    >>> apart(start, end, chain, np.array([0, 1, 2])).tolist()
    [True, False, True]
    """
    return _apart(start, end, chain, order, int((end - start).max(initial=0)))


@compiled
def _chains(start, end, group):
    chain = np.empty(len(start), np.int64)
    number, reach = -1, 0
    for i in range(len(start)):
        if i == 0 or group[i] != group[i - 1] or start[i] >= reach:
            number, reach = number + 1, end[i]
        chain[i] = number
        reach = max(reach, end[i])
    return chain


@compiled
def _apart(start, end, chain, order, longest):
    kept = np.zeros(len(start), np.bool_)
    dropped = np.zeros(len(start), np.bool_)
    for best in order:
        if dropped[best]:
            continue
        kept[best] = True
        other = best - 1
        while other >= 0 and chain[other] == chain[best] and start[other] + longest > start[best]:
            dropped[other] |= end[other] > start[best]
            other -= 1
        other = best + 1
        while other < len(start) and chain[other] == chain[best] and start[other] < end[best]:
            dropped[other] = True
            other += 1
    return kept
