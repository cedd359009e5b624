"""Learning a pair HMM from unaligned pairs: expectation and maximisation under ties."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motifnet.config.align import PairModelOptions
from motifnet.errors import InvalidValue
from motifnet.hmm.estimate import Climb, climb
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_counts import PooledCounts, pooled
from motifnet.hmm.pair_errors import standard_errors
from motifnet.hmm.pair_ties import PairTies, averaged
from motifnet.hmm.substitution import SUBSTITUTIONS, Rates, Substitution, fit_rates, joint
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.progress import Progress
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties import Tie
from motifnet.wording import counted

STARTS = ((0.05, 0.005, 0.5), (0.2, 0.02, 0.5), (0.4, 0.04, 0.6))
"""Divergence, gap opening and gap extension of the models that fits begin with: close, middling and far.

One gap opens for ten substitutions. A convention: the fit goes on from the best of them.
"""

# Extension of the second class of gaps, to begin with: 20 bases on average, where short gaps have two.
_LONG_GAPS = 0.95
# Rounds, and pairs, on which the starts are compared: conventions, which trade the time of
# trials for how clear it is which start is best.
_TRIAL_ROUNDS, _TRIAL_PAIRS = 3, 1000
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
    start: PairHmm | None = None,
    progress: Progress | None = None,
) -> PairFit:
    """Fit a pair HMM by expectation and maximisation (Baum-Welch).

    A round takes the expected counts under the model and pools them over the orbits of the ties;
    no round lowers the objective. Without a start, those of :data:`STARTS` are tried for a few
    rounds, of many pairs on some of them, and the best goes on.

    Parameters
    ----------
    pairs : PairedSequences
    ties : PairTies
    options : FitOptions
    start : PairHmm, optional
        The model to begin with.
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

    def rounds(start: _State, n: int, among: PairedSequences) -> Climb[_State, kernel.PairCounts]:
        def maximise(state: _State, counts: kernel.PairCounts) -> _State:
            expected = pooled(state.model, among, counts, mode=options.mode, pseudocount=options.pseudocount)
            return _maximised(state, expected, ties, substitution)

        return climb(
            start,
            lambda state: _objective(state.model, among, options),
            maximise,
            least_gain=options.tolerance,
            max_rounds=n,
            keeps_ties=False,
            progress=progress,
            what=f"learn, {counted(ties.n_classes, 'class', 'classes')} of gaps",
        )

    if start is None:
        some = _some(pairs)
        trials = [rounds(_State(model), _TRIAL_ROUNDS, some) for model in _starts(ties.n_classes)]
        first = max(trials, key=lambda trial: trial.objective[-1]).state
    else:
        first = _State(start)
    state, counts, history, converged = rounds(first, options.max_rounds, pairs)
    free = ties.free | ({} if substitution is None else {"match": substitution.n_free + 1})
    return PairFit(
        state.model,
        ties,
        _log_likelihood(state.model, pairs, counts, options),
        free if options.mode == "global" else {name: n for name, n in free.items() if name != "end"},
        history,
        converged,
        standard_errors(state.model, pairs, counts, ties, options.mode),
        options.substitution,
        state.rates,
        state.time,
    )


@dataclass(frozen=True)
class _State:
    """A model, and what its matches were made from."""

    model: PairHmm
    rates: Rates | None = None
    time: float | None = None


def _some(pairs: PairedSequences) -> PairedSequences:
    """The pairs, or some of many, evenly from the first to the last."""
    if len(pairs) <= _TRIAL_PAIRS:
        return pairs
    return pairs.select(np.linspace(0, len(pairs) - 1, _TRIAL_PAIRS).astype(np.int64))


def _starts(n_classes: int) -> list[PairHmm]:
    return [
        PairHmm.start(
            divergence=divergence,
            gap_open=opening,
            gap_extend=(extension, _LONG_GAPS)[:n_classes],
        )
        for divergence, opening, extension in STARTS
    ]


def _kept_by(substitution: Substitution) -> Tie:
    """The tie of matches that holds under a substitution model: reversible, and even if frequencies are."""
    names = ["match"] if substitution.has_frequencies else ["match", "strand"]
    return PairTies.of(names, n_classes=1).match


def _objective(
    model: PairHmm,
    pairs: PairedSequences,
    options: FitOptions,
) -> tuple[float, kernel.PairCounts]:
    counts = _expected(model, pairs, options)
    value = _log_likelihood(model, pairs, counts, options) + _log_prior(model, options.pseudocount)
    if not np.isfinite(value):
        raise InvalidValue("log-likelihood", value, "a model under which every pair is possible")
    return value, counts


def _expected(model: PairHmm, pairs: PairedSequences, options: FitOptions) -> kernel.PairCounts:
    which = np.zeros(len(pairs), np.int64)
    return kernel.expected_counts(model.odds, *arrays(pairs), which, options.mode, options.band)


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
    return _State(replace(model, match=joint(rates, time)), rates, time)


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
