"""Dot-plots: two sequences as the axes, the posterior of their matches as shades, the alignment as a path.

The longer sequence is drawn as at most :data:`MOST_CELLS` cells. A cell of several bases shows the most
probable match within it. Bases that one sequence has alone are seen where the path runs along an axis, and,
however short the stretch, in a strip beside each axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from motifnet.errors import UnknownName
from motifnet.report.figures import Plot, nice_ticks, text
from motifnet.report.markup import legal
from motifnet.report.numerals import count, percent, plural
from motifnet.report.page import fill
from motifnet.report.shades import BOUNDS, shade
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment, Runs
from motifnet.symbols.posterior import MatchPosterior

MOST_CELLS = 280
"""Cells along the longer sequence."""

FORMATS = ("svg", "png")

_SIDE = 420  # pixels of the longer sequence
_SHORTEST_SIDE = 140
_STRIP, _STRIP_GAP = 7, 4  # width of the strips of bases alone, and their distance from the plot
_LEFT, _TOP, _BOTTOM = 66, 8, 104
_LETTER = 7  # width of a letter of a label
_SHORTEST_NAME = 8
_LEGEND = 352  # width of the legend
_AXES = {X_ONLY: 0, Y_ONLY: 1}  # along which each kind of bases alone lie
_ENTRY = 18  # height of a line of the legend

ALONE = {X_ONLY: "bases of x alone", Y_ONLY: "bases of y alone"}
"""Words of the legend."""


@dataclass(frozen=True)
class DotPlot:
    """What is drawn, whatever draws it.

    Parameters
    ----------
    alignment : Alignment
    posterior : MatchPosterior, optional
        Of the same two sequences.
    """

    alignment: Alignment
    posterior: MatchPosterior | None = None

    @property
    def lengths(self) -> tuple[int, int]:
        """Bases along each axis, at least 1."""
        return max(1, len(self.alignment.x)), max(1, len(self.alignment.y))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels; equal scales unless one sequence is far longer."""
        longest = max(self.lengths)
        return tuple(max(_SHORTEST_SIDE, _SIDE * length / longest) for length in self.lengths)

    @property
    def ticks(self) -> list[list[float]]:
        """Where the ticks of each axis are."""
        return [
            nice_ticks(0, length, 5 if pixels > _SIDE / 2 else 3)
            for length, pixels in zip(self.lengths, self.size, strict=True)
        ]

    @property
    def steps(self) -> tuple[int, int]:
        """Bases along each side of a cell."""
        return tuple(
            math.ceil(length * _SIDE / (MOST_CELLS * pixels))
            for length, pixels in zip(self.lengths, self.size, strict=True)
        )

    @property
    def edges(self) -> list[np.ndarray]:
        """Where the cells along each axis begin and end, in bases."""
        return [
            np.append(np.arange(0, length, step), length)
            for length, step in zip(self.lengths, self.steps, strict=True)
        ]

    @cached_property
    def shades(self) -> np.ndarray:
        """Shade of each cell, ``shape=(n_cells_of_y, n_cells_of_x)``."""
        n_cells = [len(edges) - 1 for edges in self.edges]
        largest = np.zeros(n_cells[::-1], np.float32)
        if self.posterior is not None:
            x_step, y_step = self.steps
            cell = (self.posterior.column // y_step, self.posterior.x_position // x_step)
            np.maximum.at(largest, cell, self.posterior.probability)
        return shade(largest)

    @property
    def path(self) -> tuple[np.ndarray, np.ndarray]:
        """Corners of the alignment's path, in bases."""
        x, y = _advance(self.alignment.runs())
        return self.alignment.x_start + x, self.alignment.y_start + y

    def gaps(self, kind: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Both ends, in bases, of the pieces of the path in which one sequence has bases alone."""
        x, y = self.path
        for i in np.flatnonzero(self.alignment.runs().kind == kind).tolist():
            yield (int(x[i]), int(y[i])), (int(x[i + 1]), int(y[i + 1]))

    def alone(self, kind: int) -> np.ndarray:
        """Shade, for each cell along x or y, of the share of its bases that are aligned to a gap."""
        axis = _AXES[kind]
        columns = self.alignment.columns
        own = columns[(columns == MATCH) | (columns == kind)]
        start = (self.alignment.x_start, self.alignment.y_start)[axis]
        cell = (start + np.flatnonzero(own == kind)) // self.steps[axis]
        sizes = np.diff(self.edges[axis])
        return shade(np.bincount(cell, minlength=len(sizes)) / sizes)

    @property
    def labels(self) -> tuple[str, str]:
        """Words beside the axes, as long as these allow."""
        names = (self.alignment.x_name, self.alignment.y_name)
        strands = (self.alignment.x_place.strand, self.alignment.y_place.strand)
        rests = [f"{', reverse complement' if strand == '-' else ''} (bp)" for strand in strands]
        return tuple(
            f"{_short(name, int(pixels / _LETTER) - len(rest))}{rest}"
            for name, rest, pixels in zip(names, rests, self.size, strict=True)
        )

    @property
    def title(self) -> str:
        """What the plot shows."""
        return f"Dot-plot of {self.alignment.x_name} and {self.alignment.y_name}"

    @property
    def description(self) -> str:
        """The alignment in words."""
        alone = [count(np.count_nonzero(self.alignment.columns == kind)) for kind in (X_ONLY, Y_ONLY)]
        same = percent(self.alignment.identity)
        return (
            f"{plural(self.alignment.n_matches, 'pair')} of bases aligned, {same} of them the same; "
            f"{alone[0]} bases of the first sequence and {alone[1]} of the second are alone."
        )


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
    """
    dots = DotPlot(alignment, posterior)
    width, height = dots.size
    right = max(2 * _STRIP_GAP + _STRIP, _LEGEND - width)
    plot = Plot(
        *((0, length) for length in dots.lengths),
        width=_LEFT + width + right,
        height=_TOP + _STRIP + _STRIP_GAP + height + _BOTTOM,
        left=_LEFT,
        right=right,
        top=_TOP + _STRIP + _STRIP_GAP,
        bottom=_BOTTOM,
    )
    body = (
        plot.axes(*dots.ticks, *dots.labels)
        + _cells(plot, dots)
        + plot.line(*dots.path, "line aligned")
        + "".join(_gaps(plot, dots, kind) + _strip(plot, dots, kind) for kind in (X_ONLY, Y_ONLY))
        + _legend(plot, with_posterior=posterior is not None)
    )
    style = f"<style>{fill('dotplot.css')}</style>" if standalone else ""
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
    from motifnet.report.dotplot_painting import paint

    return paint(DotPlot(alignment, posterior), dpi=dpi)


def _advance(runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    """Bases of x and of y before each run, and after the last."""
    return tuple(
        np.concatenate([[0], np.cumsum(np.where(runs.kind == other, 0, runs.length))])
        for other in (Y_ONLY, X_ONLY)
    )


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
    edges = dots.edges[_AXES[kind]]
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
        parts.append(text(x + 19, y, words, "label"))
        x += 132
    if with_posterior:
        x, y = plot.left, y + 1.2 * _ENTRY
        parts.append(text(x, y, "posterior from", "label"))
        x += 96
        for level, bound in enumerate(BOUNDS, 1):
            parts.append(f'<path class="shade-{level}" d="{_box(x, y - 9, x + 11, y + 1)}"/>')
            parts.append(text(x + 14, y, f"{bound:g}", "tick"))
            x += 42
    return "".join(parts)


def _box(left: float, upper: float, right: float, lower: float) -> str:
    return f"M{left:.1f} {upper:.1f}H{right:.1f}V{lower:.1f}H{left:.1f}Z"


def _name(kind: int) -> str:
    return "of-x" if kind == X_ONLY else "of-y"


def _short(name: str, n_letters: int) -> str:
    n_letters = max(n_letters, _SHORTEST_NAME)
    return name if len(name) <= n_letters else f"{name[: n_letters - 1]}…"
