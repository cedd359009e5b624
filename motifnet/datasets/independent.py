"""Which sequences a test may count: those that share no stretch of genome with one that it has counted.

Tests take sequences for independent observations. Windows that overlap are not: several summits of one
peak, tiles, merged replicates. Each of them shows the same sites again, so that a site that is there by
chance counts as often as there are windows. So of the windows of one place, tests count one. Which one is
drawn by chance: a choice that looks at sites or at lengths is one that targets and controls may make
differently, and then there is a difference where there is none.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

import numpy as np

from motifnet.kernels.cut_from_one import CutFromOne
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences
from motifnet.wording import counted as n_of


def independent(sequences: Sequences, *, strand: Strand = Strand.BOTH, seed: int = 0) -> np.ndarray:
    """Sequences of which no two share a place, ``shape=(n,)``; the others share one with one of them.

    Two sequences share a place if their coordinates overlap, on whichever strand, or if their bases do: see
    :class:`~motifnet.kernels.cut_from_one.CutFromOne`. They are visited in random order, and each is taken
    that shares a place with none of those before it, so that of several that all share one place each is as
    likely to be taken.

    Parameters
    ----------
    sequences : Sequences
    strand : Strand
        Compare bases with those of reverse complements as well, where it reads both.
    seed : int
        Of the order.

    Examples
    --------
    >>> genome = np.random.default_rng(0).integers(0, 4, 300, dtype=np.uint8)
    >>> tiles = Sequences.from_codes([genome[start : start + 100] for start in (0, 50, 150, 200)])
    >>> independent(tiles).tolist()
    [True, False, True, False]
    """
    laid = CutFromOne(sequences.codes, sequences.offsets, both_strands=strand.reads_both)
    intervals = sequences.intervals or [None] * len(sequences)
    taken: dict[str, list[tuple[int, int]]] = {}
    may_overlap = laid.may_overlap | _in_chains(intervals)
    counted = ~may_overlap
    order = np.random.default_rng(seed).permutation(len(sequences))
    for i in order[may_overlap[order]].tolist():
        if _overlaps(intervals[i], taken) or laid.overlaps_kept(i):
            continue
        counted[i] = True
        laid.keep(i)
        _take(intervals[i], taken)
    return counted


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


def called_controls(tested: np.ndarray, target_of: np.ndarray) -> str:
    """What to call the given controls that tests ask, so that their number is not taken for that of others.

    Parameters
    ----------
    tested : numpy.ndarray of bool, shape=(n,)
        What tests may count, of targets and controls: see :class:`~motifnet.datasets.controls.Joined`.
    target_of : numpy.ndarray of int64, shape=(n_controls,)
        The target that each control was made for; -1 for a given one.

    Examples
    --------
    >>> everyone = np.ones(4, bool)
    >>> called_controls(everyone, np.array([-1, -1])), called_controls(everyone, np.array([-1, 0]))
    ('controls', 'given controls')
    """
    if not tested.all():
        return "controls of targets with enough matching ones"
    return "controls" if np.all(target_of < 0) else "given controls"


def chains(intervals: Sequence[Interval | None]) -> np.ndarray:
    """A number for each sequence, the same for those that overlap, one with the next, ``shape=(n,)``.

    Those without coordinates have a number of their own.

    Examples
    --------
    >>> chains([Interval("c", 0, 5), Interval("c", 9, 12), None, Interval("c", 4, 10)]).tolist()
    [0, 0, 3, 0]
    """
    chain = np.arange(len(intervals))
    placed = [(where[:3], i, where) for i, where in enumerate(intervals) if where is not None]
    chrom, reach, number = None, 0, 0
    for rank, (_, i, where) in enumerate(sorted(placed, key=lambda one: one[0])):
        if where.chrom != chrom or where.start >= reach:
            chrom, reach, number = where.chrom, where.end, rank
        reach = max(reach, where.end)
        chain[i] = number
    chain[[i for i, where in enumerate(intervals) if where is None]] = np.arange(len(placed), len(intervals))
    return chain


def _in_chains(intervals: Sequence[Interval | None]) -> np.ndarray:
    """Which sequences overlap another one by their coordinates, ``shape=(n,)``."""
    if not any(intervals):
        return np.zeros(len(intervals), bool)
    chain = chains(intervals)
    return np.bincount(chain)[chain] > 1


def told_of_targets(
    controls: Sequences, targets: Sequences, *, strand: Strand = Strand.BOTH
) -> tuple[str, ...]:
    """What to say of controls that share a place with a target, if there are any.

    Parameters
    ----------
    controls, targets : Sequences
    strand : Strand
        Compare bases with those of reverse complements as well, where it reads both.

    Examples
    --------
    >>> genome = np.random.default_rng(0).integers(0, 4, 300, dtype=np.uint8)
    >>> target, control, other = (Sequences.from_codes([genome[at : at + 99]]) for at in (0, 1, 150))
    >>> told_of_targets(other, target)
    ()
    >>> told_of_targets(control, target)[0].partition(":")[0]
    '1 of 1 control overlaps a target'
    """
    n_over = int(_of_targets(controls, targets, strand=strand).sum())
    if not n_over:
        return ()
    overlap = "overlaps" if n_over == 1 else "overlap"
    return (
        f"{n_over:,} of {n_of(len(controls), 'control')} {overlap} a target: what is found there is found in "
        "both, so that motifs of targets seem less enriched than they are. Give controls of other places.",
    )


def _of_targets(controls: Sequences, targets: Sequences, *, strand: Strand) -> np.ndarray:
    """Which controls share a place with a target, ``shape=(n_controls,)``."""
    if not len(controls):
        return np.zeros(0, bool)
    both = Sequences.concatenate([targets, controls])
    laid = CutFromOne(both.codes, both.offsets, both_strands=strand.reads_both)
    for i in np.flatnonzero(laid.may_overlap[: len(targets)]).tolist():
        laid.keep(i)
    may_overlap = laid.may_overlap[len(targets) :].tolist()
    taken = _union(targets.intervals or ())
    intervals = controls.intervals or [None] * len(controls)
    return np.array(
        [
            _overlaps(where, taken) or (may and laid.overlaps_kept(len(targets) + i))
            for i, (where, may) in enumerate(zip(intervals, may_overlap, strict=True))
        ],
        bool,
    )


def _union(intervals: Sequence[Interval | None]) -> dict[str, list[tuple[int, int]]]:
    """Stretches of each chromosome that intervals cover, in order, of which no two overlap."""
    covered: dict[str, list[tuple[int, int]]] = {}
    for chrom, start, end in sorted(where[:3] for where in intervals if where is not None):
        stretches = covered.setdefault(chrom, [])
        if stretches and start < stretches[-1][1]:
            start, end = stretches[-1][0], max(end, stretches.pop()[1])
        stretches.append((start, end))
    return covered


def _overlaps(where: Interval | None, taken: dict[str, list[tuple[int, int]]]) -> bool:
    """Whether an interval overlaps one of those that were taken; one that is not known overlaps none."""
    others = [] if where is None else taken.get(where.chrom, [])
    if where is None or not others:
        return False
    at = bisect(others, (where.start, where.end))
    return (at > 0 and others[at - 1][1] > where.start) or (at < len(others) and others[at][0] < where.end)


def _take(where: Interval | None, taken: dict[str, list[tuple[int, int]]]) -> None:
    """Add an interval that overlaps none of those that were taken."""
    if where is not None:
        others = taken.setdefault(where.chrom, [])
        others.insert(bisect(others, (where.start, where.end)), (where.start, where.end))
