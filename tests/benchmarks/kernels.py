"""The fused kernel against the plain reference and against the naive way.

``python -m tests.benchmarks.kernels``; ``--only tuned/max`` measures a part of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import row_of_run, run
from tests.benchmarks.markdown import met, table

_BASE = {"batch": 256, "length": 500, "filters": 128, "width": 19}
_SWEEPS = {
    "batch": (64, 256, 1024),
    "length": (100, 200, 500, 1000),
    "filters": (16, 32, 128, 512),
    "width": (8, 12, 19, 24, 30),
}
_POOLS = ("max", "logsumexp")
_LARGEST_BLOCK = str(
    1 << 32
)  # bytes up to which the tuned allocator keeps memory, so that no page is cleared twice
_ALLOCATORS = {
    "default": {},
    "tuned": {"MALLOC_MMAP_THRESHOLD_": _LARGEST_BLOCK, "MALLOC_TRIM_THRESHOLD_": _LARGEST_BLOCK},
}
_SHAPE_COLUMNS = ("batch", "length", "filters", "width")
_TIME_COLUMNS = (
    *_SHAPE_COLUMNS,
    "infer_fused_ms",
    "infer_reference_ms",
    "infer_naive_ms",
    "infer_ratio",
    "train_fused_ms",
    "train_reference_ms",
    "train_naive_ms",
    "train_ratio",
    "share_of_limit",
)
_ERROR_COLUMNS = (
    "pool",
    *_SHAPE_COLUMNS,
    "value_error",
    "gradient_error",
    "steep_value_error",
    "steep_gradient_error",
    "gradient_error_float64",
)
# What is wanted of the base shape: (allocator, pool, column, least ratio).
_BARS = (
    *((allocator, "max", "train_ratio", 50) for allocator in _ALLOCATORS),
    *((allocator, "logsumexp", "train_ratio", 13) for allocator in _ALLOCATORS),
    *(("default", pool, "infer_ratio", 40) for pool in _POOLS),
    *(("tuned", pool, "infer_ratio", 13) for pool in _POOLS),
)
_ERROR_BARS = {"gradient_error": 1e-5, "gradient_error_float64": 1e-10}
_PREFACE = """
CPU milliseconds of one thread, the least of 3 to 20 repeats in which the arms take turns in one process (a
shape, a pool and an allocator each in a process of its own). `fused` is `onehot_conv.pooled`, `reference`
its definition in plain torch, `naive` what is usually written: two `conv1d` calls on one-hot features and
on their reverse complement, made beforehand, then the pool. `infer` is a pass without gradients, `train` a
step of Adam on the filters and a linear head; `ratio` is naive over fused. The tuned allocator is glibc's
with `MALLOC_MMAP_THRESHOLD_` and `MALLOC_TRIM_THRESHOLD_` at 4 GB, which spares the naive way most of its
page faults; the fused kernel hardly allocates. One size at a time departs from 256 sequences x 500 bp x 128
filters x 19.

`share_of_limit`: a pass needs 2 x windows x filters x ceil(width / 3) look-ups and additions; the limit is
the rate at which compiled code adds float32 numbers that lie in the first-level cache, measured in the same
process (`limit_gadds`, in 10^9 per second). What a pass does besides, the pool and the exponentials of its
tables, does not count. Errors are the largest deviation over the largest true entry, against two
convolutions in float64, over 16 of the sequences: filters with a standard deviation of 0.3, `steep` ones of
5, whose scores span hundreds, and `float64` filters.
"""


def cases() -> Iterator[Case]:
    """Every allocator, pool and shape."""
    for allocator in _ALLOCATORS:
        for pool in _POOLS:
            for shape in shapes():
                name = "/".join([allocator, pool, "x".join(map(str, shape.values()))])
                spec = {**shape, "pool": pool}
                yield Case(
                    name,
                    lambda context, spec=spec, allocator=allocator: _measure(context, spec, allocator),
                )


def shapes() -> Iterator[dict[str, int]]:
    """The base and all shapes that differ from it in one size."""
    yield _BASE
    for size, values in _SWEEPS.items():
        yield from ({**_BASE, size: value} for value in values if value != _BASE[size])


def _measure(context: Context, spec: dict[str, object], allocator: str) -> Row:
    command = [sys.executable, "-m", "tests.benchmarks.kernel_arms", json.dumps(spec)]
    job = run(command, context.scratch, _ALLOCATORS[allocator])
    measured = {} if job.error else json.loads(job.output)
    return row_of_run(job, {**spec, "allocator": allocator, **measured})


def tables(rows: Sequence[Row]) -> str:
    """The bars, the times by allocator and pool, and the errors."""
    done = [row for row in rows if "error" not in row]
    parts = [_bars(done)]
    for allocator in _ALLOCATORS:
        for pool in _POOLS:
            own = [row for row in done if (row["allocator"], row["pool"]) == (allocator, pool)]
            if own:
                parts += [f"### {pool}, {allocator} allocator", table(own, _TIME_COLUMNS), _limits(own)]
    tuned = [row for row in done if row["allocator"] == "tuned"]
    return "\n\n".join([*parts, "### Errors", table(tuned, _ERROR_COLUMNS)])


def _bars(rows: Sequence[Row]) -> str:
    """What is wanted of the base shape and of all errors."""
    base = [row for row in rows if all(row[size] == value for size, value in _BASE.items())]
    lines = [
        f"- {pool}, {allocator} allocator, `{column}`: {row[column]:.1f} "
        f"(wanted: {least}; {met(row[column] >= least)})"
        for allocator, pool, column, least in _BARS
        for row in base
        if (row["allocator"], row["pool"]) == (allocator, pool)
    ]
    for column, most in _ERROR_BARS.items():
        worst = max((row[column] for row in rows), default=None)
        if worst is not None:
            lines.append(f"- largest `{column}`: {worst:.1e} (wanted: below {most:g}; {met(worst < most)})")
    return "\n".join(lines)


def _limits(rows: Sequence[Row]) -> str:
    rates = [row["limit_gadds"] for row in rows]
    return f"`limit_gadds` in these processes: {min(rates):.1f} to {max(rates):.1f}."


KERNELS = Benchmark("kernels", "Fused, reference and naive", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(KERNELS)
