"""The numbers of a run for ``metrics.json``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motifnet.discovery.results import FamilyMember, FoundMotif, Importance, RunResult
    from motifnet.motifs.companion import Companion
    from motifnet.stats.enrichment import Enrichment
    from motifnet.training.task_metrics import TaskMetrics


def metrics_json(result: RunResult) -> dict[str, object]:
    """The numbers of a run as plain values, for ``metrics.json``; what is not finite becomes ``None``.

    Parameters
    ----------
    result : RunResult
        What a run found.

    Returns
    -------
    dict
        Counts, the metrics of each task beside its baselines, and of each motif its enrichment in
        every task.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.datasets.compose import Composition
    >>> from motifnet.discovery.results import RunResult
    >>> none, even = np.zeros(0), np.full(4, 0.25)
    >>> data = Composition(("peaks",), {"peaks": 0}, {}, 0, "none", "none", (), none, none, none, none, even)
    >>> result = RunResult("nothing", data, (), (), (), (), "Nothing was evaluated.")
    >>> metrics_json(result)["n_motifs"], metrics_json(result)["tasks"]
    (0, [])
    """
    return {
        "title": result.title,
        "evaluation": result.evaluation,
        "n_motifs": len(result.motifs),
        "n_significant": len(result.significant),
        "n_set_apart": len(result.set_apart),
        "warnings": list(result.warnings),
        "tasks": [_task_metrics(metrics) for metrics in result.metrics],
        "motifs": [_motif_metrics(found) for found in result.motifs],
    }


def _task_metrics(metrics: TaskMetrics) -> dict[str, object]:
    figures = {one.name: one.value if one.is_count else _finite(one.value) for one in metrics.figures}
    return {"task": metrics.task, **figures}


def _motif_metrics(found: FoundMotif) -> dict[str, object]:
    return {
        "name": found.motif.name,
        "significant": bool(found.counts),
        "set_apart": bool(found.significant and found.is_set_apart),
        "class": found.kind.value,
        "extends": found.extends,
        "against_shuffled": bool(found.against_shuffled),
        "e_value": _finite(found.e_value),
        "log10_e_value": _finite(found.log10_e_value),
        "auroc": _finite(found.auroc),
        "task": found.task,
        "by_task": {task: _enrichment(enrichment) for task, enrichment in found.by_task.items()},
        "weight_by_task": {task: _finite(weight) for task, weight in found.weight_by_task.items()},
        "lost_without": _lost(found.importance),
        "members": [_member(member) for member in found.members],
        "companions": [_companion(one) for one in found.companions],
    }


def _companion(one: Companion) -> dict[str, object]:
    place = one.neighbour
    return {
        "name": one.name,
        "n_both": one.together.n_both,
        "n_this": one.together.n_first,
        "n_other": one.together.n_second,
        "n_targets": one.together.n_sequences,
        "more": bool(one.is_more),
        "log10_e": _finite(one.together_log10_e),
        "place": place
        and {
            "gap": place.gap,
            "downstream": bool(place.downstream),
            "same_strand": bool(place.same_strand),
            "n_here": place.n_here,
            "n_near": place.n_near,
            "expected": _finite(place.expected),
            "log10_e": _finite(one.neighbour_log10_e),
        },
    }


def _lost(importance: Importance | None) -> dict[str, object] | None:
    if importance is None:
        return None
    return {"auroc": _finite(importance.auroc), "log_loss": _finite(importance.log_loss)}


def _member(member: FamilyMember) -> dict[str, object]:
    return {
        "relation": member.relation,
        "consensus": member.motif.consensus,
        "auroc": _finite(member.auroc),
        "filters": list(member.filters),
        **_enrichment(member.enrichment),
    }


def _enrichment(enrichment: Enrichment) -> dict[str, object]:
    return {
        "target_hits": int(enrichment.target_hits),
        "n_targets": int(enrichment.n_targets),
        "control_hits": int(enrichment.control_hits),
        "n_controls": int(enrichment.n_controls),
        "fold": _finite(enrichment.fold),
        "log10_p": _finite(enrichment.log10_p),
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
