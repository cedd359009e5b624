"""Does a motif point along its anchors? Motifs and sequences in, a run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from motifnet.config.tie_tests import OrientationTestConfig
from motifnet.errors import BedFormatError, InvalidValue
from motifnet.hypotheses import orientation_test as hypothesis
from motifnet.io.bed import read_bed
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.inputs import Paths, paths_of
from motifnet.runs.job import JOBS, JobKind, RunArguments, begun
from motifnet.runs.sources import motif_file
from motifnet.runs.tie_tests import given_files, targets_again, tested_motifs
from motifnet.symbols import Interval


def orientation(
    motif_source: str | Path,
    targets: Paths,
    output: str | Path,
    config: OrientationTestConfig,
    *,
    resume: bool = False,
    **run: Unpack[RunArguments],
) -> TieTestResult:
    """Test of each motif whether its sites lie along the nearest anchor, and write a run folder.

    Parameters
    ----------
    motif_source : str or Path
        Motifs in any known format, a run folder, or ``"jaspar"``.
    targets : path or sequence of path
        FASTA, BED or narrowPeak files, each of them a set by itself; FASTA files whose names tell places; or
        one run folder.
    output : str or Path
        The run folder.
    config : OrientationTestConfig
        All options; the anchors are one of them.
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
    """
    motif_source, targets = motif_file(Path(motif_source)), paths_of(targets)
    anchor = config.anchoring.anchor
    if anchor is None:
        raise InvalidValue("anchor", "none", "a BED file with strands in column 6: give it with --anchor")
    anchors = _anchors(anchor, config.reading.max_skipped)
    inputs = {"motifs": [motif_source], **given_files(targets)}
    with begun("test orientation", output, config, inputs, resume=resume, **run) as job:
        return tested_motifs(
            job,
            "orientation",
            hypothesis.asked,
            motif_source,
            targets,
            beds=[anchor],
            anchors=anchors,
            max_distance=job.config.anchoring.max_distance,
        )


def _anchors(path: Path, max_skipped: float) -> list[Interval]:
    """Places with a strand."""
    found = [peak.interval for peak in read_bed(path, max_skipped=max_skipped)]
    if not any(one.strand in ("+", "-") for one in found):
        raise BedFormatError(path, "no line has a strand; expected + or - in column 6, along which sites lie")
    return found


JOBS.register("test orientation")(JobKind(OrientationTestConfig, targets_again))
