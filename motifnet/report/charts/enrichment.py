"""Charts of where sites of known motifs lie: in their sequences, and around those of another motif."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from motifnet.report.charts.histograms import (
    axes_of_positions,
    binned_shares,
    centre_line,
    small_centre_line,
    small_plot,
    targets_and_controls,
    top_of_axis,
    two_steps,
)
from motifnet.report.display_names import display_name
from motifnet.report.drawing.plot import Plot, nice_ticks, svg_text, tick_label
from motifnet.report.numerals import percent, plural

if TYPE_CHECKING:
    from motifnet.scanning.enriched import Enriched
    from motifnet.scanning.spaced import Spacing

_BINS, _SMALL_BINS = 41, 27
_HALF_BOX = 1 / 40  # of the axis: half of the primary motif's box


def small_position_comparison(one: Enriched, half_width: float) -> str:
    """:func:`position_comparison` small enough for the cell of a table; same parameters.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> from motifnet.scanning.best_sites import Scorer
    >>> from motifnet.scanning.enriched import rank_by_enrichment
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> some = Sequences.from_text(["CCGATACC", "ATATCACC", "CCCATCCC", "CCATTACC"])
    >>> from motifnet.strand import Strand
    >>> scorer = Scorer([gata], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> ranked = rank_by_enrichment(scorer, some, np.arange(4) < 2, [0.01])
    >>> small_position_comparison(ranked[0], half_width=4).startswith('<svg class="sparkline"')
    True
    """
    edges, targets, controls = _shares(one, half_width, _SMALL_BINS)
    plot = small_plot(half_width, targets, controls)
    body = two_steps(plot, edges, targets, controls) + small_centre_line(plot)
    return plot.drawing(_title(one), _in_words(one), body, "sparkline")


def position_comparison(one: Enriched, half_width: float) -> str:
    """Where the sites of a known motif lie: histograms of targets (filled) and of controls (outline).

    Parameters
    ----------
    one : Enriched
        A motif with the distances of its sites from the centres of their sequences.
    half_width : float
        Distance from the centre at which the axis ends; larger than 0.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> from motifnet.scanning.best_sites import Scorer
    >>> from motifnet.scanning.enriched import rank_by_enrichment
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> some = Sequences.from_text(["CCGATACC", "ATATCACC", "CCCATCCC", "CCATTACC"])
    >>> from motifnet.strand import Strand
    >>> scorer = Scorer([gata], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> ranked = rank_by_enrichment(scorer, some, np.arange(4) < 2, [0.01])
    >>> "targets (2)" in position_comparison(ranked[0], half_width=4)
    True
    """
    edges, targets, controls = _shares(one, half_width, _BINS)
    plot = Plot((-half_width, half_width), (0, top_of_axis(targets, controls)), 420, 210, top=30)
    body = (
        axes_of_positions(plot, half_width)
        + two_steps(plot, edges, targets, controls)
        + centre_line(plot)
        + targets_and_controls(plot, one.central.n_sites, one.central.n_control_sites)
    )
    return plot.drawing(_title(one), _in_words(one), body)


def spacing_chart(spacing: Spacing) -> str:
    """Sites of a secondary motif by the bases between them and the primary.

    Those on the strand of the primary stand on the line, those on the other hang from it.

    Parameters
    ----------
    spacing : Spacing
        Counts by strand, side and bases between.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> from motifnet.scanning.best_sites import Scorer
    >>> from motifnet.scanning.enriched import rank_by_enrichment
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> some = Sequences.from_text(["CCGATACC", "ATATCACC", "CCCATCCC", "CCATTACC"])
    >>> from motifnet.strand import Strand
    >>> scorer = Scorer([gata], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> ranked = rank_by_enrichment(scorer, some, np.arange(4) < 2, [0.01])
    >>> from motifnet.scanning.spaced import spacings
    >>> targets = Sequences.from_text(["CCGATACCGATACC", "AACGATACCGATAC"])
    >>> (spacing,) = spacings(scorer, ranked[0], ranked, targets, max_gap=4)
    >>> "Sites of GATA around GATA" in spacing_chart(spacing)
    True
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
    edges, targets = binned_shares(one.target_distances, -half_width, half_width, n_bins)
    _, controls = binned_shares(one.control_distances, -half_width, half_width, n_bins)
    return edges, targets, controls


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
        svg_text(plot.x(side * (gap + box + 0.5)), base + 14, tick_label(gap), "tick middle")
        for side in (-1, 1)
        for gap in gaps
    ]
    most = plot.y_range[1] / 1.1
    heights = [value for value in nice_ticks(0, most, 3) if value == int(value) and value]
    marks += [
        svg_text(plot.left - 7, plot.y(sign * value) + 4, tick_label(value), "tick end")
        for sign in (1, -1)
        for value in heights
    ]
    return (
        f'<path class="axis" d="M{plot.left} {line:.1f}H{plot.width - plot.right}"/>'
        + "".join(marks)
        + svg_text(middle, base + 34, "← upstream · bases between · downstream →", "label middle")
        + svg_text(plot.left + 4, plot.top + 10, "same strand", "tick")
        + svg_text(plot.left + 4, base - 4, "opposite strand", "tick")
    )
