"""The table of motifs that did not pass: shown, greyed, never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.numerals import small
from motifnet.report.pages import run_record
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section
from motifnet.report.tables.motif_rows import motif_rows

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("not-significant", heading="Not significant", place=30)
def not_significant(result: RunResult) -> str:
    """The same table as that of the significant motifs; left out where all passed."""
    rows = motif_rows(result, lambda found: not found.significant)
    limit = small(run_record.number(run_record.option(result.record, "discovery", "max_e")))
    return fill_template("not_significant.html", result=result, rows=rows, limit=limit) if rows else ""
