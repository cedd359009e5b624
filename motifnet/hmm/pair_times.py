"""Many pairs, one process: rates that all pairs share, and a divergence time for each.

A gap of class ``k`` of sequence ``s`` opens at a rate for each substitution a site, so that after a
time ``t`` some gap opens with probability ``1 - exp(-R t)``, ``R`` the sum of the rates. The tie
across pairs is the statement that they differ in nothing but time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from motifnet.hmm.estimate import Climb, climb
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_counts import alone, complete_matches
from motifnet.hmm.pair_fit import FitOptions, envelopes, extension
from motifnet.hmm.pair_images import first_images
from motifnet.hmm.pair_ties import PairTies, averaged
from motifnet.hmm.substitution import SUBSTITUTIONS, Rates, Substitution, joint
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.progress import Progress
from motifnet.symbols.pairs import PairedSequences
from motifnet.wording import counted

LEAST_TIME, MOST_TIME = 1e-3, 4.0
"""Divergence times that are tried, in substitutions a site: less than one in a thousand bases, which pairs of
usual lengths do not show, and four, where a base keeps less than 1% of what it said of its partner (under the
model of Jukes and Cantor, exp(-4/3 * 4) = 0.5%)."""

# The middle one of the starts of a fit with one divergence, with gaps counted by substitutions: a convention.
_START_TIME, _START_RATE, _START_EXTEND = 0.2, 0.05, 0.5
# Times tried at once, in each of ever narrower ranges: each range is 2 / 23 of the one before, so that four
# of them find a time to about one part in 3,000, far within its standard error.
_GRID = 24
_ZOOMS = 4
_LEAST = 1e-9  # of a probability, so that it has a logarithm


@dataclass(frozen=True)
class SharedProcess:
    """What pairs share, and their times.

    Parameters
    ----------
    rates : Rates
        Of substitutions.
    gap_rates : numpy.ndarray, shape=(2, n_classes)
        Gaps that open at a site, for each substitution a site.
    insert : numpy.ndarray, shape=(2, 4)
    extend : numpy.ndarray, shape=(2, n_classes)
    end : float
    times : numpy.ndarray, shape=(n,)
        Substitutions a site between the two sequences of each pair.
    log_likelihood : float
        Of the pairs that it was learnt from, in nats.
    free : dict of str to int
        Free parameters of each kind, a time for each of these pairs among them.
    history : tuple of float
        The log-likelihood of every round.
    converged : bool
    """

    rates: Rates
    gap_rates: np.ndarray
    insert: np.ndarray
    extend: np.ndarray
    end: float
    times: np.ndarray
    log_likelihood: float = -np.inf
    free: dict[str, int] = field(default_factory=dict)
    history: tuple[float, ...] = ()
    converged: bool = False

    @property
    def n_free(self) -> int:
        """Free parameters in all."""
        return sum(self.free.values())

    @property
    def models(self) -> list[PairHmm]:
        """The pair HMM of each pair."""
        return [self.model(i) for i in range(len(self.times))]

    def model(self, pair: int) -> PairHmm:
        """The pair HMM of one pair."""
        time = self.times[pair]
        opening = opening_after(self.gap_rates, np.array([time]))[0]
        return PairHmm(joint(self.rates, time), self.insert, opening, self.extend, self.end)


def opening_after(gap_rates: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Probability that a gap opens, ``shape=(*times.shape, 2, n_classes)``."""
    total = gap_rates.sum()
    return gap_rates / total * -np.expm1(-total * times)[..., None, None]


