"""Do sequences know their strand? Files of peaks in, a run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import StrandTestConfig
from motifnet.hypotheses import strand_test as hypothesis
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.inputs import Paths, paths_of
from motifnet.runs.job import JOBS, JobKind, RunArguments, begun
from motifnet.runs.tie_tests import given_files, sets_again, tested_sets


def strand(
    targets: Paths,
    output: str | Path,
    config: StrandTestConfig | None = None,
    *,
    resume: bool = False,
    **run: Unpack[RunArguments],
) -> TieTestResult:
    """Test whether sequences know their strand, and write a run folder.

    Parameters
    ----------
    targets : path or sequence of path
        FASTA, BED or narrowPeak files, each of them tested by itself; or one run folder.
    output : str or Path
        The run folder.
    config : StrandTestConfig, optional
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
    >>> found = strand("made/targets.fa", "run")
    >>> found.tests[0].subject, found.tests[0].n
    ('targets', 200)
    """
    targets = paths_of(targets)
    with begun(
        "test strand", output, config or StrandTestConfig(), given_files(targets), resume=resume, **run
    ) as job:
        return tested_sets(job, "strand", hypothesis.asked, targets)


JOBS.register("test strand")(JobKind(StrandTestConfig, sets_again))
