"""The table of motifs that did not pass: shown, greyed, never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report import record
from motifnet.report.numerals import small
from motifnet.report.page import fill
from motifnet.report.rows import motif_rows
from motifnet.report.section import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("not-significant", heading="Not significant", place=30)
def not_significant(result: RunResult) -> str:
    """The same table as that of the significant motifs; left out where all passed."""
    rows = motif_rows(result, significant=False)
    limit = small(float(record.option(result, "discovery", "e_value")))
    return fill("not_significant.html", result=result, rows=rows, limit=limit) if rows else ""
