"""Many short pairs at once: a pair in every lane, and their cells in lock-step.

The recurrences, and the powers of two that blocks of columns are relative to, are those of
:mod:`motifnet.kernels.pair_hmm.cells` and :mod:`motifnet.kernels.pair_hmm.strips`. But no lane
needs the numbers of another, so that nothing moves between lanes, and a pair's result is the
same bits in any company; and :data:`~motifnet.kernels.pair_hmm.lanes.ROWS` rows are carried on
at a time, in registers.

On the way back a derivative is relative to the inverse of its block's power of two, over the
whole, so that its product with the cell is a posterior: what underflows is a path that matters
to nobody.

Arrays are as :mod:`motifnet.kernels.pair_hmm.lanes` says.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba.extending import overload

from motifnet.kernels.compiling import compiled
from motifnet.kernels.pair_hmm.cells import BLOCK
from motifnet.kernels.pair_hmm.classes import grown, pooled, read, repeated, scaled, summed, write
from motifnet.kernels.pair_hmm.lanes import (
    N_LETTERS,
    N_OTHERS,
    ROWS,
    Size,
    clear,
    fill,
    is_copy,
    new_group,
    size_of,
)
from motifnet.kernels.pair_hmm.passes import n_strips_of, nats
from motifnet.kernels.pair_hmm.strips import EMPTY, MOST_DROP, STRIP
from motifnet.kernels.vectors import (
    add,
    ceilings,
    exponents,
    flipped,
    lanes,
    larger,
    load,
    multiply,
    multiply_add,
    powers_of_two,
    smaller,
    spread,
    store,
    subtract,
)

_LEAST_POWER, _LARGEST_POWER = -1022.0, 1023.0


class GapOdds(NamedTuple):
    """Odds of gaps: of each, a tuple with a vector for every class."""

    close_x: tuple
    extend_x: tuple
    close_y: tuple
    extend_y: tuple


class LaneCell(NamedTuple):
    """The numbers of a cell; gaps are tuples with a vector for every class."""

    whole: object
    match: object
    gaps_x: tuple
    gaps_y: tuple


class Boundary(NamedTuple):
    """A row from which those below it are computed; or many, one after the other."""

    row: np.ndarray  # (column, [S, M and X of every class])
    exponent: np.ndarray  # (block,): of two, that the row is relative to
    ratio: np.ndarray  # (block,): from the block's left neighbour to it


class LaneWork(NamedTuple):
    """What changes while a group of pairs is worked on."""

    boundary: Boundary
    tape: Boundary  # before every strip
    cells: np.ndarray  # (row, column, [M, X of every class, Y of every class])
    below: np.ndarray  # (column, [emitted match, X of every class]): derivatives
    whole: np.ndarray  # ([number, exponent],): the sum of all paths
    gaps: np.ndarray  # (side, visits or closings, class)
    matched: np.ndarray  # (letter of Y,): posteriors of a row


class AllCells(NamedTuple):
    """Every cell is kept: the type says it, so that a loop is compiled for it."""

    tag: int


class LastRow(NamedTuple):
    """Only the last of some rows is kept."""

    tag: int


def keep(whether, cells, at, step, cell):
    """Write a cell's numbers, where cells are kept."""


@overload(keep)
def _keep(whether, cells, at, step, cell):
    if whether.instance_class is LastRow:
        return lambda whether, cells, at, step, cell: None

    def kept(whether, cells, at, step, cell):
        store(cells, at, cell.match)
        write(cells, at + step, step, cell.gaps_x)
        write(cells, at + (1 + len(cell.gaps_x)) * step, step, cell.gaps_y)

    return kept


@compiled
def _rates_of(classes, rates):
    n, step = lanes(rates), lanes(rates) * len(classes)
    return GapOdds(
        read(classes, rates, 0, n),
        read(classes, rates, step, n),
        read(classes, rates, 2 * step, n),
        read(classes, rates, 3 * step, n),
    )


@compiled
def _emitted(group, row, column):
    """The odds of a row's bases with those of a column."""
    odds, letters, n = group.odds, group.letters, lanes(group.odds)
    at, letter_at = column * N_LETTERS * n, row * N_OTHERS * n
    found = load(odds, at)
    found = flipped(found, load(letters, letter_at), load(odds, at + n))
    found = flipped(found, load(letters, letter_at + n), load(odds, at + 2 * n))
    found = flipped(found, load(letters, letter_at + 2 * n), load(odds, at + 3 * n))
    return flipped(found, load(letters, letter_at + 3 * n), load(odds, at + 4 * n))


