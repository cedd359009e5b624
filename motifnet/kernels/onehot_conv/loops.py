"""Inner loops over the windows of one sequence, written as vector instructions.

A loop that is left to the compiler is vectorised or not as it happens, at a factor of three; so
the few loops on which everything waits are spelled out in LLVM's vectors, which every machine's
own instructions then carry out. A block is 32 columns (filters, of either strand) wide. Their
running results stay in registers while the sequence passes by; nothing is written in between.

What a loop does follows from the *type* of its ``plan``: a named tuple whose class says how the
windows become one number, and whose one field holds as many numbers as there are tables, of the
type that they have. So a compiled loop serves one number of tables and one type, and can be
cached on disk.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from motifnet.kernels.compiling import compiled

COLUMNS = 32
"""Columns of a block."""

TRIPLES = 125
"""Rows of a table: triples of codes 0 to 4."""

_AT_ONCE = 512  # windows whose scores are kept, so that memory does not grow with the length
_NEGLIGIBLE = -40.0  # log of what can be left out of a sum of exponentials that are at most 1
_VECTOR_BYTES = 64
_INDEX = ir.IntType(64)
_PLACE = ir.IntType(32)


class Largest(NamedTuple):
    """The largest score, and where it is."""

    taps: tuple


class Total(NamedTuple):
    """The sum of scores."""

    taps: tuple


class Rectified(NamedTuple):
    """The sum of positive scores."""

    taps: tuple


class Exponential(NamedTuple):
    """The sum of products: tables hold exponentials, so that a score's exponential costs no more."""

    taps: tuple


class Each(NamedTuple):
    """Every score on its own."""

    taps: tuple


Plan = Largest | Total | Rectified | Exponential | Each


def plan_for(pool: type[Plan], dtype: np.dtype, n_tables: int) -> Plan:
    """The plan of a loop over so many tables."""
    return pool((np.dtype(dtype).type(0),) * n_tables)


class _Loop:
    """What all loops share: the shape of vectors, and the score of one window."""

    def __init__(self, plan: types.NamedTuple) -> None:
        self.pool = plan.instance_class
        taps = plan.types[0]
        self.n_tables = len(taps)
        n_bytes = taps.dtype.bitwidth // 8
        self.scalar = ir.DoubleType() if n_bytes == 8 else ir.FloatType()
        self.lanes = _VECTOR_BYTES // n_bytes
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.places = ir.VectorType(_PLACE, self.lanes)
        self.n_vectors = COLUMNS // self.lanes
        self.row_bytes = COLUMNS * n_bytes

    def constant(self, value: float) -> ir.Constant:
        return ir.Constant(self.vector, [value] * self.lanes)

    def at(self, builder: ir.IRBuilder, address: ir.Value, vector: int, kind: ir.Type | None = None):
        """Pointer to one vector of a row of columns."""
        kind = kind or self.vector
        n_bytes = COLUMNS // self.n_vectors * (4 if kind is self.places else self.row_bytes // COLUMNS)
        return builder.inttoptr(builder.add(address, _INDEX(vector * n_bytes)), kind.as_pointer())

    def load(self, builder: ir.IRBuilder, address: ir.Value, vector: int) -> ir.Value:
        return builder.load(self.at(builder, address, vector), align=4)

    def store(self, builder: ir.IRBuilder, value: ir.Value, address: ir.Value, vector: int) -> None:
        kind = self.places if value.type == self.places else None
        builder.store(value, self.at(builder, address, vector, kind), align=4)

    def rows(self, builder: ir.IRBuilder, codes: ir.Value, window: ir.Value) -> list[ir.Value]:
        """Where, from a block's beginning, each table has the row of the window."""
        pointer = builder.inttoptr(codes, ir.IntType(8).as_pointer())
        found = []
        for table in range(self.n_tables):
            place = builder.gep(pointer, [builder.add(window, _INDEX(3 * table))])
            row = builder.add(builder.zext(builder.load(place), _INDEX), _INDEX(table * TRIPLES))
            found.append(builder.mul(row, _INDEX(self.row_bytes)))
        return found

    def combined(
        self, builder: ir.IRBuilder, tables: ir.Value, rows: list[ir.Value], vector: int
    ) -> ir.Value:
        """Sum (product, of exponentials) of the window's rows in one vector of columns."""
        combine = builder.fmul if self.pool is Exponential else builder.fadd
        result = None
        for row in rows:
            value = self.load(builder, builder.add(tables, row), vector)
            result = value if result is None else combine(result, value)
        return result

    def positive(self, builder: ir.IRBuilder, score: ir.Value, value: ir.Value) -> ir.Value:
        """``value`` where the score is positive, and 0 elsewhere."""
        zero = self.constant(0.0)
        return builder.select(builder.fcmp_ordered(">", score, zero), value, zero)

    def registers(self, builder: ir.IRBuilder, start: ir.Constant) -> list[ir.Value]:
        found = [cgutils.alloca_once(builder, start.type) for _ in range(self.n_vectors)]
        for register in found:
            builder.store(start, register)
        return found

    def everywhere(self, builder: ir.IRBuilder, number: ir.Value) -> ir.Value:
        """One number in every lane of a vector of places."""
        undefined = ir.Constant(self.places, ir.Undefined)
        first = builder.insert_element(undefined, number, _PLACE(0))
        return builder.shuffle_vector(first, undefined, ir.Constant(self.places, [0] * self.lanes))


