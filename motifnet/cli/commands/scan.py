"""Find where motifs score enough in sequences or a genome."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import (
    STANDARD_STREAM,
    InputPath,
    check_page,
    file_output,
    format_option,
    html_option,
    page_beside,
    with_config,
)
from motifnet.cli.wording import warn
from motifnet.config.scan import ScanConfig
from motifnet.errors import WrongCall
from motifnet.progress import Progress
from motifnet.wording import counted

_OF_STREAM = "bed"  # format of what has no name


def _writes(parameters) -> list[Path]:
    """The file of hits, the indexes that stand or stood beside it, and the page."""
    from motifnet.io.tabix import CSI, TABIX, index_of

    files = file_output(parameters)
    indexed = [index_of(file, ending) for file in files if file.suffix == ".gz" for ending in (TABIX, CSI)]
    return files + indexed + [page_beside(file) for file in files if parameters["html"]]


@with_config(
    ScanConfig,
    writes=_writes,
    epilog="Exit code 0 also where no hit is found; 2 for bad input; 130 after Ctrl-C.",
)
@click.argument("motifs", type=InputPath())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@format_option
@click.option("--index", is_flag=True, help="Write an index for tabix beside an output that ends in .gz.")
@html_option
@click.option(
    "--network", "by_network", is_flag=True, help="Slide the trained network of a run along a genome instead."
)
def command(
    motifs: Path,
    targets: tuple[Path, ...],
    output: Path,
    output_format: str | None,
    index: bool,
    html: bool,
    by_network: bool,
    config: ScanConfig,
    progress: Progress,
    command: list[str],
) -> None:
    """Find where MOTIFS score enough in TARGETS: genomes and other FASTA files, or BED with --genome.

    MOTIFS is a motif file of any known format, a run folder, or 'jaspar'. Formats of the output are
    bed, narrowpeak, gff3, tsv (the columns of FIMO) and bedgraph; one that ends in .gz is bgzip, and - is
    standard output, as BED unless --format says otherwise.

    With --network, MOTIFS is a run folder, and its network is slid along the one genome in TARGETS: an output
    in bedgraph or bigwig is a track of its scores, one in bed or narrowpeak the sites where they are high.
    """
    if html and by_network:
        raise WrongCall("motifnet scan", "--html shows the hits of motifs; leave it out with --network")
    if html:
        check_page("motifnet scan", output, "a file of hits, such as hits.bed,")
    if by_network:
        _slide(motifs, targets, output, config, output_format, index=index, progress=progress)
    else:
        page = page_beside(output) if html else None
        kind = output_format
        _scan(motifs, targets, output, config, kind, index, page=page, command=command, progress=progress)


def _slide(
    motifs, targets, output: Path, config: ScanConfig, output_format, *, index: bool, progress
) -> None:
    """Write what the network of a run says of a genome."""
    if len(targets) != 1 or output == STANDARD_STREAM:
        raise WrongCall("motifnet scan", "--network takes one genome, and a file as the output")
    from motifnet.runs.scan_model import scan_model

    n_written = scan_model(
        motifs, targets[0], output, config, format=output_format, index=index, progress=progress
    )
    click.echo(f"{counted(n_written, 'line')} in {output}")


def _scan(
    motifs, targets, output: Path, config: ScanConfig, output_format, index, *, page, command, progress
) -> None:
    """Write the hits of motifs, to a file or to standard output."""
    from motifnet.io.hit_files import check_indexable
    from motifnet.io.hit_formats import HIT_FORMATS, rendered
    from motifnet.runs.scan import open_scan, scan

    if output != STANDARD_STREAM:
        summary = scan(
            motifs,
            targets,
            output,
            config,
            format=output_format,
            index=index,
            page=page,
            command=command,
            progress=progress,
        )
        _tell(summary, output, err=False)
        if page is not None:
            click.echo(f"Page: {page}")
        return
    name = output_format or _OF_STREAM
    format = HIT_FORMATS[name]
    check_indexable(output, index=index)
    with open_scan(motifs, targets, config, with_q_values=format.has_q_values, progress=progress) as ready:
        for line in rendered(name, ready.hits(words=format.has_words)):
            click.echo(line)
    _tell(ready.summary(), output, err=True)


def _about(n: float) -> str:
    """An expected number of hits: whole from a hundred up, in three digits below."""
    return f"{n:,.0f}" if n >= 100 else f"{n:.3g}"


def _tell(summary, output: Path, *, err: bool) -> None:
    """What was found, and what chance lets expect."""
    warn(summary.warnings)
    kept = f", of which {summary.n_told:,} are told" if summary.n_told != summary.n_found else ""
    click.echo(
        f"{counted(summary.n_motifs, 'motif')}, {counted(summary.n_sequences, 'sequence')} of "
        f"{counted(summary.n_bases, 'base')}: {counted(summary.n_found, 'hit')} "
        f"({_about(summary.expected)} expected by chance){kept}",
        err=err,
    )
    if not err:
        click.echo(f"Hits: {output}")
