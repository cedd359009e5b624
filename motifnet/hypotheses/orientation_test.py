"""Does a motif point somewhere? The tie between the two strands of its sites, beside anchors with strands.

A site of a motif that is no palindrome lies one way round or the other along an anchor, such as the nearest
start of transcription. If orientation does not matter, a site that is bound is as likely either way. But a
site that is there by chance is not: around such starts the two strands have other bases and other pairs of
bases, which alone makes more words of a motif on one of them. Both kinds of sites are in any data, in shares
that nobody knows. So the tie is rejected only if no mixture of them, with up to twice as many sites by chance
as a model of pairs of bases expects, would give so many sites of one orientation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.discovery.scored import Scored
from motifnet.errors import TooFewSequences
from motifnet.hypotheses.blocks import FEWEST as FEWEST_HELD_OUT
from motifnet.hypotheses.blocks import alike, blocks
from motifnet.hypotheses.judging import Answer, Asking, judge, of_each
from motifnet.hypotheses.palindrome_test import centred
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.hypotheses.subjects import of_motif
from motifnet.motifs import Motif, matrix
from motifnet.progress import Progress, Silent
from motifnet.stats.held_out import paired_gain, sequences_needed
from motifnet.stats.score_distribution import ScoreDistribution, SteppedScores, score_distribution
from motifnet.stats.shares import share_interval
from motifnet.strand import Strand
from motifnet.symbols import DNA, UNKNOWN, Interval, Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties.tested import (
    Effect,
    Gain,
    Histogram,
    TieTest,
    TieVerdict,
    told_needed,
)
from motifnet.wording import counted, told_p

_TIE = "a site lies either way round along its anchor"
FEWEST = 20
"""Sites near anchors that a test needs: of fewer, only nearly all of one orientation would show."""

_SITE_P = (
    1e-4  # of a word by chance, the default of FIMO: one of 25 random windows of 200 bases has such a site
)
_CLEAR_BITS = 3.0  # that a site scores more than if it were read the other way round: eight times as likely
_PALINDROME = 0.9  # correlation with the reverse complement from which a motif has no orientation
_PSEUDOCOUNT = 0.1  # sites of background that a matrix gets, as in scanning
_MOST_BINS, _PER_BIN = 6, 40  # of the distance, in each of which strands have bases of their own
_SLACK = 2.0  # times as many sites by chance as a model of pairs of bases expects: real ones hold more
_MIXTURES = 21  # shares of sites that are there by chance: whether one of them explains what was seen
_MOST_EXACT = 2_000  # sites up to which the chance of so many is summed up exactly
_LEAST_CHANCE = 1e-4  # of an orientation: none is impossible

HYPOTHESES.register("orientation")(
    Hypothesis(
        question="Does this motif point along or against its anchor?",
        null="A bound site lies either way round with the same chance; one that is there by chance as the "
        "bases around anchors have it.",
        method="The best site of each sequence counts where it is clear which way round it lies, once for "
        "each anchor. How often a word that scores as much lies along the anchor by chance is exact, under a "
        "model of pairs of bases at that distance. The test takes the mixture of bound and chance sites that "
        "explains the data best.",
        when_rejected="Sites have an orientation beyond what the bases around them make: the protein, or "
        "what it acts with, has a direction there. It may be that of transcription, if the motif is one of "
        "RNA.",
        when_not="An orientation between one half and what chance makes is not told from chance. Motifs "
        "may have an orientation near some anchors and none near others, which the picture along the "
        "distance shows.",
    )
)


def orientation(
    motifs: Sequence[Motif],
    targets: Given,
    anchors: Sequence[Interval],
    *,
    max_distance: int = 2_000,
    subject: str = "",
    held_out: np.ndarray | None = None,
    seed: int = 0,
    alpha: float = 0.05,
    margin: float = 0.005,
    progress: Progress | None = None,
) -> list[TieTest]:
    """Test of each motif whether its sites have an orientation along the nearest anchor.

    Parameters
    ----------
    motifs : sequence of Motif
    targets : sequences
        With their places in the genome.
    anchors : sequence of Interval
        With their strands; the 5' end of each is where it is.
    max_distance : int
        Bases from the centre of a sequence to its anchor, at most.
    subject : str
        What the sequences are called, if there are several sets.
    held_out : numpy.ndarray of bool, shape=(n_targets,), optional
        Which of the targets to test on, if the motifs were learnt from the others.
    seed : int
    alpha : float
        Largest p-value at which the tie is rejected; of several motifs, largest q-value.
    margin : float
        Nats a site that untying may gain for the tie to be justified.
    progress : Progress, optional
        Told of each motif.

    Returns
    -------
    list of TieTest
        One a motif, in their order. A palindrome, or a motif of too few sites, is not tested.

    Raises
    ------
    TooFewSequences
        If fewer than twenty sequences are near an anchor with a strand.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> rng = np.random.default_rng(0)
    >>> codes = rng.integers(0, 4, (100, 80), dtype=np.uint8)
    >>> codes[:, 40:48] = [2, 2, 0, 0, 2, 3, 2, 0]  # GGAAGTGA in all of them, on the strand of the anchors
    >>> places = [Interval("c", 1000 * i, 1000 * i + 80) for i in range(100)]
    >>> targets = Sequences(codes.ravel(), np.arange(0, 8001, 80), [f"s{i}" for i in range(100)], places)
    >>> motif = Motif("ETS", 100 * np.eye(4)[:, [2, 2, 0, 0, 2, 3, 2, 0]])
    >>> (found,) = orientation([motif], targets, [place._replace(strand="+") for place in places])
    >>> found.verdict, found.effect.value
    (<TieVerdict.REJECTED: 'rejected'>, 1.0)
    """
    how = Asking(subject, held_out, seed, alpha, margin, progress or Silent())
    return judge(asked(motifs, as_sequences(targets), anchors, how, max_distance=max_distance), alpha)


def asked(
    motifs: Sequence[Motif],
    targets: Sequences,
    anchors: Sequence[Interval],
    how: Asking,
    *,
    max_distance: int,
) -> list[Answer]:
    """The same of motifs in one set of sequences among others: see :func:`orientation`."""
    if how.held_out is not None:
        targets = targets.select(np.flatnonzero(how.held_out))
    near = _Near.of(targets, anchors, max_distance)
    if len(near.sequences) < FEWEST:
        what = f"targets with a place within {max_distance:,} bases of an anchor with a strand"
        raise TooFewSequences(what, len(near.sequences), FEWEST)
    scored = Scored.of(near.sequences)
    background = Background.fit(near.sequences, 0, strand_symmetric=True).probabilities

    def ask(motif: Motif) -> Answer:
        return _answer(_asked(motif, near, scored, background, how.seed, how.margin), how)

    return of_each(motifs, how, ask)


class _Near(NamedTuple):
    """Sequences near an anchor, each on its anchor's strand."""

    sequences: Sequences
    anchor: np.ndarray
    """Number of the anchor of each sequence."""
    distance: np.ndarray
    """Of the first base of each sequence from its anchor, downstream. Bases."""

    @classmethod
    def of(cls, targets: Sequences, anchors: Sequence[Interval], max_distance: int) -> _Near:
        _, first = np.unique(alike(targets), return_index=True)
        places = targets.intervals or [None] * len(targets)
        by_contig = _by_contig(anchors)
        codes, owners, distances = [], [], []
        for i in np.sort(first).tolist():
            place = places[i]
            nearest = None if place is None else _nearest(place, by_contig, max_distance)
            if place is None or nearest is None:
                continue
            at, is_forward, number = nearest
            code = targets[i]
            codes.append(code if is_forward == (place.strand != "-") else DNA.reverse_complement(code))
            owners.append(number)
            distances.append(place.start - at if is_forward else at - (place.end - 1))
        sequences = Sequences.from_codes(codes)
        return cls(sequences, np.array(owners, np.int64), np.array(distances, np.int64))


