"""What the tables of motifs show of each motif: its logos, its matches and its sparkline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup

from motifnet.motifs import Motif
from motifnet.report.figures import sparkline
from motifnet.report.logo import display_name, logo_svg
from motifnet.report.logo_set import aligned_pair

if TYPE_CHECKING:
    from motifnet.discovery.results import FoundMotif, RunResult
    from motifnet.motifs.tomtom import Match

_JASPAR_ID = re.compile(r"MA\d{4}\.\d+")


class Row(NamedTuple):
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


def motif_rows(result: RunResult, *, significant: bool) -> list[Row]:
    """The rows of the motifs that passed, or of those that did not."""
    half = half_width(result)
    return [
        _row(rank, found, half)
        for rank, found in enumerate(result.motifs, start=1)
        if found.significant == significant
    ]


def half_width(result: RunResult) -> float:
    """Distance from the centre at which positional charts end: the same for all motifs of a run.

    Half of a long sequence, but not of the longest: one outlier must not squeeze all charts.
    """
    lengths = np.append(result.data.target_lengths, 20)
    return float(np.percentile(lengths, 95)) / 2


def known_pair(found: FoundMotif, match: Match, *, reverse: bool = False) -> Markup:
    """The logo of a motif above that of a match, both turned around if ``reverse``."""
    motif, offset = found.motif, match.offset
    if reverse:
        motif, offset = motif.reverse_complement(), motif.width - match.offset - match.known.width
    return Markup(aligned_pair(motif, match.known, offset, reverse=match.reverse != reverse, shared=True))


def database_link(known: Motif) -> str | None:
    """The JASPAR page of a motif with a JASPAR identifier.

    Examples
    --------
    >>> import numpy as np
    >>> database_link(Motif("MA0139.2", np.ones((4, 1))))
    'https://jaspar.elixir.no/matrix/MA0139.2/'
    >>> database_link(Motif("mine", np.ones((4, 1)))) is None
    True
    """
    return f"https://jaspar.elixir.no/matrix/{known.name}/" if _JASPAR_ID.fullmatch(known.name) else None


def _row(rank: int, found: FoundMotif, half: float) -> Row:
    positions = Markup(sparkline(found.sites.centre_distances, half, found.motif.name))
    return Row(rank, found, _logo(found, reverse=False), _logo(found, reverse=True), positions)


def _logo(found: FoundMotif, *, reverse: bool) -> Markup:
    if found.matches:
        return known_pair(found, found.matches[0], reverse=reverse)
    motif = found.motif.reverse_complement() if reverse else found.motif
    return Markup(logo_svg(motif, positions=False, shared=True))
