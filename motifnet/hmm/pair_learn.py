"""The models of pairs: one for all, for each group or for each, with the classes of gaps that BIC chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import repeat
from typing import NamedTuple, TypeVar

import numpy as np

from motifnet.config.align import PairModelOptions
from motifnet.errors import InvalidValue, shown
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit, with_long_gaps
from motifnet.hmm.pair_images import first_images
from motifnet.hmm.pair_orient import MOST_NAMED, OrientedPairs
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.pair_times import SharedProcess, fit_times, times_of
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND, Band
from motifnet.progress import Progress, Silent
from motifnet.stats.bic import bic
from motifnet.symbols.pairs import PairedSequences
from motifnet.wording import counted, listed

OF_ALL = ""
"""The group whose model is of all pairs that have none of their own."""

ModelSource = Mapping[str, PairHmm] | Sequence[PairTies]
"""Models as they are, by the group of pairs that each is of, or :data:`OF_ALL`; or the ties to choose among,
under each of which one is learnt."""

PairFits = dict[str, PairFit | SharedProcess]
"""How models were learnt, by the group of pairs that each is of, or :data:`OF_ALL`."""

MOST_GROUPS = 100
"""Groups of pairs that may have models of their own: more than there are species in most alignments of
genomes, and fewer than there are contigs, whose names look like species."""

_OPTIONS = PairModelOptions()
# Nats that a round gains with which a model is learnt at first, of several; and by how much its criterion,
# which is twice as much, may be above the least for it to be learnt to the end. A model whose rounds gain a
# tenth takes a hundred more to make up for that, if they gain no less. Conventions, which trade time for how
# sure it is which one is best.
_LOOSE, _BEHIND = 0.1, 20.0


_Learnt = TypeVar("_Learnt", PairFit, SharedProcess)


class GroupChoice(NamedTuple):
    """Whether one model is of all groups of pairs, by the Bayesian information criterion.

    Attributes
    ----------
    n_groups : int
        From which models were learnt.
    of_all, of_each : float
        The criterion of one model for all, and of one for each.
    """

    n_groups: int
    of_all: float
    of_each: float

    @property
    def sentence(self) -> str:
        """What was chosen, and why."""
        of_all, of_each = f"{self.of_all:,.2f}", f"{self.of_each:,.2f}"
        groups = f"{self.n_groups} groups of pairs"
        if self.of_all <= self.of_each:
            return f"one model is of all {groups} (BIC {of_all}; of one for each {of_each})"
        return f"{groups} have a model each (BIC {of_each}; of one for all {of_all})"


class PairModels(NamedTuple):
    """The models under which pairs are aligned.

    Attributes
    ----------
    models : list of PairHmm
        That of each pair.
    fits : dict of str to PairFit or SharedProcess
        How they were learnt, by the group of pairs that each is of; none where models were given.
    given : dict of str to PairHmm
        Models that were given, of the groups that there are; none where they were learnt.
    choice : GroupChoice or None
        Where there are several groups that may have models of their own.
    warnings : list of str
        In whole sentences.
    """

    models: list[PairHmm]
    fits: PairFits
    given: dict[str, PairHmm]
    choice: GroupChoice | None = None
    warnings: Sequence[str] = ()


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
    each = source.values() if isinstance(source, Mapping) else source
    return max(one.n_classes for one in each)


def model_keys(groups: Sequence[str], models: Mapping[str, object]) -> list[str]:
    """The key of the model of each pair: its group, or :data:`OF_ALL` where that has none.

    Examples
    --------
    >>> model_keys(["dog", "cow", "dog"], {"dog": None, OF_ALL: None})
    ['dog', '', 'dog']
    """
    return [group if group in models else OF_ALL for group in groups]


def given(pairs: PairedSequences, models: Mapping[str, PairHmm]) -> PairModels:
    """The model of each pair, of those that are given.

    Parameters
    ----------
    pairs : PairedSequences
    models : mapping of str to PairHmm
        By the group of pairs that each is of; that of :data:`OF_ALL` is of those without one.

    Raises
    ------
    InvalidValue
        If a group has none.
    """
    used = model_keys(pairs.groups, models)
    if not set(used) <= set(models):
        known = listed([shown(group) for group in models], MOST_NAMED)
        without = next(group for group, key in zip(pairs.groups, used, strict=True) if key not in models)
        raise InvalidValue(
            "group of pairs",
            without,
            f"one that has a model: {known} (the species of MAF, or the column 'group' of a table)",
        )
    return PairModels([models[key] for key in used], {}, {key: models[key] for key in dict.fromkeys(used)})


def learn(
    oriented: OrientedPairs,
    candidates: Sequence[PairTies],
    options: PairModelOptions = _OPTIONS,
    band: Band = DEFAULT_BAND,
    *,
    progress: Progress | None = None,
) -> PairModels:
    """Learn the model of each pair: one for all, or one for each group, whichever has the smaller BIC.

    That one model is of several groups is a tie among them, which all of them keep or none. Pairs of a group
    from which nothing can be learnt, since none is more alike than by chance, are aligned under the model of
    all; with a time for each pair, what is shared is learnt of those that teach.

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
    pairs, teaches = oriented.pairs, oriented.teaches

    def learnt(which: np.ndarray) -> PairFit | SharedProcess:
        learn_these = _learn_process if options.divergence == "own" else learn_one
        return learn_these(pairs.select(which), candidates, options, band, progress=progress)

    teachers = {OF_ALL: np.flatnonzero(teaches)}
    of_all = learnt(teachers[OF_ALL])
    of_group = {group: which[teaches[which]] for group, which in pairs.by_group().items()}
    of_group = {group: which for group, which in of_group.items() if len(which)}
    fits: PairFits = {OF_ALL: of_all}
    choice, warnings = None, []
    if len(of_group) > MOST_GROUPS:
        warnings = [
            f"pairs are of {counted(len(of_group), 'group')}, such as {shown(pairs.groups[0])}, and one "
            f"model is of all: more than {MOST_GROUPS} get none of their own"
        ]
    elif len(of_group) > 1:
        of_each: PairFits = {}
        for group, which in of_group.items():
            progress.log(f"{shown(group)}: {counted(len(which), 'pair')}")
            of_each[group] = learnt(which)
        taught = pairs.select(teachers[OF_ALL])
        choice = GroupChoice(len(of_each), _criterion(taught, of_all), _criterion(taught, *of_each.values()))
        if choice.of_each < choice.of_all:
            teachers |= of_group
            is_enough = set(pairs.groups) == set(of_each)
            fits = of_each if is_enough else {**of_each, OF_ALL: of_all}
    under = _under(pairs, fits)
    for key, one in fits.items():
        if isinstance(one, SharedProcess):
            fits[key] = _with_times(one, pairs, teachers[key], under[key], _how(options, band), progress)
    return PairModels(_models(len(pairs), fits, under), fits, {}, choice, warnings)