@intrinsic
def largest(_, tables, codes, n_windows, score, place, plan):
    """Write the largest score of each column, and the window that has it, the leftmost of equals."""
    loop = _Loop(plan)

    def generate(context, builder, signature, arguments):
        tables, codes, n_windows, score, place, _ = arguments
        best = loop.registers(builder, loop.constant(float("-inf")))
        where = loop.registers(builder, ir.Constant(loop.places, [-1] * loop.lanes))
        with cgutils.for_range(builder, n_windows) as windows:
            rows = loop.rows(builder, codes, windows.index)
            here = loop.everywhere(builder, builder.trunc(windows.index, _PLACE))
            for v in range(loop.n_vectors):
                new, old = loop.combined(builder, tables, rows, v), builder.load(best[v])
                better = builder.fcmp_ordered(">", new, old)
                builder.store(builder.select(better, new, old), best[v])
                builder.store(builder.select(better, here, builder.load(where[v])), where[v])
        for v in range(loop.n_vectors):
            loop.store(builder, builder.load(best[v]), score, v)
            loop.store(builder, builder.load(where[v]), place, v)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5, plan), generate


@intrinsic
def accumulated(_, tables, codes, n_windows, total, plan):
    """Write the sum over the windows of what the plan says of each."""
    loop = _Loop(plan)

    def generate(context, builder, signature, arguments):
        tables, codes, n_windows, total, _ = arguments
        sums = loop.registers(builder, loop.constant(0.0))
        with cgutils.for_range(builder, n_windows) as windows:
            rows = loop.rows(builder, codes, windows.index)
            for v in range(loop.n_vectors):
                value = loop.combined(builder, tables, rows, v)
                if loop.pool is Rectified:
                    value = loop.positive(builder, value, value)
                builder.store(builder.fadd(builder.load(sums[v]), value), sums[v])
        for v in range(loop.n_vectors):
            loop.store(builder, builder.load(sums[v]), total, v)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, plan), generate


@intrinsic
def scattered(_, tables, codes, n_windows, gradient, of_tables, plan):
    """Add to every row of the tables what it gets of the gradient of :func:`accumulated`."""
    loop = _Loop(plan)

    def generate(context, builder, signature, arguments):
        tables, codes, n_windows, gradient, of_tables, _ = arguments
        whole = [loop.load(builder, gradient, v) for v in range(loop.n_vectors)]
        with cgutils.for_range(builder, n_windows) as windows:
            rows = loop.rows(builder, codes, windows.index)
            for v in range(loop.n_vectors):
                share = whole[v]
                if loop.pool is Exponential:
                    share = builder.fmul(loop.combined(builder, tables, rows, v), share)
                elif loop.pool is Rectified:
                    share = loop.positive(builder, loop.combined(builder, tables, rows, v), share)
                _add_to_rows(loop, builder, of_tables, rows, v, share)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5, plan), generate


@intrinsic
def each(_, tables, codes, n_windows, scores, plan):
    """Write every window's scores, a row of columns for each."""
    loop = _Loop(plan)

    def generate(context, builder, signature, arguments):
        tables, codes, n_windows, scores, _ = arguments
        with cgutils.for_range(builder, n_windows) as windows:
            rows = loop.rows(builder, codes, windows.index)
            here = builder.add(scores, builder.mul(windows.index, _INDEX(loop.row_bytes)))
            for v in range(loop.n_vectors):
                loop.store(builder, loop.combined(builder, tables, rows, v), here, v)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, plan), generate


