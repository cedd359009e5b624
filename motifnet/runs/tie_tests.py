"""What all tests of ties share: what they are made of, and what they write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.tie_tests import (
    EmissionsTestConfig,
    OrientationTestConfig,
    PalindromeTestConfig,
    PositionTestConfig,
    StrandTestConfig,
    TieTestOptions,
)
from motifnet.config.train import TrainConfig
from motifnet.datasets.clean import clean
from motifnet.datasets.compose import Composed, Dataset, needs_cross_fit
from motifnet.datasets.independent import independent
from motifnet.datasets.independent import told as told_of_places
from motifnet.datasets.split import TEST
from motifnet.datasets.windows import holds_peaks, read_targets, tell_idle_reading
from motifnet.errors import NotOfRun, TooFewSequences
from motifnet.hypotheses.judging import Answer, Asking, Once, afresh, judge
from motifnet.io.databases import load_database
from motifnet.io.genome import opened
from motifnet.io.text import json_text, write_text
from motifnet.progress import Progress, Silent
from motifnet.report.charts.tie_tests import write_pictures
from motifnet.report.pages.tie_tests import render_tie_tests
from motifnet.report.tables.tie_tests import tie_tests_json, tie_tests_tsv
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.compared import read_compared
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Inputs
from motifnet.runs.job import Job, Options, RunData, digest_of
from motifnet.runs.kept_answers import KeptAnswers
from motifnet.runs.page_files import files_of_run
from motifnet.runs.reading import Run, read_run
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.ties.tested import TieTest

LATER_OPTIONS = ("threads",)
"""Options that change nothing of what is kept of a test."""

_OfSets = TypeVar("_OfSets", StrandTestConfig, PositionTestConfig)
_OfMotifs = TypeVar("_OfMotifs", PalindromeTestConfig, EmissionsTestConfig, OrientationTestConfig)


class TargetSet(NamedTuple):
    """Sequences that a tie is tested of.

    Parameters
    ----------
    name : str
        Of the file, or of the task of a run.
    targets : Sequences
        One of each place.
    controls : Sequences or None
        Real ones; none where the targets would only be shuffled.
    held_out : numpy.ndarray of bool, shape=(n_targets,), or None
        What judges, as the split of a run has it.
    seed : int
        Of the run, if it is one; else of the options.
    warnings : tuple of str
    """

    name: str
    targets: Sequences
    controls: Sequences | None
    held_out: np.ndarray | None
    seed: int
    warnings: tuple[str, ...] = ()


RUN = "run"
"""Role of the record of a run folder that was given in the place of files."""


def given_files(targets: Sequence[Path]) -> dict[str, list[Path]]:
    """The files to read, by role: those given, or those of the one run folder that was given.

    Raises
    ------
    FileFormatError
        If a folder holds no finished run.
    """
    if not _is_run(targets):
        return {"targets": list(targets)}
    run = read_run(targets[0])
    return {RUN: [targets[0] / Output.RECORD], "targets": run.inputs["targets"]}


def _is_run(targets: Sequence[Path]) -> bool:
    return len(targets) == 1 and targets[0].is_dir()


def given_again(inputs: Inputs) -> list[Path]:
    """What was given to a test that was made before."""
    return [path.parent for path in inputs[RUN]] or inputs["targets"]


def read_sets(
    targets: Sequence[Path],
    reading: ReadingOptions,
    controls: ControlOptions,
    testing: TieTestOptions,
    *,
    progress: Progress | None = None,
) -> list[TargetSet]:
    """The sets that a test is about: each file is one, or each task of a run of ``train``.

    Parameters
    ----------
    targets : sequence of Path
        FASTA, BED or narrowPeak files; or one run folder.
    reading, controls, testing
        Options; those of a run are its own.
    progress : Progress, optional

    Raises
    ------
    MotifnetError
        If a file cannot be read, a run has no targets, or too few sequences are left.
    """
    if _is_run(targets):
        _tell_idle(reading, controls, testing)
        return _sets_of_run(read_run(targets[0]))
    if controls.control is None and reading.genome is None:
        controls.tell_idle(since="controls are shuffles that the test makes")
        return read_targets_alone(targets, reading, testing, progress=progress)
    found = []
    for path, name in zip(targets, names_of(targets), strict=True):
        compared = read_compared(
            [path],
            reading,
            controls,
            strand=Strand.BOTH,
            seed=testing.seed,
            progress=progress or Silent(),
        )
        sequences, is_target = compared.sequences, compared.is_target
        beside = _real(sequences.select(~is_target), given=controls.control is not None)
        kept = sequences.select(is_target)
        found.append(TargetSet(name, kept, beside, None, testing.seed, compared.warnings))
    return found


def read_targets_alone(
    targets: Sequence[Path],
    reading: ReadingOptions,
    testing: TieTestOptions,
    *,
    strand: Strand = Strand.BOTH,
    beds: Sequence[Path] = (),
    progress: Progress | None = None,
) -> list[TargetSet]:
    """The sets of a test that asks no controls: see :func:`read_sets`.

    Parameters
    ----------
    targets, reading, testing
        As there.
    strand : Strand
        Whether a sequence and its reverse complement are the same.
    beds : sequence of Path
        Files of intervals that are read beside the targets, with the same options.
    progress : Progress, optional

    Raises
    ------
    MotifnetError
        If a file cannot be read, a run has no targets, or no sequence is left.
    """
    if _is_run(targets):
        _tell_idle(reading, None, testing)
        return _sets_of_run(read_run(targets[0]))
    tell_idle_reading(reading, targets, beds)
    if not any(map(holds_peaks, targets)):
        reading.tell_idle("genome", since="it is of peaks, and all input is FASTA")
    found = []
    with opened(reading.genome) as genome, (progress or Silent()).stage("read", len(targets)) as step:
        for path, name in zip(targets, names_of(targets), strict=True):
            given = read_targets(path, reading, genome)
            kept = given.select(clean(given, strand=strand).kept)
            if not len(kept):
                raise TooFewSequences(f"{path}", 0, 1)
            counted = independent(kept, strand=strand, seed=testing.seed)
            warnings = told_of_places(f"targets of {name}", counted)
            found.append(TargetSet(name, kept.select(counted), None, None, testing.seed, warnings))
            step.advance()
    return found


def _real(controls: Sequences, *, given: bool) -> Sequences | None:
    """Controls that are sequences of a genome or given ones, and no shuffles: those have no place."""
    are_placed = controls.intervals is not None and all(controls.intervals)
    return controls if given or are_placed else None


def names_of(paths: Sequence[Path]) -> list[str]:
    """What files are called in results: names without endings, with that of the folder where two are alike.

    Examples
    --------
    >>> names_of([Path("peaks/GATA1.rep1.bed.gz"), Path("a/peaks.fa"), Path("b/peaks.fa")])
    ['GATA1.rep1', 'a/peaks', 'b/peaks']
    """
    names = [path.name.removesuffix(".gz").rsplit(".", 1)[0] for path in paths]
    return [
        f"{path.absolute().parent.name}/{name}" if names.count(name) > 1 else name
        for path, name in zip(paths, names, strict=True)
    ]


def _tell_idle(reading: ReadingOptions, controls: ControlOptions | None, testing: TieTestOptions) -> None:
    since = "a run folder is given, which has its own"
    reading.tell_idle(since=since)
    if controls is not None:
        controls.tell_idle(since=since)
    testing.tell_idle("seed", since=since)


def _sets_of_run(run: Run) -> list[TargetSet]:
    """The targets of each task of a run of ``train``."""
    if not isinstance(run.data.of_kind, Composed) or not isinstance(run.config, TrainConfig):
        raise NotOfRun(run.path, run.job, "tasks with targets of their own; give one of motifnet train")
    return sets_of_dataset(run.data.of_kind.dataset, run.config)


def sets_of_dataset(dataset: Dataset, config: TrainConfig) -> list[TargetSet]:
    """The targets of each task that tests count, those of the test part as what judges.

    Parameters
    ----------
    dataset : Dataset
    config : TrainConfig
        That it was read with.
    """
    given = config.controls.control is not None
    found = []
    for task, name in enumerate(dataset.tasks):
        labels = dataset.tested_labels[:, task]
        chosen = np.flatnonzero(labels == 1)
        held_out = None if needs_cross_fit(dataset, config.split) else dataset.part[chosen] == TEST
        beside = _real(dataset.sequences.select(np.flatnonzero(labels == 0)), given=given)
        targets = dataset.sequences.select(chosen)
        found.append(TargetSet(name, targets, beside, held_out, config.training.seed))
    return found


@contextmanager
def too_few_told(hypothesis: str, one: TargetSet, answers: list[Answer], *, alone: bool) -> Iterator[None]:
    """Let a set that is too small for a test say so among the tests of others; alone it is an error.

    Parameters
    ----------
    hypothesis : str
    one : TargetSet
    answers : list of Answer
        What is told is added.
    alone : bool
        Whether there is nothing else to tell.

    Raises
    ------
    TooFewSequences
        If it is alone.
    """
    try:
        yield
    except TooFewSequences as problem:
        if alone:
            raise
        answers.append(Answer.none(hypothesis, one.name, "", f"{problem}.", n=len(one.targets)))


def asking(one: TargetSet, testing: TieTestOptions, progress: Progress, *, once: Once = afresh) -> Asking:
    """How a set is asked."""
    return Asking(one.name, one.held_out, one.seed, testing.alpha, testing.margin, progress, once)


def tested_sets(
    job: Job[_OfSets],
    hypothesis: str,
    ask: Callable[..., Answer],
    targets: Sequence[Path],
    **its_own: object,
) -> TieTestResult:
    """Ask one question of each set by itself, and write what came out.

    Parameters
    ----------
    job : Job
        That has begun.
    hypothesis : str
        Name in :data:`~motifnet.hypotheses.registry.HYPOTHESES`.
    ask : callable
        What the hypothesis makes an answer with.
    targets : sequence of Path
        As for :func:`read_sets`.
    its_own : object
        What the hypothesis takes beside what all of them do.
    """
    config = job.config
    with job.stage("read"):
        sets = read_sets(targets, config.reading, config.controls, config.testing, progress=job.progress)
    job.uses(digest_of_sets(sets))
    job.keep(but=LATER_OPTIONS)
    with job.stage("test"):
        answers: list[Answer] = []
        for i, one in enumerate(sets):
            with too_few_told(hypothesis, one, answers, alone=len(sets) == 1):
                how = asking(one, config.testing, job.progress)
                once = KeptAnswers(job.folder, f"set {i}")
                answers.append(once(hypothesis, partial(ask, one.targets, one.controls, how, **its_own)))
    warnings = [told for one in sets for told in one.warnings]
    return published(job, hypothesis, judge(answers, config.testing.alpha), config.testing.margin, warnings)


def tested_motifs(
    job: Job[_OfMotifs],
    hypothesis: str,
    ask: Callable[..., list[Answer]],
    motif_source: Path,
    targets: Sequence[Path],
    *,
    beds: Sequence[Path],
    **its_own: object,
) -> TieTestResult:
    """Ask one question of each motif in each set, and write what came out.

    Parameters
    ----------
    job : Job
        That has begun.
    hypothesis : str
        Name in :data:`~motifnet.hypotheses.registry.HYPOTHESES`.
    ask : callable
        What the hypothesis makes answers with, of motifs and sequences.
    motif_source : Path
        A file of motifs, or ``"jaspar"``.
    targets : sequence of Path
        As for :func:`read_targets_alone`.
    beds : sequence of Path
        Files of intervals that are read with the same options.
    its_own : object
        What the hypothesis takes beside what all of them do.
    """
    config = job.config
    with job.stage("read"):
        motifs = load_database(motif_source).motifs
        sets = read_targets_alone(targets, config.reading, config.testing, beds=beds, progress=job.progress)
    job.uses(digest_of_sets(sets))
    job.keep(but=LATER_OPTIONS)
    with job.stage("test"):
        answers: list[Answer] = []
        for i, one in enumerate(sets):
            with too_few_told(hypothesis, one, answers, alone=len(sets) == 1):
                once = KeptAnswers(job.folder, f"set {i}")
                how = asking(one, config.testing, job.progress, once=once)
                if len(sets) == 1:
                    how = how._replace(subject="")
                answers += ask(motifs, one.targets, how=how, **its_own)
    warnings = [told for one in sets for told in one.warnings]
    return published(job, hypothesis, judge(answers, config.testing.alpha), config.testing.margin, warnings)


def sets_again(inputs: Inputs, config: StrandTestConfig | PositionTestConfig) -> RunData:
    """What a test of sets was made of, read again."""
    sets = read_sets(given_again(inputs), config.reading, config.controls, config.testing)
    return data_again(sets)


def targets_again(
    inputs: Inputs, config: PalindromeTestConfig | EmissionsTestConfig | OrientationTestConfig
) -> RunData:
    """What a test of motifs was made of, read again."""
    return data_again(read_targets_alone(given_again(inputs), config.reading, config.testing))


def data_again(sets: Sequence[TargetSet]) -> RunData:
    """What a test worked on, as it is read again."""
    controls = [one.controls for one in sets if one.controls is not None]
    return RunData(
        Sequences.concatenate([one.targets for one in sets]),
        Sequences.concatenate(controls) if controls else None,
        digest_of_sets(sets),
        list(sets),
    )


def digest_of_sets(sets: Sequence[TargetSet]) -> str:
    """What tells these sequences from others."""
    parts = [part for one in sets for part in (one.targets, one.controls) if part is not None]
    return digest_of(*(array for part in parts for array in (part.codes, part.offsets)))


def published(
    job: Job[Options],
    hypothesis: str,
    tests: Sequence[TieTest],
    margin: float,
    warnings: Sequence[str] = (),
) -> TieTestResult:
    """Write the page, the tables and the figures of finished tests, and the record.

    Parameters
    ----------
    job : Job
    hypothesis : str
        Name in :data:`~motifnet.hypotheses.registry.HYPOTHESES`.
    tests : sequence of TieTest
    margin : float
        That verdicts were given by.
    warnings : sequence of str
    """
    record = job.record()
    result = TieTestResult(job.folder.path.name, hypothesis, tests, list(warnings), record)
    with job.results(record) as results:
        write_text(results / Output.TIE_TESTS, tie_tests_tsv(result))
        write_text(results / Output.TIE_TESTS_JSON, json_text(tie_tests_json(result)))
        write_pictures(results / Output.FIGURES, tests, margin)
        write_text(results / Output.REPORT, render_tie_tests(result, type(job.config), files_of_run(results)))
    return result
