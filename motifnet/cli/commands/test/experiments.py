"""One motif for several experiments, or one for each?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import ExperimentsTestConfig


@with_config(
    ExperimentsTestConfig, epilog="Exit code 0 whatever the verdict; 2 for bad input; 130 after Ctrl-C."
)
@click.argument("targets", nargs=-1, required=True, type=InputPath())
def command(targets: tuple[Path, ...], config: ExperimentsTestConfig, **run) -> None:
    """Test whether all TARGETS have one motif: two or more files, or a run folder with several tasks.

    Files are FASTA, BED or narrowPeak (with --genome), and each is an experiment. One motif is learnt from
    all of them, and one from each; if one serves all, that of its own experiment fits a held-out sequence no
    better than those of the others. The run folder holds the report (report.html), the test as a table
    (tests.tsv) and for programs (tests.json), figures, and a record of the run.
    """
    from motifnet.runs.test_experiments import experiments

    result = experiments(targets, config=config, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
