"""Sites that come in clusters and may overlap: each motif by itself, with the distances of its neighbours."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from motifnet.config.decode import DecodingOptions
from motifnet.errors import InvalidValue
from motifnet.hmm.motif_hmm import LEAST_RATE, Decoding, MotifHMM
from motifnet.kernels.site_clusters import ClusterSums, ClusterWeights, SitePlaces, cluster_sums
from motifnet.motifs import Motif
from motifnet.progress import Progress, Silent
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences

_OPTIONS = DecodingOptions()
# Posterior probability that a place must be able to reach: of what cannot, nothing is told even in tracks,
# and a motif that is not sharp would have as many such places as there are bases.
_LEAST_POSTERIOR = 1e-3
# A few tries find a rate; one that would have to be none ends with the last of them.
_MOST_TRIES, _NEAR_ENOUGH = 30, 0.01
_LEAST_SLOPE = 0.2  # of sites against rates, in logarithms: where clusters make up for a rate it is below 1
_MOST_RATE = 0.5  # of clusters a base: the chance of background that is left must not vanish
VANISHING = 1e-30
"""A rate at which sites do not know of each other: posteriors and expected sites over it are odds."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """How sites of a motif follow each other.

    Parameters
    ----------
    followed : float
        Share of sites that another one follows in the same cluster.
    distances : numpy.ndarray, shape=(most,)
        Probability of each distance from its start to that of the next one, from 1 on.
    same_strand : float
        Share of followers that are on the same strand.

    Raises
    ------
    InvalidValue
        If a share or a probability is not above 0, or they do not sum to 1.

    Examples
    --------
    >>> Neighbours.anywhere(0.1, 4).distances.tolist()
    [0.25, 0.25, 0.25, 0.25]
    """

    followed: float
    distances: np.ndarray
    same_strand: float = 0.5

    def __post_init__(self) -> None:
        distances = np.asarray(self.distances, np.float64)
        for name, share in (("followed", self.followed), ("same_strand", self.same_strand)):
            if not 0 < share < 1:
                raise InvalidValue(name, share, "above 0 and below 1")
        if not len(distances) or (distances <= 0).any() or abs(distances.sum() - 1) > 1e-9:
            raise InvalidValue("distances", distances.tolist(), "probabilities above 0 that sum to 1")
        object.__setattr__(self, "distances", distances)

    @classmethod
    def anywhere(cls, followed: float, most: int) -> Neighbours:
        """Neighbours that are as likely at one distance as at another.

        Parameters
        ----------
        followed : float
            Share of sites that another one follows.
        most : int
            Bases from start to start, at most.
        """
        return cls(followed, np.full(most, 1 / most))


class _SummedSites(NamedTuple):
    """Of one motif: its places, what is summed over the paths through them, and odds of what was left out.

    Attributes
    ----------
    sequence, start, strand : numpy.ndarray of int, shape=(n,)
    sums : ClusterSums
    left_out : numpy.ndarray, shape=(n_sequences,)
        Expected number of sites at all other places, each as if it were alone.
    """

    sequence: np.ndarray
    start: np.ndarray
    strand: np.ndarray
    sums: ClusterSums
    left_out: np.ndarray


@dataclass(frozen=True, eq=False)
class ClusterHMM:
    """A hidden Markov model of motifs whose sites come in clusters, where they may overlap.

    Each motif is on its own, as if the others were not there. A cluster begins at the rate of the motif,
    on either strand with the same chance. With a share of ``followed``, another site follows, at a distance
    from start to start that has a distribution, and so on; what lies between is background. A base is in
    two sites of a motif at most. Where two overlap, a base is emitted by both together: the product
    of what each emits, over the background, and normalised, so that what either says of it adds up.

    Parameters
    ----------
    model : MotifHMM
        Motifs, emissions, background and rates; the density is ``"any"``.
    neighbours : tuple of Neighbours
        Of each motif.

    Raises
    ------
    InvalidValue
        If the density is another one, or there are not as many neighbours as motifs.

    Examples
    --------
    >>> from motifnet.symbols.background import Background
    >>> box = Motif("BOX", 10 * np.eye(4)[:, [0, 2, 0, 1, 2, 3, 1, 3]] + 0.1)
    >>> model = MotifHMM.from_motifs([box], Background.from_gc(0.5), rates=[1e-4])
    >>> sequences = Sequences.from_text(["CCCCAGACGTCTGACGTCTCCCC"])
    >>> [len(model.decode(sequences).sites[0])]
    [1]
    >>> clustered = ClusterHMM(model, (Neighbours.anywhere(0.1, 20),))
    >>> clustered.decode(sequences).sites[0].start.tolist()
    [4, 11]
    """

    model: MotifHMM
    neighbours: tuple[Neighbours, ...]

    def __post_init__(self) -> None:
        if self.model.density != "any":
            raise InvalidValue("density", self.model.density, "'any'")
        if len(self.neighbours) != len(self.model.motifs):
            raise InvalidValue("neighbours", len(self.neighbours), f"{len(self.model.motifs)}, one a motif")

    @classmethod
    def anywhere(cls, model: MotifHMM, followed: float, most: int) -> ClusterHMM:
        """The model whose neighbours are as likely at one distance as at another.

        Parameters
        ----------
        model : MotifHMM
        followed : float
            Share of sites that another one follows.
        most : int
            Bases from start to start, at most.
        """
        return cls(model, (Neighbours.anywhere(followed, most),) * len(model.motifs))

    @property
    def motifs(self) -> tuple[Motif, ...]:
        """Names of the motifs, and the counts behind them."""
        return self.model.motifs

    def decode(
        self,
        sequences: Given,
        *,
        threshold: float = _OPTIONS.min_posterior,
        progress: Progress | None = None,
    ) -> Decoding:
        """Sites, with their posterior probabilities.

        Parameters
        ----------
        sequences : Sequences
        threshold : float
            Least posterior probability of a site, on either strand. Places that cannot reach 0.001 are
            counted in sums, but never told.
        progress : Progress, optional
            Told of each motif.
        """
        sequences = as_sequences(sequences)
        found = []
        with (progress or Silent()).stage("decode", len(self.motifs)) as step:
            for m in range(len(self.motifs)):
                found.append(self._summed(sequences, m))
                step.advance()
        told = [_by_start(one, threshold) for one in found]
        gains = np.stack([_of_sequences(one, one.sums.gains) for one in found], axis=1)
        n_sites = np.stack([_of_sequences(one, one.sums.posterior) for one in found], axis=1)
        return Decoding(
            tuple(
                self.model.sites(sequences, m, one.sequence[at], one.start[at], one.strand[at])
                for m, (one, (at, _)) in enumerate(zip(found, told, strict=True))
            ),
            tuple(posterior for _, posterior in told),
            gains.sum(1) + sequences.lengths * float(np.log1p(-self.model.rates).sum()),
            n_sites,
            -np.expm1(-gains),
        )

    def with_expected_sites(self, sequences: Given, m: int, n_sites: float) -> ClusterHMM:
        """The model with the rate of a motif at which so many sites of it are expected.

        It is found by secants of logarithms, to a hundredth of the number of sites.

        Parameters
        ----------
        sequences : Sequences
        m : int
            Which motif.
        n_sites : float
        """
        sequences, slope = as_sequences(sequences), 1.0
        lowest, highest = math.log(LEAST_RATE), math.log(_MOST_RATE)
        model, at = self, math.log(self.model.rates[m])
        too_many = math.log(model._expected(sequences, m) / n_sites)
        for _ in range(_MOST_TRIES):
            if abs(too_many) < _NEAR_ENOUGH:
                break
            to = min(max(at - too_many / slope, lowest), highest)
            if to == at:
                break
            rates = np.where(np.arange(len(self.motifs)) == m, math.exp(to), model.model.rates)
            model = replace(model, model=model.model.with_rates(rates))
            before, too_many = too_many, math.log(model._expected(sequences, m) / n_sites)
            slope, at = max((too_many - before) / (to - at), _LEAST_SLOPE), to
        return model

    def _expected(self, sequences: Sequences, m: int) -> float:
        """Expected sites of a motif in all sequences."""
        found = self._summed(sequences, m)
        return float(_of_sequences(found, found.sums.posterior).sum())

    def _summed(self, sequences: Sequences, m: int) -> _SummedSites:
        """What is summed over the places where the odds of a site are large enough to matter.

        At a rate that vanishes, sites do not know of each other, and the posterior probability of one is its
        odds times its weight.
        """
        alone = self.model.alone(m, VANISHING)
        n_strands, width = len(alone.emissions[0]), int(alone.widths[0])
        weight, rate = VANISHING / n_strands, float(self.model.rates[m])
        hits = alone.site_posteriors(sequences, self._least_odds(m, math.inf) * VANISHING)
        odds = hits.posterior / weight
        row, strand = np.nonzero(odds >= self._least_odds(m, float(odds.max(initial=0))))
        sequence, start, odds = hits.sequence[row], hits.start[row], odds[row, strand]
        begin = sequences.offsets[sequence]
        places = SitePlaces(begin, begin + start, strand, np.log(odds))
        kept = np.bincount(sequence, odds, minlength=len(sequences))
        left_out = np.maximum(alone.expected_sites(sequences)[:, 0] / weight - kept, 0)
        mean_odds = float(left_out.sum()) / max(n_strands * len(sequences.codes), 1)
        sums = cluster_sums(sequences.codes, places, self._weights(m, mean_odds))
        left_out *= rate / n_strands / (1 - rate) ** width
        return _SummedSites(sequence, start, strand, sums, left_out)

    def _least_odds(self, m: int, largest: float) -> float:
        """Odds below which no place can be probable, alone or beside a site on either side.

        Parameters
        ----------
        m : int
            Which motif.
        largest : float
            Largest odds of all places, from which follows how probable a site beside may be.
        """
        near, rate = self.neighbours[m], float(self.model.rates[m])
        strands = 1.0
        if len(self.model.emissions[m]) > 1:
            strands = max(near.same_strand, 1 - near.same_strand)
        follows, beside = near.followed * float(near.distances.max()) * strands, min(rate * largest, 1.0)
        # Alone, after or before a site, or between two, of which the second need not begin a cluster then.
        return _LEAST_POSTERIOR / (rate + 2 * beside * follows + beside**2 * follows**2 / rate)

    def _weights(self, m: int, mean_odds: float) -> ClusterWeights:
        """What paths weigh in logarithms.

        Parameters
        ----------
        m : int
            Which motif.
        mean_odds : float
            Of the places that are left out: a site may be followed by one there, of which no more is known.
        """
        near, rate = self.neighbours[m], float(self.model.rates[m])
        emitted, background = self.model.emissions[m], self.model.background.probabilities
        strands = np.array([near.same_strand, 1 - near.same_strand]) if len(emitted) > 1 else np.ones(2)
        follows = np.zeros((2, len(near.distances) + 1))
        follows[:, 1:] = np.log(near.followed * near.distances * strands[:, None])
        return ClusterWeights(
            emitted.shape[1],
            math.log(rate / len(emitted)),
            math.log1p(-rate),
            math.log1p(near.followed * (min(mean_odds, 1.0) - 1)),
            follows,
            _shared(emitted, background),
            self.model.log_context,
        )


def _shared(emitted: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Logarithm of the sum over bases of what two states emit together, over the background.

    Returns
    -------
    numpy.ndarray, shape=(n_strands, n_strands, width, width)
        Of the strands of both sites, their distance, and the column of the second.
    """
    n_strands, width, _ = emitted.shape
    shared = np.zeros((n_strands, n_strands, width, width))
    for distance in range(width):
        first, second = emitted[:, distance:], emitted[:, : width - distance]
        sums = np.einsum("acb,dcb,b->adc", first, second, 1 / background)
        shared[:, :, distance, : width - distance] = np.log(sums)
    return shared


def _by_start(found: _SummedSites, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Places whose posterior probability on both strands reaches a threshold, each on its likelier strand.

    Returns
    -------
    at : numpy.ndarray of int
        Which of the places that were found.
    posterior : numpy.ndarray
    """
    posterior = found.sums.posterior
    is_first = np.ones(len(posterior), bool)
    is_first[1:] = (np.diff(found.sequence) != 0) | (np.diff(found.start) != 0)
    group = np.cumsum(is_first) - 1
    both = np.bincount(group, posterior)
    best = np.flatnonzero(is_first)
    second = np.flatnonzero(~is_first)  # on two strands, a start has two places at most
    better = second[posterior[second] > posterior[second - 1]]
    best[group[better]] = better
    kept = both >= threshold
    return best[kept], np.minimum(both[kept], 1.0)


def _of_sequences(found: _SummedSites, numbers: np.ndarray) -> np.ndarray:
    """Sum of numbers of places in each sequence, and of what was left out."""
    return np.bincount(found.sequence, numbers, minlength=len(found.left_out)) + found.left_out
