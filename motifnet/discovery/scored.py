"""Sequences prepared for scoring motifs along them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.kernels import sites
from motifnet.kernels.onehot_conv import Best, cpu, triples
from motifnet.stats.evenly import evenly
from motifnet.strand import Strand
from motifnet.symbols import UNKNOWN, Sequences

LEAST_SCORE = 1.0
"""Bits of a site, at least: one that is no likelier than background is none. What is masked has no bits."""

ROUNDING = 1e-3
"""Bits by which two ways of adding up a score may differ: that of kernels is one of 32 bits."""

_LEAST_WEIGHT = 0.05  # of a sequence that counts; all others together would change little
_NO_SITE = -1e4  # bits; below every threshold


class Scored(NamedTuple):
    """Sequences prepared for scoring.

    Parameters
    ----------
    sequences : Sequences
        The sequences.
    triples : numpy.ndarray of uint8, shape=(total_length,)
        Look-up rows: see :func:`motifnet.kernels.onehot_conv.triples.of_ragged`.

    Examples
    --------
    >>> scored = Scored.of(Sequences.from_text(["TTGATATT", "CCCCCCCC"]))
    >>> gata = np.eye(4)[[2, 0, 3, 0]].T
    >>> found = scored.best(gata, strand=Strand.BOTH)
    >>> found.score.tolist(), found.position.tolist()
    ([4.0, 1.0], [2, 0])
    """

    sequences: Sequences
    triples: np.ndarray

    @classmethod
    def of(cls, sequences: Sequences) -> Scored:
        """Prepare sequences."""
        return cls(sequences, triples.of_ragged(sequences.codes, sequences.offsets))

    @property
    def _places(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.triples, self.sequences.offsets[:-1], self.sequences.lengths

    def best_of_each(self, weights: np.ndarray, *, strand: Strand) -> Best:
        """The best window of each sequence for each of several motifs, ``(n, n_motifs)``.

        An unknown base adds nothing to a score. ``weights`` has ``shape=(n_motifs, 4, width)``.
        """
        return cpu.best(*self._places, weights.astype(np.float32), both_strands=strand.reads_both)

    def best(self, weights: np.ndarray, *, strand: Strand) -> Best:
        """The best window of each sequence, ``(n,)``; an unknown base adds nothing to its score."""
        return _only(self.best_of_each(weights[None], strand=strand))

    def best_known(self, log_odds: np.ndarray, *, strand: Strand) -> Best:
        """The best window without an unknown base, where there is one: what counts as a site.

        What is masked is no site, however low the threshold.
        """
        return _only(
            cpu.best(
                *self._places,
                log_odds[None].astype(np.float32),
                both_strands=strand.reads_both,
                unknown=_NO_SITE,
            )
        )

    def best_as_if_known(self, log_odds: np.ndarray, background: np.ndarray, *, strand: Strand) -> np.ndarray:
        """Score of the best window of each sequence for each of several motifs, ``(n, n_motifs)``.

        An unknown base scores what a base of the background scores on average. So what is masked is no site,
        and a site of which a part is masked is one if the rest makes up for that.

        Parameters
        ----------
        log_odds : numpy.ndarray, shape=(n_motifs, 4, width)
        background : numpy.ndarray, shape=(4,)
            Base probabilities.
        strand : Strand
            Whether windows of the reverse strand count.
        """
        return self.best_windows_as_if_known(log_odds, background, strand=strand).score

    def best_windows_as_if_known(
        self, log_odds: np.ndarray, background: np.ndarray, *, strand: Strand
    ) -> Best:
        """The same with their places: see :meth:`best_as_if_known`."""
        # An unknown base adds nothing, so that all others are given less by what it should have added.
        expected = background @ log_odds
        found = self.best_of_each(log_odds - expected[:, None], strand=strand)
        return found._replace(score=found.score + expected.sum(1))

    def log_ratio(self, log_odds: np.ndarray, *, strand: Strand) -> np.ndarray:
        """Mean likelihood ratio over windows and strands, its logarithm, ``(n, n_motifs)``.

        Minus infinity for a sequence that has no window. ``log_odds`` are natural logarithms,
        ``shape=(n_motifs, 4, width)``.
        """
        filters = log_odds.astype(np.float32)
        total = cpu.pooled(
            *self._places, filters, _no_bias(filters), "logsumexp", both_strands=strand.reads_both
        )
        return total - np.log(self._n_windows(filters, strand=strand))[:, None]

    def expected_counts(
        self, log_odds: np.ndarray, log_ratio: np.ndarray, weight: np.ndarray, *, strand: Strand
    ) -> np.ndarray:
        """Bases at the motifs' columns, each window weighted by its share of its sequence's weight.

        They are the gradient of the weighted sum of :meth:`log_ratio`, so that the counts of both
        strands are pooled over the orbit of the tie.

        Parameters
        ----------
        log_odds : numpy.ndarray, shape=(n_motifs, 4, width)
        log_ratio : numpy.ndarray, shape=(n, n_motifs)
            What :meth:`log_ratio` said.
        weight : numpy.ndarray, shape=(n, n_motifs)
            Of each sequence; negative ones are subtracted.
        strand : Strand
            As for :meth:`log_ratio`.

        Returns
        -------
        numpy.ndarray of float64, shape=(n_motifs, 4, width)
        """
        filters = log_odds.astype(np.float32)
        total = log_ratio + np.log(self._n_windows(filters, strand=strand))[:, None]
        counting = np.abs(weight).max(1) >= _LEAST_WEIGHT
        codes, starts, lengths = self._places
        counts, _ = cpu.pooled_gradient(
            codes,
            starts[counting],
            lengths[counting],
            filters,
            _no_bias(filters),
            "logsumexp",
            total[counting].astype(np.float32),
            weight[counting].astype(np.float32),
            both_strands=strand.reads_both,
        )
        return counts.astype(np.float64)

    def masked(self, log_odds: np.ndarray, threshold: float, core: slice, *, strand: Strand) -> Scored:
        """The same with the sites of a motif made unknown: see :func:`~motifnet.kernels.sites.mask_sites`."""
        given = self.sequences
        score = self.best(log_odds, strand=strand).score
        codes = sites.mask_sites(
            given.codes,
            given.offsets,
            score >= threshold - ROUNDING,
            log_odds,
            threshold - ROUNDING / 10,
            core,
            both_strands=strand.reads_both,
        )
        return Scored.of(Sequences(codes, given.offsets, given.names, given.intervals))

    def counts(self, found: Best, chosen: np.ndarray, width: int, flank: int) -> np.ndarray:
        """Counts of bases around sites: see :func:`motifnet.kernels.sites.count_bases`."""
        return sites.count_bases(
            self.sequences.codes,
            self.sequences.offsets,
            found.position,
            found.reverse,
            chosen,
            width,
            flank,
        )

    def bases(self, found: Best, chosen: np.ndarray, width: int) -> np.ndarray:
        """Codes of the bases at the sites of some sequences, in the motif's orientation, ``(n, width)``."""
        first = self.sequences.offsets[chosen] + found.position[chosen]
        codes = self.sequences.codes[first[:, None] + np.arange(width)]
        turned = np.where(codes < UNKNOWN, 3 - codes, codes)[:, ::-1]
        return np.where(found.reverse[chosen, None], turned, codes)

    def _n_windows(self, filters: np.ndarray, *, strand: Strand) -> np.ndarray:
        n_windows = np.maximum(self.sequences.lengths - filters.shape[2] + 1, 1)
        return (2 if strand.reads_both else 1) * n_windows


