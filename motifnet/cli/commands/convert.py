"""Convert motifs between MEME, JASPAR, TRANSFAC, HOMER and others."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import STANDARD_STREAM, InputPath, file_output, format_option, with_config
from motifnet.cli.wording import warn
from motifnet.config.convert import ConvertConfig
from motifnet.progress import Progress
from motifnet.wording import counted

_OF_STREAM = "meme"  # format of what has no name


@with_config(ConvertConfig, writes=file_output)
@click.argument("sources", nargs=-1, required=True, type=InputPath())
@format_option
@click.option("--input-format", help="Format of the input, where its content does not tell it.")
def command(
    sources: tuple[Path, ...],
    output: Path,
    output_format: str | None,
    input_format: str | None,
    config: ConvertConfig,
    progress: Progress,
) -> None:
    """Write the motifs of SOURCES, in any known formats, to one file in one format.

    SOURCES are motif files, JASPAR releases as SQLite, run folders, and folders of motif files. An
    output of - is standard output, in MEME format unless --format says another. Formats are meme, jaspar,
    transfac, homer, pfm, cisbp, uniprobe, encode.
    """
    from motifnet.io.motif_files import format_of
    from motifnet.runs.convert import convert, write_converted

    known = output_format or (_OF_STREAM if output == STANDARD_STREAM else format_of(output))
    converted = convert(sources, known, config, source_format=input_format, progress=progress)
    warn(converted.warnings)
    if output == STANDARD_STREAM:
        click.echo(converted.text, nl=False)
    else:
        write_converted(converted, output)
        click.echo(f"{counted(converted.n_motifs, 'motif')} in {output}")
