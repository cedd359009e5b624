"""Logo of a profile with gaps: below the letters, which columns are deleted and where bases are inserted.

Of two blocks with a spacer, it is how many sites have a spacer of each length.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from motifnet.errors import UnknownName
from motifnet.motifs import Motif
from motifnet.report.drawing.canvas import ALIGN, FONT, bare_figure, figure_bytes
from motifnet.report.drawing.logo import logo_bytes, logo_svg
from motifnet.report.drawing.logo_layout import AXIS_INK, DPI, INK, LEFT, PITCH, POINTS, RIGHT
from motifnet.report.drawing.logo_svg import FONTS
from motifnet.report.escaping import describe, escape

FORMATS = ("svg", "png")

_BAR = 22  # height of a bar of share 1
_PAD = 8  # above a track, where its numbers stand
_NARROW = 5  # width of a bar of insertions, which stands between two columns
_LEGEND = 14
_LEAST = 0.02  # share from which a number is written
_LEAST_POINTS = 230  # width that the legend needs
_DELETED, _INSERTED = "#7a8793", "#24628a"


class _Bar(NamedTuple):
    """A bar: left, top, width and height in points, and its colour."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class _Line(NamedTuple):
    """A line from left to right, and how far down it lies, in points."""

    left: float
    right: float
    y: float


class _Label(NamedTuple):
    """Text whose base line begins, is centred or ends at a point."""

    x: float
    y: float
    text: str
    size: int
    anchor: str


@dataclass(frozen=True, eq=False)
class GapTracks:
    """How often columns are deleted and bases inserted.

    Parameters
    ----------
    deleted : numpy.ndarray, shape=(width,)
        Share of sequences that delete each column.
    opened : numpy.ndarray, shape=(width,)
        Share of sequences that insert before each column.
    mean_insert : numpy.ndarray, shape=(width,)
        Mean length of these insertions.

    Examples
    --------
    >>> half = np.array([0.5, 0])
    >>> gaps = GapTracks(deleted=half, opened=half, mean_insert=2 * half)
    >>> [bar.height for bar in gaps.bars()]
    [11.0, 0.0, 11.0, 0.0]
    """

    deleted: np.ndarray
    opened: np.ndarray
    mean_insert: np.ndarray

    @property
    def is_empty(self) -> bool:
        """Whether no gap is frequent enough to be written, and nothing is drawn below the logo."""
        return bool((self.deleted < _LEAST).all() and (self.opened < _LEAST).all())

    @property
    def height(self) -> float:
        """Points below the logo."""
        return 2 * (_PAD + _BAR) + _LEGEND

    @property
    def width(self) -> float:
        """Points of the whole drawing."""
        return max(LEFT + PITCH * len(self.deleted) + RIGHT, _LEAST_POINTS)

    def bars(self) -> Iterator[_Bar]:
        """Deletions of each column; below them, insertions at the border before it."""
        for k, share in enumerate(self.deleted.tolist()):
            tall = _BAR * share
            yield _Bar(LEFT + PITCH * k + 2, _PAD + _BAR - tall, PITCH - 4, tall, _DELETED)
        for k, share in enumerate(self.opened.tolist()):
            tall = _BAR * share
            left = LEFT + PITCH * k - _NARROW / 2
            yield _Bar(left, 2 * (_PAD + _BAR) - tall, _NARROW, tall, _INSERTED)

    def labels(self) -> Iterator[_Label]:
        """Percentages of deletions, mean lengths of insertions, and the names of the tracks."""
        for k, share in enumerate(self.deleted.tolist()):
            if share >= _LEAST:
                y = _PAD + _BAR * (1 - share) - 1.5
                yield _Label(LEFT + PITCH * (k + 0.5), y, f"{100 * share:.0f}", 7, "middle")
        for k, (share, length) in enumerate(
            zip(self.opened.tolist(), self.mean_insert.tolist(), strict=True)
        ):
            if share >= _LEAST:
                y = 2 * (_PAD + _BAR) - _BAR * share - 1.5
                yield _Label(LEFT + PITCH * k, y, f"{length:.1f}", 7, "middle")
        for row, name in enumerate(("del", "ins"), start=1):
            yield _Label(LEFT - 5, row * (_PAD + _BAR) - _BAR / 2 + 3, name, 9, "end")
        below = 2 * (_PAD + _BAR) + 10
        yield _Label(
            LEFT, below, "del: % of sites without it; ins: share with bases, mean length", 6, "start"
        )

    def base_lines(self) -> Sequence[_Line]:
        """What the bars stand on."""
        right = LEFT + PITCH * len(self.deleted)
        return [_Line(LEFT, right, row * (_PAD + _BAR)) for row in (1, 2)]


