"""Learning a pair HMM from unaligned pairs: expectation and maximisation under ties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.hmm.estimate import Climbed, climb
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_ties import PairTies, averaged
from motifnet.hmm.substitution import SUBSTITUTIONS, Rates, Substitution, joint
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties import Tie

STARTS = ((0.05, 0.005, 0.5), (0.2, 0.02, 0.5), (0.4, 0.04, 0.6))
"""Divergence, gap opening and gap extension of the models that fits begin with."""

_LONG_GAPS = 0.95  # extension of the second class of gaps, to begin with
_TRIAL_ROUNDS, _TRIAL_PAIRS = 3, 1000
_LEAST = 1e-9  # of a probability
_LEAST_TOLD, _MOST_LOST = (
    1e-4,
    1e-3,
)  # eigenvalues of directions that pairs do not tell; a parameter's share of them
_MOST_OPEN = 0.999  # of all chances that a gap opens
_TIMES = (1e-4, 5.0)  # substitutions a site between which divergence times are sought
_GOLDEN = (np.sqrt(5) - 1) / 2


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
    """How a pair HMM is fitted.

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

    mode: str = "global"
    substitution: str = "full"
    pseudocount: float = 0.0
    max_rounds: int = 200
    tolerance: float = 1e-4
    band: kernel.Band = kernel.DEFAULT_BAND


_DEFAULT = FitOptions()


@dataclass(frozen=True)
class Pooled:
    """Expected counts of all pairs, as an M-step takes them.

    Parameters
    ----------
    match : numpy.ndarray, shape=(4, 4)
    insert : numpy.ndarray, shape=(2, 4)
    opens, extensions, visits : numpy.ndarray, shape=(2, n_classes)
        Stretches of one sequence alone, bases after their first, and all their bases.
    exits : float
        Matches and beginnings after which a gap may open.
    ends, steps : float
        Next columns that are the end, and all of them.
    """

    match: np.ndarray
    insert: np.ndarray
    opens: np.ndarray
    extensions: np.ndarray
    visits: np.ndarray
    exits: float
    ends: float
    steps: float


