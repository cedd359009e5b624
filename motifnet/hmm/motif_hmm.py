"""The motif HMM: background, and motifs whose states on the two strands share their emissions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from motifnet.config.decode import DecodingOptions
from motifnet.errors import InvalidValue
from motifnet.hmm.estimate import climb
from motifnet.kernels.motif_hmm import cpu as kernel
from motifnet.kernels.motif_hmm import tables
from motifnet.motifs import Motif, Sites, matrix
from motifnet.progress import Progress, Silent
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties import TIES, Tie

Density = Literal["any", "zoops", "oops"]
"""Any number of sites a sequence; zero or one of each motif; one of each motif."""
StrandTie = Literal["tied", "untied", "single"]
"""One matrix for both strands; one for each; sites on the given strand alone."""

# Before rates are learnt: one site in a thousand bases; in every second sequence; in each, by definition.
_START_RATE = {"any": 1e-3, "zoops": 0.5, "oops": 1.0}
LEAST_RATE = 1e-9
"""So that no rate becomes 0, from which it could not come back: one site in a genome."""
PSEUDOCOUNT = 0.1
"""Sites of background that are added to a motif, unless told otherwise."""
_OPTIONS = DecodingOptions()
_MOST_TOGETHER = 0.9  # of all rates of sites a base, whose sum must leave a chance of background
_CHUNK = 1 << 16  # sites scored at once: some tens of megabytes, for motifs of usual widths


class Decoding(NamedTuple):
    """Sites, and what is known of each sequence.

    Parameters
    ----------
    sites : tuple of Sites
        Of each motif, in the order of the sequences; scores are log-odds in bits against the
        background.
    posterior : tuple of numpy.ndarray
        Probability of each of these sites given its sequence, on either strand: that of a
        palindrome is as likely on one as on the other.
    log_odds : numpy.ndarray, shape=(n,)
        Log-likelihood of each sequence less that under background alone, in nats.
    n_sites : numpy.ndarray, shape=(n, n_motifs)
        Expected number of sites.
    present : numpy.ndarray, shape=(n, n_motifs)
        Probability of at least one site, to about 1e-6: see :class:`motifnet.kernels.motif_hmm.cpu.PathSums`.
    """

    sites: tuple[Sites, ...]
    posterior: tuple[np.ndarray, ...]
    log_odds: np.ndarray
    n_sites: np.ndarray
    present: np.ndarray


class Refinement(NamedTuple):
    """A model that was fitted, and how.

    Parameters
    ----------
    model : MotifHMM
        The last of all rounds, which is the best.
    objective : tuple of float
        At the start and after each round, in nats: the log-likelihood less that under background
        alone, and with the pseudocount's log-prior.
    converged : bool
        Whether it stopped since nothing was to be gained.
    """

    model: MotifHMM
    objective: tuple[float, ...]
    converged: bool


@dataclass(frozen=True, eq=False)
class MotifHMM:
    """A hidden Markov model of motifs in background.

    At each point of a sequence the model emits one base of the background or, at the motif's
    rate, a whole site, on either strand with the same chance. A base of the background depends
    on the bases before it, whichever states emitted them. Sites lie wholly inside of a sequence;
    an unknown base is missing data, with odds 1 in every state.

    With the density ``"any"`` sites do not overlap. With ``"zoops"`` and ``"oops"`` each motif is
    on its own, as if the others were not there, and its site is as likely at one place as at
    another.

    Parameters
    ----------
    motifs : tuple of Motif
        Names of the motifs, and the counts behind them.
    emissions : tuple of numpy.ndarray, shape=(n_strands, width, 4)
        Probability of each base in each state of each motif, in the order of the sequence: the
        second row is a site on the reverse strand.
    background : Background
        Of order 3 at most.
    rates : numpy.ndarray, shape=(n_motifs,)
        Sites a base (``"any"``), or share of sequences with a site (``"zoops"``).
    density : {"any", "zoops", "oops"}
    strand : {"tied", "untied", "single"}

    Raises
    ------
    InvalidValue
        If there is no motif, the background looks back further, or a rate is out of bounds.

    Examples
    --------
    >>> gata = Motif("GATA", 10 * np.eye(4)[:, [2, 0, 3, 0, 0, 2]])
    >>> model = MotifHMM.from_motifs([gata], Background.from_gc(0.5), rates=[0.01])
    >>> decoded = model.decode(Sequences.from_text(["CCCAGATAAGCC", "CCCTTATCTCCC"]))
    >>> [(site.sequence, site.start, site.strand) for site in decoded.sites[0]]
    [('seq1', 4, '+'), ('seq2', 2, '-')]
    >>> model.ties[0].n_free, model.n_free
    (24, 19)
    """

    motifs: tuple[Motif, ...]
    emissions: tuple[np.ndarray, ...]
    background: Background
    rates: np.ndarray
    density: Density = "any"
    strand: StrandTie = "tied"

    def __post_init__(self) -> None:
        if not self.motifs:
            raise InvalidValue("motifs", [], "one motif or more")
        if self.background.order >= tables.WORD:
            raise InvalidValue("order of the background", self.background.order, "0 to 3")
        rates = np.asarray(self.rates, np.float64)
        if len(rates) != len(self.motifs) or (rates <= 0).any() or (rates > 1).any():
            raise InvalidValue("rates", rates.tolist(), f"{len(self.motifs)} of more than 0 and at most 1")
        if self.density == "any" and rates.sum() >= 1:
            raise InvalidValue("rates", rates.tolist(), "less than 1 together")
        object.__setattr__(self, "rates", rates)

    @classmethod
    def from_motifs(
        cls,
        motifs: Sequence[Motif],
        background: Background,
        *,
        rates: Sequence[float] | None = None,
        density: Density = "any",
        strand: StrandTie = "tied",
        pseudocount: float = PSEUDOCOUNT,
    ) -> MotifHMM:
        """The model that motifs start from.

        Parameters
        ----------
        motifs : sequence of Motif
        background : Background
        rates : sequence of float, optional
            One site of each motif in 1,000 bases, or in half of the sequences, if not given.
        density : {"any", "zoops", "oops"}
        strand : {"tied", "untied", "single"}
        pseudocount : float
            Sites of background that are added to each motif.
        """
        if rates is None:
            most = _MOST_TOGETHER / max(len(motifs), 1) if density == "any" else 1.0
            rates = [min(_START_RATE[density], most)] * len(motifs)
        emissions = tuple(_emissions(motif, background, strand, pseudocount) for motif in motifs)
        return cls(tuple(motifs), emissions, background, np.array(rates), density, strand)

    @property
    def widths(self) -> np.ndarray:
        """Columns of each motif, ``shape=(n_motifs,)``."""
        return np.array([one.shape[1] for one in self.emissions])

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """Of the emissions of each motif."""
        if self.strand == "tied":
            return tuple(TIES["strand_emissions"](width) for width in self.widths.tolist())
        return tuple(TIES["untied"](*one.shape) for one in self.emissions)

    @property
    def n_free(self) -> int:
        """Free parameters that refining learns: emissions, less one for each distribution, and rates."""
        emissions = sum(tie.n_free - tie.n_free // 4 for tie in self.ties)
        return emissions + (len(self.motifs) if self.density != "oops" else 0)

    def log_likelihood(self, sequences: Given) -> np.ndarray:
        """Log-likelihood of each sequence in nats, ``shape=(n,)``."""
        sequences = as_sequences(sequences)
        sums = self._sums(sequences, presence=False)
        logs = np.log(self._conditional).ravel()
        return self._log_odds(sequences, sums) + kernel.sum_of_words(sequences.codes, sequences.offsets, logs)

    def decode(
        self,
        sequences: Given,
        *,
        threshold: float = _OPTIONS.min_posterior,
        viterbi: bool = False,
        presence: bool = True,
        progress: Progress | None = None,
    ) -> Decoding:
        """Sites, with their posterior probabilities.

        Parameters
        ----------
        sequences : Sequences
        threshold : float
            Least posterior probability of a site, on either strand.
        viterbi : bool
            Give the sites of the likeliest path instead, whatever the probability of each: they
            do not overlap.
        presence : bool
            Find the probability of at least one site, which takes most of the time if there are
            many motifs; without it, with the density ``"any"``, it is given as 0.
        progress : Progress, optional
            Told of each share of the sequences, about a million bases.

        Raises
        ------
        InvalidValue
            If the likeliest path is asked of a model with one site a sequence at most.
        """
        sequences = as_sequences(sequences)
        if viterbi and self.density != "any":
            raise InvalidValue("density", self.density, "'any', of which there is a path of several sites")
        marks = self._best_path(sequences) if viterbi else None
        with (progress or Silent()).stage("decode", kernel.n_shares(sequences.offsets)) as step:
            sums = self._sums(
                sequences,
                threshold=math.inf if viterbi else threshold,
                marks=marks,
                presence=presence,
                advance=step.advance,
            )
        chosen = [np.flatnonzero(sums.hits.motif == m) for m in range(len(self.motifs))]
        hits = sums.hits
        return Decoding(
            tuple(
                self.sites(sequences, m, hits.sequence[at], hits.start[at], hits.strand[at])
                for m, at in enumerate(chosen)
            ),
            tuple(sums.hits.posterior[of_motif].sum(1) for of_motif in chosen),
            self._log_odds(sequences, sums),
            sums.n_sites,
            sums.present,
        )

    def site_posteriors(self, sequences: Given, threshold: float) -> kernel.PathHits:
        """Where sites may start, and how probable one is there on each strand.

        Parameters
        ----------
        sequences : Sequences
        threshold : float
            Least posterior probability of a site, on either strand.
        """
        return self._sums(as_sequences(sequences), threshold=threshold, presence=False).hits

    def expected_sites(self, sequences: Given) -> np.ndarray:
        """Expected number of sites in each sequence, ``shape=(n, n_motifs)``."""
        return self._sums(as_sequences(sequences), presence=False).n_sites

    def sites(
        self, sequences: Sequences, m: int, index: np.ndarray, start: np.ndarray, strand: np.ndarray
    ) -> Sites:
        """Sites of a motif at some places, with their log-odds in bits against the background.

        Parameters
        ----------
        sequences : Sequences
        m : int
            Which motif.
        index, start, strand : numpy.ndarray of int, shape=(n,)
            Sequence of each site, where it starts there, and its strand: 1 is the reverse one.
        """
        first = sequences.offsets[index] + start
        score = [
            self._bits(sequences, m, index[part], first[part], strand[part])
            for part in (slice(at, at + _CHUNK) for at in range(0, len(index), _CHUNK))
        ]
        return Sites(
            sequences, int(self.widths[m]), index, start, strand == 1, np.concatenate([np.zeros(0), *score])
        )

    def expected_counts(self, sequences: Given) -> tuple[float, np.ndarray, list[np.ndarray]]:
        """What a round of Baum-Welch goes by.

        Returns
        -------
        log_odds : float
            Of all sequences, against background alone, in nats.
        rates : numpy.ndarray, shape=(n_motifs,)
            Those that the expected numbers of sites give.
        counts : list of numpy.ndarray, shape=(n_strands, width, 4)
            Expected number of times that each state emitted each base.
        """
        sequences = as_sequences(sequences)
        sums = self._sums(sequences, counting=True, presence=self.density == "zoops")
        log_odds = float(self._log_odds(sequences, sums).sum())
        return log_odds, self._expected_rates(sequences, sums), tables.base_counts(sums.words, self._chains)

    def updated(self, rates: np.ndarray, emissions: Sequence[np.ndarray]) -> MotifHMM:
        """The same model with other rates and emissions."""
        return replace(self, rates=rates, emissions=tuple(emissions))

    def with_rates(self, rates: np.ndarray) -> MotifHMM:
        """The same model with other rates."""
        return replace(self, rates=rates)

    def alone(self, m: int, rate: float) -> MotifHMM:
        """The model of one of the motifs, at a rate of its own."""
        return replace(
            self, motifs=self.motifs[m : m + 1], emissions=self.emissions[m : m + 1], rates=np.array([rate])
        )

    @property
    def log_context(self) -> np.ndarray:
        """Logarithm of the chance of a base after the three before it, over that of the base by itself.

        ``shape=(625,)``, in the order of words of four of A, C, G, T and unknown; 0 for an unknown base.
        """
        return -np.log(self._chains.context)

    @cached_property
    def _conditional(self) -> np.ndarray:
        return _conditional(self.background)

    @cached_property
    def _chains(self) -> tables.Chains:
        return tables.chains(self.emissions, self.background.probabilities, self._conditional)

    @property
    def _stay(self) -> float:
        """Chance that a point is followed by a base of background."""
        return 1 - float(self.rates.sum())

    @property
    def _weights(self) -> np.ndarray:
        """Weight of a site on each strand, over that of as many bases of background."""
        return self.rates / len(self.emissions[0]) / self._stay**self.widths

    def _sums(self, sequences: Sequences, **options) -> kernel.PathSums:
        where = sequences.codes, sequences.offsets, self._chains
        if self.density == "any":
            sums = kernel.sum_over_paths(*where, self._weights, **options)
        else:
            sums = kernel.sum_over_paths(*where, self.rates, 1 - self.rates, **options)
        _check_finite(sequences, sums.log_odds)
        return sums

    def _best_path(self, sequences: Sequences) -> np.ndarray:
        return kernel.best_path(sequences.codes, sequences.offsets, self._chains, self._weights)

    def _log_odds(self, sequences: Sequences, sums: kernel.PathSums) -> np.ndarray:
        if self.density != "any":
            return sums.log_odds
        return sums.log_odds + sequences.lengths * math.log(self._stay)

    def _expected_rates(self, sequences: Sequences, sums: kernel.PathSums) -> np.ndarray:
        if self.density == "oops":
            return self.rates
        if self.density == "zoops":
            has_room = sequences.lengths[:, None] >= self.widths
            shares = (sums.present * has_room).sum(0) / np.maximum(has_room.sum(0), 1)
            return np.clip(shares, LEAST_RATE, 1 - LEAST_RATE)
        n_sites = sums.n_sites.sum(0)
        n_background = max(len(sequences.codes) - self.widths @ n_sites, 0.0)
        rates = n_sites / max(n_background + n_sites.sum(), 1.0)
        return np.maximum(leaving_background(rates), LEAST_RATE)

    def _bits(
        self, sequences: Sequences, m: int, index: np.ndarray, first: np.ndarray, strand: np.ndarray
    ) -> np.ndarray:
        """Log-odds of sites against the background, which looks back to the bases before them."""
        back = tables.WORD - 1
        places = first[:, None] + np.arange(-back, self.widths[m])
        inside = places >= sequences.offsets[index][:, None]
        codes = np.where(inside, sequences.codes[np.maximum(places, 0)], 4)
        words = tuple(codes[:, shift : shift + self.widths[m]] for shift in range(tables.WORD))
        known = np.pad(self.emissions[m], ((0, 0), (0, 0), (0, 1)), constant_values=1.0)
        emitted = known[strand[:, None], np.arange(self.widths[m]), words[-1]]
        return (np.log2(emitted) - np.log2(self._conditional[words])).sum(1)


def refine(
    model: MotifHMM,
    sequences: Given,
    *,
    max_rounds: int = 100,
    tolerance: float = 1e-3,
    pseudocount: float = _OPTIONS.pseudocount,
    emissions: bool = True,
    progress: Progress | None = None,
) -> Refinement:
    """Baum-Welch: learn emissions, under their tie, and rates; the background stays.

    A round takes the expected counts of all states and pools them over the orbits of the tie, so
    that a site counts the same on either strand. No round lowers the objective.

    Parameters
    ----------
    model : MotifHMM
        Where to start.
    sequences : Sequences
        What to learn from.
    max_rounds : int
        Rounds at most.
    tolerance : float
        Stop after a round that gains less, in nats for each 1,000 bases.
    pseudocount : float
        Sites of background that are added to each motif.
    emissions : bool
        Learn emissions; without it, the rates alone.
    progress : Progress, optional
        Told now and then how many rounds are done, and what they reached.

    Returns
    -------
    Refinement
        The model after the last round, and how it was reached.

    Raises
    ------
    LikelihoodFell
        If a round lowers the objective: an error in this program.

    References
    ----------
    Baum LE et al. (1970). Ann. Math. Statist. 41:164-171.

    Examples
    --------
    >>> gata = Motif("GATA", 10 * np.eye(4)[:, [2, 0, 3, 0]])
    >>> model = MotifHMM.from_motifs([gata], Background.from_gc(0.5), rates=[0.01])
    >>> fitted = refine(model, Sequences.from_text(["CCCAGATAAGCC", "CCCTTATCTCCC", "CCGATACC"]))
    >>> fitted.converged, fitted.objective[-1] > fitted.objective[0]
    (True, True)
    """
    sequences = as_sequences(sequences)

    def expect(one: MotifHMM) -> tuple[float, tuple[np.ndarray, list[np.ndarray]]]:
        log_odds, rates, counts = one.expected_counts(sequences)
        return log_odds + _log_prior(one, pseudocount), (rates, counts)

    def maximise(one: MotifHMM, expected: tuple[np.ndarray, list[np.ndarray]]) -> MotifHMM:
        rates, counts = expected
        return one.updated(rates, _maximised(one, counts, pseudocount) if emissions else one.emissions)

    model, (_, counts), objective, converged = climb(
        model,
        expect,
        maximise,
        least_gain=tolerance * len(sequences.codes) / 1000,
        max_rounds=max_rounds,
        progress=progress,
        what="refine motifs" if emissions else "learn rates",
    )
    return Refinement(_with_counts(model, counts) if emissions else model, objective, converged)


def leaving_background(rates: Sequence[float] | np.ndarray) -> np.ndarray:
    """Rates of sites a base, smaller in proportion where they would leave hardly a chance of background.

    Examples
    --------
    >>> leaving_background([0.1, 0.2]).tolist(), leaving_background([1.0, 0.8]).round(3).tolist()
    ([0.1, 0.2], [0.5, 0.4])
    """
    rates = np.asarray(rates, np.float64)
    return rates * min(1.0, _MOST_TOGETHER / max(rates.sum(), LEAST_RATE))


def _check_finite(sequences: Sequences, log_odds: np.ndarray) -> None:
    """Refuse what no path can emit, and odds of a site that are too large for a float."""
    for i in np.flatnonzero(~np.isfinite(log_odds))[:1].tolist():
        name, value = f"log-odds of sequence {sequences.names[i]}", float(log_odds[i])
        if value == -math.inf:
            raise InvalidValue(name, value, "a place where each motif can be: a pseudocount gives it one")
        raise InvalidValue(
            name, value, "a finite number: narrower motifs, lower rates, or no base so rare in the background"
        )


def _emissions(motif: Motif, background: Background, strand: StrandTie, pseudocount: float) -> np.ndarray:
    forward = matrix.probabilities(motif.counts, background.probabilities, pseudocount)
    if strand == "single":
        return forward.T[None].copy()
    return np.stack([forward.T, matrix.reverse_complement(forward).T])


def _conditional(background: Background) -> np.ndarray:
    """Probability of the last base after the three before it, of which 4 is unknown, ``(5, 5, 5, 5)``.

    As many of the bases before it count as the background looks back at and are known without a
    gap. An unknown base has probability 1: it says nothing.
    """
    order = background.order
    longest = background.initial[:, None] * background.transitions
    table = np.ones((5,) * tables.WORD)
    for known in range(order + 1):
        words = longest.reshape(4 ** (order - known), *(4,) * (known + 1)).sum(0)
        where = (slice(None),) * (tables.WORD - 1 - known) + (slice(4),) * (known + 1)
        table[where] = words / words.sum(-1, keepdims=True) if known else background.probabilities
    return table


def _prior(model: MotifHMM, shape: tuple[int, ...], pseudocount: float) -> np.ndarray:
    """Counts of background, which are shared by the strands."""
    return np.broadcast_to(pseudocount / shape[0] * model.background.probabilities, shape)


def _log_prior(model: MotifHMM, pseudocount: float) -> float:
    """Logarithm of the Dirichlet density of the emissions, up to a constant."""
    if pseudocount == 0:
        return 0.0
    return sum(float((_prior(model, one.shape, pseudocount) * np.log(one)).sum()) for one in model.emissions)


def _maximised(model: MotifHMM, counts: Sequence[np.ndarray], pseudocount: float) -> list[np.ndarray]:
    """The emissions that expected counts give, pooled over the orbits of the tie."""
    emissions = []
    for before, tie, found in zip(model.emissions, model.ties, counts, strict=True):
        pooled = tie.expand(tie.pool(found + _prior(model, found.shape, pseudocount)))
        total = pooled.sum(-1, keepdims=True)
        emissions.append(np.where(total > 0, pooled / np.where(total > 0, total, 1), before))
    return emissions


def _with_counts(model: MotifHMM, counts: Sequence[np.ndarray]) -> MotifHMM:
    """The model with motifs that hold the expected counts, in the orientation of the motif."""
    motifs = []
    for motif, found in zip(model.motifs, counts, strict=True):
        forward = found[0].T + (matrix.reverse_complement(found[1].T) if len(found) > 1 else 0)
        background = model.background.probabilities
        n_sites = float(forward.sum(0).max())
        motifs.append(
            replace(motif, counts=forward, background=background, n_sites=n_sites, log10_e_value=None)
        )
    return replace(model, motifs=tuple(motifs))