@compiled
def _cell(classes, rates, odds, diagonal, above, left):
    match = multiply(odds, diagonal)
    gaps_x = grown(rates.extend_x, above.gaps_x, repeated(classes, above.match))
    gaps_y = grown(rates.extend_y, left.gaps_y, repeated(classes, left.match))
    whole = pooled(rates.close_y, gaps_y, pooled(rates.close_x, gaps_x, match))
    return LaneCell(whole, match, gaps_x, gaps_y)


@compiled
def _relative(cell, ratio):
    """A cell as its right neighbour reads it, in whose block it may not be."""
    return LaneCell(
        multiply(cell.whole, ratio),
        multiply(cell.match, ratio),
        scaled(cell.gaps_x, ratio),
        scaled(cell.gaps_y, ratio),
    )


@compiled
def _carry(classes, whether, size, group, work, first_row, kept):
    """Carry the boundary on over some rows, which may become those of the cells from ``kept`` on."""
    boundary, n = work.boundary, lanes(group.odds)
    row, rates = boundary.row, _rates_of(classes, group.rates)
    n_fields, n_kept = (2 + len(classes)) * n, (1 + 2 * len(classes)) * n
    kept_row = size.n_blocks * BLOCK * n_kept
    corner, no_gaps = spread(0.0), repeated(classes, spread(0.0))
    one = two = three = four = LaneCell(corner, corner, no_gaps, no_gaps)
    for block in range(size.n_blocks):
        ratio = load(boundary.ratio, block * n)
        corner, one, two = multiply(corner, ratio), _relative(one, ratio), _relative(two, ratio)
        three, four = _relative(three, ratio), _relative(four, ratio)
        for column in range(block * BLOCK, (block + 1) * BLOCK):
            at, kept_at = column * n_fields, kept * kept_row + column * n_kept
            gaps_x = read(classes, row, at + 2 * n, n)
            above = LaneCell(load(row, at), load(row, at + n), gaps_x, no_gaps)
            first = _cell(classes, rates, _emitted(group, first_row, column), corner, above, one)
            second = _cell(classes, rates, _emitted(group, first_row + 1, column), one.whole, first, two)
            third = _cell(classes, rates, _emitted(group, first_row + 2, column), two.whole, second, three)
            fourth = _cell(classes, rates, _emitted(group, first_row + 3, column), three.whole, third, four)
            keep(whether, work.cells, kept_at, n, first)
            keep(whether, work.cells, kept_at + kept_row, n, second)
            keep(whether, work.cells, kept_at + 2 * kept_row, n, third)
            keep(whether, work.cells, kept_at + 3 * kept_row, n, fourth)
            store(row, at, fourth.whole)
            store(row, at + n, fourth.match)
            write(row, at + 2 * n, n, fourth.gaps_x)
            corner, one, two, three, four = above.whole, first, second, third, fourth


@compiled
def _power(exponent):
    """Two to whole numbers, as near as there is one."""
    return powers_of_two(smaller(larger(exponent, spread(_LEAST_POWER)), spread(_LARGEST_POWER)))


@compiled
def _begin(classes, size, group, work):
    """Row 0, its exponents and its cells."""
    boundary, row, n = work.boundary, work.boundary.row, lanes(group.odds)
    rates, nothing = _rates_of(classes, group.rates), spread(0.0)
    match, exponent, no_gaps = spread(1.0), nothing, repeated(classes, nothing)
    gaps = no_gaps
    for block in range(size.n_blocks):
        ratio = nothing
        if block > 0:
            rise = larger(exponents(pooled(rates.close_y, gaps, nothing)), spread(-MOST_DROP))
            exponent, ratio = add(exponent, rise), _power(subtract(nothing, rise))
            gaps = scaled(gaps, ratio)
        store(boundary.exponent, block * n, exponent)
        store(boundary.ratio, block * n, ratio)
        for column in range(block * BLOCK, (block + 1) * BLOCK):
            here = LaneCell(pooled(rates.close_y, gaps, match), match, no_gaps, gaps)
            at = column * (2 + len(classes)) * n
            store(row, at, here.whole)
            store(row, at + n, here.match)
            write(row, at + 2 * n, n, here.gaps_x)
            keep(AllCells(0), work.cells, column * (1 + 2 * len(classes)) * n, n, here)
            gaps = grown(rates.extend_y, gaps, repeated(classes, match))
            match = nothing


