"""Which sequences train, which choose, which judge: whole chromosomes or clusters of look-alikes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from motifnet.config.train import SplitOptions
from motifnet.datasets.dealing import asked_of_parts, dealing_order, group_sizes, kinds, shares_of_parts
from motifnet.datasets.independent import independent
from motifnet.datasets.look_alikes import WORD, cluster_sequences
from motifnet.errors import InvalidValue, TooFewSequences, UnknownName
from motifnet.kernels.groups import deal_groups
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences

TRAIN, VALIDATION, TEST = 0, 1, 2
PARTS = ("train", "validation", "test")

# Clusters may always grow to this, so that small sets do not have all their families cut: a convention.
_SMALL_CLUSTER = 8
# Share of sequences worth a warning that look-alikes lie on both sides. A convention: fewer say little
# in scores that are means over all.
_MUCH_CUT = 0.02
FEWEST_TARGETS = 10
"""Targets of a task, at least: of fewer, a fifth held out is one sequence, of which no test can be sure."""


@dataclass(frozen=True, eq=False)
class Split:
    """Where each sequence goes.

    Parameters
    ----------
    part : numpy.ndarray of uint8, shape=(n,)
        ``TRAIN``, ``VALIDATION`` or ``TEST``.
    groups : numpy.ndarray of int64, shape=(n,)
        The chromosome or cluster of each sequence; no group is in two parts.
    group_names : tuple of str
        Chromosomes, by group; empty where the groups are clusters.
    method : str
        One sentence.
    warnings : tuple of str
        What the groups could not keep apart, one sentence each.
    """

    part: np.ndarray
    groups: np.ndarray
    group_names: tuple[str, ...]
    method: str
    warnings: tuple[str, ...] = ()

    @property
    def part_of_chromosome(self) -> dict[str, int]:
        """The part of each chromosome; empty where the groups are clusters."""
        if not self.group_names:
            return {}
        _, first = np.unique(self.groups, return_index=True)
        return {self.group_names[self.groups[i]]: int(self.part[i]) for i in first}


def split(
    sequences: Sequences,
    options: SplitOptions,
    *,
    strata: np.ndarray | None = None,
    strand: Strand = Strand.BOTH,
    seed: int = 0,
) -> Split:
    """Split as the options ask; ``auto`` takes chromosomes where that gives three fair parts.

    Parameters
    ----------
    sequences : Sequences
        Targets and controls.
    options : SplitOptions
        Method, shares, chromosomes.
    strata : numpy.ndarray of int, shape=(n,), optional
        0 for a control, 1 and up for the kinds of targets; all are targets if not given.
    strand : Strand
        Take a word and its reverse complement as one where similarity is looked at, where it reads both.
    seed : int
        Decides between equals.

    Raises
    ------
    InvalidValue
        If chromosomes are asked for and cannot be had.
    UnknownName
        If a chromosome asked for holds no sequence.
    """
    found = chromosomes_or_reason(sequences.intervals, options, strata=strata, seed=seed)
    if isinstance(found, Split):
        return found
    similar = split_by_similarity(sequences, options, strata=strata, strand=strand, seed=seed)
    return replace(similar, method=similar.method + found)


def chromosomes_or_reason(
    intervals: Sequence[Interval | None] | None,
    options: SplitOptions,
    *,
    strata: np.ndarray | None = None,
    seed: int = 0,
) -> Split | str:
    """The split by whole chromosomes, or else a clause that says why it is not to be.

    The arguments and errors are those of :func:`split`. The clause is empty where similarity was
    asked for.
    """
    named = options.validation_chroms + options.test_chroms
    if options.split == "similarity":
        if named:
            raise InvalidValue("split", "similarity", "'chromosome' or 'auto' where chromosomes are named")
        return ""
    strata = kinds(strata, 0 if intervals is None else len(intervals))
    places = _known_places(intervals)
    obstacle = _missing_chromosomes(places, strata)
    forced = bool(named) or options.split == "chromosome"
    if places is not None and (obstacle is None or named):
        found = split_by_chromosome(places, options, strata=strata, seed=seed)
        obstacle = None if forced else _unfair(found, strata, options)
        return found if obstacle is None else f", since {obstacle}"
    if forced:
        raise InvalidValue("split", options.split, f"'similarity', since {obstacle}")
    return f", since {obstacle}"


def _known_places(intervals: Sequence[Interval | None] | None) -> list[Interval] | None:
    """Where all sequences lie; ``None`` if the place of one is not known."""
    places = [where for where in intervals or () if where is not None]
    return places if intervals is not None and len(places) == len(intervals) else None


def _missing_chromosomes(intervals: Sequence[Interval] | None, strata: np.ndarray) -> str | None:
    """Why there are no three chromosomes to split, if there are not."""
    if intervals is None:
        return "the coordinates of the sequences are not known"
    n_chromosomes = len(np.unique(_chromosomes(intervals)[1][strata > 0]))
    if n_chromosomes >= len(PARTS):
        return None
    some = "one chromosome" if n_chromosomes == 1 else f"{n_chromosomes} chromosomes"
    return f"the targets lie on {some} and three parts need three"


def _unfair(found: Split, strata: np.ndarray, options: SplitOptions) -> str | None:
    """Which part would miss a kind, or hold less than half of the targets asked for, if one would."""
    targets = strata > 0
    shares = np.bincount(found.part[targets], minlength=len(PARTS)) / targets.sum()
    for name, share, asked in zip(PARTS, shares, shares_of_parts(options), strict=True):
        if share < asked / 2:
            return f"whole chromosomes would give {name} {share:.1%} of the targets instead of {asked:.0%}"
    return _missing_kind(found, strata)


def _missing_kind(found: Split, strata: np.ndarray) -> str | None:
    """Which part would get none of a task's targets or of the controls, if one would."""
    counts = group_sizes(found.part.astype(np.int64), strata, len(PARTS))
    # A task has ten targets or more: a kind of fewer is what is left of one that overlaps others.
    needed = counts.sum(0) >= np.where(np.arange(counts.shape[1]) == 0, 1, FEWEST_TARGETS)
    lacking = np.argwhere((counts == 0) & needed)
    if len(lacking) == 0:
        return None
    part, kind = lacking[0]
    what = f"targets of task {kind}" if kind else "controls"
    return f"whole chromosomes would give {PARTS[part]} no {what}"


