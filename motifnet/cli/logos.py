"""``motifnet logos``."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.options import config_options, read_config
from motifnet.cli.wording import counted
from motifnet.config import LogoConfig

_FORMATS = ("svg", "png", "pdf")


@click.command(name="logos")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder for the logos.")
@click.option(
    "--format",
    "formats",
    default="svg",
    show_default=True,
    help="Formats, separated by commas: svg, png, pdf.",
)
@config_options(LogoConfig)
def command(source: Path, output: Path, formats: str, **values) -> None:
    """Draw logos of the motifs in SOURCE: a run folder, or a motif file of any known format."""
    chosen = list(dict.fromkeys(name.strip() for name in formats.split(",")))
    for name in chosen:
        if name not in _FORMATS:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(_FORMATS)}", param_hint="--format")
    config = read_config(LogoConfig, values)
    from motifnet.runs.logos import draw_logos

    paths = draw_logos(source, output, chosen, config.logos)
    click.echo(f"{counted(len(paths), 'logo')} in {output}")
