"""Tied convolution of codes, both strands and pool in one: the first layer of every network.

``pooled``, ``best`` and ``scores`` are for tensors and have gradients; :mod:`.cpu` is the same
for arrays, without torch. One implementation is chosen for a device: compiled loops on the CPU,
Triton on a GPU, plain torch where neither works or where ``MOTIFNET_KERNELS=reference`` asks for
it.
"""

import importlib
from typing import TYPE_CHECKING

from motifnet.kernels.onehot_conv.contract import POOLS, Best, Pool

if TYPE_CHECKING:
    from motifnet.kernels.onehot_conv.autograd import best, pooled, scores

__all__ = ["POOLS", "Best", "Pool", "best", "pooled", "scores"]


# What is for tensors is imported when it is asked for: who scores arrays has no use for torch.
def __getattr__(name: str) -> object:
    if name not in ("best", "pooled", "scores"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.autograd"), name)
