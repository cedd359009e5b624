"""Which motifs of a run are found together, in each of its tasks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from motifnet.datasets.compose import Dataset
from motifnet.discovery.results import FoundMotif
from motifnet.scanning.companions import companions
from motifnet.strand import Strand


def with_companions(found: Sequence[FoundMotif], dataset: Dataset, *, strand: Strand) -> list[FoundMotif]:
    """The same motifs, those that count with the others of their task as companions.

    Of the targets of a task those are looked at that its tests count, held out or not: motifs were
    chosen for being frequent, and not for being together.

    Parameters
    ----------
    found : sequence of FoundMotif
        Best first.
    dataset : Dataset
        What they were found in.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    """
    of_task: dict[str, list[int]] = {}
    for i, one in enumerate(found):
        if one.counts:
            of_task.setdefault(one.task, []).append(i)
    n_pairs = sum(math.comb(len(some), 2) for some in of_task.values())
    told = list(found)
    for task, some in of_task.items():
        column = dataset.tasks.index(task)
        chosen = (dataset.labels[:, column] == 1) & dataset.counted[:, column]
        of_each = companions(
            [found[i].motif for i in some],
            [found[i].threshold for i in some],
            [found[i].enrichment.control_share for i in some],
            dataset.sequences.select(chosen),
            strand=strand,
            n_pairs=n_pairs,
        )
        for i, others in zip(some, of_each, strict=True):
            told[i] = replace(found[i], companions=tuple(others))
    return told
