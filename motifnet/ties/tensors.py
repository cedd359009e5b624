"""What a tie does to tensors, with their gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from motifnet.errors import InvalidValue
from motifnet.ties.tie import Tie


def labels_and_signs(tie: Tie, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
    """The label and the sign of every entry, each ``shape=(*tie.shape)``."""
    return torch.tensor(tie.label, device=device), torch.tensor(tie.sign, device=device)


def spread(free: Tensor, label: Tensor, sign: Tensor) -> Tensor:
    """``free[label] * sign``, for free parameters of ``shape=(n_free,)``.

    The backward pass of ``index_select`` is one ``index_add``, which is several times as fast as
    that of indexing.
    """
    if free.numel() == 0:  # every sign is 0; the empty sum keeps the gradient's path
        return free.sum() * sign
    return free.index_select(0, label.reshape(-1)).reshape(label.shape) * sign


def expand(tie: Tie, free: Tensor) -> Tensor:
    """The array that free parameters stand for: see :meth:`~motifnet.ties.tie.Tie.expand`."""
    return spread(free, *labels_and_signs(tie, free.device))


def pool(tie: Tie, array: Tensor) -> Tensor:
    """The signed sum over each orbit: see :meth:`~motifnet.ties.tie.Tie.pool`."""
    label, sign = labels_and_signs(tie, array.device)
    total = array.new_zeros(max(tie.n_free, 1))
    return total.index_add(0, label.reshape(-1), (array * sign).reshape(-1))[: tie.n_free]


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
