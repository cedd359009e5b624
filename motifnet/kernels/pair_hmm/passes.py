"""Whole passes over a pair: likelihood, expected counts with posteriors, and paths."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled, compiled_part
from motifnet.kernels.pair_hmm.cells import (
    ALL_PATHS,
    BLOCK,
    GLOBAL,
    IN_GAP_X,
    IN_MATCH,
    IN_WHOLE,
    Rule,
    Tally,
    backward_row,
    profiles_of,
)
from motifnet.kernels.pair_hmm.strips import (
    FIRST,
    STRIP,
    Strip,
    begin,
    carry_of,
    ended,
    ends_from,
    enlarged,
    forward_strips,
    n_blocks_of,
    n_strips_of,
    new_strip,
    new_tape,
    power_of_two,
    recall,
    set_ends,
    settle,
    store_strip,
)

NO_BASE = 5
"""The code of row 0, whose base there is not."""


class PairSums(NamedTuple):
    """What is summed over a pair."""

    matched: np.ndarray  # posteriors of matches, by letter of X and column; the last row of row 0
    of_column: np.ndarray  # of all that a base of Y may stand in, by column
    of_row: np.ndarray  # of all that a base of X may stand in, by row
    of_block: np.ndarray  # of all that a strip's cells hold, by column; emptied after each strip
    gaps: np.ndarray  # (side, visits or closings, class)


class Room(NamedTuple):
    """Arrays that every strip uses again, by column: what is in them is that of the strip."""

    strip: Strip
    row: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    posterior: np.ndarray
    scale: np.ndarray  # by block


class NotedMatches(NamedTuple):
    """Posteriors that are worth noting, rows and columns descending."""

    least: float
    size: np.ndarray  # (rows + 1,): how many were noted in rows i and below; its last entry, in all
    column: np.ndarray
    probability: np.ndarray


@compiled_part
def n_rows_of(model):
    """Rows of a row of cells: S, M, and X and Y of every class."""
    return 2 + 2 * model.close.shape[1]


@compiled_part
def taped(rule, model, profiles, x, m, envelope, strips, every, numbers, tape, number, end, room):
    """The boundary before every so many of some strips, and what ended in them.

    The first of the strips begins at a boundary of ``tape``, or at row 0.
    """
    n_classes = model.close.shape[1]
    strip, row = room.strip, room.row
    if strips[0] == 0:
        begin(rule, model, m, strip, row, FIRST, envelope[0, 0], envelope[0, 1])
    else:
        recall(tape, number, strip, row, FIRST, n_classes)
    if len(x) == 0:
        ended(rule, FIRST, FIRST, m, strip, row, end)
    made = new_tape(envelope, strips, every, n_classes, numbers)
    forward_strips(rule, model, profiles, x, m, envelope, strips, strip, row, room.begins, every, made, end)
    return made


@compiled_part
def outer_tape(rule, model, profiles, x, m, envelope, every, numbers, end, room):
    """The forward pass: every so many boundaries, and what ended."""
    strips = (FIRST, n_strips_of(len(x)))
    nothing = new_tape(envelope, strips, FIRST, FIRST, numbers)
    return taped(rule, model, profiles, x, m, envelope, strips, every, numbers, nothing, FIRST, end, room)


@compiled_part
def inner_tape(rule, model, profiles, x, m, envelope, every, numbers, outer, number, room):
    """The boundaries of all strips from one of the outer tape's to its next."""
    if every == 1:
        return outer
    strips = (number * every, min((number + 1) * every, n_strips_of(len(x))))
    others, each, end = numbers[len(outer.numbers) :], np.int64(1), np.zeros(0)
    return taped(rule, model, profiles, x, m, envelope, strips, each, others, outer, number, end, room)


@compiled_part
def nats(number, exponent):
    """A number that is relative to a power of two, as a logarithm."""
    return math.log(number) + exponent * math.log(2.0) if number > 0 else -math.inf


