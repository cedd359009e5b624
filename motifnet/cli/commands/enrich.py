"""Rank known motifs by their enrichment in targets over controls."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, InputText, with_config
from motifnet.cli.wording import warn
from motifnet.config.enrich import EnrichConfig

_SHOWN = 10  # motifs told on the terminal


@with_config(
    EnrichConfig, epilog="Exit code 0 also where no motif is enriched; 2 for bad input; 130 after Ctrl-C."
)
@click.argument("motifs", type=InputText())
@click.argument("targets", nargs=-1, required=True, type=InputPath())
def command(motifs: str, targets: tuple[Path, ...], config: EnrichConfig, **run) -> None:
    """Rank known MOTIFS by their enrichment in TARGETS over controls.

    MOTIFS is a file of any known format, a run folder, or 'jaspar'. TARGETS are FASTA files, or BED
    and narrowPeak files with --genome. The run folder holds the report (report.html), the tests of every
    motif (enrichment.tsv), where in the sequences its sites lie (central.tsv), its distances to a primary
    motif (spacing.tsv), and a record of the run.
    """
    from motifnet.runs.enrich import enrich

    result = enrich(motifs, targets, config=config, **run)
    warn(result.warnings)
    click.echo(_told(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")


def _told(result) -> str:
    """The best motifs, a line each; of those that are alike only the first."""
    if not result.shown:
        return "No enriched motif."
    header = f"{'motif':<34}{'targets':>9}{'controls':>10}{'E-value':>12}{'AUROC':>8}"
    return "\n".join([header, *(_row(one) for one in result.shown[:_SHOWN])])


def _row(one) -> str:
    from motifnet.report.display_names import display_name
    from motifnet.report.numerals import power

    test = one.enrichment
    shares = f"{test.target_share:>9.1%}{test.control_share:>10.1%}"
    return f"{display_name(one.motif):<34}{shares}{power(one.log10_e):>12}{one.ranks.auroc:>8.3f}"
