"""Convolution whose filters mean the same on both strands."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from motifnet.errors import ShapeMismatch
from motifnet.layers.length import n_windows
from motifnet.ties import TIES, Strands, attach


class TiedConv1d(nn.Module):
    """Convolution that takes the reverse complement of its input to that of its output.

    Weight and bias are both tied: between strand pairs, ``weight[o, c, j]`` and
    ``weight[o', c', width - 1 - j]`` are one parameter, where ``'`` is the partner channel.
    Weights start from one random representative of each orbit, scaled for ReLU (He et al. 2015),
    biases from zero.

    Parameters
    ----------
    in_type, out_type : Strands
        Channel types.
    width : int
        Width of a filter, odd or even.
    dilation, stride : int
        As in ``torch.nn.Conv1d``.
    padding : int
        Zeros added at both ends.
    bias : bool
        Whether to add a bias; odd channels have none.

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
        in_type: Strands,
        out_type: Strands,
        width: int,
        *,
        dilation: int = 1,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.in_type, self.out_type = in_type, out_type
        self.width, self.dilation, self.stride, self.padding = width, dilation, stride, padding
        self.weight = nn.Parameter(torch.empty(len(out_type), len(in_type), width))
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")
        attach(self, "weight", TIES["reverse_complement"](out_type, in_type, width))
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
        return functional.conv1d(x, self.weight, self.bias, self.stride, self.padding, self.dilation)

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return (
            f"{self.in_type} -> {self.out_type}, width={self.width}, dilation={self.dilation}, "
            f"stride={self.stride}, padding={self.padding}"
        )
