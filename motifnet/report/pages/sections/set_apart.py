"""What is more frequent in targets and is no motif: shown with all its numbers, and counted nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.display_names import kinds_in_words
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section
from motifnet.report.tables.motif_rows import motif_rows

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("set-apart", heading="Repeats and low complexity", place=25)
def set_apart(result: RunResult) -> str:
    """A folded table like that of the motifs; left out where nothing was set apart."""
    rows = motif_rows(result, lambda found: found.significant and found.is_set_apart)
    told = kinds_in_words(row.found.kind for row in rows)
    return fill_template("set_apart.html", result=result, rows=rows, told=told) if rows else ""
