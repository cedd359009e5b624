"""Align pairs of sequences by a pair HMM learnt from them."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.cli.wording import warn
from motifnet.config.align import AlignConfig


@with_config(AlignConfig)
@click.argument("inputs", nargs=-1, required=True, type=InputPath())
def command(inputs: tuple[Path, ...], config: AlignConfig, **run) -> None:
    """Align pairs of sequences: two FASTA files, one with pairs, a table of pairs, or MAF blocks.

    A pair HMM is learnt from all pairs, or from those of each group (the species of MAF, or a column group of
    a table), under the ties of --pair-tie, or taken from --parameters. The run folder holds the alignments,
    how sure each column is (posteriors.tsv, confidence.bedgraph), the model with standard errors, a table of
    pairs, a report, and a record of the run. With --outgroup, it tells of every gap in which lineage it came
    about (gaps.tsv, lineages.tsv).
    """
    from motifnet.runs.align import align

    aligned = align(inputs, config=config, **run)
    warn(aligned.warnings)
    click.echo(_told(aligned))
    click.echo(f"Report: {run['output'] / 'report.html'}")


def _told(run) -> str:
    """The model and the pairs, in a few lines."""
    from motifnet.hmm.pair_estimates import WHAT_TWO_SEQUENCES_CANNOT_TELL

    choice = [] if run.under.choice is None else [run.under.choice.sentence]
    lines = choice + (_of_groups(run) if len(run.estimates) > 1 else _of_all(*run.estimates.values()))
    lines.append(f"{'pair':<28}{'x':>9}{'y':>9}{'identity':>10}{'covered':>16}{'confidence':>12}")
    lines += [_row(pair) for pair in run.pairs[:10]]
    if len(run.pairs) > 10:
        lines.append(f"... and {len(run.pairs) - 10:,} more in pairs.tsv")
    told = [WHAT_TWO_SEQUENCES_CANNOT_TELL] if run.origins is None else run.origins.summary
    return "\n".join([*lines, *told])


def _of_all(estimates) -> list[str]:
    """What was learnt of all pairs together."""
    width = max(map(len, estimates)) + 2
    return [f"{name:<{width}}{value}" for name, value in estimates.items()]


def _of_groups(run) -> list[str]:
    """What each group of pairs has of its own, in brief."""
    from motifnet.hmm.pair_estimates import MODEL_OF_ALL

    told, keys = run.estimates, run.model_keys
    first = next(iter(next(iter(told.values()))))  # how far the two have diverged
    lines = [f"{'group of pairs':<28}{'pairs':>9}  {first}"]
    for group, named in told.items():
        lines.append(
            f"{(group or MODEL_OF_ALL)[:27]:<28}{keys.count(group):>9,}  {named[first]:>{len(first)}}"
        )
    return [*lines, ""]


def _row(pair) -> str:
    found = pair.alignment
    lengths = f"{len(found.x):>9,}{len(found.y):>9,}"
    covered = ", ".join(f"{share:.1%}" for share in found.coverage)
    numbers = f"{lengths}{found.identity:>10.1%}{covered:>16}{pair.mean_confidence:>12.3f}"
    return f"{pair.name[:27]:<28}{numbers}"
