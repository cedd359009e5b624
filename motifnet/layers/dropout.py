"""Dropout that leaves both strands the same."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.ties import Strands


class TiedDropout(nn.Module):
    """Drop whole channels in training, the two of a strand pair together.

    Ordinary dropout draws each entry for itself, so that the two strands of a sequence lose different
    features. Here a channel is dropped at all positions, with its partner, as ``torch.nn.Dropout1d`` drops
    single channels, and the others are scaled up to keep the mean.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, also that of the output.
    rate : float
        Share of channels to drop, at least 0 and below 1.

    Raises
    ------
    InvalidValue
        If the rate is another one.

    Examples
    --------
    >>> dropout = TiedDropout("2p", 0.5).eval()
    >>> dropout(torch.ones(1, 4, 2)).sum().item()
    8.0
    """

    orbit: Tensor

    def __init__(self, in_type: Strands | str, rate: float) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise InvalidValue("rate", rate, "at least 0 and below 1")
        self.in_type = self.out_type = Strands.of(in_type)
        self.rate = rate
        orbit = torch.empty(len(self.in_type), dtype=torch.long)
        for number, members in enumerate(self.in_type.orbits):
            orbit[list(members)] = number
        self.register_buffer("orbit", orbit, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Drop channels of ``(batch, channels)`` or ``(batch, channels, length)``, in training alone.

        Raises
        ------
        ShapeMismatch
            If the channels are not those of ``in_type``.
        """
        if x.ndim < 2 or x.shape[1] != len(self.in_type):
            raise ShapeMismatch("x", x.shape, f"(batch, {len(self.in_type)}, ...)")
        if not self.training or self.rate == 0:
            return x
        kept = torch.rand(len(x), len(self.in_type.orbits), device=x.device) >= self.rate
        scale = (kept / (1 - self.rate)).to(x.dtype)[:, self.orbit]
        return x * scale.reshape(*scale.shape, *[1] * (x.ndim - 2))

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return f"{self.in_type}, rate={self.rate}"
