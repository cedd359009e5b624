"""The report on known motifs: one HTML file that opens anywhere, offline, and prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup

from motifnet.config.enrich import EnrichConfig
from motifnet.report.charts.enrichment import position_comparison, small_position_comparison, spacing_chart
from motifnet.report.display_names import database_link, display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.pages import run_record
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tables.given_motifs import GivenMotif
from motifnet.report.tables.motif_rows import SCALE
from motifnet.scanning.variants import ALIKE

if TYPE_CHECKING:
    from motifnet.datasets.contrast import Contrast
    from motifnet.motifs import Motif
    from motifnet.scanning.enriched import Enriched
    from motifnet.scanning.spaced import Spacing

_MOST_MOTIFS = 500  # in the table
_MOST_DRAWN = (
    100  # with their logos and positions at once; of others, logos are drawn where they are looked at
)
_MOST_CHARTS = 12  # of positions, and of spacings
_CENTRAL_LOG10_Q = math.log10(0.05)  # of motifs with a chart of positions
_MOST_NAMED = 5  # motifs that are like another

PAGES.register("enrichment")("enrichment.html")


@dataclass(frozen=True)
class EnrichmentResult:
    """What a run of ``motifnet enrich`` found.

    Parameters
    ----------
    title, database : str
        Of the run, and of the known motifs.
    compared : Contrast
        Targets and controls.
    ranked : sequence of Enriched
        All motifs, the most enriched first.
    spacings : sequence of Spacing
        Around one primary motif, the most surprising first.
    warnings : sequence of str
    record : mapping
        How to run the same again.
    """

    title: str
    database: str
    compared: Contrast
    ranked: Sequence[Enriched]
    spacings: Sequence[Spacing]
    warnings: Sequence[str] = ()
    record: Mapping[str, object] = field(default_factory=dict)

    @property
    def log10_max_e(self) -> float:
        """log10 of the largest E-value that is shown."""
        enriching = run_record.part(run_record.part(self.record, "config"), "enriching")
        return math.log10(run_record.number(enriching["max_e"]))

    @cached_property
    def enriched(self) -> list[tuple[int, Enriched]]:
        """Ranks and motifs with an E-value that is small enough."""
        return [(rank, one) for rank, one in enumerate(self.ranked, 1) if one.log10_e <= self.log10_max_e]

    @cached_property
    def shown(self) -> list[Enriched]:
        """The first of each group of enriched motifs that are alike."""
        return [one for rank, one in self.enriched if one.like == rank]

    @property
    def spaced(self) -> list[Spacing]:
        """The first of each group of spacings of motifs that are alike, if its E-value is small enough."""
        return [
            one
            for rank, one in enumerate(self.spacings, 1)
            if one.log10_e <= self.log10_max_e and one.like == rank
        ]


class EnrichedRow(NamedTuple):
    """A motif as it is shown."""

    rank: int
    one: Enriched
    name: str
    link: str | None
    logo: Markup
    """Empty where it is drawn when it is looked at."""
    positions: Markup
    others: list[str]
    """Names of motifs like it."""
    similarity: float | None
    """To the better motif that it is folded below; none where it is below none."""
    leader: str
    """That motif."""


class EnrichmentChart(NamedTuple):
    """A picture and what stands above it."""

    name: str
    one: object
    svg: Markup


def render_enrichment(result: EnrichmentResult, files: Sequence[PageFile] = ()) -> str:
    """Known motifs as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : EnrichmentResult
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> from motifnet.datasets.contrast import Contrast
    >>> from motifnet.symbols import Sequences
    >>> compared = Contrast(Sequences.from_text(["ACGT", "ACCT"]), 1, {}, "Shuffled targets.")
    >>> record = {"config": {"enriching": {"max_e": 10}}}
    >>> page = render_enrichment(EnrichmentResult("nothing", "JASPAR", compared, [], [], record=record))
    >>> "None of 0 known motifs is enriched." in page
    True
    """
    half = _half_width(result)
    central = [one for one in result.shown if one.central_log10_q <= _CENTRAL_LOG10_Q]
    central = sorted(central, key=lambda one: one.central.log10_p)[:_MOST_CHARTS]
    rows = _rows(result, half)
    return fill_page(
        "enrichment",
        files=files,
        given={f"m{row.rank}": GivenMotif(row.one.motif) for row in rows},
        result=result,
        rows=rows,
        scale=SCALE,
        least=ALIKE,
        most_named=_MOST_NAMED,
        central=[_chart(one, one.motif, position_comparison(one, half)) for one in central],
        spaced=[_chart(one, one.secondary, spacing_chart(one)) for one in result.spaced[:_MOST_CHARTS]],
        name_of=display_name,
        settings=settings(result.record, EnrichConfig),
    )


def _half_width(result: EnrichmentResult) -> float:
    """Distance from the centre at which charts end: half of a long target, but not of the longest."""
    lengths = result.compared.sequences.lengths[: result.compared.n_targets]
    return max(float(np.percentile(lengths, 95)) / 2, 1.0)


def _rows(result: EnrichmentResult, half: float) -> list[EnrichedRow]:
    """The enriched motifs, each followed by those that are like it."""
    others: dict[int, list[str]] = {}
    for rank, one in result.enriched:
        if one.like != rank:
            others.setdefault(one.like, []).append(display_name(one.motif))
    in_order = sorted(result.enriched, key=lambda ranked: (ranked[1].like, ranked[0]))[:_MOST_MOTIFS]
    n_drawn = 0
    rows = []
    for rank, one in in_order:
        is_first = one.like == rank
        is_drawn = is_first and n_drawn < _MOST_DRAWN
        n_drawn += is_drawn
        logo = logo_svg(one.motif, positions=False, shared=True, scale=SCALE) if is_drawn else ""
        row = EnrichedRow(
            rank,
            one,
            display_name(one.motif),
            database_link(one.motif),
            Markup(logo),
            Markup(small_position_comparison(one, half) if is_drawn else ""),
            others.get(rank, []),
            None if is_first else one.similarity,
            display_name(result.ranked[one.like - 1].motif),
        )
        rows.append(row)
    return rows


def _chart(one: object, motif: Motif, svg: str) -> EnrichmentChart:
    return EnrichmentChart(display_name(motif), one, Markup(svg))
