"""Motifs that a page gives away: their matrices, from which its script makes files and draws logos."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from motifnet.io.sites import bed_lines
from motifnet.motifs import Motif, Sites, matrix
from motifnet.motifs.tomtom import Match
from motifnet.report.display_names import display_name
from motifnet.report.drawing.logo_set import beside
from motifnet.wording import power

MOST_SITES = 500
"""Sites of a motif that a page gives away: the best."""


class GivenMotif(NamedTuple):
    """A motif as a page gives it away.

    Parameters
    ----------
    motif : Motif
    sites : Sites, optional
        Where it lies, if that is known.
    """

    motif: Motif
    sites: Sites | None = None


class LaterLogo(NamedTuple):
    """A logo of those that a page draws when it is asked to.

    Parameters
    ----------
    key : str
        Of the motif, among those that the page holds.
    offset : int
        Column, of any that all are counted from, where its first column lies.
    reverse : bool
        Whether it is reverse-complemented.
    columns : range, optional
        Those that are drawn, as it is oriented; all if not given.
    named : bool
        Whether its name stands above it.
    """

    key: str
    offset: int = 0
    reverse: bool = False
    columns: range | None = None
    named: bool = False


def told_tracks(tracks: Iterable[LaterLogo]) -> str:
    """Logos, from the top, as the script of the page reads them.

    Examples
    --------
    >>> told_tracks([LaterLogo("m1"), LaterLogo("k1", -3, reverse=True, columns=range(2, 9), named=True)])
    'm1 0 + :; k1 -3 - 2:9 name'
    """
    return "; ".join(
        f"{key} {offset} {'+-'[reverse]} {':' if columns is None else f'{columns.start}:{columns.stop}'}"
        f"{' name' if named else ''}"
        for key, offset, reverse, columns, named in tracks
    )


def pair_of(key: str, width: int, known: str, match: Match, *, reverse: bool, flank: int | None) -> str:
    """A motif above a known one, as :func:`~motifnet.report.drawing.logo_set.aligned_pair` draws them.

    Parameters
    ----------
    key, known : str
        Of the two.
    width : int
        Of the motif.
    match : Match
        The known one.
    reverse : bool
        Read both on the other strand.
    flank : int, optional
        Columns of the known one that are drawn beyond either end of the motif; all if not given.
    """
    offset = width - match.offset - match.known.width if reverse else match.offset
    columns = beside(width, match.known.width, offset, flank)
    below = LaterLogo(known, offset + columns.start, match.reverse != reverse, columns, named=True)
    return told_tracks([LaterLogo(key, reverse=reverse), below])


def given_json(given: Mapping[str, GivenMotif]) -> Markup:
    """Motifs as the JSON that a page holds.

    Parameters
    ----------
    given : mapping of str to GivenMotif
        By the keys that the page names them by.

    Returns
    -------
    Markup
        Without a character that could end the element it stands in; empty if there is no motif.

    Examples
    --------
    >>> motif = Motif("GATA", 9 * np.eye(4)[:, [2, 0, 3, 0]])
    >>> given_json({"m1": GivenMotif(motif)})
    Markup('{"m1":{"name":"GATA","shown":"GATA","consensus":"GATA","counts":[[0,9,0,9],[0,0,0,0],[9,0,0,0],[0,0,9,0]],"sites":9}}')
    """
    if not given:
        return Markup("")
    rows = {key: _row(one) for key, one in given.items()}
    return Markup(json.dumps(rows, separators=(",", ":")).replace("<", "\\u003c"))


def _row(one: GivenMotif) -> dict[str, object]:
    """What a page holds of a motif; what is usual is left out."""
    motif = one.motif
    row: dict[str, object] = {
        "name": motif.name,
        "shown": display_name(motif),
        "consensus": motif.consensus,
        "counts": [_whole(counts) for counts in motif.counts.tolist()],
        "sites": max(1, round(motif.n_sites)),
    }
    if motif.alt_name:
        row["alt"] = motif.alt_name
    if motif.log10_e_value is not None:
        row["e"] = power(motif.log10_e_value)
    if not np.allclose(motif.background, matrix.UNIFORM):
        row["background"] = _whole(motif.background.tolist())
    if motif.alphabet == "RNA":
        row["rna"] = True
    if motif.single_stranded:
        row["single"] = True
    if one.sites is not None and len(one.sites):
        row["bed"] = "".join(bed_lines([(motif, one.sites.best(MOST_SITES))]))
        row["n_bed"] = len(one.sites)
    return row


def _whole(numbers: Iterable[float]) -> list[float]:
    """Numbers, whole ones as such."""
    return [int(number) if number.is_integer() else number for number in numbers]
