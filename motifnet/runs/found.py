"""Motifs found in targets, in the letters of these: whoever names or compares them sees no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Composed
from motifnet.discovery.discover import Discovery, discover
from motifnet.discovery.results import FoundMotif
from motifnet.io.fasta import holds_rna
from motifnet.motifs import Motif
from motifnet.progress import Progress
from motifnet.training.workspace import Workspace


def find(
    targets: Sequence[Path],
    composed: Composed,
    config: TrainConfig,
    *,
    progress: Progress,
    workspace: Workspace,
) -> Discovery:
    """What :func:`~motifnet.discovery.discover.discover` finds; motifs of RNA are told as RNA.

    Parameters
    ----------
    targets : sequence of Path
        The files that the sequences were read from.
    composed : Composed
        The sequences.
    config : TrainConfig
        All options, of which the strand is known.
    progress : Progress
    workspace : Workspace
        Keeps what is finished, for a run that is resumed.
    """
    background = composed.summary.background
    found = discover(composed.dataset, background, config, progress=progress, workspace=workspace)
    if config.model.settled_strand.reads_both or not all(map(holds_rna, targets)):
        return found
    return found._replace(motifs=as_rna(found.motifs))


def as_rna(found: Sequence[FoundMotif]) -> list[FoundMotif]:
    """The same motifs and their members in the letters of RNA, by which they are named as well.

    Parameters
    ----------
    found : sequence of FoundMotif
        Named by rank and consensus.
    """
    motifs = {one.motif.name: _of_rna(one.motif) for one in found}
    return [
        replace(
            one,
            motif=motifs[one.motif.name],
            members=[part._replace(motif=_of_rna(part.motif)) for part in one.members],
            extends=motifs[one.extends].name if one.extends else "",
        )
        for one in found
    ]


def _of_rna(motif: Motif) -> Motif:
    rank, dash, _ = motif.name.rpartition("-")
    motif = replace(motif, alphabet="RNA")
    return replace(motif, name=f"{rank}{dash}{motif.consensus}")
