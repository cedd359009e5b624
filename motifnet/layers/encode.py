"""Codes of the other strand."""

from __future__ import annotations

import torch
from torch import Tensor

from motifnet.layers.length import inside
from motifnet.symbols import UNKNOWN


def reverse_complement(codes: Tensor, lengths: Tensor) -> Tensor:
    """Codes of the other strand, with the padding left at the end.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(batch, length)
        Codes; at and beyond each sequence's length, padding.
    lengths : Tensor of int64, shape=(batch,)
        True lengths.

    Returns
    -------
    Tensor of uint8, shape=(batch, length)

    Examples
    --------
    >>> reverse_complement(torch.tensor([[0, 0, 1, 4, 4]], dtype=torch.uint8), torch.tensor([3])).tolist()
    [[2, 3, 3, 4, 4]]
    """
    n = codes.shape[1]
    source = lengths[:, None] - 1 - torch.arange(n, device=codes.device)
    turned = codes.gather(1, source.clamp(min=0))
    return torch.where(inside(lengths, n) & (turned < UNKNOWN), 3 - turned, UNKNOWN).to(torch.uint8)
