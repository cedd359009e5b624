"""Which ties the data justify: the verdicts of the tests that a run was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section
from motifnet.report.pages.tie_tests import tie_rows
from motifnet.report.tie_test_result import TieTestResult

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("ties", heading="Ties", place=55)
def ties(result: RunResult) -> str:
    """A table of verdicts; left out where no tie was tested."""
    if not result.tie_tests:
        return ""
    tested = TieTestResult(result.title, "", result.tie_tests)
    return fill_template("ties.html", rows=tie_rows(tested))
