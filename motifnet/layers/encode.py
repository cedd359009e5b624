"""From codes to the first features, and codes of the other strand."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from motifnet.layers.length import inside
from motifnet.symbols import UNKNOWN
from motifnet.ties.strands import DNA


class OneHot(nn.Module):
    """One-hot features of codes, in the floating-point type of the network.

    Examples
    --------
    >>> OneHot()(torch.tensor([[0, 3, 4]], dtype=torch.uint8))[0].T.tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]]
    """

    out_type = DNA

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("bases", torch.arange(4, dtype=torch.uint8)[:, None], persistent=False)
        # Follows the network when it is moved to another floating-point type.
        self.register_buffer("one", torch.ones(()), persistent=False)

    def forward(self, codes: Tensor) -> Tensor:
        """One-hot features.

        Parameters
        ----------
        codes : Tensor of uint8, shape=(batch, length)
            0 to 3 for bases; any other code becomes a column of zeros.

        Returns
        -------
        Tensor, shape=(batch, 4, length)
        """
        return (codes[:, None, :] == self.bases).to(self.one.dtype)


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
