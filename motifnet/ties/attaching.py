"""Make a parameter of a network obey a tie, and make it free again."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from motifnet.errors import InvalidValue, ShapeMismatch, UnknownName
from motifnet.ties.tensors import as_tensors, expand
from motifnet.ties.tie import Tie


class _Expand(nn.Module):
    """What ``torch.nn.utils.parametrize`` calls to turn free parameters into a weight."""

    def __init__(self, tie: Tie) -> None:
        super().__init__()
        self.tie = tie
        # The tie belongs to the architecture, not to the trained state: it stays out of state_dict.
        label, sign = as_tensors(tie.label, tie.sign)
        self.label: Tensor
        self.sign: Tensor
        self.register_buffer("label", label, persistent=False)
        self.register_buffer("sign", sign, persistent=False)

    def forward(self, free: Tensor) -> Tensor:
        return expand(free, self.label, self.sign)

    def right_inverse(self, weight: Tensor) -> Tensor:
        return self.tie.project(weight)

    def extra_repr(self) -> str:
        return f"{self.tie.n_free} free parameters for {self.tie.label.size} entries"


def attach(
    module: nn.Module, name: str, tie: Tie, *, start: Literal["representative", "nearest"] = "representative"
) -> None:
    """Make ``module.<name>`` obey a tie from now on.

    What the optimiser sees are the free parameters alone; the weight is made from them whenever
    it is read. A weight that is assigned later is projected onto the tie. Save such a module by
    its ``state_dict`` and what it was built from; it cannot be pickled whole. Where one forward
    pass reads a tied weight several times, ``torch.nn.utils.parametrize.cached()`` makes it once.

    Parameters
    ----------
    module : torch.nn.Module
        The module that owns the parameter.
    name : str
        Name of the parameter, such as ``"weight"``.
    tie : Tie
        A tie of the parameter's shape.
    start : {"representative", "nearest"}
        What the free parameters start from: the first entry of each orbit, which keeps the
        standard deviation of a random initialisation, or the mean over the orbit, which is
        nearest to a weight that is to be kept but has a standard deviation smaller by the
        square root of the orbit's size.

    Raises
    ------
    UnknownName
        If the module has no such parameter.
    ShapeMismatch
        If the tie has another shape.
    InvalidValue
        If the parameter is tied already.

    Examples
    --------
    >>> from motifnet.ties import TIES
    >>> layer = torch.nn.Linear(3, 2, bias=False)
    >>> attach(layer, "weight", TIES["shared_depth"](2, 3))
    >>> bool((layer.weight[0] == layer.weight[1]).all()), sum(p.numel() for p in layer.parameters())
    (True, 3)
    """
    weight = _parameter(module, name)
    if tuple(weight.shape) != tie.shape:
        raise ShapeMismatch(
            f"{type(module).__name__}.{name}", weight.shape, f"the shape of the tie, {tie.shape}"
        )
    if start == "representative":
        with torch.no_grad():
            weight.copy_(tie.expand(tie.representatives(weight)))
    parametrize.register_parametrization(module, name, _Expand(tie).to(weight.device))


@torch.no_grad()
def assign(module: nn.Module, name: str, value: Tensor) -> None:
    """Give ``module.<name>`` a value: as it is, or where it is tied, the nearest one that obeys the tie.

    Parameters
    ----------
    module : torch.nn.Module
        The module that owns the parameter.
    name : str
        Name of the parameter, such as ``"weight"``.
    value : Tensor
        Of the parameter's shape.

    Examples
    --------
    >>> from motifnet.ties import TIES
    >>> layer = torch.nn.Linear(3, 2, bias=False)
    >>> attach(layer, "weight", TIES["shared_depth"](2, 3))
    >>> assign(layer, "weight", torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))
    >>> layer.weight.tolist()
    [[2.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
    """
    if parametrize.is_parametrized(module, name):
        setattr(module, name, value)
    else:
        module.get_parameter(name).copy_(value)


def is_tied(module: nn.Module, name: str) -> bool:
    """Whether ``module.<name>`` obeys a tie.

    Parameters
    ----------
    module : torch.nn.Module
        The module that owns the parameter.
    name : str
        Name of the parameter, such as ``"weight"``.

    Returns
    -------
    bool

    Examples
    --------
    >>> from motifnet.ties import TIES
    >>> layer = torch.nn.Linear(3, 2, bias=False)
    >>> attach(layer, "weight", TIES["shared_depth"](2, 3))
    >>> is_tied(layer, "weight")
    True
    """
    return _expansion(module, name) is not None


def tie_of(module: nn.Module, name: str) -> Tie:
    """The tie that ``module.<name>`` obeys.

    Parameters
    ----------
    module : torch.nn.Module
        The module that owns the parameter.
    name : str
        Name of the parameter, such as ``"weight"``.

    Returns
    -------
    Tie

    Raises
    ------
    InvalidValue
        If the parameter is free.

    Examples
    --------
    >>> from motifnet.ties import TIES
    >>> layer = torch.nn.Linear(3, 2, bias=False)
    >>> attach(layer, "weight", TIES["shared_depth"](2, 3))
    >>> tie_of(layer, "weight").n_free
    3
    """
    expansion = _expansion(module, name)
    if expansion is None:
        raise InvalidValue("parameter", _path(module, name), "a tied one; this one is free")
    return expansion.tie


def detach(module: nn.Module, name: str) -> None:
    """Bake the tie in: ``module.<name>`` keeps its value and is a plain parameter again.

    Parameters
    ----------
    module : torch.nn.Module
        The module that owns the parameter.
    name : str
        Name of the parameter, such as ``"weight"``.

    Raises
    ------
    InvalidValue
        If the parameter is not tied.

    Examples
    --------
    >>> from motifnet.ties import TIES
    >>> layer = torch.nn.Linear(3, 2, bias=False)
    >>> attach(layer, "weight", TIES["shared_depth"](2, 3))
    >>> detach(layer, "weight")
    >>> is_tied(layer, "weight"), layer.weight.shape
    (False, torch.Size([2, 3]))
    """
    tie_of(module, name)
    # The gradient has the shape of the free parameters, which the weight will not have.
    module.get_parameter(f"parametrizations.{name}.original").grad = None
    parametrize.remove_parametrizations(module, name, leave_parametrized=True)


def _expansion(module: nn.Module, name: str) -> _Expand | None:
    """What makes ``module.<name>`` of free parameters; ``None`` where nothing of ours does."""
    if not parametrize.is_parametrized(module, name):
        return None
    first = module.get_submodule(f"parametrizations.{name}.0")
    return first if isinstance(first, _Expand) else None


def _parameter(module: nn.Module, name: str) -> nn.Parameter:
    if parametrize.is_parametrized(module, name):
        raise InvalidValue("parameter", _path(module, name), "a free one; detach it first")
    parameters = dict(module.named_parameters(recurse=False))
    if name not in parameters:
        raise UnknownName("parameter", _path(module, name), [_path(module, known) for known in parameters])
    return parameters[name]


def _path(module: nn.Module, name: str) -> str:
    """The parameter in words, by the class that the module had before anything was attached."""
    return f"{parametrize.type_before_parametrizations(module).__name__}.{name}"
