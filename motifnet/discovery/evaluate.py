"""Judge what was learnt: on a held-out part, or by cross-fitting where that would be too small."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple

import numpy as np

from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Dataset
from motifnet.discovery.importance import importances, mean_importance
from motifnet.discovery.judge import Verdict, can_tell, judge, pooled
from motifnet.discovery.kinds import Kind
from motifnet.discovery.learn import Learned, contrasted, learn, scored_by_task
from motifnet.discovery.readout import ReadMotif
from motifnet.discovery.results import Importance
from motifnet.motifs import compare
from motifnet.progress import Progress, Silent
from motifnet.stats.enrichment import Enrichment
from motifnet.strand import Strand
from motifnet.training.evaluate import HeldOut, Round, Scorer, by_fold, by_part, everything, held_out
from motifnet.training.fit import predict
from motifnet.training.targets import TARGETS
from motifnet.training.workspace import Workspace

# Similarity from which a fold's motif is taken to be the final one, as in a round of search.
_SAME_MOTIF = 0.6
_CROSS_FIT_EPOCHS = 5  # a fold's network only has to rank


class Judged(NamedTuple):
    """A learnt model and its motifs, with verdicts from sequences that did not shape them.

    Parameters
    ----------
    learned : Learned
        The final model and motifs.
    verdicts : list of Verdict
        One for each motif.
    held : HeldOut
        What the network said of sequences while they were held out.
    evaluation : str
        One sentence for the report.
    """

    learned: Learned
    verdicts: list[Verdict]
    held: HeldOut
    evaluation: str


def hold_out(
    dataset: Dataset,
    background: np.ndarray,
    config: TrainConfig,
    *,
    progress: Progress,
    workspace: Workspace,
) -> Judged:
    """Learn on train and validation, judge once on test.

    Parameters are those of :func:`motifnet.discovery.learn.learn`.

    Returns
    -------
    Judged

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls)).dataset
    >>> from motifnet.config.train import DiscoveryOptions, ModelOptions, SplitOptions, TrainingOptions
    >>> quick = TrainConfig(
    ...     split=SplitOptions(cross_fit_below=0),
    ...     model=ModelOptions(n_filters=2, filter_width=12),
    ...     training=TrainingOptions(max_epochs=2),
    ...     discovery=DiscoveryOptions(n_motifs=1),
    ... )
    >>> from motifnet.training.workspace import Forgetful
    >>> judged = hold_out(dataset, np.full(4, 0.25), quick, progress=Silent(), workspace=Forgetful())
    >>> len(judged.verdicts), int((~np.isnan(judged.held.scores)).sum())
    (1, 60)
    """
    (test,) = by_part(dataset)
    asked = contrasted(dataset, config)
    learned = learn(
        dataset, test.parts, background, config, name=test.name, progress=progress, workspace=workspace
    )
    held = scored_by_task(asked, test.held, counted=True)
    tests = judge(learned.motifs, *held, strand=config.model.settled_strand)
    verdicts = [one.settled() for one in tests]
    verdicts = _with_importance(verdicts, learned, asked, test)
    found = held_out(dataset, [test], lambda _: partial(predict, learned.model, dataset))
    sentence = "Judged once on the test part, which took no part in training, in choosing or in thresholds."
    return Judged(learned, verdicts, found, sentence)


def cross_fit(
    dataset: Dataset,
    background: np.ndarray,
    config: TrainConfig,
    *,
    progress: Progress,
    workspace: Workspace,
) -> Judged:
    """Learn once from all sequences; judge by learning again without each fold in turn.

    Every sequence is held out once, so that a small set is judged by all it has. A motif's
    counts are those of its counterparts in the folds: see :func:`_counterparts`. Parameters are those
    of :func:`motifnet.discovery.learn.learn`.

    Returns
    -------
    Judged

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls)).dataset
    >>> from motifnet.config.train import DiscoveryOptions, ModelOptions, SplitOptions, TrainingOptions
    >>> quick = TrainConfig(
    ...     split=SplitOptions(n_folds=3),
    ...     model=ModelOptions(n_filters=2, filter_width=12),
    ...     training=TrainingOptions(max_epochs=2),
    ...     discovery=DiscoveryOptions(n_motifs=1),
    ... )
    >>> from motifnet.training.workspace import Forgetful
    >>> judged = cross_fit(dataset, np.full(4, 0.25), quick, progress=Silent(), workspace=Forgetful())
    >>> len(judged.verdicts), int(np.isnan(judged.held.scores).sum())
    (1, 0)
    """
    rounds = by_fold(contrasted(dataset, config), config.split, seed=config.training.seed)
    whole = everything(dataset)
    learned = learn(dataset, whole, background, config, name="all", progress=progress, workspace=workspace)
    epochs = min(config.training.max_epochs, _CROSS_FIT_EPOCHS)
    of_fold = config.with_options("training", max_epochs=epochs)
    by_round: list[_Fold] = []
    with progress.stage("cross-fit", len(rounds)) as step:

        def learn_fold(one: Round) -> Scorer:
            again, fold = _fold(dataset, one, background, of_fold, workspace)
            by_round.append(fold)
            step.advance(f"fold {len(by_round)} of {len(rounds)}: {len(fold.motifs)} motifs")
            return partial(predict, again.model, dataset)

        found = held_out(dataset, rounds, learn_fold, TARGETS[config.training.target].comparable)
    strand = config.model.settled_strand
    counterparts = [_counterparts(learned.motifs, fold.motifs, strand=strand) for fold in by_round]
    flat = [fold.with_members() for fold in by_round]
    verdicts = [
        _verdict(read, list(places), by_round, flat, strand=strand)
        for read, places in zip(learned.motifs, zip(*counterparts, strict=True), strict=True)
    ]
    sentence = (
        f"Judged by cross-fitting in {len(rounds)} folds: every sequence was held out once, and motifs were "
        "searched and a network trained (more briefly) again without it."
    )
    return Judged(learned, verdicts, found, sentence)


_Table = Literal["net", "plain", "among", "beside"]


class _Fold(NamedTuple):
    """What one fold of the cross-fit found without its sequences, and how these judge it."""

    motifs: list[ReadMotif]
    verdicts: list[Verdict]
    n_targets: list[int]
    n_controls: list[int]

    def with_members(self) -> _Fold:
        """The same with variants and parts as motifs of their own, which have no test."""
        members = [one for read in self.motifs for _, one in read.members]
        of_members = [one for verdict in self.verdicts for one in verdict.members]
        return self._replace(motifs=self.motifs + members, verdicts=self.verdicts + of_members)


def _fold(
    dataset: Dataset, one: Round, background: np.ndarray, config: TrainConfig, workspace: Workspace
) -> tuple[Learned, _Fold]:
    learned = learn(
        dataset,
        one.parts,
        background,
        config,
        name=one.name,
        progress=Silent(),
        workspace=workspace,
    )
    asked = contrasted(dataset, config)
    targets, controls = scored_by_task(asked, one.held, counted=True)
    verdicts = judge(learned.motifs, targets, controls, strand=config.model.settled_strand)
    verdicts = _with_importance(verdicts, learned, asked, one)
    n_targets, n_controls = ([len(part.sequences) for part in side] for side in (targets, controls))
    return learned, _Fold(learned.motifs, verdicts, n_targets, n_controls)


def _with_importance(
    verdicts: Sequence[Verdict], learned: Learned, asked: Dataset, one: Round
) -> list[Verdict]:
    """The same with what the network loses without each motif, its variants and parts."""
    found = importances(
        learned.model,
        asked,
        [read.filters for read in learned.motifs],
        [read.task for read in learned.motifs],
        shaping=one.parts.shaping,
        held=one.held,
    )
    return [verdict._replace(importance=lost) for verdict, lost in zip(verdicts, found, strict=True)]


def _counterparts(
    motifs: Sequence[ReadMotif], of_fold: Sequence[ReadMotif], *, strand: Strand
) -> list[int | None]:
    """Where a fold has each of the final motifs: the most similar of those that are most similar to it.

    So no motif of a fold speaks for two. Motifs are motifs and what is none is none in both.
    """
    alike = np.array([[_alikeness(ours, theirs, strand=strand) for theirs in of_fold] for ours in motifs])
    if alike.size == 0:
        return [None] * len(motifs)
    is_own = np.arange(len(motifs))[:, None] == alike.argmax(0)
    alike = np.where(is_own, alike, 0.0)
    best = alike.argmax(1)
    return [int(place) if row[place] >= _SAME_MOTIF else None for row, place in zip(alike, best, strict=True)]


def _alikeness(ours: ReadMotif, theirs: ReadMotif, *, strand: Strand) -> float:
    """Similarity of a final motif and one of a fold, if both are of one task and are tested alike."""
    if ours.task != theirs.task or bool(ours.extends) != bool(theirs.extends):
        return 0.0
    if (ours.kind is Kind.MOTIF) != (theirs.kind is Kind.MOTIF):
        return 0.0
    return _similarity(ours, theirs, strand=strand)


def _similarity(ours: ReadMotif, theirs: ReadMotif, *, strand: Strand) -> float:
    first, second = (one.motif.probabilities for one in (ours, theirs))
    return compare.similarity(first, second, ours.motif.background, strand=strand)


def _verdict(
    read: ReadMotif,
    places: list[int | None],
    by_fold: Sequence[_Fold],
    flat: Sequence[_Fold],
    *,
    strand: Strand,
) -> Verdict:
    """The verdict on a final motif from its counterparts in the folds."""
    test = _test_of(read, by_fold, places)
    tasks = range(len(by_fold[0].n_targets))
    net = tuple(_pool(by_fold, places, task, test) for task in tasks)
    plain = tuple(_pool(by_fold, places, task, "plain") for task in tasks)
    members = tuple(_verdict_on_member(one, flat, strand=strand) for _, one in read.members)
    of_each_task = tuple(_mean_auroc(by_fold, places, task) for task in tasks)
    importance = _mean_importance(by_fold, places, read.task)
    return Verdict(
        net, plain, of_each_task, members, against_shuffled=test == "beside", importance=importance
    )


def _test_of(read: ReadMotif, by_fold: Sequence[_Fold], places: Sequence[int | None]) -> _Table:
    """What the p-value is of: of a composite, one table of all folds together is chosen."""
    if not read.extends:
        return "net"
    return "among" if can_tell(_pool(by_fold, places, read.task, "among")) else "beside"


def _verdict_on_member(read: ReadMotif, flat: Sequence[_Fold], *, strand: Strand) -> Verdict:
    """Counts of the most similar of all motifs of each fold, their variants and parts among them."""
    alike = [_most_similar(read, fold.motifs, strand=strand) for fold in flat]
    tasks = range(len(flat[0].n_targets))
    plain = tuple(_pool(flat, alike, task, "plain") for task in tasks)
    return Verdict((), plain, tuple(_mean_auroc(flat, alike, task) for task in tasks))


def _most_similar(read: ReadMotif, others: Sequence[ReadMotif], *, strand: Strand) -> int | None:
    alike = [_similarity(read, other, strand=strand) for other in others]
    return int(np.argmax(alike)) if alike and max(alike) >= _SAME_MOTIF else None


def _pool(by_fold: Sequence[_Fold], places: Sequence[int | None], task: int, which: _Table) -> Enrichment:
    """One test over all folds; a fold that did not find the motif has no sites of it.

    A fold in which it is no composite has no sequences among which a composite could be tested.
    """
    tables = []
    for fold, place in zip(by_fold, places, strict=True):
        found = getattr(fold.verdicts[place], which) if place is not None else ()
        asked = (0, 0) if which in ("among", "beside") else (fold.n_targets[task], fold.n_controls[task])
        tables.append(found[task] if found else Enrichment(0, asked[0], 0, asked[1], 0.0))
    return pooled(tables)


def _mean_auroc(by_fold: Sequence[_Fold], places: Sequence[int | None], task: int) -> float:
    """Mean over folds, weighted by their targets; a fold without the motif counts as no skill."""
    judged = [
        (fold.verdicts[place].auroc[task] if place is not None else 0.5, fold.n_targets[task])
        for fold, place in zip(by_fold, places, strict=True)
        if fold.n_targets[task] and fold.n_controls[task]
    ]
    values, weights = zip(*judged, strict=True)
    return float(np.average(values, weights=weights))


def _mean_importance(by_fold: Sequence[_Fold], places: Sequence[int | None], task: int) -> Importance | None:
    """Mean over the folds that asked for it in this task, weighted by their targets."""
    asked = [
        (None if place is None else fold.verdicts[place].importance, fold.n_targets[task])
        for fold, place in zip(by_fold, places, strict=True)
        if (place is None or fold.motifs[place].task == task)
        if fold.n_targets[task] and fold.n_controls[task]
    ]
    return mean_importance(*zip(*asked, strict=True)) if asked else None
