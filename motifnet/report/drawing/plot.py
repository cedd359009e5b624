"""The coordinates, axes and lines of charts as inline SVG, written directly.

They are crisp at any size, offline, and readable by a screen reader.

A chart carries class names and no colours; the style sheet of the page gives them, so that print
and dark mode need no second drawing. Every chart says in its title and description what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motifnet.report.escaping import describe, escape
from motifnet.report.numerals import count


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
        below = "".join(svg_text(self.x(v), base + 16, tick_label(v), "tick middle") for v in x_ticks)
        beside = "".join(svg_text(self.left - 7, self.y(v) + 4, tick_label(v), "tick end") for v in y_ticks)
        marks = "".join(f'<path class="axis" d="M{self.x(v):.1f} {base}v4"/>' for v in x_ticks)
        vertical = svg_text(0, 0, y_label, "label middle")
        turned = f'<g transform="translate(14 {middle_y:.1f}) rotate(-90)">{vertical}</g>'
        return (
            f'{grid}<path class="axis" d="M{self.left} {base}H{right}"/>{marks}{below}{beside}'
            f"{svg_text(middle_x, base + 37, x_label, 'label middle')}{turned}"
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


def nice_ticks(low: float, high: float, n: int) -> list[float]:
    """About ``n`` round numbers between two values, both included where they are round.

    Parameters
    ----------
    low, high : float
        Ends of an axis; ``high`` is larger.
    n : int
        How many numbers are wanted.

    Returns
    -------
    list of float

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


def tick_label(value: float) -> str:
    """The number at a tick: as short as it can be, with a true minus sign.

    Parameters
    ----------
    value : float

    Returns
    -------
    str

    Examples
    --------
    >>> tick_label(0.25), tick_label(-30.0)
    ('0.25', '−30')
    """
    return count(value) if abs(value) >= 1000 else f"{value:g}".replace("-", "\u2212")


def svg_text(x: float, y: float, content: str, css: str) -> str:
    """A ``<text>`` element of a class, whose words are escaped.

    Parameters
    ----------
    x, y : float
        Pixels: a point of the base line.
    content : str
        Words as they are read.
    css : str
        Classes of the style sheet.

    Returns
    -------
    str

    Examples
    --------
    >>> svg_text(1, 2, "a < b", "label")
    '<text class="label" x="1.0" y="2.0">a &lt; b</text>'
    """
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}">{escape(content)}</text>'


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points without those that lie within a pixel of the one before; the ends stay."""
    kept = [points[0]]
    for point in points[1:-1]:
        if math.dist(point, kept[-1]) >= 1:
            kept.append(point)
    return [*kept, points[-1]]
