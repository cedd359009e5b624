"""The page of matches: motifs above the known motifs that they resemble, in one HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from motifnet.motifs import Motif
from motifnet.motifs.tomtom import Match
from motifnet.report.display_names import database_link, display_name
from motifnet.report.drawing.logo_set import aligned_pair
from motifnet.report.pages.filling import fill_motif_page

MOST_QUERIES = 200
"""Motifs whose matches are drawn."""

MOST_MATCHES = 10
"""Matches of a motif that are drawn."""


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
    """

    title: str
    queries: Sequence[Motif]
    matches: Sequence[Sequence[Match]]
    databases: Mapping[str, int]
    warnings: Sequence[str] = ()


class DrawnMatch(NamedTuple):
    """A match as it is shown: its name, its page, and both logos."""

    match: Match
    name: str
    link: str | None
    logos: Markup


class Query(NamedTuple):
    """A motif with its matches as they are shown."""

    motif: Motif
    drawn: list[DrawnMatch]
    n_matches: int


def render_matches(result: MatchResult) -> str:
    """Matches as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : MatchResult

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
    return fill_motif_page(
        "matches.html",
        kind="matches",
        result=result,
        queries=[_query(*each) for each in matched[:MOST_QUERIES]],
        n_matched=len(matched),
    )


def _query(motif: Motif, matches: Sequence[Match]) -> Query:
    return Query(motif, [_drawn(motif, match) for match in matches[:MOST_MATCHES]], len(matches))


def _drawn(motif: Motif, match: Match) -> DrawnMatch:
    logos = Markup(aligned_pair(motif, match.known, match.offset, reverse=match.reverse, shared=True))
    return DrawnMatch(match, display_name(match.known), database_link(match.known), logos)
