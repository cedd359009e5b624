"""Layers whose every part is tied between the strands.

Each layer declares ``in_type`` and ``out_type``, the :class:`~motifnet.ties.Strands` of its
channels, and keeps the promise f(reverse complement of x) = reverse complement of f(x) in
training and evaluation alike: weight, bias, statistics and pooling are tied together, and what
would break the promise is refused. Features have ``shape=(batch, channels, length)``; a mask
``valid`` of ``shape=(batch, length)`` tells a sequence from its padding.
"""

from motifnet.layers.activation import Activation
from motifnet.layers.conv import TiedConv1d
from motifnet.layers.dropout import TiedDropout
from motifnet.layers.encode import reverse_complement
from motifnet.layers.filters import FilterPool, between_strands
from motifnet.layers.head import NonNegativeLinear, TiedLinear
from motifnet.layers.length import inside, n_windows
from motifnet.layers.norm import TiedBatchNorm, TiedLayerNorm
from motifnet.layers.pool import GlobalPool, LocalMaxPool, LocalMeanPool, SiteMerge

__all__ = [
    "Activation",
    "FilterPool",
    "GlobalPool",
    "LocalMaxPool",
    "LocalMeanPool",
    "NonNegativeLinear",
    "SiteMerge",
    "TiedBatchNorm",
    "TiedConv1d",
    "TiedDropout",
    "TiedLayerNorm",
    "TiedLinear",
    "between_strands",
    "inside",
    "n_windows",
    "reverse_complement",
]
