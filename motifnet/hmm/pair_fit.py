"""Learning a pair HMM from unaligned pairs: expectation and maximisation under ties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from motifnet.config.align import PairModelOptions
from motifnet.errors import InvalidValue
from motifnet.hmm.estimate import Climb, climb
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_counts import PooledCounts, pooled
from motifnet.hmm.pair_errors import standard_errors
from motifnet.hmm.pair_images import first_images
from motifnet.hmm.pair_ties import PairTies, averaged
from motifnet.hmm.substitution import SUBSTITUTIONS, Rates, Substitution, fit_rates, joint
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.progress import Progress
from motifnet.stats.evenly import evenly
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties import Tie
from motifnet.wording import counted

STARTS = ((0.05, 0.005, 0.5), (0.2, 0.02, 0.5), (0.4, 0.04, 0.6))
"""Divergence, gap opening and gap extension of the models that fits begin with: close, middling and far.

One gap opens for ten substitutions. A convention: the fit goes on from the best of them.
"""

# Extension of the second class of gaps, to begin with: 20 bases on average, where short gaps have two; and
# beside a class that was learnt alone, at least 50, since that one has become a mean of both. Of what gaps it
# opens, and of its extension, shares that are left to short ones. Conventions: rounds from other ones end at
# the same model.
_LONG_GAPS, _LONGER_GAPS = 0.95, 0.98
_LONG_SHARE, _SHORT_SHARE = 0.2, 0.3
# Rounds, and pairs, on which the starts are compared: conventions, which trade the time of
# trials for how clear it is which start is best.
_TRIAL_ROUNDS, _TRIAL_PAIRS = 3, 1000
# Of long pairs, pieces of so many bases are tried: at least, and at most, which makes a piece one of 2 ** 18
# cells.
_LEAST_PIECE, _MOST_PIECE, _TRIAL_PIECES = 200, 512, 64
# Windows of long pairs, of so many bases at least, on which a model is learnt before it is on all of them:
# one in so many, and so many at most; and what a round of that is to gain, in nats. Of four loci of 60 and
# 200 kb the two that are least alike took three quarters of the time for it, the others up to a tenth more.
_WINDOW, _ONE_IN, _MOST_WINDOWS, _CLOSE = 2048, 3, 32, 0.5
_LEAST = 1e-9  # of a probability, so that it has a logarithm: less than one event in all bases of a genome
_MOST_OPEN = 0.999  # of all chances that a gap opens, since their sum must leave room for a match
_OPTIONS = PairModelOptions()


@dataclass(frozen=True)
class PairFit:
    """A fitted pair HMM.

    Parameters
    ----------
    model : PairHmm
    ties : PairTies
    log_likelihood : float
        Of all pairs, in nats.
    free : dict of str to int
        Free parameters of each array of the model, as they are tied.
    history : tuple of float
        The objective of every round: the log-likelihood, and the log-prior of the pseudocounts.
    converged : bool
        Whether a round gained less than the tolerance before rounds ran out.
    standard_errors : dict of str to numpy.ndarray
        Of the model's arrays, from the scores of the pairs; NaN where there are too few pairs.
    substitution : str
        Name of the substitution model, or ``"full"``.
    rates : Rates or None
        Of the substitution model, where there is one.
    time : float or None
        Divergence time, in substitutions a site.
    where : Envelopes or None
        Where the last round worked on each pair, from which more rounds go on.
    """

    model: PairHmm
    ties: PairTies
    log_likelihood: float
    free: dict[str, int]
    history: tuple[float, ...]
    converged: bool
    standard_errors: dict[str, np.ndarray]
    substitution: str = "full"
    rates: Rates | None = None
    time: float | None = None
    where: kernel.Envelopes | None = field(default=None, repr=False)

    @property
    def n_free(self) -> int:
        """Free parameters in all."""
        return sum(self.free.values())


@dataclass(frozen=True)
class FitOptions:
    """How a pair HMM is fitted; what is not said is as ``motifnet align`` has it.

    Parameters
    ----------
    mode : {"global", "semi-global", "local"}
    substitution : str
        ``"full"``, a free table of 16 columns, or the name of a substitution model.
    pseudocount : float
        Added to every expected count.
    max_rounds : int
    tolerance : float
        A fit stops when a round gains less than this, in nats.
    band : Band
    """

    mode: str = _OPTIONS.mode
    substitution: str = _OPTIONS.substitution
    pseudocount: float = _OPTIONS.prior_count
    max_rounds: int = _OPTIONS.max_rounds
    tolerance: float = _OPTIONS.tolerance
    band: kernel.Band = kernel.DEFAULT_BAND


_DEFAULT = FitOptions()


def fit(
    pairs: PairedSequences,
    ties: PairTies,
    options: FitOptions = _DEFAULT,
    *,
    start: PairHmm | PairFit | None = None,
    progress: Progress | None = None,
) -> PairFit:
    """Fit a pair HMM by expectation and maximisation (Baum-Welch).

    A round takes the expected counts under the model and pools them over the orbits of the ties;
    no round lowers the objective. Without a start, those of :data:`STARTS` are tried for a few
    rounds, of many pairs on some of them and of long ones on pieces, and the best goes on. What is learnt of
    long pairs is learnt of windows of them at first.

    Parameters
    ----------
    pairs : PairedSequences
    ties : PairTies
    options : FitOptions
    start : PairHmm or PairFit, optional
        The model to begin with; or a fit of the same pairs under the same ties, whose rounds go on.
    progress : Progress, optional
        Told now and then how many rounds are done, and what they reached.

    Returns
    -------
    PairFit
        The model, and how it was reached.

    Raises
    ------
    InvalidValue
        If the ties of matches are more than the substitution model has, or some pair is not possible under
        a model.
    LikelihoodFell
        If a round lowers the objective by more than rounding does: an error in this program.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> x, y = Sequences.from_text(["ACGTTTGACAGG"] * 20), Sequences.from_text(["ACGTTGACAGC"] * 20)
    >>> pairs = PairedSequences(x, y, [str(i) for i in range(20)])
    >>> fitted = fit(pairs, PairTies.of(["lineages"], n_classes=1))
    >>> fitted.model.is_symmetric, fitted.n_free, fitted.converged
    (True, 15, True)
    """
    substitution = None if options.substitution == "full" else SUBSTITUTIONS[options.substitution]
    if substitution is not None:
        ties = ties.with_match(_kept_by(substitution), options.substitution)

    pairs = first_images(pairs, swaps=ties.swaps, turns=ties.turns)

    def rounds(
        first: _State,
        n: int,
        among: PairedSequences,
        within: kernel.Envelopes,
        *,
        beyond: Callable[[_State, _State, float], _State] | None = _beyond,
        least_gain: float = options.tolerance,
        of: str = "",
    ) -> Climb[_State, kernel.PairCounts]:
        def maximise(state: _State, counts: kernel.PairCounts) -> _State:
            expected = pooled(state.model, among, counts, mode=options.mode, pseudocount=options.pseudocount)
            return _maximised(state, expected, ties, substitution)

        def settled(
            state: _State, value: float, counts: kernel.PairCounts
        ) -> tuple[float, kernel.PairCounts]:
            if kernel.is_settled(counts, kernel.while_learning(options.band)):
                return value, counts
            return _objective(state.model, among, options, within, roughly=False)

        return climb(
            first,
            lambda state: _objective(state.model, among, options, within, roughly=True),
            maximise,
            least_gain=least_gain,
            max_rounds=n,
            keeps_ties=isinstance(start, PairFit),
            beyond=beyond,
            settled=settled,
            progress=progress,
            what=f"learn{of}, {counted(ties.n_classes, 'class', 'classes')} of gaps",
        )

    before: tuple[float, ...] = ()
    where = None
    if isinstance(start, PairFit):
        first, where, before = _State(start.model, start.rates, start.time), start.where, start.history[:-1]
    else:
        few = (
            pairs.select(evenly(np.arange(len(pairs)), _TRIAL_PAIRS)) if len(pairs) > _TRIAL_PAIRS else pairs
        )
        facing = _facing(few, options)
        if start is None:
            some = _some(few, facing)
            tried_in = envelopes(some, options)
            trials = [
                rounds(_State(model), _TRIAL_ROUNDS, some, tried_in, beyond=None, of=" of pieces")
                for model in _starts(ties.n_classes)
            ]
            first = max(trials, key=lambda trial: trial.objective[-1]).state
        else:
            first = _State(start)
        windows = _windows(few, facing)
        if len(windows):
            looked_at = envelopes(windows, options)
            first = rounds(
                first, options.max_rounds, windows, looked_at, least_gain=_CLOSE, of=" of windows"
            ).state
    where = envelopes(pairs, options) if where is None else where
    state, counts, history, converged = rounds(first, options.max_rounds - len(before), pairs, where)
    free = ties.free | ({} if substitution is None else {"match": substitution.n_free + 1})
    return PairFit(
        state.model,
        ties,
        _log_likelihood(state.model, pairs, counts, options),
        free if options.mode == "global" else {name: n for name, n in free.items() if name != "end"},
        before + history,
        converged,
        standard_errors(state.model, pairs, counts, ties, options.mode),
        options.substitution,
        state.rates,
        state.time,
        where,
    )


@dataclass(frozen=True)
class _State:
    """A model, and what its matches were made from."""

    model: PairHmm
    rates: Rates | None = None
    time: float | None = None


def with_long_gaps(model: PairHmm) -> PairHmm:
    """A model of two classes of gaps to begin with, from one of one class that was learnt.

    Parameters
    ----------
    model : PairHmm

    Examples
    --------
    >>> with_long_gaps(PairHmm.start(gap_open=0.01, gap_extend=0.9)).extend[0].round(2).tolist()
    [0.27, 0.98]
    """
    extend = np.hstack([_SHORT_SHARE * model.extend, np.maximum(model.extend, _LONGER_GAPS)])
    return replace(model, open=model.open * np.array([1 - _LONG_SHARE, _LONG_SHARE]), extend=extend)


def _facing(pairs: PairedSequences, options: FitOptions) -> dict[int, np.ndarray]:
    """Bases that face each other, of every pair that is worked on in an envelope, as a whole."""
    is_long = (pairs.x.lengths * pairs.y.lengths > options.band.exact_cells) & (options.mode == "global")
    return {i: kernel.facing(*pairs[i]) for i in np.flatnonzero(is_long).tolist()}


def _some(pairs: PairedSequences, facing: Mapping[int, np.ndarray]) -> PairedSequences:
    """The pairs; of long ones, pieces."""
    pieces = [piece for i, met in facing.items() for piece in _pieces(*pairs[i], met, _LEAST_PIECE)]
    pieces = [piece for piece in pieces if max(map(len, piece)) <= _MOST_PIECE]
    if not pieces:
        return pairs
    chosen = [pieces[k] for k in evenly(np.arange(len(pieces)), _TRIAL_PIECES)]
    return _paired(chosen + [pairs[i] for i in range(len(pairs)) if i not in facing])


def _windows(pairs: PairedSequences, facing: Mapping[int, np.ndarray]) -> PairedSequences:
    """Stretches of long pairs, whatever gaps they have, evenly from the first to the last."""
    pieces = [piece for i, met in facing.items() for piece in _pieces(*pairs[i], met, _WINDOW)]
    n = min(len(pieces) // _ONE_IN, _MOST_WINDOWS)
    return _paired([pieces[k] for k in evenly(np.arange(len(pieces)), n)] if n else [])


def _pieces(
    x: np.ndarray, y: np.ndarray, facing: np.ndarray, least: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pieces of a long pair, from one word that both share to another, of so many bases of each at least."""
    found, start = [], np.zeros(2, np.int64)
    for stop in facing:
        if (stop - start).min() >= least:
            found.append((x[start[0] : stop[0]], y[start[1] : stop[1]]))
            start = stop
    return found


