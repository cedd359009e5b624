"""Filters that read codes: convolution, both strands and pool in one step."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from motifnet.kernels import onehot_conv
from motifnet.strand import Strand

_STD = 0.1  # random filters start almost flat: a likelihood ratio close to 1 everywhere


class FilterPool(nn.Module):
    """The pooled scores of filters along sequences.

    Reading both strands with one filter is the strand tie: what a site says does not depend on
    the strand that it lies on, and neither does the output, whatever the weights. See
    :func:`motifnet.kernels.onehot_conv.pooled` for what is computed.

    Parameters
    ----------
    n_filters, width : int
        Number of filters, and bases of each.
    how : {"logsumexp", "max", "mean", "relu"}
        How the scores along a sequence become one.
    strand : Strand
        Whether to read the reverse strand too.

    Examples
    --------
    >>> pool = FilterPool(3, 2, "max", strand=Strand.BOTH)
    >>> pool(torch.tensor([[0, 1, 2, 4]], dtype=torch.uint8), torch.tensor([3])).shape
    torch.Size([1, 3])
    """

    def __init__(self, n_filters: int, width: int, how: onehot_conv.Pool, *, strand: Strand) -> None:
        super().__init__()
        self.how, self.strand = how, strand
        self.weight = nn.Parameter(torch.randn(n_filters, 4, width) * _STD)

    def forward(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """Pooled scores ``(batch, n_filters)`` of codes ``(batch, length)`` and true lengths."""
        return onehot_conv.pooled(
            codes, lengths, self.weight, pool=self.how, both_strands=self.strand.reads_both
        )

    def extra_repr(self) -> str:
        """What torch shows of the layer."""
        n_filters, _, width = self.weight.shape
        return f"{n_filters}, {width}, {self.how}, {self.strand}"
