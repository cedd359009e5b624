"""The same data again with other seeds: which motifs does chance not decide?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Composed
from motifnet.discovery.results import FoundMotif, Reproduction
from motifnet.motifs import Motif
from motifnet.motifs.cluster import cluster
from motifnet.motifs.reproducibility import Reproduced, reproducibility
from motifnet.progress import Progress
from motifnet.report.tables.families import reproducibility_tsv
from motifnet.runs.found import find
from motifnet.runs.read import read
from motifnet.training.workspace import Workspace


class Repeats(NamedTuple):
    """What runs with seeds of their own say of each motif.

    Parameters
    ----------
    runs : list of str
        Names of the runs: their seeds.
    reproduced : list of Reproduced
        What most runs found first.
    """

    runs: list[str]
    reproduced: list[Reproduced]

    def table(self) -> str:
        """One row for each motif that a run found, tab-separated."""
        return reproducibility_tsv(self.reproduced, self.runs)


def repeat(
    targets: Sequence[Path],
    config: TrainConfig,
    first: Sequence[FoundMotif],
    *,
    progress: Progress,
    workspace: Workspace,
) -> tuple[list[FoundMotif], Repeats]:
    """The motifs of the first run with how often others found them, and what all of them found.

    Each of ``--repeats`` runs has its own seed, from which come its controls, its split, its network
    and all else that is drawn. Significant motifs of all runs are grouped
    (:func:`motifnet.motifs.cluster.cluster`); the best of a group speaks for its run.

    Parameters
    ----------
    targets : sequence of Path
        The target files, which are read again.
    config : TrainConfig
        All options.
    first : sequence of FoundMotif
        Of the run with the seed that was asked for.
    progress : Progress
    workspace : Workspace
        Keeps what is finished, for a run that is resumed.
    """
    found = [[one.motif for one in first if one.counts]]
    found += _others(targets, config, progress, workspace)
    motifs = [motif for run in found for motif in run]
    run_of = [i for i, run in enumerate(found) for _ in run]
    families = cluster(motifs, strand=config.model.settled_strand).families
    reproduced = reproducibility(families, motifs, run_of)
    names = [f"seed {config.training.seed + i}" for i in range(len(found))]
    return _told(first, reproduced, len(found)), Repeats(names, reproduced)


def _others(
    targets: Sequence[Path], config: TrainConfig, progress: Progress, workspace: Workspace
) -> Iterator[list[Motif]]:
    """The motifs that count of the runs with other seeds."""
    for i in range(1, config.training.repeats):
        seed = config.training.seed + i
        reseeded = config.with_options("training", seed=seed)
        progress.log(f"again with seed {seed}")
        composed: Composed = read(targets, reseeded, progress)
        found = find(
            targets, composed, reseeded, progress=progress, workspace=_Named(f"seed{seed}-", workspace)
        )
        yield [one.motif for one in found.motifs if one.counts]


class _Named(NamedTuple):
    """A part of a workspace, in which every name begins with the same letters."""

    prefix: str
    whole: Workspace

    def load(self, name: str) -> dict[str, Any] | None:
        return self.whole.load(self.prefix + name)

    def save(self, name: str, content: dict[str, Any]) -> None:
        self.whole.save(self.prefix + name, content)


def _told(first: Sequence[FoundMotif], reproduced: Sequence[Reproduced], n_runs: int) -> list[FoundMotif]:
    """The motifs of the first run, whose indices come first, with how often they were found."""
    of_motif = {
        member.index: Reproduction(len(one.runs), n_runs, one.mean_spread)
        for one in reproduced
        for member in one.family.members
    }
    indices = iter(range(len(first)))
    return [replace(one, reproduction=of_motif[next(indices)]) if one.counts else one for one in first]
