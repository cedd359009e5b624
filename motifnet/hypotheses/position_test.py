"""Does the place in the window matter? The tie of one filter at all positions, asked of the data.

A convolution has one filter at every position: what stands where in a window is then of no account. If that
is so of what the windows hold, the site of a motif is as likely at any place that has room for it (Bailey and
Machanick 2012, Nucleic Acids Res 40:e128, count the same places in nested windows). What untying gains is
what the density of the sites of other sequences says of a site, in nats.

Two things would make places of no account look as if they mattered, and are seen to. Of windows that are
equally good, any one is taken, and not the leftmost. And where bases are masked there is no place: what is
uniform is the rank of a site among the places that are left.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.discovery.scored import Scored
from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hypotheses.blocks import FEWEST, FEWEST_HELD_OUT, alike, blocks, check_alpha
from motifnet.hypotheses.judging import Answer, Asking, judge
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.hypotheses.sought import SITE, SoughtMotif, seek
from motifnet.motifs import matrix
from motifnet.progress import Progress, Silent
from motifnet.stats.held_out import paired_gain, sequences_needed
from motifnet.stats.noncentral import possible_information
from motifnet.stats.positional import PlacedSites
from motifnet.stats.uniform_positions import (
    N_WAVES,
    UniformityTest,
    crowd_of,
    uniform_positions,
)
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties.tested import (
    Effect,
    Gain,
    Histogram,
    TieTest,
    TieVerdict,
    p_of,
    told_needed,
)
from motifnet.wording import counted, power

_TIE = "a site is as likely at any place of its window"
_METHOD = "smooth test of the places of sites, of which any is as likely"
# Bins of the density that is learnt: a twentieth of a window is as fine as some hundred sites can tell.
_N_BINS = 20
_PRIOR = 1.0  # sites that each bin is given before any was seen, so that none is impossible
_N_BARS = 41  # of the picture, as in other charts of positions
_LEVELS = (0.025, 0.975)
_N_RESAMPLED = 999  # resamples of the median's interval
_LEAST_CROWD = 0.05  # share of sites that are told to crowd around a place: some a fit always finds
_EQUAL = 1e-9  # nats by which the sums of equal terms may differ

HYPOTHESES.register("position")(
    Hypothesis(
        question="Does the place in the window matter?",
        null="A site of the first motif is as likely at any place of its window that has room for it.",
        method="The best site of each sequence has so many places before it, and so many after it. If the "
        "tie holds, its share of them is uniform, whatever the lengths, and whatever is masked. A smooth "
        "test looks for deviations of any form, of broad ones more than of fine ones; look-alike sequences "
        "count once.",
        when_rejected="Sites gather somewhere: near summits, before a start of transcription, at the end of "
        "a read. Centring the windows otherwise, making them narrower, or a network that knows positions may "
        "gain what is told here.",
        when_not="Where windows are no wider than what sites scatter over, or are not aligned to anything, "
        "nothing is seen, whatever the biology. It is said of the first motif: others may have places of "
        "their own, which the pictures show.",
    )
)


def position(
    targets: Given,
    controls: Given | None = None,
    *,
    subject: str = "sequences",
    held_out: np.ndarray | None = None,
    origin: int | None = None,
    strand: Strand = Strand.BOTH,
    seed: int = 0,
    alpha: float = 0.05,
    margin: float = 0.005,
    progress: Progress | None = None,
) -> TieTest:
    """Test whether sites are as likely at any place of their windows.

    Parameters
    ----------
    targets : sequences
        See :func:`motifnet.symbols.given.as_sequences`.
    controls : sequences, optional
        Of the same origin: motifs are sought against them. Without them shuffles of the targets serve.
    subject : str
        What the sequences are called in the result.
    held_out : numpy.ndarray of bool, shape=(n_targets,), optional
        Which of them judge what is gained; see :func:`motifnet.hypotheses.blocks.blocks`.
    origin : int, optional
        The base, from 0, that distances are told from, such as that of a start of transcription; the
        centre of each sequence if not given.
    strand : Strand
        Whether sites lie on either strand.
    seed : int
    alpha : float
        Largest p-value at which the tie is rejected.
    margin : float
        Nats a site that untying may gain for the tie to be justified.
    progress : Progress, optional

    Returns
    -------
    TieTest
        Not applicable where there is no motif, or fewer than forty sequences have a site, or eight of those
        held out.

    Raises
    ------
    TooFewSequences
        If there are fewer than forty sequences, or groups of look-alikes.
    InvalidValue
        If the origin lies in no sequence, or ``alpha`` is below 0.001, which no p-value of draws would reach.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted = Planted(motif_from_word("TGACTCAG"), 0.8)
    >>> made = simulate([planted], Background.from_gc(0.5), n_targets=200, n_controls=0, length=60)
    >>> found = position(made.targets)
    >>> found.p > 0.001, found.effect.unit
    (True, 'bp')
    """
    beside = None if controls is None else as_sequences(controls)
    how = Asking(subject, held_out, seed, alpha, margin, progress or Silent())
    return judge([asked(as_sequences(targets), beside, how, origin=origin, strand=strand)], alpha)[0]


def asked(
    targets: Sequences,
    beside: Sequences | None,
    how: Asking,
    *,
    origin: int | None,
    strand: Strand,
) -> Answer:
    """The same of one set among others: see :func:`position`."""
    check_alpha(how.alpha)
    if origin is not None and not 0 <= origin < targets.lengths.max(initial=0):
        longest = int(targets.lengths.max(initial=0))
        raise InvalidValue("origin", origin, f"a base of the sequences, of which the longest has {longest}")
    clusters = alike(targets)
    n_unlike = len(np.unique(clusters))
    if n_unlike < FEWEST:
        raise TooFewSequences("targets unlike each other", n_unlike, FEWEST)
    rng = np.random.default_rng(how.seed)
    with how.progress.stage("search", 1) as step:
        motifs = seek(targets, beside, strand=strand, seed=how.seed)
        step.advance()
    if not motifs:
        return Answer.none("position", how.subject, _TIE, "No motif was found whose sites could have places.")
    scored = Scored.of(targets)
    placed = [_Placed.of(motif, scored, clusters, origin, rng, strand=strand) for motif in motifs]
    first = placed[0]
    if len(first) < FEWEST:
        n_sites = counted(len(first), "sequence")
        reason = f"{n_sites} unlike each other with a site of {first.motif.word}; {FEWEST} are needed."
        return Answer.none("position", how.subject, _TIE, reason, n=len(first))
    judges = None if how.held_out is None else how.held_out[first.sequence]
    if judges is not None and judges.sum() < FEWEST_HELD_OUT:
        n_sites = counted(int(judges.sum()), "held-out sequence")
        reason = f"{n_sites} with a site of {first.motif.word}; {FEWEST_HELD_OUT} are needed."
        return Answer.none("position", how.subject, _TIE, reason, n=len(first))
    test = uniform_positions(first.ranks, seed=how.seed)
    p = p_of(test.log10_p)
    gain = _gain(first, test, judges, how.margin, rng, how.seed)
    effect = _scale(first, origin, rng)

    def result(verdict: TieVerdict) -> TieTest:
        return TieTest(
            "position",
            how.subject,
            _TIE,
            fitted=f"tied: sites of {first.motif.word} lie anywhere; untied: their density along the window, "
            f"in {_N_BINS} bins, learnt from other sequences.",
            method=_METHOD,
            n=len(first),
            p=p,
            statistic=test.statistic,
            df=None,
            effect=effect,
            gain=gain,
            verdict=verdict,
            sentence=_sentence(verdict, test.log10_p, first, origin, effect, gain, how.margin),
            pictures=tuple(_bars(one, origin) for one in placed if len(one) >= FEWEST),
        )

    return Answer.of(result, gain, how.margin)


class _Placed(NamedTuple):
    """Where the sites of a motif are, one of each group of look-alike sequences."""

    motif: SoughtMotif
    sequence: np.ndarray
    """Indices of the sequences with a site."""
    sites: PlacedSites
    ranks: PlacedSites
    """The same in sequences of as many places as are not masked."""
    distances: np.ndarray
    """Bases from the origin, or the centre of each window, to the middle of its site."""
    elsewhere: tuple[np.ndarray, np.ndarray]
    """Such distances of all places where a site could be, ascending, and how likely each is under the tie."""

    @classmethod
    def of(
        cls,
        motif: SoughtMotif,
        scored: Scored,
        clusters: np.ndarray,
        origin: int | None,
        rng: np.random.Generator,
        *,
        strand: Strand,
    ) -> _Placed:
        best = motif.best(scored, strand=strand)
        has_site = motif.evidence(scored, best, strand=strand) > SITE
        # Any one of a group, drawn before it is asked for a site. Drawn from those that have one, sites near
        # the ends of windows would count for more: fewer of the windows that overlap have them.
        shuffled = rng.permutation(len(clusters))
        _, kept = np.unique(clusters[shuffled], return_index=True)
        drawn = np.sort(shuffled[kept])
        index = drawn[has_site[drawn]]
        sequences = scored.sequences.select(index)
        places = _Places.of(sequences, motif.log_odds, strand=strand)
        chosen = places.any_best(rng)
        n_places = places.n_of_each
        rank = chosen - (np.cumsum(n_places) - n_places)
        lengths = sequences.lengths
        middles = places.start + motif.width / 2
        distance = middles - (lengths[places.owner] / 2 if origin is None else origin)
        known, which = np.unique(distance, return_inverse=True)
        chance = np.bincount(which, 1 / (n_places[places.owner] * max(len(index), 1)))
        return cls(
            motif,
            index,
            PlacedSites(places.start[chosen], lengths, motif.width),
            PlacedSites(rank, n_places + motif.width - 1, motif.width),
            distance[chosen],
            (known, chance),
        )

    def __len__(self) -> int:
        return len(self.sequence)


class _Places(NamedTuple):
    """All places of some sequences where a motif could have a site: those of known bases alone."""

    owner: np.ndarray
    """The sequence of each, ascending."""
    start: np.ndarray
    score: np.ndarray
    """Nats, on the better strand."""
    n_of_each: np.ndarray

    @classmethod
    def of(cls, sequences: Sequences, log_odds: np.ndarray, *, strand: Strand) -> _Places:
        width, codes = log_odds.shape[1], sequences.codes
        n = max(len(codes) - width + 1, 0)
        owner = np.repeat(np.arange(len(sequences)), sequences.lengths)
        score = _window_scores(codes, log_odds, n)
        if strand.reads_both:
            score = np.maximum(score, _window_scores(codes, matrix.reverse_complement(log_odds), n))
        place = np.flatnonzero((owner[:n] == owner[width - 1 :]) & (score > -np.inf))
        of = owner[place]
        n_of_each = np.bincount(of, minlength=len(sequences))
        return cls(of, place - sequences.offsets[of], score[place], n_of_each)

    def any_best(self, rng: np.random.Generator) -> np.ndarray:
        """One of the best places of each sequence; of several that are equal, each with the same chance."""
        best = np.full(len(self.n_of_each), -np.inf)
        np.maximum.at(best, self.owner, self.score)
        shuffled = rng.permutation(np.flatnonzero(self.score >= best[self.owner] - _EQUAL))
        _, first = np.unique(self.owner[shuffled], return_index=True)
        return shuffled[first]


def _window_scores(codes: np.ndarray, log_odds: np.ndarray, n_windows: int) -> np.ndarray:
    """Nats of each window of concatenated codes; minus infinity of one with an unknown base."""
    table = np.vstack([log_odds, np.full(log_odds.shape[1], -np.inf)])
    score = np.zeros(n_windows)
    for column in range(log_odds.shape[1]):
        score += table[codes[column : column + n_windows], column]
    return score


def _gain(
    placed: _Placed,
    test: UniformityTest,
    judges: np.ndarray | None,
    margin: float,
    rng: np.random.Generator,
    seed: int,
) -> Gain:
    """What the places of sites in other sequences say of those in held-out ones.

    Of few sites a density learns nothing, and gains nothing, whatever there is to learn. So the interval ends
    no lower than the information that the test leaves possible; nor than what it would on the average if
    there were none, since a fluctuation to less is no knowledge (Cowan and others 2011, arXiv:1105.3166).
    """
    n_places = placed.ranks.length - placed.motif.width + 1
    # A place stands for all of its share: bins are then alike under the tie, however few places there are.
    share = (placed.ranks.start + rng.random(len(placed))) / n_places
    bins = np.minimum((_N_BINS * share).astype(np.int64), _N_BINS - 1)
    losses = []
    for block in blocks(np.arange(len(placed)), held_out=judges, seed=seed):
        counts = np.bincount(bins[block.fit], minlength=_N_BINS) + _PRIOR
        losses.append(-np.log(_N_BINS * counts / counts.sum())[bins[block.judge]])
    loss = np.concatenate(losses)
    found = paired_gain(np.zeros(len(loss)), loss)
    possible = possible_information(test.statistic, N_WAVES, test.n)
    needed = sequences_needed(found, margin)
    if possible > found.high:
        needed = max(needed, math.ceil(len(loss) * possible / margin))
    high = max(found.high, possible)
    return Gain(found.mean, found.low, high, len(loss), None if high < margin else needed, "site")


def _scale(placed: _Placed, origin: int | None, rng: np.random.Generator) -> Effect:
    """How far sites lie from the origin: the median, with the interval of a bootstrap."""
    distance = np.abs(placed.distances)
    medians = np.median(rng.choice(distance, (_N_RESAMPLED, len(distance))), axis=1)
    low, high = np.quantile(medians, _LEVELS)
    expected = _median(np.abs(placed.elsewhere[0]), placed.elsewhere[1])
    name = f"median distance of sites from {_from(origin)}"
    return Effect(name, float(np.median(distance)), float(low), float(high), expected, "bp")


def _median(values: np.ndarray, chances: np.ndarray) -> float:
    """The middle of a distribution; of two values that are the middle, their mean."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(chances[order])
    middle = np.searchsorted(below, below[-1] * np.array([0.5 - _EQUAL, 0.5 + _EQUAL]))
    return float(values[order][middle].mean())


