"""``motifnet logos``."""

from __future__ import annotations

from pathlib import Path

import click

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
@click.option(
    "--kind",
    type=click.Choice(["information", "probability"]),
    default="information",
    show_default=True,
    help="Height of a column: its information in bits, or 1.",
)
@click.option("--reverse-complement", is_flag=True, help="Draw the other strand.")
@click.option("--colour-blind-safe", is_flag=True, help="Colours that differ for all readers.")
@click.option(
    "--dpi", type=click.IntRange(50, 1200), default=300, show_default=True, help="Resolution of PNG."
)
def command(
    source: Path,
    output: Path,
    formats: str,
    kind: str,
    reverse_complement: bool,
    colour_blind_safe: bool,
    dpi: int,
) -> None:
    """Draw logos of the motifs in SOURCE: a run folder, or a MEME, JASPAR or TRANSFAC file."""
    chosen = [name.strip() for name in formats.split(",") if name.strip()]
    for name in chosen:
        if name not in _FORMATS:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(_FORMATS)}", param_hint="--format")
    from motifnet.runs.logos import draw_logos

    paths = draw_logos(
        source,
        output,
        chosen,
        kind=kind,
        reverse_complement=reverse_complement,
        scheme="colour-blind-safe" if colour_blind_safe else "classic",
        dpi=dpi,
    )
    click.echo(f"{len(paths)} logos in {output}")