def _paired(codes: Sequence[tuple[np.ndarray, np.ndarray]]) -> PairedSequences:
    names = [str(k) for k in range(len(codes))]
    x, y = (Sequences.from_codes([pair[side] for pair in codes], names) for side in (0, 1))
    return PairedSequences(x, y, names)


def _starts(n_classes: int) -> list[PairHmm]:
    return [
        PairHmm.start(
            divergence=divergence,
            gap_open=opening,
            gap_extend=(extension, _LONG_GAPS)[:n_classes],
        )
        for divergence, opening, extension in STARTS
    ]


def _beyond(one: _State, other: _State, factor: float) -> _State:
    """A model so many times as far from one as another is, along logarithms of chances; ties stay.

    Matches are the other's where they come of a substitution model.
    """

    def along(chances: Callable[[PairHmm], np.ndarray]) -> np.ndarray:
        first, second = (np.log(np.maximum(chances(state.model), _LEAST)) for state in (one, other))
        return np.exp(first + factor * (second - first))

    opening, none = along(lambda model: model.open), along(lambda model: 1 - model.open.sum())
    goes_on, closes = along(lambda model: model.extend), along(lambda model: 1 - model.extend)
    model = replace(
        other.model,
        insert=_distributions(along(lambda model: model.insert)),
        open=np.clip(opening / (opening.sum() + none), _LEAST, _MOST_OPEN / opening.size),
        extend=np.clip(goes_on / (goes_on + closes), _LEAST, 1 - _LEAST),
    )
    if other.rates is None:
        model = replace(model, match=_table(along(lambda model: model.match)))
    return replace(other, model=model)


