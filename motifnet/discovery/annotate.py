"""Name motifs by the known motifs that they resemble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from motifnet.discovery.results import FoundMotif
from motifnet.io.databases import Database
from motifnet.motifs import tomtom

_MOST_MATCHES = 5  # known motifs named beside one of ours: what a row of the report shows


def annotate(found: Sequence[FoundMotif], databases: Sequence[Database]) -> list[FoundMotif]:
    """The same motifs with their best matches among known ones.

    Parameters
    ----------
    found : sequence of FoundMotif
        Motifs to name.
    databases : sequence of Database
        Known motifs; p-values count over all of them together.

    Returns
    -------
    list of FoundMotif
        With at most five matches each, best first.

    Examples
    --------
    >>> annotate([], [Database("mine", [])])
    []
    """
    known = [(database.name, motif) for database in databases for motif in database.motifs]
    if not found or not known:
        return list(found)
    compared = tomtom.compare([one.motif for one in found], [motif for _, motif in known])
    listed = tomtom.matches(compared, known, most=_MOST_MATCHES)
    return [replace(one, matches=tuple(some)) for one, some in zip(found, listed, strict=True)]


def small_database_warning(databases: Sequence[Database]) -> list[str]:
    """What to tell the user about databases with too few motifs for sound p-values.

    Parameters
    ----------
    databases : sequence of Database
        All that motifs are named by.

    Returns
    -------
    list of str
        One sentence, or none.

    Examples
    --------
    >>> small_database_warning([Database("mine", [])])[0][:36]
    'The motif database has only 0 motifs'
    """
    n = sum(len(database.motifs) for database in databases)
    return tomtom.small_database_warning(n) if databases else []
