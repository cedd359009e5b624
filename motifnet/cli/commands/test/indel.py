"""Do two lineages gain and lose alike?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import IndelTestConfig


@with_config(IndelTestConfig, epilog="Exit code 0 whatever the verdict; 2 for bad input; 130 after Ctrl-C.")
@click.argument("inputs", nargs=-1, required=True, type=InputPath())
def command(inputs: tuple[Path, ...], config: IndelTestConfig, **run) -> None:
    """Test whether both sequences of pairs gain and lose alike: files as align takes them, or its run folder.

    INPUTS are two FASTA files, one with pairs, a table of pairs, MAF blocks, or a run folder of align. A
    pair HMM is fitted with the gaps of both sequences tied; how strongly each pair pulls at the tie tells
    whether it holds, whatever the lengths of gaps. Few long pairs are cut into pieces. The run folder holds
    the report (report.html), the test as a table (tests.tsv) and for programs (tests.json), figures, and a
    record of the run.
    """
    from motifnet.runs.test_indel import indel

    result = indel(inputs, config=config, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
