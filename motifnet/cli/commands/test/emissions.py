"""Does one matrix read both strands?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, InputText, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import EmissionsTestConfig


@with_config(
    EmissionsTestConfig, epilog="Exit code 0 whatever the verdicts; 2 for bad input; 130 after Ctrl-C."
)
@click.argument("motifs", type=InputText())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def command(motifs: str, targets: tuple[Path, ...], resume: bool, config: EmissionsTestConfig, **run) -> None:
    """Test whether one matrix reads both strands, for each of MOTIFS and its sites in TARGETS.

    MOTIFS is a file of any known format, a run folder, or 'jaspar'. TARGETS are FASTA files, BED and
    narrowPeak files with --genome, or the run folder of 'motifnet train', of which the test part judges what
    untying gains. A hidden Markov model with one matrix for both strands is fitted, and a score test asks
    whether sites of the two strands differ. The run folder holds the report (report.html), the tests as a
    table (tests.tsv) and for programs (tests.json), figures, and a record of the run.
    """
    from motifnet.runs.test_emissions import emissions

    result = emissions(motifs, targets, config=config, resume=resume, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