@compiled
def value_of(rule, model, odds, x, y, envelope):
    """Log-odds of all paths of a pair in an envelope, or of the best, in nats, without what its ends cost."""
    end = np.zeros(4)
    profiles = profiles_of(odds, y, n_blocks_of(len(y)) * BLOCK)
    room = new_room(model, n_blocks_of(len(y)))
    outer_tape(rule, model, profiles, x, len(y), envelope, FIRST, np.zeros(0), end, room)
    return nats(end[0], end[1])


@compiled_part
def new_room(model, n_blocks):
    """Room for the strips of a pair."""
    n_columns = n_blocks * BLOCK
    return Room(
        new_strip(n_blocks),
        np.zeros((n_rows_of(model), n_columns)),
        np.zeros(n_columns),
        np.zeros(n_columns),
        np.zeros(n_columns),
        np.zeros(n_blocks),
    )


@compiled_part
def new_cells(model, envelope):
    """Room for the cells of a strip, as wide as the widest."""
    widest = 0
    for lo, hi in envelope:
        widest = max(widest, hi - lo)
    return np.empty((STRIP + 1, n_rows_of(model), widest * BLOCK))


@compiled_part
def backward_strip(
    model, profiles, x, m, s, n_rows, mode, whole, cells, strip, back, below, sums, room, seen
):
    """Carry the derivatives through the rows of a strip, from the last to the first."""
    ends, scale, posterior = room.ends, room.scale, room.posterior
    lo, hi = strip.band
    for block in range(lo, hi):
        scale[block] = power_of_two(strip.exponent[block] + back.exponent[block] - int(whole[1])) / whole[0]
    for r in range(n_rows, -1 if s == 0 else 0, -1):
        i = s * STRIP + r
        code = x[i - 1] if i > 0 else NO_BASE
        if mode != GLOBAL:
            set_ends(mode, i, len(x), m, back, ends)
        tally = Tally(posterior, sums.of_column, sums.of_block, sums.matched[code], sums.gaps)
        corner = below[0, hi * BLOCK] if r == n_rows and back.band[1] > hi else 0.0
        sums.of_row[i] = backward_row(
            model,
            profiles[code],
            ends,
            back.ratio,
            scale,
            strip.band,
            corner,
            cells[r],
            lo * BLOCK,
            below,
            tally,
        )
        if i > 0 and seen.least <= 1:
            seen = note(posterior, i, lo * BLOCK, min(hi * BLOCK, m + 1), seen)
    back.band[1] = hi
    return seen


@compiled_part
def note(posterior, i, start, stop, seen):
    """Note what is likely enough of a row's posteriors."""
    used = seen.size[0]
    column, probability = (
        enlarged(seen.column, used + stop - start),
        enlarged(seen.probability, used + stop - start),
    )
    for j in range(stop - 1, max(start, 1) - 1, -1):
        if posterior[j] >= seen.least:
            column[used] = j - 1
            probability[used] = posterior[j]
            used += 1
    seen.size[i] = used - seen.size[0]
    seen.size[0] = used
    return NotedMatches(seen.least, seen.size, column, probability)


