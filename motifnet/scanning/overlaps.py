"""Which of the hits that overlap to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import numpy as np

from motifnet.kernels import overlaps as kernel
from motifnet.scanning.hits import Hits, joined


class Overlaps(StrEnum):
    """What to do with hits that overlap."""

    ALL = "all"
    """Keep all of them."""
    BEST = "best"
    """Of hits that overlap one another, directly or through others, keep the best."""
    APART = "non-overlapping"
    """Keep the best, then the best of those that do not overlap it, and so on."""


def without_overlaps(hits: Hits, how: Overlaps, *, across_motifs: bool = False) -> Hits:
    """Hits of which those that overlap better ones are left out.

    The better hit is that with the smaller p-value, so that motifs can be compared; of equals it is
    that with the higher score, then the first.

    Parameters
    ----------
    hits : Hits
        By sequence and start; strands do not matter.
    how : Overlaps
    across_motifs : bool
        Whether hits of different motifs stand in each other's way, too.

    Returns
    -------
    Hits
        Those that stay, in order.

    Examples
    --------
    >>> zeros, ones = np.zeros(3, np.int64), np.ones(3)
    >>> start, p_value = np.array([0, 2, 4]), np.array([1e-5, 1e-4, 1e-4])
    >>> hits = Hits(zeros, start, start + 3, zeros, zeros > 0, zeros, ones, p_value)
    >>> [without_overlaps(hits, how).start.tolist() for how in Overlaps]
    [[0, 2, 4], [0], [0, 4]]
    """
    if how == Overlaps.ALL:
        return hits
    order, chain = _chains(hits, across_motifs=across_motifs)
    grouped = hits.select(order)
    ranked = np.lexsort((-grouped.score, grouped.p_value))
    if how == Overlaps.APART:
        kept = np.flatnonzero(kernel.apart(grouped.start, grouped.end, chain, ranked))
    else:
        kept = ranked[np.unique(chain[ranked], return_index=True)[1]]
    return hits.select(np.sort(order[kept]))


def without_overlaps_in_stream(
    parts: Iterable[Hits], how: Overlaps, *, across_motifs: bool = False
) -> Iterator[Hits]:
    """The same of hits that come in parts, all in order: what may overlap hits to come is held back.

    What comes out does not depend on how the hits are cut into parts.

    Parameters
    ----------
    parts : iterable of Hits
        Of the sequences one after the other, in order.
    how : Overlaps
        Which hits go.
    across_motifs : bool
        Also leave out hits that overlap better ones of other motifs.

    Yields
    ------
    Hits
        Those that stay, as soon as nothing to come can overlap them.

    Examples
    --------
    >>> zeros, start = np.zeros(3, np.int64), np.array([0, 2, 4])
    >>> p_value = np.array([1e-5, 1e-4, 1e-4])
    >>> hits = Hits(zeros, start, start + 3, zeros, zeros > 0, zeros, zeros + 1.0, p_value)
    >>> parts = without_overlaps_in_stream([hits.select(start < 3), hits.select(start > 3)], Overlaps.APART)
    >>> [at for part in parts for at in part.start.tolist()]
    [0, 4]
    """
    decided = waiting = Hits.none()
    for part in parts:
        waiting = joined([waiting, part])
        goes_on = _may_go_on(waiting, across_motifs=across_motifs)
        done = without_overlaps(waiting.select(~goes_on), how, across_motifs=across_motifs)
        decided, waiting = joined([decided, done]).in_order(), waiting.select(goes_on)
        before = _before_first(decided, waiting)
        yield decided.select(before)
        decided = decided.select(~before)
    rest = without_overlaps(waiting, how, across_motifs=across_motifs)
    yield joined([decided, rest]).in_order()


def _chains(hits: Hits, *, across_motifs: bool) -> tuple[np.ndarray, np.ndarray]:
    """An order in which chains of overlapping hits come one after the other, and the chain of each."""
    group = hits.sequence if across_motifs else hits.motif + hits.sequence * (hits.motif.max(initial=0) + 1)
    order = np.argsort(group, kind="stable")
    return order, kernel.chains(hits.start[order], hits.end[order], group[order])


def _may_go_on(hits: Hits, *, across_motifs: bool) -> np.ndarray:
    """Whether the chain of each hit may go on with hits that start no earlier than the last."""
    goes_on = np.zeros(hits.n, bool)
    if hits.n:
        order, chain = _chains(hits, across_motifs=across_motifs)
        reach = np.zeros(chain[-1] + 1, np.int64)
        np.maximum.at(reach, chain, hits.end[order])
        goes_on[order] = (hits.sequence[order] == hits.sequence[-1]) & (reach[chain] > hits.start[-1])
    return goes_on


def _before_first(hits: Hits, others: Hits) -> np.ndarray:
    """Which hits come before the first of the others."""
    if not others.n:
        return np.ones(hits.n, bool)
    sequence, start = others.sequence[0], others.start[0]
    return (hits.sequence < sequence) | ((hits.sequence == sequence) & (hits.start < start))
