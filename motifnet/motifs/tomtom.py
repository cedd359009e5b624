"""Tomtom's comparison of motifs (Gupta et al. 2007, Genome Biol. 8:R24), by memelite.

The score of an alignment is the sum over columns of the query of how much closer than usual the
target's column is, and the p-value is that of the best offset and strand under a distribution made
of all columns of the targets: it depends on what else is in the database.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.caches import prepare_kernel_cache
from motifnet.config.compare import CompareOptions
from motifnet.motifs import matrix
from motifnet.motifs.motif import Motif
from motifnet.strand import Strand

FEWEST_TARGETS = 25
"""Targets below which the distribution of scores is made of too few columns."""

_DEFAULTS = CompareOptions()
_QUERIES = 256  # compared at once, since what memelite gives of each has five numbers a target


class Comparison(NamedTuple):
    """The best alignment of every query with every target.

    Parameters
    ----------
    p_values : numpy.ndarray of float64, shape=(n_queries, n_targets)
        Of the best offset, and of the better strand of two.
    offsets : numpy.ndarray of int64, shape=(n_queries, n_targets)
        Column of the query where the first column of the (oriented) target lies.
    overlaps : numpy.ndarray of int64, shape=(n_queries, n_targets)
        Columns that both share; 0 where no offset is better than none.
    reverses : numpy.ndarray of bool, shape=(n_queries, n_targets)
        Whether the target must be reverse-complemented; not where both strands are as good.
    widths : numpy.ndarray of int64, shape=(n_queries,)
        Columns of each query.
    """

    p_values: np.ndarray
    offsets: np.ndarray
    overlaps: np.ndarray
    reverses: np.ndarray
    widths: np.ndarray


class Match(NamedTuple):
    """A known motif that resembles a query.

    Parameters
    ----------
    known : Motif
        The database entry, as it stands there.
    database : str
        Name of the file or release it comes from.
    p_value : float
        Of the best offset and strand.
    q_value : float
        By Benjamini and Hochberg, over all known motifs.
    e_value : float
        The p-value times the number of known motifs.
    offset : int
        Column of the query where the first column of the (oriented) known motif lies.
    overlap : int
        Columns that both share.
    reverse : bool
        Whether the known motif must be reverse-complemented to fit the query.
    """

    known: Motif
    database: str
    p_value: float
    q_value: float
    e_value: float
    offset: int
    overlap: int
    reverse: bool


def compare(
    queries: Sequence[Motif],
    targets: Sequence[Motif],
    *,
    strand: Strand = Strand.BOTH,
    pseudocount: float = _DEFAULTS.pseudocount,
) -> Comparison:
    """Compare every query with every target.

    Of equal scores the given strand wins, as in the program of the MEME Suite, and a p-value that
    rounding took out of 0 to 1 is put at the end that it passed.

    Parameters
    ----------
    queries, targets : sequence of Motif
        One or more of each.
    strand : Strand
        Try the reverse complement of the targets as well, where it reads both.
    pseudocount : float
        Sites of background added to each column.

    Returns
    -------
    Comparison
        The p-value of each query and target, and how one lies over the other.

    Examples
    --------
    >>> gata = Motif("GATA", [[0, 8, 0, 8], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> found = compare([gata], [gata.reverse_complement(), gata])
    >>> found.reverses.tolist(), found.overlaps.tolist(), found.offsets.tolist()
    ([[True, False]], [[4, 4]], [[0, 0]])
    """
    theirs = [_smooth(motif, pseudocount) for motif in targets]
    if strand.reads_both:
        theirs += [matrix.reverse_complement(one) for one in theirs]
    parts = [
        _merged(_scored([_smooth(motif, pseudocount) for motif in part], theirs), len(targets))
        for part in _parts(queries)
    ]
    p_values, offsets, overlaps, reverses = (np.concatenate(some) for some in zip(*parts, strict=True))
    widths = np.array([motif.width for motif in queries])
    return Comparison(p_values, offsets, overlaps, reverses, widths)


def matches(
    comparison: Comparison,
    known: Sequence[tuple[str, Motif]],
    *,
    max_q: float = _DEFAULTS.max_q,
    max_e: float = np.inf,
    min_overlap: int = _DEFAULTS.min_overlap,
    most: int | None = None,
) -> list[list[Match]]:
    """The known motifs that resemble each query, best first.

    Parameters
    ----------
    comparison : Comparison
        Of all queries with all known motifs, over which q-values are.
    known : sequence of (str, Motif)
        The known motifs, each with the name of its database.
    max_q, max_e : float
        Largest q-value and E-value of a match.
    min_overlap : int
        Fewest columns that a match must share; all columns of a query that has no more.
    most : int, optional
        So many matches of a query at most.

    Returns
    -------
    list of list of Match
        Those of each query.

    Examples
    --------
    >>> gata = Motif("GATA", [[0, 8, 0, 8], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> ebox = Motif("E-box", [[0, 8, 0, 0], [8, 0, 8, 0], [0, 0, 0, 8], [0, 0, 0, 0]])
    >>> found = matches(compare([gata], [ebox, gata]), [("mine", ebox), ("mine", gata)])
    >>> [(match.known.name, match.overlap) for match in found[0]]
    [('GATA', 4)]
    """
    from scipy.stats import false_discovery_control

    found = []
    for *compared, width in zip(*comparison, strict=True):
        p_values, _, overlaps, _ = compared
        q_values = false_discovery_control(p_values)
        kept = (q_values <= max_q) & (p_values * len(known) <= max_e)
        kept &= overlaps >= max(1, min(min_overlap, width))
        order = np.argsort(p_values, kind="stable")
        best = order[kept[order]][:most].tolist()
        found.append(
            [_match(known[i], [column[i] for column in compared], q_values[i], len(known)) for i in best]
        )
    return found


def small_database_warning(n_targets: int) -> list[str]:
    """What to tell the user about targets that are too few for sound p-values."""
    if n_targets >= FEWEST_TARGETS:
        return []
    return [
        f"The motif database has only {n_targets} motifs: p-values of matches need {FEWEST_TARGETS} or more "
        "to be sound."
    ]


def _match(known: tuple[str, Motif], compared: Sequence[np.generic], q_value: float, n_known: int) -> Match:
    p_value, offset, overlap, reverse = (number.item() for number in compared)
    return Match(known[1], known[0], p_value, float(q_value), p_value * n_known, offset, overlap, reverse)


def _parts(queries: Sequence[Motif]) -> Iterator[Sequence[Motif]]:
    return (queries[first : first + _QUERIES] for first in range(0, len(queries), _QUERIES))


def _smooth(motif: Motif, pseudocount: float) -> np.ndarray:
    return matrix.probabilities(motif.counts, motif.background, pseudocount)


def _scored(queries: list[np.ndarray], targets: list[np.ndarray]) -> np.ndarray:
    """P-value, score, offset and overlap of each query with each target, each strand by itself."""
    prepare_kernel_cache()
    from memelite import tomtom

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of small databases: see small_database_warning
        return tomtom(queries, targets, n_target_bins=None, reverse_complement=False, n_jobs=1)[:4]


def _merged(scored: np.ndarray, n_targets: int) -> tuple[np.ndarray, ...]:
    """P-value, offset, overlap and orientation of each target on its better strand."""
    p_values, scores, offsets, overlaps = scored[:, :, :n_targets]
    p_values, reverses = np.clip(p_values, 0, 1), np.zeros(scores.shape, bool)
    if scored.shape[2] > n_targets:
        turned_p, turned_scores, turned_offsets, turned_overlaps = scored[:, :, n_targets:]
        reverses = turned_scores > scores
        better = np.minimum(p_values, np.clip(turned_p, 0, 1))
        p_values = better * (2 - better)  # the smaller of two: 1 - (1 - p) ** 2
        scores = np.maximum(scores, turned_scores)
        offsets = np.where(reverses, turned_offsets, offsets)
        overlaps = np.where(reverses, turned_overlaps, overlaps)
    aligned = scores > 0
    return (
        p_values,
        np.where(aligned, -offsets, 0).astype(np.int64),
        np.where(aligned, overlaps, 0).astype(np.int64),
        reverses & aligned,
    )
