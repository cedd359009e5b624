"""One shape of the kernel, measured: what :mod:`tests.benchmarks.kernels` runs in a process of its own.

``python -m tests.benchmarks.kernel_arms '{"batch": 256, ...}'`` prints CPU milliseconds of all arms, their
errors and the share of the machine's limit, as JSON. One thread; the arms take turns.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numba import njit
from torch import Tensor
from torch.nn import functional

from motifnet.kernels import onehot_conv
from motifnet.kernels.onehot_conv import reference

_SCALE, _STEEP = (
    0.3,
    5.0,
)  # standard deviation of filters as they start, and of ones with a wide range of scores
_CPU_SECONDS, _FEWEST, _MOST = 2.0, 3, 20  # of each arm: CPU seconds to spend, repeats at least and at most
_CHECKED = 16  # sequences whose values and gradients are compared
_TABLE_BASES = 3  # bases that one look-up covers
_PROBE_ROWS, _PROBE_FLOATS = 2, 2048  # 16 KB, which the first-level cache holds

Arm = Callable[[Tensor], Tensor]


class Shape(NamedTuple):
    """What is computed: sizes, and how the scores of a sequence become one."""

    batch: int
    length: int
    filters: int
    width: int
    pool: str

    @property
    def additions(self) -> int:
        """Look-ups and additions of one pass: one for every window, strand, filter and three bases."""
        windows = self.batch * (self.length - self.width + 1)
        return 2 * windows * self.filters * -(-self.width // _TABLE_BASES)


class Naive:
    """The way it is usually done: two convolutions of one-hot features and of their reverse complement.

    The features are made beforehand and cost nothing here.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(batch, length)
    pool : {"max", "logsumexp"}
    dtype : torch.dtype
    """

    def __init__(self, codes: Tensor, pool: str, dtype: torch.dtype = torch.float32) -> None:
        self._given = (codes[:, None] == torch.arange(4)[:, None]).to(dtype)
        self._opposite = self._given.flip(1, 2).contiguous()
        self._pool = pool

    def __call__(self, filters: Tensor) -> Tensor:
        given = functional.conv1d(self._given, filters)
        opposite = functional.conv1d(self._opposite, filters)
        if self._pool == "max":
            return torch.maximum(given.amax(2), opposite.amax(2))
        return torch.logaddexp(given.logsumexp(2), opposite.logsumexp(2))


def arms(codes: Tensor, pool: str) -> dict[str, Arm]:
    """The fused kernel, the plain reference and the naive way, as functions of the filters."""
    lengths = torch.full((len(codes),), codes.shape[1])

    def fused(filters: Tensor) -> Tensor:
        return onehot_conv.pooled(codes, lengths, filters, pool=pool)

    def plain(filters: Tensor) -> Tensor:
        bias = filters.new_zeros(len(filters))
        return reference.pooled(codes, lengths, filters, bias, pool, both_strands=True)

    return {"fused": fused, "reference": plain, "naive": Naive(codes, pool)}


def training_step(arm: Arm, start: Tensor, batch: int) -> Callable[[], None]:
    """A step of Adam on the filters and a linear head."""
    filters = torch.nn.Parameter(start.clone())
    head = torch.nn.Linear(len(start), 1)
    labels = (torch.arange(batch) % 2).float()
    optimizer = torch.optim.Adam([filters, *head.parameters()], lr=1e-3)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        logits = head(arm(filters)).squeeze(1)
        functional.binary_cross_entropy_with_logits(logits, labels).backward()
        optimizer.step()

    return step


def inference(arm: Arm, filters: Tensor) -> Callable[[], None]:
    """A pass without gradients."""

    def infer() -> None:
        with torch.inference_mode():
            arm(filters)

    return infer


def milliseconds(work: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Least CPU milliseconds of each piece of work, over repeats in which they take turns."""
    for one in work.values():
        one()
    spent: dict[str, list[float]] = {name: [] for name in work}
    while waiting := [name for name, times in spent.items() if not _is_enough(times)]:
        for name in waiting:
            began = time.process_time()
            work[name]()
            spent[name].append(time.process_time() - began)
    return {name: 1e3 * min(times) for name, times in spent.items()}


