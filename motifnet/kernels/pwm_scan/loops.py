"""The loop over windows, written as vector instructions.

A block is 64 matrices wide. What a window lacks of the best score of each is one vector of 64
bytes: a sum of rows of tables, one for every four bases. The first table begins at minus what a
hit may lack at most, less one, so that what may be a hit is negative. Sums saturate, and what a
base lacks is never negative, so that no sum can turn negative again.

A byte holds no score exactly. What is lacking is rounded down, so that no hit is lost, and the
few windows that remain are scored by the matrices themselves.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from motifnet.kernels.compiling import compiled

COLUMNS = 64
"""Matrices of a block."""

QUADS = 256
"""Rows of a table: words of four known bases."""

AT_ONCE = 4
"""Windows that are tested together, so that one branch serves all of them."""

_ADDRESS = ir.IntType(64)
_BYTE = ir.IntType(8)
_ROW = ir.VectorType(_BYTE, COLUMNS)
_NONE = ir.Constant(_ROW, [0] * COLUMNS)


def _saturating_sum(builder, one, other):
    kind = ir.FunctionType(_ROW, [_ROW, _ROW])
    add = cgutils.get_or_insert_function(builder.module, kind, f"llvm.sadd.sat.v{COLUMNS}i8")
    return builder.call(add, [one, other])


def _row(builder, table, quads, place):
    """The row of a table that the four bases at a place look up."""
    pointer = builder.inttoptr(builder.add(quads, place), _BYTE.as_pointer())
    quad = builder.zext(builder.load(pointer), _ADDRESS)
    address = builder.add(table, builder.mul(quad, _ADDRESS(COLUMNS)))
    return builder.load(builder.inttoptr(address, _ROW.as_pointer()), align=COLUMNS)


def _lacking(builder, tables, n_tables, quads, window, n_windows):
    """What so many windows from one on lack: a vector for each, negative where there is a hit."""
    places = [builder.add(window, _ADDRESS(i)) for i in range(n_windows)]
    sums = [cgutils.alloca_once(builder, _ROW) for _ in places]
    for total, place in zip(sums, places, strict=True):
        builder.store(_row(builder, tables, quads, place), total)
    with cgutils.for_range(builder, builder.sub(n_tables, _ADDRESS(1))) as loop:
        number = builder.add(loop.index, _ADDRESS(1))
        table = builder.add(tables, builder.mul(number, _ADDRESS(QUADS * COLUMNS)))
        ahead = builder.add(quads, builder.mul(number, _ADDRESS(4)))
        for total, place in zip(sums, places, strict=True):
            row = _row(builder, table, ahead, place)
            builder.store(_saturating_sum(builder, builder.load(total), row), total)
    return [builder.load(total) for total in sums]


def _negative(builder, row):
    """The bits of the columns that are negative."""
    return builder.bitcast(builder.icmp_signed("<", row, _NONE), ir.IntType(COLUMNS))


@intrinsic
def next_hits(_, tables, n_tables, quads, first, stop):
    """The first window, in steps of ``AT_ONCE``, from which on ``AT_ONCE`` windows hold a hit."""

    def generate(context, builder, signature, arguments):
        tables, n_tables, quads, first, stop = arguments
        window = cgutils.alloca_once_value(builder, first)
        test, body, onward, done = (
            builder.append_basic_block(name) for name in ("test", "body", "onward", "done")
        )
        builder.branch(test)
        builder.position_at_end(test)
        builder.cbranch(builder.icmp_signed("<", builder.load(window), stop), body, done)
        builder.position_at_end(body)
        rows = _lacking(builder, tables, n_tables, quads, builder.load(window), AT_ONCE)
        while len(rows) > 1:  # the sign of an "or" is negative where either is
            rows = [builder.or_(one, other) for one, other in zip(rows[::2], rows[1::2], strict=True)]
        found = builder.icmp_unsigned("!=", _negative(builder, rows[0]), ir.Constant(ir.IntType(COLUMNS), 0))
        builder.cbranch(found, done, onward)
        builder.position_at_end(onward)
        builder.store(builder.add(builder.load(window), _ADDRESS(AT_ONCE)), window)
        builder.branch(test)
        builder.position_at_end(done)
        return builder.load(window)

    return types.int64(*[types.int64] * 5), generate


@intrinsic
def hits_at(_, tables, n_tables, quads, window):
    """The hits of one window, as the bits of a number: the lowest is that of the first column."""

    def generate(context, builder, signature, arguments):
        (row,) = _lacking(builder, *arguments, 1)
        return _negative(builder, row)

    return types.uint64(*[types.int64] * 4), generate


@intrinsic
def lowest(_, bits):
    """The place of the lowest bit that is set."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@compiled
def fill_quads(codes, quads):
    """Write the word of four bases that begins at each code, as far as there are four."""
    for i in range(len(codes) - 3):
        word = (codes[i] & 3) << 6 | (codes[i + 1] & 3) << 4 | (codes[i + 2] & 3) << 2 | codes[i + 3] & 3
        quads[i] = np.uint8(word)


@compiled
def hits_of_block(
    tables, quads, codes, starts, stops, begin, widths, thresholds, scores, window, column, score
):
    """Write the hits of a block that begin from a window on, as far as they fit.

    Parameters
    ----------
    tables : numpy.ndarray of int8, shape=(n_tables, 256, 64)
    quads, codes : numpy.ndarray of uint8
        Codes, and the words of four that begin at each.
    starts, stops : numpy.ndarray of int64, shape=(n_runs,)
        Runs of known bases of one sequence.
    begin : int
        The first window to look at.
    widths, thresholds : numpy.ndarray of int64, shape=(n_columns,)
        Of at most 64 matrices, the narrowest last.
    scores : numpy.ndarray of int32, shape=(n_columns, longest, 4)
    window, column, score : numpy.ndarray
        Filled with the hits, by window and then by column.

    Returns
    -------
    n_hits : int
    reached : int
        The window to go on at; the number of codes where all are done.
    """
    n, narrowest = 0, widths[-1]
    address, words = tables.ctypes.data, quads.ctypes.data
    for run in range(np.searchsorted(stops, begin, side="right"), len(starts)):
        last = stops[run] - narrowest + 1
        first = next_hits(address, len(tables), words, max(begin, starts[run]), last)
        while first < last:
            for here in range(first, min(first + AT_ONCE, last)):
                if n + COLUMNS > len(window):
                    return n, here
                likely = hits_at(address, len(tables), words, here)
                while likely != 0:
                    c = lowest(likely)
                    likely &= likely - np.uint64(1)
                    if here + widths[c] > stops[run]:
                        continue
                    total = 0
                    for j in range(widths[c]):
                        total += scores[c, j, codes[here + j]]
                    if total >= thresholds[c]:
                        window[n], column[n], score[n] = here, c, total
                        n += 1
            first = next_hits(address, len(tables), words, first + AT_ONCE, last)
    return n, len(codes)
