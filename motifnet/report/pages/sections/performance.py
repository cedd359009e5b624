"""How well the network tells held-out targets from controls, beside what needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from motifnet.report.charts.evaluation import pr_chart, roc_chart
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult

# A baseline above this is a warning that targets and controls differ in more than motifs.
_SUSPICIOUS = 0.6


@section("performance", heading="How well the network predicts", place=60)
def performance(result: RunResult) -> str:
    """AUROC and AUPRC of each task with baselines, ROC and precision-recall curves."""
    charts = [
        (metrics.task, Markup(roc_chart(metrics)), Markup(pr_chart(metrics))) for metrics in result.metrics
    ]
    return fill_template("performance.html", result=result, charts=charts, suspicious=_SUSPICIOUS)
