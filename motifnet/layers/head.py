"""Heads: from pooled features to one number a task."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrize

from motifnet.ties import TIES, Strands, attach


class TiedLinear(nn.Module):
    """Linear map whose output is the same for both strands.

    The two members of a strand pair share their weight; an odd channel has none.

    Parameters
    ----------
    in_type : Strands or str
        Channel type of the features.
    n_out : int
        Number of outputs, all of them even.
    bias : bool
        Whether to add a bias.

    Examples
    --------
    >>> head = TiedLinear(Strands("2p"), 1, bias=False)
    >>> x = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    >>> torch.allclose(head(x), head(x.flip(1)))
    True
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, in_type: Strands | str, n_out: int, *, bias: bool = True) -> None:
        super().__init__()
        in_type = Strands.of(in_type)
        self.in_type, self.out_type = in_type, Strands.even(n_out)
        self.weight = nn.Parameter(torch.empty(n_out, len(in_type)))
        nn.init.normal_(self.weight, std=0.1 * len(in_type) ** -0.5)
        attach(self, "weight", TIES["strand_readout"](n_out, in_type))
        self.register_parameter("bias", nn.Parameter(torch.zeros(n_out)) if bias else None)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs ``(batch, n_out)`` of features ``(batch, channels)``."""
        return functional.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return f"{self.in_type} -> {self.out_type}"


class NonNegativeLinear(nn.Linear):
    """Linear map with weights of 0 or more, each the softplus of a free parameter.

    Parameters
    ----------
    n_in, n_out : int
        Numbers of inputs and outputs.
    start : float
        What every weight starts from.

    Examples
    --------
    >>> head = NonNegativeLinear(2, 1)
    >>> head.weight = torch.tensor([[0.5, -3.0]])
    >>> head.weight.detach().round(decimals=3).tolist()
    [[0.5, 0.0]]
    """

    def __init__(self, n_in: int, n_out: int, *, start: float = 1.0) -> None:
        super().__init__(n_in, n_out)
        nn.init.constant_(self.weight, start)
        nn.init.zeros_(self.bias)
        parametrize.register_parametrization(self, "weight", _Softplus())


class _Softplus(nn.Module):
    least = 1e-4  # softplus reaches no zero, and so small a weight still has a gradient

    def forward(self, free: Tensor) -> Tensor:
        return functional.softplus(free)

    def right_inverse(self, weight: Tensor) -> Tensor:
        weight = weight.clamp(min=self.least)
        return weight + torch.log(-torch.expm1(-weight))