class _Contig(NamedTuple):
    """Anchors of a contig, by their place."""

    at: np.ndarray
    is_forward: np.ndarray
    number: np.ndarray


def _by_contig(anchors: Sequence[Interval]) -> dict[str, _Contig]:
    found: dict[str, list[tuple[int, bool, int]]] = {}
    for number, one in enumerate(anchors):
        if one.strand in "+-":
            at = one.start if one.strand == "+" else one.end - 1
            found.setdefault(one.chrom, []).append((at, one.strand == "+", number))
    return {chrom: _Contig(*map(np.array, zip(*sorted(rows), strict=True))) for chrom, rows in found.items()}


def _nearest(place: Interval, anchors: dict[str, _Contig], most: int) -> tuple[int, bool, int] | None:
    """The nearest anchor: place, whether it is forward, number. None if two as near point apart."""
    contig = anchors.get(place.chrom)
    if contig is None:
        return None
    # Twice the distance, so that the centre of an even number of bases is a whole number.
    twice = np.abs(2 * contig.at - (place.start + place.end - 1))
    least = twice.min()
    as_near = np.flatnonzero(twice == least)
    if least > 2 * most or len(np.unique(contig.is_forward[as_near])) > 1:
        return None
    one = as_near[0]
    return int(contig.at[one]), bool(contig.is_forward[one]), int(contig.number[one])


