"""Random numbers inside compiled loops: one independent stream for each item.

A stream is SplitMix64 (Steele, Lea and Flood 2014), begun at a hash of the seed and of the
item's number, so that what an item draws depends neither on the items before it nor on how the
work is cut into batches or threads.
"""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@compiled
def mix(bits):
    """A 64-bit word scrambled one to one, so that equal words, and only those, stay equal."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@compiled
def stream(seed, item, repeat):
    """Where the stream of an item's repeat begins."""
    start = mix(np.uint64(seed) + _GOLDEN)
    start = mix(start ^ (np.uint64(item) + _GOLDEN))
    return mix(start ^ (np.uint64(repeat) + _GOLDEN))


@compiled
def below(state, n):
    """A number from 0 to n - 1; ``state`` (one uint64) moves on.

    The bias of scaling 32 random bits is below n / 2**32, far less than any test could see.
    """
    state[0] += _GOLDEN
    return np.int64(((mix(state[0]) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
