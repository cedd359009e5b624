"""Motif by motif: where the sites lie, more known matches, the best sites, the filters behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from motifnet.report.charts.positions import axis_half_width, position_histogram
from motifnet.report.display_names import database_link, display_name
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section
from motifnet.report.tables.given_motifs import pair_of
from motifnet.report.tables.motif_rows import MOST_MATCHES

if TYPE_CHECKING:
    from motifnet.discovery.results import FoundMotif, RunResult
    from motifnet.motifs import Sites
    from motifnet.motifs.tomtom import Match

_SITES = 10


class Known(NamedTuple):
    """A known motif as it is shown: the match, its name, its page, and what is drawn of both."""

    match: Match
    name: str
    link: str | None
    tracks: str


class Detail(NamedTuple):
    """All about one motif."""

    rank: int
    found: FoundMotif
    positions: Markup
    known: list[Known]
    sites: Sites
    places: str
    """Which coordinates the sites are told in."""


@section("details", heading="Motif by motif", place=50)
def details(result: RunResult) -> str:
    """One folded block for each significant motif; left out where there is none."""
    half = axis_half_width(result)
    blocks = [
        _detail(rank, found, half) for rank, found in enumerate(result.motifs, start=1) if found.significant
    ]
    return fill_template("details.html", details=blocks) if blocks else ""


def _detail(rank: int, found: FoundMotif, half: float) -> Detail:
    chart = position_histogram(found.sites.centre_distances, half, found.motif.name)
    known = [_known(rank, number, found) for number in range(1, len(found.matches[:MOST_MATCHES]) + 1)]
    best = found.sites.best(_SITES)
    return Detail(rank, found, Markup(chart), known, best, _places(best))


def _places(sites: Sites) -> str:
    """Which coordinates some sites have: those of the genome, of their sequences, or of one or the other."""
    ends = "1-based, both ends included"
    in_genome = [site.where is not None for site in sites]
    if all(in_genome):
        return f"Places are in the genome, and strands are its: {ends}, as browsers read them."
    if not any(in_genome):
        return f"Places are within the sequences, whose coordinates are not known: {ends}."
    return (
        f"Places are in the genome where a chromosome stands before them, else within the sequence: {ends}."
    )


def _known(rank: int, number: int, found: FoundMotif) -> Known:
    match = found.matches[number - 1]
    tracks = pair_of(f"m{rank}", found.motif.width, f"k{rank}.{number}", match, reverse=False, flank=None)
    return Known(match, display_name(match.known), database_link(match.known), tracks)
