"""Does the place in the window matter? Files of peaks in, a run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import PositionTestConfig
from motifnet.hypotheses import position_test as hypothesis
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.inputs import Paths, paths_of
from motifnet.runs.job import JOBS, JobKind, RunArguments, begun
from motifnet.runs.strands import strand_for
from motifnet.runs.tie_tests import given_files, sets_again, tested_sets


def position(
    targets: Paths,
    output: str | Path,
    config: PositionTestConfig | None = None,
    *,
    resume: bool = False,
    **run: Unpack[RunArguments],
) -> TieTestResult:
    """Test whether sites are as likely at any place of their windows, and write a run folder.

    Parameters
    ----------
    targets : path or sequence of path
        FASTA, BED or narrowPeak files, each of them tested by itself; or one run folder.
    output : str or Path
        The run folder.
    config : PositionTestConfig, optional
        All options; the defaults of the command line if not given.
    resume : bool
        Go on with an interrupted run.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    TieTestResult
        A test of each set.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> how = SimulateConfig().with_options("simulation", motif=("TGACTCAG:0.7",), n_targets=200, length=60)
    >>> made = motifnet.simulate("made", how)
    >>> found = position("made/targets.fa", "run")
    >>> found.tests[0].subject, found.tests[0].effect.unit
    ('targets', 'bp')
    """
    targets = paths_of(targets)
    given = given_files(targets)
    with begun("test position", output, config or PositionTestConfig(), given, resume=resume, **run) as job:
        asked = job.config.placing.strand
        job.settle("placing", strand=strand_for(asked, targets=given["targets"]))
        placing = job.config.placing
        return tested_sets(
            job, "position", hypothesis.asked, targets, origin=placing.origin, strand=placing.strand
        )


JOBS.register("test position")(JobKind(PositionTestConfig, sets_again))
