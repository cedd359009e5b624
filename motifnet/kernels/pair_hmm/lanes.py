"""Pairs put into lanes: which ones go together, and what a group of them is worked on with.

Arrays of numbers are flat, and have room for the largest group. Behind the axes that a comment
tells, the last one is that of the lanes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.pair_hmm.cells import BLOCK
from motifnet.kernels.pair_hmm.strips import drop_of, n_blocks_of
from motifnet.kernels.vectors import BYTES

ROWS = 4
"""Rows that are carried on at a time; a strip has a multiple of them."""

N_LETTERS, N_OTHERS = 5, 4
"""Letters: four bases and the unknown one; and all of them but the first."""

_N_LANES = BYTES // np.dtype(np.float64).itemsize
_SAME_ROWS = 32  # lengths of X that do not differ by more count as the same in the order of pairs
_IMBALANCE = 2  # how many times the cells of a pair may be worked on for the sake of its group


class Pairs(NamedTuple):
    """Models and sequences."""

    odds: np.ndarray  # (model, letter of X, letter of Y)
    close: np.ndarray  # (model, side, class)
    extend: np.ndarray  # (model, side, class)
    which: np.ndarray  # (pair,): its model
    x: np.ndarray
    x_offsets: np.ndarray
    y: np.ndarray
    y_offsets: np.ndarray


class Size(NamedTuple):
    """How much a group is."""

    n_rows: int  # of the longest X
    n_blocks: int  # of the longest Y


class Group(NamedTuple):
    """What stays the same while a group of pairs is worked on."""

    lengths: np.ndarray  # (side,)
    rates: np.ndarray  # (side, close or extend, class)
    drop: np.ndarray  # bits that the longest gaps lose across a block
    letters: np.ndarray  # (row, letter but the first): all bits set where X has that letter, else none
    odds: np.ndarray  # (column, letter of X): with that of Y; but of the first, the bits that differ from it
    is_letter: np.ndarray  # (column, letter): 1 where it is that of Y


def groups_of(n_x, n_y):
    """Pairs that are worked on together, since they are of about the same lengths.

    Parameters
    ----------
    n_x, n_y : numpy.ndarray of int64, shape=(n,)
        Lengths of both sequences.

    Returns
    -------
    numpy.ndarray of int64, shape=(n_groups, n_lanes)
        The pair of every lane; where there are too few, the last one again.
    """
    order = np.lexsort((n_y, n_x // _SAME_ROWS))
    starts = _starts(n_x[order], n_y[order])
    stops = np.append(starts[1:], len(order))
    return order[np.minimum(starts[:, None] + np.arange(_N_LANES), stops[:, None] - 1)]


@compiled
def _starts(n_x, n_y):
    """The first pair of every group, of pairs in order."""
    starts = [0 for _ in range(0)]
    first, rows, columns, fewest = 0, 0, 0, 0
    for i in range(len(n_x)):
        rows, columns, fewest = max(rows, n_x[i]), max(columns, n_y[i]), min(fewest, n_x[i] * n_y[i])
        if i == 0 or i == first + _N_LANES or rows * columns > _IMBALANCE * fewest:
            starts.append(i)
            first, rows, columns, fewest = i, n_x[i], n_y[i], n_x[i] * n_y[i]
    return np.array(starts, np.int64)


@compiled
def new_group(n_classes, size, n_lanes):
    """Room for groups of up to some size."""
    n_columns = size.n_blocks * BLOCK
    return Group(
        np.empty(2 * n_lanes, np.int64),
        np.empty(4 * n_classes * n_lanes),
        np.empty(n_lanes),
        np.empty(size.n_rows * N_OTHERS * n_lanes),
        np.empty(n_columns * N_LETTERS * n_lanes),
        np.empty(n_columns * N_LETTERS * n_lanes),
    )


@compiled
def is_copy(members, g, lane):
    """Whether a lane has the pair of the lane before it, since there are no more pairs."""
    return lane > 0 and members[g, lane] == members[g, lane - 1]


@compiled
def clear(array, n_numbers):
    """Set the first numbers to 0."""
    for at in range(n_numbers):
        array[at] = 0


@compiled
def _fill_lane(n_classes, size, group, pairs, i, lane, n):
    """Put a pair into one of ``n`` lanes."""
    model = pairs.which[i]
    x_start, y_start = pairs.x_offsets[i], pairs.y_offsets[i]
    n_x, n_y = pairs.x_offsets[i + 1] - x_start, pairs.y_offsets[i + 1] - y_start
    letters, odds = group.letters.view(np.int64), group.odds.view(np.int64)
    group.lengths[lane], group.lengths[n + lane] = n_x, n_y
    group.drop[lane] = drop_of(pairs.extend[model, 1])
    for side in range(2):
        for k in range(n_classes):
            at = (2 * side * n_classes + k) * n + lane
            group.rates[at] = pairs.close[model, side, k]
            group.rates[at + n_classes * n] = pairs.extend[model, side, k]
    for r in range(size.n_rows):
        code = pairs.x[x_start + r] if r < n_x else 0
        for letter in range(1, N_LETTERS):
            letters[(r * N_OTHERS + letter - 1) * n + lane] = -1 if code == letter else 0
    for j in range(n_y):
        code, at = pairs.y[y_start + j], (j + 1) * N_LETTERS * n + lane
        group.is_letter[at + code * n] = 1
        for letter in range(N_LETTERS):
            group.odds[at + letter * n] = pairs.odds[model, letter, code]
        for letter in range(1, N_LETTERS):
            odds[at + letter * n] ^= odds[at]


@compiled
def size_of(pairs, members, g):
    """How much a group is."""
    n_rows, n_columns = 0, 0
    for lane in range(members.shape[1]):
        i = members[g, lane]
        n_rows = max(n_rows, pairs.x_offsets[i + 1] - pairs.x_offsets[i])
        n_columns = max(n_columns, pairs.y_offsets[i + 1] - pairs.y_offsets[i])
    return Size((n_rows + ROWS - 1) // ROWS * ROWS, n_blocks_of(n_columns))


@compiled
def fill(n_classes, size, group, pairs, members, g):
    """Put the pairs of a group into its lanes."""
    n = members.shape[1]
    clear(group.odds, size.n_blocks * BLOCK * N_LETTERS * n)
    clear(group.is_letter, size.n_blocks * BLOCK * N_LETTERS * n)
    for lane in range(n):
        _fill_lane(n_classes, size, group, pairs, members[g, lane], lane, n)
