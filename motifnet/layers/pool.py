"""Pooling over strands and over positions."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from motifnet.errors import InvalidValue, UnknownName
from motifnet.layers.length import n_windows
from motifnet.ties import Strands

How = Literal["max", "logsumexp", "mean"]
_HOW = ("max", "logsumexp", "mean")


class SiteMerge(nn.Module):
    """Merge what the two strands of one and the same place say into one even channel.

    Only the members of a pair are merged, position by position; the two ends of a sequence are
    different sites, and stay apart. An even channel stands for both strands and is merged with
    itself: it stays as it is under ``max`` and ``mean``, and gains log 2 under ``logsumexp``.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, without odd channels.
    how : {"max", "logsumexp", "mean"}
        How two numbers become one.

    Raises
    ------
    InvalidValue
        If the type has odd channels: their sign depends on the strand.

    Examples
    --------
    >>> merge = SiteMerge(Strands("2p"), "max")
    >>> merge(torch.tensor([[[1.0], [2.0], [3.0], [4.0]]])).flatten().tolist(), str(merge.out_type)
    ([4.0, 3.0], '2e')
    """

    given: Tensor
    opposite: Tensor

    def __init__(self, in_type: Strands | str, how: How) -> None:
        super().__init__()
        in_type = Strands.of(in_type)
        _check(in_type, how, odd_is_legal=False)
        self.in_type, self.out_type, self.how = in_type, Strands.even(len(in_type.orbits)), how
        members = torch.tensor(in_type.orbits)
        self.register_buffer("given", members[:, 0].contiguous(), persistent=False)
        self.register_buffer("opposite", members[:, 1].contiguous(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Merge channels, ``shape=(batch, channels, ...)`` to ``(batch, n_orbits, ...)``."""
        given, opposite = x.index_select(1, self.given), x.index_select(1, self.opposite)
        if self.how == "max":
            return torch.maximum(given, opposite)
        return torch.logaddexp(given, opposite) if self.how == "logsumexp" else (given + opposite) / 2

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return f"{self.in_type} -> {self.out_type}, {self.how}"


class GlobalPool(nn.Module):
    """Pool over all positions of a sequence.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, also that of the output.
    how : {"max", "logsumexp", "mean"}
        How the positions become one; odd channels take ``mean`` alone.

    Raises
    ------
    InvalidValue
        If the type has odd channels and ``how`` is not ``"mean"``.

    Examples
    --------
    >>> x, valid = torch.tensor([[[1.0, 3.0, 9.0]]]), torch.tensor([[True, True, False]])
    >>> GlobalPool(Strands("1e"), "mean")(x, valid).item()
    2.0
    """

    def __init__(self, in_type: Strands | str, how: How) -> None:
        super().__init__()
        in_type = Strands.of(in_type)
        _check(in_type, how, odd_is_legal=how == "mean")
        self.in_type = self.out_type = in_type
        self.how = how

    def forward(self, x: Tensor, valid: Tensor | None = None) -> Tensor:
        """Pool.

        Parameters
        ----------
        x : Tensor, shape=(batch, channels, length)
        valid : Tensor of bool, shape=(batch, length), optional
            Positions that count; all if not given. Where none of a sequence counts, ``mean`` is
            zero and the others are the most negative number of the type.

        Returns
        -------
        Tensor, shape=(batch, channels)
            In float32 or wider for ``logsumexp``, whose sum half precision cannot hold.
        """
        if self.how == "mean":
            return _mean(x, valid)
        if valid is not None:
            # Finite, since the gradient of a log-sum-exp of infinities alone is not a number.
            x = x.masked_fill(~valid[:, None], torch.finfo(x.dtype).min)
        if self.how == "max":
            return x.amax(2)
        return x.to(torch.promote_types(x.dtype, torch.float32)).logsumexp(2)

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return f"{self.in_type}, {self.how}"


class LocalMaxPool(nn.Module):
    """Largest value of each window of positions.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, without odd channels; also that of the output.
    width : int
        Width of a window.
    stride : int, optional
        Step between windows; the width if not given.

    Raises
    ------
    InvalidValue
        If the type has odd channels: their largest value is the smallest on the other strand.

    Examples
    --------
    >>> LocalMaxPool(Strands("1e"), 2)(torch.tensor([[[1.0, 2.0, 4.0, 3.0]]])).tolist()
    [[[2.0, 4.0]]]
    """

    def __init__(self, in_type: Strands | str, width: int, stride: int | None = None) -> None:
        super().__init__()
        in_type = Strands.of(in_type)
        _check(in_type, "max", odd_is_legal=False)
        self.in_type = self.out_type = in_type
        self.width, self.stride = width, width if stride is None else stride

    def forward(self, x: Tensor) -> Tensor:
        """Pool ``(batch, channels, length)`` to ``(batch, channels, n_windows)``.

        Raises
        ------
        InvalidValue
            If the windows do not fill the length: see :func:`~motifnet.layers.length.n_windows`.
        """
        n_windows(x.shape[2], self.width, stride=self.stride)
        return functional.max_pool1d(x, self.width, self.stride)

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return f"{self.in_type}, width={self.width}, stride={self.stride}"


class LocalMeanPool(nn.Module):
    """Mean of each window of positions, of channels of any type.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, also that of the output.
    width : int
        Width of a window.
    stride : int, optional
        Step between windows; the width if not given.

    Examples
    --------
    >>> LocalMeanPool("1o", 2)(torch.tensor([[[1.0, 2.0, 4.0, 3.0]]])).tolist()
    [[[1.5, 3.5]]]
    """

    def __init__(self, in_type: Strands | str, width: int, stride: int | None = None) -> None:
        super().__init__()
        self.in_type = self.out_type = Strands.of(in_type)
        self.width, self.stride = width, width if stride is None else stride

    def forward(self, x: Tensor) -> Tensor:
        """Pool ``(batch, channels, length)`` to ``(batch, channels, n_windows)``.

        Raises
        ------
        InvalidValue
            If the windows do not fill the length: see :func:`~motifnet.layers.length.n_windows`.
        """
        n_windows(x.shape[2], self.width, stride=self.stride)
        return functional.avg_pool1d(x, self.width, self.stride)

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return f"{self.in_type}, width={self.width}, stride={self.stride}"


def _mean(x: Tensor, valid: Tensor | None) -> Tensor:
    if valid is None:
        return x.mean(2)
    mask = valid[:, None].to(x.dtype)
    return (x * mask).sum(2) / mask.sum(2).clamp(min=1)


def _check(in_type: Strands, how: str, *, odd_is_legal: bool) -> None:
    if how not in _HOW:
        raise UnknownName("pool", how, _HOW)
    if in_type.has_odd and not odd_is_legal:
        raise InvalidValue("channel type", str(in_type), f"one without odd channels, for pooling by {how}")
