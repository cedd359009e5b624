"""The operation on the CPU: tables of three bases, and vectors over filters.

A score is a sum of ``ceil(width / 3)`` looked-up rows. The exponential of a score is a product
of looked-up rows, so that a log-sum-exp takes no exponential per window either. The gradient
goes where it came from: into the rows, for sums, or to the bases of one window, for a maximum.
Memory is bounded by the tables, whatever the lengths.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np

from motifnet.kernels import threads
from motifnet.kernels.compiling import compiled
from motifnet.kernels.onehot_conv.contract import Best
from motifnet.kernels.onehot_conv.loops import (
    COLUMNS,
    TRIPLES,
    Each,
    Exponential,
    Largest,
    Plan,
    Rectified,
    Total,
    best_of,
    each_gradient,
    each_of,
    logsumexp_gradient,
    logsumexp_of,
    place_of,
    plan_for,
    sums_gradient,
    sums_of,
)

_PLANS: dict[str, type[Plan]] = {"logsumexp": Exponential, "sum": Total, "relu": Rectified}
_WORTH_A_THREAD = 400_000  # windows times blocks; less is done sooner than handed over
_PARTS = 4  # of a gradient, whatever the number of threads, so that its rounding is the same
# Products of exponentials may become this large, and count from that small on (log, to the base
# e): of the range of a float, less what the factors that are still to come could make up for.
_HEADROOM = {np.dtype(np.float32): (40.0, -25.0), np.dtype(np.float64): (400.0, -200.0)}


def best(
    triples: np.ndarray,
    starts: np.ndarray,
    lengths: np.ndarray,
    filters: np.ndarray,
    *,
    both_strands: bool,
    unknown: float = 0.0,
) -> Best:
    """The best window of each sequence for each filter.

    Parameters
    ----------
    triples : numpy.ndarray of uint8, shape=(total_length,)
        From :func:`motifnet.kernels.onehot_conv.triples.of_ragged` or ``of_padded``.
    starts, lengths : numpy.ndarray of int64, shape=(n,)
        Where in ``triples`` each sequence begins, and how long it is.
    filters : numpy.ndarray of float32 or float64, shape=(n_filters, 4, width)
    both_strands : bool
        Whether to look on the reverse strand too.
    unknown : float
        Score of an unknown base.

    Returns
    -------
    Best
        Arrays of shape ``(n, n_filters)``.
    """
    tables = _tables(filters, both_strands=both_strands, unknown=unknown)
    plan = plan_for(Largest, filters.dtype, tables.shape[1])
    n, n_filters, width = len(starts), len(filters), filters.shape[2]
    found = Best(
        np.empty((n, n_filters), filters.dtype),
        np.empty((n, n_filters), np.int32),
        np.empty((n, n_filters), np.bool_),
    )
    threads.run(
        [
            partial(
                best_of,
                triples,
                starts[part],
                lengths[part],
                tables,
                width,
                both_strands,
                plan,
                *(a[part] for a in found),
            )
            for part in _parts(lengths, len(tables), threads.n_threads())
        ]
    )
    return found


def best_gradient(
    triples: np.ndarray, starts: np.ndarray, found: Best, gradient: np.ndarray, width: int
) -> np.ndarray:
    """Gradient of the filters, ``(n_filters, 4, width)``, given that of the best windows' scores."""
    of_filters = np.zeros((gradient.shape[1], 4, width), gradient.dtype)
    _best_gradient(triples, starts, found.position, found.reverse, gradient, of_filters)
    return of_filters


def pooled(
    triples: np.ndarray,
    starts: np.ndarray,
    lengths: np.ndarray,
    filters: np.ndarray,
    bias: np.ndarray,
    pool: str,
    *,
    both_strands: bool,
) -> np.ndarray:
    """Scores summed up over windows and strands, ``(n, n_filters)``.

    Parameters
    ----------
    triples, starts, lengths, filters, both_strands
        As for :func:`best`.
    bias : numpy.ndarray, shape=(n_filters,)
        Added to every score.
    pool : {"logsumexp", "sum", "relu"}
        What is summed up: exponentials, and their sum's logarithm taken; scores; positive scores.
    """
    tables = _pool_tables(filters, bias, pool, both_strands=both_strands)
    plan = plan_for(_PLANS[pool], filters.dtype, tables.shape[1])
    width = filters.shape[2]
    total = np.empty((len(starts), len(filters)), filters.dtype)
    threads.run(
        [
            partial(
                sums_of, triples, starts[part], lengths[part], tables, width, both_strands, plan, total[part]
            )
            for part in _parts(lengths, len(tables), threads.n_threads())
        ]
    )
    if pool == "sum":
        total += bias * _n_scores(lengths, width, both_strands=both_strands)[:, None]
    elif pool == "logsumexp":
        total = _logarithm(triples, starts, lengths, filters, total, both_strands=both_strands) + bias
    return total


