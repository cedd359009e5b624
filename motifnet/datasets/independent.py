"""Which sequences a test may count: those that share no stretch of genome with one that it has counted.

Tests take sequences for independent observations. Windows that overlap are not: several summits of one
peak, tiles, merged replicates. Each of them shows the same sites again, so that a site that is there by
chance counts as often as there are windows. So of the windows of one place, tests count one. Which one is
decided without a look at their sites, or it would be a choice that controls do not have.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence

import numpy as np

from motifnet.kernels.cut_from_one import first_of_each
from motifnet.symbols import Interval, Sequences

_STRETCH = 31  # bases that two sequences without coordinates must share, at an end, to be of one place


def independent(sequences: Sequences, *, both_strands: bool = True) -> np.ndarray:
    """Sequences of which no two share a place, ``shape=(n,)``; the others share one with one of them.

    Two sequences share a place if their coordinates overlap, on whichever strand, or if they have the same
    31 bases or more, up to the ends at which one of them was cut: see
    :func:`~motifnet.kernels.cut_from_one.first_of_each`. Of those of one place the shortest is taken, of
    equal ones the first.

    Parameters
    ----------
    sequences : Sequences
    both_strands : bool
        Compare bases with those of reverse complements as well.

    Examples
    --------
    >>> genome = np.random.default_rng(0).integers(0, 4, 300, dtype=np.uint8)
    >>> tiles = Sequences.from_codes([genome[start : start + 100] for start in (0, 50, 100, 150, 200)])
    >>> independent(tiles).tolist()
    [True, False, True, False, True]
    """
    order = np.argsort(sequences.lengths, kind="stable")
    apart = (
        _apart(sequences.intervals, order) if sequences.intervals is not None else np.ones(len(order), bool)
    )
    order = order[apart[order]]
    return apart & first_of_each(sequences.codes, sequences.offsets, order, _STRETCH, both_strands)


def told(what: str, counted: np.ndarray) -> tuple[str, ...]:
    """What to say of sequences that are not independent, if there are any.

    Parameters
    ----------
    what : str
        What they are, such as ``"targets"``.
    counted : numpy.ndarray of bool, shape=(n,)
        See :func:`independent`.

    Examples
    --------
    >>> told("targets", np.array([True, False, True]))
    ('1 of 3 targets overlaps others; they are 2 places, which is what tests count.',)
    """
    n_over = int((~counted).sum())
    if not n_over:
        return ()
    overlap = "overlaps" if n_over == 1 else "overlap"
    places = "1 place" if counted.sum() == 1 else f"{counted.sum():,} places"
    many = f"{n_over:,} of {len(counted):,} {what}"
    return (f"{many} {overlap} others; they are {places}, which is what tests count.",)


def chains(intervals: Sequence[Interval | None]) -> np.ndarray:
    """A number for each sequence, the same for those that overlap, one with the next, ``shape=(n,)``.

    Those without coordinates have a number of their own.

    Examples
    --------
    >>> chains([Interval("c", 0, 5), Interval("c", 9, 12), None, Interval("c", 4, 10)]).tolist()
    [0, 0, 3, 0]
    """
    chain = np.arange(len(intervals))
    placed = [i for i, where in enumerate(intervals) if where is not None]
    chrom, reach, number = None, 0, 0
    for rank, i in enumerate(sorted(placed, key=lambda i: intervals[i][:3])):
        where = intervals[i]
        if where.chrom != chrom or where.start >= reach:
            chrom, reach, number = where.chrom, where.end, rank
        reach = max(reach, where.end)
        chain[i] = number
    chain[[i for i, where in enumerate(intervals) if where is None]] = np.arange(len(placed), len(intervals))
    return chain


def _apart(intervals: Sequence[Interval | None], order: Iterable[int]) -> np.ndarray:
    """Which intervals overlap none that was taken before them; one that is not known overlaps none."""
    apart = np.ones(len(intervals), bool)
    taken: dict[str, list[tuple[int, int]]] = {}
    for i in order:
        where = intervals[i]
        if where is None:
            continue
        others = taken.setdefault(where.chrom, [])
        at = bisect(others, (where.start, where.end))
        apart[i] = (at == 0 or others[at - 1][1] <= where.start) and (
            at == len(others) or others[at][0] >= where.end
        )
        if apart[i]:
            others.insert(at, (where.start, where.end))
    return apart
