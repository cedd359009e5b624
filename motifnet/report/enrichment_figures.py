"""Charts of where sites of known motifs lie: in their sequences, and around those of another motif."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from motifnet.report.figures import Plot, axes_of_positions, nice_ticks, text, tick
from motifnet.report.logo import display_name
from motifnet.report.numerals import count, percent, plural

if TYPE_CHECKING:
    from motifnet.scanning.enriched import Enriched
    from motifnet.scanning.spaced import Spacing

_BINS, _SMALL_BINS = 41, 27
_HALF_BOX = 1 / 40  # of the axis: half of the primary motif's box


def position_sparkline(one: Enriched, half_width: float) -> str:
    """Where the sites of a motif lie in targets (filled) and controls (outline), for a table.

    Parameters
    ----------
    one : Enriched
    half_width : float
        Distance from the centre at which the axis ends; larger than 0.
    """
    edges, targets, controls = _shares(one, half_width, _SMALL_BINS)
    margins = {"left": 2, "right": 2, "top": 2, "bottom": 3}
    plot = Plot((-half_width, half_width), (0, _ceiling(targets, controls)), 104, 34, **margins)
    body = (
        plot.steps(edges, targets, "area target")
        + plot.steps(edges, controls, "area control")
        + f'<path class="centre" d="M{plot.x(0):.1f} 0V34"/>'
    )
    return plot.drawing(_title(one), _in_words(one), body, "sparkline")


def position_chart(one: Enriched, half_width: float) -> str:
    """:func:`position_sparkline` as a chart with axes; same parameters."""
    edges, targets, controls = _shares(one, half_width, _BINS)
    plot = Plot((-half_width, half_width), (0, _ceiling(targets, controls)), 420, 210, top=30)
    body = (
        axes_of_positions(plot, half_width)
        + plot.steps(edges, targets, "area target")
        + plot.steps(edges, controls, "area control")
        + f'<path class="centre" d="M{plot.x(0):.1f} {plot.top}V{plot.y(0):.1f}"/>'
        + f'<rect class="area target" x="{plot.left}" y="9" width="14" height="10"/>'
        + text(plot.left + 20, 18, f"targets ({count(one.central.n_sites)})", "label")
        + f'<rect class="area control" x="{plot.left + 150}" y="9" width="14" height="10"/>'
        + text(plot.left + 170, 18, f"controls ({count(one.central.n_control_sites)})", "label")
    )
    return plot.drawing(_title(one), _in_words(one), body)


def spacing_chart(spacing: Spacing) -> str:
    """Sites of a secondary motif by the bases between them and the primary.

    Those on the strand of the primary stand on the line, those on the other hang from it.

    Parameters
    ----------
    spacing : Spacing
    """
    longest = spacing.counts.shape[2]
    box = max(1.0, longest * _HALF_BOX)
    tallest = int(spacing.counts.max(initial=1))
    plot = Plot((-longest - box, longest + box), (-1.1 * tallest, 1.1 * tallest), 560, 210)
    body = (
        _spacing_axes(plot, longest, box)
        + _bars(plot, spacing.counts[0], box, 1)
        + _bars(plot, spacing.counts[1], box, -1)
        + _primary_box(plot, box)
    )
    name = display_name(spacing.secondary)
    words = (
        f"{plural(spacing.best.n_here, 'site')} at a gap of {spacing.gap}, {spacing.orientation}; "
        f"{spacing.best.expected:.1f} expected."
    )
    return plot.drawing(f"Sites of {name} around {display_name(spacing.primary)}", words, body)


def _shares(one: Enriched, half_width: float, n_bins: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges of bins, and in each the share of sites of targets and of controls."""
    shares = []
    for distances in (one.target_distances, one.control_distances):
        counts, edges = np.histogram(distances, bins=n_bins, range=(-half_width, half_width))
        shares.append(counts / max(len(distances), 1))
    return edges, *shares


def _ceiling(*shares: np.ndarray) -> float:
    return 1.08 * max(float(share.max()) for share in shares) or 1.0


def _title(one: Enriched) -> str:
    return f"Positions of the sites of {display_name(one.motif)}"


def _in_words(one: Enriched) -> str:
    central = one.central
    return (
        f"{percent(central.share)} of {plural(central.n_sites, 'site')} within {central.half_width} bp of "
        f"the centre, where {percent(central.expected)} are expected; {percent(central.control_share)} of "
        f"{plural(central.n_control_sites, 'site')} of controls."
    )


def _bars(plot: Plot, by_side: np.ndarray, box: float, sign: int) -> str:
    """Counts upstream and downstream as bars, up or down."""
    left = np.arange(by_side.shape[1]) + box
    path = ""
    for side, counts in zip((-1, 1), by_side, strict=True):
        for start, n in zip(left[counts > 0].tolist(), counts[counts > 0].tolist(), strict=True):
            begin, end = sorted((plot.x(side * start), plot.x(side * (start + 1))))
            path += f"M{begin:.1f} {plot.y(0):.1f}V{plot.y(sign * n):.1f}H{end:.1f}V{plot.y(0):.1f}Z"
    return f'<path class="bar {"same" if sign > 0 else "opposite"}" d="{path}"/>'


def _primary_box(plot: Plot, box: float) -> str:
    left, right = plot.x(-box), plot.x(box)
    shape = f'x="{left:.1f}" y="{plot.y(0) - 7:.1f}" width="{right - left:.1f}" height="14"'
    return f'<rect class="primary" {shape}/>'


def _spacing_axes(plot: Plot, longest: int, box: float) -> str:
    """Gaps on either side, counts up and down, and what up and down mean."""
    gaps = [gap for gap in nice_ticks(0, longest, 5) if gap < longest]
    base, line = plot.height - plot.bottom, plot.y(0)
    middle = (plot.left + plot.width - plot.right) / 2
    marks = [
        text(plot.x(side * (gap + box + 0.5)), base + 14, tick(gap), "tick middle")
        for side in (-1, 1)
        for gap in gaps
    ]
    most = plot.y_range[1] / 1.1
    heights = [value for value in nice_ticks(0, most, 3) if value == int(value) and value]
    marks += [
        text(plot.left - 7, plot.y(sign * value) + 4, tick(value), "tick end")
        for sign in (1, -1)
        for value in heights
    ]
    return (
        f'<path class="axis" d="M{plot.left} {line:.1f}H{plot.width - plot.right}"/>'
        + "".join(marks)
        + text(middle, base + 34, "← upstream · bases between · downstream →", "label middle")
        + text(plot.left + 4, plot.top + 10, "same strand", "tick")
        + text(plot.left + 4, base - 4, "opposite strand", "tick")
    )
