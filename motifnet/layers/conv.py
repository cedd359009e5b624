"""Convolution whose filters mean the same on both strands."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.layers.length import n_windows
from motifnet.ties import TIES, Strands, Tie, attach


class TiedConv1d(nn.Module):
    """Convolution that takes the reverse complement of its input to that of its output.

    Weight and bias are both tied: between strand pairs, ``weight[o, c, j]`` and
    ``weight[o', c', width - 1 - j]`` are one parameter, where ``'`` is the partner channel.
    Weights start from one random representative of each orbit, scaled for ReLU (He et al. 2015),
    biases from zero.

    Parameters
    ----------
    in_type, out_type : Strands or str
        Channel types.
    width : int
        Width of a filter, odd or even: torch's ``kernel_size``.
    dilation, stride : int
        As in ``torch.nn.Conv1d``.
    padding : int or "same"
        Zeros added at both ends; ``"same"`` keeps the length, which is exact where the stride is 1 and
        ``dilation * (width - 1)`` even: torch would add one zero more at one end than at the other.
    groups : int
        As in ``torch.nn.Conv1d``; the partner channels of a group must be a group, too.
    bias : bool
        Whether to add a bias; odd channels have none.

    Raises
    ------
    InvalidValue
        If a channel type is none, groups do not keep to the strands, or padding cannot be the same.

    Examples
    --------
    >>> from motifnet.ties import DNA
    >>> conv = TiedConv1d(DNA, Strands("8p"), 5)
    >>> conv(torch.zeros(2, 4, 50)).shape, conv.weight.shape
    (torch.Size([2, 16, 46]), torch.Size([16, 4, 5]))
    >>> sum(p.numel() for p in conv.parameters())
    168
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        in_type: Strands | str,
        out_type: Strands | str,
        width: int,
        *,
        dilation: int = 1,
        stride: int = 1,
        padding: int | Literal["same"] = 0,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.in_type, self.out_type = in_type, out_type = Strands.of(in_type), Strands.of(out_type)
        self.width, self.dilation, self.stride, self.groups = width, dilation, stride, groups
        self.padding = _padding(padding, width, dilation=dilation, stride=stride)
        tie = _grouped(out_type, in_type, width, groups) if groups != 1 else None
        self.weight = nn.Parameter(torch.empty(len(out_type), len(in_type) // groups, width))
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")
        attach(self, "weight", tie or TIES["reverse_complement"](out_type, in_type, width))
        self.register_parameter("bias", nn.Parameter(torch.zeros(len(out_type))) if bias else None)
        if bias:
            attach(self, "bias", TIES["strand_bias"](out_type))

    def forward(self, x: Tensor) -> Tensor:
        """Convolve.

        Parameters
        ----------
        x : Tensor, shape=(batch, len(in_type), length)

        Returns
        -------
        Tensor, shape=(batch, len(out_type), n_windows)

        Raises
        ------
        ShapeMismatch
            If the channels are not those of ``in_type``.
        InvalidValue
            If the length would break the tie: see :func:`~motifnet.layers.length.n_windows`.
        """
        if x.ndim != 3 or x.shape[1] != len(self.in_type):
            raise ShapeMismatch("x", x.shape, f"(batch, {len(self.in_type)}, length)")
        n_windows(x.shape[2], self.width, stride=self.stride, dilation=self.dilation, padding=self.padding)
        return functional.conv1d(
            x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups
        )

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return (
            f"{self.in_type} -> {self.out_type}, width={self.width}, dilation={self.dilation}, "
            f"stride={self.stride}, padding={self.padding}, groups={self.groups}"
        )


def _padding(padding: int | str, width: int, *, dilation: int, stride: int) -> int:
    """Zeros to add at both ends."""
    reach = dilation * (width - 1)
    if padding == "same":
        if stride != 1 or reach % 2:
            expected = "a number of zeros: 'same' needs a stride of 1 and an even dilation * (width - 1)"
            raise InvalidValue("padding", padding, expected)
        return reach // 2
    if isinstance(padding, str):
        raise InvalidValue("padding", padding, "a number of zeros, or 'same'")
    return padding


def _grouped(out_type: Strands, in_type: Strands, width: int, groups: int) -> Tie:
    """The tie of the weights ``(out, in / groups, width)`` of a convolution in groups."""
    n_out, n_in = len(out_type), len(in_type)
    if groups < 1 or n_out % groups or n_in % groups:
        raise InvalidValue("groups", groups, f"a number that divides {n_in} channels and {n_out}")
    of_out, of_in = (torch.arange(n) // (n // groups) for n in (n_out, n_in))
    inside = of_out[:, None] == of_in

    def act(w: Tensor) -> Tensor:
        full = torch.zeros(n_out, n_in, width, dtype=w.dtype)
        full[inside] = w.reshape(-1, width)
        return out_type.act(in_type.act(full, 1), 0).flip(2)[inside].reshape(w.shape)

    # On the other strand, a group must be a group.
    moved = out_type.act(in_type.act(inside.double(), 1), 0).abs().bool()
    if not torch.equal(moved, inside):
        raise InvalidValue("groups", groups, f"groups of which {in_type} and {out_type} have whole partners")
    return Tie.invariant_under((n_out, n_in // groups, width), [act])
