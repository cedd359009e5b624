"""What can be told of a sequence without any motif: scores that a network has to beat."""

from __future__ import annotations

import numpy as np

from motifnet.kernels import words
from motifnet.symbols import Sequences


def base_counts(sequences: Sequences) -> np.ndarray:
    """How often A, C, G, T and the unknown base are in each sequence, ``shape=(n, 5)``.

    Examples
    --------
    >>> base_counts(Sequences.from_text(["ACGTN", "GG"])).tolist()
    [[1, 1, 1, 1, 1], [0, 0, 2, 0, 0]]
    """
    return words.base_counts(sequences.codes, sequences.offsets)


def gc_score(sequences: Sequences) -> np.ndarray:
    """Share of G and C among the known bases of each sequence, ``shape=(n,)``; a half without any.

    Examples
    --------
    >>> gc_score(Sequences.from_text(["ACGG", "NN"])).tolist()
    [0.75, 0.5]
    """
    counts = base_counts(sequences)
    known = counts[:, :4].sum(1)
    return np.divide(counts[:, 1] + counts[:, 2], known, out=np.full(len(counts), 0.5), where=known > 0)


def length_score(sequences: Sequences) -> np.ndarray:
    """Length of each sequence as a score, ``shape=(n,)``.

    Examples
    --------
    >>> length_score(Sequences.from_text(["ACGG", "NN"])).tolist()
    [4.0, 2.0]
    """
    return sequences.lengths.astype(np.float64)