def pooled_gradient(
    triples: np.ndarray,
    starts: np.ndarray,
    lengths: np.ndarray,
    filters: np.ndarray,
    bias: np.ndarray,
    pool: str,
    value: np.ndarray,
    gradient: np.ndarray,
    *,
    both_strands: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of filters ``(n_filters, 4, width)`` and biases ``(n_filters,)``.

    Parameters
    ----------
    triples, starts, lengths, filters, bias, pool, both_strands
        As for :func:`pooled`.
    value : numpy.ndarray, shape=(n, n_filters)
        What :func:`pooled` returned.
    gradient : numpy.ndarray, shape=(n, n_filters)
        Its gradient.
    """
    tables = _pool_tables(filters, bias, pool, both_strands=both_strands)
    width = filters.shape[2]
    if pool == "logsumexp":
        share, untrusted = _shares(filters, value - bias, gradient)
    else:
        share = gradient
    of_tables = _scatter(
        triples, starts, lengths, tables, share, width, _PLANS[pool], both_strands=both_strands
    )
    if pool == "logsumexp":
        if untrusted.any():
            of_tables += _scatter_untrusted(
                triples, starts, lengths, filters, value - bias, untrusted, both_strands=both_strands
            )
        return _fold(of_tables, len(filters), width, both_strands), gradient.sum(0)
    of_filters = _fold(of_tables, len(filters), width, both_strands)
    if pool == "sum":
        return of_filters, _n_scores(lengths, width, both_strands=both_strands).astype(
            filters.dtype
        ) @ gradient
    return of_filters, _of_bias(of_tables, len(filters), both_strands)


def scores(triples: np.ndarray, n: int, filters: np.ndarray) -> np.ndarray:
    """Every window's scores on the given strand, ``(n, n_windows, n_filters)``.

    Parameters
    ----------
    triples : numpy.ndarray of uint8, shape=(n * length,)
        Sequences of one length, padding included.
    n : int
        Number of sequences.
    filters : numpy.ndarray of float32 or float64, shape=(n_filters, 4, width)
    """
    tables = _tables(filters, both_strands=False)
    plan = plan_for(Each, filters.dtype, tables.shape[1])
    length = len(triples) // max(n, 1)
    out = np.empty((n, length - filters.shape[2] + 1, len(filters)), filters.dtype)
    parts = _parts(np.full(n, length), len(tables), threads.n_threads())
    threads.run([partial(each_of, triples, length, part.start, tables, plan, out[part]) for part in parts])
    return out


def scores_gradient(triples: np.ndarray, gradient: np.ndarray, width: int) -> np.ndarray:
    """Gradient of the filters, ``(n_filters, 4, width)``, given that of :func:`scores`."""
    n, n_windows, n_filters = gradient.shape
    shape = (-(-n_filters // COLUMNS), -(-width // 3), TRIPLES, COLUMNS)
    plan = plan_for(Each, gradient.dtype, shape[1])
    length = n_windows + width - 1

    def of_part(part: slice) -> np.ndarray:
        of_tables = _aligned(shape, gradient.dtype)
        each_gradient(triples, length, part.start, gradient[part], plan, of_tables)
        return of_tables

    parts = _parts(np.full(n, length), shape[0], _PARTS)
    of_tables = sum(threads.run([partial(of_part, part) for part in parts]))
    return _fold(of_tables, n_filters, width, both_strands=False)


def _parts(lengths: np.ndarray, n_blocks: int, most: int) -> list[slice]:
    """Sequences in so many runs of about the same number that each is worth a thread."""
    work = int(lengths.sum()) * n_blocks
    n_parts = max(1, min(most, work // _WORTH_A_THREAD, len(lengths)))
    ends = np.linspace(0, len(lengths), n_parts + 1).astype(int)
    return [slice(start, stop) for start, stop in pairwise(ends)]


def _n_scores(lengths: np.ndarray, width: int, *, both_strands: bool) -> np.ndarray:
    return np.maximum(lengths - width + 1, 0) * (2 if both_strands else 1)


def _aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Zeros that begin where a vector register's load is fastest."""
    n_bytes = int(np.prod(shape)) * np.dtype(dtype).itemsize
    room = np.zeros(n_bytes + 64, np.uint8)
    first = -room.ctypes.data % 64
    return room[first : first + n_bytes].view(dtype).reshape(shape)


def _tables(
    filters: np.ndarray,
    *,
    both_strands: bool,
    unknown: np.ndarray | float = 0.0,
    neutral: float = 0.0,
) -> np.ndarray:
    """Rows of all triples, ``(n_blocks, n_tables, 125, 32)``; see :func:`_fill`."""
    n_filters, _, width = filters.shape
    per_block = COLUMNS // 2 if both_strands else COLUMNS
    tables = _aligned((-(-n_filters // per_block), -(-width // 3), TRIPLES, COLUMNS), filters.dtype)
    unknown = np.broadcast_to(np.asarray(unknown, filters.dtype), (n_filters, width))
    _fill(np.ascontiguousarray(filters), np.ascontiguousarray(unknown), both_strands, neutral, tables)
    return tables


def _pool_tables(filters: np.ndarray, bias: np.ndarray, pool: str, *, both_strands: bool) -> np.ndarray:
    if pool == "logsumexp":
        factor = _highest(filters) - _HEADROOM[filters.dtype][0] / filters.shape[2]
        return _tables(
            np.exp(filters - factor[:, None]), both_strands=both_strands, unknown=np.exp(-factor), neutral=1.0
        )
    if pool == "relu":  # the only pool in which a bias is not the same before and after the sum
        each_column = np.zeros((len(filters), filters.shape[2]), filters.dtype)
        each_column[:] = bias[:, None] / filters.shape[2]
        return _tables(filters + each_column[:, None], both_strands=both_strands, unknown=each_column)
    return _tables(filters, both_strands=both_strands)


def _highest(filters: np.ndarray) -> np.ndarray:
    """The most that any base, an unknown one included, adds in each column, ``(n_filters, width)``."""
    return np.maximum(filters.max(1), 0)


def _shift(filters: np.ndarray) -> np.ndarray:
    """What the tables of exponentials leave out of each filter's scores, ``(n_filters,)``."""
    return _highest(filters).sum(1) - _HEADROOM[filters.dtype][0]


def _logarithm(triples, starts, lengths, filters, total, *, both_strands):
    """Log-sum-exp from sums of scaled exponentials; from scores where they are too small to trust."""
    width = filters.shape[2]
    with np.errstate(divide="ignore"):
        value = (np.log(total) + _shift(filters)).astype(filters.dtype, copy=False)
    untrusted = (total < np.exp(_HEADROOM[filters.dtype][1])) & (lengths >= width)[:, None]
    if untrusted.any():
        tables = _tables(filters, both_strands=both_strands)
        plan = plan_for(Each, filters.dtype, tables.shape[1])
        threads.run(
            [
                lambda part=part: logsumexp_of(
                    triples,
                    starts[part],
                    lengths[part],
                    tables,
                    width,
                    both_strands,
                    plan,
                    untrusted[part],
                    value[part],
                )
                for part in _parts(lengths, len(tables), threads.n_threads())
            ]
        )
    return value


def _shares(filters, value, gradient):
    """What one scaled exponential is worth, and the gradient where they are too small to trust."""
    scaled = value - _shift(filters)
    trusted = scaled >= _HEADROOM[filters.dtype][1]
    share = np.zeros_like(gradient)
    np.multiply(
        gradient, np.exp(-scaled, where=trusted, out=np.zeros_like(gradient)), out=share, where=trusted
    )
    return share, np.where(~trusted & np.isfinite(value), gradient, 0)


def _scatter_untrusted(triples, starts, lengths, filters, value, gradient, *, both_strands):
    """Gradient of all tables of scores, summed over sequences, given that of log-sum-exps."""
    tables = _tables(filters, both_strands=both_strands)
    plan = plan_for(Each, tables.dtype, tables.shape[1])
    value, gradient = (_in_columns(part, len(tables), both_strands) for part in (value, gradient))

    def of_part(part: slice) -> np.ndarray:
        of_tables = _aligned(tables.shape, tables.dtype)
        logsumexp_gradient(
            triples,
            starts[part],
            lengths[part],
            tables,
            filters.shape[2],
            plan,
            value[part],
            gradient[part],
            of_tables,
        )
        return of_tables

    parts = _parts(lengths, len(tables), _PARTS)
    return sum(threads.run([partial(of_part, part) for part in parts]))


def _scatter(triples, starts, lengths, tables, share, width, pool, *, both_strands):
    """Gradient of all tables, summed over sequences."""
    plan = plan_for(pool, tables.dtype, tables.shape[1])
    share = _in_columns(share, len(tables), both_strands)

    def of_part(part: slice) -> np.ndarray:
        of_tables = _aligned(tables.shape, tables.dtype)
        sums_gradient(triples, starts[part], lengths[part], tables, width, plan, share[part], of_tables)
        return of_tables

    parts = _parts(lengths, len(tables), _PARTS)
    return sum(threads.run([partial(of_part, part) for part in parts]))


@compiled
def _fill(filters, unknown, both_strands, neutral, tables):
    """Fill tables with sums of columns, or (``neutral`` 1) products; columns of no filter hold 0."""
    n_filters, _, width = filters.shape
    n_tables = tables.shape[1]
    one_base = np.zeros((len(tables), n_tables * 3, 5, COLUMNS), filters.dtype)
    one_base[:, width:] = neutral
    for f in range(n_filters):
        for strand in range(2 if both_strands else 1):
            block, column = place_of(f, strand, both_strands)
            for j in range(width):
                for base in range(4):
                    score = filters[f, 3 - base, width - 1 - j] if strand else filters[f, base, j]
                    one_base[block, j, base, column] = score
                one_base[block, j, 4, column] = unknown[f, width - 1 - j] if strand else unknown[f, j]
    for block in range(len(tables)):
        for t in range(n_tables):
            row = 0
            for a in range(5):
                for b in range(5):
                    for c in range(5):
                        for column in range(COLUMNS):
                            first = one_base[block, 3 * t, a, column]
                            second = one_base[block, 3 * t + 1, b, column]
                            third = one_base[block, 3 * t + 2, c, column]
                            if neutral == 0:
                                tables[block, t, row, column] = first + second + third
                            else:
                                tables[block, t, row, column] = first * second * third
                        row += 1


@compiled
def _fold(of_tables, n_filters, width, both_strands):
    """Gradient of the filters from that of their tables: the adjoint of :func:`_fill`, for sums."""
    n_tables = of_tables.shape[1]
    of_base = np.zeros((len(of_tables), n_tables * 3, 5, COLUMNS), of_tables.dtype)
    for block in range(len(of_tables)):
        for t in range(n_tables):
            row = 0
            for a in range(5):
                for b in range(5):
                    for c in range(5):
                        for column in range(COLUMNS):
                            value = of_tables[block, t, row, column]
                            of_base[block, 3 * t, a, column] += value
                            of_base[block, 3 * t + 1, b, column] += value
                            of_base[block, 3 * t + 2, c, column] += value
                        row += 1
    of_filters = np.zeros((n_filters, 4, width), of_tables.dtype)
    for f in range(n_filters):
        for strand in range(2 if both_strands else 1):
            block, column = place_of(f, strand, both_strands)
            for j in range(width):
                for base in range(4):
                    value = of_base[block, j, base, column]
                    if strand:
                        of_filters[f, 3 - base, width - 1 - j] += value
                    else:
                        of_filters[f, base, j] += value
    return of_filters


@compiled
def _of_bias(of_tables, n_filters, both_strands):
    """Gradient of the biases: every window has exactly one row of the first table."""
    of_bias = np.zeros(n_filters, of_tables.dtype)
    for f in range(n_filters):
        for strand in range(2 if both_strands else 1):
            block, column = place_of(f, strand, both_strands)
            of_bias[f] += of_tables[block, 0, :, column].sum()
    return of_bias


@compiled
def _in_columns(values, n_blocks, both_strands):
    """Values of filters as values of columns, ``(n, n_blocks, 32)``."""
    out = np.zeros((len(values), n_blocks, COLUMNS), values.dtype)
    for i in range(len(values)):
        for f in range(values.shape[1]):
            for strand in range(2 if both_strands else 1):
                block, column = place_of(f, strand, both_strands)
                out[i, block, column] = values[i, f]
    return out


@compiled
def _best_gradient(triples, starts, position, reverse, gradient, of_filters):
    width = of_filters.shape[2]
    for i in range(len(starts)):
        for f in range(len(of_filters)):
            if position[i, f] < 0:
                continue
            first = starts[i] + position[i, f]
            for j in range(width):
                base = triples[first + j] // 25
                if base < 4:
                    if reverse[i, f]:
                        of_filters[f, 3 - base, width - 1 - j] += gradient[i, f]
                    else:
                        of_filters[f, base, j] += gradient[i, f]
