"""Do sequences know their strand? The tie between a filter and its reverse complement, asked of the data.

If the tie holds, a sequence might as well have come as its reverse complement, so that no model whatever can
tell which of the two it was given. Two models try, and both are odd: of the reverse complement they say the
opposite, so that the group-flip test may flip the sign of what they say (Chiu and Bloem-Reddy 2023,
arXiv:2307.15834).

The first one needs no fit: on which strand are the sites of the first motif? Motifs are sought on both
strands of sequences that are turned to whichever strand comes first in the alphabet. So they are the same
however the sequences came, have seen nothing of what is asked, and all sequences may judge.

The second one is fitted: the log-odds that a sequence is itself and not its other strand, as a sum over what
the two strands have unlike of motifs and of words. Held-out sequences judge it, and what it tells of their
strands is what untying gains, in nats.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from motifnet.discovery.scored import Scored
from motifnet.errors import TooFewSequences
from motifnet.hypotheses.blocks import FEWEST, alike, blocks, check_alpha, together
from motifnet.hypotheses.judging import Answer, Asking, judge
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.hypotheses.sought import SITE, SoughtMotif, seek
from motifnet.progress import Progress, Silent
from motifnet.stats.evenly import evenly
from motifnet.stats.held_out import paired_gain, sequences_needed
from motifnet.stats.shares import share_interval
from motifnet.stats.sign_flip import sign_flip
from motifnet.symbols import UNKNOWN, Sequences
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties.tested import Effect, Gain, Intervals, TieTest, TieVerdict, told_needed
from motifnet.wording import counted, told_p

_METHOD = "group flip: sites of the first motif in all sequences, and a fitted model on held-out ones"
_TIE = "a sequence and its reverse complement are alike"
_WORD = 5  # bases: all words of an odd length differ from their reverse complement. Longer ones are rarer
_LEAST_SPREAD = 0.05  # root mean square of a difference of counts by which it is divided, at least
# How strongly weights are held down, from strong to weak, of features whose squares sum to about 1: the grid
# among which held-out parts of the fit decide.
_PENALTIES = (1e-3, 1e-2, 0.1, 1.0, 10.0)
# Share of the error that the first motif may spend; what is fitted has the rest. So the test of one motif
# loses next to nothing, and what is fitted is mostly clear where it finds anything.
_WEIGHT_OF_FIRST = 0.75
_MOST_FIT = 3_000  # sequences that shape a model of some hundred weights; a bound of time
_N_INNER = 4  # parts of a fit that choose among them. A convention
_MOST_STEPS = 300  # of the optimiser; most fits take 20

HYPOTHESES.register("strand")(
    Hypothesis(
        question="Does this assay, or this protein, know the strand?",
        null="A sequence is as likely as its reverse complement.",
        method="On which strand are the sites of the first motif? And can a model that has learnt from some "
        "sequences tell others from their reverse complements, by motifs and by words of five bases? If the "
        "tie holds, the answer to either has either sign with the same chance: the test counts over random "
        "flips of signs, those of look-alikes together, and is exact whatever the model. "
        "The p-value is the smaller of both, each with its share of the error: 3/4 and 1/4.",
        when_rejected="Strands differ, in these sequences as they were given: a motif is read on one strand, "
        "or a library, an annotation or a genome has a direction. Read such data with --strand single if "
        "what was bound is single-stranded. Controls tell whether it is the protein or the place (notes).",
        when_not="That nothing was found does not mean that nothing is there: the interval of what untying "
        "gains says how much there can be. A motif that is read in both directions may yet act differently.",
    )
)


def strand(
    targets: Given,
    controls: Given | None = None,
    *,
    subject: str = "sequences",
    held_out: np.ndarray | None = None,
    seed: int = 0,
    alpha: float = 0.05,
    margin: float = 0.005,
    progress: Progress | None = None,
) -> TieTest:
    """Test whether sequences are as likely as their reverse complements.

    Parameters
    ----------
    targets : sequences
        See :func:`motifnet.symbols.given.as_sequences`.
    controls : sequences, optional
        Of the same origin: motifs are sought against them, and they are asked the same question. Without
        them shuffles of the targets serve for the search.
    subject : str
        What the sequences are called in the result.
    held_out : numpy.ndarray of bool, shape=(n_targets,), optional
        Which of them judge; see :func:`motifnet.hypotheses.blocks.blocks`.
    seed : int
    alpha : float
        Largest p-value at which the tie is rejected.
    margin : float
        Nats a sequence that untying may gain for the tie to be justified.
    progress : Progress, optional

    Returns
    -------
    TieTest

    Raises
    ------
    TooFewSequences
        If there are fewer than forty sequences, or groups of look-alikes, or too few of a split.
    InvalidValue
        If ``alpha`` is below 0.001, which no p-value of draws would reach.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted = Planted(motif_from_word("TGACTCAG"), 0.8)
    >>> made = simulate([planted], Background.from_gc(0.5), n_targets=200, n_controls=0, length=60)
    >>> found = strand(made.targets)
    >>> found.p > 0.01, found.effect.name
    (True, 'held-out sequences whose strand is told right')
    """
    beside = None if controls is None else as_sequences(controls)
    how = Asking(subject, held_out, seed, alpha, margin, progress or Silent())
    return judge([asked(as_sequences(targets), beside, how)], alpha)[0]


def asked(targets: Sequences, beside: Sequences | None, how: Asking) -> Answer:
    """The same of one set among others: see :func:`strand`."""
    check_alpha(how.alpha)
    clusters = alike(targets)
    _check(clusters)
    with how.progress.stage("search and judge", 2) as step:
        motifs = seek(targets, beside, seed=how.seed)
        features = _features(motifs, targets)
        step.advance()
        first = _first_motif(motifs, features, clusters, how.seed)
        learnt = _learnt(features, len(motifs), clusters, how.held_out, how.seed)
        step.advance()
    p = min(1.0, min(first.p / _WEIGHT_OF_FIRST, learnt.p / (1 - _WEIGHT_OF_FIRST)))
    effect = _told_right(learnt.log_odds)
    gain = _gain(learnt, clusters, effect, first, len(targets), how.margin)
    sites = _sites(motifs, features)
    told = () if beside is None else (_of_controls(motifs, learnt, beside, how.alpha, how.seed),)

    def result(verdict: TieVerdict) -> TieTest:
        return TieTest(
            "strand",
            how.subject,
            _TIE,
            fitted=_fitted(motifs, learnt),
            method=_METHOD,
            n=len(np.unique(clusters)),
            p=p,
            statistic=first.statistic if first.p / _WEIGHT_OF_FIRST <= p else learnt.statistic,
            df=None,
            effect=effect,
            gain=gain,
            verdict=verdict,
            sentence=_sentence(verdict, p, _what_tells(motifs, first, learnt, effect), gain, how.margin),
            notes=(_first_in_words(motifs, first), *told),
            pictures=(sites,) if len(sites.names) else (),
        )

    return Answer.of(result, gain, how.margin)


def _check(clusters: np.ndarray) -> None:
    n = len(np.unique(clusters))
    if n < FEWEST:
        raise TooFewSequences("targets unlike each other", n, FEWEST, "A test holds some of them out")


def _features(motifs: list[SoughtMotif], sequences: Sequences) -> np.ndarray:
    """What a sequence has more of than its reverse complement, ``shape=(n, n_features)``.

    Evidence of sites of each motif, then counts of words. All change their sign when the sequence is turned.
    """
    scored = Scored.of(sequences)
    counts, turned = _word_counts(sequences), _turned_words()
    first = np.flatnonzero(np.arange(len(turned)) < turned)
    words = counts[:, first] - counts[:, turned[first]]
    return np.column_stack([*(motif.side(scored) for motif in motifs), words])


def _word_counts(sequences: Sequences) -> np.ndarray:
    """How often each word is in each sequence, ``shape=(n, 4**5)``; words of unknown bases are none."""
    codes, n_words = sequences.codes, 4**_WORD
    counts = np.zeros((len(sequences), n_words), np.float32)
    if len(codes) < _WORD:
        return counts
    windows = np.lib.stride_tricks.sliding_window_view(codes, _WORD)
    owner = np.repeat(np.arange(len(sequences)), sequences.lengths)
    inside = owner[: len(windows)] == owner[_WORD - 1 :]
    known = inside & (windows < UNKNOWN).all(1)
    words = windows[known].astype(np.int64) @ 4 ** np.arange(_WORD)[::-1]
    np.add.at(counts, (owner[: len(windows)][known], words), 1)
    return counts


def _turned_words() -> np.ndarray:
    """The number of the reverse complement of each word, ``shape=(4**5,)``."""
    digits = np.indices((4,) * _WORD).reshape(_WORD, -1)
    return (3 - digits)[::-1].T @ 4 ** np.arange(_WORD)[::-1]


def _scales(features: np.ndarray, n_motifs: int) -> np.ndarray:
    """Factors under which each motif has a mean square of 1, and all words together one of about 1."""
    spread = np.maximum(np.sqrt((features**2).mean(0)), _LEAST_SPREAD)
    n_words = features.shape[1] - n_motifs
    return np.where(np.arange(features.shape[1]) < n_motifs, 1, 1 / math.sqrt(n_words)) / spread


class _Learnt(NamedTuple):
    """A model of the strand, fitted to some sequences and asked of others."""

    judged: np.ndarray
    """Indices of those that judge."""
    log_odds: np.ndarray
    """Nats by which each of them is likelier as it stands than turned."""
    weights: np.ndarray
    """Of the last fit, of features as they are."""
    p: float
    statistic: float
    n_fit: tuple[int, ...]


def _learnt(
    features: np.ndarray, n_motifs: int, clusters: np.ndarray, held_out: np.ndarray | None, seed: int
) -> _Learnt:
    scales = _scales(features, n_motifs)
    scaled = features * scales
    deal = blocks(clusters, held_out=held_out, seed=seed)
    weights = [
        _weights(scaled[evenly(block.fit, _MOST_FIT)], n_motifs, np.random.default_rng(seed))
        for block in deal
    ]
    log_odds = [scaled[block.judge] @ one for block, one in zip(deal, weights, strict=True)]
    flips = [
        sign_flip(one, clusters[block.judge], seed=seed) for one, block in zip(log_odds, deal, strict=True)
    ]
    return _Learnt(
        np.concatenate([block.judge for block in deal]),
        np.concatenate(log_odds),
        weights[-1] * scales,
        together([flip.p for flip in flips]),
        float(np.sum([flip.statistic for flip in flips]) / math.sqrt(len(flips))),
        tuple(min(len(block.fit), _MOST_FIT) for block in deal),
    )


class _FirstMotif(NamedTuple):
    """On which strand the sites of one motif are; of no motif where all are palindromes."""

    motif: int | None
    p: float
    statistic: float
    sites: tuple[int, tuple[float, float, float]]
    """How many there are, and the share of them on the given strand, with its interval."""


def _first_motif(
    motifs: list[SoughtMotif], features: np.ndarray, clusters: np.ndarray, seed: int
) -> _FirstMotif:
    """The first motif that is not its own reverse complement, in all sequences.

    Of each sequence counts which strand is likelier to have the site, between -1 and 1.
    """
    for i, motif in enumerate(motifs):
        if not motif.is_palindrome:
            side = np.tanh(features[:, i] / 2)
            flip = sign_flip(side, clusters, alternative="two-sided", seed=seed)
            return _FirstMotif(i, flip.p, flip.statistic, _of_sites(features[:, i]))
    return _FirstMotif(None, 1.0, 0.0, _of_sites(np.zeros(0)))


def _weights(features: np.ndarray, n_motifs: int, rng: np.random.Generator) -> np.ndarray:
    """Weights that tell strands apart: of motifs, of words or of both, held down as held-out parts decide."""
    from threadpoolctl import threadpool_limits

    part = rng.permutation(len(features)) % _N_INNER
    choices = [
        (columns, penalty)
        for columns in _kinds_of_features(features.shape[1], n_motifs)
        for penalty in _PENALTIES
    ]
    # Products of so small matrices are done before threads of BLAS have met.
    with threadpool_limits(1):
        losses = [_held_out_loss(features[:, columns], penalty, part) for columns, penalty in choices]
        columns, penalty = choices[int(np.argmin(losses))]
        chosen = np.zeros(features.shape[1])
        chosen[columns] = _logistic(features[:, columns], penalty)
    return chosen


def _held_out_loss(features: np.ndarray, penalty: float, part: np.ndarray) -> float:
    """Nats that weights lose on each part that they were not fitted to."""
    loss = 0.0
    for one in range(_N_INNER):
        weights = _logistic(features[part != one], penalty)
        loss += float(np.logaddexp(0, -features[part == one] @ weights).sum())
    return loss


def _kinds_of_features(n_features: int, n_motifs: int) -> Iterator[slice]:
    if n_motifs:
        yield slice(0, n_motifs)
        yield slice(0, n_features)
    yield slice(n_motifs, n_features)


def _logistic(features: np.ndarray, penalty: float) -> np.ndarray:
    """Weights under which features, all of them of sequences as they stand, are likeliest to be so.

    Each row stands for its opposite as well, so that there is no constant; every second one is turned, since
    the estimator asks for two classes.
    """
    from sklearn.linear_model import LogisticRegression

    sign = np.where(np.arange(len(features)) % 2, -1, 1)
    model = LogisticRegression(C=penalty, fit_intercept=False, max_iter=_MOST_STEPS)
    return model.fit(features * sign[:, None], sign).coef_[0]


def _gain(
    learnt: _Learnt, clusters: np.ndarray, effect: Effect, first: _FirstMotif, n: int, margin: float
) -> Gain:
    """What the untied model tells of the strand beyond the tied one, which guesses.

    Of few sequences a model learns nothing, and gains nothing, whatever there is to learn. So the interval
    ends no lower than where the intervals of shares end: of strands told right, and of the first motif's
    sites.
    """
    h = learnt.log_odds
    found = paired_gain(np.full(len(h), math.log(2)), np.logaddexp(0, -h), clusters[learnt.judged])
    n_sites, (_, low, high) = first.sites
    possible = max(_information(0.5, max(effect.high, 0.5)), n_sites / n * _information(low, high))
    needed = sequences_needed(found, margin)
    if possible > found.high:
        # What a share leaves possible falls with the number of sequences.
        needed = max(needed, math.ceil(len(h) * possible / margin))
    high = max(found.high, possible)
    return Gain(found.mean, found.low, high, len(h), None if high < margin else needed)


def _information(low: float, high: float) -> float:
    """Most nats that a strand is known by, if a share of strands between two values is one: 0 for a half."""
    shares = np.array([[low, 1 - low], [high, 1 - high]])
    entropy = -np.sum(shares * np.log(np.maximum(shares, np.finfo(float).tiny)), axis=1)
    return float(math.log(2) - entropy.min())


def _told_right(h: np.ndarray) -> Effect:
    """How often the strand is told; where nothing is said, by the toss of a coin."""
    right = int((h > 0).sum()) + int((h == 0).sum()) // 2
    return Effect("held-out sequences whose strand is told right", *share_interval(right, len(h)), 0.5)


def _of_sites(evidence: np.ndarray) -> tuple[int, tuple[float, float, float]]:
    """Of how many sites, and what share of them is on the given strand, with its interval."""
    n_sites = int((np.abs(evidence) > SITE).sum())
    return n_sites, share_interval(int((evidence > SITE).sum()), n_sites)


def _sites(motifs: list[SoughtMotif], features: np.ndarray) -> Intervals:
    """Of the sites of each motif, the share on the strand that was given."""
    names, shares = [], []
    for one, evidence in zip(motifs, features.T, strict=False):
        n_sites, share = _of_sites(evidence)
        if n_sites:
            names.append(f"{one.word} ({counted(n_sites, 'site')})")
            shares.append(share)
    values = np.array(shares).reshape(-1, 3)
    label, title = "share of sites on the given strand", "Sites of motifs, by strand"
    return Intervals(names, values, 0.5, label, title)


def _first_in_words(motifs: list[SoughtMotif], first: _FirstMotif) -> str:
    if first.motif is None:
        return "No motif was found that is not its own reverse complement."
    n_sites, (share, low, high) = first.sites
    if not n_sites:
        return f"Of {motifs[first.motif].word} no sequence has a site on one strand rather than the other."
    return (
        f"Of {counted(n_sites, 'site')} of {motifs[first.motif].word}, {share:.1%} are on the "
        f"given strand ({low:.1%} to {high:.1%}); p = {told_p(first.p)} by itself."
    )


def _of_controls(
    motifs: list[SoughtMotif], learnt: _Learnt, controls: Sequences, alpha: float, seed: int
) -> str:
    """Whether controls know their strand, too: then it is not what was bound that does."""
    h = _features(motifs, controls) @ learnt.weights
    flip = sign_flip(h, alike(controls), seed=seed)
    chance = told_p(flip.p)
    said = f"Of controls the same model tells {_told_right(h).value:.1%} right (p = {chance})"
    if flip.p <= alpha:
        return f"{said}: what tells strands apart is, in part, of the places and not of what was bound there."
    return f"{said}: what tells strands apart is not seen in them."


def _fitted(motifs: list[SoughtMotif], learnt: _Learnt) -> str:
    n_fit = ", then ".join(f"{n:,}" for n in learnt.n_fit)
    return (
        f"tied: both strands are as likely; untied: the log-odds of the given strand, by the sites of "
        f"{counted(len(motifs), 'motif')} and by words of {_WORD} bases, fitted to {n_fit} "
        f"sequences and asked of {len(learnt.judged):,} others."
    )


def _what_tells(motifs: list[SoughtMotif], first: _FirstMotif, learnt: _Learnt, effect: Effect) -> str:
    """What the smaller of both p-values rests upon: a clause."""
    n_sites, (share, _, _) = first.sites
    if first.motif is not None and n_sites and first.p / _WEIGHT_OF_FIRST < learnt.p / (1 - _WEIGHT_OF_FIRST):
        sites = f"{counted(n_sites, 'site')} of {motifs[first.motif].word}"
        return f"of {sites} {share:.0%} are on the given strand (50% if both are alike)"
    n = len(learnt.judged)
    return f"of {n:,} held-out sequences the strand of {effect.value:.0%} is told right (50% by guessing)"


def _sentence(verdict: TieVerdict, p: float, right: str, gain: Gain, margin: float) -> str:
    chance = told_p(p)
    if verdict is TieVerdict.REJECTED:
        return f"The strands differ (p = {chance}): {right}."
    if verdict is TieVerdict.JUSTIFIED:
        return (
            f"Both strands may be read as one: to tell them apart gains less than {margin:g} nats a sequence "
            f"({gain.high:.3g} at most; p = {chance})."
        )
    return f"Undecided (p = {chance}): {right}{told_needed(gain, margin)}."
