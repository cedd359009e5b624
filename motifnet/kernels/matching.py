"""Drawing windows of a chromosome that resemble given ones."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.streams import below, stream

STRONG, LOWER, BLOCKED = 1, 2, 4
"""Bits of a base's flags: G or C; soft-masked; not to be part of any window."""


@compiled
def window_shares(flags, codes, starts, lengths):
    """GC among known bases, and soft-masked share, of windows.

    Parameters
    ----------
    flags : numpy.ndarray of uint8, shape=(chromosome_length,)
    codes : numpy.ndarray of uint8, shape=(chromosome_length,)
    starts, lengths : numpy.ndarray of int64, shape=(n,)

    Returns
    -------
    gc, repeats : numpy.ndarray of float64, shape=(n,)
    """
    gc = np.zeros(len(starts))
    repeats = np.zeros(len(starts))
    for i in range(len(starts)):
        n_known = 0
        for j in range(starts[i], starts[i] + lengths[i]):
            n_known += codes[j] < 4
            gc[i] += flags[j] & STRONG
            repeats[i] += (flags[j] & LOWER) // LOWER
        gc[i] /= max(n_known, 1)
        repeats[i] /= max(lengths[i], 1)
    return gc, repeats


@compiled
def draw_windows(flags, lengths, gc, repeats, seed, items, copies, near, far, n_draws):
    """For each request draw random windows and take the first that is near, else the nearest.

    Parameters
    ----------
    flags : numpy.ndarray of uint8, shape=(chromosome_length,)
        Windows taken are marked ``BLOCKED``, so that no two overlap.
    lengths : numpy.ndarray of int64, shape=(n,)
        Exact length of each window.
    gc, repeats : numpy.ndarray of float64, shape=(n,)
        Shares to match.
    seed : int
        With ``items`` and ``copies``, the stream of each request.
    items, copies : numpy.ndarray of int64, shape=(n,)
        The target, and which of its controls this is.
    near, far : tuple of two floats
        Largest differences in GC and in soft-masked share of a window that is taken at once,
        and of one that is taken when no nearer one turned up.
    n_draws : int
        Windows looked at for each request, at most.

    Returns
    -------
    starts : numpy.ndarray of int64, shape=(n,)
        -1 where no window was found.
    differences : numpy.ndarray of float64, shape=(n, 2)
        In GC and in soft-masked share.
    """
    found = np.full(len(lengths), -1, np.int64)
    differences = np.zeros((len(lengths), 2))
    state = np.empty(1, np.uint64)
    for i in range(len(lengths)):
        length = lengths[i]
        n_starts = len(flags) - length + 1
        if n_starts < 1:
            continue
        state[0] = stream(seed, items[i], copies[i])
        nearest = np.inf
        for _ in range(n_draws):
            start = below(state, n_starts)
            strong = lower = blocked = 0
            for j in range(start, start + length):
                flag = flags[j]
                strong += flag & STRONG
                lower += flag & LOWER
                blocked |= flag & BLOCKED
            if blocked:
                continue
            gc_off = abs(strong / length - gc[i])
            repeats_off = abs(lower / (LOWER * length) - repeats[i])
            distance = gc_off / far[0] + repeats_off / far[1]
            # A short window cannot be nearer in GC than half a base.
            is_near = gc_off <= max(near[0], 0.5 / length) and repeats_off <= near[1]
            if is_near or (gc_off <= far[0] and repeats_off <= far[1] and distance < nearest):
                nearest = distance
                found[i] = start
                differences[i, 0], differences[i, 1] = gc_off, repeats_off
            if is_near:
                break
        if found[i] >= 0:
            for j in range(found[i], found[i] + length):
                flags[j] |= BLOCKED
    return found, differences
