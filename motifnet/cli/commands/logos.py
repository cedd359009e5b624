"""Draw logos of a run or of a motif file."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.config.logos import LogoConfig
from motifnet.progress import Progress
from motifnet.wording import counted


def _writes(_parameters) -> list[Path]:
    """Nothing that is known before the motifs are: the names of logos are guarded as they are made."""
    return []


@with_config(LogoConfig, writes=_writes)
@click.argument("source", type=InputPath())
def command(source: Path, output: Path, overwrite: bool, config: LogoConfig, progress: Progress) -> None:
    """Draw logos of the motifs in SOURCE, a run folder or a motif file of any known format, into a folder."""
    from motifnet.runs.logos import draw_logos

    paths = draw_logos(source, output, config, overwrite=overwrite, progress=progress)
    click.echo(f"{counted(len(paths), 'logo')} in {output}")