def _only(found: Best) -> Best:
    return Best(*(part[:, 0] for part in found))


def _no_bias(filters: np.ndarray) -> np.ndarray:
    return np.zeros(len(filters), filters.dtype)


class ScoredContrast(NamedTuple):
    """Targets and controls of one task, scored as one.

    Parameters
    ----------
    both : Scored
        Targets, then controls.
    n_targets : int
        How many of them are targets.

    Examples
    --------
    >>> contrast = ScoredContrast.of(Sequences.from_text(["ACGT", "AC"]), Sequences.from_text(["GG"]))
    >>> contrast.n_targets, contrast.n_controls, [len(part) for part in contrast.split(np.zeros(3))]
    (2, 1, [2, 1])
    """

    both: Scored
    n_targets: int

    @classmethod
    def of(cls, targets: Sequences, controls: Sequences) -> ScoredContrast:
        """Prepare sequences."""
        return cls(Scored.of(Sequences.concatenate([targets, controls])), len(targets))

    @property
    def n_controls(self) -> int:
        """How many are controls."""
        return len(self.both.sequences) - self.n_targets

    @property
    def weights(self) -> np.ndarray:
        """Of each sequence in net counts, ``(n,)``: 1 of a target; controls are subtracted, as many."""
        is_target = np.arange(len(self.both.sequences)) < self.n_targets
        return np.where(is_target, 1.0, -self.n_targets / max(self.n_controls, 1))

    def split(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values of the targets, and of the controls."""
        return values[: self.n_targets], values[self.n_targets :]

    def parts(self) -> tuple[Sequences, Sequences]:
        """Targets and controls as sequences of their own."""
        is_target = np.arange(len(self.both.sequences)) < self.n_targets
        return self.both.sequences.select(is_target), self.both.sequences.select(~is_target)


class Sides(NamedTuple):
    """Targets and controls of every task, scored as one: what tasks share is there, and scored, once.

    Parameters
    ----------
    both : Scored
        All of them.
    targets, controls : tuple of Scored
        Those of each task.
    place : tuple of tuple of slice
        Where these are in all of them: of the targets of each task, and of the controls.

    Examples
    --------
    >>> controls = Scored.of(Sequences.from_text(["GG"]))
    >>> one, two = (Scored.of(Sequences.from_text(some)) for some in (["ACGT", "AC"], ["TT"]))
    >>> sides = Sides.of([one, two], [controls, controls])
    >>> len(sides.both.sequences), sides.split(np.array([1, 2, 3, 4]))[1]
    (4, (array([3]), array([4])))
    """

    both: Scored
    targets: tuple[Scored, ...]
    controls: tuple[Scored, ...]
    place: tuple[tuple[slice, ...], tuple[slice, ...]]

    @classmethod
    def of(cls, targets: Sequence[Scored], controls: Sequence[Scored]) -> Sides:
        """Put together what was prepared; the same object is the same sequences."""
        parts = list({id(part): part for part in (*targets, *controls)}.values())
        ends = np.cumsum([0, *(len(part.sequences) for part in parts)]).tolist()
        known = {id(part): slice(*ends[i : i + 2]) for i, part in enumerate(parts)}
        both = Scored.of(Sequences.concatenate([part.sequences for part in parts]))
        ours, theirs = (tuple(known[id(part)] for part in side) for side in (targets, controls))
        return cls(both, tuple(targets), tuple(controls), (ours, theirs))

    def flanked(self, width: int) -> Sides:
        """The same with so many unknown bases on either side of each sequence."""
        return self._each(lambda given: given.flanked(width))

    def thinned(self, most: int) -> Sides:
        """The same with so many sequences of each at most, evenly spaced."""
        return self._each(lambda given: given.select(evenly(np.arange(len(given)), most)))

    def _each(self, change: Callable[[Sequences], Sequences]) -> Sides:
        """The same with each of the sequences changed once."""
        changed = {id(one): Scored.of(change(one.sequences)) for one in (*self.targets, *self.controls)}
        return Sides.of(*([changed[id(one)] for one in side] for side in (self.targets, self.controls)))

    def split(self, values: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Values of the targets, and of the controls, of each task."""
        return [(values[ours], values[theirs]) for ours, theirs in zip(*self.place, strict=True)]

    def best_as_if_known(
        self, log_odds: np.ndarray, background: np.ndarray, *, strand: Strand
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Scores of the best windows: see :meth:`Scored.best_as_if_known`, and :meth:`split`."""
        return self.split(self.both.best_as_if_known(log_odds[None], background, strand=strand)[:, 0])

    def best_known(self, log_odds: np.ndarray, *, strand: Strand) -> list[tuple[np.ndarray, np.ndarray]]:
        """Scores of the best sites: see :meth:`Scored.best_known`, and :meth:`split`."""
        return self.split(self.both.best_known(log_odds, strand=strand).score)