def split_by_chromosome(
    intervals: Sequence[Interval],
    options: SplitOptions,
    *,
    strata: np.ndarray | None = None,
    seed: int = 0,
) -> Split:
    """Whole chromosomes, so that the shares of targets are near those asked for.

    Chromosomes are dealt from the one with most targets to the one with fewest, each to the part
    that misses most; chromosomes with controls alone are dealt after them, by controls.
    Chromosomes named in the options go where they are named.

    Parameters
    ----------
    intervals : sequence of Interval, length n
        Where each target and control lies.
    options : SplitOptions
        Shares, chromosomes.
    strata : numpy.ndarray of int, shape=(n,), optional
        0 for a control, 1 and up for the kinds of targets; all are targets if not given.
    seed : int
        Decides between chromosomes with as many targets.

    Raises
    ------
    InvalidValue
        If a chromosome is named for both parts, or none is left to train on, or there are too few.
    UnknownName
        If a chromosome named holds no sequence.

    Examples
    --------
    >>> peaks = [Interval(chrom, 0, 10) for chrom in ["c1"] * 7 + ["c2"] * 2 + ["c3"]]
    >>> split_by_chromosome(peaks, SplitOptions()).part_of_chromosome
    {'c1': 0, 'c2': 2, 'c3': 1}
    """
    names, groups = _chromosomes(intervals)
    sizes = group_sizes(groups, kinds(strata, len(groups)), len(names))
    named = _named_parts(names, options)
    part = np.full(len(names), TRAIN, np.uint8)
    part[list(named)] = list(named.values())
    free = np.setdiff1d(np.arange(len(names)), list(named))
    has_targets = np.any(sizes[:, 1:], axis=1)
    _deal_free(sizes[:, 1:], free[has_targets[free]], part, named, options, seed)
    without = sizes[:, :1] * ~has_targets[:, None]
    _deal_free(without, free[~has_targets[free]], part, named, options, seed)
    counts = np.bincount(part[has_targets], minlength=len(PARTS))
    if (counts == 0).any():
        lacking = PARTS[int(counts.argmin())]
        expected = f"a split that leaves {lacking} a chromosome with targets; they lie on {has_targets.sum()}"
        raise InvalidValue("split by chromosome", dict(zip(PARTS, counts.tolist(), strict=True)), expected)
    method = "whole chromosomes: " + ", ".join(f"{n} {p}" for n, p in zip(counts, PARTS, strict=True))
    return Split(part[groups], groups, names, method)


def _chromosomes(intervals: Sequence[Interval]) -> tuple[tuple[str, ...], np.ndarray]:
    """Names of the chromosomes in order of appearance, and the number of each interval's."""
    number: dict[str, int] = {}
    groups = np.array([number.setdefault(where.chrom, len(number)) for where in intervals], np.int64)
    return tuple(number), groups


def _named_parts(names: Sequence[str], options: SplitOptions) -> dict[int, int]:
    """The parts of the chromosomes that the options name, by number of the chromosome."""
    both = set(options.validation_chroms) & set(options.test_chroms)
    if both:
        raise InvalidValue("test_chroms", sorted(both)[0], "a chromosome that is not in validation_chroms")
    named = {}
    for part, chroms in ((VALIDATION, options.validation_chroms), (TEST, options.test_chroms)):
        for chrom in chroms:
            if chrom not in names:
                raise UnknownName("chromosome with sequences", chrom, names)
            named[names.index(chrom)] = part
    return named


