"""Pairs put into lanes: which ones go together, and what a group of them is worked on with.

Arrays of numbers are flat, and have room for the largest group. Behind the axes that a comment
tells, the last one is that of the lanes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled, compiled_part
from motifnet.kernels.vectors import BYTES, aligned

HIGH, WIDE = 32, 32
"""Rows and columns of a tile: what enters it stays in the nearest cache, and its cells in the next."""

ROWS = 4
"""Rows that are carried on at a time; a tile has a multiple of them."""

N_BASES, N_LETTERS, UNKNOWN = 4, 5, 4
"""Letters: four bases and the unknown one, and which it is."""

MOST_DROP = 400.0
"""By how many bits a tile's exponent may be below its left neighbour's, at most."""

_N_LANES = BYTES // np.dtype(np.float64).itemsize
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
    """How much a group is: rows and columns of cells, in which there is one before the first base."""

    n_rows: int  # a multiple of ROWS
    n_columns: int


class Group(NamedTuple):
    """What stays the same while a group of pairs is worked on."""

    lengths: np.ndarray  # (side,)
    rates: np.ndarray  # (side, close or extend, class)
    drop: np.ndarray  # bits that the longest gaps lose across a tile
    odds: np.ndarray  # (letter of X, letter of Y)
    table: np.ndarray  # (base of X, base of Y): the odds of the first lane; without lanes
    x: np.ndarray  # (row,): letters
    y: np.ndarray  # (column,): letters
    start: np.ndarray  # what goes into the match that every path begins with, so that 1 comes out


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
    order = np.lexsort((n_y, n_x // ROWS))
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


@compiled_part
def n_tiles_of(n, size):
    """Tiles of a size that so many rows or columns take."""
    return (n + size - 1) // size


@compiled_part
def size_of(pairs, members, g):
    """How much a group is."""
    n_rows, n_columns = 0, 0
    for lane in range(members.shape[1]):
        i = members[g, lane]
        n_rows = max(n_rows, 1 + pairs.x_offsets[i + 1] - pairs.x_offsets[i])
        n_columns = max(n_columns, 1 + pairs.y_offsets[i + 1] - pairs.y_offsets[i])
    return Size((n_rows + ROWS - 1) // ROWS * ROWS, n_columns)


@compiled_part
def new_group(n_classes, size, n_lanes):
    """Arrays with room for groups of up to some size, and a vector more: see :func:`group_in`."""
    more = n_lanes
    return Group(
        np.empty(2 * n_lanes + more, np.int64),
        np.empty(4 * n_classes * n_lanes + more),
        np.empty(n_lanes + more),
        np.empty(N_LETTERS * N_LETTERS * n_lanes + more),
        np.empty(N_BASES * N_BASES + more),
        np.empty(size.n_rows * n_lanes + BYTES, np.uint8),
        np.empty(size.n_columns * n_lanes + BYTES, np.uint8),
        np.empty(n_lanes + more),
    )


@compiled_part
def group_in(room):
    """A group whose arrays are pointers into those of another, which have to stay."""
    return Group(
        aligned(room.lengths),
        aligned(room.rates),
        aligned(room.drop),
        aligned(room.odds),
        aligned(room.table),
        aligned(room.x),
        aligned(room.y),
        aligned(room.start),
    )


@compiled_part
def is_copy(members, g, lane):
    """Whether a lane has the pair of the lane before it, since there are no more pairs."""
    return lane > 0 and members[g, lane] == members[g, lane - 1]


@compiled_part
def clear(array, start, stop):
    """Set some numbers to 0."""
    for at in range(start, stop):
        array[at] = 0


@compiled_part
def _drop_of(extend):
    """Bits that the longest gaps lose across a tile, or may be taken to lose."""
    longest = extend[0]
    for k in range(1, len(extend)):
        longest = max(longest, extend[k])
    return min(-WIDE * math.log2(longest), MOST_DROP) if longest > 0 else MOST_DROP


@compiled_part
def _spell(first, codes, start, stop, letters, n_places, lane, n_lanes):
    """Put a letter and then those of a sequence into a lane; behind them may be any."""
    letters[lane] = first
    n = stop - start
    for place in range(n):
        letters[(1 + place) * n_lanes + lane] = codes[start + place]
    for place in range(1 + n, n_places):
        letters[place * n_lanes + lane] = 0


@compiled_part
def _likeliest(odds):
    """The two bases that go together best."""
    row, column = 0, 0
    for a in range(N_BASES):
        for b in range(N_BASES):
            if odds[a, b] > odds[row, column]:
                row, column = a, b
    return row, column


@compiled_part
def _fill_lane(n_classes, size, group, pairs, i, lane, n):
    """Put a pair into one of ``n`` lanes."""
    model = pairs.which[i]
    odds = pairs.odds[model]
    x_start, x_stop = pairs.x_offsets[i], pairs.x_offsets[i + 1]
    y_start, y_stop = pairs.y_offsets[i], pairs.y_offsets[i + 1]
    group.lengths[lane], group.lengths[n + lane] = x_stop - x_start, y_stop - y_start
    group.drop[lane] = _drop_of(pairs.extend[model, 1])
    for side in range(2):
        for k in range(n_classes):
            at = (2 * side * n_classes + k) * n + lane
            group.rates[at] = pairs.close[model, side, k]
            group.rates[at + n_classes * n] = pairs.extend[model, side, k]
    for letter in range(N_LETTERS):
        for other in range(N_LETTERS):
            group.odds[(letter * N_LETTERS + other) * n + lane] = odds[letter, other]
    first, second = _likeliest(odds)
    group.start[lane] = 1 / odds[first, second]
    _spell(first, pairs.x, x_start, x_stop, group.x, size.n_rows, lane, n)
    _spell(second, pairs.y, y_start, y_stop, group.y, size.n_columns, lane, n)


@compiled_part
def fill(n_classes, size, group, pairs, members, g):
    """Put the pairs of a group into its lanes."""
    for lane in range(members.shape[1]):
        _fill_lane(n_classes, size, group, pairs, members[g, lane], lane, members.shape[1])
    odds = pairs.odds[pairs.which[members[g, 0]]]
    for letter in range(N_BASES):
        for other in range(N_BASES):
            group.table[letter * N_BASES + other] = odds[letter, other]


@compiled_part
def _n_unknown(codes, start, stop):
    n = 0
    for at in range(start, stop):
        n += codes[at] == UNKNOWN
    return n


@compiled
def are_plain(pairs, members, shares_model):
    """Which groups know every letter and, where ``shares_model``, have one model; ``shape=(n_groups,)``."""
    plain = np.ones(len(members), np.bool_)
    for g in range(len(members)):
        for lane in range(members.shape[1]):
            i = members[g, lane]
            n_unknown = _n_unknown(pairs.x, pairs.x_offsets[i], pairs.x_offsets[i + 1])
            n_unknown += _n_unknown(pairs.y, pairs.y_offsets[i], pairs.y_offsets[i + 1])
            has_model = not shares_model or pairs.which[i] == pairs.which[members[g, 0]]
            plain[g] &= n_unknown == 0 and has_model
    return plain
