"""Pointwise functions, where the channel type allows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from motifnet.errors import InvalidValue, UnknownName
from motifnet.ties import Strands

_EXP_LIMIT = 10.0  # exp(10) is as large as a feature should ever get


class _Function(NamedTuple):
    apply: Callable[[Tensor], Tensor]
    is_odd: bool


_FUNCTIONS = {
    "exp": _Function(lambda x: torch.exp(x.clamp(max=_EXP_LIMIT)), is_odd=False),
    "gelu": _Function(functional.gelu, is_odd=False),
    "relu": _Function(functional.relu, is_odd=False),
    "silu": _Function(functional.silu, is_odd=False),
    "softplus": _Function(functional.softplus, is_odd=False),
    "tanh": _Function(torch.tanh, is_odd=True),
}


class Activation(nn.Module):
    """A pointwise function of every channel.

    Strand pairs and even channels take any function. An odd channel changes its sign on the
    other strand, and so must its function's value: it takes an odd function alone.

    Parameters
    ----------
    in_type : Strands or str
        Channel type, also that of the output.
    name : {"exp", "gelu", "relu", "silu", "softplus", "tanh"}
        The function; ``exp`` is cut at exp(10).

    Raises
    ------
    UnknownName
        If there is no such function.
    InvalidValue
        If the type has odd channels and the function is not odd.

    Examples
    --------
    >>> Activation(Strands("1p"), "relu")(torch.tensor([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """

    def __init__(self, in_type: Strands | str, name: str) -> None:
        super().__init__()
        in_type = Strands.of(in_type)
        if name not in _FUNCTIONS:
            raise UnknownName("activation", name, _FUNCTIONS)
        if in_type.has_odd and not _FUNCTIONS[name].is_odd:
            odd = sorted(known for known, function in _FUNCTIONS.items() if function.is_odd)
            raise InvalidValue(
                "activation", name, f"an odd function ({', '.join(odd)}) for channels of type {in_type}"
            )
        self.in_type = self.out_type = in_type
        self.name = name

    def forward(self, x: Tensor) -> Tensor:
        """The function of every entry of ``x``, of any shape."""
        return _FUNCTIONS[self.name].apply(x)

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        return f"{self.in_type}, {self.name}"
