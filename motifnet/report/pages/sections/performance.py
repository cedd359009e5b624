"""How well the network tells held-out targets from controls, beside what needs no network."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from markupsafe import Markup

from motifnet.report.charts.evaluation import share_chart
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("performance", heading="How well the network predicts", place=60)
def performance(result: RunResult) -> str:
    """Figures of merit of each task with their baselines, and charts of them."""
    charts = [
        (metrics.task, [Markup(share_chart(chart, metrics)) for chart in metrics.charts])
        for metrics in result.metrics
        if metrics.charts
    ]
    figures = [figure for metrics in result.metrics for figure in metrics.figures]
    limits = {figure.doubtful_above for figure in figures} - {inf}
    return fill_template(
        "performance.html", result=result, charts=charts, suspicious=min(limits, default=None)
    )
