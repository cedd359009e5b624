"""Whole passes over a pair: likelihood, expected counts with posteriors, and paths."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled
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
    model_of,
    profiles_of,
)
from motifnet.kernels.pair_hmm.strips import (
    STRIP,
    begin,
    carry_of,
    ended,
    ends_from,
    enlarged,
    forward_strips,
    n_blocks_of,
    new_strip,
    new_tape,
    power_of_two,
    recall,
    set_begins,
    set_ends,
    settle,
    store_strip,
    widen,
)

NO_BASE = 5
"""The code of row 0, whose base there is not."""

WIDER = 8
"""How many times wider a band is that is tried after one that was too narrow, in bits."""


class PairTask(NamedTuple):
    """How a pair is worked on."""

    bits: int  # of the band; negative for all cells
    every: int  # a boundary is kept every so many strips


class BandLimits(NamedTuple):
    """When a pair gets a band, and how much is kept of one that does not."""

    exact_cells: int
    bits: int  # blocks that hold less than 2 ** -bits of the best are out of the band; negative: none
    tolerance: float  # nats by which the log-odds from either end may differ, and see Checked
    n_numbers: int  # numbers of boundaries to keep


class PairSums(NamedTuple):
    """What is summed over a pair."""

    matched: np.ndarray  # posteriors of matches, by letter of X and column; the last row of row 0
    of_column: np.ndarray  # of all that a base of Y may stand in, by column
    of_row: np.ndarray  # of all that a base of X may stand in, by row
    gaps: np.ndarray  # (side, visits or closings, class)


class NotedMatches(NamedTuple):
    """Posteriors that are worth noting, rows and columns descending."""

    least: float
    size: np.ndarray  # (rows + 1,): how many were noted in rows i and below; its last entry, in all
    column: np.ndarray
    probability: np.ndarray


@compiled
def n_rows_of(model):
    """Rows of a row of cells: S, M, and X and Y of every class."""
    return 2 + 2 * model.close.shape[1]


@compiled
def taped(rule, model, profiles, x, m, strips, bits, every, tape, number, end):
    """The boundary before every so many of some strips, and what ended in them.

    The first of the strips begins at a boundary of ``tape``, or at row 0.
    """
    n_blocks, n_classes = n_blocks_of(m), model.close.shape[1]
    strip = new_strip(n_blocks)
    row = np.zeros((n_rows_of(model), n_blocks * BLOCK))
    if strips[0] == 0:
        begin(rule, model, m, strip, row)
    else:
        recall(tape, number, strip, row, n_classes)
    n_kept = 0 if every == 0 else (strips[1] - strips[0] + every - 1) // every
    if len(x) == 0:
        ended(rule, 0, 0, m, strip, row, end)
    made = new_tape(n_kept, n_blocks, n_classes)
    return forward_strips(rule, model, profiles, x, m, strips, bits, strip, row, every, made, end)


@compiled
def n_strips_of(n):
    """Strips of so many rows; one where there is no row."""
    return max((n + STRIP - 1) // STRIP, 1)


@compiled
def outer_tape(rule, model, profiles, x, m, task, end):
    """The forward pass: every so many boundaries, and what ended."""
    nothing = new_tape(0, 0, 0)
    strips = (0, n_strips_of(len(x)))
    return taped(rule, model, profiles, x, m, strips, task.bits, task.every, nothing, 0, end)


@compiled
def inner_tape(rule, model, profiles, x, m, task, outer, number):
    """The boundaries of all strips from one of the outer tape's to its next."""
    if task.every == 1:
        return outer
    strips = (number * task.every, min((number + 1) * task.every, n_strips_of(len(x))))
    return taped(rule, model, profiles, x, m, strips, task.bits, 1, outer, number, np.zeros(0))


@compiled
def nats(number, exponent):
    """A number that is relative to a power of two, as a logarithm."""
    return math.log(number) + exponent * math.log(2.0) if number > 0 else -math.inf


@compiled
def value_of(rule, model, odds, x, y, bits):
    """Log-odds of all paths of a pair, or of the best, in nats, without what its two ends cost."""
    end = np.zeros(4)
    profiles = profiles_of(odds, y, n_blocks_of(len(y)) * BLOCK)
    outer_tape(rule, model, profiles, x, len(y), PairTask(bits, 0), end)
    return nats(end[0], end[1])


@compiled
def agrees(rule, model, odds, x, y, bits, value, tolerance):
    """Whether the pair has the same log-odds when it is read from its other end, in the same band."""
    back = value_of(rule, model, odds, x[::-1].copy(), y[::-1].copy(), bits)
    return abs(value - back) <= tolerance  # what is nowhere in the band has no number, and does not agree