class _Sites(NamedTuple):
    """Sites of which it is clear which way round they lie, one for each anchor."""

    along: np.ndarray
    """Whether each lies along its anchor, ``shape=(n,)``."""
    by_chance: np.ndarray
    """How often it would, if it were there by chance."""
    distance: np.ndarray
    """Of its centre from the anchor, downstream. Bases."""
    most_by_chance: float
    """Share of them that may be there by chance: twice what a model of pairs of bases expects."""


class _Finding(NamedTuple):
    """What is known of a motif before all motifs are judged together."""

    motif: Motif
    reason: str = ""
    """Why it was not tested."""
    n: int = 0
    p: float = math.nan
    statistic: float = math.nan
    by_chance: float = math.nan
    effect: Effect | None = None
    gain: Gain | None = None
    picture: Histogram | None = None


def _asked(
    motif: Motif, near: _Near, scored: Scored, background: np.ndarray, seed: int, margin: float
) -> _Finding:
    if motif.single_stranded:
        return _Finding(motif, "It is of one strand, which is its orientation.")
    probabilities = matrix.probabilities(motif.counts, background, _PSEUDOCOUNT)
    similarity = centred(probabilities, background).similarity
    if similarity >= _PALINDROME:
        reason = f"It is like its reverse complement (correlation {similarity:.2f}), and has no orientation."
        return _Finding(motif, reason)
    longest = int(near.sequences.lengths.max(initial=0))
    if motif.width > longest:
        return _Finding(motif, f"It has {motif.width} columns, and the longest sequence has {longest} bases.")
    sites = _sites(probabilities, near, scored, background)
    n = len(sites.along)
    if n < FEWEST:
        reason = (
            f"{counted(n, 'site')} near an anchor, of which it is clear how they lie; {FEWEST} are needed."
        )
        return _Finding(motif, reason, n)
    chances = _mixtures(sites)
    n_along = int(sites.along.sum())
    p_values = [chance_of_so_many(n_along, each) for each in chances]
    best = int(np.argmax(p_values))
    tied = chances[best]
    z = (n_along - tied.sum()) / math.sqrt(float((tied * (1 - tied)).sum()))
    by_chance = float(sites.by_chance.mean())
    effect = Effect("sites along the anchor", *share_interval(n_along, n), float(tied.mean()))
    gain = _gain(sites, seed, margin)
    return _Finding(motif, "", n, p_values[best], z, by_chance, effect, gain, _picture(sites, tied))


