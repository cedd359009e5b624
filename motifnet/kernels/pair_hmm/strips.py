"""Strips of rows: exponents of their blocks, what begins and ends in them, and their tape.

The boundary between two strips is all that is needed to compute the cells of the second again,
so boundaries are what a forward pass keeps for the pass back.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable

from motifnet.kernels.compiling import compiled_part
from motifnet.kernels.pair_hmm.cells import (
    BLOCK,
    GLOBAL,
    IN_GAP_X,
    IN_MATCH,
    IN_WHOLE,
    LOCAL,
    SEMIGLOBAL,
    forward_row,
)
from motifnet.kernels.vectors import lanes, larger, largest, load, multiply, spread, store

STRIP = 16
"""Rows of a strip."""

FIRST = np.int64(0)
"""The number of the first strip, boundary or column, where it is an argument: for a literal 0 numba would
compile a function anew, and all that it calls."""

EMPTY = -(1 << 40)
"""Exponent of a block that holds nothing."""

MOST_DROP = 400.0
"""By how many bits a block's exponent may be below its neighbour's, at most."""

_LEAST_POWER, _LARGEST_POWER = -1000, 400

_POWERS = np.array([0.0, *(2.0**k for k in range(_LEAST_POWER, _LARGEST_POWER + 1))])


class Strip(NamedTuple):
    """The band of a strip: its blocks, and how the numbers of each are to be read."""

    exponent: np.ndarray  # of two, by block
    ratio: np.ndarray  # from the block's neighbour to it
    band: np.ndarray  # first block, and the one after the last


class Tape(NamedTuple):
    """Boundaries between strips, one after the other, from which cells are computed again."""

    numbers: np.ndarray  # S, M and X of every class, of the boundary's blocks
    exponents: np.ndarray  # of its blocks
    ratios: np.ndarray
    place: np.ndarray  # (boundary, [where its blocks begin in the arrays, first block, stop block])


@register_jitable
def n_blocks_of(m):
    """Blocks of a row: columns 0 to m, and one after them."""
    return (m + 1) // BLOCK + 1


@register_jitable
def n_strips_of(n):
    """Strips of so many rows; one where there is no row."""
    return max((n + STRIP - 1) // STRIP, 1)


@compiled_part
def new_strip(n_blocks):
    """A strip without content."""
    return Strip(
        np.full(n_blocks, EMPTY, np.int64),
        np.zeros(n_blocks),
        np.zeros(2, np.int64),
    )


@compiled_part
def power_of_two(exponent):
    """Two to an integer, 0 where that is too small to matter and at most 2 ** 400."""
    return _POWERS[min(max(exponent, _LEAST_POWER - 1), _LARGEST_POWER) - _LEAST_POWER + 1]


@compiled_part
def exponent_of(number):
    """The least power of two that a positive number is below."""
    return ((np.float64(number).view(np.int64) >> 52) & 0x7FF) - 1022


@compiled_part
def largest_of(row, block):
    """Largest number of a block."""
    n = lanes(row)
    found = load(row, block * BLOCK)
    for v in range(1, BLOCK // n):
        found = larger(found, load(row, block * BLOCK + v * n))
    return largest(found)


@compiled_part
def scale_block(row, block, factor):
    """Multiply a block by a factor."""
    n = lanes(row)
    everywhere = spread(row.dtype.type(factor))
    for v in range(BLOCK // n):
        at = block * BLOCK + v * n
        store(row, at, multiply(load(row, at), everywhere))


class Carry(NamedTuple):
    """How much weaker what a block holds gets on its way into others within a strip, in bits.

    A match leads into the next block at no loss, since a strip has as many rows as a block has
    columns; farther blocks are reached by a gap, which opens and goes on.
    """

    drop: float  # across a block, in the longest gaps, or as much as it may be taken to be
    opening: float  # of a gap, of the first class
    across: float  # a block, in a gap of the first class
    opening2: float  # the same of the last class
    across2: float


@compiled_part
def carry_of(model):
    """What gaps of Y lose."""
    close, extend = model.close[1], model.extend[1]
    return Carry(
        drop_of(extend),
        -_log2(close[0]),
        -BLOCK * _log2(extend[0]),
        -_log2(close[-1]),
        -BLOCK * _log2(extend[-1]),
    )


@compiled_part
def settle(strip, rows, n_rows, n_guides, carry, direction, lo, hi, filled_from):
    """Move the strip to another band, and choose exponents: from what rows hold, and what may reach a block.

    An exponent is never further below its neighbour's than the longest gaps lose across a block,
    nor further than :data:`MOST_DROP` below what may reach its block within a strip.

    Parameters
    ----------
    strip : Strip
        Changed in place.
    rows : numpy.ndarray, shape=(at least n_rows, n_columns)
        The first ``n_rows`` are made relative to the new exponents; blocks that are new hold nothing.
    n_rows : int
    n_guides : int
        How many of the rows, from the first, say what a block holds.
    carry : Carry
    direction : int
        1 where gaps carry to the right, -1 where they carry to the left.
    lo, hi : int
        The band: its first block, and the one after the last.
    filled_from : int
        Blocks from this one on are going to hold ones, whatever they hold now.
    """
    flow, neighbour = float(EMPTY), EMPTY
    nearest, second = EMPTY, EMPTY  # what the block before holds, and the one before that
    gap, gap2 = float(EMPTY), float(EMPTY)  # what gaps of each class bring from farther ones
    for step in range(hi - lo):
        block = lo + step if direction > 0 else hi - 1 - step
        peak = 0.0
        if strip.band[0] <= block < strip.band[1]:
            for k in range(n_guides):
                peak = max(peak, largest_of(rows[k], block))
        held = strip.exponent[block] + exponent_of(peak) if peak > 0 else EMPTY
        gap = max(gap - carry.across, second - carry.opening)
        gap2 = max(gap2 - carry.across2, second - carry.opening2)
        reach = max(held, nearest, gap, gap2)
        flow = max(flow - carry.drop, held, 0 if block >= filled_from else EMPTY, reach - MOST_DROP)
        exponent = math.ceil(flow)
        factor = power_of_two(strip.exponent[block] - exponent) if held > EMPTY else 0.0
        if factor != 1.0:
            for k in range(n_rows):
                scale_block(rows[k], block, factor)
        strip.exponent[block] = exponent
        strip.ratio[block] = power_of_two(neighbour - exponent)
        neighbour, nearest, second = exponent, held, nearest
    strip.band[0], strip.band[1] = lo, hi


@compiled_part
def drop_of(extend):
    """Bits that the longest gaps lose across a block, or may be taken to lose."""
    longest = 0.0
    for rate in extend:
        longest = max(longest, rate)
    return min(-BLOCK * _log2(longest), MOST_DROP)


@compiled_part
def _log2(value):
    return math.log(value) / math.log(2.0) if value > 0 else -1e4


@compiled_part
def begin(rule, model, m, strip, row, first_column, lo, hi):
    """Fill row 0 and its exponents in a band; ``row`` has its columns from ``first_column`` on."""
    n_classes = model.close.shape[1]
    strip.band[0], strip.band[1] = lo, hi
    row[:, lo * BLOCK - first_column : hi * BLOCK - first_column] = 0
    for block in range(lo, hi):
        exponent = 0
        if rule.mode == GLOBAL and block > 0:
            exponent = strip.exponent[block - 1] - int(MOST_DROP)
            for k in range(n_classes):
                decay = _log2(model.extend[1, k]) * (block * BLOCK - 1)
                exponent = max(exponent, math.ceil(_log2(model.close[1, k]) + decay))
        strip.exponent[block] = exponent
        strip.ratio[block] = power_of_two(strip.exponent[block - 1] - exponent) if block > lo else 0.0
        for j in range(block * BLOCK, min((block + 1) * BLOCK, m + 1)):
            at = j - first_column
            if rule.mode != GLOBAL or j == 0:
                row[IN_WHOLE, at] = 1
                continue
            for k in range(n_classes):
                lasted = 2.0 ** (_log2(model.extend[1, k]) * (j - 1) - exponent)
                closed = model.close[1, k] * lasted
                row[IN_GAP_X + n_classes + k, at] = lasted
                whole = row[IN_WHOLE, at]
                row[IN_WHOLE, at] = max(whole, closed) if rule.paths.best else whole + closed
    if rule.mode == GLOBAL:
        row[IN_MATCH, 0] = 1


@compiled_part
def set_begins(mode, strip, begins):
    """What begins in every column, relative to the exponents."""
    lo, hi = strip.band
    if mode == LOCAL:
        for block in range(lo, hi):
            one = power_of_two(-strip.exponent[block])
            for j in range(block * BLOCK, (block + 1) * BLOCK):
                begins[j] = one
    elif mode == SEMIGLOBAL and lo == 0:
        begins[0] = power_of_two(-strip.exponent[0])


@compiled_part
def set_ends(mode, i, n, m, strip, ends):
    """What ends in every column of row ``i``, relative to the exponents."""
    lo, hi = strip.band
    for block in range(lo, hi):
        one = power_of_two(-strip.exponent[block])
        for j in range(block * BLOCK, (block + 1) * BLOCK):
            here = mode == LOCAL or (mode == SEMIGLOBAL and (i == n or j == m))
            ends[j] = one if here and i > 0 and 0 < j <= m else 0.0


@compiled_part
def ended(rule, i, n, m, strip, row, end):
    """Join what ends in a row to ``end``: mantissa, exponent, and the cell of the largest."""
    lo, hi = strip.band
    last_row = i == n
    for block in range(lo, hi):
        start, stop = block * BLOCK, min((block + 1) * BLOCK, m + 1)
        if rule.mode == GLOBAL:
            if last_row and start <= m < stop:
                end[0], end[1], end[2], end[3] = row[IN_WHOLE, m], strip.exponent[block], n, m
            continue
        if rule.mode == SEMIGLOBAL and not last_row:
            start = m
        here, place = 0.0, start
        for j in range(start, stop):
            if not rule.paths.best:
                here += row[IN_MATCH, j]
            elif row[IN_MATCH, j] > here:
                here, place = row[IN_MATCH, j], j
        join_end(rule, here, strip.exponent[block], i, place, end)


@compiled_part
def join_end(rule, value, exponent, i, j, end):
    """Join one number, relative to a power of two, to ``end``."""
    if value <= 0:
        return
    fraction, power = math.frexp(value)
    exponent += power
    if end[0] == 0.0 or exponent > end[1] + 1000:
        end[0], end[1], end[2], end[3] = fraction, exponent, i, j
        return
    there = math.ldexp(fraction, int(max(exponent - end[1], -1000)))
    if rule.paths.best:
        if there > end[0]:
            end[0], end[1], end[2], end[3] = fraction, exponent, i, j
    else:
        fraction, power = math.frexp(end[0] + there)
        end[0], end[1] = fraction, end[1] + power


@compiled_part
def new_tape(envelope, strips, every, n_classes, numbers):
    """An empty tape with room for the boundary before every so many of some strips of an envelope.

    Its numbers are the first of those that are given.
    """
    n_kept = 0 if every == 0 else (strips[1] - strips[0] + every - 1) // every
    place = np.zeros((n_kept + 1, 3), np.int64)
    for number in range(n_kept):
        lo, hi = envelope[strips[0] + number * every]
        place[number, 1], place[number, 2] = lo, hi
        place[number + 1, 0] = place[number, 0] + hi - lo
    n_blocks = place[n_kept, 0]
    size = n_blocks * (2 + n_classes) * BLOCK
    return Tape(numbers[:size], np.empty(n_blocks, np.int64), np.empty(n_blocks), place)


@compiled_part
def enlarged(array, needed):
    """The array, with room for as many numbers."""
    if needed <= len(array):
        return array
    larger_one = np.empty(max(needed, 2 * len(array)), array.dtype)
    for i in range(len(array)):
        larger_one[i] = array[i]
    return larger_one


@compiled_part
def record(tape, number, strip, row, n_classes):
    """Write a boundary on the tape."""
    start, lo, hi = tape.place[number]
    size = (hi - lo) * BLOCK
    at = start * BLOCK * (2 + n_classes)
    for k in range(2 + n_classes):
        for j in range(size):
            tape.numbers[at + k * size + j] = row[k, lo * BLOCK + j]
    for block in range(lo, hi):
        tape.exponents[start + block - lo] = strip.exponent[block]
        tape.ratios[start + block - lo] = strip.ratio[block]


@compiled_part
def recall(tape, number, strip, row, first_column, n_classes):
    """Read a boundary from the tape; ``row`` has its columns from ``first_column`` on."""
    start, lo, hi = tape.place[number]
    size = (hi - lo) * BLOCK
    at = start * BLOCK * (2 + n_classes)
    for k in range(2 + n_classes):
        for j in range(size):
            row[k, lo * BLOCK - first_column + j] = tape.numbers[at + k * size + j]
    for block in range(lo, hi):
        strip.exponent[block] = tape.exponents[start + block - lo]
        strip.ratio[block] = tape.ratios[start + block - lo]
    strip.band[0], strip.band[1] = lo, hi


@compiled_part
def forward_strips(rule, model, profiles, x, m, envelope, strips, strip, row, begins, every, tape, end):
    """Carry a row through strips, from the boundary before the first to that after the last.

    Records the boundary before every ``every``-th strip, ``end`` where it is not empty.
    """
    n, n_classes = len(x), model.close.shape[1]
    carry = carry_of(model)
    filled_from = 0 if rule.mode == LOCAL else len(strip.exponent)
    for s in range(strips[0], strips[1]):
        if s > strips[0]:
            lo, hi = envelope[s]
            settle(strip, row, 2 + n_classes, 1, carry, 1, lo, hi, filled_from)
        if every > 0 and (s - strips[0]) % every == 0:
            record(tape, (s - strips[0]) // every, strip, row, n_classes)
        set_begins(rule.mode, strip, begins)
        for i in range(s * STRIP + 1, min((s + 1) * STRIP, n) + 1):
            forward_row(rule, model, profiles[x[i - 1]], begins, strip, row, row, FIRST, keep_gap_y=False)
            if len(end) and (i == n or rule.mode != GLOBAL):
                ended(rule, i, n, m, strip, row, end)


@compiled_part
def store_strip(rule, model, profiles, x, m, envelope, s, tape, number, strip, begins, cells):
    """Compute all cells of a strip again, from its boundary on the tape.

    ``cells[0]`` is the row above the strip's, and columns are those of its band. Writes what begins into
    ``begins``, which holds nothing else, and returns how many rows the strip has.
    """
    lo, hi = envelope[s]
    first_column = lo * BLOCK
    if s == 0:
        begin(rule, model, m, strip, cells[0], first_column, lo, hi)
    else:
        recall(tape, number, strip, cells[0], first_column, model.close.shape[1])
    set_begins(rule.mode, strip, begins)
    n_rows = min(STRIP, len(x) - s * STRIP)
    for r in range(1, n_rows + 1):
        profile = profiles[x[s * STRIP + r - 1]]
        forward_row(
            rule, model, profile, begins, strip, cells[r - 1], cells[r], first_column, keep_gap_y=True
        )
    return n_rows


@compiled_part
def ends_from(mode, m, is_last):
    """The first block in which paths end anywhere but in the corner."""
    if mode == GLOBAL:
        return n_blocks_of(m)
    return 0 if mode == LOCAL or is_last else m // BLOCK
