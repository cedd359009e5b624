"""What a tie does to tensors, with their gradients: its labels and signs are given, the tie is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from motifnet.errors import InvalidValue


def as_tensors(
    label: np.ndarray, sign: np.ndarray, device: torch.device | str = "cpu"
) -> tuple[Tensor, Tensor]:
    """The label and the sign of every entry of a tie, on a device.

    Parameters
    ----------
    label, sign : numpy.ndarray, shape=(*shape)
        As a :class:`~motifnet.ties.tie.Tie` has them.
    device : torch.device or str

    Returns
    -------
    label, sign : Tensor, shape=(*shape)
    """
    return torch.tensor(label, device=device), torch.tensor(sign, device=device)


def expand(free: Tensor, label: Tensor, sign: Tensor) -> Tensor:
    """The array that free parameters stand for: ``free[label] * sign``.

    The backward pass of ``index_select`` is one ``index_add``, which is several times as fast as
    that of indexing.

    Parameters
    ----------
    free : Tensor, shape=(n_free,)
    label, sign : Tensor, shape=(*shape)
        Of every entry, on the device of ``free``.

    Returns
    -------
    Tensor, shape=(*shape)

    Examples
    --------
    >>> label, sign = torch.tensor([0, 1, 0]), torch.tensor([1, 1, -1])
    >>> expand(torch.tensor([5.0, 7.0]), label, sign).tolist()
    [5.0, 7.0, -5.0]
    """
    if free.numel() == 0:  # every sign is 0; the empty sum keeps the gradient's path
        return free.sum() * sign
    return free.index_select(0, label.reshape(-1)).reshape(label.shape) * sign


def pool(array: Tensor, label: Tensor, sign: Tensor, n_free: int) -> Tensor:
    """The signed sum of an array over all entries of each label.

    Parameters
    ----------
    array, label, sign : Tensor, shape=(*shape)
        On one device.
    n_free : int
        Number of labels.

    Returns
    -------
    Tensor, shape=(n_free,)

    Examples
    --------
    >>> label, sign = torch.tensor([0, 1, 0]), torch.tensor([1, 1, -1])
    >>> pool(torch.tensor([1.0, 2.0, 3.0]), label, sign, 2).tolist()
    [-2.0, 2.0]
    """
    total = array.new_zeros(max(n_free, 1))
    return total.index_add(0, label.reshape(-1), (array * sign).reshape(-1))[:n_free]


def moved(action: Callable[[Tensor], Tensor], numbers: np.ndarray) -> np.ndarray:
    """What an action makes of an array that numbers its entries, from 1.

    Raises
    ------
    InvalidValue
        If it is no signed permutation of them.
    """
    image = action(torch.from_numpy(numbers.astype(np.float64))).numpy()
    if image.shape != numbers.shape or not np.array_equal(np.sort(np.abs(image), None), numbers.ravel()):
        raise InvalidValue("action", action, f"a signed permutation of an array of shape {numbers.shape}")
    return image.astype(np.int64)
