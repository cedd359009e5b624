"""Where the sites of a found motif lie in their sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from motifnet.report.charts.histograms import (
    axes_of_positions,
    binned_shares,
    centre_line,
    small_centre_line,
    small_plot,
    top_of_axis,
)
from motifnet.report.drawing.plot import Plot
from motifnet.report.numerals import percent, plural

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


def position_histogram(distances: np.ndarray, half_width: float, name: str) -> str:
    """Where the sites of a motif lie: histogram of the distance of their centres from the sequence centre.

    Parameters
    ----------
    distances : numpy.ndarray, shape=(n_sites,)
        Distance of each site's centre from the centre of its sequence, in bases.
    half_width : float
        Distance at which the axis ends; larger than 0.
    name : str
        Name of the motif.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> drawn = position_histogram(np.array([-3.0, 0.5, 41.0]), 20, "1-TGASTCA")
    >>> "1 site farther out than the axis." in drawn
    True
    """
    edges, share = binned_shares(distances, -half_width, half_width, n_bins=41)
    plot = Plot((-half_width, half_width), (0, top_of_axis(share)), width=420, height=190)
    body = axes_of_positions(plot, half_width) + plot.steps(edges, share, "area target") + centre_line(plot)
    return plot.drawing(f"Positions of the sites of {name}", _in_words(distances, half_width), body)


def small_position_histogram(distances: np.ndarray, half_width: float, name: str) -> str:
    """:func:`position_histogram` small enough for the cell of a table; same parameters.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> small_position_histogram(np.array([-3.0, 0.5]), 20, "1-TGASTCA").startswith('<svg class="sparkline"')
    True
    """
    edges, share = binned_shares(distances, -half_width, half_width, n_bins=31)
    plot = small_plot(half_width, share)
    body = (
        plot.steps(edges, share, "area target")
        + f'<path class="axis" d="M2 {plot.y(0)}H{plot.width - 2}"/>'
        + small_centre_line(plot)
    )
    words = _in_words(distances, half_width)
    return plot.drawing(f"Positions of the sites of {name}", words, body, "sparkline")


def axis_half_width(result: RunResult) -> float:
    """Distance from the centre at which positional charts end: the same for all motifs of a run.

    Half of a long sequence, but not of the longest: one outlier must not squeeze all charts.

    Parameters
    ----------
    result : RunResult
        What a run found.

    Returns
    -------
    float
        Bases.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> data = SimpleNamespace(target_lengths=np.full(100, 200))  # all that is read of a result
    >>> axis_half_width(SimpleNamespace(data=data))
    100.0
    """
    lengths = np.append(result.data.target_lengths, 20)
    return float(np.percentile(lengths, 95)) / 2


def _in_words(distances: np.ndarray, half_width: float) -> str:
    if len(distances) == 0:
        return "No site."
    near = np.mean(np.abs(distances) <= half_width / 4)
    beyond = int(np.sum(np.abs(distances) > half_width))
    outside = f" {plural(beyond, 'site')} farther out than the axis." if beyond else ""
    return f"{percent(float(near))} of {plural(len(distances), 'site')} in the middle quarter.{outside}"
