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
    """A figure of so many inches with its own canvas: pyplot and its list of figures are left alone."""
    figure = Figure(figsize=(width, height), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def points_to_page(figure: Figure, height: float) -> Transform:
    """From points, with y downwards, to a figure that is so many points high."""
    return Affine2D().scale(1, -1).translate(0, height).scale(1 / POINTS) + figure.dpi_scale_trans


def figure_bytes(figure: Figure, *, format: str, dpi: float) -> bytes:
    """A figure as the bytes of a PNG or PDF: the same bytes for the same figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=format, dpi=dpi, metadata=_UNSTAMPED[format])
    return buffer.getvalue()
