"""Did all pairs diverge by one rate?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import RateTestConfig


@with_config(RateTestConfig, epilog="Exit code 0 whatever the verdict; 2 for bad input; 130 after Ctrl-C.")
@click.argument("inputs", nargs=-1, required=True, type=InputPath())
def command(inputs: tuple[Path, ...], config: RateTestConfig, **run) -> None:
    """Test whether all pairs diverged by one rate: files as align takes them, or its run folder.

    INPUTS are two FASTA files, one with pairs, a table of pairs, MAF blocks, or a run folder of align. A
    pair HMM with one divergence time is fitted, and pairs are cut into pieces, which tell whether rates vary
    more among pairs than within. The run folder holds the report (report.html), the test as a table
    (tests.tsv) and for programs (tests.json), figures, and a record of the run.
    """
    from motifnet.runs.test_rate import rate

    result = rate(inputs, config=config, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
