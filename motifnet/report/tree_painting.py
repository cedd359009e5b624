"""Trees of motifs as PNG: the drawing of :mod:`motifnet.report.tree`, painted by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

from motifnet.report.layout import INSET, PITCH
from motifnet.report.painting import glyph

if TYPE_CHECKING:
    from motifnet.report.tree import Label, PlacedLogo, TreeDrawing

_POINTS = 72  # of an inch
_LINE = 0.8
_DASHES = (0, (4, 4))
_FONT, _SIZE = "DejaVu Sans", 9.5  # comes with matplotlib, and is wider than what SVG asks for
_ALIGN = {"start": "left", "middle": "center", "end": "right"}


def paint(drawing: TreeDrawing, *, palette: Sequence[str], scale: float, dpi: float) -> bytes:
    """A tree as the bytes of a PNG.

    Parameters
    ----------
    drawing : TreeDrawing
    palette : sequence of str
        Colours of A, C, G and T.
    scale : float
        Of the logos.
    dpi : float
        Pixels an inch.
    """
    # A bare Figure with its own canvas leaves pyplot, its backend and its list of figures alone.
    figure = Figure(figsize=(drawing.width / _POINTS, drawing.height / _POINTS))
    FigureCanvasAgg(figure)
    to_page = Affine2D().scale(1, -1).translate(0, drawing.height).scale(1 / _POINTS) + figure.dpi_scale_trans
    _paint_lines(figure, to_page, drawing)
    _paint_letters(figure, to_page, drawing.logos, palette, scale)
    for label in drawing.labels:
        _write(figure, to_page, label)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


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
    figure: Figure, to_page: Transform, logos: Sequence[PlacedLogo], palette: Sequence[str], scale: float
) -> None:
    """All letters of a base as one shape."""
    shapes: dict[int, list[Path]] = {}  # by the code of the base
    for logo in logos:
        place = Affine2D().scale(scale).rotate_deg(logo.angle).translate(logo.x, logo.y)
        for letter in logo.track.letters():
            box = Affine2D().scale(PITCH - 2 * INSET, letter.height).translate(letter.x, letter.y)
            shapes.setdefault(letter.base, []).append(
                glyph(logo.track.bases[letter.base]).transformed(box + place)
            )
    for base, some in sorted(shapes.items()):
        shape = Path.make_compound_path(*some)
        figure.add_artist(PathPatch(shape, facecolor=palette[base], linewidth=0, transform=to_page))


def _write(figure: Figure, to_page: Transform, label: Label) -> None:
    figure.text(
        label.x, label.y, label.text, size=_SIZE, color="#333", family=_FONT, transform=to_page,
        rotation=-label.angle, rotation_mode="anchor", horizontalalignment=_ALIGN[label.anchor],
        verticalalignment="center", parse_math=False,
    )  # fmt: skip