def _sites(probabilities: np.ndarray, near: _Near, scored: Scored, background: np.ndarray) -> _Sites:
    grid = SteppedScores.of(np.log2(probabilities / background[:, None]))
    width = grid.width
    even = Background.from_gc(float(background[1] + background[2]))
    least = score_distribution(grid.steps, even).threshold(_SITE_P)
    log_odds = (grid.steps / grid.per_bit).astype(float)
    best = scored.best_known(log_odds, strand=Strand.BOTH)
    sequences = near.sequences
    fits = np.flatnonzero(sequences.lengths >= width)
    words = sequences.codes[(sequences.offsets[:-1][fits] + best.position[fits])[:, None] + np.arange(width)]
    known = (words < UNKNOWN).all(1)
    fits, words = fits[known], words[known]
    column = np.arange(width)
    along, against = (one[words, column].sum(1) for one in (grid.steps, grid.steps[::-1, ::-1]))
    score = np.maximum(along, against)
    clear = (score >= least) & (np.abs(along - against) >= _CLEAR_BITS * grid.per_bit)
    fits, score, is_along = fits[clear], score[clear], (along > against)[clear]
    chosen = _best_of_each(near.anchor[fits], score)
    fits, score, is_along = fits[chosen], score[chosen], is_along[chosen]
    distance = near.distance[fits] + best.position[fits] + width // 2
    by_chance = np.full(len(fits), 0.5)
    n_random = 0.0
    windows = sequences.lengths[sequences.lengths >= width] - width + 1
    for part in _binned(distance):
        # Bases and their pairs, on the strand of the anchor, of all sequences with a site at that distance.
        local = Background.fit(sequences.select(fits[part]), 1, strand_symmetric=False)
        one, other = (score_distribution(steps, local) for steps in (grid.steps, grid.steps[::-1, ::-1]))
        by_chance[part] = _share_along(one, other, score[part])
        chance = float(one.p_value(np.array(least)) + other.p_value(np.array(least)))
        n_random += float(-np.expm1(-windows * chance).sum()) * len(part) / len(fits)
    most = min(_SLACK * n_random / max(len(fits), 1), 1.0)
    return _Sites(is_along, np.clip(by_chance, _LEAST_CHANCE, 1 - _LEAST_CHANCE), distance, most)


