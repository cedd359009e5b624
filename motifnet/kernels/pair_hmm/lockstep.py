"""Many short pairs at once: a pair in every lane, and their cells in lock-step.

The recurrences are those of :mod:`motifnet.kernels.pair_hmm.cells`, but no lane needs the numbers
of another, so that nothing moves between lanes, and a pair's result is the same bits in any
company. What a cell hands on is the sum S of all paths to it, and to the cells below and right of
it the gap states X and Y that they are in: a match is added to both where it is made.

Cells are worked on in tiles of :data:`~motifnet.kernels.pair_hmm.lanes.HIGH` rows and
:data:`~motifnet.kernels.pair_hmm.lanes.WIDE` columns, and in a tile
:data:`~motifnet.kernels.pair_hmm.lanes.ROWS` rows are carried on at a time, in registers. The numbers
of a tile are relative to a power of two of its own in every lane, so that neither the length of
sequences nor that of a gap underflows. What a tile is computed from, the numbers above and left of it,
is kept as its record for the pass back.

On the way back a derivative is relative to the inverse of its tile's power of two, over the
whole, so that its product with a cell is a posterior: what underflows is a path that matters
to nobody. The posteriors of all that leads out of a tile say how much of all paths runs through it;
lanes in which it is less than :data:`LEAST_SHARE` are left out, and so is a tile of which none remains.

Arrays are as :mod:`motifnet.kernels.pair_hmm.lanes` says.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba.extending import overload

from motifnet.kernels.compiling import compiled, compiled_part
from motifnet.kernels.pair_hmm.classes import grown, pooled, read, repeated, write
from motifnet.kernels.pair_hmm.emissions import (
    PLAIN,
    AnyLetters,
    OneTable,
    counted_unknown,
    emitted,
    row_of,
    set_profile,
    table_of,
)
from motifnet.kernels.pair_hmm.lanes import (
    HIGH,
    N_LETTERS,
    ROWS,
    UNKNOWN,
    WIDE,
    Size,
    are_plain,
    clear,
    fill,
    group_in,
    is_copy,
    n_tiles_of,
    new_group,
    size_of,
)
from motifnet.kernels.pair_hmm.passes import nats
from motifnet.kernels.vectors import (
    BYTES,
    add,
    aligned,
    ceilings,
    exponents,
    lanes,
    larger,
    largest,
    load,
    load_codes,
    multiply,
    multiply_add,
    powers_of_two,
    reaching,
    smaller,
    spread,
    store,
    subtract,
    where,
)

LEAST_SHARE = 2.0**-60
"""Of all paths of a pair: the share of them that run through a tile, below which it is left out on the way
back. A pair has 2^13 tiles at most, so that 2^-47 of all paths is lost at most: as much as by rounding."""

_EACH_ROW = (0,) * ROWS
_LEAST_POWER, _LARGEST_POWER = -1022.0, 1023.0
_EMPTY = -(2.0**40)  # exponent of what holds nothing
_NEAR = (
    64.0  # bits that an exponent may be away from where it should be: far less than a float64 has room for
)


class GapOdds(NamedTuple):
    """Odds of gaps: of each, a tuple with a vector for every class."""

    close_x: tuple
    extend_x: tuple
    close_y: tuple
    extend_y: tuple


class RowEdge(NamedTuple):
    """What a cell hands to its right neighbour."""

    whole: object  # S
    gaps: tuple  # Y of every class


class TileModel(NamedTuple):
    """What cells are computed with."""

    how: object  # odds are found
    table: tuple
    rates: GapOdds


class LaneTile(NamedTuple):
    """A tile of a group."""

    strip: int
    block: int
    record: int  # where its record begins
    n_rows: int
    n_columns: int


class LaneWork(NamedTuple):
    """What changes while a group of pairs is worked on."""

    records: np.ndarray  # (tile, [number,]): as of Record
    above: np.ndarray  # (column, [S, X of every class]): what a strip hands to the next
    left: np.ndarray  # (row, [S, Y of every class]): what a tile hands to its right neighbour
    corner: np.ndarray  # S above and left of a tile
    exponent: np.ndarray  # (block,): of two, that what is above is relative to
    profile: np.ndarray  # (row, letter of Y): odds of a strip, where they are not looked up
    cells: np.ndarray  # (row, column, [M, X of every class, Y of every class]): of a tile
    whole: np.ndarray  # ([number, exponent],): the sum of all paths
    below: np.ndarray  # (column, [emitted match, X of every class]): derivatives in the strip below
    right: np.ndarray  # (row, [emitted match, Y of every class]): derivatives in the right neighbour
    beside: np.ndarray  # the same of the tile itself, and what is below and right of it
    share: np.ndarray  # of all paths, that ends in a tile
    gaps: np.ndarray  # (side, visits or closings, class)
    matched: np.ndarray  # (row, letter of Y): posteriors of a strip
    lives: np.ndarray  # (block,): whether there are derivatives below; without lanes


class AllCells(NamedTuple):
    """Every cell is kept: the type says it, so that a loop is compiled for it."""

    tag: int


class LastRow(NamedTuple):
    """Only what goes on to the neighbours is kept."""

    tag: int


def keep(whether, cells, at, match, gaps_x, gaps_y):
    """Write a cell's numbers, where cells are kept."""


