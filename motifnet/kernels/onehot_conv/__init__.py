"""Tied convolution of codes, both strands and pool in one: the first layer of every network.

``pooled``, ``best`` and ``scores`` are for tensors and have gradients; :mod:`.cpu` is the same
for arrays, without torch. One implementation is chosen for a device: compiled loops on the CPU,
Triton on a GPU, plain torch where neither works or where ``MOTIFNET_KERNELS=reference`` asks for
it.
"""

from motifnet.kernels.onehot_conv.autograd import best, pooled, scores
from motifnet.kernels.onehot_conv.contract import POOLS, Best, Pool

__all__ = ["POOLS", "Best", "Pool", "best", "pooled", "scores"]