@intrinsic
def each_scattered(_, codes, n_windows, gradients, of_tables, plan):
    """Add to every row of the tables what it gets of the gradients of :func:`each`."""
    loop = _Loop(plan)

    def generate(context, builder, signature, arguments):
        codes, n_windows, gradients, of_tables, _ = arguments
        with cgutils.for_range(builder, n_windows) as windows:
            rows = loop.rows(builder, codes, windows.index)
            here = builder.add(gradients, builder.mul(windows.index, _INDEX(loop.row_bytes)))
            for v in range(loop.n_vectors):
                _add_to_rows(loop, builder, of_tables, rows, v, loop.load(builder, here, v))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, plan), generate


def _add_to_rows(loop, builder, of_tables, rows, vector, share):
    for row in rows:
        address = builder.add(of_tables, row)
        loop.store(builder, builder.fadd(loop.load(builder, address, vector), share), address, vector)


@compiled
def place_of(f, strand, both_strands):
    """Block and column of a filter on a strand: with both strands, halves of a block are strands."""
    if both_strands:
        half = COLUMNS // 2
        return f // half, f % half + half * strand
    return f // COLUMNS, f % COLUMNS


@compiled
def best_of(triples, starts, lengths, tables, width, both_strands, plan, score, position, reverse):
    """Write the best window of each sequence for each filter: see :func:`largest`."""
    n_filters = score.shape[1]
    scores = np.empty((len(tables), COLUMNS), tables.dtype)
    places = np.empty((len(tables), COLUMNS), np.int32)
    for i in range(len(starts)):
        n_windows = max(lengths[i] - width + 1, 0)
        codes = triples.ctypes.data + starts[i]
        for block in range(len(tables)):
            largest(
                tables[block].ctypes.data,
                codes,
                n_windows,
                scores[block].ctypes.data,
                places[block].ctypes.data,
                plan,
            )
        for f in range(n_filters):
            block, column = place_of(f, 0, both_strands)
            score[i, f], position[i, f], reverse[i, f] = scores[block, column], places[block, column], False
            if both_strands:
                block, column = place_of(f, 1, both_strands)
                there, place = scores[block, column], places[block, column]
                if there > score[i, f] or (there == score[i, f] and place < position[i, f]):
                    score[i, f], position[i, f], reverse[i, f] = there, place, True


@compiled
def sums_of(triples, starts, lengths, tables, width, both_strands, plan, out):
    """Write the sums over the windows and strands of each sequence: see :func:`accumulated`."""
    sums = np.empty((len(tables), COLUMNS), tables.dtype)
    for i in range(len(starts)):
        n_windows = max(lengths[i] - width + 1, 0)
        codes = triples.ctypes.data + starts[i]
        for block in range(len(tables)):
            accumulated(tables[block].ctypes.data, codes, n_windows, sums[block].ctypes.data, plan)
        for f in range(out.shape[1]):
            block, column = place_of(f, 0, both_strands)
            out[i, f] = sums[block, column]
            if both_strands:
                block, column = place_of(f, 1, both_strands)
                out[i, f] += sums[block, column]


@compiled
def sums_gradient(triples, starts, lengths, tables, width, plan, share, of_tables):
    """Add what the tables get of the gradient of the sums of columns, ``share``."""
    for block in range(len(tables)):  # outermost, so that a block's gradient stays in the cache
        for i in range(len(starts)):
            scattered(
                tables[block].ctypes.data,
                triples.ctypes.data + starts[i],
                max(lengths[i] - width + 1, 0),
                share[i, block].ctypes.data,
                of_tables[block].ctypes.data,
                plan,
            )


