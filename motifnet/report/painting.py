"""Logos as PNG and PDF: the drawing of :mod:`motifnet.report.layout`, painted by matplotlib."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

from motifnet.motifs import Motif
from motifnet.report.glyphs import BASES, OUTLINES
from motifnet.report.layout import (
    BOTTOM,
    HEIGHT,
    INSET,
    LABEL,
    LEFT,
    NUMBER,
    NUMBER_DOWN,
    PITCH,
    POSITION_DOWN,
    POSITION_SIZE,
    POSITIONS,
    RIGHT,
    SCALE_SIZE,
    TICK,
    Kind,
    Track,
    scale,
    ticks,
)

_POINTS = 72  # of an inch
_LINE = 0.6
_FONT = "DejaVu Sans"  # comes with matplotlib
_SMALLER = 1  # than the layout's sizes, since its letters are large
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "Z": Path.CLOSEPOLY}

# Dates and version strings would make the same logo different bytes.
_UNSTAMPED = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


def paint(motif: Motif, *, format: str, kind: Kind, palette: Sequence[str], dpi: int) -> bytes:
    """A logo as the bytes of a PNG or PDF.

    Parameters
    ----------
    motif : Motif
        The motif.
    format : {"png", "pdf"}
        What to make.
    kind : {"information", "probability"}
        What the height of a column is.
    palette : sequence of str
        Colours of A, C, G and T.
    dpi : int
        Pixels an inch of a PNG.
    """
    track = Track(motif, kind)
    width, height = LEFT + PITCH * motif.width + RIGHT, track.bottom + BOTTOM + POSITIONS
    # A bare Figure with its own canvas leaves pyplot, its backend and its list of figures alone.
    figure = Figure(figsize=(width / _POINTS, height / _POINTS))
    FigureCanvasAgg(figure)
    to_page = Affine2D().scale(1, -1).translate(0, height).scale(1 / _POINTS) + figure.dpi_scale_trans
    _paint_letters(figure, to_page, track, palette)
    _paint_axis(figure, to_page, track)
    _paint_numbers(figure, to_page, track)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=format, dpi=dpi, metadata=_UNSTAMPED[format])
    return buffer.getvalue()


def _paint_letters(figure: Figure, to_page: Transform, track: Track, palette: Sequence[str]) -> None:
    """All letters of a base as one shape."""
    letters = list(track.letters())
    for code, (base, colour) in enumerate(zip(BASES, palette, strict=True)):
        shapes = [
            _glyph(base).transformed(Affine2D().scale(PITCH - 2 * INSET, one.height).translate(one.x, one.y))
            for one in letters
            if one.base == code
        ]
        if shapes:
            shape = Path.make_compound_path(*shapes)
            figure.add_artist(PathPatch(shape, facecolor=colour, linewidth=0, transform=to_page))


def _paint_axis(figure: Figure, to_page: Transform, track: Track) -> None:
    """The vertical axis with its numbers and label, and the base line."""
    left, bottom = track.axis, track.bottom
    strokes = [[(left, track.top), (left, bottom), (track.x(track.motif.width), bottom)]]
    for value, below in ticks(track.kind):
        y = track.top + below
        strokes.append([(left - TICK, y), (left, y)])
        _write(figure, to_page, left - NUMBER, y + NUMBER_DOWN, str(value), size=SCALE_SIZE, align="right")
    lines = Path.make_compound_path(*map(Path, strokes))
    figure.add_artist(PathPatch(lines, fill=False, edgecolor="#555", linewidth=_LINE, transform=to_page))
    middle = track.top + HEIGHT / 2
    label = scale(track.kind)[1]
    _write(figure, to_page, left - LABEL, middle, label, size=SCALE_SIZE, align="center", rotation=90)


def _paint_numbers(figure: Figure, to_page: Transform, track: Track) -> None:
    """1-based numbers under the columns."""
    for column in range(track.motif.width):
        x, y = track.x(column + 0.5), track.bottom + POSITION_DOWN
        _write(figure, to_page, x, y, str(column + 1), size=POSITION_SIZE, align="center")


def _write(
    figure: Figure,
    to_page: Transform,
    x: float,
    y: float,
    text: str,
    *,
    size: int,
    align: str,
    rotation: int = 0,
) -> None:
    """Text whose base line, which ``rotation`` turns, passes through a point."""
    figure.text(
        x, y, text, size=size - _SMALLER, color="#333", family=_FONT, transform=to_page, rotation=rotation,
        rotation_mode="anchor", horizontalalignment=align, verticalalignment="baseline",
    )  # fmt: skip


@cache
def _glyph(base: str) -> Path:
    """The outline of a letter in a box from (0, 0) to (1, 1), y downwards."""
    points, codes = [], []
    for command, numbers in re.findall("([MLQZ])([^MLQZ]*)", OUTLINES[base]):
        # A closing command has no point of its own, but takes one.
        corners = np.array(numbers.split() or [0, 0], float).reshape(-1, 2) / 100
        points.append(corners)
        codes += [_CODES[command]] * len(corners)
    return Path(np.concatenate(points), codes)
