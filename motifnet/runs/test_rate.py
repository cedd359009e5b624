"""Did all pairs diverge by one rate? Files of pairs in, a run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import RateTestConfig
from motifnet.hypotheses import rate_test as hypothesis
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, JobKind, RunArguments, RunData, begun
from motifnet.runs.tested_pairs import pairs_again, read_tested_pairs
from motifnet.runs.tie_tests import given_files, published


def rate(
    inputs: Paths, output: str | Path, config: RateTestConfig | None = None, **run: Unpack[RunArguments]
) -> TieTestResult:
    """Test whether all pairs diverged by one rate, and write a run folder.

    Parameters
    ----------
    inputs : path or sequence of path
        One or two files (see :func:`motifnet.io.pairs.read_pairs`), or one run folder of ``motifnet align``.
    output : str or Path
        The run folder.
    config : RateTestConfig, optional
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
    >>> x = ["".join(draw.choice(list("ACGT"), 120)) for _ in range(20)]
    >>> rows = [f"{one}\\t{one[:60].replace('AC', 'GC')}{one[60:]}" for one in x]
    >>> _ = Path("pairs.tsv").write_text("\\n".join(["x\\ty", *rows]))
    >>> found = rate("pairs.tsv", "run")
    >>> found.tests[0].subject, found.tests[0].n
    ('pairs', 20)
    """
    inputs = paths_of(inputs)
    with begun("test rate", output, config or RateTestConfig(), given_files(inputs), **run) as job:
        config = job.config
        with job.stage("read"):
            given = read_tested_pairs(inputs, config.pairs)
        with job.stage("test"):
            test = hypothesis.rate(
                given.pairs,
                piece=config.rate.rate_piece,
                band=given.band,
                subject=given.name,
                seed=config.testing.seed,
                alpha=config.testing.alpha,
                margin=config.testing.margin,
                progress=job.progress,
            )
        return published(job, "rate", [test], config.testing.margin, given.warnings)


def _again(inputs: Inputs, config: RateTestConfig) -> RunData:
    """The pairs of a test that was made before."""
    return pairs_again(inputs, config.pairs)


JOBS.register("test rate")(JobKind(RateTestConfig, _again))
