"""The main job, end to end: files in, a run folder out."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch

from motifnet.config import TrainConfig
from motifnet.datasets.baselines import told_baselines
from motifnet.datasets.compose import Composed, PartSize
from motifnet.discovery.annotate import annotate, small_database_warning
from motifnet.discovery.discover import Discovery
from motifnet.discovery.evaluate import needs_cross_fit
from motifnet.discovery.learn import both_strands
from motifnet.discovery.results import RunResult
from motifnet.io.databases import Database, load_database
from motifnet.kernels.onehot_conv.dispatch import implementation
from motifnet.models.build import check_known
from motifnet.progress import Progress, Silent
from motifnet.runs.folder import Output, RunFolder
from motifnet.runs.found import find
from motifnet.runs.read import read
from motifnet.runs.record import Stopwatch, checksums, write_text
from motifnet.runs.repeats import repeat
from motifnet.runs.strands import strand_for
from motifnet.runs.train_record import identity, inputs_of, record
from motifnet.runs.write import write_results
from motifnet.stats.enrichment import too_few_to_tell
from motifnet.training.device import choose_device, describe_device, use_threads

_log = logging.getLogger(__name__)


def train(
    targets: Sequence[Path],
    output: Path,
    config: TrainConfig,
    *,
    overwrite: bool = False,
    resume: bool = False,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> RunResult:
    """Find motifs in files of peaks and write a run folder.

    Parameters
    ----------
    targets : sequence of Path
        FASTA, BED or narrowPeak files: one task each.
    output : Path
        The run folder.
    config : TrainConfig
        All options.
    overwrite : bool
        Replace a run that is already there.
    resume : bool
        Go on with an interrupted run.
    command : sequence of str
        The command line, for the record.
    progress : Progress, optional
        Told what is going on.

    Returns
    -------
    RunResult
        What was found; all of it is in the folder as well.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then. If the disk runs full;
        what is finished is kept then, for a run that is resumed.
    """
    with RunFolder(output).taken(overwrite=overwrite, resume=resume) as folder, _noting_what_is_kept(folder):
        return _trained(
            targets, folder, config, overwrite=overwrite, resume=resume, command=command,
            progress=progress or Silent(),
        )  # fmt: skip


@contextmanager
def _noting_what_is_kept(folder: RunFolder) -> Iterator[None]:
    """Let whatever ends a run early say how to go on with it, once there is something to go on with."""
    ended_early = True
    try:
        yield
        ended_early = False
    finally:
        problem = sys.exc_info()[1]
        if ended_early and problem is not None and folder.is_interrupted:
            problem.add_note("what is finished is kept: go on with --resume")


def _trained(
    targets: Sequence[Path],
    folder: RunFolder,
    config: TrainConfig,
    *,
    overwrite: bool,
    resume: bool,
    command: Sequence[str],
    progress: Progress,
) -> RunResult:
    """The same in a folder that is taken."""
    check_known(config.model)
    device = describe_device(_prepared_device(config))
    config = _with_strand(config, targets)
    progress.log(f"device: {device}")
    watch = Stopwatch()
    with watch.stage("read"):
        inputs = checksums(inputs_of(targets, config))
        databases = [load_database(spec) for spec in config.discovery.motif_db]
        composed = read(targets, config)
    composed = _as_used(composed, config)
    _tell_idle(composed, config)
    _tell(composed, progress)
    if resume and not folder.is_interrupted:
        _log.warning(
            "--resume has no effect, since no run was interrupted in %s; this one begins", folder.path
        )
    folder.begin(identity(composed.dataset, config), overwrite=overwrite, resume=resume)
    with watch.stage("discover"):
        found = find(targets, composed, config, progress=progress, workspace=folder)
    repeats = None
    if config.training.repeats > 1:
        with watch.stage("repeat"):
            motifs, repeats = repeat(targets, config, found.motifs, progress=progress, workspace=folder)
        found = found._replace(motifs=motifs)
    with watch.stage("annotate"):
        found = found._replace(motifs=annotate(found.motifs, databases))
    written = record(config, command=command, inputs=inputs, device=device, seconds=watch.seconds)
    result = _result(folder.path.name, composed, found, databases, written, config.discovery.e_value)
    with folder.results(written) as results:
        strands = both_strands(config)
        write_results(results, result, found.model, composed.dataset, both_strands=strands)
        if repeats is not None:
            write_text(results / Output.REPRODUCIBILITY, repeats.table())
    return result


def _with_strand(config: TrainConfig, targets: Sequence[Path]) -> TrainConfig:
    """The options, of which the handling of strands is known."""
    strand = strand_for(config.model.strand, "tied", targets=targets)
    return config.with_options("model", strand=strand)


def _prepared_device(config: TrainConfig) -> torch.device:
    use_threads(config.training.threads)
    device = choose_device(config.training.device)
    implementation(device)  # refused now, if it was asked for and cannot be had, and not after the search
    return device


def _as_used(composed: Composed, config: TrainConfig) -> Composed:
    """The summary with the parts as they are used: a cross-fit holds every sequence out once."""
    summary = composed.summary
    if not needs_cross_fit(composed.dataset, config):
        return composed
    n_targets = int(composed.dataset.is_target.sum())
    groups = tuple(name for part in summary.parts for name in part.groups)
    held_out = PartSize("each held out once", n_targets, summary.n_controls, groups)
    method = f"{summary.split_method}; cross-fitted in folds of these, for want of targets"
    return composed._replace(summary=summary._replace(parts=(held_out,), split_method=method))


def _tell_idle(composed: Composed, config: TrainConfig) -> None:
    """Warn of options that the way of judging, or the model, leaves without effect."""
    fewest, limit = int(composed.dataset.n_counted().min()), config.split.cross_fit_below
    if needs_cross_fit(composed.dataset, config):
        why = f"{fewest:,} places of targets, fewer than --cross-fit-below {limit:,}, are cross-fitted"
        config.split.tell_idle("test_fraction", "test_chroms", since=why)
    else:
        config.split.tell_idle("n_folds", since="a part is held out, and nothing is cross-fitted")
    if config.training.patience >= config.training.max_epochs:
        config.training.tell_idle("patience", since="there are no more epochs than that (--max-epochs)")
    if config.model.model == "deep":
        config.model.tell_idle("pool", since="the deep model has pools of its own")


def _tell(composed: Composed, progress: Progress) -> None:
    summary = composed.summary
    for task, n in summary.targets_by_task.items():
        progress.log(f"{task}: {n:,} targets")
    for reason, n in summary.removed.items():
        progress.log(f"left out: {n:,} {reason}")
    progress.log(f"controls: {summary.control_source}")
    progress.log(f"split: {summary.split_method}")
    for part in summary.parts:
        chromosomes = f", {len(part.groups)} chromosomes" if part.groups else ""
        progress.log(f"  {part.part}: {part.n_targets:,} targets, {part.n_controls:,} controls{chromosomes}")
    for sentence in (*composed.notes, *composed.warnings):
        progress.log(sentence)


def _result(
    title: str,
    composed: Composed,
    found: Discovery,
    databases: Sequence[Database],
    written: dict[str, object],
    max_e: float,
) -> RunResult:
    warnings = [
        *composed.warnings,
        *_too_few(found, max_e),
        *_baseline_warnings(found),
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
    )


def _too_few(found: Discovery, max_e: float) -> list[str]:
    """Of each task whose held-out sequences are too few for any motif to be significant."""
    if not found.motifs:
        return []
    first = found.motifs[0]
    told = {
        task: too_few_to_tell(test.n_targets, test.n_controls, first.n_tests, max_e)
        for task, test in first.by_task.items()
    }
    return [f"{task}: {sentence}" for task, sentence in told.items() if sentence is not None]


def _baseline_warnings(found: Discovery) -> list[str]:
    return [
        f"{metrics.task}: {sentence}"
        for metrics in found.metrics
        for sentence in told_baselines(metrics.gc_auroc, metrics.length_auroc)
    ]