def _is_enough(times: list[float]) -> bool:
    return len(times) >= _MOST or (len(times) >= _FEWEST and sum(times) >= _CPU_SECONDS)


def errors(codes: Tensor, filters: Tensor, pool: str) -> tuple[float, float]:
    """Relative error of values and of the gradient against two convolutions in float64.

    The largest deviation over the largest true entry. The gradient is that of a sum with random
    weights of both signs.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(batch, length)
    filters : Tensor, shape=(n_filters, 4, width)
        In the type whose error is asked for.
    """
    weights = torch.randn(len(codes), len(filters), dtype=torch.float64)
    ours = _value_and_gradient(arms(codes, pool)["fused"], filters, weights)
    theirs = _value_and_gradient(Naive(codes, pool, torch.float64), filters.double(), weights)
    value, gradient = (
        float((a.double() - b).abs().max() / b.abs().max()) for a, b in zip(ours, theirs, strict=True)
    )
    return value, gradient


def _value_and_gradient(arm: Arm, filters: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    filters = filters.clone().requires_grad_()
    value = arm(filters)
    (gradient,) = torch.autograd.grad((value * weights.to(value.dtype)).sum(), filters)
    return value.detach(), gradient


@njit(fastmath=True, nogil=True)
def _sum_of_halves(table, repeats):
    """Add up the rows of a table in the first-level cache, again and again.

    The halves of a row are added at once, into sums of their own: one sum alone waits for each addition
    to end before the next, and the processor idles.
    """
    left, right = np.float32(0), np.float32(0)
    half = table.shape[1] // 2
    for i in range(repeats):
        row = table[i % len(table)]
        for j in range(half):
            left += row[j]
            right += row[half + j]
    return left + right


def additions_per_second() -> float:
    """The machine's limit: float32 numbers loaded from the first-level cache and added, by one thread."""
    table, repeats = np.ones((_PROBE_ROWS, _PROBE_FLOATS), np.float32), 100_000
    spent = milliseconds({"probe": lambda: _sum_of_halves(table, repeats)})["probe"]
    return repeats * _PROBE_FLOATS / (spent / 1e3)


def measure(shape: Shape) -> dict[str, Any]:
    """Times, ratios, errors and the share of the limit."""
    torch.manual_seed(0)
    codes = torch.randint(0, 4, (shape.batch, shape.length), dtype=torch.uint8)
    filters = _SCALE * torch.randn(shape.filters, 4, shape.width)
    row: dict[str, Any] = {}
    ways = arms(codes, shape.pool)
    infer = milliseconds({name: inference(arm, filters) for name, arm in ways.items()})
    train = milliseconds({name: training_step(arm, filters, shape.batch) for name, arm in ways.items()})
    for mode, times in (("infer", infer), ("train", train)):
        row |= {f"{mode}_{name}_ms": _rounded(value) for name, value in times.items()}
        row[f"{mode}_ratio"] = _rounded(times["naive"] / times["fused"])
    few = codes[:_CHECKED]
    row["value_error"], row["gradient_error"] = map(_rounded, errors(few, filters, shape.pool))
    steep = filters * (_STEEP / _SCALE)
    row["steep_value_error"], row["steep_gradient_error"] = map(_rounded, errors(few, steep, shape.pool))
    row["gradient_error_float64"] = _rounded(errors(few, filters.double(), shape.pool)[1])
    limit = additions_per_second()
    row["limit_gadds"] = _rounded(limit / 1e9)
    row["share_of_limit"] = _rounded(shape.additions / (infer["fused"] / 1e3) / limit)
    return row


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps(measure(Shape(**json.loads(sys.argv[1])))))
