"""Do two lineages gain and lose alike? The tie between the gaps of both sequences, asked of pairs.

The pair HMM is fitted with the gaps of both sequences tied, and everything else free. Of each pair, the
derivative of its log-likelihood along what the tie forbids says which way it pulls: to more stretches of one
sequence, or to longer ones. If the tie holds these pulls sum up to nearly 0, and how nearly is taken from how
they vary from pair to pair, not from the model, whose gaps are never quite as long as real ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.config.align import PairModelOptions
from motifnet.config.tie_tests import GAP_PARAMETERS
from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_curvature import Curvature, Parameter, curvature, scores_by_logarithms
from motifnet.hmm.pair_estimates import WHAT_TWO_SEQUENCES_CANNOT_TELL
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit
from motifnet.hmm.pair_learn import candidate_ties, learn_one
from motifnet.hmm.pair_pieces import pieces
from motifnet.hmm.pair_ties import PairTies
from motifnet.hypotheses.blocks import FEWEST, alike_pairs, blocks
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.progress import Progress, Silent
from motifnet.stats.clusters import cluster_sums
from motifnet.stats.held_out import paired_gain, sequences_needed
from motifnet.stats.sandwich import ScoreTest, robust_score_test
from motifnet.stats.shares import share_interval
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties.tested import (
    Effect,
    Gain,
    Intervals,
    TieTest,
    TieVerdict,
    decide,
    not_applicable,
    p_of,
    told_needed,
)
from motifnet.wording import counted, power, told_p, verb

PIECE = 1000
"""Columns of the pieces that a few long pairs are cut into: many times a gap, and what its neighbours tell of
it, so that pieces are as good as independent. A convention."""

_IN_WORDS = {
    "open": "gaps open as often in both sequences",
    "extend": "gaps are as long in both sequences",
}
_RATIOS = {
    "open": "stretches of y alone for each of x alone",
    "extend": "mean length of stretches of y alone over that of x alone",
}
# Pairs with a gap that a test needs: signs of fewer cannot show much (2 ** -9), and tails of F say little.
_FEWEST_GAPPED = 10
_LEAST_GAP = 0.5  # expected gaps of a pair that has one
_FEWEST_OF_ONE = 5  # expected gaps of either sequence, below which a delta method has nothing to go by
# Nats at which fits stop. What a fit is short of its maximum, second derivatives make up for in the test.
_TOLERANCE = 0.01
_N_SWAPS = 9_999  # random exchanges of x and y, so that the smallest p-value is 1e-4
_AT_ONCE = 1 << 22  # signs drawn at once

HYPOTHESES.register("indel")(
    Hypothesis(
        question="Do both lineages gain and lose sequence alike?",
        null="Stretches that only one sequence has are as many, and as long, in x as in y.",
        method="A pair HMM is fitted to the pairs with the gaps of both sequences tied, and all else free. "
        "Score test: the derivatives of each pair's log-likelihood along what the tie forbids, less what the "
        "fitted parameters take away, sum up to 0 if the tie holds. Their variance is that among pairs, not "
        "that of the model, and the reference Hotelling's: so the test keeps its level where gaps are longer "
        "than the model has them.",
        when_rejected="One of the two sequences has more that the other lacks, or longer stretches of it. "
        "Gains of one and losses of the other look the same: a third, more distant sequence tells them "
        "apart. Bases that were never sequenced, masked or assembled count as losses.",
        when_not="That nothing was found does not mean that both lineages gain and lose alike: the "
        "intervals of the ratios say how unlike they may be. And two sequences alone cannot tell an "
        "insertion in one from a deletion in the other: a lineage that gains and loses more than the other, "
        "in equal measure, looks like it.",
    )
)


def indel(
    pairs: PairedSequences,
    *,
    parameters: Sequence[str] = GAP_PARAMETERS,
    gap_classes: str = "auto",
    piece: int = PIECE,
    band: kernel.Band = kernel.DEFAULT_BAND,
    subject: str = "pairs",
    seed: int = 0,
    alpha: float = 0.05,
    margin: float = 0.005,
    progress: Progress | None = None,
) -> TieTest:
    """Test whether gaps of both sequences open as often, and are as long.

    Parameters
    ----------
    pairs : PairedSequences
        As they are to be aligned: see :func:`motifnet.hmm.pair_orient.orient`.
    parameters : sequence of {"open", "extend"}
        What is tied, and tested.
    gap_classes : {"auto", "1", "2"}
        As of ``motifnet align``.
    piece : int
        Columns of the pieces that pairs are cut into where they are fewer than forty.
    band : Band
    subject : str
        What the pairs are called in the result.
    seed : int
        Of what is held out, and of random exchanges.
    alpha : float
        Largest p-value at which the tie is rejected.
    margin : float
        Nats a pair that untying may gain for the tie to be justified.
    progress : Progress, optional

    Returns
    -------
    TieTest
        One for all parameters; what each is by itself is in its notes and its picture.

    Raises
    ------
    InvalidValue
        If nothing, or something else, is to be tested.
    TooFewSequences
        If there are fewer than forty pairs unlike each other, and too few long ones to be cut into as many.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> draw = np.random.default_rng(0)
    >>> x = ["".join(draw.choice(list("ACGT"), 60)) for _ in range(60)]
    >>> y = [one[:30] + one[30 + draw.integers(1, 5) :] for one in x]
    >>> pairs = PairedSequences(Sequences.from_text(x), Sequences.from_text(y), [str(i) for i in range(60)])
    >>> found = indel(pairs, parameters=["open"])
    >>> found.verdict, found.effect.value < 0.05, found.df
    (<TieVerdict.REJECTED: 'rejected'>, True, 1)
    """
    progress = progress or Silent()
    parameters = _checked(parameters)
    units = _units(pairs, gap_classes, piece, band, progress)
    symmetric, pairs, clusters = units.symmetric, units.pairs, units.clusters
    in_words = " and ".join(_IN_WORDS[name] for name in parameters)
    n_gapped = _n_gapped(symmetric.model, pairs, clusters, band)
    if n_gapped < _FEWEST_GAPPED:
        reason = (
            f"{counted(n_gapped, units.kind)} of {len(pairs):,} {verb(n_gapped, 'has', 'have')} a gap; "
            f"at least {_FEWEST_GAPPED} must, for gaps of both sequences to be compared."
        )
        return not_applicable("indel", subject, in_words, reason, n=len(np.unique(clusters)))
    ties = PairTies.of(parameters, n_classes=symmetric.model.n_classes)
    free = PairTies.none(symmetric.model.n_classes)
    how = FitOptions(band=band, tolerance=_TOLERANCE)
    tied = fit(pairs, ties, how, start=symmetric.model, progress=progress)
    untied = fit(pairs, free, how, start=tied.model, progress=progress)
    bent = curvature(tied.model, pairs, band=band)
    test = score_test(tied.model, bent, ties, parameters, clusters)
    alone = {name: score_test(tied.model, bent, ties, [name], clusters).log10_p for name in parameters}
    swapped = exchange_p(symmetric.model, pairs, parameters, clusters, band, seed)
    ratios = _ratios(untied.model, pairs, clusters, band)
    gain = _gain(pairs, ties, clusters, symmetric.model.n_classes, how, margin, seed, progress)
    # Where all pull alike, nothing varies; but signs of so many pulls cannot show more than this.
    log10_p = max(test.log10_p, (1 - test.n_units) * math.log10(2))
    p = p_of(log10_p)
    verdict = decide(p, gain, alpha=alpha, margin=margin)
    first = ratios[parameters[0]]
    return TieTest(
        "indel",
        subject,
        in_words,
        fitted=_fitted(tied, untied, pairs),
        method="robust score test: variance among pairs, Hotelling's reference",
        n=test.n_units,
        p=p,
        statistic=test.statistic,
        df=test.df,
        effect=Effect(_RATIOS[parameters[0]], *first, 1.0, "times"),
        gain=gain,
        verdict=verdict,
        sentence=_sentence(verdict, log10_p, ratios, parameters, gain, margin),
        notes=(*units.notes, *_notes(alone, ratios, swapped)),
        pictures=(_picture(ratios),),
    )


def _checked(parameters: Sequence[str]) -> list[str]:
    """The parameters, each once and in their order."""
    if not parameters or set(parameters) - set(GAP_PARAMETERS):
        raise InvalidValue("parameters", list(parameters), f"some of {', '.join(GAP_PARAMETERS)}")
    return [name for name in GAP_PARAMETERS if name in parameters]


class _Units(NamedTuple):
    """Pairs, or pieces of pairs, that count as observations."""

    symmetric: PairFit
    """Fitted to them as if nobody knew which sequence is x."""
    pairs: PairedSequences
    clusters: np.ndarray
    kind: str
    notes: tuple[str, ...]


def _units(
    pairs: PairedSequences, gap_classes: str, piece: int, band: kernel.Band, progress: Progress
) -> _Units:
    """The pairs as they are, or pieces of few long ones."""
    clusters = alike_pairs(pairs)
    n = len(np.unique(clusters))
    if n >= FEWEST:
        return _Units(symmetric_fit(pairs, gap_classes, band, progress), pairs, clusters, "pair", ())
    n_possible = int(np.minimum(pairs.x.lengths, pairs.y.lengths).sum()) // piece
    if n_possible < FEWEST:
        hint = f"Long ones, of {FEWEST * piece:,} bases in all, would be cut"
        raise TooFewSequences("pairs unlike each other", n, FEWEST, hint)
    whole = symmetric_fit(pairs, gap_classes, band, progress)
    cut, _ = pieces(whole.model, pairs, piece, band=band)
    if len(cut) < FEWEST:
        raise TooFewSequences(f"pieces of {counted(len(pairs), 'pair')}", len(cut), FEWEST)
    note = (
        f"{counted(len(pairs), 'pair')} of sequences {'is' if len(pairs) == 1 else 'are'} cut into "
        f"{len(cut):,} pieces of {piece:,} columns and more, between matches that are sure. Pieces are "
        "neighbours: that they are independent is taken for granted, and what holds of them holds of this "
        "stretch of sequence alone."
    )
    fitted = symmetric_fit(cut, str(whole.model.n_classes), band, progress)
    return _Units(fitted, cut, np.arange(len(cut)), "piece", (note,))


def symmetric_fit(pairs: PairedSequences, gap_classes: str, band: kernel.Band, progress: Progress) -> PairFit:
    """The model that does not know which sequence is x, with the classes of gaps that BIC chooses.

    Parameters
    ----------
    pairs : PairedSequences
    gap_classes : {"auto", "1", "2"}
    band : Band
    progress : Progress
    """
    options = PairModelOptions.model_validate({"gap_classes": gap_classes, "tolerance": _TOLERANCE})
    return learn_one(pairs, candidate_ties(options), options, band, progress=progress)


def _n_gapped(model: PairHmm, pairs: PairedSequences, clusters: np.ndarray, band: kernel.Band) -> int:
    """Clusters of pairs with a gap."""
    counts = _expected(model, pairs, band)
    return int((cluster_sums(counts.gaps.sum((1, 2)), clusters) >= _LEAST_GAP).sum())


def _contrasts(model: PairHmm, parameters: Sequence[str], columns: list[Parameter]) -> np.ndarray:
    """Directions that make y unlike x, one for each parameter, ``shape=(n_columns, n)``.

    Along the first the gaps of y open more often than those of x, by the same factor in all classes; along
    the second they are longer: ``d log(mean length) = extend / (1 - extend) d log(extend)``.
    """
    n_classes = model.n_classes
    of = {
        "open": np.ones(n_classes),
        "extend": (1 - model.extend.mean(0)) / model.extend.mean(0),
    }
    found = np.zeros((len(columns), len(parameters)))
    for j, name in enumerate(parameters):
        for side, sign in enumerate((-0.5, 0.5)):
            for k in range(n_classes):
                found[columns.index((name, side * n_classes + k)), j] = sign * of[name][k]
    return found


def _along_ties(ties: PairTies, columns: list[Parameter]) -> np.ndarray:
    """Directions that a tied fit is free to go in, ``shape=(n_columns, n_free)``."""
    labels = {name: tie.label.ravel() for name, tie in ties.arrays().items()}
    orbits = [
        (name, int(labels[name][entry])) if name in labels else (name, entry) for name, entry in columns
    ]
    names = sorted(set(orbits))
    return np.array([[orbit == name for name in names] for orbit in orbits], np.float64)


def score_test(
    model: PairHmm, bent: Curvature, ties: PairTies, parameters: Sequence[str], clusters: np.ndarray
) -> ScoreTest:
    """Do pulls along what the tie forbids sum up to 0, less what fitted parameters take of them?

    Parameters
    ----------
    model : PairHmm
        Fitted under the ties.
    bent : Curvature
        At the model.
    ties : PairTies
    parameters : sequence of {"open", "extend"}
        What of the ties is tested.
    clusters : numpy.ndarray of int, shape=(n,)
    """
    across, along = _contrasts(model, parameters, bent.parameters), _along_ties(ties, bent.parameters)
    return robust_score_test(
        bent.scores @ across,
        bent.scores @ along,
        clusters,
        information=(-across.T @ bent.hessian @ along, -along.T @ bent.hessian @ along),
    )


def exchange_p(
    model: PairHmm,
    pairs: PairedSequences,
    parameters: Sequence[str],
    clusters: np.ndarray,
    band: kernel.Band,
    seed: int,
) -> float:
    """Chance of pulls as strong, if x and y of each cluster of pairs were exchanged at random.

    The model does not know which is which, so that an exchange changes nothing but the signs of the pulls.

    Parameters
    ----------
    model : PairHmm
        A symmetric one, fitted to the pairs.
    pairs : PairedSequences
    parameters : sequence of {"open", "extend"}
    clusters : numpy.ndarray of int, shape=(n,)
    band : Band
    seed : int
    """
    columns, scores = scores_by_logarithms(model, pairs, band=band)
    pulls = cluster_sums(scores @ _contrasts(model, parameters, columns), clusters)
    left, singular, _ = np.linalg.svd(pulls / np.sqrt((pulls**2).sum(0)), full_matrices=False)
    left = left[:, singular > 1e-6 * singular[0]]
    seen = (left.sum(0) ** 2).sum() * (1 - 1e-12)
    rng, as_large = np.random.default_rng(seed), 0
    step = max(_AT_ONCE // len(left), 1)
    for start in range(0, _N_SWAPS, step):
        signs = 1 - 2 * rng.integers(0, 2, (min(step, _N_SWAPS - start), len(left)), np.int8)
        as_large += int((((signs @ left) ** 2).sum(1) >= seen).sum())
    return (as_large + 1) / (_N_SWAPS + 1)


def _ratios(
    model: PairHmm, pairs: PairedSequences, clusters: np.ndarray, band: kernel.Band
) -> dict[str, tuple[float, float, float]]:
    """Of y over x, how many stretches of one sequence alone there are, and how long: with intervals.

    At the untied fit, by the delta method on logarithms; the covariance is the sandwich of second derivatives
    and of the scores of clusters. Where a sequence has hardly any, the interval of how many is that of a
    share, and how long they are cannot be compared: NaN.
    """
    from scipy.special import stdtrit

    n_gaps = _expected(model, pairs, band).gaps.sum((0, 2))
    if n_gaps.min() < _FEWEST_OF_ONE:
        share = share_interval(round(n_gaps[1]), round(n_gaps.sum()))
        as_many = [one / max(1 - one, 1e-3 / n_gaps.sum()) for one in share]
        return {"open": (as_many[0], as_many[1], as_many[2]), "extend": (math.nan,) * 3}
    bent = curvature(model, pairs, band=band)
    units = cluster_sums(bent.scores, clusters)
    bread = np.linalg.pinv(bent.hessian * len(bent.scores), rcond=1e-8, hermitian=True)
    covariance = bread @ (units.T @ units) @ bread
    t = float(stdtrit(len(units) - 1, 0.975))
    found = {}
    for name, (value, gradient) in _log_ratios(model, bent.parameters).items():
        half = t * math.sqrt(max(float(gradient @ covariance @ gradient), 0.0))
        found[name] = (math.exp(value), math.exp(value - half), math.exp(value + half))
    return found


def _expected(model: PairHmm, pairs: PairedSequences, band: kernel.Band) -> kernel.PairCounts:
    which = np.zeros(len(pairs), np.int64)
    return kernel.expected_counts(model.odds, *arrays(pairs), which, "global", band)


def _log_ratios(model: PairHmm, columns: list[Parameter]) -> dict[str, tuple[float, np.ndarray]]:
    """Logarithms of both ratios, and their gradients by the logarithms of the parameters."""
    n_classes, opening, extend = model.n_classes, model.open, model.extend
    share = opening / opening.sum(1, keepdims=True)
    bases = opening / (1 - extend)  # expected, for each place where a gap may open
    mean = bases.sum(1) / opening.sum(1)
    share_of_bases = bases / bases.sum(1, keepdims=True)
    gradients = {name: np.zeros(len(columns)) for name in GAP_PARAMETERS}
    for side, sign in enumerate((-1, 1)):
        for k in range(n_classes):
            is_open = columns.index(("open", side * n_classes + k))
            is_extend = columns.index(("extend", side * n_classes + k))
            gradients["open"][is_open] = sign * share[side, k]
            gradients["extend"][is_open] = sign * (share_of_bases[side, k] - share[side, k])
            gradients["extend"][is_extend] = (
                sign * share_of_bases[side, k] * extend[side, k] / (1 - extend[side, k])
            )
    values = {"open": np.log(opening.sum(1)) @ [-1, 1], "extend": np.log(mean) @ [-1, 1]}
    return {name: (float(values[name]), gradients[name]) for name in GAP_PARAMETERS}


def _gain(
    pairs: PairedSequences,
    ties: PairTies,
    clusters: np.ndarray,
    n_classes: int,
    how: FitOptions,
    margin: float,
    seed: int,
    progress: Progress,
) -> Gain:
    """What untying gains on pairs that shaped neither fit."""
    losses: list[list[np.ndarray]] = [[], []]
    deal = blocks(clusters, seed=seed)
    with progress.stage("fit and judge", len(deal)) as step:
        for block in deal:
            some, judged = pairs.select(block.fit), pairs.select(block.judge)
            start = None
            for of, tie in zip(losses, (ties, PairTies.none(n_classes)), strict=True):
                model = fit(some, tie, how, start=start).model
                of.append(-model.log_likelihood(judged, band=how.band))
                start = model
            step.advance()
    judged_clusters = clusters[np.concatenate([block.judge for block in deal])]
    of_tied, of_untied = (np.concatenate(of) for of in losses)
    found = paired_gain(of_tied, of_untied, judged_clusters)
    needed = None if found.high < margin else sequences_needed(found, margin)
    return Gain(found.mean, found.low, found.high, found.n, needed, "pair")


def _fitted(tied: PairFit, untied: PairFit, pairs: PairedSequences) -> str:
    return (
        f"a pair HMM of {counted(tied.model.n_classes, 'class', 'classes')} of gaps, all else free: "
        f"tied, {tied.n_free} parameters, log-likelihood {tied.log_likelihood:,.2f}; untied, "
        f"{untied.n_free}, {untied.log_likelihood:,.2f}; {len(pairs.x.codes):,} and "
        f"{len(pairs.y.codes):,} bases."
    )


def _told(ratio: tuple[float, float, float]) -> str:
    if math.isnan(ratio[0]):
        return "an unknown number of"
    return f"{ratio[0]:.2f} ({ratio[1]:.2f} to {ratio[2]:.2f})"


def _sentence(
    verdict: TieVerdict,
    log10_p: float,
    ratios: dict[str, tuple[float, float, float]],
    parameters: Sequence[str],
    gain: Gain,
    margin: float,
) -> str:
    of = {"open": "{} times as many", "extend": "{} times as long"}
    unlike = " and ".join(of[name].format(_told(ratios[name])) for name in parameters)
    seen = f"stretches that only y has are {unlike} as those that only x has"
    chance = power(log10_p)
    if verdict is TieVerdict.REJECTED:
        return f"The lineages do not gain and lose alike (p = {chance}): {seen}."
    if verdict is TieVerdict.JUSTIFIED:
        return (
            "Both lineages may be taken to gain and lose alike: telling them apart gains less than "
            f"{margin:g} nats a pair ({gain.low:.4f} to {gain.high:.4f}; p = {chance}); {seen}."
        )
    return f"Undecided (p = {chance}): {seen}{told_needed(gain, margin)}."


def _notes(
    alone: dict[str, float], ratios: dict[str, tuple[float, float, float]], swapped: float
) -> list[str]:
    each = [f"{_IN_WORDS[name]}: p = {power(log10_p)}" for name, log10_p in alone.items()]
    told = [f"Each by itself: {'; '.join(each)}."] if len(each) > 1 else []
    return [
        *told,
        f"Of y over x, at the untied fit: {_told(ratios['open'])} times as many stretches, "
        f"{_told(ratios['extend'])} times as long (intervals of 95%, by the sandwich of second derivatives "
        "and of scores of pairs).",
        f"If x and y of each pair were exchanged at random, pulls as strong would be seen with p = "
        f"{told_p(swapped)}: exact, however wrong the model, if x and y differ in nothing at all; "
        "where they differ in their bases, it may answer to these.",
        WHAT_TWO_SEQUENCES_CANNOT_TELL,
    ]


def _picture(ratios: dict[str, tuple[float, float, float]]) -> Intervals:
    known = {"open": "how many", "extend": "how long"}
    names = [name for name in GAP_PARAMETERS if not math.isnan(ratios[name][0])]
    return Intervals(
        [known[name] for name in names],
        np.array([ratios[name] for name in names]),
        1.0,
        "stretches of y alone, over those of x alone",
        "Gaps of both lineages",
    )
