"""Group motifs that are alike into families, with a tree."""

from __future__ import annotations

from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.config.cluster import ClusterConfig
from motifnet.errors import shown
from motifnet.wording import counted

_SHOWN = 20  # families that are told


@with_config(ClusterConfig)
@click.argument("sources", nargs=-1, required=True, type=InputPath())
def command(sources: tuple[Path, ...], config: ClusterConfig, **run) -> None:
    """Group the motifs of SOURCES, run folders and motif files of any format, into families.

    The run folder holds one motif for each family (families.meme), its members and where they lie
    in it (families.tsv), the tree with logos (tree.svg, tree-radial.svg, and as PNG), a report, and
    a record of the run. Of several sources, reproducibility.tsv says how many found each family.
    """
    from motifnet.runs.cluster import cluster

    clustered = cluster(sources, config=config, **run)
    families = clustered.clustering.families
    click.echo(f"{counted(len(clustered.motifs), 'motif')}, {counted(len(families), 'family', 'families')}")
    lines = _reproduced(clustered) if clustered.reproduced else _families(clustered)
    click.echo("\n".join(lines[:_SHOWN]))
    if len(lines) > _SHOWN:
        click.echo(f"  ... and {len(lines) - _SHOWN:,} more")
    click.echo(f"Report: {run['output'] / 'report.html'}")


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
