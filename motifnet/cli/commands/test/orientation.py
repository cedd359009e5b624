"""Does this motif point along or against an anchor?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, InputText, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import OrientationTestConfig


@with_config(
    OrientationTestConfig, epilog="Exit code 0 whatever the verdicts; 2 for bad input; 130 after Ctrl-C."
)
@click.argument("motifs", type=InputText())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def command(
    motifs: str, targets: tuple[Path, ...], resume: bool, config: OrientationTestConfig, **run
) -> None:
    """Test whether sites of each of MOTIFS in TARGETS lie along the nearest of the anchors of --anchor.

    MOTIFS is a file of any known format, a run folder, or 'jaspar'. TARGETS are BED and narrowPeak files with
    --genome, FASTA files whose names tell places in a genome, or the run folder of 'motifnet train'. Sites
    count once for each anchor; which way round they would lie by chance is told by the bases around anchors.
    The run folder holds the report (report.html), the tests as a table (tests.tsv) and for programs
    (tests.json), figures, and a record of the run.
    """
    from motifnet.runs.test_orientation import orientation

    result = orientation(motifs, targets, config=config, resume=resume, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
