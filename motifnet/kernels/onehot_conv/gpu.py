"""The operation on a GPU: Triton kernels that keep one-hot windows and scores in registers.

A block of windows times a block of filters is one product on the tensor cores. The one-hot
matrix of the block is made from the codes where it is multiplied. It is exact in bfloat16, and a
float32 weight is the exact sum of three bfloat16 numbers, so that three products accumulated in
float32 give the score as float32 arithmetic would.

A column of the product is a filter on one strand: with both strands, each filter has its reverse
complement beside it. Every thread pools the scores that it happens to hold, window by window, and
the threads' results are merged once a sequence. Gradients are summed up in an order that depends
on the shapes alone, never by atomic additions, so that a step can be repeated to the last bit.

All tensors lie on one device, contiguous: codes uint8 ``(n, length)``, lengths int64 ``(n,)``,
everything else float32 unless said otherwise. A window counts if it ends within its sequence's
length; a code of 4 or more adds nothing.
"""

from __future__ import annotations

import subprocess
from typing import Any, NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.errors import TritonError

from motifnet.kernels.onehot_conv.contract import Best

DTYPES = (torch.float32,)
"""Types of filters that it computes in."""

FAILURES = (TritonError, subprocess.SubprocessError)
"""Errors of its compiler, and of those that this one starts, that no builtin covers."""

_WINDOWS = 64  # of a block: the rows of one instruction of Hopper's tensor cores
# Columns of a block, at most, of filters of 32 bases; fewer of wider ones, which all stay in
# shared memory. A gradient has as many sums to keep in registers besides.
_COLUMNS = 64
_COLUMNS_OF_GRADIENT = 32
_SEQUENCES = 64  # whose best windows one program scatters
# Programs at most. They are no property of the device, on which rounding would then depend.
_PROGRAMS = 1024
_PARTS = 256  # of a gradient: each is written to memory


def best(codes: Tensor, lengths: Tensor, filters: Tensor, *, both_strands: bool) -> Best:
    """The best window of each sequence for each filter.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(n, length)
    lengths : Tensor of int64, shape=(n,)
    filters : Tensor of float32, shape=(n_filters, 4, width)
    both_strands : bool
        Whether to look on the reverse strand too.

    Returns
    -------
    Best
        Tensors of shape ``(n, n_filters)``.
    """
    shape = len(codes), len(filters)
    found = Best(
        codes.new_empty(shape, dtype=torch.float32),
        codes.new_empty(shape, dtype=torch.int32),
        codes.new_empty(shape, dtype=torch.bool),
    )
    block = _block(codes, len(filters), filters.shape[2], both_strands=both_strands)
    _launch(
        _best_kernel,
        _grid(len(codes), len(filters), block, _PROGRAMS),
        codes,
        lengths,
        filters,
        *found,
        *codes.shape,
        len(filters),
        **block._asdict(),
    )
    return found


