"""The page of matches: motifs above the known motifs that they resemble, in one HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from motifnet.config.compare import CompareConfig
from motifnet.motifs import Motif
from motifnet.motifs.tomtom import Match
from motifnet.report.display_names import database_link, display_name
from motifnet.report.drawing.logo_set import aligned_pair
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tables.given_motifs import GivenMotif, pair_of
from motifnet.report.tables.motif_rows import SCALE

MOST_QUERIES = 200
"""Motifs whose matches are drawn."""

MOST_MATCHES = 10
"""Matches of a motif that are drawn."""

_MOST_OPEN = 10  # motifs whose matches are not folded, and are drawn at once

PAGES.register("matches")("matches.html")


@dataclass(frozen=True, eq=False)
class MatchResult:
    """What the page shows.

    Parameters
    ----------
    title : str
    queries : sequence of Motif
    matches : sequence of sequence of Match
        Those of each query, best first.
    databases : mapping of str to int
        Number of motifs of each database.
    warnings : sequence of str
        One sentence each.
    record : mapping
        How to run the same again: command, options, versions.
    """

    title: str
    queries: Sequence[Motif]
    matches: Sequence[Sequence[Match]]
    databases: Mapping[str, int]
    warnings: Sequence[str] = ()
    record: Mapping[str, object] = field(default_factory=dict)


class DrawnMatch(NamedTuple):
    """A match as it is shown: its name, its page, and both logos, which may be drawn later."""

    match: Match
    key: str
    name: str
    link: str | None
    logos: Markup
    tracks: str


class Query(NamedTuple):
    """A motif with its matches as they are shown."""

    motif: Motif
    drawn: list[DrawnMatch]
    n_matches: int


def render_matches(result: MatchResult, files: Sequence[PageFile] = ()) -> str:
    """Matches as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : MatchResult
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> import numpy as np
    >>> result = MatchResult("ours", [Motif("1-GATA", np.eye(4))], [[]], {"JASPAR": 1000})
    >>> "0 of 1 motif resemble known motifs." in render_matches(result)
    True
    """
    matched = [(query, some) for query, some in zip(result.queries, result.matches, strict=True) if some]
    queries = [_query(number, *each) for number, each in enumerate(matched[:MOST_QUERIES], start=1)]
    return fill_page(
        "matches",
        files=files,
        given=_given(queries),
        result=result,
        queries=queries,
        n_matched=len(matched),
        n_open=_MOST_OPEN,
        scale=SCALE,
        settings=settings(result.record, CompareConfig),
    )


def _given(queries: Sequence[Query]) -> dict[str, GivenMotif]:
    """All motifs that are shown, by the keys that the template names."""
    given = {f"q{number}": GivenMotif(query.motif) for number, query in enumerate(queries, start=1)}
    return given | {one.key: GivenMotif(one.match.known) for query in queries for one in query.drawn}


def _query(number: int, motif: Motif, matches: Sequence[Match]) -> Query:
    drawn = [_drawn(number, motif, i, match) for i, match in enumerate(matches[:MOST_MATCHES], start=1)]
    return Query(motif, drawn, len(matches))


def _drawn(number: int, motif: Motif, i: int, match: Match) -> DrawnMatch:
    key, logos = f"k{number}.{i}", ""
    if number <= _MOST_OPEN:
        logos = aligned_pair(
            motif, match.known, match.offset, reverse=match.reverse, shared=True, scale=SCALE
        )
    tracks = pair_of(f"q{number}", motif.width, key, match, reverse=False, flank=None)
    return DrawnMatch(
        match, key, display_name(match.known), database_link(match.known), Markup(logos), tracks
    )