@overload(keep)
def _keep(whether, cells, at, match, gaps_x, gaps_y):
    if whether.instance_class is LastRow:
        return lambda whether, cells, at, match, gaps_x, gaps_y: None

    def kept(whether, cells, at, match, gaps_x, gaps_y):
        n = lanes(cells)
        store(cells, at, match)
        write(cells, at + n, n, gaps_x)
        write(cells, at + (1 + len(gaps_x)) * n, n, gaps_y)

    return kept


@compiled_part
def _record_size(n_classes):
    """Vectors of a record: what is above, what is left, the corner, and the exponent."""
    return (WIDE + HIGH) * (1 + n_classes) + 2


@compiled_part
def _rates_of(classes, rates):
    n, step = lanes(rates), lanes(rates) * len(classes)
    return GapOdds(
        read(classes, rates, 0, n),
        read(classes, rates, step, n),
        read(classes, rates, 2 * step, n),
        read(classes, rates, 3 * step, n),
    )


@compiled_part
def _power(exponent):
    """Two to whole numbers, as near as there is one."""
    return powers_of_two(smaller(larger(exponent, spread(_LEAST_POWER)), spread(_LARGEST_POWER)))


@compiled_part
def _tile_of(n_classes, size, strip, block, n):
    number = strip * n_tiles_of(size.n_columns, WIDE) + block
    return LaneTile(
        strip,
        block,
        number * _record_size(n_classes) * n,
        min(HIGH, size.n_rows - strip * HIGH),
        min(WIDE, size.n_columns - block * WIDE),
    )


@compiled_part
def _exponent_of(n_classes, work, tile):
    """The exponents of a tile, of its record."""
    n = lanes(work.records)
    return load(work.records, tile.record + (_record_size(n_classes) - 1) * n)


@compiled_part
def _scale(array, start, n_numbers, factor):
    for at in range(start, start + n_numbers, lanes(array)):
        store(array, at, multiply(load(array, at), factor))


@compiled_part
def _copy(source, at, target, target_at, n_numbers):
    for k in range(0, n_numbers, lanes(source)):
        store(target, target_at + k, load(source, at + k))


@compiled_part
def _settle(n_classes, group, work, tile, flow, neighbour):
    """Choose the exponents of a tile, and make what its neighbours hand to it relative to them.

    They should be those of the largest number above the tile, and never further below the left
    neighbour's than the longest gaps lose. Where they are nearly so they stay as they are. ``flow`` is
    what such gaps bring, and ``neighbour`` the left neighbour's exponents; returns both for the next tile.
    """
    n, above, n_fields = lanes(work.above), work.above, (1 + n_classes) * lanes(work.above)
    start, n_numbers = tile.block * WIDE * n_fields, tile.n_columns * n_fields
    peak = load(above, start)
    for at in range(start + n_fields, start + n_numbers, n_fields):
        peak = larger(peak, load(above, at))
    before = load(work.exponent, tile.block * n)
    flow = larger(subtract(flow, load(group.drop, 0)), add(before, exponents(peak)))
    away = subtract(before, ceilings(flow))
    fall = reaching(larger(away, subtract(spread(0.0), away)), _NEAR, away)
    exponent = subtract(before, fall)
    if largest(larger(fall, subtract(spread(0.0), fall))) > 0:
        _scale(above, start, n_numbers, _power(fall))
    ratio = _power(subtract(neighbour, exponent))
    _scale(work.left, 0, tile.n_rows * n_fields, ratio)
    store(work.corner, 0, multiply(load(work.corner, 0), ratio))
    store(work.exponent, tile.block * n, exponent)
    return flow, exponent


