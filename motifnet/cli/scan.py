"""``motifnet scan``."""

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
from motifnet.config import ScanConfig
from motifnet.wording import counted


def _writes(parameters) -> list[Path]:
    """The file of hits, and the index that stands or stood beside it."""
    from motifnet.io.hit_files import INDEX

    files = file_output(parameters)
    indexed = [file.with_name(file.name + INDEX) for file in files if file.suffix == ".gz"]
    return files + indexed


@click.command(
    cls=Command,
    writes=_writes,
    makes_run=False,
    name="scan",
    epilog="Exit code 0 also where no hit is found; 2 for bad input; 130 after Ctrl-C.",
)
@click.argument("motifs", type=InputPath())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@click.option("-o", "--output", required=True, type=OutputPath(), help="File of hits to write.")
@click.option("--format", "output_format", help="Format of the output, where its ending does not tell it.")
@click.option("--index", is_flag=True, help="Write a tabix index beside an output that ends in .gz.")
@click.option(
    "--model", "by_model", is_flag=True, help="Slide the trained network of a run along a genome instead."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress; only the result.")
@overwrite_option
@config_options(ScanConfig)
def command(
    motifs: Path,
    targets: tuple[Path, ...],
    output: Path,
    output_format: str | None,
    index: bool,
    by_model: bool,
    quiet: bool,
    **values,
) -> None:
    """Find where MOTIFS score enough in TARGETS: genomes and other FASTA files, or BED with --genome.

    MOTIFS is a motif file of any known format, a run folder, or 'jaspar'. Formats of the output are
    bed, narrowpeak, gff3, tsv (the columns of FIMO) and bedgraph; one that ends in .gz is bgzip, and - is
    standard output, as BED unless --format says otherwise.

    With --model, MOTIFS is a run folder, and its network is slid along the one genome in TARGETS: an output
    in bedgraph or bigwig is a track of its scores, one in bed or narrowpeak the sites where they are high.
    """
    config = read_config(ScanConfig, values)
    from motifnet.cli.progress import choose

    progress = choose(quiet=quiet)
    if by_model:
        _slide(motifs, targets, output, config, output_format, index=index, progress=progress)
    else:
        _scan(motifs, targets, output, config, output_format, index=index, progress=progress)


def _slide(
    motifs, targets, output: Path, config: ScanConfig, output_format, *, index: bool, progress
) -> None:
    """Write what the network of a run says of a genome."""
    if len(targets) != 1 or output == STANDARD_STREAM:
        raise click.UsageError("--model takes one genome, and a file as the output")
    from motifnet.runs.scan_model import scan_model

    n_written = scan_model(
        motifs, targets[0], output, config, format=output_format, index=index, progress=progress
    )
    click.echo(f"{counted(n_written, 'line')} in {output}")


def _scan(motifs, targets, output: Path, config: ScanConfig, output_format, *, index: bool, progress) -> None:
    """Write the hits of motifs."""
    from motifnet.io.hit_files import check_indexable, write_hits
    from motifnet.io.hit_formats import HIT_FORMATS, hit_format_of, rendered
    from motifnet.runs.scan import open_scan

    to_terminal = output == STANDARD_STREAM
    name = output_format or ("bed" if to_terminal else hit_format_of(output))
    format = HIT_FORMATS[name]
    check_indexable(output, index=index)
    with open_scan(motifs, targets, config, with_q_values=format.has_q_values, progress=progress) as scan:
        hits = scan.hits(words=format.has_words)
        if to_terminal:
            for line in rendered(name, hits):
                click.echo(line)
        else:
            write_hits(output, hits, name, index=index)
    _tell(scan.summary(), output, err=to_terminal)


def _tell(summary, output: Path, *, err: bool) -> None:
    """What was found, and what chance lets expect."""
    warn(summary.warnings)
    kept = f", of which {summary.n_told:,} are told" if summary.n_told != summary.n_found else ""
    click.echo(
        f"{counted(summary.n_motifs, 'motif')}, {counted(summary.n_sequences, 'sequence')} of "
        f"{counted(summary.n_bases, 'base')}: {counted(summary.n_found, 'hit')} "
        f"({summary.expected:,.4g} expected by chance){kept}",
        err=err,
    )
    if not err:
        click.echo(f"Hits: {output}")
