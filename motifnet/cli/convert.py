"""``motifnet convert``."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import (
    STANDARD_STREAM,
    Command,
    InputPath,
    OutputPath,
    file_output,
    overwrite_option,
)
from motifnet.cli.options import config_options, read_config
from motifnet.cli.wording import warn
from motifnet.config import ConvertConfig
from motifnet.wording import counted

_OF_STREAM = "meme"  # format of what has no name


@click.command(
    cls=Command,
    writes=file_output,
    makes_run=False,
    name="convert",
)
@click.argument("sources", nargs=-1, required=True, type=InputPath())
@click.argument("output", type=OutputPath())
@click.option("--from", "source_format", help="Format of the input, where its content does not tell it.")
@click.option("--to", "target_format", help="Format of the output, where its ending does not tell it.")
@overwrite_option
@config_options(ConvertConfig)
def command(
    sources: tuple[Path, ...],
    output: Path,
    source_format: str | None,
    target_format: str | None,
    **values,
) -> None:
    """Write the motifs of SOURCES, in any known formats, to OUTPUT in one format.

    SOURCES are motif files, JASPAR releases as SQLite, run folders, and folders of motif files. An
    OUTPUT of - is standard output, in MEME format unless --to says another. Formats are meme, jaspar,
    transfac, homer, pfm, cisbp, uniprobe, encode.
    """
    config = read_config(ConvertConfig, values)
    from motifnet.io.motif_files import format_of
    from motifnet.runs.convert import convert, write_converted

    known = target_format or (_OF_STREAM if output == STANDARD_STREAM else format_of(output))
    converted = convert(sources, known, config.converting, source_format)
    warn(converted.warnings)
    if output == STANDARD_STREAM:
        click.echo(converted.text, nl=False)
    else:
        write_converted(converted, output)
        click.echo(f"{counted(converted.n_motifs, 'motif')} in {output}")
