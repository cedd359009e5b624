"""Lengths: which windows fit a sequence, and which of them lie within it."""

from __future__ import annotations

import torch
from torch import Tensor

from motifnet.errors import InvalidValue


def n_windows(length: int, width: int, *, stride: int = 1, dilation: int = 1, padding: int = 0) -> int:
    """Number of windows that a convolution or a pool takes of a sequence.

    The windows of a reverse complement are the mirror images of the windows of the sequence
    only if the last one ends where the (symmetrically padded) sequence ends. Where it does not,
    a strand tie would be broken without a sign of it, so such lengths are refused.

    Parameters
    ----------
    length : int
        Positions.
    width, stride, dilation, padding : int
        As those of ``torch.nn.Conv1d``; ``padding`` is added at both ends.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    InvalidValue
        If no window fits, or ``length + 2 * padding - dilation * (width - 1) - 1`` is no
        multiple of ``stride``.

    Examples
    --------
    >>> n_windows(100, 20), n_windows(101, 5, stride=4)
    (81, 25)
    """
    reach = dilation * (width - 1) + 1
    room = length + 2 * padding - reach
    if room < 0:
        raise InvalidValue(
            "length", length, f"at least {reach - 2 * padding}, since a window spans {reach} positions"
        )
    if room % stride:
        below = length - room % stride
        nearest = f"{below} or {below + stride}" if below > 0 else f"{below + stride}"
        raise InvalidValue(
            "length",
            length,
            f"one that windows of {reach} at stride {stride} fill to the end, such as {nearest}; "
            "with any other the two strands would be seen differently",
        )
    return room // stride + 1


def inside(lengths: Tensor, n: int) -> Tensor:
    """Which of ``n`` places lie within each sequence.

    Parameters
    ----------
    lengths : Tensor of int64, shape=(batch,)
        Number of places that count.
    n : int
        Number of places, padding included.

    Returns
    -------
    Tensor of bool, shape=(batch, n)

    Examples
    --------
    >>> inside(torch.tensor([2, 3]), 3).tolist()
    [[True, True, False], [True, True, True]]
    """
    return torch.arange(n, device=lengths.device) < lengths[:, None]