@compiled_part
def _record(n_classes, work, tile, exponent):
    """Keep what a tile is computed from."""
    n, records, at = lanes(work.records), work.records, tile.record
    n_fields, end = (1 + n_classes) * n, at + (_record_size(n_classes) - 2) * n
    _copy(work.above, tile.block * WIDE * n_fields, records, at, tile.n_columns * n_fields)
    _copy(work.left, 0, records, at + WIDE * n_fields, tile.n_rows * n_fields)
    store(records, end, load(work.corner, 0))
    store(records, end + n, exponent)


@compiled_part
def _recall(n_classes, work, tile):
    """Read what a tile is computed from."""
    n, records, at = lanes(work.records), work.records, tile.record
    n_fields = (1 + n_classes) * n
    _copy(records, at, work.above, tile.block * WIDE * n_fields, tile.n_columns * n_fields)
    _copy(records, at + WIDE * n_fields, work.left, 0, tile.n_rows * n_fields)
    store(work.corner, 0, load(records, at + (_record_size(n_classes) - 2) * n))


def rows_from(how, group, profile, first_row, row, n_rows):
    """What odds are found by, of as many rows as ``n_rows`` has numbers."""


@overload(rows_from)
def _rows_from(how, group, profile, first_row, row, n_rows):
    if len(n_rows) == 1:
        return lambda how, group, profile, first_row, row, n_rows: (
            row_of(how, group, profile, first_row, row),
        )

    def several(how, group, profile, first_row, row, n_rows):
        others = rows_from(how, group, profile, first_row, row + 1, n_rows[1:])
        return (row_of(how, group, profile, first_row, row), *others)

    return several


def edges_from(classes, left, at, n_rows):
    """What a tile's left neighbour hands to as many rows: S and Y of each."""


@overload(edges_from)
def _edges_from(classes, left, at, n_rows):
    if len(n_rows) == 1:

        def one(classes, left, at, n_rows):
            return (RowEdge(load(left, at), read(classes, left, at + lanes(left), lanes(left))),)

        return one

    def several(classes, left, at, n_rows):
        edge = RowEdge(load(left, at), read(classes, left, at + lanes(left), lanes(left)))
        return (edge, *edges_from(classes, left, at + (1 + len(classes)) * lanes(left), n_rows[1:]))

    return several


def hand_on(left, at, edges):
    """Write what a tile hands to its right neighbour, row by row."""


@overload(hand_on)
def _hand_on(left, at, edges):
    if len(edges) == 0:
        return lambda left, at, edges: None

    def several(left, at, edges):
        n = lanes(left)
        store(left, at, edges[0].whole)
        write(left, at + n, n, edges[0].gaps)
        hand_on(left, at + (1 + len(edges[0].gaps)) * n, edges[1:])

    return several


def cells_down(model, letters, rows, edges, diagonal, gaps_x, whether, kept, at):
    """The cells of a column, one below the other: the edges that they hand on, and X below the last.

    Parameters
    ----------
    model : TileModel
    letters : vector of codes
        Of the column.
    rows, edges : tuple
        Of each row, what its odds are found by and what its left cell hands to it.
    diagonal : vector
        S above and left of the first cell.
    gaps_x : tuple of vector
        X of the first cell.
    whether : AllCells or LastRow
    kept : pointer
        The cells of the tile, in which the first lies at ``at``.
    """


