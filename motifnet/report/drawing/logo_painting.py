"""Logos as PNG and PDF: drawings of :mod:`motifnet.report.drawing.logo_layout`, painted by matplotlib."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

from motifnet.report.drawing.canvas import ALIGN, FONT, bare_figure, figure_bytes, points_to_page
from motifnet.report.drawing.glyphs import OUTLINES
from motifnet.report.drawing.logo_layout import (
    AXIS_INK,
    HEIGHT,
    INK,
    INSET,
    LABEL,
    NUMBER,
    NUMBER_DOWN,
    PITCH,
    POINTS,
    SHADE,
    SHADE_OPACITY,
    TICK,
    Box,
    Drawing,
    LogoTrack,
    Text,
    further_digits,
)

_LINE = 0.6
_SMALLER = 1  # than the layout's sizes, since its letters are large
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "Z": Path.CLOSEPOLY}


def paint_logos(drawing: Drawing, *, format: str, palette: Sequence[str], dpi: int) -> bytes:
    """A drawing as the bytes of a PNG or PDF.

    Parameters
    ----------
    drawing : Drawing
        What to show.
    format : {"png", "pdf"}
        What to make.
    palette : sequence of str
        Colours of A, C, G and T.
    dpi : int
        Pixels an inch of a PNG.

    Returns
    -------
    bytes
        The same for the same drawing.

    Examples
    --------
    >>> paint_logos(Drawing("nothing", 72, 72, []), format="png", palette=["#000"] * 4, dpi=10)[1:4]
    b'PNG'
    """
    figure = bare_figure(drawing.width / POINTS, drawing.height / POINTS)
    to_page = points_to_page(figure, drawing.height)
    for box in drawing.shades:
        _paint_shade(figure, to_page, box)
    for track in drawing.tracks:
        _paint_letters(figure, to_page, track, palette)
        _paint_axis(figure, to_page, track)
    for text in drawing.texts:
        _write(figure, to_page, text)
    return figure_bytes(figure, format=format, dpi=dpi)


def _paint_shade(figure: Figure, to_page: Transform, box: Box) -> None:
    """A rectangle behind the logos."""
    corner, width, height = (box.x, box.y), box.width, box.height
    shade = Rectangle(
        corner, width, height, facecolor=SHADE, alpha=SHADE_OPACITY, linewidth=0, transform=to_page
    )
    figure.add_artist(shade)


def _paint_letters(figure: Figure, to_page: Transform, track: LogoTrack, palette: Sequence[str]) -> None:
    """All letters of a base as one shape."""
    letters = list(track.letters())
    for code, (base, colour) in enumerate(zip(track.bases, palette, strict=True)):
        shapes = [
            glyph(base).transformed(Affine2D().scale(PITCH - 2 * INSET, one.height).translate(one.x, one.y))
            for one in letters
            if one.base == code
        ]
        if shapes:
            shape = Path.make_compound_path(*shapes)
            figure.add_artist(PathPatch(shape, facecolor=colour, linewidth=0, transform=to_page))


def _paint_axis(figure: Figure, to_page: Transform, track: LogoTrack) -> None:
    """The vertical axis with its numbers and label, and the base line."""
    left, base_line = track.axis, track.base_line
    strokes = [
        [(left, track.top), (left, track.bottom)],
        [(left, base_line), (track.x(track.width), base_line)],
    ]
    for value in track.scale.values:
        y = track.y(value)
        strokes.append([(left - TICK, y), (left, y)])
        _write(figure, to_page, Text(left - NUMBER, y + NUMBER_DOWN, f"{value:g}", "end"))
    lines = Path.make_compound_path(*map(Path, strokes))
    figure.add_artist(PathPatch(lines, fill=False, edgecolor=AXIS_INK, linewidth=_LINE, transform=to_page))
    middle = track.top + HEIGHT / 2
    label = Text(left - LABEL - further_digits(track.scale), middle, track.scale.label, "middle")
    _write(figure, to_page, label, rotation=90)


def _write(figure: Figure, to_page: Transform, text: Text, rotation: int = 0) -> None:
    """Text whose base line, which ``rotation`` turns, passes through a point."""
    figure.text(
        text.x, text.y, text.text, size=text.size - _SMALLER, weight="bold" if text.bold else "normal",
        color=INK, family=FONT, transform=to_page, rotation=rotation, rotation_mode="anchor",
        horizontalalignment=ALIGN[text.anchor], verticalalignment="baseline", parse_math=False,
    )  # fmt: skip


@cache
def glyph(base: str) -> Path:
    """The outline of a letter in a box from (0, 0) to (1, 1), y downwards.

    Parameters
    ----------
    base : str
        One of ``ACGTU``.

    Returns
    -------
    matplotlib.path.Path

    Examples
    --------
    >>> glyph("T").get_extents().bounds == (0.0, 0.0, 1.0, 1.0)
    True
    """
    points, codes = [], []
    for command, numbers in re.findall("([MLQZ])([^MLQZ]*)", OUTLINES[base]):
        # A closing command has no point of its own, but takes one.
        corners = np.array(numbers.split() or [0, 0], float).reshape(-1, 2) / 100
        points.append(corners)
        codes += [_CODES[command]] * len(corners)
    return Path(np.concatenate(points), codes)
