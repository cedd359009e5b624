"""Tomtom's comparison of motifs (Gupta et al. 2007, Genome Biol. 8:R24), on one strand or both.

The score of an alignment is the sum over columns of the query of how much closer than usual the
target's column is, and the p-value is that of the best offset and strand under a distribution made
of all columns of the targets: it depends on what else is in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.config.compare import CompareOptions
from motifnet.errors import InvalidValue
from motifnet.motifs import matrix
from motifnet.motifs.motif import Motif
from motifnet.motifs.offsets import BestOffsets, Targets
from motifnet.stats.multiple import q_values
from motifnet.strand import Strand

FEWEST_TARGETS = 25
"""Targets below which the distribution of scores is made of too few columns."""

_DEFAULTS = CompareOptions()


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

    The figures are those of the program of the MEME Suite. Of equal p-values the longer overlap wins, and
    of equal overlaps the given strand.

    Parameters
    ----------
    queries, targets : sequence of Motif
        One or more of each.
    strand : Strand
        Try the reverse complement of the targets as well, where it reads both.
    pseudocount : float
        Sites of background added to each column.

    Raises
    ------
    InvalidValue
        If there are no queries or no targets.

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
    for what, motifs in (("queries", queries), ("targets", targets)):
        if not motifs:
            raise InvalidValue(what, "none", "one motif or more")
    known = [_smooth(motif, pseudocount) for motif in targets]
    if strand.reads_both:
        known += [matrix.reverse_complement(one) for one in known]
    laid_out = Targets(known)
    rows = (_of_better_strand(laid_out.best(_smooth(query, pseudocount)), len(targets)) for query in queries)
    p_values, offsets, overlaps, reverses = (np.array(column) for column in zip(*rows, strict=True))
    return Comparison(p_values, offsets, overlaps, reverses, np.array([motif.width for motif in queries]))


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
    found = []
    for p_values, offsets, overlaps, reverses, width in zip(*comparison, strict=True):
        q, e = q_values(p_values), p_values * len(known)
        kept = (q <= max_q) & (e <= max_e) & (overlaps >= max(1, min(min_overlap, width)))
        order = np.argsort(p_values, kind="stable")
        best = order[kept[order]][:most]
        columns = [column[best].tolist() for column in (p_values, q, e, offsets, overlaps, reverses)]
        theirs = [known[i] for i in best.tolist()]
        found.append([Match(motif, name, *row) for (name, motif), *row in zip(theirs, *columns, strict=True)])
    return found


def small_database_warning(n_targets: int) -> list[str]:
    """What to tell the user about targets that are too few for sound p-values."""
    if n_targets >= FEWEST_TARGETS:
        return []
    return [
        f"The motif database has only {n_targets} motifs: p-values of matches need {FEWEST_TARGETS} or more "
        "to be sound."
    ]


def _smooth(motif: Motif, pseudocount: float) -> np.ndarray:
    return matrix.probabilities(motif.counts, motif.background, pseudocount)


def _of_better_strand(best: BestOffsets, n_targets: int) -> tuple[np.ndarray, ...]:
    """P-value, offset, overlap and orientation of each target on its better strand."""
    p_values, scores, offsets, overlaps = (values[:n_targets] for values in best)
    reverses = np.zeros(n_targets, bool)
    if len(best.scores) > n_targets:
        turned_p, turned_scores, turned_offsets, turned_overlaps = (values[n_targets:] for values in best)
        reverses = (turned_p < p_values) | ((turned_p == p_values) & (turned_overlaps > overlaps))
        better = np.minimum(p_values, turned_p)
        p_values = better * (2 - better)  # the smaller of two: 1 - (1 - p) ** 2
        scores = np.maximum(scores, turned_scores)
        offsets = np.where(reverses, turned_offsets, offsets)
        overlaps = np.where(reverses, turned_overlaps, overlaps)
    aligned = scores > 0
    return p_values, offsets * aligned, overlaps * aligned, reverses & aligned