@overload(cells_down)
def _cells_down(model, letters, rows, edges, diagonal, gaps_x, whether, kept, at):
    if len(rows) == 0:
        return lambda model, letters, rows, edges, diagonal, gaps_x, whether, kept, at: ((), gaps_x)

    def several(model, letters, rows, edges, diagonal, gaps_x, whether, kept, at):
        rates = model.rates
        gaps_y = edges[0].gaps
        match = multiply(emitted(model.how, model.table, rows[0], letters), diagonal)
        opened = repeated(gaps_x, match)
        keep(whether, kept, at, match, gaps_x, gaps_y)
        whole = pooled(rates.close_y, gaps_y, pooled(rates.close_x, gaps_x, match))
        edge = RowEdge(whole, grown(rates.extend_y, gaps_y, opened))
        below = at + WIDE * (1 + 2 * len(gaps_x)) * lanes(kept)
        next_x = grown(rates.extend_x, gaps_x, opened)
        others, last_x = cells_down(
            model, letters, rows[1:], edges[1:], edges[0].whole, next_x, whether, kept, below
        )
        return (edge, *others), last_x

    return several


@compiled_part
def _fill_tile(classes, how, whether, group, work, tile):
    """Compute the cells of a tile from what is above and left of it, which becomes what it hands on."""
    n, above, left, cells = lanes(work.above), work.above, work.left, work.cells
    n_fields, n_kept = (1 + len(classes)) * n, (1 + 2 * len(classes)) * n
    model = TileModel(how, table_of(how, group), _rates_of(classes, group.rates))
    start, letters_at = tile.block * WIDE * n_fields, tile.block * WIDE * n
    corner, first_row = load(work.corner, 0), tile.strip * HIGH
    store(work.corner, 0, load(above, start + (tile.n_columns - 1) * n_fields))
    for row in range(0, tile.n_rows, ROWS):
        rows = rows_from(how, group, work.profile, first_row, row, _EACH_ROW)
        edges = edges_from(classes, left, row * n_fields, _EACH_ROW)
        next_corner = edges[-1].whole
        for column in range(tile.n_columns):
            at, kept_at = start + column * n_fields, (row * WIDE + column) * n_kept
            letters = load_codes(group.y, letters_at + column * n)
            over, gaps_x = load(above, at), read(classes, above, at + n, n)
            edges, last_x = cells_down(model, letters, rows, edges, corner, gaps_x, whether, cells, kept_at)
            store(above, at, edges[-1].whole)
            write(above, at + n, n, last_x)
            corner = over
        hand_on(left, row * n_fields, edges)
        corner = next_corner


@compiled_part
def _place_of_end(group, tile, lane, n):
    """Row and column within a tile of the cell in which a lane's pair ends; a row of -1 where it does not."""
    row, column = group.lengths[lane] - tile.strip * HIGH, group.lengths[n + lane] - tile.block * WIDE
    is_inside = 0 <= row < tile.n_rows and 0 <= column < tile.n_columns
    return (row, column) if is_inside else (-1, -1)


@compiled_part
def _holds_end(group, tile, n):
    """Whether a pair ends within a tile."""
    found = False
    for lane in range(n):
        found |= _place_of_end(group, tile, lane, n)[0] >= 0
    return found


@compiled_part
def _take_ends(n_classes, group, work, tile):
    """Note the sum of all paths in lanes whose pair ends within a tile: of the cells."""
    n, rates = lanes(work.cells), group.rates
    for lane in range(n):
        row, column = _place_of_end(group, tile, lane, n)
        if row >= 0:
            at = (row * WIDE + column) * (1 + 2 * n_classes) * n + lane
            whole = work.cells[at]
            for k in range(n_classes):
                whole += rates[k * n + lane] * work.cells[at + (1 + k) * n]
                whole += rates[(2 * n_classes + k) * n + lane] * work.cells[at + (1 + n_classes + k) * n]
            work.whole[lane] = whole
            work.whole[n + lane] = work.exponent[tile.block * n + lane]


