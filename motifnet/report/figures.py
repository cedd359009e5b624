"""Charts as inline SVG, written directly: crisp at any size, offline, readable by a screen reader.

A chart carries class names and no colours; the style sheet of the page gives them, so that print
and dark mode need no second drawing. Every chart says in its title and description what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motifnet.report.markup import describe, escape
from motifnet.report.numerals import count, decimal, percent, plural

if TYPE_CHECKING:
    from motifnet.discovery.results import TaskMetrics

_SHARE_TICKS = (0, 0.25, 0.5, 0.75, 1)
_UNIT = (0.0, 1.0)


@dataclass(frozen=True)
class Plot:
    """The coordinates of a chart: data ranges, size in pixels, and margins for the labels.

    Parameters
    ----------
    x_range, y_range : tuple of float
        Smallest and largest value of each axis; the two must differ.
    width, height : float
        Of the whole drawing.
    left, right, top, bottom : float
        Margins around the data.

    Examples
    --------
    >>> plot = Plot((0, 10), (0, 1), width=110, height=50, left=10, right=0, top=0, bottom=0)
    >>> plot.x(5), plot.y(1)
    (60.0, 0.0)
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: float = 320
    height: float = 260
    left: float = 52
    right: float = 12
    top: float = 12
    bottom: float = 44

    def x(self, value: float) -> float:
        """Pixel of a value on the horizontal axis."""
        low, high = self.x_range
        return self.left + (value - low) / (high - low) * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        """Pixel of a value on the vertical axis."""
        low, high = self.y_range
        return (
            self.height - self.bottom - (value - low) / (high - low) * (self.height - self.top - self.bottom)
        )

    def axes(self, x_ticks: Sequence[float], y_ticks: Sequence[float], x_label: str, y_label: str) -> str:
        """Both axes with ticks, light grid lines and labels."""
        base, middle_x = self.y(self.y_range[0]), (self.left + self.width - self.right) / 2
        middle_y = (self.top + self.height - self.bottom) / 2
        right = self.width - self.right
        grid = "".join(f'<path class="grid" d="M{self.left} {self.y(v):.1f}H{right}"/>' for v in y_ticks)
        below = "".join(text(self.x(v), base + 16, tick(v), "tick middle") for v in x_ticks)
        beside = "".join(text(self.left - 7, self.y(v) + 4, tick(v), "tick end") for v in y_ticks)
        marks = "".join(f'<path class="axis" d="M{self.x(v):.1f} {base}v4"/>' for v in x_ticks)
        vertical = text(0, 0, y_label, "label middle")
        turned = f'<g transform="translate(14 {middle_y:.1f}) rotate(-90)">{vertical}</g>'
        return (
            f'{grid}<path class="axis" d="M{self.left} {base}H{right}"/>{marks}{below}{beside}'
            f"{text(middle_x, base + 37, x_label, 'label middle')}{turned}"
        )

    def line(self, x: np.ndarray, y: np.ndarray, css: str) -> str:
        """A line through points; points that are not finite or would not be seen are left out."""
        points = [
            (self.x(a), self.y(b)) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)
        ]
        if not points:
            return ""
        return f'<path class="{css}" d="M{"L".join(f"{a:.1f} {b:.1f}" for a, b in _thinned(points))}"/>'

    def steps(self, edges: np.ndarray, values: np.ndarray, css: str) -> str:
        """The outline of a histogram, closed on the base line."""
        path = f"M{self.x(edges[0]):.1f} {self.y(self.y_range[0]):.1f}"
        for value, right in zip(values, edges[1:], strict=True):
            path += f"V{self.y(value):.1f}H{self.x(right):.1f}"
        return f'<path class="{css}" d="{path}V{self.y(self.y_range[0]):.1f}Z"/>'

    def drawing(self, title: str, description: str, body: str, css: str = "chart") -> str:
        """The ``<svg>`` around the parts."""
        return (
            f'<svg class="{css}" role="img" width="{self.width:g}" height="{self.height:g}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}">{describe(title, description)}{body}</svg>'
        )