def fit(
    pairs: PairedSequences,
    ties: PairTies,
    options: FitOptions = _DEFAULT,
    *,
    start: PairHmm | None = None,
    progress: Callable[[float], None] | None = None,
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
    progress : callable, optional
        Called with the objective of every round.

    Raises
    ------
    LikelihoodFell
        If a round lowers the objective by more than rounding does.
    """
    substitution = None if options.substitution == "full" else SUBSTITUTIONS[options.substitution]
    if substitution is not None:
        ties = ties.with_match(_kept_by(substitution), options.substitution)

    def rounds(state: _State, n: int, among: PairedSequences) -> Climbed[_State, kernel.Counts]:
        return climb(
            state,
            lambda one: _objective(one.model, among, options, progress),
            lambda one, counts: _maximised(
                one, pooled(one.model, among, counts, options), ties, substitution
            ),
            least_gain=options.tolerance,
            max_rounds=n,
            keeps_ties=False,
        )

    if start is None:
        some = _some(pairs)
        trials = [rounds(_State(model), _TRIAL_ROUNDS, some) for model in _starts(ties.open.shape[1])]
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
    progress: Callable[[float], None] | None,
) -> tuple[float, kernel.Counts]:
    counts = _expected(model, pairs, options)
    value = _log_likelihood(model, pairs, counts, options) + _log_prior(model, options.pseudocount)
    if not np.isfinite(value):
        raise InvalidValue("log-likelihood", value, "a model under which every pair is possible")
    if progress is not None:
        progress(value)
    return value, counts


def _expected(model: PairHmm, pairs: PairedSequences, options: FitOptions) -> kernel.Counts:
    which = np.zeros(len(pairs), np.int64)
    return kernel.expected_counts(model.odds, *arrays(pairs), which, options.mode, options.band)


def _log_likelihood(
    model: PairHmm, pairs: PairedSequences, counts: kernel.Counts, options: FitOptions
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


def complete_matches(model: PairHmm, matches: np.ndarray) -> np.ndarray:
    """Expected columns of known bases, ``(..., 4, 4)``, with unknown bases replaced by what they may be."""
    share = model.match
    found = matches[..., :4, :4].copy()
    found += matches[..., 4:, :4] * (share / share.sum(0))
    found += matches[..., :4, 4:] * (share / share.sum(1, keepdims=True))
    return found + matches[..., 4:, 4:] * share


def alone(pairs: PairedSequences, matches: np.ndarray) -> np.ndarray:
    """Expected bases of each sequence that stand alone, ``shape=(n, 2, 4)``."""
    composition = [_composition(sequences) for sequences in (pairs.x, pairs.y)]
    matched = [matches[:, :4].sum(2), matches[:, :, :4].sum(1)]
    return np.maximum(np.stack(composition, 1) - np.stack(matched, 1), 0)


def _composition(sequences) -> np.ndarray:
    """How often each base is in each sequence, ``shape=(n, 4)``."""
    owner = np.repeat(np.arange(len(sequences)), sequences.lengths)
    counts = np.bincount(owner * 5 + np.minimum(sequences.codes, 4), minlength=5 * len(sequences))
    return counts.reshape(-1, 5)[:, :4]


def pooled(model: PairHmm, pairs: PairedSequences, counts: kernel.Counts, options: FitOptions) -> Pooled:
    """The expected counts of an M-step, with pseudocounts."""
    extra, n = options.pseudocount, len(pairs)
    matches = complete_matches(model, counts.matches.sum(0))
    opens, visits = counts.gaps.sum(0) + extra, counts.gap_columns.sum(0)
    is_global = options.mode == "global"
    n_matches = counts.matches.sum()
    return Pooled(
        matches + extra,
        alone(pairs, counts.matches).sum(0) + extra,
        opens,
        visits - counts.gaps.sum(0) + extra,
        visits + 2 * extra,
        n_matches + (n if is_global else 0) + extra * (opens.size + 1),
        n + extra if is_global else 0.0,
        n_matches + n + 2 * extra,
    )


def _maximised(state: _State, counts: Pooled, ties: PairTies, substitution: Substitution | None) -> _State:
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


def fit_rates(
    counts: np.ndarray, substitution: Substitution, rates: Rates | None, time: float | None
) -> tuple[Rates, float]:
    """The rates and divergence time under which matches are likeliest.

    Parameters
    ----------
    counts : numpy.ndarray, shape=(4, 4)
    substitution : Substitution
    rates, time : optional
        Where to begin.
    """
    from scipy.optimize import minimize

    rates = rates or Rates(frequencies=_start_frequencies(counts, substitution))
    time = time or 0.2
    first = [np.log(time)]
    first += [np.log(rates.kappa)] if substitution.has_kappa else []
    first += (
        list(np.log(rates.frequencies[:3] / rates.frequencies[3])) if substitution.has_frequencies else []
    )

    def unpacked(free: np.ndarray) -> tuple[Rates, float]:
        values = list(free[1:])
        kappa = float(np.exp(values.pop(0))) if substitution.has_kappa else 1.0
        weights = np.exp(np.append(values, 0.0)) if substitution.has_frequencies else np.ones(4)
        return Rates(kappa, weights / weights.sum()), float(np.exp(free[0]))

    def loss(free: np.ndarray) -> float:
        return -float((counts * np.log(np.maximum(joint(*unpacked(free)), 1e-300))).sum()) / counts.sum()

    bounds = [tuple(np.log(_TIMES))] + [(-5.0, 5.0)] * (len(first) - 1)
    found = minimize(loss, np.array(first), method="L-BFGS-B", bounds=bounds)
    best = found.x if found.fun <= loss(np.array(first)) else np.array(first)
    return unpacked(best)


def _start_frequencies(counts: np.ndarray, substitution: Substitution) -> np.ndarray:
    if not substitution.has_frequencies:
        return np.full(4, 0.25)
    marginal = counts.sum(0) + counts.sum(1) + 1e-6
    return marginal / marginal.sum()


def by_parameters(
    model: PairHmm, pairs: PairedSequences, counts: kernel.Counts, mode: str = "global"
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Derivatives of each pair's log-likelihood by match, insert, open, extend and end.

    Returns
    -------
    tuple of numpy.ndarray
        ``shape=(n, *shape of the parameter)``.
    """
    n_matches = counts.matches.sum((1, 2))
    n_next = n_matches + (mode == "global") - counts.gaps.sum((1, 2))  # the beginning is left as a match is
    return (
        complete_matches(model, counts.matches) / model.match,
        alone(pairs, counts.matches) / model.insert,
        counts.gaps / model.open - (n_next / (1 - model.open.sum()))[:, None, None],
        (counts.gap_columns - counts.gaps) / model.extend - counts.gaps / (1 - model.extend),
        1 / model.end - n_matches / (1 - model.end),
    )


def scores_of_pairs(
    model: PairHmm, pairs: PairedSequences, counts: kernel.Counts, ties: PairTies, mode: str
) -> tuple[np.ndarray, list[tuple[str, int]]]:
    """Derivatives of each pair's log-likelihood by the free parameters (Fisher's identity).

    Returns
    -------
    scores : numpy.ndarray, shape=(n, n_parameters)
    names : list of (array, orbit)
        The parameter of each column. Of a distribution, the last orbit is what the others leave.
    """
    columns, names = [], []
    by_match, by_insert, by_open, by_extend, _ = by_parameters(model, pairs, counts, mode)
    for name, derivative, is_distribution in (
        ("match", by_match, True),
        ("insert", by_insert, True),
        ("open", by_open, False),
        ("extend", by_extend, False),
    ):
        tie = ties.arrays()[name]
        of_orbits = np.stack([np.asarray(tie.pool(one)) for one in derivative])
        for orbits in _distributions_of(name, tie) if is_distribution else [range(tie.n_free)]:
            orbits = list(orbits)
            free = orbits[:-1] if is_distribution else orbits
            sizes = tie.orbit_sizes
            for orbit in free:
                column = of_orbits[:, orbit]
                if is_distribution:
                    column = column - of_orbits[:, orbits[-1]] * sizes[orbit] / sizes[orbits[-1]]
                columns.append(column)
                names.append((name, orbit))
    return np.stack(columns, 1), names


def _distributions_of(name: str, tie) -> list[list[int]]:
    """The orbits of each distribution of an array."""
    if name == "match":
        return [list(range(tie.n_free))]
    rows = [sorted(set(row.tolist())) for row in tie.label]
    return rows[:1] if rows[0] == rows[1] else rows


def standard_errors(
    model: PairHmm, pairs: PairedSequences, counts: kernel.Counts, ties: PairTies, mode: str
) -> dict[str, np.ndarray]:
    """Standard errors of the arrays of a model at the maximum, from the outer products of scores.

    NaN where pairs are no more than parameters, and for parameters that the pairs do not tell from
    others; of what a distribution leaves, from the others.
    """
    scores, names = scores_of_pairs(model, pairs, counts, ties, mode)
    errors = {name: np.full(tie.n_free, np.nan) for name, tie in ties.arrays().items()}
    if len(pairs) > len(names):
        for (name, orbit), error in zip(names, _errors(scores), strict=True):
            errors[name][orbit] = error
    return {name: np.asarray(tie.expand(errors[name])) for name, tie in ties.arrays().items()}


def _errors(scores: np.ndarray) -> np.ndarray:
    """Standard errors of parameters, from their scores ``(n, n_parameters)``; NaN where they are not told."""
    size = np.sqrt((scores**2).sum(0))
    is_told = size > 0
    scaled = scores / np.where(is_told, size, 1)
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    lost = values < _LEAST_TOLD
    is_told &= (vectors[:, lost] ** 2).sum(1) < _MOST_LOST
    variance = (vectors[:, ~lost] ** 2 / values[~lost]).sum(1)
    errors = np.sqrt(variance) / np.where(size > 0, size, 1)
    return np.where(is_told & (errors < 1), errors, np.nan)