def _under(pairs: PairedSequences, fits: PairFits) -> dict[str, np.ndarray]:
    """The pairs that each model aligns."""
    used = model_keys(pairs.groups, fits)
    return {key: np.flatnonzero([one == key for one in used]) for key in fits}


def _models(n: int, fits: PairFits, under: Mapping[str, np.ndarray]) -> list[PairHmm]:
    """The model of each of so many pairs."""
    of_pair: dict[int, PairHmm] = {}
    for key, one in fits.items():
        models = one.models if isinstance(one, SharedProcess) else repeat(one.model)
        of_pair |= dict(zip(under[key].tolist(), models, strict=False))
    return [of_pair[i] for i in range(n)]


def _with_times(
    one: SharedProcess,
    pairs: PairedSequences,
    teachers: np.ndarray,
    under: np.ndarray,
    how: FitOptions,
    progress: Progress,
) -> SharedProcess:
    """The process with a time of every pair that it is of, from whichever pairs it was learnt."""
    times = dict(zip(teachers.tolist(), one.times.tolist(), strict=True))
    others = [i for i in under.tolist() if i not in times]
    if others:
        found = times_of(one, pairs.select(others), how, progress=progress)
        times |= dict(zip(others, found.tolist(), strict=True))
    return replace(one, times=np.array([times[i] for i in under.tolist()]))


def _criterion(pairs: PairedSequences, *fits: PairFit | SharedProcess) -> float:
    """The Bayesian information criterion of the models of parts of some pairs; a base is an observation."""
    n_bases = len(pairs.x.codes) + len(pairs.y.codes)
    likelihood, n_free = sum(one.log_likelihood for one in fits), sum(one.n_free for one in fits)
    return bic(likelihood, n_free=n_free, n_observations=n_bases)


def learn_one(
    teachers: PairedSequences,
    candidates: Sequence[PairTies],
    options: PairModelOptions = _OPTIONS,
    band: Band = DEFAULT_BAND,
    *,
    progress: Progress | None = None,
) -> PairFit:
    """Learn one model of all pairs, with one divergence, under the ties of the smallest BIC.

    Parameters
    ----------
    teachers : PairedSequences
        From which it is learnt, whatever their groups.
    candidates : sequence of PairTies
    options : PairModelOptions
    band : Band
    progress : Progress, optional

    Raises
    ------
    InvalidValue, LikelihoodFell
        As :func:`learn` does.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> x, y = Sequences.from_text(["ACGTTTGACAGG"] * 9), Sequences.from_text(["ACGTTGACAGG"] * 9)
    >>> pairs = PairedSequences(x, y, [str(i) for i in range(9)])
    >>> learn_one(pairs, candidate_ties()).model.n_classes
    1
    """
    progress, criterion = progress or Silent(), partial(_criterion, teachers)
    return _best(_fitted(teachers, candidates, _how(options, band), criterion, progress), criterion, progress)


def _learn_process(
    teachers: PairedSequences,
    candidates: Sequence[PairTies],
    options: PairModelOptions,
    band: Band,
    *,
    progress: Progress,
) -> SharedProcess:
    """What pairs share, which have a time each, under the ties of the smallest BIC."""
    fits = [fit_times(teachers, ties, _how(options, band), progress=progress) for ties in candidates]
    return _best(fits, partial(_criterion, teachers), progress)


def _best(fits: Sequence[_Learnt], criterion: Callable[[_Learnt], float], progress: Progress) -> _Learnt:
    """The fit of the smallest criterion; all are told."""
    best = min(fits, key=criterion)
    for one in fits:
        progress.log(
            f"learnt in {counted(len(one.history) - 1, 'round')}: log-likelihood {one.log_likelihood:,.2f}, "
            f"{one.n_free} free parameters" + (", kept" if one is best and len(fits) > 1 else "")
        )
    return best


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