def _from(origin: int | None) -> str:
    return "the centre" if origin is None else f"base {origin}"


def _bars(placed: _Placed, origin: int | None) -> Histogram:
    places, chance = placed.elsewhere
    edges = np.linspace(places.min() - 0.5, places.max() + 0.5, _N_BARS + 1)
    observed = np.histogram(placed.distances, edges)[0] / len(placed)
    expected = np.histogram(places, edges, weights=chance)[0]
    title = f"Places of {counted(len(placed), 'site')} of {placed.motif.word}"
    return Histogram(edges, observed, expected, f"site centre − {_from(origin)} (bp)", title)


def _sentence(
    verdict: TieVerdict,
    log10_p: float,
    placed: _Placed,
    origin: int | None,
    effect: Effect,
    gain: Gain,
    margin: float,
) -> str:
    chance = power(log10_p)
    where = (
        f"half of {counted(len(placed), 'site')} of {placed.motif.word} lie within {effect.value:.3g} bp of "
        f"{_from(origin)}, where {effect.under_tie:.3g} bp are expected"
    )
    if verdict is TieVerdict.REJECTED:
        return f"The place matters (p = {chance}): {where}; {_crowd_in_words(placed, origin)}."
    if verdict is TieVerdict.JUSTIFIED:
        return (
            f"The place does not matter: to know it gains less than {margin:g} nats a site "
            f"({gain.high:.3g} at most; p = {chance}); {where}."
        )
    return f"Undecided (p = {chance}): {where}{told_needed(gain, margin)}."


def _crowd_in_words(placed: _Placed, origin: int | None) -> str:
    crowd = crowd_of(placed.sites)
    if crowd.share < _LEAST_CROWD:
        return "they crowd around no one place"
    shift = 0.0 if origin is None else float(np.median(placed.sites.length)) / 2 - origin
    return (
        f"{crowd.share:.0%} of them crowd around {round(crowd.mode + shift):+d} bp, with a standard "
        f"deviation of {crowd.scale:.2g} bp"
    )
