"""What charts of histograms share: bins, the top of the axis, and which outline is of which sequences."""

from __future__ import annotations

import numpy as np

from motifnet.report.drawing.plot import Plot, nice_ticks, svg_text
from motifnet.report.numerals import count

_SMALL = (104, 34)  # pixels: width and height of a chart in the cell of a table


def binned_shares(values: np.ndarray, low: float, high: float, n_bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Share of all values in each of equal bins; values outside of these are in no bin.

    Parameters
    ----------
    values : numpy.ndarray, shape=(n,)
    low, high : float
        Where the first bin begins and the last one ends.
    n_bins : int

    Returns
    -------
    edges : numpy.ndarray, shape=(n_bins + 1,)
    shares : numpy.ndarray, shape=(n_bins,)

    Examples
    --------
    >>> edges, shares = binned_shares(np.array([0.1, 0.2, 0.9, 7]), 0, 1, n_bins=2)
    >>> edges.tolist(), shares.tolist()
    ([0.0, 0.5, 1.0], [0.5, 0.25])
    """
    values = np.asarray(values, np.float64)
    counts, edges = np.histogram(values[np.isfinite(values)], bins=n_bins, range=(low, high))
    return edges, counts / max(len(values), 1)


def top_of_axis(*shares: np.ndarray) -> float:
    """Top of a vertical axis: a little above the largest of all values, and never 0.

    Parameters
    ----------
    *shares : numpy.ndarray
        Heights of the bars of each histogram.

    Returns
    -------
    float

    Examples
    --------
    >>> top_of_axis(np.array([0.2, 0.5])), top_of_axis(np.zeros(3))
    (0.54, 1.0)
    """
    return 1.08 * max(float(share.max()) for share in shares) or 1.0


def two_steps(plot: Plot, edges: np.ndarray, targets: np.ndarray, controls: np.ndarray) -> str:
    """The histograms of targets, filled, and of controls, as an outline over it.

    Parameters
    ----------
    plot : Plot
        The coordinates.
    edges : numpy.ndarray, shape=(n_bins + 1,)
    targets, controls : numpy.ndarray, shape=(n_bins,)
        Shares of each bin.

    Returns
    -------
    str
        Elements of SVG.

    Examples
    --------
    >>> plot = Plot((-50.0, 50.0), (0.0, 1.0), width=420, height=190)
    >>> two_steps(plot, np.array([0, 50]), np.array([0.5]), np.array([0.1])).count("<path")
    2
    """
    return plot.steps(edges, targets, "area target") + plot.steps(edges, controls, "area control")


def targets_and_controls(plot: Plot, n_targets: int, n_controls: int) -> str:
    """The legend of :func:`two_steps`, in the margin above a plot, with how many each histogram is of.

    Parameters
    ----------
    plot : Plot
        The coordinates.
    n_targets, n_controls : int

    Returns
    -------
    str
        Elements of SVG.

    Examples
    --------
    >>> plot = Plot((-50.0, 50.0), (0.0, 1.0), width=420, height=190)
    >>> "targets (12)" in targets_and_controls(plot, 12, 30)
    True
    """
    return (
        f'<rect class="area target" x="{plot.left}" y="9" width="14" height="10"/>'
        + svg_text(plot.left + 20, 18, f"targets ({count(n_targets)})", "label")
        + f'<rect class="area control" x="{plot.left + 150}" y="9" width="14" height="10"/>'
        + svg_text(plot.left + 170, 18, f"controls ({count(n_controls)})", "label")
    )


def axes_of_positions(plot: Plot, half_width: float) -> str:
    """The axes of a chart of where sites lie in their sequences, up to ``half_width`` from the centre.

    Parameters
    ----------
    plot : Plot
        The coordinates.
    half_width : float
        Bases.

    Returns
    -------
    str
        Elements of SVG.

    Examples
    --------
    >>> plot = Plot((-50.0, 50.0), (0.0, 1.0), width=420, height=190)
    >>> "site centre − sequence centre (bp)" in axes_of_positions(plot, 50)
    True
    """
    return plot.axes(
        nice_ticks(-half_width, half_width, 5),
        nice_ticks(*plot.y_range, 3),
        "site centre − sequence centre (bp)",
        "share of sites",
    )


def centre_line(plot: Plot) -> str:
    """A line at distance 0, as high as the data.

    Parameters
    ----------
    plot : Plot
        The coordinates.

    Returns
    -------
    str
        An element of SVG.

    Examples
    --------
    >>> plot = Plot((-50.0, 50.0), (0.0, 1.0), width=420, height=190)
    >>> centre_line(plot)
    '<path class="centre" d="M230.0 12V146.0"/>'
    """
    return f'<path class="centre" d="M{plot.x(0):.1f} {plot.top}V{plot.y(0):.1f}"/>'


def small_plot(half_width: float, *shares: np.ndarray) -> Plot:
    """The coordinates of a chart of positions that has no axes, for the cell of a table.

    Parameters
    ----------
    half_width : float
        Bases.
    *shares : numpy.ndarray
        Heights of the bars of each histogram.

    Returns
    -------
    Plot

    Examples
    --------
    >>> plot = small_plot(50, np.array([0.5]))
    >>> plot.width, plot.height, plot.x(0)
    (104, 34, 52.0)
    """
    width, height = _SMALL
    x_range, y_range = (-half_width, half_width), (0, top_of_axis(*shares))
    return Plot(x_range, y_range, width, height, left=2, right=2, top=2, bottom=3)


def small_centre_line(plot: Plot) -> str:
    """A line at distance 0, as high as a :func:`small_plot`.

    Parameters
    ----------
    plot : Plot
        The coordinates.

    Returns
    -------
    str
        An element of SVG.

    Examples
    --------
    >>> small_centre_line(small_plot(50, np.array([0.5])))
    '<path class="centre" d="M52.0 0V34"/>'
    """
    return f'<path class="centre" d="M{plot.x(0):.1f} 0V{plot.height}"/>'
