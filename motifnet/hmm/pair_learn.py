"""The models of pairs: one for all, or one for each, with the classes of gaps that the criterion chooses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.config.align import PairModelOptions
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit
from motifnet.hmm.pair_orient import OrientedPairs
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.pair_times import SharedProcess, fit_times
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND, Band
from motifnet.progress import Progress, Silent
from motifnet.stats.bic import bic
from motifnet.symbols.pairs import PairedSequences

ModelSource = PairHmm | Sequence[PairTies]
"""A model as it is; or the ties to choose among, under each of which one is learnt."""

_OPTIONS = PairModelOptions()


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
    fits = [_fitted(teachers, ties, options, band, progress) for ties in candidates]
    n_bases = len(teachers.x.codes) + len(teachers.y.codes)
    best = min(fits, key=lambda one: bic(one.log_likelihood, n_free=one.n_free, n_observations=n_bases))
    for one in fits:
        progress.log(
            f"learnt in {len(one.history) - 1} rounds: log-likelihood {one.log_likelihood:,.2f}, "
            f"{one.n_free} free parameters" + (", kept" if one is best and len(fits) > 1 else "")
        )
    if isinstance(best, SharedProcess):
        return PairModels(best.models, best)
    return PairModels([best.model] * len(pairs), best)


def _fitted(
    pairs: PairedSequences, ties: PairTies, options: PairModelOptions, band: Band, progress: Progress
) -> PairFit | SharedProcess:
    how = FitOptions(
        mode=options.mode,
        substitution=options.substitution,
        pseudocount=options.prior_count,
        max_rounds=options.max_rounds,
        tolerance=options.tolerance,
        band=band,
    )
    learn_one = fit if options.divergence == "shared" else fit_times
    return learn_one(pairs, ties, how, progress=progress)
