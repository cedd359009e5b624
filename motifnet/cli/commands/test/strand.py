"""Does this assay, or this protein, know the strand?"""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import told_tests, warn
from motifnet.config.tie_tests import StrandTestConfig


@with_config(StrandTestConfig, epilog="Exit code 0 whatever the verdict; 2 for bad input; 130 after Ctrl-C.")
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def command(targets: tuple[Path, ...], resume: bool, config: StrandTestConfig, **run) -> None:
    """Test whether TARGETS know their strand: FASTA, BED and narrowPeak files with --genome, or a run folder.

    Each file is tested by itself, as is each task of a run folder, of which the test part judges. A model
    learns to tell sequences from their reverse complements; on held-out sequences it can do so only if the
    strands differ. The run folder holds the report (report.html), the tests as a table (tests.tsv) and for
    programs (tests.json), figures, and a record of the run.
    """
    from motifnet.runs.test_strand import strand

    result = strand(targets, config=config, resume=resume, **run)
    warn(result.warnings)
    click.echo(told_tests(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")
