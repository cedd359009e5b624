"""The page of a scan: where hits lie, how many there are of each motif, and the best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from motifnet.config.scan import ScanConfig
from motifnet.io.hit_formats import PlacedHit
from motifnet.motifs import Motif
from motifnet.report.charts.strips import Layer, SequenceStrip, strips_chart
from motifnet.report.display_names import database_link, display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.numerals import count, plural
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tables.best_rows import best_rows
from motifnet.report.tables.given_motifs import GivenMotif
from motifnet.report.tables.motif_rows import SCALE
from motifnet.scanning.hit_counts import MOST_BEST, HitCounts

_MOST_CONTIGS = 24  # that are drawn
_SHORT = 5_000  # bases up to which many sequences are laid over each other
_MOST_MOTIFS = 1_000  # in the table
_MOST_DRAWN = 60  # logos at once

PAGES.register("hits")("hits.html")


@dataclass(frozen=True, eq=False)
class HitResult:
    """What the page shows.

    Parameters
    ----------
    title : str
    motifs : sequence of Motif
        All that were looked for.
    counts : HitCounts
        Of the hits that are told.
    expected : numpy.ndarray, shape=(n_motifs,)
        Windows of each that score as much by chance.
    n_bases, n_sequences : int
        What was scanned.
    n_found : int
        Hits before overlaps and others were left out.
    warnings : sequence of str
    record : mapping
        How to run the same again: command, options, versions.
    """

    title: str
    motifs: Sequence[Motif]
    counts: HitCounts
    expected: np.ndarray
    n_bases: int
    n_sequences: int
    n_found: int
    warnings: Sequence[str] = ()
    record: Mapping[str, object] = field(default_factory=dict)

    @property
    def n_told(self) -> int:
        """Hits that are told."""
        return self.counts.n


class HitRow(NamedTuple):
    """A motif as it is shown."""

    motif: Motif
    name: str
    link: str | None
    logo: Markup
    n: int
    expected: float

    @property
    def ratio(self) -> float:
        """Hits over those that are expected."""
        return self.n / self.expected if self.expected > 0 else math.nan


def render_hits(result: HitResult, files: Sequence[PageFile] = ()) -> str:
    """Hits as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : HitResult
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> motif = Motif("GATA", 9 * np.eye(4)[:, [2, 0, 3, 0]])
    >>> result = HitResult("ours", [motif], HitCounts(), np.ones(1), 1000, 2, 0)
    >>> "0 hits of 1 motif." in render_hits(result)
    True
    """
    rows = _rows(result)
    best = best_rows(result.counts.best(), MOST_BEST, key=lambda hit: hit.p_value)
    told, picture = _picture(result.counts)
    return fill_page(
        "hits",
        files=files,
        given={f"m{number}": GivenMotif(row.motif) for number, row in enumerate(rows, start=1)},
        result=result,
        rows=rows,
        best=best,
        hit_name=_hit_name,
        has_q=any(math.isfinite(hit.q_value) for hit in best),
        told=told,
        picture=Markup(picture),
        scale=SCALE,
        settings=settings(result.record, ScanConfig),
    )


def _rows(result: HitResult) -> list[HitRow]:
    """The motifs as they were given; of very many those with the most hits."""
    n_of = [result.counts.by_motif[i] for i in range(len(result.motifs))]
    most = sorted(range(len(n_of)), key=lambda i: -n_of[i])[:_MOST_MOTIFS]
    rows: list[HitRow] = []
    for i in sorted(most):
        motif = result.motifs[i]
        is_drawn = len(rows) < _MOST_DRAWN
        logo = logo_svg(motif, positions=False, shared=True, scale=SCALE) if is_drawn else ""
        rows.append(
            HitRow(
                motif,
                display_name(motif),
                database_link(motif),
                Markup(logo),
                n_of[i],
                float(result.expected[i]),
            )
        )
    return rows


def _hit_name(hit: PlacedHit) -> str:
    return display_name(Motif(hit.name, np.ones((4, 1)), alt_name=hit.alt_name))


def _picture(counts: HitCounts) -> tuple[str, str]:
    """What the picture shows, and the picture; empty where there is no hit."""
    if not counts.n:
        return "", ""
    drawn = counts.contigs(_MOST_CONTIGS)
    longest = max(map(counts.length, drawn))
    if counts.n_contigs > _MOST_CONTIGS and longest <= _SHORT:
        return _laid_over(counts, longest)
    densities = [(name, *counts.density(name, longest)) for name in drawn]
    most = max(float(density.max()) for _, _, density in densities)
    strips = [
        SequenceStrip(
            f"{name} ({count(density.sum())})", counts.length(name), [_layer(width, density / most)]
        )
        for name, width, density in densities
    ]
    width = densities[0][1]
    told = (
        f"Hits in each {count(width)} bases, all motifs together; the highest step is of "
        f"{plural(most, 'hit')}. Each sequence is drawn up to its last hit."
    )
    if counts.n_contigs > len(drawn):
        told += f" The {len(drawn)} longest of {count(counts.n_contigs)} sequences with a hit are drawn."
    return told, strips_chart(strips, "Density of hits", told)


def _laid_over(counts: HitCounts, longest: int) -> tuple[str, str]:
    """Many short sequences, of which the distance from the start is told."""
    density, width = counts.starts(longest), counts.starts_width(longest)
    told = (
        f"Hits by their distance from the start of their sequence, in steps of {count(width)} bases: all "
        f"{count(counts.n_contigs)} sequences with a hit together; the highest step is of "
        f"{plural(float(density.max()), 'hit')}."
    )
    strip = SequenceStrip("all sequences", longest, [_layer(width, density / density.max())])
    return told, strips_chart([strip], "Places of hits in their sequences", told)


def _layer(width: float, heights: np.ndarray) -> Layer:
    return Layer(1, width * np.arange(len(heights) + 1), heights)