@compiled
def logsumexp_of(triples, starts, lengths, tables, width, both_strands, plan, chosen, value):
    """Write the log-sum-exps of the chosen pairs of sequence and filter, from every window's scores.

    Slower than sums of looked-up exponentials, but right at any range of scores.
    """
    n_filters = value.shape[1]
    per_block = COLUMNS // 2 if both_strands else COLUMNS
    scores = np.empty((_AT_ONCE, COLUMNS), tables.dtype)
    top, total = np.empty(COLUMNS, tables.dtype), np.empty(COLUMNS, tables.dtype)
    for i in range(len(starts)):
        n_windows = max(lengths[i] - width + 1, 0)
        for block in range(len(tables)):
            filters = range(block * per_block, min((block + 1) * per_block, n_filters))
            if not chosen[i, filters.start : filters.stop].any():
                continue
            top[:], total[:] = -np.inf, 0
            for first in range(0, n_windows, _AT_ONCE):
                n = min(_AT_ONCE, n_windows - first)
                codes = triples.ctypes.data + starts[i] + first
                each(tables[block].ctypes.data, codes, n, scores.ctypes.data, plan)
                _add_exponentials(scores[:n], top, total)
            for f in filters:
                if chosen[i, f]:
                    _, column = place_of(f, 0, both_strands)
                    value[i, f] = top[column] + np.log(total[column])
                    if both_strands:
                        _, column = place_of(f, 1, both_strands)
                        value[i, f] = np.logaddexp(value[i, f], top[column] + np.log(total[column]))


@compiled
def _add_exponentials(scores, top, total):
    """Add to each column's sum of exponentials, which is relative to its largest score so far."""
    before = top.copy()
    for window in range(len(scores)):
        for column in range(COLUMNS):
            top[column] = max(top[column], scores[window, column])
    for column in range(COLUMNS):
        if total[column] > 0:
            total[column] *= np.exp(before[column] - top[column])
    for window in range(len(scores)):
        for column in range(COLUMNS):
            below = scores[window, column] - top[column]
            if below > _NEGLIGIBLE:
                total[column] += np.exp(below)


@compiled
def logsumexp_gradient(triples, starts, lengths, tables, width, plan, value, gradient, of_tables):
    """Add what the tables of scores get of the gradient of the log-sum-exps of columns.

    ``value`` and ``gradient`` are those of columns, ``(n, n_blocks, 32)``; a gradient of 0 is none.
    """
    scores = np.empty((_AT_ONCE, COLUMNS), tables.dtype)
    for block in range(len(tables)):
        for i in range(len(starts)):
            if not gradient[i, block].any():
                continue
            n_windows = max(lengths[i] - width + 1, 0)
            for first in range(0, n_windows, _AT_ONCE):
                n = min(_AT_ONCE, n_windows - first)
                codes = triples.ctypes.data + starts[i] + first
                each(tables[block].ctypes.data, codes, n, scores.ctypes.data, plan)
                _turn_into_shares(scores[:n], value[i, block], gradient[i, block])
                each_scattered(codes, n, scores.ctypes.data, of_tables[block].ctypes.data, plan)


@compiled
def _turn_into_shares(scores, value, gradient):
    """Replace every score by the gradient that it gets of its column's log-sum-exp."""
    for window in range(len(scores)):
        for column in range(COLUMNS):
            below = scores[window, column] - value[column]
            scores[window, column] = 0
            if below > _NEGLIGIBLE:
                scores[window, column] = gradient[column] * np.exp(below)


@compiled
def each_of(triples, length, first, tables, plan, out):
    """Write every window's scores, ``(n, n_windows, n_filters)``: see :func:`each`."""
    n, n_windows, n_filters = out.shape
    scores = np.empty((n_windows, COLUMNS), tables.dtype)
    for i in range(n):
        codes = triples.ctypes.data + (first + i) * length
        for block in range(len(tables)):
            each(tables[block].ctypes.data, codes, n_windows, scores.ctypes.data, plan)
            start = block * COLUMNS
            stop = min(start + COLUMNS, n_filters)
            out[i, :, start:stop] = scores[:, : stop - start]


@compiled
def each_gradient(triples, length, first, gradient, plan, of_tables):
    """Add what the tables get of the gradient of every window's scores."""
    n, n_windows, n_filters = gradient.shape
    row = np.zeros((n_windows, COLUMNS), gradient.dtype)
    for block in range(len(of_tables)):
        start = block * COLUMNS
        stop = min(start + COLUMNS, n_filters)
        for i in range(n):
            row[:, : stop - start] = gradient[i, :, start:stop]
            row[:, stop - start :] = 0
            codes = triples.ctypes.data + (first + i) * length
            each_scattered(codes, n_windows, row.ctypes.data, of_tables[block].ctypes.data, plan)
