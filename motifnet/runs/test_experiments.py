"""One motif for several experiments, or one for each? Files of peaks in, a run folder out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import ExperimentsTestConfig
from motifnet.errors import InvalidValue
from motifnet.hypotheses import experiments_test as hypothesis
from motifnet.progress import Progress, Silent
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, Job, JobKind, RunArguments, RunData, begun
from motifnet.runs.strands import strand_for
from motifnet.runs.tie_tests import (
    TargetSet,
    data_again,
    digest_of_sets,
    given_again,
    given_files,
    names_of,
    published,
    read_targets_alone,
)


def experiments(
    targets: Paths,
    output: str | Path,
    config: ExperimentsTestConfig | None = None,
    **run: Unpack[RunArguments],
) -> TieTestResult:
    """Test whether several experiments have one motif, and write a run folder.

    Parameters
    ----------
    targets : path or sequence of path
        Two or more FASTA, BED or narrowPeak files, each an experiment; or one run folder with several tasks.
    output : str or Path
        The run folder.
    config : ExperimentsTestConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    TieTestResult
        The one test.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> for name, word in (("one", "TGACTCAG"), ("other", "CCGGAAGT")):
    ...     how = SimulateConfig().with_options("simulation", motif=(word,), n_targets=100, length=60)
    ...     made = motifnet.simulate(name, how)
    ...     path = Path(name, "targets.fa").rename(f"{name}.fa")
    >>> experiments(["one.fa", "other.fa"], "run").tests[0].verdict
    <TieVerdict.REJECTED: 'rejected'>
    """
    targets = paths_of(targets)
    given = given_files(targets)
    with begun("test experiments", output, config or ExperimentsTestConfig(), given, **run) as job:
        job.settle("sites", strand=strand_for(job.config.sites.strand, targets=given["targets"]))
        return _tested(job, targets)


def _tested(job: Job[ExperimentsTestConfig], targets: Sequence[Path]) -> TieTestResult:
    """The same in a run that has begun."""
    options = job.config
    with job.stage("read"):
        sets = _read(targets, options, job.progress)
    job.uses(digest_of_sets(sets))
    held_out = {one.name: one.held_out for one in sets if one.held_out is not None}
    with job.stage("test"):
        found = hypothesis.experiments(
            {one.name: one.targets for one in sets},
            held_out=held_out or None,
            strand=options.sites.strand,
            seed=sets[0].seed,
            alpha=options.testing.alpha,
            margin=options.testing.margin,
            progress=job.progress,
        )
    warnings = [told for one in sets for told in one.warnings]
    return published(job, "experiments", [found], options.testing.margin, warnings)


def _read(targets: Sequence[Path], options: ExperimentsTestConfig, progress: Progress) -> list[TargetSet]:
    """The experiments: of files, the targets alone, one of each place; of a run, its tasks."""
    if len(targets) == 1:
        sets = read_targets_alone(targets, options.reading, options.testing) if targets[0].is_dir() else []
        if len(sets) < 2:
            expected = "two or more: several files, or a run with several tasks"
            raise InvalidValue("number of experiments", 1, expected)
        return sets
    _check_names(targets)
    strand = options.sites.strand
    return read_targets_alone(targets, options.reading, options.testing, strand=strand, progress=progress)


def _check_names(targets: Sequence[Path]) -> None:
    names = names_of(targets)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidValue("files", twice, "names that differ: each names an experiment")


def _again(inputs: Inputs, config: ExperimentsTestConfig) -> RunData:
    """The sequences of a test that was made before."""
    return data_again(_read(given_again(inputs), config, Silent()))


JOBS.register("test experiments")(JobKind(ExperimentsTestConfig, _again))
