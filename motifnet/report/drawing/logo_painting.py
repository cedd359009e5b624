"""Logos as PNG and PDF: what :mod:`motifnet.report.drawing.logo_layout` describes, drawn by logomaker."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

from motifnet.motifs.logo_letters import drawn_letters
from motifnet.report.drawing.canvas import ALIGN, FONT, bare_figure, figure_bytes, points_to_page
from motifnet.report.drawing.logo_layout import (
    AXIS_INK,
    HEIGHT,
    INK,
    INSET,
    LABEL,
    NUMBER,
    PITCH,
    POINTS,
    SCALE_SIZE,
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
_LETTER_WIDTH = 1 - 2 * INSET / PITCH  # of its column
_BEHIND = -1  # the axes of logos are at 0


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
        _paint_track(figure, drawing, track, palette)
    for text in drawing.texts:
        _write(figure, to_page, text)
    return figure_bytes(figure, format=format, dpi=dpi)


def _paint_shade(figure: Figure, to_page: Transform, box: Box) -> None:
    """A rectangle behind the logos."""
    corner, width, height = (box.x, box.y), box.width, box.height
    shade = Rectangle(
        corner, width, height, facecolor=SHADE, alpha=SHADE_OPACITY, linewidth=0, transform=to_page,
        zorder=_BEHIND,
    )  # fmt: skip
    figure.add_artist(shade)


def _paint_track(figure: Figure, drawing: Drawing, track: LogoTrack, palette: Sequence[str]) -> None:
    """A logo with its axis, on axes that reach from that axis to the last column."""
    left, right = track.axis, track.x(track.width)
    corner = (left / drawing.width, 1 - track.bottom / drawing.height)
    ax = figure.add_axes((*corner, (right - left) / drawing.width, HEIGHT / drawing.height))
    ax.patch.set_visible(False)  # what lies behind the columns is to be seen
    logo = drawn_letters(
        track.visible, track.bases, ax, scale=track.scale, colours=palette, width=_LETTER_WIDTH,
        baseline_width=0,
    )  # fmt: skip
    logo.style_spines(spines=("left",), color=AXIS_INK, linewidth=_LINE)
    logo.draw_baseline(color=AXIS_INK, linewidth=_LINE, clip_on=False)
    ax.set_xlim(0.5 - (track.left - left) / PITCH, track.width + 0.5)
    ax.set_xticks([])
    ax.tick_params(
        axis="y", length=TICK, width=_LINE, color=AXIS_INK, pad=NUMBER - TICK,
        labelcolor=INK, labelsize=SCALE_SIZE - _SMALLER, labelfontfamily=FONT,
    )  # fmt: skip
    ax.yaxis.label.set(size=SCALE_SIZE - _SMALLER, color=INK, family=FONT)
    ax.yaxis.set_label_coords(-(LABEL + further_digits(track.scale)) / (right - left), 0.5)


def _write(figure: Figure, to_page: Transform, text: Text) -> None:
    """Text whose base line passes through a point."""
    figure.text(
        text.x, text.y, text.text, size=text.size - _SMALLER, weight="bold" if text.bold else "normal",
        color=INK, family=FONT, transform=to_page, horizontalalignment=ALIGN[text.anchor],
        verticalalignment="baseline", parse_math=False,
    )  # fmt: skip
