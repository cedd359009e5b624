"""Do two lineages gain and lose alike? Files of pairs in, a run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import IndelTestConfig
from motifnet.hypotheses import indel_test as hypothesis
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, JobKind, RunArguments, RunData, begun
from motifnet.runs.tested_pairs import pairs_again, read_tested_pairs
from motifnet.runs.tie_tests import given_files, published


def indel(
    inputs: Paths, output: str | Path, config: IndelTestConfig | None = None, **run: Unpack[RunArguments]
) -> TieTestResult:
    """Test whether gaps of both sequences of pairs open as often and are as long, and write a run folder.

    Parameters
    ----------
    inputs : path or sequence of path
        One or two files (see :func:`motifnet.io.pairs.read_pairs`), or one run folder of ``motifnet align``.
    output : str or Path
        The run folder.
    config : IndelTestConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    TieTestResult
        One test.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import numpy as np
    >>> draw = np.random.default_rng(0)
    >>> x = ["".join(draw.choice(list("ACGT"), 60)) for _ in range(60)]
    >>> rows = [f"{one}\\t{one[:30]}{one[30 + draw.integers(1, 5) :]}" for one in x]
    >>> _ = Path("pairs.tsv").write_text("\\n".join(["x\\ty", *rows]))
    >>> found = indel("pairs.tsv", "run")
    >>> found.tests[0].subject, found.tests[0].verdict
    ('pairs', <TieVerdict.REJECTED: 'rejected'>)
    """
    inputs = paths_of(inputs)
    with begun("test indel", output, config or IndelTestConfig(), given_files(inputs), **run) as job:
        config = job.config
        with job.stage("read"):
            given = read_tested_pairs(inputs, config.pairs)
        with job.stage("test"):
            test = hypothesis.indel(
                given.pairs,
                parameters=config.gaps.gap_parameters,
                gap_classes=config.gaps.gap_classes,
                piece=config.gaps.piece,
                band=given.band,
                subject=given.name,
                seed=config.testing.seed,
                alpha=config.testing.alpha,
                margin=config.testing.margin,
                progress=job.progress,
            )
        return published(job, "indel", [test], config.testing.margin, given.warnings)


def _again(inputs: Inputs, config: IndelTestConfig) -> RunData:
    """The pairs of a test that was made before."""
    return pairs_again(inputs, config.pairs)


JOBS.register("test indel")(JobKind(IndelTestConfig, _again))
