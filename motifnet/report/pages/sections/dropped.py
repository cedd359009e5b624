"""Filters that gave no motif of their own, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("dropped", heading="Filters merged or dropped", place=80)
def dropped(result: RunResult) -> str:
    """A folded table; left out where every filter became a motif of its own."""
    return fill_template("dropped.html", dropped=result.dropped) if result.dropped else ""
