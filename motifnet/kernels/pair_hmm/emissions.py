"""Odds of a row's letters with those of a column: three ways, of which a loop is compiled for one."""

from __future__ import annotations

from typing import NamedTuple

from numba.extending import overload

from motifnet.kernels.compiling import compiled_part
from motifnet.kernels.pair_hmm.lanes import N_BASES, N_LETTERS, UNKNOWN
from motifnet.kernels.vectors import (
    HAS_TABLES,
    add,
    chosen,
    lanes,
    load,
    load_codes,
    looked_up,
    store,
    table_rows,
    where,
)


class OneTable(NamedTuple):
    """All lanes have one model, and no letter is unknown: odds are looked up in a table in registers."""

    tag: int


class KnownBases(NamedTuple):
    """No letter is unknown: odds are chosen among those with four bases."""

    tag: int


class AnyLetters(NamedTuple):
    """Letters may be unknown, and lanes have models of their own."""

    tag: int


PLAIN = OneTable(0) if HAS_TABLES else KnownBases(0)
"""The way that is fastest on this machine, for groups that allow it."""


class RowOdds(NamedTuple):
    """Odds of a row's letters with each letter of Y."""

    a: object
    c: object
    g: object
    t: object
    unknown: object


@compiled_part
def _row_of_profile(profile, row):
    n = lanes(profile)
    at = row * N_LETTERS * n
    return RowOdds(
        load(profile, at),
        load(profile, at + n),
        load(profile, at + 2 * n),
        load(profile, at + 3 * n),
        load(profile, at + 4 * n),
    )


@compiled_part
def _set_profile(group, profile, first_row, n_rows):
    n, odds = lanes(group.odds), group.odds
    for row in range(n_rows):
        letters = load_codes(group.x, (first_row + row) * n)
        for letter in range(N_LETTERS):
            a, c = load(odds, letter * n), load(odds, (N_LETTERS + letter) * n)
            g, t = load(odds, (2 * N_LETTERS + letter) * n), load(odds, (3 * N_LETTERS + letter) * n)
            unknown = load(odds, (UNKNOWN * N_LETTERS + letter) * n)
            its = where(letters, UNKNOWN, unknown, chosen(letters, a, c, g, t))
            store(profile, (row * N_LETTERS + letter) * n, its)


def set_profile(how, group, profile, first_row, n_rows):
    """Write the odds of some rows' letters with every letter into ``profile``, if they are read there."""


@overload(set_profile)
def _setting_profile(how, group, profile, first_row, n_rows):
    if how.instance_class is OneTable:
        return lambda how, group, profile, first_row, n_rows: None
    return lambda how, group, profile, first_row, n_rows: _set_profile(group, profile, first_row, n_rows)


def table_of(how, group):
    """The halves of the table that odds are looked up in; nothing where they are not."""


@overload(table_of)
def _table_of(how, group):
    if how.instance_class is OneTable:
        return lambda how, group: (load(group.table, 0), load(group.table, N_BASES * N_BASES // 2))
    return lambda how, group: ()


def row_of(how, group, profile, first_row, row):
    """What :func:`emitted` needs of a row, which is the ``row``-th of the profile."""


@overload(row_of)
def _row_of(how, group, profile, first_row, row):
    if how.instance_class is OneTable:

        def places(how, group, profile, first_row, row):
            return table_rows(load_codes(group.x, (first_row + row) * lanes(group.odds)))

        return places
    return lambda how, group, profile, first_row, row: _row_of_profile(profile, row)


def emitted(how, table, row, letters):
    """The odds of a row's letters with those of a column, one vector."""


@overload(emitted)
def _emitted(how, table, row, letters):
    if how.instance_class is OneTable:
        return lambda how, table, row, letters: looked_up(row, letters, table[0], table[1])

    def known(how, table, row, letters):
        return chosen(letters, row.a, row.c, row.g, row.t)

    def of_any(how, table, row, letters):
        known = chosen(letters, row.a, row.c, row.g, row.t)
        return where(letters, UNKNOWN, row.unknown, known)

    return known if how.instance_class is KnownBases else of_any


def counted_unknown(how, letters, posterior, count):
    """The count of matches with an unknown letter, and those of a column with it, where there may be one."""


@overload(counted_unknown)
def _counted_unknown(how, letters, posterior, count):
    if how.instance_class is not AnyLetters:
        return lambda how, letters, posterior, count: count
    return lambda how, letters, posterior, count: where(letters, UNKNOWN, add(count, posterior), count)