@compiled_part
def _forward(classes, how, size, group, work, keeps):
    """Compute all tiles; where ``keeps``, keep the records of them."""
    n, n_fields, n_classes = lanes(group.rates), (1 + len(classes)) * lanes(group.rates), len(classes)
    n_blocks, nothing = n_tiles_of(size.n_columns, WIDE), spread(0.0)
    clear(work.above, 0, n_blocks * WIDE * n_fields)
    for block in range(n_blocks):
        store(work.exponent, block * n, spread(_EMPTY))
    store(work.corner, 0, load(group.start, 0))
    flow = load(group.drop, 0)
    for strip in range(n_tiles_of(size.n_rows, HIGH)):
        set_profile(how, group, work.profile, strip * HIGH, min(HIGH, size.n_rows - strip * HIGH))
        clear(work.left, 0, HIGH * n_fields)
        neighbour = nothing
        for block in range(n_blocks):
            tile = _tile_of(n_classes, size, strip, block, n)
            flow, neighbour = _settle(n_classes, group, work, tile, flow, neighbour)
            if keeps:
                _record(n_classes, work, tile, neighbour)
            if _holds_end(group, tile, n):
                _fill_tile(classes, how, AllCells(0), group, work, tile)
                _take_ends(n_classes, group, work, tile)
            else:
                _fill_tile(classes, how, LastRow(0), group, work, tile)
        flow = spread(_EMPTY)
        store(work.corner, 0, nothing)


@compiled_part
def _share_below(classes, rates, work, tile, under, lower):
    """Of all paths, the share that leads from a tile into those below it.

    ``lower`` is the derivative in the tile below and to the right, relative to that below.
    """
    n, records, below = lanes(work.records), work.records, work.below
    n_fields, share, in_gaps = (1 + len(classes)) * n, spread(0.0), repeated(classes, spread(0.0))
    start, last = tile.block * WIDE * n_fields, (tile.n_columns - 1) * n_fields
    for at in range(0, last, n_fields):
        share = multiply_add(load(records, under.record + at), load(below, start + at + n_fields), share)
    for at in range(0, last + n_fields, n_fields):
        gaps = read(classes, records, under.record + at + n, n)
        in_gaps = grown(gaps, read(classes, below, start + at + n, n), in_gaps)
    share = multiply_add(load(records, under.record + last), lower, share)
    return pooled(rates.close_x, in_gaps, share)


@compiled_part
def _share_right(classes, rates, work, tile, neighbour):
    """Of all paths, the share that leads from a tile into its right neighbour."""
    n, records, right = lanes(work.records), work.records, work.right
    n_fields, share, in_gaps = (1 + len(classes)) * n, spread(0.0), repeated(classes, spread(0.0))
    record, last = neighbour.record + WIDE * n_fields, (tile.n_rows - 1) * n_fields
    for at in range(0, last, n_fields):
        share = multiply_add(load(records, record + at), load(right, at + n_fields), share)
    for at in range(0, last + n_fields, n_fields):
        gaps = read(classes, records, record + at + n, n)
        in_gaps = grown(gaps, read(classes, right, at + n, n), in_gaps)
    return pooled(rates.close_y, in_gaps, share)


@compiled_part
def _share_of_ends(group, work, tile):
    """Of all paths, the share that ends in a tile: one or none."""
    n = lanes(work.records)
    for lane in range(n):
        work.share[lane] = 1.0 if _place_of_end(group, tile, lane, n)[0] >= 0 else 0.0
    return load(work.share, 0)