@compiled
def every_for(n, m, n_numbers):
    """How many strips apart boundaries are kept, so that those of the whole take least room."""
    n_strips = n_strips_of(n)
    if n_strips * n_blocks_of(m) * BLOCK <= n_numbers:
        return 1
    return max(int(math.sqrt(n_strips)), 1)


@compiled
def task_for(n, m, mode, limits, attempt):
    """How a pair is worked on at first, and after each attempt whose band was too narrow.

    A global pair with more than ``limits.exact_cells`` cells gets a band, then one of
    :data:`WIDER` times the bits, and then none.
    """
    every = every_for(n, m, limits.n_numbers)
    if mode != GLOBAL or n * m <= limits.exact_cells or limits.bits < 0 or attempt > 1:
        return PairTask(-1, every)
    return PairTask(limits.bits, 1) if attempt == 0 else PairTask(WIDER * limits.bits, every)


@compiled
def backward_strip(model, profiles, x, m, s, n_rows, mode, whole, cells, strip, back, below, sums, seen):
    """Carry the derivatives through the rows of a strip, from the last to the first."""
    ends, scale = np.zeros(profiles.shape[1]), np.zeros(len(strip.exponent))
    posterior = np.zeros(profiles.shape[1])
    lo, hi = strip.band
    for block in range(lo, hi):
        scale[block] = power_of_two(strip.exponent[block] + back.exponent[block] - int(whole[1])) / whole[0]
    for r in range(n_rows, -1 if s == 0 else 0, -1):
        i = s * STRIP + r
        code = x[i - 1] if i > 0 else NO_BASE
        if mode != GLOBAL:
            set_ends(mode, i, len(x), m, back, ends)
        tally = Tally(posterior, sums.of_column, sums.matched[code], sums.gaps)
        corner = below[0, hi * BLOCK] if r == n_rows and back.band[1] > hi else 0.0
        sums.of_row[i] = backward_row(
            model, profiles[code], ends, back.ratio, scale, strip.band, corner, cells[r], below, tally
        )
        if i > 0 and seen.least <= 1:
            seen = note(posterior, i, lo * BLOCK, min(hi * BLOCK, m + 1), seen)
    back.band[1] = hi
    return seen