def _kept_by(substitution: Substitution) -> Tie:
    """The tie of matches that holds under a substitution model: reversible, and even if frequencies are."""
    names = ["match"] if substitution.has_frequencies else ["match", "strand"]
    return PairTies.of(names, n_classes=1).match


def _objective(
    model: PairHmm,
    pairs: PairedSequences,
    options: FitOptions,
    within: kernel.Envelopes,
    *,
    roughly: bool,
) -> tuple[float, kernel.PairCounts]:
    which, band = np.zeros(len(pairs), np.int64), kernel.while_learning(options.band, roughly=roughly)
    counts = kernel.expected_counts(model.odds, *arrays(pairs), which, options.mode, band, within=within)
    value = _log_likelihood(model, pairs, counts, options) + _log_prior(model, options.pseudocount)
    if not np.isfinite(value):
        raise InvalidValue("log-likelihood", value, "a model under which every pair is possible")
    return value, counts


def envelopes(pairs: PairedSequences, options: FitOptions) -> kernel.Envelopes:
    """Where the first round of learning works on each pair."""
    return kernel.envelopes_of(*arrays(pairs), options.mode, options.band)


def _log_likelihood(
    model: PairHmm, pairs: PairedSequences, counts: kernel.PairCounts, options: FitOptions
) -> float:
    ends = model.log_ends * len(pairs) if options.mode == "global" else 0.0
    return float(counts.log_odds.sum() + ends + model.log_independent(pairs).sum())


