"""``motifnet cluster``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from motifnet.cli.command import Command, InputPath, OutputPath, overwrite_option
from motifnet.cli.options import config_options, read_config
from motifnet.config import ClusterConfig
from motifnet.errors import shown
from motifnet.wording import counted

_SHOWN = 20  # families that are told


@click.command(
    cls=Command,
    name="cluster",
    epilog="Exit code 0 when it did what was asked; 2 for bad input; 130 after Ctrl-C.",
)
@click.argument("sources", nargs=-1, required=True, type=InputPath())
@click.option("-o", "--output", required=True, type=OutputPath(), help="Run folder to make.")
@overwrite_option
@click.option("-q", "--quiet", is_flag=True, help="No progress; only the result.")
@config_options(ClusterConfig)
def command(sources: tuple[Path, ...], output: Path, overwrite: bool, quiet: bool, **values) -> None:
    """Group the motifs of SOURCES, run folders and motif files of any format, into families.

    The run folder holds one motif for each family (families.meme), its members and where they lie
    in it (families.tsv), the tree with logos (tree.svg, tree-radial.svg, and as PNG), a report, and
    a record of the run. Of several sources, reproducibility.tsv says how many found each family.
    """
    config = read_config(ClusterConfig, values)
    from motifnet.cli.progress import choose
    from motifnet.runs.cluster import cluster_files

    run = cluster_files(
        sources,
        output,
        config,
        overwrite=overwrite,
        command=["motifnet", *sys.argv[1:]],
        progress=choose(quiet=quiet),
    )
    click.echo(
        f"{counted(len(run.motifs), 'motif')}, {counted(len(run.clustering.families), 'family', 'families')}"
    )
    lines = _reproduced(run) if run.reproduced else _families(run)
    click.echo("\n".join(lines[:_SHOWN]))
    if len(lines) > _SHOWN:
        click.echo(f"  ... and {len(lines) - _SHOWN:,} more")
    click.echo(f"Report: {output / 'report.html'}")


def _families(run) -> list[str]:
    """A line for each family: how many members, and the most typical of them."""
    return [
        f"  {family.motif.name:<34}{counted(len(family.members), 'motif'):>12}  "
        f"{shown(family.motif.alt_name)}"
        for family in run.clustering.families
    ]


def _reproduced(run) -> list[str]:
    """A line for each family: how many sources found it, and how much they differ."""
    return [
        f"  {one.family.motif.name:<34}found by {len(one.runs)} of {len(run.sources)}"
        + ("" if one.is_alone else f"  spread {one.mean_spread:.3f}")
        for one in run.reproduced
    ]
