"""Motifs and the known motifs like them as a tab-separated table, under the column names of Tomtom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from motifnet.motifs import Motif
from motifnet.report.tables.tsv import tab_separated, three_digits

if TYPE_CHECKING:
    from motifnet.motifs.tomtom import Match


@lru_cache(maxsize=8192)  # a motif has many matches, and a database has thousands of motifs
def _consensus(motif: Motif, *, reverse: bool) -> str:
    return (motif.reverse_complement() if reverse else motif).consensus


_COLUMNS: Mapping[str, Callable[[Motif, Match], object]] = {
    "Query_ID": lambda query, match: query.name,
    "Target_ID": lambda query, match: match.known.name,
    "Optimal_offset": lambda query, match: -match.offset,
    "p-value": lambda query, match: three_digits(match.p_value),
    "E-value": lambda query, match: three_digits(match.e_value),
    "q-value": lambda query, match: three_digits(match.q_value),
    "Overlap": lambda query, match: match.overlap,
    "Query_consensus": lambda query, match: _consensus(query, reverse=False),
    "Target_consensus": lambda query, match: _consensus(match.known, reverse=match.reverse),
    "Orientation": lambda query, match: "-" if match.reverse else "+",
    "target_name": lambda query, match: match.known.alt_name,
    "database": lambda query, match: match.database,
}


def matches_tsv(matched: Iterable[tuple[Motif, Sequence[Match]]]) -> str:
    """One row for each pair of a motif and a known motif like it, under the column names of Tomtom.

    As in Tomtom, ``Optimal_offset`` counts from the known motif: it is the column of the known
    motif (in the given orientation) where the first column of ours lies.

    Parameters
    ----------
    matched : iterable of (Motif, sequence of Match)
        Our motifs, each with the known motifs that resemble it.

    Returns
    -------
    str
        A table with a header line.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.motifs.tomtom import Match
    >>> ours, known = Motif("1-GATA", np.eye(4)), Motif("MA0035.4", np.eye(4), alt_name="GATA1")
    >>> match = Match(known, "JASPAR", 1e-5, 1e-4, 1e-2, offset=0, overlap=4, reverse=False)
    >>> matches_tsv([(ours, [match])]).splitlines()[1].split("\\t")[:4]
    ['1-GATA', 'MA0035.4', '0', '1e-05']
    """
    rows = (
        [cell(query, match) for cell in _COLUMNS.values()] for query, matches in matched for match in matches
    )
    return tab_separated(_COLUMNS, rows)
