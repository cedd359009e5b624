"""``motifnet logos``."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import Command, InputPath, OutputPath, overwrite_option
from motifnet.cli.options import config_options, read_config
from motifnet.config import LogoConfig
from motifnet.wording import counted

_FORMATS = ("svg", "png", "pdf")


def _writes(_parameters) -> list[Path]:
    """Nothing that is known before the motifs are: the names of logos are guarded as they are made."""
    return []


@click.command(
    cls=Command,
    writes=_writes,
    name="logos",
)
@click.argument("source", type=InputPath())
@click.option("-o", "--output", required=True, type=OutputPath(), help="Folder for the logos.")
@click.option(
    "--format",
    "formats",
    default="svg",
    show_default=True,
    help="Formats, separated by commas: svg, png, pdf.",
)
@overwrite_option
@config_options(LogoConfig)
def command(source: Path, output: Path, formats: str, overwrite: bool, **values) -> None:
    """Draw logos of the motifs in SOURCE: a run folder, or a motif file of any known format."""
    chosen = list(dict.fromkeys(name.strip() for name in formats.split(",")))
    for name in chosen:
        if name not in _FORMATS:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(_FORMATS)}", param_hint="--format")
    config = read_config(LogoConfig, values)
    from motifnet.runs.logos import draw_logos

    paths = draw_logos(source, output, chosen, config.logos, overwrite=overwrite)
    click.echo(f"{counted(len(paths), 'logo')} in {output}")