@compiled
def _scale(array, start, stop, factor):
    for at in range(start, stop, lanes(array)):
        store(array, at, multiply(load(array, at), factor))


@compiled
def _settle(n_fields, size, group, boundary):
    """Choose exponents anew: see :func:`motifnet.kernels.pair_hmm.strips.settle`."""
    row, n = boundary.row, lanes(group.odds)
    drop = load(group.drop, 0)
    flow = neighbour = spread(float(EMPTY))
    for block in range(size.n_blocks):
        start, stop = block * BLOCK * n_fields * n, (block + 1) * BLOCK * n_fields * n
        peak = load(row, start)
        for at in range(start + n_fields * n, stop, n_fields * n):
            peak = larger(peak, load(row, at))
        before = load(boundary.exponent, block * n)
        flow = larger(subtract(flow, drop), add(before, exponents(peak)))
        exponent = ceilings(flow)
        _scale(row, start, stop, _power(subtract(before, exponent)))
        store(boundary.exponent, block * n, exponent)
        store(boundary.ratio, block * n, _power(subtract(neighbour, exponent)))
        neighbour = exponent


@compiled
def _copy(source, at, target, target_at, n_numbers):
    for k in range(0, n_numbers, lanes(source)):
        store(target, target_at + k, load(source, at + k))


@compiled
def _copy_boundary(n_fields, size, source, number, target, target_number):
    """Copy one of some boundaries to the place of one of others."""
    n_blocks = size.n_blocks * lanes(source.row)
    n_numbers = n_blocks * BLOCK * n_fields
    _copy(source.row, number * n_numbers, target.row, target_number * n_numbers, n_numbers)
    _copy(source.exponent, number * n_blocks, target.exponent, target_number * n_blocks, n_blocks)
    _copy(source.ratio, number * n_blocks, target.ratio, target_number * n_blocks, n_blocks)


@compiled
def _ends_within(group, first_row):
    """Whether some X ends within the rows after one."""
    found = False
    for lane in range(lanes(group.odds)):
        found |= first_row < group.lengths[lane] <= first_row + ROWS
    return found


