"""Filters that read codes: convolution, both strands and pool in one step."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from motifnet.kernels import onehot_conv
from motifnet.strand import Strand
from motifnet.ties import DNA, TIES, Strands, Tie, attach, is_tied, tie_of

_STD = 0.1  # random filters start almost flat: a likelihood ratio close to 1 everywhere


class FilterPool(nn.Module):
    """The pooled scores of filters along sequences.

    Reading both strands with one filter is the strand tie: what a site says does not depend on
    the strand that it lies on, and neither does the output, whatever the weights. The kernel
    (:func:`motifnet.kernels.onehot_conv.pooled` says what is computed) gives what the whole
    :attr:`bank`, which obeys :attr:`bank_tie`, gives on the given strand, without making it.

    Parameters
    ----------
    n_filters, width : int
        Number of filters, and bases of each.
    how : {"logsumexp", "max", "mean", "relu"}
        How the scores along a sequence become one.
    strand : Strand
        Whether to read the reverse strand too.
    tie : Tie, optional
        What the filters, ``(n_filters, 4, width)``, are under; free if not given.

    Examples
    --------
    >>> pool = FilterPool(3, 2, "max", strand=Strand.BOTH)
    >>> pool(torch.tensor([[0, 1, 2, 4]], dtype=torch.uint8), torch.tensor([3])).shape
    torch.Size([1, 3])
    >>> pool.bank.shape, pool.bank_tie == TIES["reverse_complement"](Strands("3p"), DNA, 2)
    (torch.Size([6, 4, 2]), True)
    """

    weight: Tensor

    def __init__(
        self, n_filters: int, width: int, how: onehot_conv.Pool, *, strand: Strand, tie: Tie | None = None
    ) -> None:
        super().__init__()
        self.how, self.strand = how, strand
        self.weight = nn.Parameter(torch.randn(n_filters, 4, width) * _STD)
        if tie is not None:
            attach(self, "weight", tie)

    @property
    def bank(self) -> Tensor:
        """Filters of all strands that are read, ``(n_channels, 4, width)``: partners from the ends inward."""
        return torch.cat([self.weight, self.weight.flip(0, 1, 2)]) if self.strand.reads_both else self.weight

    @property
    def bank_tie(self) -> Tie:
        """The tie that :attr:`bank` is under; its free parameters are those of the layer."""
        own = tie_of(self, "weight") if is_tied(self, "weight") else Tie.untied(self.weight.shape)
        return between_strands(own) if self.strand.reads_both else own

    def forward(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """Pooled scores ``(batch, n_filters)`` of codes ``(batch, length)`` and true lengths."""
        return onehot_conv.pooled(
            codes, lengths, self.weight, pool=self.how, both_strands=self.strand.reads_both
        )

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        n_filters, _, width = self.weight.shape
        return f"{n_filters}, {width}, {self.how}, {self.strand}"


def between_strands(tie: Tie) -> Tie:
    """The tie of filters and their reverse complements together.

    Parameters
    ----------
    tie : Tie
        Of filters ``(n_filters, 4, width)``.

    Returns
    -------
    Tie
        Of ``(2 * n_filters, 4, width)``, where the first filter's partner is the last.

    Examples
    --------
    >>> between_strands(Tie.stack([TIES["palindrome"](2)]))
    Tie(2x4x2: 1..4 4..1 1..4 4..1)
    """
    n_filters, _, width = tie.shape
    both = np.concatenate([tie.label, np.arange(tie.label.size).reshape(tie.shape) + tie.n_free])
    signs = np.concatenate([tie.sign, np.ones_like(tie.sign)])
    return Tie(both, signs).join(TIES["reverse_complement"](Strands.pairs(n_filters), DNA, width))
