"""The table of significant motifs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.page import fill
from motifnet.report.rows import motif_rows
from motifnet.report.section import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("motifs", heading="Motifs", place=20)
def motifs(result: RunResult) -> str:
    """Rank, logo, enrichment and best known match of every motif that passed."""
    return fill("motifs.html", result=result, rows=motif_rows(result, significant=True))
