"""How to read the report: a short glossary that says what the numbers do not show, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.page import fill
from motifnet.report.section import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("reading", heading="How to read this report", place=100)
def reading(_: RunResult) -> str:
    """The words of the report."""
    return fill("reading.html")
