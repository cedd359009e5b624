"""What all pictures that matplotlib paints share: a bare figure, its font, its bytes."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D, Transform

from motifnet.report.drawing.logo_layout import POINTS

FONT = "DejaVu Sans"  # comes with matplotlib
ALIGN = {"start": "left", "middle": "center", "end": "right"}
"""Matplotlib's words for the anchors of SVG."""

# Dates and version strings would make the same picture different bytes.
_UNSTAMPED = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


def bare_figure(width: float, height: float, dpi: float | None = None) -> Figure:
    """A figure with its own canvas: pyplot and its list of figures are left alone.

    Parameters
    ----------
    width, height : float
        Inches.
    dpi : float, optional
        Pixels an inch.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> bare_figure(2, 1, dpi=50).get_size_inches().tolist()
    [2.0, 1.0]
    """
    figure = Figure(figsize=(width, height), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def points_to_page(figure: Figure, height: float) -> Transform:
    """From points, with y downwards, to the page.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    height : float
        Of what is drawn, in points.

    Returns
    -------
    matplotlib.transforms.Transform

    Examples
    --------
    >>> points_to_page(bare_figure(1, 1, dpi=72), 72).transform((9.0, 0.0)).tolist()
    [9.0, 72.0]
    """
    return Affine2D().scale(1, -1).translate(0, height).scale(1 / POINTS) + figure.dpi_scale_trans


def figure_bytes(figure: Figure, *, format: str, dpi: float) -> bytes:
    """A figure as the bytes of a PNG or PDF: the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    format : {"png", "pdf"}
    dpi : float
        Pixels an inch of a PNG.

    Returns
    -------
    bytes

    Examples
    --------
    >>> figure_bytes(bare_figure(1, 1), format="png", dpi=10)[1:4]
    b'PNG'
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format=format, dpi=dpi, metadata=_UNSTAMPED[format])
    return buffer.getvalue()
