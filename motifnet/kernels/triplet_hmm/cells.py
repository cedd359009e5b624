"""Cells of three sequences: so many bases of each behind, of which a band keeps some.

The band is three sparse sets of cells of two sequences; a cell of three belongs to it if each of its
projections does. Cells are numbered in the order of x, then of y, then of z, so that every step of an
alignment leads to a cell with a higher number.
"""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled

MOVES = 7
"""Steps: which of the three sequences go on by a base, as bits: 4 is x, 2 is y, 1 is z."""


@compiled
def place_of(column, start, stop, wanted):
    """Where a number stands in an ascending part of an array; -1 where it does not."""
    low, high = start, stop
    while low < high:
        middle = (low + high) // 2
        if column[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < stop and column[low] == wanted else -1


@compiled
def _in_both(one, one_start, one_stop, other, other_start, other_stop, found, n):
    """Note the numbers that two ascending parts share behind the first ``n``; how many there are then."""
    a, b = one_start, other_start
    while a < one_stop and b < other_stop:
        if one[a] < other[b]:
            a += 1
        elif other[b] < one[a]:
            b += 1
        else:
            if n < len(found):
                found[n] = one[a]
            n += 1
            a += 1
            b += 1
    return n


@compiled
def cells_of(xy, xz, yz, most):
    """The cells of a band, and from which each is reached.

    Parameters
    ----------
    xy, xz, yz : tuple of numpy.ndarray
        Cells of two sequences by rows: where each row begins, int64, and its columns, int32 and ascending.
    most : int
        Cells at most.

    Returns
    -------
    cells : numpy.ndarray of int32, shape=(n, 3)
        Bases of x, of y and of z behind each.
    before : numpy.ndarray of int32, shape=(n, MOVES)
        The cell before each step that leads to it, -1 where the band has none. Both are empty if there are
        more cells than ``most``.
    """
    nothing = np.empty(0, np.int32)
    starts = np.zeros(len(xy[1]) + 1, np.int64)
    n = 0
    for i in range(len(xy[0]) - 1):
        for node in range(xy[0][i], xy[0][i + 1]):
            j = xy[1][node]
            n = _in_both(xz[1], xz[0][i], xz[0][i + 1], yz[1], yz[0][j], yz[0][j + 1], nothing, n)
            starts[node + 1] = n
    if n > most:
        return np.empty((0, 3), np.int32), np.empty((0, MOVES), np.int32)
    of_z = np.empty(n, np.int32)
    cells, before = np.empty((n, 3), np.int32), np.full((n, MOVES), -1, np.int32)
    for i in range(len(xy[0]) - 1):
        for node in range(xy[0][i], xy[0][i + 1]):
            j = xy[1][node]
            _in_both(xz[1], xz[0][i], xz[0][i + 1], yz[1], yz[0][j], yz[0][j + 1], of_z, starts[node])
            for step in range(4):  # which of x and y go on
                row, column = i - (step >> 1), j - (step & 1)
                if row < 0:
                    continue
                other = place_of(xy[1], xy[0][row], xy[0][row + 1], column)
                if other < 0:
                    continue
                for cell in range(starts[node], starts[node + 1]):
                    for of_step_z in range(2):
                        move = 2 * step + of_step_z
                        if move:
                            wanted = of_z[cell] - of_step_z
                            before[cell, move - 1] = place_of(of_z, starts[other], starts[other + 1], wanted)
            for cell in range(starts[node], starts[node + 1]):
                cells[cell, 0], cells[cell, 1], cells[cell, 2] = i, j, of_z[cell]
    return cells, before
