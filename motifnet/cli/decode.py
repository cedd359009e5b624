"""``motifnet decode``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from motifnet.cli.command import Command, InputPath, OutputPath, overwrite_option
from motifnet.cli.options import config_options, read_config
from motifnet.config import DecodeConfig
from motifnet.errors import shown


@click.command(
    cls=Command,
    name="decode",
    epilog="Exit code 0 also where no site is found; 2 for bad input; 130 after Ctrl-C.",
)
@click.argument("motifs", type=InputPath())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@click.option("-o", "--output", required=True, type=OutputPath(), help="Run folder to make.")
@overwrite_option
@click.option("-q", "--quiet", is_flag=True, help="No progress; only the result.")
@config_options(DecodeConfig)
def command(
    motifs: Path, targets: tuple[Path, ...], output: Path, overwrite: bool, quiet: bool, **values
) -> None:
    """Find the sites of MOTIFS in TARGETS: FASTA files, or BED and narrowPeak files with --genome.

    A hidden Markov model of all motifs and the background gives each site the probability that
    it is one, given its whole sequence. The run folder holds the sites (sites.bed, sites.tsv),
    what is expected of each sequence (sequences.tsv), and a record of the run.
    """
    config = read_config(DecodeConfig, values)
    from motifnet.cli.progress import choose
    from motifnet.runs.decode import decode

    run = decode(
        motifs,
        targets,
        output,
        config,
        overwrite=overwrite,
        command=["motifnet", *sys.argv[1:]],
        progress=choose(quiet=quiet),
    )
    click.echo(_told(run))
    click.echo(f"Sites: {output / 'sites.tsv'}")


def _told(run) -> str:
    """What was found, a line for each motif."""
    lines = [f"{'motif':<34}{'sites':>9}{'expected':>11}{'sequences':>11}"]
    found = zip(
        run.model.motifs,
        run.decoded.sites,
        run.decoded.n_sites.sum(0).tolist(),
        run.decoded.present.sum(0).tolist(),
        strict=True,
    )
    lines += [
        f"{shown(motif.name):<34}{len(sites):>9,}{expected:>11,.1f}{sequences:>11,.1f}"
        for motif, sites, expected, sequences in found
    ]
    return "\n".join(lines)
