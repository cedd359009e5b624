"""Find sites of given motifs by a hidden Markov model."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.config.decode import DecodeConfig
from motifnet.errors import shown


@with_config(
    DecodeConfig, epilog="Exit code 0 also where no site is found; 2 for bad input; 130 after Ctrl-C."
)
@click.argument("motifs", type=InputPath())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
def command(motifs: Path, targets: tuple[Path, ...], config: DecodeConfig, **run) -> None:
    """Find the sites of MOTIFS in TARGETS: FASTA files, or BED and narrowPeak files with --genome.

    A hidden Markov model of all motifs and the background gives each site the probability that
    it is one, given its whole sequence. The run folder holds a page of pictures (report.html), the sites
    (sites.bed, sites.tsv), what is expected of each sequence (sequences.tsv), and a record of the run.
    """
    from motifnet.runs.decode import decode

    decoded = decode(motifs, targets, config=config, **run)
    click.echo(_told(decoded))
    click.echo(f"Sites: {run['output'] / 'sites.tsv'}")
    click.echo(f"Report: {run['output'] / 'report.html'}")


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
