"""What was found, in one sentence; the numbers that matter; the warnings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from motifnet.report.display_names import display_name, kinds_in_words
from motifnet.report.numerals import count, decimal, duration, percent, plural, small
from motifnet.report.pages import run_record
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

if TYPE_CHECKING:
    from motifnet.discovery.results import FoundMotif, RunResult


class Tile(NamedTuple):
    """One number of the summary: what it is, its value, and a remark below."""

    label: str
    value: str
    remark: str


@section("summary", heading="Summary", place=10)
def summary(result: RunResult) -> str:
    """Headline, numbers and warnings."""
    return fill_template("summary.html", result=result, headline=headline(result), tiles=tiles(result))


def headline(result: RunResult) -> str:
    """What the run found, in a sentence or two that claim no more than was shown."""
    limit = small(run_record.number(run_record.option(result.record, "discovery", "max_e")))
    if not result.significant:
        return f"No significant motif. {_what_was_tried(result, limit)}"
    best = result.significant[0]
    opening = (
        "One significant motif"
        if len(result.significant) == 1
        else f"{len(result.significant)} significant motifs; the best"
    )
    return f"{opening}, {_name_of(best)}, is in {_shares_of(best, result)}."


def tiles(result: RunResult) -> list[Tile]:
    """The numbers of the summary."""
    removed = sum(result.data.removed.values())
    n_targets = sum(part.n_targets for part in result.data.parts) or sum(result.data.targets_by_task.values())
    return [
        Tile("significant motifs", count(len(result.significant)), _remark_on_motifs(result)),
        Tile(
            "target sequences", count(n_targets), f"{count(removed)} removed" if removed else "none removed"
        ),
        Tile("control sequences", count(result.data.n_controls), ""),
        *_performance_tile(result),
        *_time_tile(result),
    ]


def _remark_on_motifs(result: RunResult) -> str:
    """How many were tried, and what was set apart."""
    tried = f"of {count(len(result.motifs))} tried"
    apart = kinds_in_words(found.kind for found in result.set_apart)
    return f"{tried}; set apart: {apart}" if apart else tried


def _what_was_tried(result: RunResult, limit: str) -> str:
    if not result.motifs:
        return "No filter of the network gave a motif that could be tested."
    if result.set_apart:
        told = kinds_in_words(found.kind for found in result.set_apart)
        return f"All that is more frequent in targets than in controls at E ≤ {limit} is no motif: {told}."
    tried = (
        "The one motif tried is not"
        if len(result.motifs) == 1
        else f"None of the {len(result.motifs)} motifs tried is"
    )
    return f"{tried} more frequent in target than in control sequences at E ≤ {limit}."


def _name_of(found: FoundMotif) -> str:
    if not found.matches:
        return found.motif.name
    return f"{found.motif.name}, most like {display_name(found.matches[0].known)}"


def _shares_of(found: FoundMotif, result: RunResult) -> str:
    where = f" of task {found.task}" if len(result.data.tasks) > 1 else ""
    targets, controls = found.enrichment.target_share, found.enrichment.control_share
    return f"{percent(targets)} of targets{where} and {percent(controls)} of controls"


def _performance_tile(result: RunResult) -> list[Tile]:
    scores = [one.main.value for one in result.metrics if math.isfinite(one.main.value)]
    if not scores:
        return []
    first = result.metrics[0]
    label = f"held-out {first.main.heading}"
    if len(result.metrics) > 1:
        return [Tile(label, decimal(sum(scores) / len(scores)), f"mean of {plural(len(scores), 'task')}")]
    baselines = first.baselines_of(first.main.name)
    remark = f"{baselines[0].heading} {decimal(baselines[0].value)}" if baselines else ""
    return [Tile(label, decimal(scores[0]), remark)]


def _time_tile(result: RunResult) -> list[Tile]:
    seconds = [run_record.number(value) for value in run_record.part(result.record, "seconds").values()]
    device = run_record.entry(result.record, "device")
    return [Tile("run time", duration(sum(seconds)), f"on {device}" if device else "")] if seconds else []
