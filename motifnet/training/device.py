"""Where a network runs, in which arithmetic, and from which seed."""

from __future__ import annotations

import torch

from motifnet.config.train import TrainingOptions
from motifnet.errors import DeviceUnavailable
from motifnet.kernels import threads
from motifnet.wording import counted

_torchs_own: list[int] = []  # torch's number of threads from before another was asked for


def choose_device(name: str) -> torch.device:
    """The device of that name; ``auto`` takes a GPU where there is one.

    Parameters
    ----------
    name : str
        ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"cuda:N"``.

    Returns
    -------
    torch.device

    Raises
    ------
    DeviceUnavailable
        If this machine does not have it.

    Examples
    --------
    >>> choose_device("cpu")
    device(type='cpu')
    """
    available = ["cpu", *(f"cuda:{i}" for i in range(torch.cuda.device_count()))]
    if name == "auto":
        return torch.device("cuda:0" if len(available) > 1 else "cpu")
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in available:
        raise DeviceUnavailable(name, available)
    return torch.device(wanted)


def describe_device(device: torch.device) -> str:
    """One line for the head of a log.

    Parameters
    ----------
    device : torch.device
        Where a network runs.

    Returns
    -------
    str

    Examples
    --------
    >>> describe_device(torch.device("cpu")).startswith("cpu (")
    True
    """
    if device.type == "cuda":
        return f"{device} ({torch.cuda.get_device_name(device)})"
    return f"cpu ({counted(torch.get_num_threads(), 'thread')})"


def use_threads(n_threads: int) -> None:
    """Set the number of CPU threads, of torch and of our own loops; 0 leaves it to each of them.

    Parameters
    ----------
    n_threads : int
        0 or more.

    Examples
    --------
    >>> use_threads(1)
    >>> use_threads(0)
    """
    threads.use_threads(n_threads)
    if n_threads:
        if not _torchs_own:
            _torchs_own.append(torch.get_num_threads())
        torch.set_num_threads(n_threads)
    elif _torchs_own:
        torch.set_num_threads(_torchs_own.pop())


def use_bfloat16(options: TrainingOptions, device: torch.device) -> bool:
    """Whether the network computes in bfloat16 mixed precision.

    Parameters
    ----------
    options : TrainingOptions
        Of which ``precision`` counts.
    device : torch.device
        Where the network runs.

    Returns
    -------
    bool

    Examples
    --------
    >>> use_bfloat16(TrainingOptions(), torch.device("cpu"))
    False
    """
    if options.precision == "auto":
        return device.type == "cuda" and torch.cuda.is_bf16_supported()
    return options.precision == "bfloat16"
