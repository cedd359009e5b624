"""Panels as PNG, painted by matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Transform

from motifnet.report.drawing.canvas import ALIGN, FONT, bare_figure, figure_bytes, points_to_page
from motifnet.report.drawing.logo_layout import POINTS
from motifnet.report.drawing.panel import DOT_RADIUS, INK, LOOKS, MUTED, Area, Caption, Dot, Panel, Stroke

_SIZES = {"tick": 8.6, "label": 9.6}  # of letters, which are wider than those that SVG asks for


def paint_panel(panel: Panel, *, dpi: float) -> bytes:
    """A panel as the bytes of a PNG; a pixel of the panel is a point of the picture.

    Parameters
    ----------
    panel : Panel
    dpi : float
        Pixels an inch.

    Returns
    -------
    bytes
        The same for the same panel.

    Examples
    --------
    >>> paint_panel(Panel("nothing", "", 72, 72, []), dpi=10)[1:4]
    b'PNG'
    """
    figure = bare_figure(panel.width / POINTS, panel.height / POINTS)
    to_page = points_to_page(figure, panel.height)
    for order, mark in enumerate(panel.marks):
        if isinstance(mark, Caption):
            _write(figure, to_page, mark)
        else:
            _paint(figure, to_page, mark, order)
    return figure_bytes(figure, format="png", dpi=dpi)


def _paint(figure: Figure, to_page: Transform, mark: Area | Stroke | Dot, order: int) -> None:
    look = LOOKS[mark.css]
    style = {
        "facecolor": (look.fill, look.fill_opacity) if look.fill else "none",
        "edgecolor": look.stroke or "none",
        "linewidth": look.width if look.stroke else 0,
        "linestyle": (0, look.dashes) if look.dashes else "solid",
        "transform": to_page,
        "zorder": order,  # marks are given from behind
    }
    if isinstance(mark, Dot):
        figure.add_artist(Circle((mark.x, mark.y), DOT_RADIUS, **style))
    else:
        points = mark.points.tolist()
        if isinstance(mark, Area):
            points += points[:1]  # what stands for the closing of the path, wherever it is
        path = Path(np.reshape(points, (-1, 2)), closed=isinstance(mark, Area))
        figure.add_artist(PathPatch(path, capstyle="butt", **style))


def _write(figure: Figure, to_page: Transform, words: Caption) -> None:
    kind, *anchor = words.css.split()
    figure.text(
        words.x, words.y, words.text, size=_SIZES[kind], color=MUTED if kind == "tick" else INK, family=FONT,
        transform=to_page, rotation=90 if words.turned else 0, rotation_mode="anchor",
        horizontalalignment=ALIGN[anchor[0] if anchor else "start"], verticalalignment="baseline",
        parse_math=False,
    )  # fmt: skip
