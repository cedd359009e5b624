"""The best site of every sequence for many motifs, a few motifs at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.kernels.onehot_conv import cpu, triples
from motifnet.motifs import Motif
from motifnet.scanning.scanner import stepped_scores
from motifnet.stats.positional import PlacedSites
from motifnet.stats.score_distribution import ScoreDistribution, score_distribution
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences

_UNKNOWN = -float(1 << 18)  # score of an unknown base: no sum with it reaches 0, and it is exact in float32
_AT_ONCE = 1 << 22  # scores kept at once: 16 megabytes
_BLOCK = 16  # motifs that take the kernel no longer than one


class BestSites(NamedTuple):
    """The best window of known bases of each sequence for one motif.

    Parameters
    ----------
    score : numpy.ndarray of float32, shape=(n,)
        In steps of the motif's :class:`~motifnet.stats.score_distribution.SteppedScores`; minus
        infinity where there is no such window.
    start : numpy.ndarray of int32, shape=(n,)
        Where it begins, the leftmost of equals.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether it is on the reverse strand.
    """

    score: np.ndarray
    start: np.ndarray
    reverse: np.ndarray

    def placed(self, sequences: Sequences, chosen: np.ndarray, width: int) -> PlacedSites:
        """Where the sites of the chosen sequences lie (a mask, ``shape=(n,)``)."""
        return PlacedSites(self.start[chosen].astype(np.int64), sequences.lengths[chosen], width)


class Scorer:
    """Motifs ready to score sequences with.

    Parameters
    ----------
    motifs : sequence of Motif
    background : Background
        What log-odds are against, and what p-values are under.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.

    Examples
    --------
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> scorer = Scorer([gata], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> two = Sequences.from_text(["CCTATCCA", "GATNC"])
    >>> ((motif, sites),) = scorer.best(two)
    >>> sites.start.tolist()[0], sites.reverse.tolist()[0], sites.score.tolist()[1]
    (2, True, -inf)
    >>> bool(sites.score[0] >= scorer.distribution(0).threshold(0.01))
    True
    """

    def __init__(self, motifs: Sequence[Motif], background: Background, *, strand: Strand) -> None:
        self.motifs, self.background, self.strand = tuple(motifs), background, strand
        self.scores = [stepped_scores(motif, background) for motif in motifs]

    def distribution(self, motif: int) -> ScoreDistribution:
        """How likely a window scores so many steps."""
        return score_distribution(self.scores[motif].steps, self.background)

    def best(self, sequences: Given, chosen: Sequence[int] | None = None) -> Iterator[tuple[int, BestSites]]:
        """Each motif and its best sites, those of one width together; memory is bounded.

        Parameters
        ----------
        sequences : Sequences
        chosen : sequence of int, optional
            Only these motifs.
        """
        sequences = as_sequences(sequences)
        words = triples.of_ragged(sequences.codes, sequences.offsets)
        for some in self._chunks(range(len(self.motifs)) if chosen is None else chosen, len(sequences)):
            # Sums of whole steps are exact in single precision.
            filters = np.stack([self.scores[i].steps for i in some]).astype(np.float32)
            found = cpu.best(
                words, sequences.offsets[:-1], sequences.lengths, filters,
                both_strands=self.strand.reads_both, unknown=_UNKNOWN,
            )  # fmt: skip
            score = np.where(found.score >= 0, found.score, np.float32(-np.inf))
            # Turned, so that what follows reads the numbers of a motif one after the other.
            of_motifs = (np.ascontiguousarray(one.T) for one in (score, found.position, found.reverse))
            for motif, *sites in zip(some, *of_motifs, strict=True):
                yield motif, BestSites(*sites)

    def _chunks(self, chosen: Sequence[int], n_sequences: int) -> Iterator[list[int]]:
        """Motifs of one width, as many as fit."""
        most = max(_AT_ONCE // max(n_sequences, 1) // _BLOCK, 1) * _BLOCK
        widths = np.array([self.motifs[i].width for i in chosen])
        for width in np.unique(widths):
            of_width = np.asarray(chosen)[widths == width].tolist()
            yield from (of_width[first : first + most] for first in range(0, len(of_width), most))
