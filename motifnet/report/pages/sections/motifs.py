"""The table of significant motifs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section
from motifnet.report.tables.motif_rows import motif_rows

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("motifs", heading="Motifs", place=20)
def motifs(result: RunResult) -> str:
    """Rank, logo, enrichment and best known match of every motif that passed."""
    return fill_template("motifs.html", result=result, rows=motif_rows(result, lambda found: found.counts))
