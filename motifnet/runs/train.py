"""The main job, end to end: files in, a run folder out."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np

from motifnet.config.train import ModelOptions, TrainConfig
from motifnet.datasets.compose import Composed, Dataset, needs_cross_fit
from motifnet.discovery.annotate import annotate, small_database_warning
from motifnet.discovery.discover import Discovery
from motifnet.discovery.learn import contrasted
from motifnet.discovery.results import RunResult
from motifnet.io.databases import Database, load_database
from motifnet.io.text import write_text
from motifnet.kernels.onehot_conv.dispatch import implementation
from motifnet.models.build import completed
from motifnet.models.saved import TrainedModel
from motifnet.runs.companions import with_companions
from motifnet.runs.folder import Output
from motifnet.runs.found import find
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, Job, JobKind, RunArguments, RunData, begun, digest_of
from motifnet.runs.read import read
from motifnet.runs.repeats import repeat
from motifnet.runs.scan_model import read_model
from motifnet.runs.sources import with_motifs_of_runs
from motifnet.runs.strands import strand_for
from motifnet.runs.ties_of_run import tested_ties
from motifnet.runs.write import write_results
from motifnet.scanning.variants import first_alike
from motifnet.stats.enrichment import too_few_to_tell
from motifnet.ties.of_filters import FilterTies
from motifnet.ties.tested import TieTest
from motifnet.training.device import choose_device, describe_device, use_threads
from motifnet.training.evaluate import by_fold, by_part
from motifnet.training.targets import TARGETS
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)

# Options that change only what is done with finished pieces, or where they are made.
_LATER_OPTIONS = ("threads", "device", "compile", "max_e", "motif_db", "repeats", "logo_format", "test_ties")


def train(
    targets: Paths,
    output: str | Path,
    config: TrainConfig | None = None,
    *,
    resume: bool = False,
    **run: Unpack[RunArguments],
) -> RunResult:
    """Find motifs in files of peaks and write a run folder.

    Parameters
    ----------
    targets : path or sequence of path
        FASTA, BED or narrowPeak files: one task each.
    output : str or Path
        The run folder.
    config : TrainConfig, optional
        All options; the defaults of the command line if not given.
    resume : bool
        Go on with an interrupted run.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    RunResult
        What was found; all of it is in the folder as well.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then. If the disk runs full;
        what is finished is kept then, for a run that is resumed.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> planted = {"motif": ("CCGGAAGTGA:0.7",), "n_targets": 200, "length": 60}
    >>> how = SimulateConfig().with_options("simulation", **planted)
    >>> made = motifnet.simulate("made", how)
    >>> quick = TrainConfig().with_options("training", max_epochs=1)
    >>> found = motifnet.train("made/targets.fa", "run", quick)
    >>> [one.motif.consensus for one in found.significant]
    ['CCGGAAGTGA']
    """
    targets = paths_of(targets)
    config = with_motifs_of_runs(config or TrainConfig(), "discovery", "motif_db")
    config = config.model_copy(update={"model": completed(config.model)})
    TARGETS[config.training.target]  # refused now, if there is no such kind, and not after the search
    FilterTies.of(config.model)
    device = _prepared_device(config)
    with begun("train", output, config, {"targets": targets}, resume=resume, **run) as job:
        return _trained(job, targets, device)


def _trained(job: Job[TrainConfig], targets: Sequence[Path], device: str) -> RunResult:
    """The same in a run that has begun."""
    job.settle("model", strand=strand_for(job.config.model.strand, targets=targets))
    config, progress, folder = job.config, job.progress, job.folder
    with job.stage("read"):
        databases = [load_database(spec) for spec in config.discovery.motif_db]
        composed = read(targets, config, progress)
    job.uses(_digest(composed.dataset))
    progress.log(f"device: {device}")
    judging = _Judging.of(composed.dataset, config)
    _tell_middle(config.model)
    if config.training.patience >= config.training.max_epochs:
        config.training.tell_idle("patience", since="there are no more epochs than that (--max-epochs)")
    few_controls = _too_few_for_thresholds(judging, config)
    for sentence in (*composed.sentences(), *few_controls):
        progress.log(sentence)
    job.keep(but=_LATER_OPTIONS)
    with job.stage("discover"):
        found = find(targets, composed, config, progress=progress, workspace=folder)
    repeats = None
    if config.training.repeats > 1:
        with job.stage("repeat"):
            motifs, repeats = repeat(targets, config, found.motifs, progress=progress, workspace=folder)
        found = found._replace(motifs=motifs)
    with job.stage("annotate"):
        found = found._replace(motifs=annotate(found.motifs, databases))
    with job.stage("companions"):
        strand = config.model.settled_strand
        asked = contrasted(composed.dataset, config)
        found = found._replace(motifs=with_companions(found.motifs, asked, strand=strand))
    tie_tests: list[TieTest] = []
    if config.discovery.test_ties:
        with job.stage("test ties"):
            tie_tests = tested_ties(composed.dataset, found.motifs, config, progress=progress)
    record = job.record(device=device, seed=config.training.seed)
    warnings = [*composed.warnings, *few_controls, *_too_few(found, judging, config.discovery.max_e)]
    result = _result(folder.path.name, composed, found, databases, record, warnings)
    result = replace(result, tie_tests=tie_tests)
    with job.results(record) as results:
        model = _trained_model(found, composed, config)
        formats = config.drawing.logo_format
        write_results(results, result, model, composed.dataset, strand=strand, logo_formats=formats)
        if repeats is not None:
            write_text(results / Output.REPRODUCIBILITY, repeats.table())
    return result


def _tell_middle(options: ModelOptions) -> None:
    """Say which palindromes a filter cannot be: those whose middle is a base, or none, unlike its own."""
    if any(text.partition(":")[0] == "palindrome" for text in options.tie):
        is_odd = options.filter_width % 2 == 1
        _log.warning(
            "palindromes of %s columns have %s in their middle; those %s need another --filter-width, such "
            "as %d",
            options.filter_width,
            "a base" if is_odd else "no base",
            "without one, such as CACGTG," if is_odd else "with one, such as TGASTCA,",
            options.filter_width + 1,
        )


def _again(inputs: Inputs, config: TrainConfig) -> RunData:
    """The data set of a run that was made before."""
    composed = read(inputs["targets"], config)
    dataset = composed.dataset
    targets, controls = (
        dataset.sequences.select(chosen) for chosen in (dataset.is_target, ~dataset.is_target)
    )
    return RunData(targets, controls, _digest(dataset), composed)


JOBS.register("train")(JobKind(TrainConfig, _again, read_model))


def _digest(dataset: Dataset) -> str:
    return digest_of(dataset.sequences.codes, dataset.sequences.offsets, dataset.labels, dataset.part)


def _prepared_device(config: TrainConfig) -> str:
    """The device in words; what cannot be had is refused now, and not after the search."""
    use_threads(config.training.threads)
    device = choose_device(config.training.device)
    implementation(device)
    return describe_device(device)


def _result(
    title: str,
    composed: Composed,
    found: Discovery,
    databases: Sequence[Database],
    written: dict[str, object],
    warnings: Sequence[str],
) -> RunResult:
    warnings = [
        *warnings,
        *(f"{metrics.task}: {sentence}" for metrics in found.metrics for sentence in metrics.doubts),
        *small_database_warning(databases),
    ]
    return RunResult(
        title=title,
        data=composed.summary,
        motifs=found.motifs,
        dropped=found.dropped,
        metrics=found.metrics,
        warnings=warnings,
        evaluation=found.evaluation,
        record=written,
        like=first_alike([one.motif for one in found.motifs]),
    )


def _trained_model(found: Discovery, composed: Composed, config: TrainConfig) -> TrainedModel:
    return TrainedModel(
        network=found.model,
        options=found.model_options,
        tasks=composed.dataset.tasks,
        window=config.reading.window,
        background=composed.summary.background,
        target=config.training.target,
        config=config.model_dump(mode="json"),
    )


class _Judging(NamedTuple):
    """Of each task, how many sequences thresholds rest on in the round that has the fewest, and tests count.

    Parameters
    ----------
    n_learnt_from : dict of str to int
        Controls.
    n_tested : dict of str to (int, int)
        Targets and controls.
    """

    n_learnt_from: dict[str, int]
    n_tested: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, dataset: Dataset, config: TrainConfig) -> _Judging:
        asked = contrasted(dataset, config)
        is_cross_fit = needs_cross_fit(asked, config.split)
        rounds = by_fold(asked, config.split, seed=config.training.seed) if is_cross_fit else by_part(asked)
        held = np.concatenate([one.held for one in rounds])
        learnt_from, tested = {}, {}
        for name, labels, is_counted in zip(asked.tasks, asked.labels.T, asked.counted.T, strict=True):
            learnt_from[name] = min(int((labels[one.parts.shaping] == 0).sum()) for one in rounds)
            of_test = labels[held[is_counted[held]]]
            tested[name] = int((of_test == 1).sum()), int((of_test == 0).sum())
        return cls(learnt_from, tested)


def _too_few_for_thresholds(judging: _Judging, config: TrainConfig) -> list[str]:
    """Of each task whose controls are so few that not one of them may have a site of a motif."""
    most = config.discovery.site_fpr
    return [
        f"{task}: {counted(n, 'control')} {verb(n, 'is', 'are')} left to seek motifs with where others are "
        f"held out, and sites may be in at most {most:.3g} of them (--site-fpr), which is less than one: a "
        "motif of which any has a word by chance is not found. "
        f"Give more, so that {math.ceil(1 / most):,} are left."
        for task, n in judging.n_learnt_from.items()
        if most * n < 1
    ]


def _too_few(found: Discovery, judging: _Judging, max_e: float) -> list[str]:
    """Of each task whose held-out sequences are too few for any motif to be significant; and composites."""
    # Without any motif, those of a single one in each task are as few tests as there can be.
    n_tests = found.motifs[0].n_tests if found.motifs else len(judging.n_tested)
    told = {task: too_few_to_tell(*n, n_tests, max_e) for task, n in judging.n_tested.items()}
    told |= {
        f"{one.motif.name} cannot be told from chance at sites of {one.extends}": too_few_to_tell(
            one.net.n_targets,
            one.net.n_controls,
            one.n_tests,
            max_e,
            against="shuffle" if one.against_shuffled else "control",
        )
        for one in found.motifs
        if one.extends
    }
    return [f"{what}: {sentence}" for what, sentence in told.items() if sentence is not None]
