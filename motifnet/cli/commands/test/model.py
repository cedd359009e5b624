"""Does a tie of a trained network cost accuracy?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import ModelTestConfig


@with_config(ModelTestConfig, epilog="Exit code 0 whatever the verdict; 2 for bad input; 130 after Ctrl-C.")
@click.argument("folder", metavar="RUN", type=InputPath())
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def command(folder: Path, resume: bool, config: ModelTestConfig, **run) -> None:
    """Test whether ties of the network of RUN cost accuracy: the folder of a finished run of motifnet train.

    The network is trained again with the tie and without it, on what the run was trained on; what it held
    out judges both. --untie strand reads the given strand alone, columns goes without --tie, tasks trains a
    network for each task, and position weighs each stretch of the window by itself, and each base of
    sequences of one length. The run folder holds the report (report.html), the tests as a table (tests.tsv)
    and for programs (tests.json), figures, and a record of the run.
    """
    from motifnet.runs.test_model import model

    result = model(folder, config=config, resume=resume, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
