"""Motifs ready to be looked for: scores in steps, their distributions, thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from motifnet.config.scan import ScanOptions
from motifnet.errors import InvalidValue
from motifnet.kernels.pwm_scan.cpu import Matrices, WindowHits, runs_of_known
from motifnet.motifs import Motif, matrix
from motifnet.progress import Progress, Silent
from motifnet.scanning.hits import Hits
from motifnet.stats.score_distribution import STEPS, ScoreDistribution, SteppedScores, score_distribution
from motifnet.strand import Strand
from motifnet.symbols import DNA
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences

PSEUDOCOUNT = ScanOptions().pseudocount
"""Sites of background that are added to a motif, unless told otherwise."""


def stepped_scores(
    motif: Motif, background: Background, pseudocount: float = PSEUDOCOUNT, steps: int = STEPS
) -> SteppedScores:
    """The log-odds of a motif against a background, in place of its own, in whole steps.

    Parameters
    ----------
    motif : Motif
    background : Background
        Of which the base frequencies count.
    pseudocount : float
        Sites of background that are added to the motif.
    steps : int
        Grid of the scores: see :mod:`motifnet.stats.score_distribution`.

    Raises
    ------
    InvalidValue
        If the background has no chance for a base, or a score is infinite or beyond the grid.

    Examples
    --------
    >>> grid = stepped_scores(Motif("A", [[8], [0], [0], [0]]), Background.from_gc(0.5), pseudocount=8)
    >>> grid.bits(grid.steps[:, 0]).round(2).tolist()
    [1.32, -1.0, -1.0, -1.0]
    """
    frequencies = background.probabilities
    if not frequencies.all():
        impossible = DNA.letters[int(np.argmin(frequencies))]
        raise InvalidValue(f"background of {impossible}", 0, "above 0: log-odds need a chance for every base")
    return SteppedScores.of(replace(motif, background=frequencies).log_odds(pseudocount), steps)


class Scanner:
    """Motifs, what each scores, and how likely.

    A site on the reverse strand is scored with the reverse complement of the same matrix, so that
    a word has one score on whichever strand it is read. Its p-value is under the background of the
    strand that it is read from: where the background is not the same on both strands, neither is
    the distribution of scores. FIMO makes the background symmetric instead, as does
    :meth:`~motifnet.symbols.background.Background.fit` unless it is told otherwise.

    Parameters
    ----------
    motifs : sequence of Motif
    background : Background
        Its base frequencies are what log-odds are against, in place of the motifs' own; all of it
        is what p-values are under.
    strand : Strand
        Look on the reverse strand too. A palindrome, which has the same scores on both strands, is
        looked for, and told, on the forward strand only.
    pseudocount : float
        Sites of background that are added to each motif.
    steps : int
        Grid of the scores: see :mod:`motifnet.stats.score_distribution`.
    most_p : float
        Largest p-value that will be asked for; the smaller it is, the less memory is taken.
    progress : Progress, optional
        Told of each motif, whose distribution of scores takes a while.

    Raises
    ------
    InvalidValue
        If the background has no chance for a base, or a score is infinite or beyond the grid.

    Examples
    --------
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> scanner = Scanner([gata], Background.from_gc(0.5))
    >>> from motifnet.symbols import Sequences
    >>> two = Sequences.from_text(["CCGATACC", "TTATCNGATA"])
    >>> found = scanner.scan(two, scanner.thresholds(p_value=0.01))
    >>> found.sequence.tolist(), found.start.tolist(), found.reverse.tolist()
    ([0, 1, 1], [2, 1, 6], [False, True, False])
    >>> found.score.round(2).tolist(), found.p_value.tolist()
    ([8.0, 8.0, 8.0], [0.00390625, 0.00390625, 0.00390625])
    """

    def __init__(
        self,
        motifs: Sequence[Motif],
        background: Background,
        *,
        strand: Strand = Strand.BOTH,
        pseudocount: float = PSEUDOCOUNT,
        steps: int = STEPS,
        most_p: float = 1.0,
        progress: Progress | None = None,
    ) -> None:
        self.motifs, self.background, self.strand = tuple(motifs), background, strand
        self.scores = [stepped_scores(motif, background, pseudocount, steps) for motif in motifs]
        turned = np.array(
            [strand.reads_both and not scores.is_palindrome for scores in self.scores], np.int64
        )
        # What is looked for, a row each: a motif on a strand.
        self.motif_of = np.repeat(np.arange(len(turned)), turned + 1)
        self.reverse_of = np.diff(self.motif_of, prepend=-1) == 0
        self.widths = np.array([scores.width for scores in self.scores], np.int64)
        self.distributions = self._distributions(most_p, progress or Silent())
        # The same side by side, so that many hits can be told at once.
        self._per_bit = np.array([scores.per_bit for scores in self.scores], np.int64)
        self._lowest = np.array([scores.lowest for scores in self.scores], np.int64) * self.widths

    @property
    def longest(self) -> int:
        """Width of the widest motif; 0 if there is none."""
        return int(self.widths.max(initial=0))

    def thresholds(self, *, p_value: float | None = None, score: float | None = None) -> np.ndarray:
        """The least score of a hit, in steps, of each motif on each strand.

        Parameters
        ----------
        p_value : float, optional
            Largest p-value of a hit.
        score : float, optional
            Least score of a hit in bits.

        Returns
        -------
        numpy.ndarray of int64, shape=(n_looked_for,)

        Raises
        ------
        InvalidValue
            If not just one of them is given, or a p-value is not above 0 and at most 1.
        """
        if score is not None and p_value is None:
            return np.array([self.scores[i].at_least(score) for i in self.motif_of], np.int64)
        if p_value is None or score is not None:
            raise InvalidValue("threshold", (p_value, score), "either a p-value or a score")
        if not 0 < p_value <= 1:
            raise InvalidValue("p-value", p_value, "above 0 and at most 1")
        return np.array([known.threshold(p_value) for known in self.distributions], np.int64)

    def scan(self, sequences: Given, thresholds: np.ndarray) -> Hits:
        """Every window of known bases that scores enough.

        Parameters
        ----------
        sequences : Sequences
        thresholds : numpy.ndarray of int, shape=(n_looked_for,)
            From :meth:`thresholds`.
        """
        sequences = as_sequences(sequences)
        return self.hits(
            self.prepared(thresholds).scan(sequences.codes, sequences.offsets), sequences.offsets
        )

    def prepared(self, thresholds: np.ndarray) -> Matrices:
        """What the kernel looks up, for scanning more than once."""
        return Matrices([self._steps(column) for column in range(len(self.motif_of))], thresholds)

    def hits(self, found: WindowHits, offsets: np.ndarray) -> Hits:
        """What the kernel found in sequences that begin at offsets, as hits."""
        sequence = np.searchsorted(offsets, found.window, side="right") - 1
        start = found.window - offsets[sequence]
        return self._told(sequence, start, found.column, found.score)

    def n_windows(self, codes: np.ndarray, offsets: np.ndarray, before: int | None = None) -> np.ndarray:
        """How many windows of known bases each motif is scored at, on all strands.

        Parameters
        ----------
        codes : numpy.ndarray of uint8, shape=(total_length,)
        offsets : numpy.ndarray of int64, shape=(n + 1,)
            Sequence ``i`` is ``codes[offsets[i]:offsets[i + 1]]``.
        before : int, optional
            Count only windows that begin before this code.

        Returns
        -------
        numpy.ndarray of int64, shape=(n_motifs,)
        """
        starts, stops = runs_of_known(codes, offsets)
        beyond = len(codes) if before is None else before
        windows = {
            width: np.maximum(np.minimum(stops - width + 1, beyond) - starts, 0).sum()
            for width in np.unique(self.widths).tolist()
        }
        strands = np.bincount(self.motif_of, minlength=len(self.motifs))
        return strands * np.array([windows[width] for width in self.widths.tolist()], np.int64)

    def column(self, motif: np.ndarray, reverse: np.ndarray) -> np.ndarray:
        """Which of what is looked for a motif on a strand is: its row of the thresholds."""
        return np.searchsorted(self.motif_of, motif) + reverse

    def _distributions(self, most_p: float, progress: Progress) -> list[ScoreDistribution]:
        """That of each motif on each strand; of both, where the background does not tell them apart."""
        alike = self.background.order == 0 and np.array_equal(
            self.background.probabilities, self.background.probabilities[::-1]
        )
        found: list[ScoreDistribution] = []
        with progress.stage("prepare motifs", len(self.motifs)) as step:
            for column, reverse in enumerate(self.reverse_of):
                known = found[-1] if reverse and alike else None
                found.append(known or score_distribution(self._steps(column), self.background).tail(most_p))
                if not reverse:
                    step.advance()
        return found

    def _steps(self, column: int) -> np.ndarray:
        """The matrix that forward windows are scored with."""
        steps = self.scores[self.motif_of[column]].steps
        return matrix.reverse_complement(steps) if self.reverse_of[column] else steps

    def _told(self, sequence: np.ndarray, start: np.ndarray, column: np.ndarray, steps: np.ndarray) -> Hits:
        """Hits with their scores in bits and their p-values."""
        motif = self.motif_of[column]
        end = start + self.widths[motif]
        score = steps / self._per_bit[motif] + self._lowest[motif]
        p_value = np.empty(len(steps))
        order = np.argsort(column, kind="stable")
        begins = np.flatnonzero(np.diff(column[order], prepend=-1))
        for hits in np.split(order, begins[1:]) if len(order) else ():
            p_value[hits] = self.distributions[column[hits[0]]].p_value(steps[hits])
        return Hits(sequence, start, end, motif, self.reverse_of[column], steps, score, p_value)
