"""Dot-plots as PNG: what :mod:`motifnet.report.drawing.dotplot_layout` describes, painted by matplotlib."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from motifnet.report.drawing.canvas import FONT, bare_figure, figure_bytes
from motifnet.report.drawing.dotplot_layout import ALONE, AXES, POSTERIOR_WORDS, DotPlot
from motifnet.report.drawing.plot import tick_label
from motifnet.report.drawing.shades import BOUNDS, OPACITIES
from motifnet.symbols.alignment import X_ONLY, Y_ONLY

_PIXELS = 100  # of the drawing, an inch
_MARGIN = {"left": 92, "right": 34, "bottom": 104, "top": 30}  # pixels
_STRIP, _STRIP_GAP = 9, 5  # pixels: width of the strips of bases alone, and their distance from the plot
_LEGEND = 370  # pixels: width of the legend
_INK, _MUTED, POSTERIOR = "#1c2530", "#5a6672", "#24628a"  # those of the style sheets, by day
COLOURS = {X_ONLY: "#c8641b", Y_ONLY: "#8a3fa0"}  # of the bases alone


def paint_dotplot(dots: DotPlot, *, dpi: int) -> bytes:
    """A dot-plot as the bytes of a PNG.

    Parameters
    ----------
    dots : DotPlot
    dpi : int
        Pixels an inch.

    Returns
    -------
    bytes
        The same for the same plot.

    Examples
    --------
    >>> from motifnet.symbols.alignment import Alignment
    >>> dots = DotPlot(Alignment.from_rows("ACG-T", "A-GTT"))
    >>> paint_dotplot(dots, dpi=10)[1:4]
    b'PNG'
    """
    width, height = dots.size
    left, bottom = _MARGIN["left"], _MARGIN["bottom"]
    total = (left + max(width + _MARGIN["right"], _LEGEND), bottom + height + _MARGIN["top"])
    figure = bare_figure(total[0] / _PIXELS, total[1] / _PIXELS)
    _paint_plot(_axes(figure, total, (left, bottom, width, height)), dots)
    above, beside = bottom + height + _STRIP_GAP, left + width + _STRIP_GAP
    _paint_strip(_axes(figure, total, (left, above, width, _STRIP)), dots, X_ONLY)
    _paint_strip(_axes(figure, total, (beside, bottom, _STRIP, height)), dots, Y_ONLY)
    _paint_legend(_axes(figure, total, (left, 0, width, bottom)), with_posterior=dots.posterior is not None)
    return figure_bytes(figure, format="png", dpi=dpi)


def _axes(figure: Figure, total: tuple[float, float], box: tuple[float, float, float, float]) -> Axes:
    """Axes at left, lower edge, width and height in pixels of a drawing of ``total`` pixels."""
    return figure.add_axes(tuple(np.array(box) / np.tile(total, 2)))


def _paint_plot(axes: Axes, dots: DotPlot) -> None:
    _paint_axes(axes, dots)
    _paint_posterior(axes, dots)
    _paint_path(axes, dots)


def _paint_axes(axes: Axes, dots: DotPlot) -> None:
    for axis, ticks, label in zip((axes.xaxis, axes.yaxis), dots.ticks, dots.labels, strict=True):
        # Names may hold a dollar sign, which would begin a formula.
        axis.set_label_text(label, family=FONT, parse_math=False)
        axis.set_ticks(ticks, [tick_label(value) for value in ticks], family=FONT)
    axes.grid(color="#eceff2", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _paint_posterior(axes: Axes, dots: DotPlot) -> None:
    (rows, columns), (x_step, y_step) = dots.shades.shape, dots.steps
    # Cells at the far ends may reach beyond the sequences; the limits of the axes cut them off.
    extent = (0, columns * x_step, 0, rows * y_step)
    axes.imshow(
        _tinted(dots.shades, POSTERIOR),
        origin="lower",
        extent=extent,
        aspect="auto",
        interpolation="nearest",
    )
    axes.set(xlim=(0, dots.lengths[0]), ylim=(0, dots.lengths[1]))


def _paint_path(axes: Axes, dots: DotPlot) -> None:
    axes.plot(*dots.path, color=_INK, linewidth=0.7, alpha=0.6)
    for kind, colour in COLOURS.items():
        axes.add_collection(LineCollection(list(dots.gaps(kind)), colors=colour, linewidths=1.8))


def _paint_strip(axes: Axes, dots: DotPlot, kind: int) -> None:
    """The bases that one sequence has alone, above the plot or to its right."""
    shades, along_x = dots.alone(kind), kind == X_ONLY
    end = len(shades) * dots.steps[AXES[kind]]
    extent = (0, end, 0, 1) if along_x else (0, 1, 0, end)
    image = _tinted(shades[None, :] if along_x else shades[:, None], COLOURS[kind])
    axes.imshow(image, origin="lower", extent=extent, aspect="auto", interpolation="nearest")
    axes.set(**({"xlim": (0, dots.lengths[0])} if along_x else {"ylim": (0, dots.lengths[1])}))
    axes.set_axis_off()


def _paint_legend(axes: Axes, *, with_posterior: bool) -> None:
    """What the colours mean, in the lower margin, whose unit is a pixel."""
    axes.set(xlim=(0, axes.get_window_extent().width), ylim=(0, _MARGIN["bottom"]))
    axes.set_axis_off()
    for i, (kind, words) in enumerate(ALONE.items()):
        _paint_entry(axes, 130 * i, 32, COLOURS[kind], words, 9)
    if with_posterior:
        axes.text(0, 10, POSTERIOR_WORDS, size=9, color=_INK, family=FONT)
        for i, (bound, opacity) in enumerate(zip(BOUNDS, OPACITIES[1:], strict=True)):
            _paint_entry(axes, 96 + 44 * i, 10, to_rgba(POSTERIOR, opacity), f"{bound:g}", 8)


def _paint_entry(axes: Axes, x: float, y: float, colour: object, words: str, size: int) -> None:
    # A narrow plot has a legend that is wider than it.
    axes.add_patch(Rectangle((x, y), 10, 8, facecolor=colour, clip_on=False))
    axes.text(x + 14, y, words, size=size, color=_MUTED, family=FONT)


def _tinted(shades: np.ndarray, colour: str) -> np.ndarray:
    """Shades as RGBA, ``shape=(*shades.shape, 4)``."""
    image = np.empty((*shades.shape, 4))
    image[:] = to_rgba(colour)
    image[..., 3] = np.array(OPACITIES)[shades]
    return image
