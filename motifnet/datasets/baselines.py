"""What can be told of a sequence without any motif: scores that a network has to beat."""

from __future__ import annotations

import numpy as np

from motifnet.kernels import words
from motifnet.symbols.given import Given, as_sequences

SUSPICIOUS = 0.6
"""AUROC of GC content or of length alone above which a result is in doubt: 0.5 is chance.

A convention."""


def base_counts(sequences: Given) -> np.ndarray:
    """How often A, C, G, T and the unknown base are in each sequence, ``shape=(n, 5)``.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> base_counts(Sequences.from_text(["ACGTN", "GG"])).tolist()
    [[1, 1, 1, 1, 1], [0, 0, 2, 0, 0]]
    """
    sequences = as_sequences(sequences)
    return words.base_counts(sequences.codes, sequences.offsets)


def gc_score(sequences: Given) -> np.ndarray:
    """Share of G and C among the known bases of each sequence, ``shape=(n,)``; a half without any.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> gc_score(Sequences.from_text(["ACGG", "NN"])).tolist()
    [0.75, 0.5]
    """
    sequences = as_sequences(sequences)
    counts = base_counts(sequences)
    known = counts[:, :4].sum(1)
    return np.divide(counts[:, 1] + counts[:, 2], known, out=np.full(len(counts), 0.5), where=known > 0)


def length_score(sequences: Given) -> np.ndarray:
    """Length of each sequence as a score, ``shape=(n,)``.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> length_score(Sequences.from_text(["ACGG", "NN"])).tolist()
    [4.0, 2.0]
    """
    sequences = as_sequences(sequences)
    return sequences.lengths.astype(np.float64)


def told_baselines(gc_auroc: float, length_auroc: float) -> list[str]:
    """A sentence for each baseline that tells targets from controls, either way round.

    Parameters
    ----------
    gc_auroc, length_auroc : float
        AUROC of the GC content and of the length alone: one below 0.5 is told as what it is the other way
        round.

    Examples
    --------
    >>> [sentence.split(";")[0] for sentence in told_baselines(0.3, 0.55)]
    ['GC content alone tells targets from controls with an AUROC of 0.70']
    """
    return [
        f"{name} alone tells targets from controls with an AUROC of {max(area, 1 - area):.2f}; {better} "
        "would make the result sounder."
        for name, area, better in (
            ("GC content", gc_auroc, "controls that match the targets better"),
            ("length", length_auroc, "targets and controls that are cut to one length"),
        )
        if max(area, 1 - area) > SUSPICIOUS
    ]
