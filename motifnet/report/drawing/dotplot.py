"""Dot-plots as SVG and PNG; :mod:`motifnet.report.drawing.dotplot_layout` has what lies where."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from motifnet.errors import UnknownName
from motifnet.report.drawing.dotplot_layout import ALONE, AXES, POSTERIOR_WORDS, DotPlot
from motifnet.report.drawing.plot import Plot, svg_text
from motifnet.report.drawing.shades import BOUNDS
from motifnet.report.escaping import legal
from motifnet.symbols.alignment import X_ONLY, Y_ONLY, Alignment, Runs
from motifnet.symbols.posterior import MatchPosterior

FORMATS = ("svg", "png")

STYLES = Path(__file__).parent / "styles"
"""Style sheets of dot-plots, which pages hold as well."""

_STRIP, _STRIP_GAP = 7, 4  # width of the strips of bases alone, and their distance from the plot
_LEFT, _TOP, _BOTTOM = 66, 8, 104
_LEGEND = 352  # width of the legend
_ENTRY = 18  # height of a line of the legend


def dotplot_svg(
    alignment: Alignment, posterior: MatchPosterior | None = None, *, standalone: bool = False
) -> str:
    """The dot-plot of an alignment as SVG.

    Parameters
    ----------
    alignment : Alignment
    posterior : MatchPosterior, optional
        Of the same two sequences.
    standalone : bool
        Bring the colours along, for a file of its own; a page has them in its style sheet.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> "2 pairs of bases aligned, 50.0" in dotplot_svg(Alignment.from_rows("AC-", "AGT"))
    True
    """
    dots = DotPlot(alignment, posterior)
    width, height = dots.size
    right = max(2 * _STRIP_GAP + _STRIP, _LEGEND - width)
    x_length, y_length = dots.lengths
    plot = Plot(
        (0, x_length),
        (0, y_length),
        width=_LEFT + width + right,
        height=_TOP + _STRIP + _STRIP_GAP + height + _BOTTOM,
        left=_LEFT,
        right=right,
        top=_TOP + _STRIP + _STRIP_GAP,
        bottom=_BOTTOM,
    )
    x_ticks, y_ticks = dots.ticks
    body = (
        plot.axes(x_ticks, y_ticks, *dots.labels)
        + _cells(plot, dots)
        + plot.line(*dots.path, "line aligned")
        + "".join(_gaps(plot, dots, kind) + _strip(plot, dots, kind) for kind in (X_ONLY, Y_ONLY))
        + _legend(plot, with_posterior=posterior is not None)
    )
    style = f"<style>{_style()}</style>" if standalone else ""
    drawing = plot.drawing(dots.title, dots.description, style + body, "chart dotplot")
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) if standalone else drawing


def dotplot_bytes(
    alignment: Alignment, posterior: MatchPosterior | None = None, *, format: str = "svg", dpi: int = 200
) -> bytes:
    """A dot-plot as the bytes of a file: the same bytes for the same alignment.

    Parameters
    ----------
    alignment : Alignment
    posterior : MatchPosterior, optional
    format : {"svg", "png"}
        SVG is written directly; PNG is painted by matplotlib.
    dpi : int
        Pixels an inch of a PNG.

    Returns
    -------
    bytes

    Raises
    ------
    UnknownName
        If there is no such format.

    Examples
    --------
    >>> dotplot_bytes(Alignment.from_rows("ACG-T", "A-GTT"))[:4]
    b'<svg'
    """
    if format not in FORMATS:
        raise UnknownName("dot-plot format", format, FORMATS)
    if format == "svg":
        return legal(dotplot_svg(alignment, posterior, standalone=True)).encode()
    from motifnet.report.drawing.dotplot_painting import paint_dotplot

    return paint_dotplot(DotPlot(alignment, posterior), dpi=dpi)


def _style() -> str:
    """The style sheet of a drawing that stands alone."""
    rules = "".join((STYLES / name).read_text(encoding="utf-8") for name in ("dotplot.css", "shades.css"))
    return rules.removesuffix("\n")


def _cells(plot: Plot, dots: DotPlot) -> str:
    """The cells, neighbours of one shade in a row as one box, and all boxes of a shade as one path."""
    # An empty cell at the end of each row keeps boxes from running on into the next.
    shades = np.pad(dots.shades, ((0, 0), (0, 1)))
    runs = Runs.of(shades.ravel())
    row, column = np.divmod(runs.start, shades.shape[1])
    x_edges, y_edges = dots.edges
    paths = []
    for level in range(1, len(BOUNDS) + 1):
        boxes = [
            _box(plot.x(x_edges[c]), plot.y(y_edges[r + 1]), plot.x(x_edges[c + n]), plot.y(y_edges[r]))
            for r, c, n in zip(row, column, runs.length, strict=True)
            if shades[r, c] == level
        ]
        paths.append(f'<path class="shade-{level}" d="{"".join(boxes)}"/>' if boxes else "")
    return "".join(paths)


def _gaps(plot: Plot, dots: DotPlot, kind: int) -> str:
    """The pieces of the path along an axis, but those shorter than a pixel, which the strip shows."""
    ends = ((plot.x(a), plot.y(b), plot.x(c), plot.y(d)) for (a, b), (c, d) in dots.gaps(kind))
    pieces = [f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for a, b, c, d in ends if math.dist((a, b), (c, d)) >= 1]
    return f'<path class="gap {_name(kind)}" d="{"".join(pieces)}"/>' if pieces else ""


def _strip(plot: Plot, dots: DotPlot, kind: int) -> str:
    """The strip above the plot, or to its right, of the bases that one sequence has alone."""
    edges = dots.edges[AXES[kind]]
    parts = []
    for level, start, n in zip(*(part.tolist() for part in Runs.of(dots.alone(kind))), strict=True):
        if level:
            box = _strip_box(plot, kind, edges[start], edges[start + n])
            parts.append(f'<path class="alone {_name(kind)} level-{level}" d="{box}"/>')
    return "".join(parts)


def _strip_box(plot: Plot, kind: int, start: int, end: int) -> str:
    if kind == X_ONLY:
        upper = plot.top - _STRIP_GAP - _STRIP
        return _box(plot.x(start), upper, plot.x(end), upper + _STRIP)
    left = plot.width - plot.right + _STRIP_GAP
    return _box(left, plot.y(end), left + _STRIP, plot.y(start))


def _legend(plot: Plot, *, with_posterior: bool) -> str:
    """What the colours mean, in three lines below the axis."""
    x, y = plot.left, plot.height - 2.4 * _ENTRY
    parts = []
    for kind, words in ALONE.items():
        parts.append(f'<path class="gap {_name(kind)}" d="M{x} {y - 4:.1f}h14"/>')
        parts.append(svg_text(x + 19, y, words, "label"))
        x += 132
    if with_posterior:
        x, y = plot.left, y + 1.2 * _ENTRY
        parts.append(svg_text(x, y, POSTERIOR_WORDS, "label"))
        x += 96
        for level, bound in enumerate(BOUNDS, 1):
            parts.append(f'<path class="shade-{level}" d="{_box(x, y - 9, x + 11, y + 1)}"/>')
            parts.append(svg_text(x + 14, y, f"{bound:g}", "tick"))
            x += 42
    return "".join(parts)


def _box(left: float, upper: float, right: float, lower: float) -> str:
    return f"M{left:.1f} {upper:.1f}H{right:.1f}V{lower:.1f}H{left:.1f}Z"


def _name(kind: int) -> str:
    return "of-x" if kind == X_ONLY else "of-y"
