"""Find motifs in peaks: FASTA, or BED with a genome."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import warn
from motifnet.config.train import TrainConfig


@with_config(
    TrainConfig, epilog="Exit code 0 also where no motif is significant; 2 for bad input; 130 after Ctrl-C."
)
@click.argument("targets", nargs=-1, required=True, type=InputPath())
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
def command(targets: tuple[Path, ...], resume: bool, config: TrainConfig, **run) -> None:
    """Find the motifs of TARGETS: FASTA files, or BED and narrowPeak files with --genome.

    Each file is one task; several are learnt by one network with shared filters. The run folder
    holds the report (report.html), motifs (MEME, JASPAR, a table, logos), their sites, figures of
    merit, the trained network, and a record of the run.

    RNA is told by its letter U, and read on the given strand alone; of data in T, such as CLIP peaks, say
    --strand single.
    """
    from motifnet.runs.train import train

    result = train(targets, config=config, resume=resume, **run)
    warn(result.warnings)
    click.echo(_told(result))
    click.echo(f"Report: {run['output'] / 'report.html'}")


def _told(result) -> str:
    """What was found, in a few lines."""
    lines = [
        f"{metrics.task}: {metrics.told(metrics.headline, '{:.3f}'.format)}" for metrics in result.metrics
    ]
    if result.significant:
        lines.append(f"{'motif':<34}{'targets':>9}{'controls':>10}{'E-value':>12}  best match")
        lines += [_row(found) for found in result.significant]
    else:
        lines.append("No significant motif.")
    return "\n".join(lines + _told_apart(result))


def _told_apart(result) -> list[str]:
    """What is no motif although it is more frequent in targets; nothing where there is none."""
    from motifnet.report.display_names import kinds_in_words

    told = kinds_in_words(found.kind for found in result.set_apart)
    return [f"Set apart: {told} (repeats.meme and the report; --keep-repeats counts them)."] if told else []


def _row(found) -> str:
    from motifnet.report.numerals import power

    test = found.enrichment
    shares = f"{test.target_share:>9.1%}{test.control_share:>10.1%}"
    return f"{found.motif.name:<34}{shares}{power(found.log10_e_value):>12}  {_best_match(found)}"


def _best_match(found) -> str:
    if not found.matches:
        return "-"
    best = found.matches[0]
    return f"{best.known.alt_name or best.known.name} (q {best.q_value:.1g})"
