"""Does the place in the window matter?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import PositionTestConfig


@with_config(
    PositionTestConfig, epilog="Exit code 0 whatever the verdict; 2 for bad input; 130 after Ctrl-C."
)
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def command(targets: tuple[Path, ...], resume: bool, config: PositionTestConfig, **run) -> None:
    """Test whether sites of TARGETS lie anywhere: FASTA, BED and narrowPeak files with --genome, or a run.

    Each file is tested by itself, as is each task of a run folder. The sites of the first motif are as likely
    at any place of their windows, if the place does not matter. The run folder holds the report
    (report.html), the tests as a table (tests.tsv) and for programs (tests.json), figures, and a record of
    the run.
    """
    from motifnet.runs.test_position import position

    result = position(targets, config=config, resume=resume, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
