"""What went in: sequences read and removed, controls, composition, split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from motifnet.report.charts.composition import gc_histogram, length_histogram
from motifnet.report.drawing.glyphs import BASES
from motifnet.report.numerals import count, percent
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

if TYPE_CHECKING:
    from motifnet.datasets.compose import Composition
    from motifnet.discovery.results import RunResult

_GROUPS = 30  # chromosomes named in a row; a draft genome has thousands


@section("data", heading="Data", place=70)
def data(result: RunResult) -> str:
    """Counts, histograms of GC content and length, and the split."""
    summary = result.data
    return fill_template(
        "data.html",
        data=summary,
        gc=Markup(gc_histogram(summary.target_gc, summary.control_gc)),
        lengths=_lengths(summary),
        background=", ".join(
            f"{base} {percent(float(share))}" for base, share in zip(BASES, summary.background, strict=True)
        ),
        parts=[(part, _named(part.groups)) for part in summary.parts],
    )


def _lengths(summary: Composition) -> str:
    """A sentence where all sequences are of one length, otherwise a chart."""
    lengths = np.unique(np.concatenate([summary.target_lengths, summary.control_lengths]))
    if len(lengths) == 0:
        return "No sequence."
    if len(lengths) == 1:
        return f"Every sequence has {count(lengths[0])} bases."
    return Markup(length_histogram(summary.target_lengths, summary.control_lengths))


def _named(groups: Sequence[str]) -> str:
    shown = ", ".join(groups[:_GROUPS])
    return f"{shown} and {count(len(groups) - _GROUPS)} more" if len(groups) > _GROUPS else shown
