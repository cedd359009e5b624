"""The loops of a pair HMM: rows of cells, in vectors.

Cell ``(i, j)`` is what is told by the first ``i`` bases of X and the first ``j`` of Y. All is in
odds over independent sequences, and gap states are divided by their opening probability, so that

    M(i, j) = e(x_i, y_j) S(i-1, j-1)
    X(i, j) = M(i-1, j) + extend_x X(i-1, j)
    Y(i, j) = M(i, j-1) + extend_y Y(i, j-1)
    S(i, j) = M + close_x X + close_y Y  (+ what begins here)

and ``S(n, m)`` is the whole (Durbin, Eddy, Krogh and Mitchison 1998, section 4.2, with the end taken as
a column that matches nothing). The backward quantities are the derivatives of that whole.

A row of cells is worked on in blocks of :data:`BLOCK` columns. The numbers of a block are
relative to a power of two of its own, chosen anew at every strip of :data:`STRIP` rows, so that
neither the length of the sequences nor that of a gap underflows. Which blocks of a strip are worked
on is given before: see :mod:`motifnet.kernels.pair_hmm.envelopes`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import types
from numba.extending import overload

from motifnet.kernels.compiling import compiled, compiled_part
from motifnet.kernels.vectors import (
    add,
    after,
    before,
    decayed_largest,
    decayed_sum,
    decayed_sum_down,
    first,
    lanes,
    larger,
    last,
    load,
    multiply,
    multiply_add,
    spread,
    store,
    total,
)

BLOCK = 16
"""Columns of a block."""

GLOBAL, SEMIGLOBAL, LOCAL = 0, 1, 2
"""Where a path begins and ends: at the corners; at the edges; anywhere."""


class AllPaths(NamedTuple):
    """Sum over paths: the type says it, so that a loop is compiled for it."""

    best: bool


class BestPath(NamedTuple):
    """The largest over paths."""

    best: bool


ALL_PATHS, BEST_PATH = AllPaths(best=False), BestPath(best=True)


class Rule(NamedTuple):
    """What is asked of the paths."""

    mode: int
    paths: AllPaths | BestPath


class RecurrenceModel(NamedTuple):
    """Numbers of the recurrence: rows are X and Y, or classes of gaps."""

    classes: tuple  # of as many numbers as there are classes: the type says it
    close: np.ndarray  # (2, n_classes)
    extend: np.ndarray  # (2, n_classes)
    powers: np.ndarray  # extend of Y ** (1, 2, ...), a row for each class
    powers_down: np.ndarray  # the same rows, backwards


class Tally(NamedTuple):
    """What a backward row adds to."""

    posterior: np.ndarray  # of the row's matches, by column
    of_column: np.ndarray  # sum of posteriors of all that a base of Y may stand in, by column
    of_block: np.ndarray  # sum of posteriors of all that either base may stand in, by column
    matched: np.ndarray  # sum of posteriors over rows of one letter, by column
    gaps: np.ndarray  # (side, visits or closings, class)


IN_WHOLE, IN_MATCH, IN_GAP_X = 0, 1, 2
"""Rows of a row of cells: S, M, then X of every class, then Y of every class."""


def joined(paths, one, other):
    """Sum or largest, of numbers or vectors."""


@overload(joined)
def _joined(paths, one, other):
    is_number = isinstance(one, types.Float)
    if paths.instance_class is AllPaths:
        if is_number:
            return lambda paths, one, other: one + other
        return lambda paths, one, other: add(one, other)
    if is_number:
        return lambda paths, one, other: max(one, other)
    return lambda paths, one, other: larger(one, other)


def grown(paths, rate, one, other):
    """``other`` joined by ``rate * one``."""


@overload(grown)
def _grown(paths, rate, one, other):
    if paths.instance_class is AllPaths:
        return lambda paths, rate, one, other: multiply_add(rate, one, other)
    return lambda paths, rate, one, other: larger(multiply(rate, one), other)


def along(paths, vector, rate):
    """A gap state along the lanes, from what opens in each."""


@overload(along)
def _along(paths, vector, rate):
    if paths.instance_class is AllPaths:
        return lambda paths, vector, rate: decayed_sum(vector, rate)
    return lambda paths, vector, rate: decayed_largest(vector, rate)


@compiled_part
def forward_row(rule, model, profile, begins, strip, above, here, first_column, keep_gap_y):
    """Fill the blocks of a strip's band in row ``here`` from the row above, which may be the same array.

    ``profile`` has the odds of the row's base with the base of every column, ``begins`` what
    begins in every column; ``above`` and ``here`` have their columns from ``first_column`` on.
    """
    paths, ratio = rule.paths, strip.ratio
    first_block, stop_block = strip.band[0], strip.band[1]
    n_classes = len(model.classes)
    two = n_classes == 2
    n = lanes(profile)
    zero = profile.dtype.type(0)
    close_x, extend_x = spread(model.close[0, 0]), spread(model.extend[0, 0])
    close_y, extend_y = spread(model.close[1, 0]), spread(model.extend[1, 0])
    powers = load(model.powers[0], 0)
    close_x2, extend_x2, close_y2, extend_y2, powers2 = close_x, extend_x, close_y, extend_y, powers
    if two:
        close_x2, extend_x2 = spread(model.close[0, -1]), spread(model.extend[0, -1])
        close_y2, extend_y2 = spread(model.close[1, -1]), spread(model.extend[1, -1])
        powers2 = load(model.powers[-1], 0)
    farthest, farthest2 = model.powers[0, n - 1], model.powers[-1, n - 1]
    above_whole, above_match, here_whole, here_match = above[0], above[1], here[0], here[1]
    above_x, here_x, here_y = above[2], here[2], here[2 + n_classes]
    above_x2, here_x2, here_y2 = above[1 + n_classes], here[1 + n_classes], here[-1]
    diagonal, match_left, gap_left, gap_left2 = zero, zero, zero, zero
    for block in range(first_block, stop_block):
        shift = ratio[block]
        diagonal *= shift
        match_left *= shift
        gap_left *= shift
        gap_left2 *= shift
        for v in range(BLOCK // n):
            column = block * BLOCK + v * n
            at = column - first_column
            whole_above, match_above = load(above_whole, at), load(above_match, at)
            match = multiply(load(profile, column), after(diagonal, whole_above))
            diagonal = last(whole_above)
            opening = after(match_left, match)
            match_left = last(match)
            gap_x = grown(paths, extend_x, load(above_x, at), match_above)
            inside = along(paths, opening, extend_y)
            gap_y = grown(paths, powers, spread(gap_left), inside)
            gap_left = joined(paths, last(inside), farthest * gap_left)
            whole = grown(paths, close_x, gap_x, joined(paths, match, load(begins, column)))
            whole = grown(paths, close_y, gap_y, whole)
            store(here_x, at, gap_x)
            if keep_gap_y:
                store(here_y, at, gap_y)
            if two:
                gap_x = grown(paths, extend_x2, load(above_x2, at), match_above)
                inside = along(paths, opening, extend_y2)
                gap_y = grown(paths, powers2, spread(gap_left2), inside)
                gap_left2 = joined(paths, last(inside), farthest2 * gap_left2)
                whole = grown(paths, close_x2, gap_x, whole)
                whole = grown(paths, close_y2, gap_y, whole)
                store(here_x2, at, gap_x)
                if keep_gap_y:
                    store(here_y2, at, gap_y)
            store(here_match, at, match)
            store(here_whole, at, whole)


@compiled_part
def backward_row(model, profile, ends, ratio, scale, band, corner, cells, first_column, below, tally):
    """Turn the derivatives of the row below into those of this row, in place, in the blocks of a band.

    ``below[0, j]`` is, of the row below, the derivative by M(i+1, j) times its emission, which is
    the derivative by S(i, j-1); ``below[1 + k, j]`` that by X(i+1, j). ``cells`` are this row's
    forward cells from column ``first_column`` on, and ``scale`` what makes products of both
    probabilities; ``corner`` is what ``below[0]`` has in the column after the band. Writes the posterior of
    every match into ``tally.posterior`` and adds to the other tallies. Returns the sum of the posteriors of
    all that the row's base of X may stand in.
    """
    first_block, stop_block = band
    n_classes = len(model.classes)
    two = n_classes == 2
    n = lanes(profile)
    zero = profile.dtype.type(0)
    close_x, extend_x = spread(model.close[0, 0]), spread(model.extend[0, 0])
    close_y, extend_y = spread(model.close[1, 0]), spread(model.extend[1, 0])
    powers = load(model.powers_down[0], 0)
    close_x2, extend_x2, close_y2, extend_y2, powers2 = close_x, extend_x, close_y, extend_y, powers
    if two:
        close_x2, extend_x2 = spread(model.close[0, -1]), spread(model.extend[0, -1])
        close_y2, extend_y2 = spread(model.close[1, -1]), spread(model.extend[1, -1])
        powers2 = load(model.powers_down[-1], 0)
    farthest, farthest2 = model.powers_down[0, 0], model.powers_down[-1, 0]
    cells_match, cells_x, cells_y = cells[1], cells[2], cells[2 + n_classes]
    cells_x2, cells_y2 = cells[1 + n_classes], cells[-1]
    emitted, below_x, below_x2 = below[0], below[1], below[-1]
    closed_x = closed_y = visited_x = visited_y = spread(zero)
    closed_x2 = closed_y2 = visited_x2 = visited_y2 = spread(zero)
    of_row = spread(zero)
    right, right2 = zero, zero
    for step in range(stop_block - first_block):
        block = stop_block - 1 - step
        shift = ratio[block]
        corner *= shift
        right *= shift
        right2 *= shift
        factor = spread(scale[block])
        for w in range(BLOCK // n):
            at = block * BLOCK + BLOCK - n - w * n
            emitted_below, under = load(emitted, at), load(below_x, at)
            cell = at - first_column
            match, in_x, in_y = load(cells_match, cell), load(cells_x, cell), load(cells_y, cell)
            whole = before(emitted_below, corner)
            corner = first(emitted_below)
            by_match = add(add(whole, under), load(ends, at))
            by_x = multiply_add(extend_x, under, multiply(close_x, whole))
            inside = decayed_sum_down(multiply(close_y, whole), extend_y)
            by_y = multiply_add(powers, spread(right), inside)
            by_match = add(by_match, before(by_y, right))
            right = first(inside) + farthest * right
            share = multiply(factor, in_x)
            alone_x = multiply(by_x, share)
            visited_x = add(alone_x, visited_x)
            closed_x = multiply_add(multiply(close_x, whole), share, closed_x)
            share = multiply(factor, in_y)
            alone_y = multiply(by_y, share)
            visited_y = add(alone_y, visited_y)
            closed_y = multiply_add(multiply(close_y, whole), share, closed_y)
            store(below_x, at, by_x)
            if two:
                under = load(below_x2, at)
                by_match = add(by_match, under)
                by_x = multiply_add(extend_x2, under, multiply(close_x2, whole))
                inside = decayed_sum_down(multiply(close_y2, whole), extend_y2)
                by_y = multiply_add(powers2, spread(right2), inside)
                by_match = add(by_match, before(by_y, right2))
                right2 = first(inside) + farthest2 * right2
                share = multiply(factor, load(cells_x2, cell))
                visit = multiply(by_x, share)
                alone_x, visited_x2 = add(alone_x, visit), add(visited_x2, visit)
                closed_x2 = multiply_add(multiply(close_x2, whole), share, closed_x2)
                share = multiply(factor, load(cells_y2, cell))
                visit = multiply(by_y, share)
                alone_y, visited_y2 = add(alone_y, visit), add(visited_y2, visit)
                closed_y2 = multiply_add(multiply(close_y2, whole), share, closed_y2)
                store(below_x2, at, by_x)
            store(emitted, at, multiply(load(profile, at), by_match))
            posterior = multiply(multiply(match, factor), by_match)
            store(tally.posterior, at, posterior)
            store(tally.matched, at, add(load(tally.matched, at), posterior))
            store(tally.of_column, at, add(load(tally.of_column, at), add(posterior, alone_y)))
            of_base = add(posterior, alone_x)
            store(tally.of_block, at, add(load(tally.of_block, at), add(of_base, alone_y)))
            of_row = add(of_row, of_base)
    gaps = tally.gaps
    gaps[0, 0, 0] += total(visited_x)
    gaps[1, 0, 0] += total(visited_y)
    gaps[0, 1, 0] += total(closed_x)
    gaps[1, 1, 0] += total(closed_y)
    if two:
        gaps[0, 0, 1] += total(visited_x2)
        gaps[1, 0, 1] += total(visited_y2)
        gaps[0, 1, 1] += total(closed_x2)
        gaps[1, 1, 1] += total(closed_y2)
    return total(of_row)


@compiled
def model_of(classes, close, extend):
    """The numbers of the recurrence, from arrays ``(2, n_classes)``."""
    n, n_classes = lanes(close), close.shape[1]
    powers, powers_down = np.empty((n_classes, n)), np.empty((n_classes, n))
    for k in range(n_classes):
        power = extend[1, k]
        for v in range(n):
            powers[k, v] = power
            powers_down[k, n - 1 - v] = power
            power *= extend[1, k]
    return RecurrenceModel(classes, close, extend, powers, powers_down)


@compiled_part
def profiles_of(odds, y, n_columns):
    """Odds of every letter with the base of every column, ``(6, n_columns)``; the last row is 0."""
    profiles = np.zeros((6, n_columns))
    for a in range(5):
        for j in range(len(y)):
            profiles[a, j + 1] = odds[a, y[j]]
    return profiles