def fit_times(
    pairs: PairedSequences,
    ties: PairTies,
    options: FitOptions,
    *,
    progress: Progress | None = None,
) -> SharedProcess:
    """Learn shared rates, and a time for each pair, by expectation and maximisation.

    In each maximisation, times and rates are improved in turn, each given the others, so that no
    round lowers the likelihood. Of the options, ``substitution`` is the name of a model; there
    are no pseudocounts.

    Parameters
    ----------
    pairs : PairedSequences
    ties : PairTies
        Of gap rates (``open``), ``extend`` and ``insert``.
    options : FitOptions
    progress : Progress, optional
        Told now and then how many rounds are done, and what they reached.

    Returns
    -------
    SharedProcess
        What the pairs share, and the time of each.

    Raises
    ------
    LikelihoodFell
        If a round lowers the likelihood by more than rounding does.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> x = Sequences.from_text(["ACGTTTGACAGGACGTTTGACAGG"] * 2)
    >>> y = Sequences.from_text(["ACGTTTGACAGGACGTATGACAGG", "ACCTTTGACATGACGTATGAGAGG"])
    >>> pairs, ties = PairedSequences(x, y, ["near", "far"]), PairTies.of(["lineages"], n_classes=1)
    >>> shared = fit_times(pairs, ties, FitOptions(substitution="jc69", pseudocount=0.0))
    >>> bool(0 < shared.times[0] < shared.times[1])
    True
    """
    substitution = SUBSTITUTIONS[options.substitution]
    pairs = first_images(pairs, swaps=ties.swaps, turns=False)

    def maximise(process: SharedProcess, counts: kernel.PairCounts) -> SharedProcess:
        return _maximised(process, pairs, counts, ties, substitution)

    what = f"learn, {counted(ties.n_classes, 'class', 'classes')} of gaps"
    found = _climbed(_start(pairs, ties), pairs, maximise, options, progress, what)
    free = {**ties.free, "match": substitution.n_free, "times": len(pairs)}
    return replace(
        found.state,
        log_likelihood=found.objective[-1],
        free=free,
        history=found.objective,
        converged=found.converged,
    )


def times_of(
    process: SharedProcess,
    pairs: PairedSequences,
    options: FitOptions,
    *,
    progress: Progress | None = None,
) -> np.ndarray:
    """Divergence times of pairs that came about by a process, which was learnt of others, ``shape=(n,)``.

    Parameters
    ----------
    process : SharedProcess
        Its own times are not looked at.
    pairs : PairedSequences
    options : FitOptions
    progress : Progress, optional

    Raises
    ------
    LikelihoodFell
        As :func:`fit_times` does.
    """

    def maximise(one: SharedProcess, counts: kernel.PairCounts) -> SharedProcess:
        return replace(one, times=_best_times(_counted(one, counts), one.rates, one.gap_rates, one.times))

    start = replace(process, times=np.full(len(pairs), _START_TIME))
    return _climbed(start, pairs, maximise, options, progress, "learn times").state.times


def _climbed(
    start: SharedProcess,
    pairs: PairedSequences,
    maximise: Callable[[SharedProcess, kernel.PairCounts], SharedProcess],
    options: FitOptions,
    progress: Progress | None,
    what: str,
) -> Climb[SharedProcess, kernel.PairCounts]:
    within = envelopes(pairs, options)

    def expect(process: SharedProcess) -> tuple[float, kernel.PairCounts]:
        models = process.models
        counts = _expected(models, pairs, options, within)
        ends = sum(model.log_ends for model in models)
        value = float(counts.log_odds.sum() + ends + models[0].log_independent(pairs).sum())
        return value, counts

    return climb(
        start,
        expect,
        maximise,
        least_gain=options.tolerance,
        max_rounds=options.max_rounds,
        keeps_ties=False,
        progress=progress,
        what=what,
    )


def _start(pairs: PairedSequences, ties: PairTies) -> SharedProcess:
    shape = ties.open.shape
    extend = np.tile(np.array([_START_EXTEND, 0.95])[: shape[1]], (2, 1))
    return SharedProcess(
        Rates(),
        np.full(shape, _START_RATE / shape[1]),
        np.full((2, 4), 0.25),
        extend,
        1 / 300,
        np.full(len(pairs), _START_TIME),
    )


def _expected(
    models: list[PairHmm], pairs: PairedSequences, options: FitOptions, within: kernel.Envelopes
) -> kernel.PairCounts:
    odds = kernel.PairOdds(
        *(np.concatenate(parts) for parts in zip(*(one.odds for one in models), strict=True))
    )
    which, band = np.arange(len(pairs)), kernel.while_learning(options.band)
    return kernel.expected_counts(odds, *arrays(pairs), which, options.mode, band, within=within)


