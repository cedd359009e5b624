"""Make sequences with planted motifs and the truth about them."""

from __future__ import annotations

import click

from motifnet.cli.command import with_config
from motifnet.config.simulate import SimulateConfig


@with_config(SimulateConfig)
def command(config: SimulateConfig, **run) -> None:
    """Make random sequences with planted motifs, and the truth about every site.

    The run folder holds targets.fa, controls.fa (if asked for), motifs.meme, truth.tsv (0-based,
    half-open), a page of what was planted where (report.html), and a record of the run.
    """
    from motifnet.runs.simulate import simulate

    made = simulate(config=config, **run)
    click.echo(f"{len(made.targets)} targets with {len(made.truth)} sites in {run['output']}")