@compiled
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
def expect(model, odds, x, y, mode, task, least, matches, gaps):
    """Forward and backward: log-odds, expected counts, and the posteriors of at least ``least``.

    Adds to ``matches`` the expected number of matches of each letter with each, ``(5, 5)``, and to
    ``gaps`` that of gap columns and of gaps, ``(side, [columns, gaps], class)``. Returns the
    log-odds, the posteriors, and how far what a base may stand in is from summing to one.
    """
    n, m = len(x), len(y)
    n_blocks, n_classes = n_blocks_of(m), model.close.shape[1]
    n_columns = n_blocks * BLOCK
    profiles, rule = profiles_of(odds, y, n_columns), Rule(mode, ALL_PATHS)
    whole = np.zeros(4)
    seen = NotedMatches(least, np.zeros(n + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
    outer = outer_tape(rule, model, profiles, x, m, task, whole)
    if whole[0] <= 0:
        return -math.inf, seen, 0.0
    cells, strip = np.zeros((STRIP + 1, n_rows_of(model), n_columns)), new_strip(n_blocks)
    below, back = np.zeros((1 + n_classes, n_columns)), new_strip(n_blocks)
    sums = PairSums(np.zeros((6, n_columns)), np.zeros(n_columns), np.zeros(n + 1), gaps)
    back.exponent[:] = 0
    if mode == GLOBAL:
        below[0, m + 1] = 1
    n_strips, carry = n_strips_of(n), carry_of(model)
    for number in range((n_strips - 1) // task.every, -1, -1):
        inner = inner_tape(rule, model, profiles, x, m, task, outer, number)
        first_strip = number * task.every
        for s in range(min(first_strip + task.every, n_strips) - 1, first_strip - 1, -1):
            place = s if task.every == 1 else s - first_strip
            n_rows = store_strip(rule, model, profiles, x, m, s, inner, place, strip, cells)
            is_last = s == n_strips - 1
            widen(back, below, strip.band, is_last)
            settle(back, below, 1 + n_classes, 1 + n_classes, carry, -1, -1, ends_from(mode, m, is_last))
            seen = backward_strip(
                model, profiles, x, m, s, n_rows, mode, whole, cells, strip, back, below, sums, seen
            )
    for a in range(5):
        for j in range(m):
            matches[a, y[j]] += sums.matched[a, j + 1]
    deviation = max(farthest_from_one(sums.of_row, n, mode), farthest_from_one(sums.of_column, m, mode))
    return nats(whole[0], whole[1]), seen, deviation


@compiled
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


@compiled
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


@compiled
def step_back(rule, model, cells, r, j, state, begins, weights, number):
    """The state before: of a path that is in ``state`` at row ``r`` and column ``j`` of the cells."""
    n_classes = model.close.shape[1]
    if state == WHOLE:
        weights[0] = cells[r, IN_MATCH, j]
        for k in range(2 * n_classes):
            weights[1 + k] = model.close[k // n_classes, k % n_classes] * cells[r, IN_GAP_X + k, j]
        weights[1 + 2 * n_classes] = begins[j]
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
def trace(rule, model, odds, x, y, task, numbers):
    """The columns of the best path, or of one drawn by ``numbers``, ``shape=(n + m + 1, 2)``.

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
    outer = outer_tape(rule, model, profiles, x, m, task, end)
    if end[0] <= 0:
        return columns[:0], 0, 0, -math.inf
    cells, strip = np.zeros((STRIP + 1, n_rows_of(model), n_columns)), new_strip(n_blocks)
    begins, weights = np.zeros(n_columns), np.zeros(2 + 2 * n_classes)
    i, j = int(end[2]), int(end[3])
    state = WHOLE if rule.mode == GLOBAL else MATCHED
    used = 0
    n_strips = n_strips_of(n)
    drawn = 0
    for number in range((n_strips - 1) // task.every, -1, -1):
        first_strip = number * task.every
        if first_strip * STRIP >= i and number > 0:
            continue
        inner = inner_tape(rule, model, profiles, x, m, task, outer, number)
        for s in range(min(first_strip + task.every, n_strips) - 1, first_strip - 1, -1):
            if s * STRIP >= i and s > 0:
                continue
            place = s if task.every == 1 else s - first_strip
            store_strip(rule, model, profiles, x, m, s, inner, place, strip, cells)
            set_begins(rule.mode, strip, begins)
            while i > s * STRIP or (s == 0 and state != BEGUN):
                r = i - s * STRIP
                if state == MATCHED:
                    if i == 0:
                        state = BEGUN
                        break
                    columns[used] = 0
                    i, j, state = i - 1, j - 1, WHOLE
                else:
                    anywhere = cells[0, IN_WHOLE] if i == 0 and rule.mode != GLOBAL else begins
                    earlier = step_back(rule, model, cells, r, j, state, anywhere, weights, numbers[drawn])
                    drawn += not rule.paths.best
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


@compiled
def pass_over(classes, pairs, mode, limits, chosen, least, counts):
    """Write the log-odds of the chosen pairs and, unless ``least`` is negative, expected counts.

    What is written of a band has been checked: read from the other end, the pair has the same
    log-odds, and what each base may stand in sums to one. Returns the posteriors of the last pair,
    as :func:`expect`, and whether all its cells were worked on.
    """
    seen = NotedMatches(least, np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
    exact = True
    rule = Rule(mode, ALL_PATHS)
    for i in chosen:
        x = pairs.x[pairs.x_offsets[i] : pairs.x_offsets[i + 1]]
        y = pairs.y[pairs.y_offsets[i] : pairs.y_offsets[i + 1]]
        odds = pairs.odds[pairs.which[i]]
        model = model_of(classes, pairs.close[pairs.which[i]], pairs.extend[pairs.which[i]])
        attempt, is_whole = 0, False
        while not is_whole:
            task = task_for(len(x), len(y), mode, limits, attempt)
            value, deviation = 0.0, 0.0
            if least < 0:
                value = value_of(rule, model, odds, x, y, task.bits)
            else:
                matches, gaps = counts.matches[i], counts.of_gaps[i]
                matches[:], gaps[:] = 0, 0
                value, seen, deviation = expect(model, odds, x, y, mode, task, least, matches, gaps)
            exact = task.bits < 0
            is_whole = exact or (
                deviation <= limits.tolerance
                and agrees(rule, model, odds, x, y, task.bits, value, limits.tolerance)
            )
            counts.log_odds[i], counts.deviation[i] = value, deviation
            attempt += 1
    return seen, exact


@compiled
def path_of_pair(rule, classes, odds, close, extend, x, y, limits, numbers):
    """As :func:`trace`, in a band in which the pair has the same log-odds from its other end."""
    model = model_of(classes, close, extend)
    attempt = 0
    while True:
        task = task_for(len(x), len(y), rule.mode, limits, attempt)
        columns, x_start, y_start, value = trace(rule, model, odds, x, y, task, numbers)
        if task.bits < 0 or agrees(rule, model, odds, x, y, task.bits, value, limits.tolerance):
            return columns, x_start, y_start, value
        attempt += 1