@dataclass(frozen=True)
class _Counted:
    """Expected counts that depend on times and rates, of each pair."""

    matches: np.ndarray  # (n, 4, 4)
    opens: np.ndarray  # (n, 2, n_classes)
    stays: np.ndarray  # (n,): times that no gap opened where one could

    def log_chance(self, rates: Rates, gap_rates: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Expected log-probability of what was counted, ``shape=(n,)``, at a time for each pair."""
        tables, opening = joint(rates, times), opening_after(gap_rates, times)
        told = (self.matches * np.log(np.maximum(tables, 1e-300))).sum((1, 2))
        told += (self.opens * np.log(np.maximum(opening, 1e-300))).sum((1, 2))
        return told + self.stays * np.log1p(-np.minimum(opening.sum((1, 2)), 1 - 1e-12))


def _maximised(
    process: SharedProcess,
    pairs: PairedSequences,
    counts: kernel.PairCounts,
    ties: PairTies,
    substitution: Substitution,
) -> SharedProcess:
    counted, n_matches = _counted(process, counts), counts.matches.sum()
    visits, opens = counts.gap_columns.sum(0), counts.gaps.sum(0)
    extend = extension(ties.extend, visits - opens, visits, process.extend)
    insert = averaged(ties.insert, alone(pairs, counts.matches).sum(0)) + _LEAST
    rates, gap_rates = _better_rates(counted, process, ties, substitution)
    return replace(
        process,
        rates=rates,
        gap_rates=gap_rates,
        times=_best_times(counted, rates, gap_rates, process.times),
        insert=insert / insert.sum(1, keepdims=True),
        extend=extend,
        end=len(pairs) / float(n_matches + len(pairs)),
    )


def _counted(process: SharedProcess, counts: kernel.PairCounts) -> _Counted:
    n_matches, models = counts.matches.sum((1, 2)), process.models
    each = [complete_matches(model, one) for model, one in zip(models, counts.matches, strict=True)]
    return _Counted(np.stack(each), counts.gaps, n_matches + 1 - counts.gaps.sum((1, 2)))


def _better_rates(
    counted: _Counted, process: SharedProcess, ties: PairTies, substitution: Substitution
) -> tuple[Rates, np.ndarray]:
    """The rates that are likeliest at the times as they are."""
    from scipy.optimize import minimize

    n_kappa, n_frequencies = int(substitution.has_kappa), 3 * substitution.has_frequencies
    frequencies = process.rates.frequencies
    first = np.concatenate(
        [
            np.log([process.rates.kappa])[:n_kappa],
            np.log(frequencies[:3] / frequencies[3])[:n_frequencies],
            np.log(np.asarray(ties.open.project(process.gap_rates))),
        ]
    )

    def unpacked(free: np.ndarray) -> tuple[Rates, np.ndarray]:
        kappa = float(np.exp(free[0])) if n_kappa else 1.0
        weights = np.exp(np.append(free[n_kappa : n_kappa + n_frequencies], np.zeros(4 - n_frequencies)))
        gap_rates = np.asarray(ties.open.expand(np.exp(free[n_kappa + n_frequencies :])))
        return Rates(kappa, weights / weights.sum()), gap_rates

    def loss(free: np.ndarray) -> float:
        return -float(counted.log_chance(*unpacked(free), process.times).mean())

    found = minimize(loss, first, method="L-BFGS-B", bounds=[(-12.0, 6.0)] * len(first))
    return unpacked(found.x if found.fun <= loss(first) else first)


def _best_times(counted: _Counted, rates: Rates, gap_rates: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The likeliest time of each pair, sought in ever narrower ranges; never worse than it was."""
    best, value = times, counted.log_chance(rates, gap_rates, times)
    low, high = np.full(len(times), np.log(LEAST_TIME)), np.full(len(times), np.log(MOST_TIME))
    for _ in range(_ZOOMS):
        step = (high - low) / (_GRID - 1)
        for k in range(_GRID):
            tried = np.exp(low + k * step)
            found = counted.log_chance(rates, gap_rates, tried)
            best = np.where(found > value, tried, best)
            value = np.maximum(found, value)
        low = np.maximum(np.log(best) - step, np.log(LEAST_TIME))
        high = np.minimum(np.log(best) + step, np.log(MOST_TIME))
    return best