@compiled
def expect(model, odds, x, y, mode, envelope, every, numbers, least, matches, gaps, held):
    """Forward and backward: log-odds, expected counts, and the posteriors of at least ``least``.

    Boundaries between strips are kept in ``numbers``: one of ``every`` so many, and all of those between two
    (see :func:`motifnet.kernels.pair_hmm.tapes.tape_for`). Adds to ``matches`` the expected number of matches
    of each letter with each, ``(5, 5)``, and to ``gaps`` that of gap columns and of gaps,
    ``(side, [columns, gaps], class)``; writes what every block of the envelope holds into ``held``, where
    that is not empty. Returns the log-odds, the posteriors, and how far what a base may stand in is from
    summing to one.
    """
    n, m = len(x), len(y)
    n_blocks, n_classes = n_blocks_of(m), model.close.shape[1]
    n_columns = n_blocks * BLOCK
    profiles, rule = profiles_of(odds, y, n_columns), Rule(mode, ALL_PATHS)
    whole = np.zeros(4)
    seen = NotedMatches(least, np.zeros(n + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
    room = new_room(model, n_blocks)
    outer = outer_tape(rule, model, profiles, x, m, envelope, every, numbers, whole, room)
    if whole[0] <= 0:
        return -math.inf, seen, 0.0
    cells, strip = new_cells(model, envelope), new_strip(n_blocks)
    below, back = np.zeros((1 + n_classes, n_columns)), new_strip(n_blocks)
    sums = PairSums(np.zeros((6, n_columns)), np.zeros(n_columns), np.zeros(n + 1), np.zeros(n_columns), gaps)
    if mode == GLOBAL:
        below[0, m + 1] = 1
        back.exponent[n_blocks - 1] = 0
        back.band[0], back.band[1] = n_blocks - 1, n_blocks
    n_strips, carry, n_held = n_strips_of(n), carry_of(model), len(held)
    for number in range((n_strips - 1) // every, -1, -1):
        inner = inner_tape(rule, model, profiles, x, m, envelope, every, numbers, outer, number, room)
        first_strip = number * every
        for s in range(min(first_strip + every, n_strips) - 1, first_strip - 1, -1):
            place = s if every == 1 else s - first_strip
            n_rows = store_strip(
                rule, model, profiles, x, m, envelope, s, inner, place, strip, room.begins, cells
            )
            lo, hi = strip.band
            is_last = s == n_strips - 1
            if not is_last and back.band[0] > lo:
                below[0, back.band[0] * BLOCK] = 0.0  # a match there comes from outside the envelope
            reached = min(hi + 1, max(back.band[1], hi))
            settle(
                back, below, 1 + n_classes, 1 + n_classes, carry, -1, lo, reached, ends_from(mode, m, is_last)
            )
            seen = backward_strip(
                model, profiles, x, m, s, n_rows, mode, whole, cells, strip, back, below, sums, room, seen
            )
            if n_held:
                n_held -= hi - lo
                empty_blocks(sums.of_block, lo, hi, held[n_held:])
    for a in range(5):
        for j in range(m):
            matches[a, y[j]] += sums.matched[a, j + 1]
    deviation = max(farthest_from_one(sums.of_row, n, mode), farthest_from_one(sums.of_column, m, mode))
    return nats(whole[0], whole[1]), seen, deviation


@compiled_part
def empty_blocks(of_block, lo, hi, held):
    """Move what the blocks of a strip hold into ``held``."""
    for block in range(lo, hi):
        total = 0.0
        for j in range(block * BLOCK, (block + 1) * BLOCK):
            total += of_block[j]
            of_block[j] = 0.0
        held[block - lo] = total


@compiled_part
def farthest_from_one(sums, n, mode):
    """How far the sums of ``n`` bases are from one; beyond one, where a path may leave bases out."""
    farthest = 0.0
    for i in range(1, n + 1):
        away = sums[i] - 1
        if not away <= farthest:  # what is no number is the farthest
            farthest = away if away > 0 else math.inf
        if mode == GLOBAL and -away > farthest:
            farthest = -away
    return farthest


WHOLE, MATCHED, BEGUN = -1, -2, -3
"""States of a path beside its gaps: before it is known what stands here; a match; before its first column."""


@compiled_part
def chosen(rule, weights, n, number):
    """Which of ``n`` weights: the first of the largest, or one drawn by a number in [0, 1)."""
    whole = 0.0
    best = 0
    for k in range(n):
        whole += weights[k]
        if weights[k] > weights[best]:
            best = k
    if rule.paths.best:
        return best
    left = number * whole
    for k in range(n):
        left -= weights[k]
        if left < 0:
            return k
    return best


@compiled_part
def step_back(rule, model, cells, r, j, state, begun, weights, number):
    """The state before: of a path that is in ``state`` at row ``r`` and column ``j`` of the cells."""
    n_classes = model.close.shape[1]
    if state == WHOLE:
        weights[0] = cells[r, IN_MATCH, j]
        for k in range(2 * n_classes):
            weights[1 + k] = model.close[k // n_classes, k % n_classes] * cells[r, IN_GAP_X + k, j]
        weights[1 + 2 * n_classes] = begun
        found = chosen(rule, weights, 2 + 2 * n_classes, number)
        if found == 0:
            return MATCHED
        return BEGUN if found == 1 + 2 * n_classes else found - 1
    before_r, before_j = (r - 1, j) if state < n_classes else (r, j - 1)
    rate = model.extend[state // n_classes, state % n_classes]
    weights[0] = cells[before_r, IN_MATCH, before_j]
    weights[1] = rate * cells[before_r, IN_GAP_X + state, before_j]
    return MATCHED if chosen(rule, weights, 2, number) == 0 else state


@compiled
def trace(rule, model, odds, x, y, envelope, every, numbers, drawn):
    """The columns of the best path, or of one drawn by the numbers ``drawn``, ``shape=(2 * (n + m + 1),)``.

    ``every`` and ``numbers`` are those of :func:`expect`.

    Returns
    -------
    columns : numpy.ndarray of uint8
        0 a match, 1 a base of X alone, 2 a base of Y alone; from the last to the first.
    start : tuple of int
        Bases of X and of Y before the first column.
    log_odds : float
        Of the path, or of all paths where one was drawn.
    """
    n, m = len(x), len(y)
    n_blocks, n_classes = n_blocks_of(m), model.close.shape[1]
    n_columns = n_blocks * BLOCK
    profiles = profiles_of(odds, y, n_columns)
    end = np.zeros(4)
    columns = np.empty(n + m, np.uint8)
    room = new_room(model, n_blocks)
    outer = outer_tape(rule, model, profiles, x, m, envelope, every, numbers, end, room)
    if end[0] <= 0:
        return columns[:0], 0, 0, -math.inf
    cells, strip = new_cells(model, envelope), new_strip(n_blocks)
    begins, weights = room.begins, np.zeros(2 + 2 * n_classes)
    i, j = int(end[2]), int(end[3])
    state = WHOLE if rule.mode == GLOBAL else MATCHED
    used = 0
    n_strips = n_strips_of(n)
    n_drawn = 0
    for number in range((n_strips - 1) // every, -1, -1):
        first_strip = number * every
        if first_strip * STRIP >= i and number > 0:
            continue
        inner = inner_tape(rule, model, profiles, x, m, envelope, every, numbers, outer, number, room)
        for s in range(min(first_strip + every, n_strips) - 1, first_strip - 1, -1):
            if s * STRIP >= i and s > 0:
                continue
            place = s if every == 1 else s - first_strip
            store_strip(rule, model, profiles, x, m, envelope, s, inner, place, strip, begins, cells)
            first_column = strip.band[0] * BLOCK
            while i > s * STRIP or (s == 0 and state != BEGUN):
                r = i - s * STRIP
                if state == MATCHED:
                    if i == 0:
                        state = BEGUN
                        break
                    columns[used] = 0
                    i, j, state = i - 1, j - 1, WHOLE
                else:
                    at = j - first_column
                    begun = cells[0, IN_WHOLE, at] if i == 0 and rule.mode != GLOBAL else begins[j]
                    earlier = step_back(rule, model, cells, r, at, state, begun, weights, drawn[n_drawn])
                    n_drawn += not rule.paths.best
                    if state == WHOLE:
                        state = earlier
                        if state == BEGUN:
                            break
                        continue
                    columns[used] = 1 if state < n_classes else 2
                    i, j = (i - 1, j) if state < n_classes else (i, j - 1)
                    state = earlier
                used += 1
            if state == BEGUN:
                return columns[:used], i, j, nats(end[0], end[1])
    return columns[:used], i, j, nats(end[0], end[1])
