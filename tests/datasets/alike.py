"""Sequences that look alike, and such that do not."""

import numpy as np

from motifnet.symbols import DNA, Sequences


def random_codes(n, length=100, seed=0):
    return list(np.random.default_rng(seed).integers(0, 4, (n, length), dtype=np.uint8))


def near_copies():
    """60 sequences of which each has a shifted, a mutated and a turned copy."""
    originals = random_codes(60, 120, seed=4)
    copies = [
        np.concatenate([one[60:], other[:60]])
        for one, other in zip(originals, random_codes(60, 120), strict=True)
    ]
    mutated = [np.where(np.arange(120) % 50 == 7, 3 - one, one).astype(np.uint8) for one in originals]
    return Sequences.from_codes([*originals, *copies, *mutated, *map(DNA.reverse_complement, originals)])
