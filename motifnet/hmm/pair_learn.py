"""The models of pairs: one for all, or one for each, with the classes of gaps that the criterion chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.config.align import PairModelOptions
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit, with_long_gaps
from motifnet.hmm.pair_images import first_images
from motifnet.hmm.pair_orient import OrientedPairs
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.pair_times import SharedProcess, fit_times
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND, Band
from motifnet.progress import Progress, Silent
from motifnet.stats.bic import bic
from motifnet.symbols.pairs import PairedSequences

ModelSource = PairHmm | Sequence[PairTies]
"""A model as it is; or the ties to choose among, under each of which one is learnt."""

_OPTIONS = PairModelOptions()
# Nats that a round gains with which a model is learnt at first, of several; and by how much its criterion,
# which is twice as much, may be above the least for it to be learnt to the end. A model whose rounds gain a
# tenth takes a hundred more to make up for that, if they gain no less. Conventions, which trade time for how
# sure it is which one is best.
_LOOSE, _BEHIND = 0.1, 20.0


class PairModels(NamedTuple):
    """The models under which pairs are aligned.

    Attributes
    ----------
    models : list of PairHmm
        That of each pair.
    fitted : PairFit or SharedProcess or None
        How they were learnt; ``None`` where one was given.
    """

    models: list[PairHmm]
    fitted: PairFit | SharedProcess | None


def candidate_ties(options: PairModelOptions = _OPTIONS) -> list[PairTies]:
    """Ties of the models that are learnt, of which one is kept: one for each number of classes of gaps.

    Raises
    ------
    UnknownName, InvalidValue, MissingFile, FileFormatError
        If a tie has no such name, ties what cannot be tied, or is a file that cannot be read.

    Examples
    --------
    >>> [ties.n_classes for ties in candidate_ties()]
    [1, 2]
    """
    classes = (1, 2) if options.gap_classes == "auto" else (int(options.gap_classes),)
    return [PairTies.of(options.pair_tie, n_classes=n) for n in classes]


def max_classes(source: ModelSource) -> int:
    """Most classes of gaps of what pairs are aligned under, which is what memory depends on."""
    return source.n_classes if isinstance(source, PairHmm) else max(ties.n_classes for ties in source)


def learn(
    oriented: OrientedPairs,
    candidates: Sequence[PairTies],
    options: PairModelOptions = _OPTIONS,
    band: Band = DEFAULT_BAND,
    *,
    progress: Progress | None = None,
) -> PairModels:
    """Learn the model of each pair, under the ties of the smallest Bayesian information criterion.

    A time of its own is learnt for every pair; what pairs share, from those that teach. A base is an
    observation.

    Parameters
    ----------
    oriented : OrientedPairs
    candidates : sequence of PairTies
    options : PairModelOptions
    band : Band
    progress : Progress, optional

    Raises
    ------
    InvalidValue
        If ties break a symmetry that the substitution model has, or some pair is not possible.
    LikelihoodFell
        If a round of learning lowers the likelihood: an error in this program.
    """
    progress = progress or Silent()
    pairs = oriented.pairs
    teachers = pairs if options.divergence == "own" else pairs.select(np.flatnonzero(oriented.teaches))
    n_bases = len(teachers.x.codes) + len(teachers.y.codes)

    def criterion(one: PairFit | SharedProcess) -> float:
        return bic(one.log_likelihood, n_free=one.n_free, n_observations=n_bases)

    how = _how(options, band)
    fits: list[PairFit | SharedProcess] = (
        [fit_times(teachers, ties, how, progress=progress) for ties in candidates]
        if options.divergence == "own"
        else list(_fitted(teachers, candidates, how, criterion, progress))
    )
    best = min(fits, key=criterion)
    for one in fits:
        progress.log(
            f"learnt in {len(one.history) - 1} rounds: log-likelihood {one.log_likelihood:,.2f}, "
            f"{one.n_free} free parameters" + (", kept" if one is best and len(fits) > 1 else "")
        )
    if isinstance(best, SharedProcess):
        return PairModels(best.models, best)
    return PairModels([best.model] * len(pairs), best)


def _how(options: PairModelOptions, band: Band) -> FitOptions:
    return FitOptions(
        mode=options.mode,
        substitution=options.substitution,
        pseudocount=options.prior_count,
        max_rounds=options.max_rounds,
        tolerance=options.tolerance,
        band=band,
    )


def _fitted(
    pairs: PairedSequences,
    candidates: Sequence[PairTies],
    how: FitOptions,
    criterion: Callable[[PairFit], float],
    progress: Progress,
) -> list[PairFit]:
    """A model under each of some ties; those that are clearly not the best are not learnt to the end."""
    tolerance = max(how.tolerance, _LOOSE) if len(candidates) > 1 else how.tolerance
    fits: list[PairFit] = []
    for ties in candidates:
        before = fits[-1] if fits else None
        is_more = before is not None and (before.model.n_classes, ties.n_classes) == (1, 2)
        start = with_long_gaps(before.model) if before is not None and is_more else None
        loose = replace(how, tolerance=tolerance)
        fits.append(fit(pairs, ties, loose, start=start, progress=progress))
    most = min(map(criterion, fits)) + _BEHIND
    for one in fits:
        if one.where is not None and criterion(one) <= most:
            which, band = np.zeros(len(pairs), np.int64), kernel.while_learning(how.band)
            of_ties = first_images(pairs, swaps=one.ties.swaps, turns=one.ties.turns)
            kernel.take_all_where_missed(one.model.odds, *arrays(of_ties), which, how.mode, band, one.where)
    return [
        fit(pairs, one.ties, how, start=one, progress=progress)
        if len(candidates) > 1 and criterion(one) <= most
        else one
        for one in fits
    ]