def _log_prior(model: PairHmm, pseudocount: float) -> float:
    """Logarithm of the Dirichlet density that pseudocounts are, up to a constant."""
    if pseudocount == 0:
        return 0.0
    opening = np.append(model.open.ravel(), 1 - model.open.sum())
    ends = np.array([model.end, 1 - model.end])
    chances = (model.match, model.insert, opening, model.extend, 1 - model.extend, ends)
    return pseudocount * float(sum(np.log(np.maximum(each, _LEAST)).sum() for each in chances))


def _maximised(
    state: _State, counts: PooledCounts, ties: PairTies, substitution: Substitution | None
) -> _State:
    insert = averaged(ties.insert, counts.insert)
    opening = averaged(ties.open, counts.opens) / counts.exits
    model = replace(
        state.model,
        insert=_distributions(insert),
        open=np.clip(opening, _LEAST, _MOST_OPEN / opening.size),
        extend=extension(ties.extend, counts.extensions, counts.visits, state.model.extend),
        end=min(max(counts.ends / counts.steps, _LEAST), 1 - _LEAST) if counts.ends else state.model.end,
    )
    if substitution is None:
        return _State(replace(model, match=_table(averaged(ties.match, counts.match))))
    rates, time = fit_rates(counts.match, substitution, state.rates, state.time)
    return _State(replace(model, match=averaged(ties.match, joint(rates, time))), rates, time)


def extension(tie: Tie, extensions: np.ndarray, visits: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Chances that gaps go on; where no gap is possible, what they were.

    Parameters
    ----------
    tie : Tie
    extensions, visits, before : numpy.ndarray, shape=(2, n_classes)
        Bases of gaps after their first, all of them, and the chances so far.
    """
    goes_on, bases = averaged(tie, extensions), averaged(tie, visits)
    chance = np.where(bases > _LEAST, goes_on / np.maximum(bases, _LEAST), before)
    return np.clip(chance, _LEAST, 1 - _LEAST)


def _table(counts: np.ndarray) -> np.ndarray:
    floor = np.maximum(counts, _LEAST * counts.sum())
    return floor / floor.sum()


def _distributions(counts: np.ndarray) -> np.ndarray:
    """Rows that sum to 1; a row without counts is uniform."""
    floor = np.maximum(counts, _LEAST * np.maximum(counts.sum(1, keepdims=True), 1))
    return floor / floor.sum(1, keepdims=True)
