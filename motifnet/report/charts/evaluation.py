"""How well a network tells held-out targets from controls: ROC and precision-recall curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from motifnet.report.drawing.plot import Plot, svg_text
from motifnet.report.numerals import decimal

if TYPE_CHECKING:
    from motifnet.discovery.results import TaskMetrics

_SHARE_TICKS = (0, 0.25, 0.5, 0.75, 1)
_UNIT = (0.0, 1.0)


def roc_chart(metrics: TaskMetrics) -> str:
    """ROC curve of the network over the no-skill diagonal, with the baselines named beside it.

    Parameters
    ----------
    metrics : TaskMetrics
        Of one task.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> from motifnet.discovery.results import Curve, TaskMetrics
    >>> line = Curve(np.array([0, 1]), np.array([0, 1]))
    >>> metrics = TaskMetrics("ctcf", 100, 100, 0.5, 0.5, 0.5, 0.5, 0.5, roc=line, pr=line)
    >>> "network (AUROC 0.500)" in roc_chart(metrics)
    True
    """
    plot = _curve_plot()
    description = (
        f"AUROC of the network {decimal(metrics.auroc)}, of GC content alone {decimal(metrics.gc_auroc)}, "
        f"of length alone {decimal(metrics.length_auroc)}; a coin has 0.5."
    )
    entries = [
        ("line target", f"network (AUROC {decimal(metrics.auroc)})"),
        ("line no-skill", "no skill (0.500)"),
        ("", f"GC content alone ({decimal(metrics.gc_auroc)})"),
        ("", f"length alone ({decimal(metrics.length_auroc)})"),
    ]
    body = (
        plot.axes(_SHARE_TICKS, _SHARE_TICKS, "false-positive rate", "recall (true-positive rate)")
        + plot.line(np.array(_UNIT), np.array(_UNIT), "line no-skill")
        + plot.line(metrics.roc.x, metrics.roc.y, "line target")
        + _legend(plot, entries)
    )
    return plot.drawing(f"ROC curve of {metrics.task}", description, body)


def pr_chart(metrics: TaskMetrics) -> str:
    """Precision-recall curve of the network over the no-skill line at the share of targets.

    Parameters
    ----------
    metrics : TaskMetrics
        Of one task.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> from motifnet.discovery.results import Curve, TaskMetrics
    >>> line = Curve(np.array([0, 1]), np.array([0, 1]))
    >>> metrics = TaskMetrics("ctcf", 100, 100, 0.5, 0.5, 0.5, 0.5, 0.5, roc=line, pr=line)
    >>> "no skill (0.500)" in pr_chart(metrics)
    True
    """
    plot, floor = _curve_plot(), metrics.no_skill_auprc
    description = (
        f"AUPRC of the network {decimal(metrics.auprc)}; a coin has {decimal(floor)}, the share of targets."
    )
    entries = [
        ("line target", f"network (AUPRC {decimal(metrics.auprc)})"),
        ("line no-skill", f"no skill ({decimal(floor)})"),
    ]
    body = (
        plot.axes(_SHARE_TICKS, _SHARE_TICKS, "recall", "precision")
        + plot.line(np.array(_UNIT), np.array([floor, floor]), "line no-skill")
        + plot.line(metrics.pr.x, metrics.pr.y, "line target")
        + _legend(plot, entries)
    )
    return plot.drawing(f"Precision-recall curve of {metrics.task}", description, body)


def _curve_plot() -> Plot:
    """A square of shares, with room for a legend of two rows below, where no curve can pass."""
    return Plot(_UNIT, _UNIT, width=360, height=396, bottom=88)


def _legend(plot: Plot, entries: Sequence[tuple[str, str]]) -> str:
    """Class of the line and words of each entry, two in a row; an entry without a line is a number only."""
    parts = []
    for i, (css, words) in enumerate(entries):
        x, y = plot.left + 178 * (i % 2), plot.height - 24 + 18 * (i // 2)
        parts.append(f'<path class="{css}" d="M{x} {y - 4}h18"/>' if css else "")
        parts.append(svg_text(x + 24, y, words, "label"))
    return "".join(parts)