def best_gradient(codes: Tensor, position: Tensor, reverse: Tensor, gradient: Tensor, width: int) -> Tensor:
    """Gradient of the filters, ``(n_filters, 4, width)``, given that of the best windows' scores.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(n, length)
    position, reverse : Tensor of int32 and of bool, shape=(n, n_filters)
        From :func:`best`; a position of -1 adds nothing.
    gradient : Tensor of float32, shape=(n, n_filters)
    width : int
        Bases of a filter.
    """
    n, n_filters = gradient.shape
    parts = gradient.new_empty((-(-n // _SEQUENCES), n_filters, 4, width))
    _launch(
        _best_gradient_kernel,
        (parts.shape[0], parts.shape[1]),
        codes,
        position,
        reverse,
        gradient,
        parts,
        *codes.shape,
        n_filters,
        WIDTH=width,
        BASES=1 << (width - 1).bit_length(),
        SEQUENCES=_SEQUENCES,
    )
    return parts.sum(0)


def pooled(
    codes: Tensor, lengths: Tensor, filters: Tensor, bias: Tensor, pool: str, *, both_strands: bool
) -> Tensor:
    """Scores pooled over windows and strands, ``(n, n_filters)``.

    Parameters
    ----------
    codes, lengths, filters, both_strands
        As for :func:`best`.
    bias : Tensor of float32, shape=(n_filters,)
        Added to every score.
    pool : {"logsumexp", "sum", "relu"}
        What is summed up: exponentials, and their sum's logarithm taken; scores; positive scores.
        Where a sequence has no window the sum is zero.
    """
    value = codes.new_empty((len(codes), len(filters)), dtype=torch.float32)
    block = _block(codes, len(filters), filters.shape[2], both_strands=both_strands)
    _launch(
        _pooled_kernel,
        _grid(len(codes), len(filters), block, _PROGRAMS),
        codes,
        lengths,
        filters,
        bias,
        value,
        *codes.shape,
        len(filters),
        POOL=pool,
        **block._asdict(),
    )
    return value


def pooled_gradient(
    codes: Tensor,
    lengths: Tensor,
    filters: Tensor,
    bias: Tensor,
    pool: str,
    value: Tensor,
    gradient: Tensor,
    *,
    both_strands: bool,
) -> tuple[Tensor, Tensor]:
    """Gradients of filters ``(n_filters, 4, width)`` and biases ``(n_filters,)``.

    Parameters
    ----------
    codes, lengths, filters, bias, pool, both_strands
        As for :func:`pooled`.
    value : Tensor of float32, shape=(n, n_filters)
        What :func:`pooled` returned.
    gradient : Tensor of float32, shape=(n, n_filters)
        Its gradient.
    """
    block = _block(
        codes, len(filters), filters.shape[2], both_strands=both_strands, most=_COLUMNS_OF_GRADIENT
    )
    grid = _grid(_n_blocks(codes, filters.shape[2]), len(filters), block, _PARTS)
    of_columns = gradient.new_empty((grid[0], 4 * block.BASES, grid[1] * block.COLUMNS))
    of_biases = gradient.new_empty((grid[0], grid[1] * block.COLUMNS))
    _launch(
        _pooled_gradient_kernel,
        grid,
        codes,
        lengths,
        filters,
        bias,
        value,
        gradient,
        of_columns,
        of_biases,
        *codes.shape,
        len(filters),
        POOL=pool,
        **block._asdict(),
    )
    n_columns = len(filters) * block.STRANDS
    of_bias = of_biases.sum(0)[:n_columns].view(len(filters), block.STRANDS).sum(1)
    return _of_filters(of_columns, len(filters), block), of_bias


def scores(codes: Tensor, filters: Tensor) -> Tensor:
    """Every window's scores on the given strand, ``(n, n_filters, length - width + 1)``.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(n, length)
        Of which every base counts.
    filters : Tensor of float32, shape=(n_filters, 4, width)
    """
    block = _block(codes, len(filters), filters.shape[2], both_strands=False)
    n_windows = codes.shape[1] - block.WIDTH + 1
    out = filters.new_empty((len(codes), len(filters), n_windows))
    _launch(
        _scores_kernel,
        _grid(_n_blocks(codes, block.WIDTH), len(filters), block, _PROGRAMS),
        codes,
        filters,
        out,
        *codes.shape,
        len(filters),
        **block._asdict(),
    )
    return out


def scores_gradient(codes: Tensor, gradient: Tensor, width: int) -> Tensor:
    """Gradient of the filters, ``(n_filters, 4, width)``, given that of :func:`scores`.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(n, length)
    gradient : Tensor of float32, shape=(n, n_filters, length - width + 1)
    width : int
        Bases of a filter.
    """
    n_filters = gradient.shape[1]
    block = _block(codes, n_filters, width, both_strands=False, most=_COLUMNS_OF_GRADIENT)
    grid = _grid(_n_blocks(codes, width), n_filters, block, _PARTS)
    of_columns = gradient.new_empty((grid[0], 4 * block.BASES, grid[1] * block.COLUMNS))
    _launch(
        _scores_gradient_kernel,
        grid,
        codes,
        gradient,
        of_columns,
        *codes.shape,
        n_filters,
        **block._asdict(),
    )
    return _of_filters(of_columns, n_filters, block)


class _Block(NamedTuple):
    """What the kernels are compiled for."""

    WIDTH: int
    STRANDS: int
    BASES: int  # the width, rounded up to what a tile can hold
    COLUMNS: int  # of one program
    OPERAND: Any  # type of the factors of a product
    WINDOWS: int = _WINDOWS


def _block(codes: Tensor, n_filters: int, width: int, *, both_strands: bool, most: int = _COLUMNS) -> _Block:
    strands = 2 if both_strands else 1
    bases = max(4, 1 << (width - 1).bit_length())
    columns = min(most, 32 * most // bases, 1 << (n_filters * strands - 1).bit_length())
    # Only Triton's interpreter takes tensors of the CPU, and it multiplies the bits of a bfloat16.
    operand = tl.bfloat16 if codes.is_cuda else tl.float32
    return _Block(width, strands, bases, max(16, columns), operand)


def _n_blocks(codes: Tensor, width: int) -> int:
    """Blocks of windows in all sequences."""
    n, length = codes.shape
    return n * max(0, -(-(length - width + 1) // _WINDOWS))


def _grid(n_tasks: int, n_filters: int, block: _Block, n_programs: int) -> tuple[int, int]:
    """Programs by blocks of columns; a program does every so many-th task."""
    n_column_blocks = -(-n_filters * block.STRANDS // block.COLUMNS)
    return min(n_tasks, max(1, n_programs // n_column_blocks)), n_column_blocks


def _launch(kernel: Any, grid: tuple[int, int], codes: Tensor, *arguments: Any, **constants: Any) -> None:
    with torch.cuda.device_of(codes):
        # Products and sums may be fused, as is Triton's default; left unsaid, its version 3.9 warns.
        kernel[grid](codes, *arguments, **constants, enable_fp_fusion=True)


def _of_filters(of_columns: Tensor, n_filters: int, block: _Block) -> Tensor:
    """Gradient of the filters, given the programs' parts of that of their columns."""
    total = of_columns.sum(0)[: 4 * block.WIDTH, : n_filters * block.STRANDS]
    forward, *reverse = total.view(block.WIDTH, 4, n_filters, block.STRANDS).permute(3, 2, 1, 0)
    return sum((one.flip(1, 2) for one in reverse), start=forward)


@triton.jit
def _one_hot(codes, first, length, WINDOWS: tl.constexpr, BASES: tl.constexpr, OPERAND: tl.constexpr):
    """Windows from ``first`` on, ``(WINDOWS, 4 * BASES)``; there is no base beyond the sequence."""
    position = first + tl.arange(0, WINDOWS)[:, None] + tl.arange(0, BASES)[None, :]
    # Threads side by side take bases side by side: so the matrix is stored in long words.
    position = tl.max_contiguous(position, [1, BASES])
    code = tl.load(codes + position, mask=position < length, other=4)
    # Joined, the four numbers of a base stay with the thread that has loaded its code.
    first_and_third = tl.join(_is(code, 0, OPERAND), _is(code, 2, OPERAND))
    second_and_fourth = tl.join(_is(code, 1, OPERAND), _is(code, 3, OPERAND))
    return tl.reshape(tl.join(first_and_third, second_and_fourth), [WINDOWS, 4 * BASES])


@triton.jit
def _is(code, base, OPERAND: tl.constexpr):
    return tl.where(code == base, 1.0, 0.0).to(OPERAND)


@triton.jit
def _columns(filters, column, n_columns, WIDTH: tl.constexpr, STRANDS: tl.constexpr, BASES: tl.constexpr):
    """Filters, and beside each its reverse complement if there are two strands, ``(4 * BASES, COLUMNS)``."""
    row = tl.arange(0, 4 * BASES)[:, None]
    is_reverse = (column % STRANDS)[None, :] == 1
    base = tl.where(is_reverse, 3 - row % 4, row % 4)
    offset = tl.where(is_reverse, WIDTH - 1 - row // 4, row // 4)
    number = (column // STRANDS)[None, :] * (4 * WIDTH) + base * WIDTH + offset
    return tl.load(filters + number, mask=(row // 4 < WIDTH) & (column < n_columns)[None, :], other=0.0)


@triton.jit
def _addends(x, OPERAND: tl.constexpr):
    """Three bfloat16 numbers of eight bits each, which sum up to the 24 bits of ``x`` in float32."""
    high = x.to(tl.bfloat16)
    rest = x - high.to(tl.float32)
    middle = rest.to(tl.bfloat16)
    low = (rest - middle.to(tl.float32)).to(tl.bfloat16)
    return high.to(OPERAND), middle.to(OPERAND), low.to(OPERAND)


@triton.jit
def _scores(one_hot, high, middle, low):
    """Scores of a block, ``(WINDOWS, COLUMNS)``; the smallest addends first, which rounds least."""
    return tl.dot(one_hot, high, tl.dot(one_hot, middle, tl.dot(one_hot, low)))


@triton.jit
def _gradient(share, one_hot, OPERAND: tl.constexpr):
    """Gradient of a block's columns, ``(4 * BASES, COLUMNS)``, given that of its scores."""
    high, middle, low = _addends(share, OPERAND)
    bases = tl.trans(one_hot)
    return tl.dot(bases, high, tl.dot(bases, middle, tl.dot(bases, low)))


@triton.jit
def _store_part(parts, part, COLUMNS: tl.constexpr):
    """Write a program's own rows of ``parts``, ``(programs, rows, all columns)``."""
    row = tl.program_id(0) * part.shape[0] + tl.arange(0, part.shape[0])
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    tl.store(parts + row[:, None] * (tl.num_programs(1) * COLUMNS) + column[None, :], part)


@triton.jit
def _best_kernel(
    codes,
    lengths,
    filters,
    best_score,
    best_position,
    best_reverse,
    n,
    length,
    n_filters,
    WIDTH: tl.constexpr,
    STRANDS: tl.constexpr,
    BASES: tl.constexpr,
    COLUMNS: tl.constexpr,
    OPERAND: tl.constexpr,
    WINDOWS: tl.constexpr,
):
    """One program: some sequences, ``COLUMNS`` columns."""
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    weights = _columns(filters, column, n_filters * STRANDS, WIDTH, STRANDS, BASES)
    high, middle, low = _addends(weights, OPERAND)
    stride = tl.cast(length, tl.int64)
    for i in range(tl.program_id(0), n, tl.num_programs(0)):
        n_windows = tl.load(lengths + i).to(tl.int32) - WIDTH + 1
        top = tl.full([WINDOWS, COLUMNS], float("-inf"), tl.float32)
        where = tl.full([WINDOWS, COLUMNS], -1, tl.int32)
        for first in range(0, n_windows, WINDOWS):
            one_hot = _one_hot(codes + i * stride, first, length, WINDOWS, BASES, OPERAND)
            score = _scores(one_hot, high, middle, low)
            window = first + tl.arange(0, WINDOWS)[:, None]
            is_better = (score > top) & (window < n_windows)
            top = tl.where(is_better, score, top)
            where = tl.where(is_better, window, where)
        # The leftmost of equals; of those at one place, the one on the given strand.
        score = tl.max(top, axis=0)
        position = tl.min(tl.where(top == score[None, :], where, 2**31 - 1), axis=0)
        score = tl.reshape(score, [COLUMNS // STRANDS, STRANDS])
        position = tl.reshape(position, [COLUMNS // STRANDS, STRANDS])
        strand = tl.arange(0, STRANDS)[None, :]
        of_filter = tl.max(score, axis=1)
        position = tl.where(score == of_filter[:, None], position, 2**31 - 1)
        leftmost = tl.min(position, axis=1)
        chosen = tl.min(tl.where(position == leftmost[:, None], strand, STRANDS), axis=1)
        f = tl.program_id(1) * (COLUMNS // STRANDS) + tl.arange(0, COLUMNS // STRANDS)
        out = tl.cast(i, tl.int64) * n_filters + f
        tl.store(best_score + out, of_filter, mask=f < n_filters)
        tl.store(best_position + out, leftmost, mask=f < n_filters)
        tl.store(best_reverse + out, chosen == 1, mask=f < n_filters)


@triton.jit
def _best_gradient_kernel(
    codes,
    position,
    reverse,
    gradient,
    parts,
    n,
    length,
    n_filters,
    WIDTH: tl.constexpr,
    BASES: tl.constexpr,
    SEQUENCES: tl.constexpr,
):
    """One program: the sites of one filter in ``SEQUENCES`` sequences."""
    f = tl.program_id(1)
    i = tl.program_id(0) * SEQUENCES + tl.arange(0, SEQUENCES)
    offset = tl.arange(0, BASES)
    site = tl.cast(i, tl.int64) * n_filters + f
    start = tl.load(position + site, mask=i < n, other=-1)
    is_reverse = tl.load(reverse + site, mask=i < n, other=0)[:, None] != 0
    share = tl.load(gradient + site, mask=start >= 0, other=0.0)[:, None]
    base_number = start[:, None] + tl.where(is_reverse, WIDTH - 1 - offset[None, :], offset[None, :])
    is_in_site = (start >= 0)[:, None] & (offset < WIDTH)[None, :]
    row = tl.cast(i, tl.int64)[:, None] * length
    code = tl.load(codes + row + base_number, mask=is_in_site, other=4).to(tl.int32)
    code = tl.where(is_reverse, 3 - code, code)
    for base in tl.static_range(4):
        number = ((tl.program_id(0) * n_filters + f) * 4 + base) * WIDTH + offset
        total = tl.sum(tl.where(code == base, share, 0.0), axis=0)
        tl.store(parts + number, total, mask=offset < WIDTH)


@triton.jit
def _add(top, total, score, counts, POOL: tl.constexpr):
    """A pool that has taken one more window: a sum, of exponentials relative to ``top`` if of any."""
    if POOL == "logsumexp":
        score = tl.where(counts, score, float("-inf"))
        ratio = tl.exp(-tl.abs(score - top))
        total = tl.where(score > top, total * ratio + 1, total + ratio)
        top = tl.maximum(top, score)
    else:
        total += tl.where(counts, _activation(score, POOL), 0.0)
    return top, total


@triton.jit
def _activation(score, POOL: tl.constexpr):
    if POOL == "relu":
        score = tl.maximum(score, 0.0)
    else:
        tl.static_assert(POOL == "sum")
    return score


@triton.jit
def _slope(score, value, POOL: tl.constexpr):
    """Derivative of a pool that has this ``value`` with respect to each of its scores."""
    if POOL == "logsumexp":
        slope = tl.exp(score - value)
    elif POOL == "relu":
        slope = tl.where(score > 0, 1.0, 0.0)
    else:
        tl.static_assert(POOL == "sum")
        slope = tl.full(score.shape, 1.0, tl.float32)
    return slope


@triton.jit
def _merge(top, total, AXIS: tl.constexpr, POOL: tl.constexpr):
    """Many pools as one."""
    highest = tl.max(top, axis=AXIS)
    if POOL == "logsumexp":
        total *= tl.exp(top - tl.expand_dims(highest, AXIS))
    return highest, tl.sum(total, axis=AXIS)


@triton.jit
def _pooled_kernel(
    codes,
    lengths,
    filters,
    bias,
    value,
    n,
    length,
    n_filters,
    POOL: tl.constexpr,
    WIDTH: tl.constexpr,
    STRANDS: tl.constexpr,
    BASES: tl.constexpr,
    COLUMNS: tl.constexpr,
    OPERAND: tl.constexpr,
    WINDOWS: tl.constexpr,
):
    """One program: some sequences, ``COLUMNS`` columns."""
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    n_columns = n_filters * STRANDS
    weights = _columns(filters, column, n_columns, WIDTH, STRANDS, BASES)
    high, middle, low = _addends(weights, OPERAND)
    shift = tl.load(bias + column // STRANDS, mask=column < n_columns, other=0.0)[None, :]
    stride = tl.cast(length, tl.int64)
    for i in range(tl.program_id(0), n, tl.num_programs(0)):
        n_windows = tl.load(lengths + i).to(tl.int32) - WIDTH + 1
        # Lower than any score, and finite, so that the difference to a score is a number.
        top = tl.full([WINDOWS, COLUMNS], -3e38, tl.float32)
        total = tl.zeros([WINDOWS, COLUMNS], tl.float32)
        for first in range(0, n_windows, WINDOWS):
            one_hot = _one_hot(codes + i * stride, first, length, WINDOWS, BASES, OPERAND)
            score = _scores(one_hot, high, middle, low) + shift
            counts = (first + tl.arange(0, WINDOWS) < n_windows)[:, None]
            top, total = _add(top, total, score, counts, POOL)
        top, total = _merge(top, total, 0, POOL)
        top = tl.reshape(top, [COLUMNS // STRANDS, STRANDS])
        total = tl.reshape(total, [COLUMNS // STRANDS, STRANDS])
        top, total = _merge(top, total, 1, POOL)
        if POOL == "logsumexp":
            total = top + tl.log(total)
        f = tl.program_id(1) * (COLUMNS // STRANDS) + tl.arange(0, COLUMNS // STRANDS)
        tl.store(value + tl.cast(i, tl.int64) * n_filters + f, total, mask=f < n_filters)


@triton.jit
def _pooled_gradient_kernel(
    codes,
    lengths,
    filters,
    bias,
    value,
    gradient,
    of_columns,
    of_biases,
    n,
    length,
    n_filters,
    POOL: tl.constexpr,
    WIDTH: tl.constexpr,
    STRANDS: tl.constexpr,
    BASES: tl.constexpr,
    COLUMNS: tl.constexpr,
    OPERAND: tl.constexpr,
    WINDOWS: tl.constexpr,
):
    """One program: some blocks of windows, ``COLUMNS`` columns."""
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    f = column // STRANDS
    weights = _columns(filters, column, n_filters * STRANDS, WIDTH, STRANDS, BASES)
    high, middle, low = _addends(weights, OPERAND)
    shift = tl.load(bias + f, mask=f < n_filters, other=0.0)[None, :]
    n_blocks = tl.cdiv(length - WIDTH + 1, WINDOWS)
    of_weights = tl.zeros([4 * BASES, COLUMNS], tl.float32)
    of_shift = tl.zeros([WINDOWS, COLUMNS], tl.float32)
    for task in range(tl.program_id(0), n * n_blocks, tl.num_programs(0)):
        i = tl.cast(task // n_blocks, tl.int64)
        first = task % n_blocks * WINDOWS
        one_hot = _one_hot(codes + i * length, first, length, WINDOWS, BASES, OPERAND)
        score = _scores(one_hot, high, middle, low) + shift
        of_value = tl.load(gradient + i * n_filters + f, mask=f < n_filters, other=0.0)[None, :]
        pooled_value = tl.load(value + i * n_filters + f, mask=f < n_filters, other=0.0)[None, :]
        counts = first + tl.arange(0, WINDOWS) + WIDTH <= tl.load(lengths + i)
        share = tl.where(counts[:, None], of_value * _slope(score, pooled_value, POOL), 0.0)
        # A sum of its own for each block: the tensor cores' own sums are cut off, not rounded.
        of_weights += _gradient(share, one_hot, OPERAND)
        of_shift += share
    _store_part(of_columns, of_weights, COLUMNS)
    _store_part(of_biases, tl.sum(of_shift, axis=0, keep_dims=True), COLUMNS)


@triton.jit
def _scores_kernel(
    codes,
    filters,
    out,
    n,
    length,
    n_filters,
    WIDTH: tl.constexpr,
    STRANDS: tl.constexpr,
    BASES: tl.constexpr,
    COLUMNS: tl.constexpr,
    OPERAND: tl.constexpr,
    WINDOWS: tl.constexpr,
):
    """One program: some blocks of windows, ``COLUMNS`` filters."""
    f = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    high, middle, low = _addends(_columns(filters, f, n_filters, WIDTH, STRANDS, BASES), OPERAND)
    n_windows = length - WIDTH + 1
    n_blocks = tl.cdiv(n_windows, WINDOWS)
    for task in range(tl.program_id(0), n * n_blocks, tl.num_programs(0)):
        i = tl.cast(task // n_blocks, tl.int64)
        first = task % n_blocks * WINDOWS
        one_hot = _one_hot(codes + i * length, first, length, WINDOWS, BASES, OPERAND)
        window = first + tl.arange(0, WINDOWS)
        here = ((i * n_filters + f) * n_windows)[None, :] + window[:, None]
        mask = (f < n_filters)[None, :] & (window < n_windows)[:, None]
        tl.store(out + here, _scores(one_hot, high, middle, low), mask=mask)


@triton.jit
def _scores_gradient_kernel(
    codes,
    gradient,
    of_columns,
    n,
    length,
    n_filters,
    WIDTH: tl.constexpr,
    STRANDS: tl.constexpr,
    BASES: tl.constexpr,
    COLUMNS: tl.constexpr,
    OPERAND: tl.constexpr,
    WINDOWS: tl.constexpr,
):
    """One program: some blocks of windows, ``COLUMNS`` filters."""
    f = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    n_windows = length - WIDTH + 1
    n_blocks = tl.cdiv(n_windows, WINDOWS)
    of_weights = tl.zeros([4 * BASES, COLUMNS], tl.float32)
    for task in range(tl.program_id(0), n * n_blocks, tl.num_programs(0)):
        i = tl.cast(task // n_blocks, tl.int64)
        first = task % n_blocks * WINDOWS
        one_hot = _one_hot(codes + i * length, first, length, WINDOWS, BASES, OPERAND)
        window = first + tl.arange(0, WINDOWS)
        here = ((i * n_filters + f) * n_windows)[None, :] + window[:, None]
        mask = (f < n_filters)[None, :] & (window < n_windows)[:, None]
        of_weights += _gradient(tl.load(gradient + here, mask=mask, other=0.0), one_hot, OPERAND)
    _store_part(of_columns, of_weights, COLUMNS)
