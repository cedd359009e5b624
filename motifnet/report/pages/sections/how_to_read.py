"""How to read the report: a short glossary that says what the numbers do not show, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("reading", heading="How to read this report", place=100)
def how_to_read(_: RunResult) -> str:
    """The words of the report."""
    return fill_template("how_to_read.html")
