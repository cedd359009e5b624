"""Trees of motifs as PNG: drawings of :mod:`motifnet.report.drawing.tree_layout`, painted by matplotlib."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

from motifnet.report.drawing.canvas import ALIGN, FONT, bare_figure, figure_bytes, points_to_page
from motifnet.report.drawing.glyphs import OUTLINES
from motifnet.report.drawing.logo_layout import INK, INSET, PITCH, POINTS
from motifnet.report.drawing.tree_layout import LOGO_SCALE, PlacedLogo, TreeDrawing, TreeLabel

_LINE = 0.8
_DASHES = (0, (4, 4))
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "Z": Path.CLOSEPOLY}
_SIZE = 9.5  # of letters, which are wider than those that SVG asks for


def paint_tree(drawing: TreeDrawing, *, palette: Sequence[str], dpi: float) -> bytes:
    """A tree as the bytes of a PNG.

    Parameters
    ----------
    drawing : TreeDrawing
    palette : sequence of str
        Colours of A, C, G and T.
    dpi : float
        Pixels an inch.

    Returns
    -------
    bytes
        The same for the same drawing.

    Examples
    --------
    >>> paint_tree(TreeDrawing("nothing", 72, 72, [], [], []), palette=["#000"] * 4, dpi=10)[1:4]
    b'PNG'
    """
    figure = bare_figure(drawing.width / POINTS, drawing.height / POINTS)
    to_page = points_to_page(figure, drawing.height)
    _paint_lines(figure, to_page, drawing)
    _paint_letters(figure, to_page, drawing.logos, palette)
    for label in drawing.labels:
        _write(figure, to_page, label)
    return figure_bytes(figure, format="png", dpi=dpi)


def _paint_lines(figure: Figure, to_page: Transform, drawing: TreeDrawing) -> None:
    """All lines of a colour as one shape."""
    for colour, dashed in dict.fromkeys((line.colour, line.dashed) for line in drawing.lines):
        same = [Path(line.points) for line in drawing.lines if (line.colour, line.dashed) == (colour, dashed)]
        shape = Path.make_compound_path(*same)
        style = _DASHES if dashed else "solid"
        figure.add_artist(
            PathPatch(
                shape, fill=False, edgecolor=colour, linewidth=_LINE, linestyle=style, transform=to_page
            )
        )


def _paint_letters(
    figure: Figure, to_page: Transform, logos: Sequence[PlacedLogo], palette: Sequence[str]
) -> None:
    """All letters of a base as one shape: logomaker does not turn logos around a circle."""
    shapes: dict[int, list[Path]] = {}  # by the code of the base
    for logo in logos:
        place = Affine2D().scale(LOGO_SCALE).rotate_deg(logo.angle).translate(logo.x, logo.y)
        for letter in logo.track.letters():
            box = Affine2D().scale(PITCH - 2 * INSET, letter.height).translate(letter.x, letter.y)
            shapes.setdefault(letter.base, []).append(
                glyph(logo.track.bases[letter.base]).transformed(box + place)
            )
    for base, some in sorted(shapes.items()):
        shape = Path.make_compound_path(*some)
        figure.add_artist(PathPatch(shape, facecolor=palette[base], linewidth=0, transform=to_page))


def _write(figure: Figure, to_page: Transform, label: TreeLabel) -> None:
    figure.text(
        label.x, label.y, label.text, size=_SIZE, color=INK, family=FONT, transform=to_page,
        rotation=-label.angle, rotation_mode="anchor", horizontalalignment=ALIGN[label.anchor],
        verticalalignment="center", parse_math=False,
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
