"""What targets and controls are like: GC content and length, overlaid."""

from __future__ import annotations

import numpy as np

from motifnet.report.charts.histograms import binned_shares, targets_and_controls, top_of_axis, two_steps
from motifnet.report.drawing.plot import Plot, nice_ticks


def gc_histogram(targets: np.ndarray, controls: np.ndarray) -> str:
    """GC content of targets and controls, overlaid.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n_sequences,)
        GC share of each sequence.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> "Median 0.5 in targets, 0.4 in controls." in gc_histogram(np.array([0.5]), np.array([0.4]))
    True
    """
    return _overlaid(targets, controls, "GC content", 0.0, 1.0)


def length_histogram(targets: np.ndarray, controls: np.ndarray) -> str:
    """Lengths of targets and controls, overlaid.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n_sequences,)
        Length of each sequence in bases.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> "Median 200 in targets, 150 in controls." in length_histogram(np.array([200]), np.array([150]))
    True
    """
    # A few very long sequences must not squeeze the others into one bar.
    largest = float(np.percentile(np.concatenate([targets, controls, [10]]), 99))
    return _overlaid(targets, controls, "length (bp)", 0, largest)


def _overlaid(targets: np.ndarray, controls: np.ndarray, label: str, low: float, high: float) -> str:
    """Two histograms of shares on one axis: targets filled, controls as an outline."""
    edges, target_share = binned_shares(targets, low, high, n_bins=40)
    _, control_share = binned_shares(controls, low, high, n_bins=40)
    plot = Plot((low, high), (0, top_of_axis(target_share, control_share)), width=420, height=240, top=30)
    body = (
        plot.axes(nice_ticks(low, high, 5), nice_ticks(*plot.y_range, 4), label, "share of sequences")
        + two_steps(plot, edges, target_share, control_share)
        + targets_and_controls(plot, len(targets), len(controls))
    )
    description = f"Median {_median(targets)} in targets, {_median(controls)} in controls."
    return plot.drawing(f"{label} of targets and controls", description, body)


def _median(values: np.ndarray) -> str:
    return f"{np.median(values):.3g}" if len(values) else "unknown"