@compiled
def _take_ends(n_classes, size, group, work, first_row):
    """Note the sum of all paths in lanes whose X ends within the rows after one: those of the cells."""
    n, rates = lanes(group.odds), group.rates
    for lane in range(n):
        row, column = group.lengths[lane] - first_row, group.lengths[n + lane]
        if 0 < row <= ROWS:
            at = (row * size.n_blocks * BLOCK + column) * (1 + 2 * n_classes) * n + lane
            whole = work.cells[at]
            for k in range(n_classes):
                whole += rates[k * n + lane] * work.cells[at + (1 + k) * n]
                whole += rates[(2 * n_classes + k) * n + lane] * work.cells[at + (1 + n_classes + k) * n]
            work.whole[lane] = whole
            work.whole[n + lane] = work.boundary.exponent[column // BLOCK * n + lane]


@compiled
def _forward(classes, size, group, work, keeps):
    """Carry row 0 to the ends; where ``keeps``, put the boundary before every strip on the tape."""
    n_fields = 2 + len(classes)
    _begin(classes, size, group, work)
    for first_row in range(0, size.n_rows, ROWS):
        if first_row % STRIP == 0:
            if first_row > 0:
                _settle(n_fields, size, group, work.boundary)
            if keeps:
                _copy_boundary(n_fields, size, work.boundary, 0, work.tape, first_row // STRIP)
        if _ends_within(group, first_row):
            _carry(classes, AllCells(0), size, group, work, first_row, 1)
            _take_ends(len(classes), size, group, work, first_row)
        else:
            _carry(classes, LastRow(0), size, group, work, first_row, 1)


@compiled
def _carry_back(classes, size, group, work, row, kept):
    """Turn the derivatives of the row below into those of row ``kept`` of the cells, in place.

    Adds to the gaps, and writes the posteriors of the row's matches. ``row`` is that whose
    letters are told.
    """
    cells, below, gaps, is_letter, n = work.cells, work.below, work.gaps, group.is_letter, lanes(group.odds)
    rates, step = _rates_of(classes, group.rates), len(classes) * n
    kept_row = kept * size.n_blocks * BLOCK * (n + 2 * step)
    corner = a = c = g = t = unknown = spread(0.0)
    right = repeated(classes, corner)
    visits_x, closed_x = read(classes, gaps, 0, n), read(classes, gaps, step, n)
    visits_y, closed_y = read(classes, gaps, 2 * step, n), read(classes, gaps, 3 * step, n)
    for block in range(size.n_blocks - 1, -1, -1):
        for column in range((block + 1) * BLOCK - 1, block * BLOCK - 1, -1):
            at, kept_at = column * (n + step), kept_row + column * (n + 2 * step)
            whole, corner = corner, load(below, at)
            under = read(classes, below, at + n, n)
            gaps_x = read(classes, cells, kept_at + n, n)
            gaps_y = read(classes, cells, kept_at + n + step, n)
            by_match = summed(right, summed(under, whole))
            by_close_x, by_close_y = scaled(rates.close_x, whole), scaled(rates.close_y, whole)
            by_x = grown(rates.extend_x, under, by_close_x)
            right = grown(rates.extend_y, right, by_close_y)
            visits_x, closed_x = grown(gaps_x, by_x, visits_x), grown(gaps_x, by_close_x, closed_x)
            visits_y, closed_y = grown(gaps_y, right, visits_y), grown(gaps_y, by_close_y, closed_y)
            store(below, at, multiply(_emitted(group, row, column), by_match))
            write(below, at + n, n, by_x)
            posterior, letter_at = multiply(load(cells, kept_at), by_match), column * N_LETTERS * n
            a = multiply_add(posterior, load(is_letter, letter_at), a)
            c = multiply_add(posterior, load(is_letter, letter_at + n), c)
            g = multiply_add(posterior, load(is_letter, letter_at + 2 * n), g)
            t = multiply_add(posterior, load(is_letter, letter_at + 3 * n), t)
            unknown = multiply_add(posterior, load(is_letter, letter_at + 4 * n), unknown)
        ratio = load(work.boundary.ratio, block * n)
        corner, right = multiply(corner, ratio), scaled(right, ratio)
    write(gaps, 0, n, visits_x)
    write(gaps, step, n, closed_x)
    write(gaps, 2 * step, n, visits_y)
    write(gaps, 3 * step, n, closed_y)
    write(work.matched, 0, n, (a, c))
    write(work.matched, 2 * n, n, (g, t))
    store(work.matched, 4 * n, unknown)


@compiled
def _seed(n_classes, group, work, row):
    """Set the derivative by the whole, in lanes whose X ends with a row."""
    n = lanes(group.odds)
    for lane in range(n):
        if group.lengths[lane] == row and work.whole[lane] > 0:
            after = group.lengths[n + lane] + 1
            ratio = work.boundary.ratio[after // BLOCK * n + lane] if after % BLOCK == 0 else 1.0
            work.below[after * (1 + n_classes) * n + lane] = 1 / (work.whole[lane] * ratio)


@compiled
def _count_matches(pairs, members, g, work, row, matches):
    """Add a row's posteriors to those of its letters."""
    n = members.shape[1]
    for lane in range(n):
        i = members[g, lane]
        at = pairs.x_offsets[i] + row - 1
        if at < pairs.x_offsets[i + 1] and not is_copy(members, g, lane):
            for letter in range(N_LETTERS):
                matches[i, pairs.x[at], letter] += work.matched[letter * n + lane]


@compiled
def _lower(n_fields, size, work, strip):
    """Make the derivatives relative to the exponents of a strip, from those of the next."""
    exponent, n = work.tape.exponent, lanes(work.below)
    n_numbers = BLOCK * n_fields * n
    for block in range(size.n_blocks):
        there = load(exponent, ((strip + 1) * size.n_blocks + block) * n)
        rise = subtract(load(exponent, (strip * size.n_blocks + block) * n), there)
        _scale(work.below, block * n_numbers, (block + 1) * n_numbers, _power(rise))


@compiled
def _store_strip(classes, size, group, work, strip):
    """Compute the cells of a strip again; returns the number of its last row."""
    _copy_boundary(2 + len(classes), size, work.tape, strip, work.boundary, 0)
    if strip == 0:
        _begin(classes, size, group, work)
    stop = min((strip + 1) * STRIP, size.n_rows)
    for first_row in range(strip * STRIP, stop, ROWS):
        _carry(classes, AllCells(0), size, group, work, first_row, 1 + first_row - strip * STRIP)
    return stop


@compiled
def _backward(classes, size, group, work, pairs, members, g, matches):
    """Carry derivatives from the ends to row 0, and add expected counts."""
    n_fields, n_strips = 1 + len(classes), n_strips_of(size.n_rows)
    clear(work.below, size.n_blocks * BLOCK * n_fields * members.shape[1])
    clear(work.gaps, len(work.gaps))
    for strip in range(n_strips - 1, -1, -1):
        if strip < n_strips - 1:
            _lower(n_fields, size, work, strip)
        before = strip * STRIP
        for row in range(_store_strip(classes, size, group, work, strip), before, -1):
            _seed(len(classes), group, work, row)
            _carry_back(classes, size, group, work, row - 1, row - before)
            _count_matches(pairs, members, g, work, row, matches)
    _carry_back(classes, size, group, work, 0, 0)


@compiled
def _new_work(n_classes, size, n_boundaries, n):
    """Room for groups of up to some size, and for so many boundaries on the tape."""
    n_columns = size.n_blocks * BLOCK * n
    return LaneWork(
        _new_boundaries(n_classes, size.n_blocks * n),
        _new_boundaries(n_classes, n_boundaries * n),
        np.empty((STRIP + 1) * n_columns * (1 + 2 * n_classes)),
        np.empty(n_columns * (1 + n_classes)),
        np.empty(2 * n),
        np.empty(4 * n_classes * n),
        np.empty(N_LETTERS * n),
    )


@compiled
def _new_boundaries(n_classes, n_blocks):
    return Boundary(np.empty(n_blocks * BLOCK * (2 + n_classes)), np.empty(n_blocks), np.empty(n_blocks))


@compiled
def _room_for(n_classes, pairs, members, keeps):
    """What some groups are worked on in."""
    n_rows, n_blocks, n_kept = 0, 0, 0
    for g in range(len(members)):
        size = size_of(pairs, members, g)
        n_rows, n_blocks = max(n_rows, size.n_rows), max(n_blocks, size.n_blocks)
        n_kept = max(n_kept, n_strips_of(size.n_rows) * size.n_blocks)
    size, n = Size(n_rows, n_blocks), members.shape[1]
    return new_group(n_classes, size, n), _new_work(n_classes, size, n_kept if keeps else 0, n)


@compiled
def _tell(n_classes, work, i, lane, keeps, counts):
    """Write what a lane's pair came to."""
    n = lanes(work.below)
    counts.log_odds[i] = nats(work.whole[lane], work.whole[n + lane])
    if keeps:
        for side in range(2):
            for what in range(2):
                for k in range(n_classes):
                    at = ((2 * side + what) * n_classes + k) * n + lane
                    counts.of_gaps[i, side, what, k] = work.gaps[at]


@compiled
def pass_over(classes, pairs, members, keeps, counts):
    """Write log-odds and, where ``keeps``, expected counts of some groups of pairs.

    Parameters
    ----------
    classes : tuple of int
        As many as there are classes of gaps.
    pairs : Pairs
    members : numpy.ndarray of int64, shape=(n_groups, n_lanes)
        As of :func:`~motifnet.kernels.pair_hmm.lanes.groups_of`.
    keeps : bool
    counts : Counts
        Whose matches are 0 before.
    """
    group, work = _room_for(len(classes), pairs, members, keeps)
    for g in range(len(members)):
        size = size_of(pairs, members, g)
        fill(len(classes), size, group, pairs, members, g)
        _forward(classes, size, group, work, keeps)
        if keeps:
            _backward(classes, size, group, work, pairs, members, g, counts.matches)
        for lane in range(members.shape[1]):
            _tell(len(classes), work, members[g, lane], lane, keeps, counts)
