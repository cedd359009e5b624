"""Which implementation runs: that of the device, or the one asked for."""

from __future__ import annotations

import importlib
import os
import warnings
from functools import cache
from types import ModuleType

import torch

from motifnet.errors import InvalidValue
from motifnet.kernels.onehot_conv import reference

VARIABLE = "MOTIFNET_KERNELS"
"""Environment variable that forces an implementation."""

_MODULES = {"cpu": "on_cpu", "cuda": "gpu"}
# What may go wrong where a compiler or a driver is missing, besides what a module says of its compiler.
_FAILURES = (ImportError, KeyError, OSError, RuntimeError, TypeError, ValueError)
_FORCED = {"reference": None, "cpu": "cpu", "gpu": "cuda"}


def implementation(device: torch.device, dtype: torch.dtype = torch.float32) -> ModuleType | None:
    """The implementation for filters of a type on a device; ``None`` is the plain torch reference.

    A network that torch compiles takes the reference, and so does a type that the device's
    implementation does not compute in.

    Raises
    ------
    InvalidValue
        If :data:`VARIABLE` asks for something that there is not, or not for this device or type.
    """
    if torch.compiler.is_compiling():  # the compiler sees through plain torch alone
        return None
    asked = os.environ.get(VARIABLE, "")
    if asked and asked not in _FORCED:
        raise InvalidValue(VARIABLE, asked, f"one of {', '.join(_FORCED)}, or unset")
    if asked == "reference":
        return None
    if asked and _FORCED[asked] != device.type:
        raise InvalidValue(VARIABLE, asked, f"one that works on {device.type}, where the network is")
    module = _loaded(device.type)
    if module is None and asked:
        raise InvalidValue(VARIABLE, asked, "one that works on this machine")
    if module is None or dtype in module.DTYPES:
        return module
    if asked:
        raise InvalidValue(VARIABLE, asked, f"one that computes in {dtype}")
    return None


@cache
def _loaded(device_type: str) -> ModuleType | None:
    """The fast implementation for a kind of device, if it loads and agrees with the reference."""
    if device_type not in _MODULES:
        return None
    name = f"{__package__}.{_MODULES[device_type]}"
    problem = _problem(name, torch.device(device_type))
    if not problem:
        return importlib.import_module(name)
    warnings.warn(
        f"no fast kernel on {device_type} ({problem}); the plain torch one takes its place, which is slower",
        RuntimeWarning,
        stacklevel=2,
    )
    return None


def _problem(name: str, device: torch.device) -> str:
    """Why an implementation cannot be used; nothing if it can."""
    failures = _FAILURES
    try:
        module = importlib.import_module(name)
        failures += module.FAILURES
        return "" if _agrees(module, device) else "it disagrees with the reference"
    except torch.OutOfMemoryError:  # says nothing of the implementation
        raise
    except failures as error:
        return f"{type(error).__name__}: {error}"


def _agrees(module: ModuleType, device: torch.device) -> bool:
    """Whether it says the same as the reference of a few bases: a compiler's fault is no result."""
    codes = (torch.arange(40, device=device).reshape(2, 20) * 7 % 5).to(torch.uint8)
    lengths = torch.tensor([20, 13], device=device)
    filters = torch.linspace(-1, 1, 3 * 4 * 5, dtype=torch.float32, device=device).sin().reshape(3, 4, 5)
    bias = filters.new_zeros(3)
    ours, theirs = (
        one.pooled(codes, lengths, filters, bias, "logsumexp", both_strands=True)
        for one in (module, reference)
    )
    return torch.allclose(ours, theirs, atol=1e-4)