@dataclass(frozen=True, eq=False)
class SpacerTrack:
    """How many sites have a spacer of each length.

    Parameters
    ----------
    before : int
        Columns before the spacer.
    n_columns : int
        Columns of the logo that stand for it.
    n_all : int
        All columns of the logo, these included.
    lengths : sequence of int
    shares : sequence of float
        Of the sites.

    Examples
    --------
    >>> sigma70 = SpacerTrack(6, 17, 29, (16, 17, 18), (0.25, 0.5, 0.25))
    >>> [bar.height for bar in sigma70.bars()], sigma70.is_empty
    ([5.5, 11.0, 5.5], False)
    """

    before: int
    n_columns: int
    n_all: int
    lengths: Sequence[int]
    shares: Sequence[float]

    @property
    def rows(self) -> list[tuple[int, float]]:
        """Each length and its share."""
        return list(zip(self.lengths, self.shares, strict=True))

    @property
    def is_empty(self) -> bool:
        """Nothing is drawn where all sites have the same length."""
        return len(self.lengths) == 1

    @property
    def height(self) -> float:
        """Points below the logo."""
        return _PAD + _BAR + 2 * _LEGEND

    @property
    def width(self) -> float:
        """Points of the whole drawing."""
        right = self._left + PITCH * len(self.lengths)
        return max(LEFT + PITCH * self.n_all + RIGHT, right + RIGHT, _LEAST_POINTS)

    @property
    def _left(self) -> float:
        """Left edge of the first bar: bars stand below the middle of the spacer, where there is room."""
        middle = LEFT + PITCH * (self.before + self.n_columns / 2)
        return max(LEFT, middle - PITCH * len(self.lengths) / 2)

    def bars(self) -> Iterator[_Bar]:
        """A bar for each length."""
        for k, share in enumerate(self.shares):
            tall = _BAR * share
            yield _Bar(self._left + PITCH * k + 2, _PAD + _BAR - tall, PITCH - 4, tall, _INSERTED)

    def labels(self) -> Iterator[_Label]:
        """Percentages above the bars, lengths below them, and what they are."""
        for k, (length, share) in enumerate(self.rows):
            middle = self._left + PITCH * (k + 0.5)
            if share >= _LEAST:
                yield _Label(middle, _PAD + _BAR * (1 - share) - 1.5, f"{100 * share:.0f}", 7, "middle")
            yield _Label(middle, _PAD + _BAR + 10, str(length), 9, "middle")
        yield _Label(LEFT, _PAD + _BAR + _LEGEND + 10, "% of sites with a spacer of each length", 6, "start")

    def base_lines(self) -> Sequence[_Line]:
        """What the bars stand on."""
        return [_Line(self._left, self._left + PITCH * len(self.lengths), _PAD + _BAR)]


Tracks = GapTracks | SpacerTrack
"""What is drawn below the logo of a profile."""


def profile_logo_bytes(motif: Motif, gaps: Tracks, *, format: str, dpi: int = DPI) -> bytes:
    """A logo with tracks of gaps below it, as the bytes of a file.

    Parameters
    ----------
    motif : Motif
        The match columns.
    gaps : GapTracks or SpacerTrack
        As wide as the motif.
    format : {"svg", "png"}
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
    >>> half = np.array([0.5, 0])
    >>> gaps = GapTracks(deleted=half, opened=half, mean_insert=2 * half)
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> profile_logo_bytes(motif, gaps, format="svg")[:4]
    b'<svg'
    """
    if format not in FORMATS:
        raise UnknownName("profile logo format", format, FORMATS)
    if format == "svg":
        return profile_logo_svg(motif, gaps).encode()
    return logo_bytes(motif, format="png", dpi=dpi) if gaps.is_empty else _png(motif, gaps, dpi)


def profile_logo_svg(motif: Motif, gaps: Tracks, *, shared: bool = False) -> str:
    """A logo with tracks of gaps below it, or the logo alone where there are none, as one ``<svg>`` element.

    Parameters
    ----------
    motif : Motif
        The match columns.
    gaps : GapTracks or SpacerTrack
        As wide as the motif.
    shared : bool
        Refer to the outlines of :func:`motifnet.report.drawing.logo_svg.glyph_definitions`, which the page
        must hold; the default is a drawing that stands alone.

    Returns
    -------
    str

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> none = np.zeros(2)
    >>> "del" in profile_logo_svg(motif, GapTracks(none, none, none))
    False
    """
    logo = logo_svg(motif, shared=shared)
    if gaps.is_empty:
        return logo
    top = float(logo.partition(' height="')[2].partition('"')[0])
    width, height = gaps.width, top + gaps.height
    bars = "".join(
        f'<rect fill="{bar.colour}" x="{bar.x:g}" y="{bar.y:.4g}" '
        f'width="{bar.width:g}" height="{bar.height:.4g}"/>'
        for bar in gaps.bars()
    )
    lines = "".join(
        f'<path stroke="{AXIS_INK}" d="M{one.left:g} {one.y:g}H{one.right:g}"/>' for one in gaps.base_lines()
    )
    texts = "".join(
        f'<text x="{one.x:g}" y="{one.y:.4g}" font-size="{one.size}" text-anchor="{one.anchor}">'
        f"{escape(one.text)}</text>"
        for one in gaps.labels()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{FONTS}" '
        f'fill="{INK}" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f"{describe(f'Logo of {motif.name} with its gaps')}{logo}"
        f'<g transform="translate(0 {top:g})">{bars}{lines}{texts}</g></svg>'
    )


def _png(motif: Motif, gaps: Tracks, dpi: int) -> bytes:
    """The logo as pixels, and the tracks painted below it."""
    pixels = imread(io.BytesIO(logo_bytes(motif, format="png", dpi=dpi)))
    # Whole pixels, so that those of the logo stay as they are.
    width, below = (round(length * dpi / POINTS) for length in (gaps.width, gaps.height))
    height = pixels.shape[0] + below
    figure = bare_figure(max(width, pixels.shape[1]) / dpi, height / dpi, dpi)
    figure.figimage(pixels, 0, below)
    axes = figure.add_axes((0, 0, 1, below / height))
    axes.set(xlim=(0, figure.get_figwidth() * POINTS), ylim=(gaps.height, 0))
    axes.set_axis_off()
    for bar in gaps.bars():
        axes.add_patch(Rectangle((bar.x, bar.y), bar.width, bar.height, facecolor=bar.colour))
    for line in gaps.base_lines():
        axes.hlines(line.y, line.left, line.right, colors=AXIS_INK, linewidths=0.6)
    for one in gaps.labels():
        align = ALIGN[one.anchor]
        axes.text(one.x, one.y, one.text, size=one.size, color=INK, family=FONT, horizontalalignment=align)
    return figure_bytes(figure, format="png", dpi=dpi)
