"""Checks for tests: does a layer or a model keep the symmetry that it declares?"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import type_before_parametrizations

from motifnet.errors import NotEquivariant

TOLERANCES = {torch.float64: 1e-10, torch.float32: 1e-5, torch.bfloat16: 3e-2}
"""Largest error allowed, relative to the largest absolute output (or to 1), by dtype."""


_SHAKEN = 0.1  # standard deviation of what is added to each parameter


class ChannelType(Protocol):
    """What is asked of a channel type: :class:`motifnet.ties.Strands` is one."""

    def __len__(self) -> int: ...

    def act(self, x: Tensor, dim: int) -> Tensor:
        """What the other strand makes of the channels along one axis."""


def assert_equivariant(
    module: nn.Module,
    in_type: ChannelType,
    out_type: ChannelType,
    *,
    shape: Sequence[int] = (5, 40),
    tolerance: float | None = None,
    perturb: bool = True,
) -> None:
    """Check that a layer takes the reverse complement of its input to that of its output.

    The layer is tried in the mode, on the device and in the dtype that it has, on copies, so
    that it stays as it is. Random layers draw the same numbers for both strands.

    Parameters
    ----------
    module : torch.nn.Module
        Takes ``(batch, channels, *positions)`` and gives ``(batch, channels, *positions)``.
    in_type, out_type : ChannelType
        How the channels of input and output move.
    shape : sequence of int
        Batch size, then the length; ``(batch,)`` alone for a layer without positions.
    tolerance : float, optional
        Largest error relative to the largest output; from :data:`TOLERANCES` if not given.
    perturb : bool
        Shake what can be trained first, and let running statistics see a batch whose channels differ, on
        the copy: fresh parameters of a layer that is not tied, such as those of ``torch.nn.BatchNorm1d``, are
        often equal, and would pass. Without it, the parameters are judged as they are.

    Raises
    ------
    NotEquivariant
        If the error is larger than the tolerance.

    Examples
    --------
    >>> from motifnet.layers import TiedConv1d
    >>> from motifnet.ties import DNA, Strands
    >>> assert_equivariant(TiedConv1d(DNA, Strands("3p"), 5), DNA, Strands("3p"), shape=(4, 20))
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(shape[0], len(in_type), *shape[1:], generator=generator).to(_floating(module))
    module = _perturbed(module, x) if perturb else module
    given = _output(module, x)
    opposite = _output(module, _reverse_complement(x, in_type))
    _compare(module, opposite, _reverse_complement(given, out_type), tolerance)


def assert_invariant(
    model: nn.Module,
    *,
    lengths: Sequence[int] = (60, 41, 52, 60, 33),
    tolerance: float | None = None,
    call: Callable[[nn.Module, Tensor, Tensor], Tensor] = nn.Module.__call__,
) -> None:
    """Check that a model says the same of a sequence and of its reverse complement.

    As :func:`assert_equivariant`, for models that take codes and lengths.

    Parameters
    ----------
    model : torch.nn.Module
        Takes codes, uint8 ``(batch, length)``, and lengths, int64 ``(batch,)``.
    lengths : sequence of int
        Lengths of the random sequences to try, some bases of which are unknown.
    tolerance : float, optional
        Largest error relative to the largest output; from :data:`TOLERANCES` if not given.
    call : callable
        How to get the output, if not by calling the model.

    Raises
    ------
    NotEquivariant
        If the error is larger than the tolerance.

    Examples
    --------
    >>> from motifnet.config.train import ModelOptions
    >>> from motifnet.models.build import build
    >>> assert_invariant(build(ModelOptions(n_filters=4, filter_width=8), n_tasks=1))
    """
    generator = torch.Generator().manual_seed(0)
    sequences = [torch.randint(0, 4, (length,), generator=generator) for length in lengths]
    for sequence in sequences:
        sequence[3:5] = 4
    device = _floating(model).device
    n_bases = torch.tensor(lengths, device=device)
    given = _output(model, _padded(sequences).to(device), n_bases, call=call)
    opposite = _output(model, _padded(map(_other_strand, sequences)).to(device), n_bases, call=call)
    _compare(model, opposite, given, tolerance)


def _perturbed(module: nn.Module, x: Tensor) -> nn.Module:
    """A copy with other parameters, under the same ties, whose running statistics have seen a batch."""
    shaken = copy.deepcopy(module)
    uneven = torch.linspace(0.5, 2, x.shape[1], dtype=x.dtype, device=x.device).reshape(
        -1, *[1] * (x.ndim - 2)
    )
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(1)
        for parameter in shaken.parameters():
            if parameter.requires_grad and parameter.is_floating_point():
                parameter.add_(torch.randn_like(parameter), alpha=_SHAKEN)
        if any(buffer.is_floating_point() for buffer in shaken.buffers()):
            shaken.train()
            shaken(uneven * (x + 1))
            shaken.train(module.training)
    return shaken


def _output(module: nn.Module, *inputs: Tensor, call: Callable[..., Tensor] = nn.Module.__call__) -> Tensor:
    """What a copy of the module says, with the same random numbers each time."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        return call(copy.deepcopy(module), *inputs)


def _floating(module: nn.Module) -> Tensor:
    """A tensor of the module's device and dtype."""
    tensors = [*module.parameters(), *module.buffers()]
    return next((tensor for tensor in tensors if tensor.is_floating_point()), torch.zeros(()))


def _reverse_complement(x: Tensor, channels: ChannelType) -> Tensor:
    moved = channels.act(x, 1)
    return moved.flip(2) if x.ndim == 3 else moved


# The other strand is made here one sequence at a time, so that the layers are not their own judge.
def _other_strand(codes: Tensor) -> Tensor:
    return torch.tensor([{0: 3, 1: 2, 2: 1, 3: 0}.get(code, 4) for code in reversed(codes.tolist())])


def _padded(sequences: Iterable[Tensor]) -> Tensor:
    return nn.utils.rnn.pad_sequence(list(sequences), batch_first=True, padding_value=4).to(torch.uint8)


def _compare(module: nn.Module, found: Tensor, expected: Tensor, tolerance: float | None) -> None:
    allowed = TOLERANCES[found.dtype] if tolerance is None else tolerance
    scale = max(1.0, expected.abs().max().item())
    error = (found - expected).abs().max().item() / scale
    if not error <= allowed:  # a comparison that NaN fails as well
        raise NotEquivariant(type_before_parametrizations(module).__name__, error, allowed)
