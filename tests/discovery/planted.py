"""Small data sets with planted truth, made afresh for each test that wants one."""

import numpy as np

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.discovery.scored import Scored
from motifnet.motifs import compare
from motifnet.symbols.background import Background

BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])
"""Base probabilities of all the sequences made here."""


def sequences(words=(), *, share=0.6, n=300, length=80, seed=0, **how):
    """Targets with IUPAC words planted on either strand, and as many controls without."""
    planted = [Planted(motif_from_word(word), share, **how) for word in words]
    made = simulate(planted, Background.from_gc(0.4), n_targets=n, n_controls=n, length=length, seed=seed)
    return made.targets, made.controls


def scored(words=(), **how):
    """The same, prepared for scoring."""
    return tuple(Scored.of(part) for part in sequences(words, **how))


def likeness(probabilities, word):
    """Similarity of a matrix to the motif of a word."""
    return compare.similarity(probabilities, motif_from_word(word).probabilities, BACKGROUND)