def _best_of_each(owner: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The best site of each anchor."""
    order = np.lexsort((-score, owner))
    _, first = np.unique(owner[order], return_index=True)
    return np.sort(order[first])


def _binned(distance: np.ndarray) -> list[np.ndarray]:
    """Sites by their distance, in as many bins of the same size as there are sites for."""
    n_bins = max(min(_MOST_BINS, len(distance) // _PER_BIN), 1)
    return [part for part in np.array_split(np.argsort(distance, kind="stable"), n_bins) if len(part)]


def _share_along(one: ScoreDistribution, other: ScoreDistribution, score: np.ndarray) -> np.ndarray:
    """Of words with a score as large, the share on the strand of the anchor."""
    along, against = one.p_value(score), other.p_value(score)
    both = along + against
    return np.where(both > 0, along / np.where(both > 0, both, 1), 0.5)


def _mixtures(sites: _Sites) -> np.ndarray:
    """Chances to lie along the anchor, of sites of which some are there by chance, ``(n_mixtures, n)``."""
    share = np.linspace(0, sites.most_by_chance, _MIXTURES)[:, None]
    return (1 - share) / 2 + share * sites.by_chance


def chance_of_so_many(n_hits: int, chances: np.ndarray) -> float:
    """p-value of a number of hits, each with a chance of its own, on both sides.

    Twice the smaller tail, of the exact distribution (that of Poisson's binomial) up to 2,000 chances and of
    the normal one with a correction for whole numbers beyond.

    Parameters
    ----------
    n_hits : int
    chances : numpy.ndarray, shape=(n,)

    Returns
    -------
    float

    Examples
    --------
    >>> chance_of_so_many(0, np.full(5, 0.5)), round(chance_of_so_many(2, np.array([0.5, 0.1, 0.2])), 3)
    (0.0625, 0.3)
    """
    from scipy.special import ndtr

    if len(chances) <= _MOST_EXACT:
        density = np.ones(1)
        for chance in chances.tolist():
            density = np.convolve(density, [1 - chance, chance])
        below, above = float(density[: n_hits + 1].sum()), float(density[n_hits:].sum())
    else:
        spread = math.sqrt(float((chances * (1 - chances)).sum()))
        mean = float(chances.sum())
        below, above = (float(ndtr((sign * (n_hits - mean) + 0.5) / spread)) for sign in (1, -1))
    return min(2 * min(below, above), 1.0)


def _gain(sites: _Sites, seed: int, margin: float) -> Gain | None:
    """What a share of its own tells of the orientation of held-out sites, beyond the best mixture."""
    n = len(sites.along)
    if n < FEWEST_HELD_OUT:
        return None
    tied_losses, untied_losses = [], []
    mixtures = _mixtures(sites)
    for block in blocks(np.arange(n), seed=seed):
        seen, judged = sites.along[block.fit], sites.along[block.judge]
        fits = [_losses(one[block.fit], seen).sum() for one in mixtures]
        tied_losses.append(_losses(mixtures[int(np.argmin(fits))][block.judge], judged))
        share = (seen.sum() + 0.5) / (len(seen) + 1)  # Jeffreys' prior
        untied_losses.append(_losses(np.full(len(judged), share), judged))
    found = paired_gain(np.concatenate(tied_losses), np.concatenate(untied_losses))
    needed = sequences_needed(found, margin)
    return Gain(found.mean, found.low, found.high, found.n, needed if needed > found.n else None, per="site")


def _losses(chance: np.ndarray, along: np.ndarray) -> np.ndarray:
    return -np.log(np.where(along, chance, 1 - chance))


def _picture(sites: _Sites, tied: np.ndarray) -> Histogram:
    """Shares along the anchor by the distance from it."""
    parts = _binned(sites.distance)
    starts = [sites.distance[part].min() for part in parts]
    edges = np.array([*starts, sites.distance.max() + 1], float)
    return Histogram(
        edges,
        np.array([sites.along[part].mean() for part in parts]),
        np.array([tied[part].mean() for part in parts]),
        "distance downstream of the anchor (bp)",
        "Share of sites that lie along the anchor, by the distance from it",
    )


def _answer(one: _Finding, how: Asking) -> Answer:
    called = of_motif(one.motif, how.subject)
    if one.reason:
        return Answer.none("orientation", called, _TIE, one.reason, n=one.n)

    return Answer.of(lambda verdict: _result(one, called, verdict, how.margin), one.gain, how.margin)


def _result(one: _Finding, called: str, verdict: TieVerdict, margin: float) -> TieTest:
    notes = [
        f"Of words that score as much as these sites, {one.by_chance:.0%} would lie along the anchor by "
        "chance, as bases are around it."
    ]
    return TieTest(
        "orientation",
        called,
        _TIE,
        fitted="tied: bound sites lie either way round, others as bases around anchors have it; untied: a "
        "share of sites along the anchor.",
        method="number of sites along the anchor, given the chance of each",
        n=one.n,
        p=one.p,
        statistic=one.statistic,
        df=None,
        effect=one.effect,
        gain=one.gain,
        verdict=verdict,
        sentence=_sentence(one, verdict, margin),
        notes=tuple(notes),
        pictures=() if one.picture is None else (one.picture,),
    )


def _sentence(one: _Finding, verdict: TieVerdict, margin: float) -> str:
    effect, gain = one.effect, one.gain
    assert effect is not None
    chance = told_p(one.p)
    seen = f"{effect.value:.0%} of {one.n:,} sites lie along the anchor"
    if verdict is TieVerdict.REJECTED:
        way = "along" if effect.value > effect.under_tie else "against"
        return (
            f"Sites point {way} the anchor (p = {chance}): {seen} ({effect.under_tie:.0%} if the tie holds)."
        )
    if verdict is TieVerdict.JUSTIFIED and gain is not None:
        return (
            f"Sites may be taken to lie either way round: their share along the anchor gains less than "
            f"{margin:g} nats a site ({gain.low:.4f} to {gain.high:.4f}; p = {chance})."
        )
    needed = "" if gain is None else told_needed(gain, margin)
    return f"Undecided (p = {chance}): {seen}{needed}."
