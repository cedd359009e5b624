"""How well a network predicts held-out sequences: curves over two shares, such as ROC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from motifnet.report.drawing.plot import Plot, svg_text
from motifnet.report.numerals import decimal

if TYPE_CHECKING:
    from motifnet.training.task_metrics import Line, ShareChart, TaskMetrics

_SHARE_TICKS = (0, 0.25, 0.5, 0.75, 1)
_UNIT = (0.0, 1.0)


def share_chart(chart: ShareChart, metrics: TaskMetrics) -> str:
    """Lines over two shares, what the network does on top, with figures of merit in the legend.

    Parameters
    ----------
    chart : ShareChart
        What to draw.
    metrics : TaskMetrics
        Of one task: what the words of the chart name.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.training.task_metrics import ShareChart, Figure, Line, TaskMetrics
    >>> line = Line(np.array([0, 1]), np.array([0, 1]), "network (area {area})", is_ours=True)
    >>> metrics = TaskMetrics("ctcf", (Figure("area", "Area", 0.5),), "area {area}")
    >>> "network (area 0.500)" in share_chart(ShareChart("Curve", "A line.", "x", "y", (line,)), metrics)
    True
    """
    plot = _curve_plot()
    entries = [(_css(line), line.label) for line in chart.lines]
    body = (
        plot.axes(_SHARE_TICKS, _SHARE_TICKS, chart.x_label, chart.y_label)
        + "".join(plot.line(line.x, line.y, _css(line)) for line in reversed(chart.lines))
        + _legend(plot, [(css, metrics.told(words, decimal)) for css, words in entries])
    )
    description = metrics.told(chart.description, decimal)
    return plot.drawing(f"{chart.title} of {metrics.task}", description, body)


def _css(line: Line) -> str:
    return "line target" if line.is_ours else "line no-skill"


def _curve_plot() -> Plot:
    """A square of shares, with room for a legend of two rows below, where no curve can pass."""
    return Plot(_UNIT, _UNIT, width=360, height=396, bottom=88)


def _legend(plot: Plot, entries: Sequence[tuple[str, str]]) -> str:
    """Class of the line and words of each entry, two in a row."""
    parts = []
    for i, (css, words) in enumerate(entries):
        x, y = plot.left + 178 * (i % 2), plot.height - 24 + 18 * (i // 2)
        parts.append(f'<path class="{css}" d="M{x} {y - 4}h18"/>')
        parts.append(svg_text(x + 24, y, words, "label"))
    return "".join(parts)
