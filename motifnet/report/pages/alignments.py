"""The report on alignments: one HTML file that opens anywhere, offline, and prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from motifnet.config.align import AlignConfig
from motifnet.hmm.gap_origins import CALLED, REAL, GapOrigins
from motifnet.hmm.pair_estimates import WHAT_TWO_SEQUENCES_CANNOT_TELL
from motifnet.report.drawing.dotplot import dotplot_svg
from motifnet.report.drawing.shades import BOUNDS
from motifnet.report.numerals import decimal
from motifnet.report.pages import run_record
from motifnet.report.pages.alignment_text import AlignmentLine, alignment_lines
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.symbols.aligned_pair import AlignedPair

MOST_DRAWN = 20
"""Pairs that are drawn."""

PAGES.register("alignments")("alignments.html")

_MOST_LISTED = 500  # pairs in the table
_MOST_COLUMNS = 5000  # columns of an alignment whose letters are shown


class GroupEstimates(NamedTuple):
    """What was learnt of one of several groups of pairs."""

    name: str
    n_pairs: int
    parameters: Mapping[str, object]
    n_free: int | None
    log_likelihood: float | None


@dataclass(frozen=True)
class AlignmentResult:
    """What the page shows.

    Parameters
    ----------
    title : str
    pairs : sequence of AlignedPair
        The first :data:`MOST_DRAWN` are drawn.
    parameters : mapping of str to float or str
        Estimates of the model, by name.
    ties : mapping of str to int
        Free parameters of each part of the model, by a description that says how it is tied.
    log_likelihoods : mapping of str to float
        Of all pairs together, in nats, by what they are of, such as one setting of the ties.
    warnings : sequence of str
    record : mapping
        How to run the same again: command, options, versions.
    origins : GapOrigins or None
        In which lineage gaps came about, where a third sequence tells it.
    groups : sequence of GroupEstimates
        In place of parameters, ties and likelihoods, where groups of pairs have models of their own.
    choice : str, optional
        Whether groups of pairs share a model, and why.
    """

    title: str
    pairs: Sequence[AlignedPair]
    parameters: Mapping[str, object] = field(default_factory=dict)
    ties: Mapping[str, int] = field(default_factory=dict)
    log_likelihoods: Mapping[str, float] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    record: Mapping[str, object] = field(default_factory=dict)
    origins: GapOrigins | None = None
    groups: Sequence[GroupEstimates] = ()
    choice: str | None = None


class DrawnPair(NamedTuple):
    """A pair as it is drawn."""

    pair: AlignedPair
    dotplot: Markup
    lines: list[AlignmentLine]
    n_hidden: int
    """Columns whose letters are not shown."""


def render_alignments(result: AlignmentResult, files: Sequence[PageFile] = ()) -> str:
    """Alignments as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : AlignmentResult
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> from motifnet.symbols.alignment import Alignment
    >>> pair = AlignedPair("one", Alignment.from_rows("ACGT", "A-GT"))
    >>> render_alignments(AlignmentResult("two sequences", [pair])).splitlines()[0]
    '<!DOCTYPE html>'
    """
    return fill_page(
        "alignments",
        files=files,
        result=result,
        drawn=[_drawn(pair) for pair in result.pairs[:MOST_DRAWN]],
        listed=result.pairs[:_MOST_LISTED],
        identity=_identity(result.pairs),
        parameters=[(name, _estimate(value)) for name, value in result.parameters.items()],
        group_columns=list(dict.fromkeys(name for group in result.groups for name in group.parameters)),
        settings=settings(result.record, AlignConfig) if result.record else None,
        bounds=BOUNDS,
        caveat=WHAT_TWO_SEQUENCES_CANNOT_TELL if result.origins is None else None,
        called=CALLED,
        real=REAL,
    )


def _drawn(pair: AlignedPair) -> DrawnPair:
    lines = list(alignment_lines(pair.alignment, _MOST_COLUMNS))
    n_hidden = max(0, len(pair.alignment.columns) - _MOST_COLUMNS)
    return DrawnPair(pair, Markup(dotplot_svg(pair.alignment, pair.posterior)), lines, n_hidden)


def _identity(pairs: Sequence[AlignedPair]) -> float:
    """Share of equal bases among the matched ones of all pairs."""
    n_matches = sum(pair.alignment.n_matches for pair in pairs)
    return sum(pair.alignment.n_identical for pair in pairs) / n_matches if n_matches else math.nan


def _estimate(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}" if math.isfinite(value) and abs(value) < 1e-3 else decimal(value, 4)
    return run_record.show(value)
