"""Name motifs by the known motifs that they resemble (Tomtom: Gupta et al. 2007, Genome Biol. 8:R24)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from motifnet.discovery.results import FoundMotif, Match
from motifnet.io.databases import Database
from motifnet.motifs import Motif, matrix

_REPORTED_Q = 0.5  # Tomtom's own limit of what it lists
_MOST_MATCHES = 5
_PSEUDOCOUNT = 0.1
_FEW_KNOWN = 25  # below, the null distribution of scores is made of too few columns


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
    """
    known = [(database.name, motif) for database in databases for motif in database.motifs]
    if not found or not known:
        return list(found)
    p_values, offsets, overlaps, reversed_ = _tomtom(
        [one.motif for one in found], [motif for _, motif in known]
    )
    return [
        replace(one, matches=tuple(_matches(known, p_values[i], offsets[i], overlaps[i], reversed_[i])))
        for i, one in enumerate(found)
    ]


def small_database_warning(databases: Sequence[Database]) -> list[str]:
    """What to tell the user about databases with too few motifs for sound p-values."""
    n = sum(len(database.motifs) for database in databases)
    if not databases or n >= _FEW_KNOWN:
        return []
    return [
        f"The motif database has only {n} motifs: p-values of matches need {_FEW_KNOWN} or more to be sound."
    ]


def _tomtom(queries: Sequence[Motif], targets: Sequence[Motif]) -> tuple[np.ndarray, ...]:
    from memelite import tomtom

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of small databases: see small_database_warning
        p_values, _, offsets, overlaps, strands = tomtom(
            [_smooth(motif) for motif in queries], [_smooth(motif) for motif in targets], n_jobs=1
        )
    return (
        np.clip(np.asarray(p_values), 0, 1),
        -np.asarray(offsets),
        np.asarray(overlaps),
        np.asarray(strands),
    )


def _smooth(motif: Motif) -> np.ndarray:
    return matrix.probabilities(motif.counts, motif.background, _PSEUDOCOUNT)


def _matches(
    known: Sequence[tuple[str, Motif]],
    p_values: np.ndarray,
    offsets: np.ndarray,
    overlaps: np.ndarray,
    reversed_: np.ndarray,
) -> list[Match]:
    from scipy.stats import false_discovery_control

    q_values = false_discovery_control(p_values)
    best = np.argsort(p_values, kind="stable")[:_MOST_MATCHES]
    return [
        Match(
            known=known[i][1],
            database=known[i][0],
            p_value=float(p_values[i]),
            q_value=float(q_values[i]),
            e_value=float(p_values[i] * len(known)),
            offset=int(offsets[i]),
            overlap=int(overlaps[i]),
            reverse=bool(reversed_[i]),
        )
        for i in best
        if q_values[i] <= _REPORTED_Q
    ]
