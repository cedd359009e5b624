"""Find the known motifs that motifs resemble."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import (
    STANDARD_STREAM,
    InputPath,
    check_page,
    file_output,
    html_option,
    page_beside,
    with_config,
)
from motifnet.cli.wording import warn
from motifnet.config.compare import CompareConfig
from motifnet.errors import shown
from motifnet.progress import Progress
from motifnet.wording import counted

_SHOWN = 20  # motifs whose best match is told


def _writes(parameters) -> list[Path]:
    """The table, and the page beside it."""
    files = file_output(parameters)
    return files + [page_beside(file) for file in files if parameters["html"]]


@with_config(
    CompareConfig,
    writes=_writes,
    epilog="Exit code 0 also where nothing matches; 2 for bad input; 130 after Ctrl-C.",
)
@click.argument("source", type=InputPath())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@html_option
def command(
    source: Path,
    targets: tuple[Path, ...],
    output: Path,
    html: bool,
    config: CompareConfig,
    command: list[str],
    progress: Progress,
) -> None:
    """Find the known motifs in TARGETS that the motifs of SOURCE resemble, by Tomtom's statistic.

    SOURCE is a run folder or a motif file of any known format. TARGETS are motif files, run
    folders, or 'jaspar'. The table that is written has the columns of Tomtom; an output of - is standard
    output.
    """
    if html:
        check_page("motifnet compare", output, "a table, such as matches.tsv,")
    from motifnet.runs.compare import compare, table, write_page, write_table

    run = compare(source, targets, config, progress=progress)
    warn(run.warnings)
    if output == STANDARD_STREAM:
        click.echo(table(run), nl=False)
        return
    write_table(run, output)
    click.echo(_told(run))
    click.echo(f"Matches: {output}")
    if html:
        page = page_beside(output)
        write_page(run, page, f"{source.name} and known motifs", config, command=command, beside=[output])
        click.echo(f"Page: {page}")


def _told(run) -> str:
    """How many motifs have a match, and the best of each."""
    found = [(query, matches) for query, matches in zip(run.queries, run.matches, strict=True) if matches]
    n_known = sum(len(database.motifs) for database in run.databases)
    lines = [f"{len(found)} of {counted(len(run.queries), 'motif')} resemble some of {n_known:,} known ones"]
    for query, matches in found[:_SHOWN]:
        best = matches[0]
        name = shown(f"{best.known.name} {best.known.alt_name}".strip())
        lines.append(f"  {shown(query.name):<32} {name:<32} q = {best.q_value:.2g}")
    if len(found) > _SHOWN:
        lines.append(f"  ... and {len(found) - _SHOWN} more")
    return "\n".join(lines)
