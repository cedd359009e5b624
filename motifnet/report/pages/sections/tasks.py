"""Motifs by tasks: which motif is enriched in which task."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

if TYPE_CHECKING:
    from motifnet.discovery.results import FoundMotif, RunResult
    from motifnet.stats.enrichment import Enrichment

_DARKEST = 5.0  # log2 fold at which the shade of a cell is full
_FAINTEST_P = -2.0  # log10 of the p-value above which a cell stays unshaded


class TaskCell(NamedTuple):
    """A motif in a task; ``shade`` runs from 0 to 1, and the best of the shaded has the largest fold."""

    enrichment: Enrichment | None
    weight: float
    shade: float
    best: bool


@section("tasks", heading="Motifs by task", place=40)
def tasks(result: RunResult) -> str:
    """A matrix of enrichments; left out where there is one task, or no motif."""
    names = result.data.tasks
    if len(names) < 2 or not result.motifs:
        return ""
    rows = [(rank, found, _cells(found, names)) for rank, found in enumerate(result.motifs, start=1)]
    return fill_template("tasks.html", tasks=names, rows=rows)


def _cells(found: FoundMotif, names: Sequence[str]) -> list[TaskCell]:
    tested = [found.by_task.get(name) for name in names]
    folds = [0.0 if one is None or one.log10_p > _FAINTEST_P else one.fold for one in tested]
    best = folds.index(max(folds)) if max(folds) > 0 else None
    return [
        TaskCell(one, found.weight_by_task.get(name, math.nan), _shade(one), best=i == best)
        for i, (name, one) in enumerate(zip(names, tested, strict=True))
    ]


def _shade(enrichment: Enrichment | None) -> float:
    if enrichment is None or enrichment.log10_p > _FAINTEST_P:
        return 0.0
    return round(min(max(math.log2(enrichment.fold) / _DARKEST, 0.0), 1.0), 2)
