"""The whole of discovery: from a data set to motifs with names, numbers and sites."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.config.train import ModelOptions, TrainConfig
from motifnet.datasets.compose import Dataset, needs_cross_fit
from motifnet.discovery.evaluate import Judged, cross_fit, hold_out
from motifnet.discovery.judge import Verdict
from motifnet.discovery.learn import contrasted
from motifnet.discovery.readout import ReadMotif, Relation
from motifnet.discovery.results import Dropped, FamilyMember, FoundMotif
from motifnet.discovery.scored import Scored
from motifnet.models.network import Network
from motifnet.motifs import Sites
from motifnet.progress import Progress, Silent
from motifnet.stats.enrichment import Enrichment
from motifnet.strand import Strand
from motifnet.training.targets import TARGETS
from motifnet.training.task_metrics import TaskMetrics
from motifnet.training.workspace import Forgetful, Workspace


class Discovery(NamedTuple):
    """What a data set gave.

    Parameters
    ----------
    model : Network
        Trained.
    model_options : ModelOptions
        What it was built from.
    motifs : list of FoundMotif
        In the order of :attr:`FoundMotif.rank_key`.
    dropped : list of Dropped
        Filters without a motif of their own.
    metrics : list of TaskMetrics
        One for each task, on held-out sequences.
    evaluation : str
        One sentence: how motifs and model were judged.
    """

    model: Network
    model_options: ModelOptions
    motifs: list[FoundMotif]
    dropped: list[Dropped]
    metrics: list[TaskMetrics]
    evaluation: str


def discover(
    dataset: Dataset,
    background: np.ndarray,
    config: TrainConfig,
    *,
    progress: Progress | None = None,
    workspace: Workspace | None = None,
) -> Discovery:
    """Find motifs and judge them on sequences that did not shape them.

    Parameters
    ----------
    dataset : Dataset
        Targets and controls, split.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    config : TrainConfig
        All options.
    progress : Progress, optional
        Told what is going on.
    workspace : Workspace, optional
        Keeps what is finished, for a run that is resumed.

    Returns
    -------
    Discovery
        Without a significant motif in a data set that has none.

    Raises
    ------
    UnknownName
        If there is no such family of networks, or kind of target.
    InvalidValue
        If a label cannot be one of that kind.
    TooFewSequences
        If there are too few groups of sequences to cross-fit over.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls)).dataset
    >>> from motifnet.config.train import DiscoveryOptions, SplitOptions, TrainingOptions
    >>> quick = TrainConfig(
    ...     split=SplitOptions(cross_fit_below=0),
    ...     model=ModelOptions(n_filters=2, filter_width=12),
    ...     training=TrainingOptions(max_epochs=2),
    ...     discovery=DiscoveryOptions(n_motifs=1),
    ... )
    >>> found = discover(dataset, np.full(4, 0.25), quick)
    >>> [(one.motif.name, one.significant) for one in found.motifs]
    [('1-CCGGAAGTGA', True)]
    """
    target = TARGETS[config.training.target]
    target.check(dataset.labels)
    way = cross_fit if needs_cross_fit(contrasted(dataset, config), config.split) else hold_out
    judged = way(
        dataset,
        background,
        config,
        progress=progress or Silent(),
        workspace=workspace or Forgetful(),
    )
    return Discovery(
        judged.learned.model,
        judged.learned.model_options,
        _found(judged, dataset, config),
        judged.learned.dropped,
        [target.metrics(dataset, judged.held, task) for task in range(len(dataset.tasks))],
        judged.evaluation,
    )


def _found(judged: Judged, dataset: Dataset, config: TrainConfig) -> list[FoundMotif]:
    n_tests = len(judged.verdicts) * len(dataset.tasks)
    scored = Scored.of(dataset.sequences.select(dataset.is_target))
    found = [
        (read, _found_motif(read, verdict, n_tests, judged.learned.model, dataset, scored, config))
        for read, verdict in zip(judged.learned.motifs, judged.verdicts, strict=True)
    ]
    found.sort(key=lambda pair: pair[1].rank_key)
    names = {read.filters[0]: f"{rank}-{one.motif.consensus}" for rank, (read, one) in enumerate(found, 1)}
    return [
        replace(
            one,
            motif=replace(one.motif, name=names[read.filters[0]], alt_name=f"motifnet-{rank}"),
            extends=names[read.extends] if read.extends else "",
        )
        for rank, (read, one) in enumerate(found, 1)
    ]


def _home(read: ReadMotif, verdict: Verdict) -> Enrichment:
    """Enrichment in the task that training named, so that held-out sequences choose nothing."""
    return verdict.net[read.task]


def _found_motif(
    read: ReadMotif,
    verdict: Verdict,
    n_tests: int,
    model: Network,
    dataset: Dataset,
    targets: Scored,
    config: TrainConfig,
) -> FoundMotif:
    """All that is known of a motif but its rank, and so its name."""
    by_task = [_reported(*pair) for pair in zip(verdict.plain, verdict.net, strict=True)]
    enrichment = by_task[read.task]
    log10_e = enrichment.log10_p + math.log10(n_tests)
    return FoundMotif(
        motif=replace(read.motif, log10_e_value=log10_e),
        enrichment=enrichment,
        net=_home(read, verdict),
        n_tests=n_tests,
        significant=log10_e <= math.log10(config.discovery.max_e),
        auroc=verdict.auroc[read.task],
        task=dataset.tasks[read.task],
        by_task=dict(zip(dataset.tasks, by_task, strict=True)),
        weight_by_task=_weights(read, model, dataset.tasks),
        threshold=read.threshold,
        filters=read.filters,
        sites=_sites(read, dataset, targets, strand=config.model.settled_strand),
        tie=read.tie,
        kind=read.kind,
        kept=config.discovery.keep_repeats,
        importance=verdict.importance,
        against_shuffled=verdict.against_shuffled,
        members=[
            _member(relation, one, of_member, read.task)
            for (relation, one), of_member in zip(read.members, verdict.members, strict=True)
        ],
    )


def _member(relation: Relation, read: ReadMotif, verdict: Verdict, task: int) -> FamilyMember:
    motif = replace(read.motif, name=read.motif.consensus)
    return FamilyMember(motif, relation, verdict.plain[task], verdict.auroc[task], read.filters)


def _reported(plain: Enrichment, net: Enrichment) -> Enrichment:
    """Counts of all sequences with a site, and the p-value net of better motifs."""
    return plain._replace(log10_p=net.log10_p)


def _weights(read: ReadMotif, model: Network, tasks: Sequence[str]) -> dict[str, float]:
    weights = model.filter_weights()
    if weights is None:
        return {}
    number = int(read.filters[0].removeprefix("filter")) - 1
    return dict(zip(tasks, weights[:, number].tolist(), strict=True))


def _sites(read: ReadMotif, dataset: Dataset, targets: Scored, *, strand: Strand) -> Sites:
    """The best site of each target, if it reaches the motif's threshold."""
    found = targets.best_known(read.log_odds, strand=strand)
    has_site = np.flatnonzero(found.score >= read.threshold)
    index = np.flatnonzero(dataset.is_target)[has_site]
    columns = (column[has_site] for column in (found.position, found.reverse, found.score))
    return Sites(dataset.sequences, read.motif.width, index, *columns)
