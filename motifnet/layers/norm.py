"""Normalisation whose statistics and parameters are shared by both strands."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from motifnet.ties import TIES, Strands, Tie, attach
from motifnet.ties.tensors import as_tensors


class _TiedNorm(nn.Module, ABC):
    """A factor and an offset for each channel: one a strand pair; an odd channel has no offset."""

    weight: Tensor
    bias: Tensor

    def __init__(self, in_type: Strands | str, *, eps: float = 1e-5) -> None:
        super().__init__()
        in_type = Strands.of(in_type)
        self.in_type = self.out_type = in_type
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(len(in_type)))
        self.bias = nn.Parameter(torch.zeros(len(in_type)))
        attach(self, "weight", TIES["strand_scale"](in_type))
        attach(self, "bias", TIES["strand_bias"](in_type))

    @abstractmethod
    def forward(self, x: Tensor, valid: Tensor | None = None) -> Tensor:
        """Normalise.

        Parameters
        ----------
        x : Tensor, shape=(batch, channels, length)
        valid : Tensor of bool, shape=(batch, length), optional
            Positions that lie within their sequence; all if not given. The others do not count
            in the statistics, and are zero in the output.

        Returns
        -------
        Tensor, shape=(batch, channels, length)
        """

    def extra_repr(self) -> str:
        return f"{self.in_type}, eps={self.eps}"


class TiedBatchNorm(_TiedNorm):
    """Batch normalisation over strand orbits (Ioffe and Szegedy 2015).

    Mean and variance are taken over batch, positions and both members of a strand pair. An odd
    channel has no mean, since on the other strand its sign is the opposite: it is divided by
    its root mean square. For even channels alone this is ordinary batch normalisation, but that
    the running variance is the biased one.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, also that of the output.
    eps : float
        Added to the variance.
    momentum : float
        Weight of a new batch in the running statistics, which serve in evaluation mode.

    Examples
    --------
    >>> norm = TiedBatchNorm(Strands("1p"))
    >>> norm(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]])).sum().abs().item() < 1e-6
    True
    """

    running_mean: Tensor
    running_var: Tensor
    mean_average: Tensor
    scale_average: Tensor

    def __init__(self, in_type: Strands | str, *, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__(in_type, eps=eps)
        in_type = self.in_type
        self.momentum = momentum
        self.register_buffer("running_mean", torch.zeros(len(in_type)))
        self.register_buffer("running_var", torch.ones(len(in_type)))
        self.register_buffer("mean_average", _averaging(TIES["strand_bias"](in_type)), persistent=False)
        self.register_buffer("scale_average", _averaging(TIES["strand_scale"](in_type)), persistent=False)

    def forward(self, x: Tensor, valid: Tensor | None = None) -> Tensor:
        """Features normalised over batch and positions, ``shape=(batch, channels, length)`` as they came."""
        mask = None if valid is None else valid[:, None].to(x.dtype)
        mean, var = (
            self._batch_statistics(x, mask) if self.training else (self.running_mean, self.running_var)
        )
        factor = self.weight * (var + self.eps).rsqrt()
        offset = self.bias - mean * factor
        return _masked(x * factor[:, None].to(x.dtype) + offset[:, None].to(x.dtype), mask)

    def _batch_statistics(self, x: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Mean and variance of each channel, ``shape=(channels,)``; moves the running ones."""
        wide = x.to(self.running_mean.dtype)  # a sum over a batch needs more digits than bfloat16 has
        count = x.shape[0] * x.shape[2] if mask is None else mask.sum(dtype=wide.dtype).clamp(min=1)
        mean = self.mean_average.mv(_masked(wide, mask).sum((0, 2)) / count)
        square = _masked(wide - mean[:, None], mask).square().sum((0, 2)) / count
        var = self.scale_average.mv(square)
        with torch.no_grad():
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(var, self.momentum)
        return mean, var


class TiedLayerNorm(_TiedNorm):
    """Normalisation over the channels of each position (Ba et al. 2016).

    The mean is taken over all channels but the odd ones, which stay as they are; then all are
    divided by their common root mean square. It has no running statistics, so it is the same in
    training and evaluation.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, also that of the output.
    eps : float
        Added to the variance.

    Examples
    --------
    >>> norm = TiedLayerNorm(Strands("1p"))
    >>> norm(torch.tensor([[[1.0], [3.0]]])).flatten().tolist()
    [-0.9999949932098389, 0.9999949932098389]
    """

    has_mean: Tensor

    def __init__(self, in_type: Strands | str, *, eps: float = 1e-5) -> None:
        super().__init__(in_type, eps=eps)
        self.register_buffer("has_mean", torch.tensor(self.in_type.sign) > 0, persistent=False)

    def forward(self, x: Tensor, valid: Tensor | None = None) -> Tensor:
        """Features normalised at each position, ``shape=(batch, channels, length)`` as they came."""
        wide = x.to(self.weight.dtype)
        has_mean = self.has_mean[:, None].to(wide.dtype)
        mean = (wide * has_mean).sum(1, keepdim=True) / has_mean.sum().clamp(min=1)
        centred = wide - mean * has_mean
        scaled = centred * (centred.square().mean(1, keepdim=True) + self.eps).rsqrt()
        y = (scaled * self.weight[:, None] + self.bias[:, None]).to(x.dtype)
        return _masked(y, None if valid is None else valid[:, None].to(x.dtype))


def _masked(x: Tensor, mask: Tensor | None) -> Tensor:
    return x if mask is None else x * mask


def _averaging(tie: Tie) -> Tensor:
    """The matrix that replaces each channel's value by that of its orbit, ``(channels, channels)``."""
    label, sign = as_tensors(tie.label, tie.sign)
    together = (label[:, None] == label) * sign[:, None] * sign
    return together / together.abs().sum(1, keepdim=True).clamp(min=1)