def roc_chart(metrics: TaskMetrics) -> str:
    """ROC curve of the network over the no-skill diagonal, with the baselines named beside it.

    Parameters
    ----------
    metrics : TaskMetrics
        Of one task.
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


def axes_of_positions(plot: Plot, half_width: float) -> str:
    """The axes of a chart of where sites lie in their sequences, up to ``half_width`` from the centre."""
    return plot.axes(
        nice_ticks(-half_width, half_width, 5),
        nice_ticks(*plot.y_range, 3),
        "site centre − sequence centre (bp)",
        "share of sites",
    )


def position_histogram(distances: np.ndarray, half_width: float, name: str) -> str:
    """Where the sites of a motif lie: histogram of the distance of their centres from the sequence centre.

    Parameters
    ----------
    distances : numpy.ndarray, shape=(n_sites,)
        Distance of each site's centre from the centre of its sequence, in bases.
    half_width : float
        Distance at which the axis ends; larger than 0.
    name : str
        Name of the motif.
    """
    edges, share = _shares(distances, -half_width, half_width, n_bins=41)
    plot = Plot((-half_width, half_width), (0, _ceiling(share)), width=420, height=190)
    body = (
        axes_of_positions(plot, half_width)
        + plot.steps(edges, share, "area target")
        + f'<path class="centre" d="M{plot.x(0):.1f} {plot.top}V{plot.y(0):.1f}"/>'
    )
    return plot.drawing(f"Positions of the sites of {name}", _positions_in_words(distances, half_width), body)


def sparkline(distances: np.ndarray, half_width: float, name: str) -> str:
    """:func:`position_histogram` small enough for the cell of a table; same parameters."""
    edges, share = _shares(distances, -half_width, half_width, n_bins=31)
    plot = Plot((-half_width, half_width), (0, _ceiling(share)), 104, 34, left=2, right=2, top=2, bottom=3)
    base = plot.y(0)
    body = (
        plot.steps(edges, share, "area target")
        + f'<path class="axis" d="M2 {base}H102"/><path class="centre" d="M{plot.x(0):.1f} 0V34"/>'
    )
    return plot.drawing(
        f"Positions of the sites of {name}", _positions_in_words(distances, half_width), body, "sparkline"
    )


def gc_histogram(targets: np.ndarray, controls: np.ndarray) -> str:
    """GC content of targets and controls, overlaid.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n_sequences,)
        GC share of each sequence.
    """
    return _overlaid(targets, controls, "GC content", *_UNIT)


def length_histogram(targets: np.ndarray, controls: np.ndarray) -> str:
    """Lengths of targets and controls, overlaid.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n_sequences,)
        Length of each sequence in bases.
    """
    # A few very long sequences must not squeeze the others into one bar.
    largest = float(np.percentile(np.concatenate([targets, controls, [10]]), 99))
    return _overlaid(targets, controls, "length (bp)", 0, largest)


def nice_ticks(low: float, high: float, n: int) -> list[float]:
    """About ``n`` round numbers between two values, both included where they are round.

    Examples
    --------
    >>> nice_ticks(0, 0.23, 4)
    [0.0, 0.1, 0.2]
    >>> nice_ticks(-100, 100, 5)
    [-100.0, -50.0, 0.0, 50.0, 100.0]
    """
    raw = (high - low) / max(n - 1, 1)
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(magnitude * factor for factor in (1, 2, 2.5, 5, 10) if magnitude * factor >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, last + 1)]


def tick(value: float) -> str:
    """The number at a tick: as short as it can be, with a true minus sign."""
    return count(value) if abs(value) >= 1000 else f"{value:g}".replace("-", "\u2212")


def text(x: float, y: float, content: str, css: str) -> str:
    """A ``<text>`` element."""
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}">{escape(content)}</text>'


def _curve_plot() -> Plot:
    """A square of shares, with room for a legend of two rows below, where no curve can pass."""
    return Plot(_UNIT, _UNIT, width=360, height=396, bottom=88)


def _legend(plot: Plot, entries: Sequence[tuple[str, str]]) -> str:
    """Class of the line and words of each entry, two in a row; an entry without a line is a number only."""
    parts = []
    for i, (css, words) in enumerate(entries):
        x, y = plot.left + 178 * (i % 2), plot.height - 24 + 18 * (i // 2)
        parts.append(f'<path class="{css}" d="M{x} {y - 4}h18"/>' if css else "")
        parts.append(text(x + 24, y, words, "label"))
    return "".join(parts)


def _overlaid(targets: np.ndarray, controls: np.ndarray, label: str, low: float, high: float) -> str:
    """Two histograms of shares on one axis: targets filled, controls as an outline."""
    edges, target_share = _shares(targets, low, high, n_bins=40)
    _, control_share = _shares(controls, low, high, n_bins=40)
    plot = Plot((low, high), (0, _ceiling(target_share, control_share)), width=420, height=240, top=30)
    body = (
        plot.axes(nice_ticks(low, high, 5), nice_ticks(*plot.y_range, 4), label, "share of sequences")
        + plot.steps(edges, target_share, "area target")
        + plot.steps(edges, control_share, "area control")
        + f'<rect class="area target" x="{plot.left}" y="9" width="14" height="10"/>'
        + text(plot.left + 20, 18, f"targets ({count(len(targets))})", "label")
        + f'<rect class="area control" x="{plot.left + 150}" y="9" width="14" height="10"/>'
        + text(plot.left + 170, 18, f"controls ({count(len(controls))})", "label")
    )
    description = f"Median {_median(targets)} in targets, {_median(controls)} in controls."
    return plot.drawing(f"{label} of targets and controls", description, body)


def _shares(values: np.ndarray, low: float, high: float, n_bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges of equal bins and the share of all values in each; values outside are in no bin."""
    values = np.asarray(values, np.float64)
    counts, edges = np.histogram(values[np.isfinite(values)], bins=n_bins, range=(low, high))
    return edges, counts / max(len(values), 1)


def _ceiling(*shares: np.ndarray) -> float:
    """Top of a vertical axis: a little above the largest value, and never 0."""
    return 1.08 * max(float(share.max()) for share in shares) or 1.0


def _median(values: np.ndarray) -> str:
    return f"{np.median(values):.3g}" if len(values) else "unknown"


def _positions_in_words(distances: np.ndarray, half_width: float) -> str:
    if len(distances) == 0:
        return "No site."
    near = np.mean(np.abs(distances) <= half_width / 4)
    beyond = int(np.sum(np.abs(distances) > half_width))
    outside = f" {plural(beyond, 'site')} farther out than the axis." if beyond else ""
    return f"{percent(float(near))} of {plural(len(distances), 'site')} in the middle quarter.{outside}"


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points without those that lie within a pixel of the one before; the ends stay."""
    kept = [points[0]]
    for point in points[1:-1]:
        if math.dist(point, kept[-1]) >= 1:
            kept.append(point)
    return [*kept, points[-1]]
