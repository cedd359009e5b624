"""What the tables of motifs on a page show of each motif: its logos, its matches and where its sites lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from motifnet.report.charts.positions import axis_half_width, small_position_histogram
from motifnet.report.display_names import database_link, display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.drawing.logo_set import aligned_pair

if TYPE_CHECKING:
    from motifnet.discovery.results import FoundMotif, RunResult
    from motifnet.motifs.tomtom import Match


class MotifRow(NamedTuple):
    """One motif of a table.

    Parameters
    ----------
    rank : int
        1-based, over all motifs.
    found : FoundMotif
        The motif.
    forward, reverse : Markup
        Logo as found and reverse-complemented, above that of the best match where there is one.
    positions : Markup
        Sparkline of the sites' positions.
    """

    rank: int
    found: FoundMotif
    forward: Markup
    reverse: Markup
    positions: Markup

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


def motif_rows(result: RunResult, *, significant: bool) -> list[MotifRow]:
    """The rows of the motifs that passed, or of those that did not.

    Parameters
    ----------
    result : RunResult
        What a run found.
    significant : bool
        Which motifs are wanted.

    Returns
    -------
    list of MotifRow
        Best first.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.datasets.compose import Composition
    >>> from motifnet.discovery.results import RunResult
    >>> none, even = np.zeros(0), np.full(4, 0.25)
    >>> data = Composition(("peaks",), {"peaks": 0}, {}, 0, "none", "none", (), none, none, none, none, even)
    >>> result = RunResult("nothing", data, (), (), (), (), "Nothing was evaluated.")
    >>> motif_rows(result, significant=True)
    []
    """
    half = axis_half_width(result)
    return [
        _row(rank, found, half)
        for rank, found in enumerate(result.motifs, start=1)
        if found.significant == significant
    ]


def known_pair(found: FoundMotif, match: Match, *, reverse: bool = False) -> Markup:
    """The logo of a motif above that of a match, both turned around if ``reverse``.

    Parameters
    ----------
    found : FoundMotif
    match : Match
        One of its known motifs.
    reverse : bool
        Read both on the other strand.

    Returns
    -------
    Markup
        An ``<svg>`` element, for a page that holds the outlines of letters.
    """
    motif, offset = found.motif, match.offset
    if reverse:
        motif, offset = motif.reverse_complement(), motif.width - match.offset - match.known.width
    return Markup(aligned_pair(motif, match.known, offset, reverse=match.reverse != reverse, shared=True))


def _row(rank: int, found: FoundMotif, half: float) -> MotifRow:
    positions = Markup(small_position_histogram(found.sites.centre_distances, half, found.motif.name))
    return MotifRow(rank, found, _logo(found, reverse=False), _logo(found, reverse=True), positions)


def _logo(found: FoundMotif, *, reverse: bool) -> Markup:
    if found.matches:
        return known_pair(found, found.matches[0], reverse=reverse)
    motif = found.motif.reverse_complement() if reverse else found.motif
    return Markup(logo_svg(motif, positions=False, shared=True))