@compiled_part
def _join(classes, size, group, work, tile, lower):
    """Make derivatives around a tile relative to its exponents, in lanes in which paths run through it.

    ``lower`` is the derivative below and right of the tile, relative to where it lies. Tells whether
    there are such lanes.
    """
    n, n_classes = lanes(work.records), len(classes)
    n_fields, rates = (1 + n_classes) * n, _rates_of(classes, group.rates)
    here = _exponent_of(n_classes, work, tile)
    by_below = by_right = by_lower = spread(0.0)
    share = _share_of_ends(group, work, tile)
    is_last_row = (tile.strip + 1) * HIGH >= size.n_rows
    is_last_column = (tile.block + 1) * WIDE >= size.n_columns
    if not is_last_row:
        under = _tile_of(n_classes, size, tile.strip + 1, tile.block, n)
        exponent, by_below_right = _exponent_of(n_classes, work, under), spread(0.0)
        by_below = _power(subtract(here, exponent))
        if not is_last_column:
            across = _tile_of(n_classes, size, tile.strip + 1, tile.block + 1, n)
            farther = _exponent_of(n_classes, work, across)
            by_lower, by_below_right = _power(subtract(here, farther)), _power(subtract(exponent, farther))
        share = add(share, _share_below(classes, rates, work, tile, under, multiply(lower, by_below_right)))
    if not is_last_column:
        neighbour = _tile_of(n_classes, size, tile.strip, tile.block + 1, n)
        by_right = _power(subtract(here, _exponent_of(n_classes, work, neighbour)))
        share = add(share, _share_right(classes, rates, work, tile, neighbour))
    start, n_numbers = tile.block * WIDE * n_fields, tile.n_columns * n_fields
    by_below, by_right = reaching(share, LEAST_SHARE, by_below), reaching(share, LEAST_SHARE, by_right)
    _scale(work.below, start, n_numbers, by_below)
    _copy(work.right, 0, work.beside, 0, tile.n_rows * n_fields)
    _scale(work.beside, 0, tile.n_rows * n_fields, by_right)
    store(work.beside, tile.n_rows * n_fields, multiply(lower, reaching(share, LEAST_SHARE, by_lower)))
    return largest(share) >= LEAST_SHARE


@compiled_part
def _seed(n_classes, group, work, tile, row):
    """Set the derivative by the whole, in lanes whose pair ends in a row of a tile."""
    n = lanes(work.records)
    n_fields = (1 + n_classes) * n
    for lane in range(n):
        its_row, column = _place_of_end(group, tile, lane, n)
        if its_row == row and work.whole[lane] > 0:
            if column == tile.n_columns - 1:
                work.beside[(row + 1) * n_fields + lane] = 1 / work.whole[lane]
            else:
                at = (tile.block * WIDE + column + 1) * n_fields + lane
                work.below[at] = 1 / work.whole[lane]


@compiled_part
def _carry_back(classes, how, group, work, tile, holds_end):
    """Carry derivatives from below and right of a tile to above and left of it, and add expected counts."""
    n, step, table = lanes(work.records), lanes(work.records) * len(classes), table_of(how, group)
    cells, below, beside, matched, gaps = work.cells, work.below, work.beside, work.matched, work.gaps
    rates, n_fields, n_kept = _rates_of(classes, group.rates), n + step, n + 2 * step
    start, letters_at = tile.block * WIDE * n_fields, tile.block * WIDE * n
    visits_x, closed_x = read(classes, gaps, 0, n), read(classes, gaps, step, n)
    visits_y, closed_y = read(classes, gaps, 2 * step, n), read(classes, gaps, 3 * step, n)
    for row in range(tile.n_rows - 1, -1, -1):
        if holds_end:
            _seed(len(classes), group, work, tile, row)
        odds = row_of(how, group, work.profile, tile.strip * HIGH, row)
        whole = load(beside, (row + 1) * n_fields)
        right, its = read(classes, beside, row * n_fields + n, n), row * N_LETTERS * n
        a, c, unknown = load(matched, its), load(matched, its + n), load(matched, its + UNKNOWN * n)
        g, t = load(matched, its + 2 * n), load(matched, its + 3 * n)
        for column in range(tile.n_columns - 1, -1, -1):
            at, kept_at = start + column * n_fields, (row * WIDE + column) * n_kept
            letters, under = load_codes(group.y, letters_at + column * n), read(classes, below, at + n, n)
            gaps_x = read(classes, cells, kept_at + n, n)
            gaps_y = read(classes, cells, kept_at + n + step, n)
            closing = repeated(classes, whole)
            by_match = pooled(rates.close_y, right, pooled(rates.close_x, under, whole))
            by_x, right = grown(rates.extend_x, under, closing), grown(rates.extend_y, right, closing)
            visits_x, closed_x = grown(gaps_x, by_x, visits_x), grown(gaps_x, closing, closed_x)
            visits_y, closed_y = grown(gaps_y, right, visits_y), grown(gaps_y, closing, closed_y)
            whole, posterior = load(below, at), multiply(load(cells, kept_at), by_match)
            store(below, at, multiply(emitted(how, table, odds, letters), by_match))
            write(below, at + n, n, by_x)
            a, c = where(letters, 0, add(a, posterior), a), where(letters, 1, add(c, posterior), c)
            g, t = where(letters, 2, add(g, posterior), g), where(letters, 3, add(t, posterior), t)
            unknown = counted_unknown(how, letters, posterior, unknown)
        store(work.right, row * n_fields, load(below, start))
        write(work.right, row * n_fields + n, n, right)
        write(matched, its, n, (a, c))
        write(matched, its + 2 * n, n, (g, t))
        store(matched, its + UNKNOWN * n, unknown)
    write(gaps, 0, n, visits_x)
    write(gaps, step, n, closed_x)
    write(gaps, 2 * step, n, visits_y)
    write(gaps, 3 * step, n, closed_y)


