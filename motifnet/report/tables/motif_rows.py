"""What the tables of motifs on a page show of each motif: its logos, its matches and where its sites lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from motifnet.report.charts.positions import axis_half_width, small_position_histogram
from motifnet.report.display_names import database_link, display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.drawing.logo_set import aligned_pair
from motifnet.report.tables.given_motifs import LaterLogo, pair_of, told_tracks

if TYPE_CHECKING:
    from motifnet.discovery.results import FoundMotif, RunResult
    from motifnet.motifs.tomtom import Match


SCALE = 0.75
"""Of logos in tables, the same for all: a motif is never smaller since what it is like is long."""

FLANK = 3
"""Columns of a known motif that tables draw beyond either end of the one above it."""

MOST_MATCHES = 3
"""Known motifs that a page draws below a motif; the table of matches holds all."""

_LONG = 10  # rows of a table, from which motifs that are like better ones are folded below these


class MotifRow(NamedTuple):
    """One motif of a table.

    Parameters
    ----------
    rank : int
        1-based, over all motifs.
    found : FoundMotif
        The motif.
    forward : Markup
        Logo as found, above that of the best match where there is one.
    positions : Markup
        Sparkline of the sites' positions.
    leader : int
        Rank of the better motif of the table that it is folded below; its own if it is below none.
    n_like : int
        Motifs that are folded below it.
    """

    rank: int
    found: FoundMotif
    forward: Markup
    positions: Markup
    leader: int
    n_like: int

    @property
    def scale(self) -> float:
        """How large its logos are."""
        return SCALE

    @property
    def is_member(self) -> bool:
        """Whether it is folded below a better one."""
        return self.leader != self.rank

    @property
    def reverse(self) -> str:
        """What the page draws when asked for the reverse complement."""
        found, key = self.found, f"m{self.rank}"
        if self.best is None:
            return told_tracks([LaterLogo(key, reverse=True)])
        return pair_of(key, found.motif.width, f"k{self.rank}.1", self.best, reverse=True, flank=FLANK)

    @property
    def best(self) -> Match | None:
        """The best known match."""
        return self.found.matches[0] if self.found.matches else None

    @property
    def best_name(self) -> str:
        """Name of the best known match; empty without one."""
        return display_name(self.best.known) if self.best else ""

    @property
    def best_link(self) -> str | None:
        """Web page of the best known match, where its database has one."""
        return database_link(self.best.known) if self.best else None


def motif_rows(result: RunResult, wanted: Callable[[FoundMotif], bool]) -> list[MotifRow]:
    """The rows of some of the motifs of a run.

    Parameters
    ----------
    result : RunResult
        What a run found.
    wanted : callable
        Which of them, such as those that count.

    Returns
    -------
    list of MotifRow
        Best first, but that in a long list each is followed by those that are like it.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.datasets.compose import Composition
    >>> from motifnet.discovery.results import RunResult
    >>> none, even = np.zeros(0), np.full(4, 0.25)
    >>> data = Composition(("peaks",), {"peaks": 0}, {}, 0, "none", "none", (), none, none, none, none, even)
    >>> result = RunResult("nothing", data, (), (), (), (), "Nothing was evaluated.")
    >>> motif_rows(result, lambda found: found.counts)
    []
    """
    half = axis_half_width(result)
    chosen = {rank: found for rank, found in enumerate(result.motifs, start=1) if wanted(found)}
    leader = {rank: rank for rank in chosen}
    if len(chosen) > _LONG and result.like:
        leader = {rank: first if (first := result.like[rank - 1] + 1) in chosen else rank for rank in chosen}
    in_order = sorted(chosen, key=lambda rank: (leader[rank], rank))
    n_like = Counter(leader[rank] for rank in chosen)
    return [_row(rank, chosen[rank], half, leader[rank], n_like[rank] - 1) for rank in in_order]


def _row(rank: int, found: FoundMotif, half: float, leader: int, n_like: int) -> MotifRow:
    positions = Markup(small_position_histogram(found.sites.centre_distances, half, found.motif.name))
    return MotifRow(rank, found, _logo(found), positions, leader, max(n_like, 0))


def _logo(found: FoundMotif) -> Markup:
    motif = found.motif
    if not found.matches:
        return Markup(logo_svg(motif, positions=False, shared=True, scale=SCALE))
    match = found.matches[0]
    drawn = aligned_pair(
        motif, match.known, match.offset, reverse=match.reverse, flank=FLANK, shared=True, scale=SCALE
    )
    return Markup(drawn)
