"""Is a motif its own reverse complement? Motifs and sequences in, a run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import PalindromeTestConfig
from motifnet.hypotheses import palindrome_test as hypothesis
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.inputs import Paths, paths_of
from motifnet.runs.job import JOBS, JobKind, RunArguments, begun
from motifnet.runs.sources import motif_file
from motifnet.runs.tie_tests import given_files, targets_again, tested_motifs


def palindrome(
    motif_source: str | Path,
    targets: Paths,
    output: str | Path,
    config: PalindromeTestConfig | None = None,
    *,
    resume: bool = False,
    **run: Unpack[RunArguments],
) -> TieTestResult:
    """Test of each motif whether it is its own reverse complement, and write a run folder.

    Parameters
    ----------
    motif_source : str or Path
        Motifs in any known format, a run folder, or ``"jaspar"``.
    targets : path or sequence of path
        FASTA, BED or narrowPeak files, each of them a set by itself; or one run folder, of which the test
        part is looked at.
    output : str or Path
        The run folder.
    config : PalindromeTestConfig, optional
        All options; the defaults of the command line if not given.
    resume : bool
        Go on with an interrupted run.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    TieTestResult
        A test of each motif in each set.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> how = SimulateConfig().with_options("simulation", motif=("TGACGTCA:0.9",), n_targets=200, length=60)
    >>> made = motifnet.simulate("made", how)
    >>> found = palindrome("made/motifs.meme", "made/targets.fa", "run")
    >>> found.tests[0].subject, found.tests[0].p > 0.01
    ('TGACGTCA', True)
    """
    motif_source, targets = motif_file(Path(motif_source)), paths_of(targets)
    inputs = {"motifs": [motif_source], **given_files(targets)}
    with begun(
        "test palindrome", output, config or PalindromeTestConfig(), inputs, resume=resume, **run
    ) as job:
        return tested_motifs(job, "palindrome", hypothesis.asked, motif_source, targets, beds=[])


JOBS.register("test palindrome")(JobKind(PalindromeTestConfig, targets_again))