@compiled_part
def _count_matches(group, members, g, work, strip, n_rows, matches):
    """Add the posteriors of a strip to those of its letters."""
    n = members.shape[1]
    for lane in range(n):
        if is_copy(members, g, lane):
            continue
        its = matches[members[g, lane]]
        last = min(n_rows - 1, group.lengths[lane] - strip * HIGH)
        for row in range(1 if strip == 0 else 0, last + 1):
            of_letter = its[group.x[(strip * HIGH + row) * n + lane]]
            for letter in range(N_LETTERS):
                of_letter[letter] += work.matched[(row * N_LETTERS + letter) * n + lane]


@compiled_part
def _backward(classes, how, size, group, work, members, g, matches):
    """Carry derivatives from the ends back to the first row, and add expected counts."""
    n, n_fields, n_blocks = members.shape[1], 1 + len(classes), n_tiles_of(size.n_columns, WIDE)
    clear(work.below, 0, n_blocks * WIDE * n_fields * n)
    clear(work.gaps, 0, 4 * len(classes) * n)
    for block in range(n_blocks):
        work.lives[block] = 0
    for strip in range(n_tiles_of(size.n_rows, HIGH) - 1, -1, -1):
        n_rows = min(HIGH, size.n_rows - strip * HIGH)
        set_profile(how, group, work.profile, strip * HIGH, n_rows)
        clear(work.matched, 0, HIGH * N_LETTERS * n)
        clear(work.right, 0, HIGH * n_fields * n)
        lower, is_lower, is_right = spread(0.0), False, False
        for block in range(n_blocks - 1, -1, -1):
            tile = _tile_of(len(classes), size, strip, block, n)
            holds_end, is_below = _holds_end(group, tile, n), work.lives[block] > 0
            next_lower, lives = load(work.below, block * WIDE * n_fields * n), False
            if holds_end or is_below or is_right or is_lower:
                lives = _join(classes, size, group, work, tile, lower)
            if lives:
                _recall(len(classes), work, tile)
                _fill_tile(classes, how, AllCells(0), group, work, tile)
                _carry_back(classes, how, group, work, tile, holds_end)
            elif is_right:
                clear(work.right, 0, HIGH * n_fields * n)
            work.lives[block] = 1 if lives else 0
            lower, is_lower, is_right = next_lower, is_below, lives
        _count_matches(group, members, g, work, strip, n_rows, matches)


@compiled_part
def _new_work(n_classes, n_blocks, n_records, n):
    """Arrays with room for groups with up to so many tiles in a row and so many records; a vector more."""
    n_fields = 1 + n_classes
    return LaneWork(
        np.empty((n_records * _record_size(n_classes) + 1) * n),
        np.empty((n_blocks * WIDE * n_fields + 1) * n),
        np.empty((HIGH * n_fields + 1) * n),
        np.empty(2 * n),
        np.empty((n_blocks + 1) * n),
        np.empty((HIGH * N_LETTERS + 1) * n),
        np.empty((HIGH * WIDE * (1 + 2 * n_classes) + 1) * n),
        np.empty(3 * n),
        np.empty((n_blocks * WIDE * n_fields + 1) * n),
        np.empty((HIGH * n_fields + 1) * n),
        np.empty(((HIGH + 1) * n_fields + 1) * n),
        np.empty(2 * n),
        np.empty((4 * n_classes + 1) * n),
        np.empty((HIGH * N_LETTERS + 1) * n),
        np.empty(n_blocks + BYTES, np.uint8),
    )


