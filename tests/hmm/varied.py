"""Sequences with one site each, whose two halves lie at varying distance."""

from __future__ import annotations

import numpy as np

from motifnet.symbols import DNA, Sequences


def varied(n, halves=("GGTCA", "AGGTCA"), spacings=(1, 2, 3, 4, 5), length=40, seed=0, turned=False):
    """Sequences, the spacing of each, and where its site begins on its strand."""
    rng = np.random.default_rng(seed)
    texts, chosen, starts = [], rng.choice(spacings, n), []
    for spacing in chosen.tolist():
        site = halves[0] + random_text(rng, spacing) + halves[1]
        starts.append(int(rng.integers(0, length - len(site) + 1)))
        text = random_text(rng, starts[-1]) + site + random_text(rng, length - len(site) - starts[-1])
        if turned and rng.random() < 0.5:
            text = DNA.decode(DNA.reverse_complement(DNA.encode(text)))
        texts.append(text)
    return Sequences.from_text(texts), chosen, np.array(starts)


def random_text(rng, length):
    return "".join(rng.choice(list("ACGT"), length))
