"""One rate for all pairs, or one each? The tie between divergence times, asked of pairs of sequences.

Under one time, a column of one pair differs as readily as a column of another. So pairs are cut into pieces:
the derivative of the log-likelihood of each by the time says whether it diverged more than the rest, or less.
If all pairs share one time, pieces may as well be dealt to the pairs anew: what varies along sequences, be it
rates of columns or lengths of gaps, varies among the pieces of a deal as it does among those of a pair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.config.align import PairModelOptions
from motifnet.errors import TooFewSequences
from motifnet.hmm.pair import arrays
from motifnet.hmm.pair_counts import complete_matches
from motifnet.hmm.pair_fit import PairFit
from motifnet.hmm.pair_learn import candidate_ties, learn_one
from motifnet.hmm.pair_pieces import pieces
from motifnet.hmm.pair_times import LEAST_TIME, MOST_TIME, opening_after
from motifnet.hmm.substitution import Rates, joint
from motifnet.hypotheses.blocks import alike_pairs, check_alpha
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.progress import Progress, Silent
from motifnet.stats.held_out import paired_gain, sequences_needed
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties.tested import (
    Effect,
    Gain,
    Intervals,
    NullDistribution,
    Picture,
    TieTest,
    TieVerdict,
    decide,
    not_applicable,
    told_needed,
)
from motifnet.wording import counted, told_p

PIECE = 50
"""Columns of a piece, at most: longer than most of what makes neighbours alike, such as codons, short enough
for most pairs to have several. A convention."""

_IN_WORDS = "all pairs diverged by as many substitutions a site"
_SUBSTITUTION = (
    "k80"  # has no frequencies of bases, so that what a pair is made of does not pass for its rate
)
_LEAST_PIECE = 10  # columns, of pairs that are short
_PIECES = 4  # that a pair of median length shall have, so that its own rate is told from what varies within
_FEWEST_PAIRS, _FEWEST_CUT = 5, 0.5  # pairs, and the share of them that must have two pieces
_FEWEST_UNLIKE = 20  # columns of all pairs whose bases differ: of fewer, hardly any spread could be seen
_N_DRAWS = 9_999  # deals of the pieces, so that the smallest p-value is 1e-4
_STEP = 1e-4  # of the logarithm of a time
_GRID = 1_000  # times that are tried, evenly on a logarithmic scale: 0.8% apart, far within their errors
_ROUNDS = 5  # of the times of pairs by themselves: each leaves a fifth of what the one before left, or less
_MOST_SHOWN = 12  # pairs of the picture: the most extreme ones
_TOLERANCE = 0.01  # nats at which fits stop, which no p-value shows

HYPOTHESES.register("rate")(
    Hypothesis(
        question="Did all pairs diverge by one rate, or each by its own?",
        null="All pairs of sequences diverged by the same number of substitutions a site.",
        method="A pair HMM with one divergence time is fitted, and pairs are cut into pieces at matches that "
        "are sure. If one time holds, pieces may be dealt to the pairs anew: the test counts over random "
        "deals how often the pairs' derivatives by the time are as far from 0 as they are. It is exact if "
        "pieces are independent, whatever varies along the sequences. Gaps serve to align, and do not count.",
        when_rejected="Pairs differ in their rates or in the time since they parted: two sequences cannot "
        "tell which. Align them with --divergence own. A pair that is aligned to a wrong partner looks like "
        "one that evolves fast.",
        when_not="That nothing was found does not mean that all rates are one: the interval of the spread "
        "says how far they may differ.",
    )
)


def rate(
    pairs: PairedSequences,
    *,
    piece: int = PIECE,
    band: kernel.Band = kernel.DEFAULT_BAND,
    subject: str = "pairs",
    seed: int = 0,
    alpha: float = 0.05,
    margin: float = 0.005,
    progress: Progress | None = None,
) -> TieTest:
    """Test whether all pairs diverged by one rate.

    Parameters
    ----------
    pairs : PairedSequences
        As they are to be aligned: see :func:`motifnet.hmm.pair_orient.orient`.
    piece : int
        Columns of a piece; fewer where pairs are short.
    band : Band
    subject : str
        What the pairs are called in the result.
    seed : int
        Of random deals.
    alpha : float
        Largest p-value at which the tie is rejected.
    margin : float
        Nats a pair that untying may gain for the tie to be justified.
    progress : Progress, optional

    Returns
    -------
    TieTest

    Raises
    ------
    TooFewSequences
        If there are fewer than five pairs unlike each other.
    InvalidValue
        If ``alpha`` is below 0.001, which no p-value of draws would reach.

    Examples
    --------
    >>> from motifnet.symbols import DNA, Sequences
    >>> draw = np.random.default_rng(0)
    >>> x = [draw.integers(0, 4, 120, np.uint8) for _ in range(20)]
    >>> chance = np.repeat([0.05, 0.4], 10)
    >>> y = [np.where(draw.random(120) < p, (one + 1) % 4, one) for one, p in zip(x, chance)]
    >>> names = [str(i) for i in range(20)]
    >>> found = rate(PairedSequences(Sequences.from_codes(x), Sequences.from_codes(y), names))
    >>> found.verdict, found.effect.low > 0.3
    (<TieVerdict.REJECTED: 'rejected'>, True)
    """
    check_alpha(alpha)
    progress = progress or Silent()
    n_given = len(pairs)
    pairs = pairs.select(np.unique(alike_pairs(pairs), return_index=True)[1])
    if len(pairs) < _FEWEST_PAIRS:
        raise TooFewSequences("pairs unlike each other", len(pairs), _FEWEST_PAIRS)
    shared = _shared(pairs, band, progress)
    long = max(min(piece, int(np.median(pairs.x.lengths)) // _PIECES), _LEAST_PIECE)
    cut, owner = pieces(shared.model, pairs, long, band=band)
    n_cut = int((np.bincount(owner, minlength=len(pairs)) > 1).sum())
    if n_cut < _FEWEST_CUT * len(pairs):
        reason = (
            f"{counted(n_cut, 'pair')} of {len(pairs):,} can be cut into pieces of {long} columns: too few "
            "to tell what varies among pairs from what varies within."
        )
        return not_applicable("rate", subject, _IN_WORDS, reason, n=len(pairs))
    matches = _matches(shared, cut, band)
    n_unlike = float(matches.sum() - np.trace(matches.sum(0)))
    if n_unlike < _FEWEST_UNLIKE:
        reason = (
            f"Of all pairs, {n_unlike:.0f} columns differ; at least {_FEWEST_UNLIKE} must, to compare rates."
        )
        return not_applicable("rate", subject, _IN_WORDS, reason, n=len(pairs))
    seen = _Seen.of(matches, owner, shared)
    null = _deals(seen, seed)
    statistic = seen.statistic(seen.standardised)
    p = (1 + int((null >= statistic * (1 - 1e-12)).sum())) / (1 + len(null))
    own = _own_times(pairs, shared, band)
    errors = _errors(own, seen, shared)
    effect = Effect("spread of rates among pairs, over their mean", *_spread(own, seen), 0.0)
    gain = _gain(matches, owner, shared, effect, margin)
    verdict = decide(p, gain, alpha=alpha, margin=margin)
    left_out = n_given - len(pairs)
    notes = (f"{counted(left_out, 'pair')} like others left out.",) if left_out else ()
    return TieTest(
        "rate",
        subject,
        _IN_WORDS,
        fitted=f"tied: one divergence time, {shared.time:.4f} substitutions a site; untied: a time for each "
        f"of {len(pairs):,} pairs, told from {len(cut):,} pieces of {long} columns and more.",
        method="pieces dealt to the pairs anew",
        n=len(pairs),
        p=p,
        statistic=statistic,
        df=None,
        effect=effect,
        gain=gain,
        verdict=verdict,
        sentence=_sentence(verdict, p, effect, gain, margin),
        notes=(*notes, "Substitutions alone are compared; gaps may tell another story."),
        pictures=_pictures(pairs.names, own, errors, _rates(shared)[1], null, statistic),
    )


def _shared(pairs: PairedSequences, band: kernel.Band, progress: Progress) -> PairFit:
    """One model with one divergence time for all pairs."""
    options = PairModelOptions.model_validate({"substitution": _SUBSTITUTION, "tolerance": _TOLERANCE})
    return learn_one(pairs, candidate_ties(options), options, band, progress=progress)


def _matches(shared: PairFit, cut: PairedSequences, band: kernel.Band) -> np.ndarray:
    """Expected columns of each two bases in each piece, ``shape=(n_pieces, 4, 4)``."""
    which = np.zeros(len(cut), np.int64)
    counts = kernel.expected_counts(shared.model.odds, *arrays(cut), which, "global", band)
    return complete_matches(shared.model, counts.matches)


def _rates(shared: PairFit) -> tuple[Rates, float]:
    assert shared.rates is not None
    assert shared.time is not None
    return shared.rates, shared.time


def _slopes(rates: Rates, time: float) -> tuple[np.ndarray, float]:
    """Derivative of the log-probability of a column by the logarithm of time, and the information of one."""
    table = joint(rates, time)
    slopes = np.log(joint(rates, time * math.exp(_STEP)) / joint(rates, time * math.exp(-_STEP))) / (
        2 * _STEP
    )
    return slopes, float((table * slopes**2).sum())


class _Seen(NamedTuple):
    """What the pieces say of the times of their pairs, by its derivative at the time of all."""

    standardised: np.ndarray
    """Of each piece, the derivative by the logarithm of time over the root of its columns."""
    n_columns: np.ndarray
    owner: np.ndarray
    information: float
    """Of a column."""
    noise: float
    """Variance of the derivative, a column, within pairs."""

    @classmethod
    def of(cls, matches: np.ndarray, owner: np.ndarray, shared: PairFit) -> _Seen:
        slopes, information = _slopes(*_rates(shared))
        n_columns = matches.sum((1, 2))
        pulls = (matches * slopes).sum((1, 2))
        pulls -= n_columns * pulls.sum() / n_columns.sum()
        of_pairs = np.bincount(owner, pulls) / np.bincount(owner, n_columns)
        within = ((pulls - n_columns * of_pairs[owner]) ** 2 / n_columns).sum()
        noise = within / (len(owner) - len(of_pairs))
        return cls(pulls / np.sqrt(n_columns), n_columns, owner, information, float(noise))

    def statistic(self, standardised: np.ndarray) -> float:
        """How far from 0 pairs pull: the mean over pairs of the square of their pull, a column."""
        return float((self.pulls(standardised) ** 2 / self.sizes).mean() / self.noise)

    def pulls(self, standardised: np.ndarray) -> np.ndarray:
        """Derivatives of the pairs, of those of pieces, ``shape=(n_pairs,)``."""
        return np.bincount(self.owner, standardised * np.sqrt(self.n_columns))

    @property
    def sizes(self) -> np.ndarray:
        """Columns of the pairs, ``shape=(n_pairs,)``."""
        return np.bincount(self.owner, self.n_columns)

    @property
    def deviations(self) -> tuple[np.ndarray, np.ndarray]:
        """How far the time of each pair is from that of all, as a share of it, and the variance of that."""
        size = self.sizes * self.information
        return self.pulls(self.standardised) / size, self.noise * self.sizes / size**2


def _deals(seen: _Seen, seed: int) -> np.ndarray:
    """The statistic when pieces are dealt to the pairs anew, ``shape=(n_draws,)``."""
    rng = np.random.default_rng(seed)
    return np.array([seen.statistic(rng.permutation(seen.standardised)) for _ in range(_N_DRAWS)])


def _own_times(pairs: PairedSequences, shared: PairFit, band: kernel.Band) -> np.ndarray:
    """The likeliest time of each pair, gaps opening by as much more often, ``shape=(n_pairs,)``.

    By a few rounds of expectation and maximisation, since a pair that diverged more is aligned with more
    mismatches and gaps, too.
    """
    rates, time = _rates(shared)
    grid = np.exp(np.linspace(math.log(LEAST_TIME), math.log(MOST_TIME), _GRID))
    log_table = np.log(joint(rates, grid))
    # Rates under which a gap opens at the time of all as often as it does.
    total = shared.model.open.sum()
    gap_rates = shared.model.open / total * -math.log1p(-total) / time
    own = np.full(len(pairs), time)
    for _ in range(_ROUNDS):
        models = [
            replace(shared.model, match=joint(rates, one), open=opening)
            for one, opening in zip(own, opening_after(gap_rates, own), strict=True)
        ]
        odds = kernel.PairOdds(*map(np.concatenate, zip(*(one.odds for one in models), strict=True)))
        counts = kernel.expected_counts(odds, *arrays(pairs), np.arange(len(pairs)), "global", band)
        matches = np.stack(
            [complete_matches(model, one) for model, one in zip(models, counts.matches, strict=True)]
        )
        own = grid[np.tensordot(matches, log_table, axes=([1, 2], [1, 2])).argmax(1)]
    return own


def _errors(own: np.ndarray, seen: _Seen, shared: PairFit) -> np.ndarray:
    """Standard errors of the logarithms of the times, ``shape=(n_pairs,)``.

    The derivatives vary within pairs by as much more than under the model as they do at the time of all.
    """
    information = np.array([_slopes(_rates(shared)[0], one)[1] for one in own])
    return np.sqrt(seen.noise / seen.information / (seen.sizes * information))


def _spread(own: np.ndarray, seen: _Seen) -> tuple[float, float, float]:
    """Standard deviation of the times over their mean, and its interval, by inverting Cochran's Q.

    What is noise in a time is taken from the derivatives within pairs at the time of all, which fall short of
    times by a factor: a gap may stand for a mismatch, and hides a part of what a pair says.

    References
    ----------
    Viechtbauer W (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. Stat Med
    26:37-52.
    """
    from scipy.special import chdtri

    deviations = own / np.average(own, weights=seen.sizes) - 1
    pulls, noise = seen.deviations
    noise = noise * ((pulls @ deviations) / (pulls @ pulls)) ** 2
    df = len(own) - 1
    value, low, high = (_variance(deviations, noise, q) for q in (df, chdtri(df, 0.025), chdtri(df, 0.975)))
    return math.sqrt(value), math.sqrt(low), math.sqrt(high)


def _variance(deviations: np.ndarray, noise: np.ndarray, wanted: float) -> float:
    """The variance among pairs at which Q is as wanted; 0 where it is smaller without one."""
    from scipy.optimize import brentq

    def excess(variance: float) -> float:
        weight = 1 / (noise + variance)
        return float((weight * (deviations - (weight @ deviations) / weight.sum()) ** 2).sum()) - wanted

    if excess(0.0) <= 0:
        return 0.0
    most = 1.0
    while excess(most) > 0:
        most *= 4
    return float(brentq(excess, 0.0, most))


def _gain(matches: np.ndarray, owner: np.ndarray, shared: PairFit, effect: Effect, margin: float) -> Gain:
    """What a time of its own gains on one half of the pieces of a pair that was told from the other half.

    Where no time could be told, there is nothing to gain, whatever the times are. So the interval ends no
    lower than what times as different as they may be tell: of a column that is half its information, times
    the square of the spread.
    """
    rates, time = _rates(shared)
    number = np.arange(len(owner)) - np.searchsorted(owner, owner)
    n_pairs = int(owner[-1]) + 1
    has_both = np.bincount(owner, minlength=n_pairs) > 1
    losses = np.zeros((2, n_pairs))
    for half in (0, 1):
        fits, judged = number % 2 == half, number % 2 != half
        own = _shrunk_times(matches[fits], owner[fits], shared, n_pairs)
        counts = _of_pairs(matches[judged], owner[judged], n_pairs)
        for k, times in enumerate((np.full(n_pairs, time), own)):
            losses[k] -= (counts * np.log(joint(rates, times))).sum((1, 2))
    found = paired_gain(losses[0, has_both], losses[1, has_both])
    possible = 0.5 * effect.high**2 * _slopes(rates, time)[1] * float(matches.sum()) / n_pairs
    high = max(found.high, possible)
    # What a spread leaves possible falls with the number of pairs.
    needed = max(sequences_needed(found, margin), math.ceil(found.n * possible / margin))
    return Gain(found.mean, found.low, high, found.n, None if high < margin else needed, "pair")


def _of_pairs(matches: np.ndarray, owner: np.ndarray, n_pairs: int) -> np.ndarray:
    """Columns of each two bases in each pair, of those of pieces, ``shape=(n_pairs, 4, 4)``."""
    counts = np.zeros((n_pairs, 4, 4))
    np.add.at(counts, owner, matches)
    return counts


def _shrunk_times(matches: np.ndarray, owner: np.ndarray, shared: PairFit, n_pairs: int) -> np.ndarray:
    """A time for each pair, the nearer to that of all the less is known of it, and the less times spread."""
    time = _rates(shared)[1]
    known, renumbered = np.unique(owner, return_inverse=True)
    seen = _Seen.of(matches, renumbered, shared) if len(owner) > len(known) else None
    own = np.full(n_pairs, time)
    if seen is None:
        return own
    deviations, noise = seen.deviations
    variance = _variance(deviations, noise, len(known) - 1)
    own[known] = time * np.maximum(1 + deviations * variance / (variance + noise), LEAST_TIME / time)
    return np.minimum(own, MOST_TIME)


def _sentence(verdict: TieVerdict, p: float, effect: Effect, gain: Gain, margin: float) -> str:
    spread = (
        f"rates of pairs spread by {effect.value:.0%} of their mean ({effect.low:.0%} to {effect.high:.0%})"
    )
    chance = told_p(p)
    if verdict is TieVerdict.REJECTED:
        return f"Pairs diverged unlike each other (p = {chance}): {spread}."
    if verdict is TieVerdict.JUSTIFIED:
        return (
            f"One rate may be taken for all pairs: one for each gains less than {margin:g} nats a pair "
            f"({gain.low:.4f} to {gain.high:.4f}; p = {chance}); {spread}."
        )
    return f"Undecided (p = {chance}): {spread}{told_needed(gain, margin)}."


def _pictures(
    names: Sequence[str], own: np.ndarray, errors: np.ndarray, time: float, null: np.ndarray, statistic: float
) -> tuple[Picture, ...]:
    """The statistic beside its deals, and the times of the pairs that are farthest from that of all."""
    chosen = np.argsort(-np.abs(np.log(own / time)) / errors)[:_MOST_SHOWN]
    chosen = chosen[np.argsort(-own[chosen])]
    value, half = own[chosen], 1.96 * errors[chosen]
    times = np.column_stack([value, value * np.exp(-half), np.minimum(value * np.exp(half), MOST_TIME)])
    return (
        NullDistribution(null, statistic, "mean square of the pulls of pairs, over that within pairs"),
        Intervals(
            [names[i] for i in chosen],
            times,
            time,
            "substitutions a site",
            "Times of the pairs that are farthest from the time of all",
        ),
    )