@compiled_part
def _work_in(room):
    """The same with pointers into its arrays, which have to stay."""
    return LaneWork(
        aligned(room.records),
        aligned(room.above),
        aligned(room.left),
        aligned(room.corner),
        aligned(room.exponent),
        aligned(room.profile),
        aligned(room.cells),
        aligned(room.whole),
        aligned(room.below),
        aligned(room.right),
        aligned(room.beside),
        aligned(room.share),
        aligned(room.gaps),
        aligned(room.matched),
        aligned(room.lives),
    )


@compiled_part
def _room_for(n_classes, pairs, members, keeps):
    """What some groups are worked on in."""
    n_rows, n_columns, n_records = 0, 0, 0
    for g in range(len(members)):
        size = size_of(pairs, members, g)
        n_rows, n_columns = max(n_rows, size.n_rows), max(n_columns, size.n_columns)
        n_records = max(n_records, n_tiles_of(size.n_rows, HIGH) * n_tiles_of(size.n_columns, WIDE))
    n, n_blocks = members.shape[1], n_tiles_of(n_columns, WIDE)
    work = _new_work(n_classes, n_blocks, n_records if keeps else 0, n)
    return new_group(n_classes, Size(n_rows, n_columns), n), work


@compiled_part
def _tell(n_classes, group, work, i, lane, keeps, counts):
    """Write what a lane's pair came to."""
    n = lanes(work.records)
    counts.log_odds[i] = nats(work.whole[lane], work.whole[n + lane])
    if keeps:
        for side in range(2):
            for what in range(2):
                for k in range(n_classes):
                    at = ((2 * side + what) * n_classes + k) * n + lane
                    close = group.rates[(2 * side * n_classes + k) * n + lane]
                    counts.of_gaps[i, side, what, k] = close * work.gaps[at]


@compiled
def pass_over(classes, how, pairs, members, keeps, counts):
    """Write log-odds and, where ``keeps``, expected counts of some groups of pairs.

    Parameters
    ----------
    classes : tuple of int
        As many as there are classes of gaps.
    how : OneTable or KnownBases or AnyLetters
        How odds are found, which all groups allow.
    pairs : Pairs
    members : numpy.ndarray of int64, shape=(n_groups, n_lanes)
        As of :func:`~motifnet.kernels.pair_hmm.lanes.groups_of`.
    keeps : bool
    counts : Counts
        Whose matches are 0 before.
    """
    group, work = _room_for(len(classes), pairs, members, keeps)
    _pass_within(classes, how, pairs, members, keeps, counts, group, work)


@compiled_part
def _pass_within(classes, how, pairs, members, keeps, counts, group_room, work_room):
    """Do so within some room."""
    group, work = group_in(group_room), _work_in(work_room)
    for g in range(len(members)):
        size = size_of(pairs, members, g)
        fill(len(classes), size, group, pairs, members, g)
        _forward(classes, how, size, group, work, keeps)
        if keeps:
            _backward(classes, how, size, group, work, members, g, counts.matches)
        for lane in range(members.shape[1]):
            _tell(len(classes), group, work, members[g, lane], lane, keeps, counts)


def dealt(pairs, groups):
    """Groups by how their odds are found.

    Parameters
    ----------
    pairs : Pairs
    groups : numpy.ndarray of int64, shape=(n_groups, n_lanes)
        As of :func:`~motifnet.kernels.pair_hmm.lanes.groups_of`.

    Returns
    -------
    list of tuple
        A way of :mod:`motifnet.kernels.pair_hmm.emissions`, and the groups for it, if there are any.
    """
    plain = are_plain(pairs, groups, isinstance(PLAIN, OneTable))
    ways = [(PLAIN, groups[plain]), (AnyLetters(0), groups[~plain])]
    return [(how, its) for how, its in ways if len(its)]
