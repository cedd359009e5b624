"""The operation in plain torch: what defines it, and what runs where nothing faster can.

Slow, and heavy on memory: it builds the one-hot tensor and all activations.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from motifnet.kernels.onehot_conv.contract import Best, Pool
from motifnet.symbols import one_hot


def scores(codes: Tensor, filters: Tensor) -> Tensor:
    """Score of every window on the given strand, ``(batch, n_filters, n_windows)``.

    In the type of the filters also under autocast, whose narrow type would round the scores.
    """
    with torch.autocast(filters.device.type, enabled=False):
        return functional.conv1d(one_hot(codes, filters.dtype), filters)


def strand_scores(codes: Tensor, filters: Tensor, *, both_strands: bool) -> Tensor:
    """Score of every window on each strand, ``(batch, n_strands, n_filters, n_windows)``."""
    given = scores(codes, filters)
    return torch.stack([given, scores(codes, filters.flip(1, 2))] if both_strands else [given], 1)


def inside(lengths: Tensor, n_windows: int, width: int) -> Tensor:
    """Which windows lie within each sequence, ``(batch, n_windows)``."""
    return torch.arange(n_windows, device=lengths.device) + width <= lengths[:, None]


def pooled(
    codes: Tensor, lengths: Tensor, filters: Tensor, bias: Tensor, pool: Pool, *, both_strands: bool
) -> Tensor:
    """See :func:`motifnet.kernels.onehot_conv.pooled`."""
    if pool == "max":
        return best(codes, lengths, filters, both_strands=both_strands).score + bias
    each = strand_scores(codes, filters, both_strands=both_strands) + bias[:, None]
    counts = inside(lengths, each.shape[3], filters.shape[2])[:, None, None]
    if pool == "logsumexp":
        # No window at all: the logarithm of nothing, with a gradient of 0 rather than none.
        total = each.masked_fill(~counts, torch.finfo(each.dtype).min).logsumexp((1, 3))
        return total.masked_fill(~counts.any(3)[:, 0], -torch.inf)
    if pool == "relu":
        return (each.relu() * counts).sum((1, 3))
    return (each * counts).sum((1, 3)) / (each.shape[1] * counts.sum(3)[:, 0]).clamp(min=1)


def best(codes: Tensor, lengths: Tensor, filters: Tensor, *, both_strands: bool) -> Best:
    """See :func:`motifnet.kernels.onehot_conv.best`."""
    each = strand_scores(codes, filters, both_strands=both_strands)
    counts = inside(lengths, each.shape[3], filters.shape[2])[:, None, None]
    each = each.masked_fill(~counts, -torch.inf)
    # argmax may return any of equals: the leftmost is the first of those that reach the maximum.
    top = each.amax(3)
    places = (each == top[..., None]).to(torch.uint8).argmax(3)
    reverse = (top[:, -1] > top[:, 0]) | ((top[:, -1] == top[:, 0]) & (places[:, -1] < places[:, 0]))
    position = torch.where(reverse, places[:, -1], places[:, 0])
    chosen = each.gather(3, torch.stack([places[:, 0], places[:, -1]][: each.shape[1]], 1)[..., None])[..., 0]
    score = torch.where(reverse, chosen[:, -1], chosen[:, 0])
    return Best(score, position.masked_fill(~counts.any(3)[:, 0], -1).to(torch.int32), reverse)
