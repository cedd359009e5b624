"""The same results for scripts: tab-separated tables and metrics for JSON.

``motifs.tsv`` takes the column names of XSTREME (in capitals) where a column means the same
there, so that what reads the one reads the other; the columns that only motifnet has follow in
lower case. A result without motifs gives the header alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from motifnet.motifs import Motif
from motifnet.report.logo import display_name
from motifnet.report.markup import legal
from motifnet.report.numerals import power
from motifnet.report.rows import database_link

if TYPE_CHECKING:
    from motifnet.discovery.results import FoundMotif, RunResult, TaskMetrics
    from motifnet.motifs.tomtom import Match
    from motifnet.stats.enrichment import Enrichment

_MOTIF_COLUMNS: Mapping[str, Callable[[int, FoundMotif], object]] = {
    "RANK": lambda rank, found: rank,
    "ID": lambda rank, found: found.motif.name,
    "ALT_ID": lambda rank, found: found.motif.alt_name or f"motifnet-{rank}",
    "CONSENSUS": lambda rank, found: found.motif.consensus,
    "WIDTH": lambda rank, found: found.motif.width,
    "SITES": lambda rank, found: len(found.sites),
    "EVALUE": lambda rank, found: power(found.log10_e_value),
    "SIM_SOURCE": lambda rank, found: found.matches[0].database if found.matches else "",
    "SIM_MOTIF": lambda rank, found: _known_name(found.matches[0].known) if found.matches else "",
    "MOTIF_URL": lambda rank, found: database_link(found.matches[0].known) if found.matches else "",
    "significant": lambda rank, found: "yes" if found.significant else "no",
    "task": lambda rank, found: found.task,
    "target_hits": lambda rank, found: found.enrichment.target_hits,
    "n_targets": lambda rank, found: found.enrichment.n_targets,
    "target_share": lambda rank, found: _decimal(found.enrichment.target_share),
    "control_hits": lambda rank, found: found.enrichment.control_hits,
    "n_controls": lambda rank, found: found.enrichment.n_controls,
    "control_share": lambda rank, found: _decimal(found.enrichment.control_share),
    "fold": lambda rank, found: _decimal(found.enrichment.fold),
    "net_target_hits": lambda rank, found: found.net.target_hits,
    "net_control_hits": lambda rank, found: found.net.control_hits,
    "p_value": lambda rank, found: power(found.enrichment.log10_p),
    "log10_p_value": lambda rank, found: _decimal(found.enrichment.log10_p),
    "auroc": lambda rank, found: _decimal(found.auroc),
    "information": lambda rank, found: _decimal(float(found.motif.information.sum())),
    "threshold": lambda rank, found: _decimal(found.threshold),
    "sim_q_value": lambda rank, found: _scientific(found.matches[0].q_value) if found.matches else "",
    "members": lambda rank, found: ",".join(found.members),
    "found_in": lambda rank, found: found_in(found),
    "spread": lambda rank, found: _decimal(found.reproduction.spread) if found.reproduction else "",
}

_MATCH_COLUMNS: Mapping[str, Callable[[Motif, Match], object]] = {
    "Query_ID": lambda query, match: query.name,
    "Target_ID": lambda query, match: match.known.name,
    "Optimal_offset": lambda query, match: -match.offset,
    "p-value": lambda query, match: _scientific(match.p_value),
    "E-value": lambda query, match: _scientific(match.e_value),
    "q-value": lambda query, match: _scientific(match.q_value),
    "Overlap": lambda query, match: match.overlap,
    "Query_consensus": lambda query, match: _consensus(query, reverse=False),
    "Target_consensus": lambda query, match: _consensus(match.known, reverse=match.reverse),
    "Orientation": lambda query, match: "-" if match.reverse else "+",
    "target_name": lambda query, match: match.known.alt_name,
    "database": lambda query, match: match.database,
}


def found_in(found: FoundMotif) -> str:
    """How many of the runs found a motif, such as ``"3/5"``; empty where there was but one."""
    again = found.reproduction
    return f"{again.n_found}/{again.n_runs}" if again else ""


def motifs_tsv(result: RunResult) -> str:
    """One row for each motif, best first, those that are not significant last.

    Parameters
    ----------
    result : RunResult
        What a run found.

    Returns
    -------
    str
        A table with a header line. Empty cells mean that there is no value; a p-value too small
        for a float is still written in full, and ``log10_p_value`` holds it as a number.
    """
    rows = (
        [cell(rank, found) for cell in _MOTIF_COLUMNS.values()]
        for rank, found in enumerate(result.motifs, start=1)
    )
    return table(_MOTIF_COLUMNS, rows)


def matches_tsv(matched: Iterable[tuple[Motif, Sequence[Match]]]) -> str:
    """One row for each pair of a motif and a known motif like it, under the column names of Tomtom.

    As in Tomtom, ``Optimal_offset`` counts from the known motif: it is the column of the known
    motif (in the given orientation) where the first column of ours lies.

    Parameters
    ----------
    matched : iterable of (Motif, sequence of Match)
        Our motifs, each with the known motifs that resemble it.
    """
    rows = (
        [cell(query, match) for cell in _MATCH_COLUMNS.values()]
        for query, matches in matched
        for match in matches
    )
    return table(_MATCH_COLUMNS, rows)


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
    """
    return {
        "title": result.title,
        "evaluation": result.evaluation,
        "n_motifs": len(result.motifs),
        "n_significant": len(result.significant),
        "warnings": list(result.warnings),
        "tasks": [_task_metrics(metrics) for metrics in result.metrics],
        "motifs": [_motif_metrics(found) for found in result.motifs],
    }


def _task_metrics(metrics: TaskMetrics) -> dict[str, object]:
    numbers = ("auroc", "auprc", "no_skill_auprc", "gc_auroc", "length_auroc")
    return {
        "task": metrics.task,
        "n_targets": int(metrics.n_targets),
        "n_controls": int(metrics.n_controls),
        **{name: _finite(getattr(metrics, name)) for name in numbers},
    }


def _motif_metrics(found: FoundMotif) -> dict[str, object]:
    return {
        "name": found.motif.name,
        "significant": bool(found.significant),
        "e_value": _finite(found.e_value),
        "auroc": _finite(found.auroc),
        "task": found.task,
        "by_task": {task: _enrichment(enrichment) for task, enrichment in found.by_task.items()},
        "weight_by_task": {task: _finite(weight) for task, weight in found.weight_by_task.items()},
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


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Tab-separated text with a header line; ``None`` is an empty cell."""
    lines = ["\t".join(columns), *("\t".join(_cell(value) for value in row) for row in rows)]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    """A value as a cell: a tab or line break in a name must not become one of the table."""
    text = "" if value is None else str(value)
    if text.isprintable() and "  " not in text:  # as nearly all are, and tables may have many
        return text.strip()
    return re.sub(r"\s+", " ", legal(text)).strip()


def _decimal(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""


def _scientific(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else ""


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _known_name(known: Motif) -> str:
    """Identifier first and protein in brackets, as XSTREME writes it."""
    return f"{known.name} ({known.alt_name})" if display_name(known) != known.name else known.name


@lru_cache(maxsize=8192)  # a motif has many matches, and a database has thousands of motifs
def _consensus(motif: Motif, *, reverse: bool) -> str:
    return (motif.reverse_complement() if reverse else motif).consensus