def _deal_free(
    sizes: np.ndarray,
    free: np.ndarray,
    part: np.ndarray,
    named: Mapping[int, int],
    options: SplitOptions,
    seed: int,
) -> None:
    """Deal the chromosomes that are not named; a part with named ones gets no others."""
    if len(free) == 0:
        return
    asked = asked_of_parts(sizes, options)
    for taken in set(named.values()):
        asked[taken] = 0
    # What the named chromosomes leave is for training, which is never closed.
    asked[TRAIN] = np.maximum(sizes[free].sum(0) - asked[VALIDATION] - asked[TEST], 1e-6)
    deal_groups(sizes, dealing_order(sizes, free, seed), asked, part)


def split_by_similarity(
    sequences: Sequences,
    options: SplitOptions,
    *,
    strata: np.ndarray | None = None,
    strand: Strand = Strand.BOTH,
    seed: int = 0,
) -> Split:
    """Clusters of sequences that share a stretch of bases, so that near-duplicates stay together.

    See :func:`motifnet.datasets.look_alikes.cluster_sequences` for what a cluster is. Clusters are dealt from
    large to small, each to the part that misses most of what it holds, so that every kind of target
    and the controls are spread in the shares asked for.

    Parameters
    ----------
    sequences : Sequences
        Targets and controls.
    options : SplitOptions
        Shares.
    strata : numpy.ndarray of int, shape=(n,), optional
        0 for a control, 1 and up for the kinds of targets; all are targets if not given.
    strand : Strand
        Take a word and its reverse complement as one, where it reads both.
    seed : int
        Which of the equally large clusters go where.

    Raises
    ------
    TooFewSequences
        If there are fewer clusters than parts.
    """
    strata = kinds(strata, len(sequences))
    largest = _largest(strata, options)
    groups, whole = cluster_sequences(sequences, largest=largest, strata=strata, strand=strand)
    n_groups = int(groups.max(initial=-1)) + 1
    if n_groups < len(PARTS):
        hint = "Windows that overlap, one with the next, are one cluster, as are sequences that share bases"
        raise TooFewSequences("clusters of similar sequences", n_groups, len(PARTS), hint)
    sizes = group_sizes(groups, strata, n_groups)
    part = np.zeros(n_groups, np.uint8)
    deal_groups(sizes, dealing_order(sizes, np.arange(n_groups), seed), asked_of_parts(sizes, options), part)
    method = f"clusters of sequences that share bases ({n_groups:,} clusters of {len(sequences):,} sequences)"
    copies = _copies_warning(sequences, whole, strata, options, strand=strand, seed=seed)
    warnings = copies + _cut_warning(groups, whole)
    return Split(part[groups], groups, (), method, warnings)


def _largest(strata: np.ndarray, options: SplitOptions) -> np.ndarray:
    """Most sequences of each stratum in a cluster: what the test part, or a fold, holds of it."""
    share = max(options.test_fraction, 1 / options.n_folds)
    counts = np.bincount(strata, minlength=2)
    return np.maximum(_SMALL_CLUSTER, counts * share).astype(np.int32)


def _copies_warning(
    sequences: Sequences,
    whole: np.ndarray,
    strata: np.ndarray,
    options: SplitOptions,
    *,
    strand: Strand,
    seed: int,
) -> tuple[str, ...]:
    """A warning where a family of look-alikes outweighs the test part, each place of them counted once."""
    n_targets = int((strata > 0).sum())
    enough = max(1, options.test_fraction * n_targets)
    in_family = np.bincount(whole[strata > 0], minlength=1)
    family = np.flatnonzero((strata > 0) & (whole == in_family.argmax()))
    if len(family) <= enough:
        return ()
    most = int(independent(sequences.select(family), strand=strand, seed=seed).sum())
    if most <= enough:
        return ()
    return (
        f"{most:,} of {n_targets:,} targets are linked by stretches of {WORD} bases or more, more than the "
        "test part holds: where they are relatives of one sequence they still count as independent ones, and "
        "E-values are far too small. Keep one of each family, or mask repeats.",
    )


def _cut_warning(groups: np.ndarray, whole: np.ndarray) -> tuple[str, ...]:
    """A warning where look-alikes may lie on both sides of the split."""
    # A whole that was cut holds more than one of the clusters.
    _, first = np.unique(groups, return_index=True)
    n_cut = int((np.bincount(whole[first])[whole] > 1).sum())
    if n_cut <= _MUCH_CUT * len(whole):
        return ()
    return (
        f"{n_cut:,} of {len(whole):,} sequences share stretches of {WORD} bases or more (repeats or copies) "
        "and could not all be kept on one side of the split; what they share may count as a motif, and "
        "scores on held-out sequences may be too good.",
    )
