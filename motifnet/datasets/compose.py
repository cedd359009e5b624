"""From what was read to what is trained on: cleaned, labelled, with controls, and split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motifnet.config.train import SplitOptions
from motifnet.datasets.baselines import base_counts, gc_score
from motifnet.datasets.clean import clean
from motifnet.datasets.controls import ControlMaker, Divided, Idle, Request
from motifnet.datasets.independent import called_controls, independent, told, told_of_targets
from motifnet.datasets.names import named_apart
from motifnet.datasets.split import FEWEST_TARGETS, PARTS, TEST, Split
from motifnet.errors import InvalidValue, TooFewControls, TooFewSequences
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences
from motifnet.wording import counted as n_of

_MANY_DUPLICATES = 0.2  # share of copies from which a file looks like reads, not like peaks: a convention
# Difference of mean GC from which targets and controls are told to be unlike: five times what is drawn at
# once from a genome (:data:`motifnet.datasets.negatives.NEAR`). A convention.
_UNLIKE_GC = 0.05


@dataclass(frozen=True, eq=False)
class Dataset:
    """Sequences with labels and parts: what training consumes.

    Parameters
    ----------
    sequences : Sequences
        Targets, then controls.
    labels : numpy.ndarray of float32, shape=(n, n_tasks)
        1 for a target of the task, 0 for a control, NaN where the task does not ask.
    part : numpy.ndarray of uint8, shape=(n,)
        ``TRAIN``, ``VALIDATION`` or ``TEST`` of :mod:`motifnet.datasets.split`.
    groups : numpy.ndarray of int64, shape=(n,)
        Chromosome or cluster: sequences that must not be separated.
    tasks : tuple of str
        Names of the columns of ``labels``.
    is_target : numpy.ndarray of bool, shape=(n,)
        Whether a sequence is a target of any task.
    counted : numpy.ndarray of bool, shape=(n, n_tasks)
        Whether the tests of a task count a sequence: of those that share a place, one (see
        :mod:`motifnet.datasets.independent`), and none that lacks what it could be compared with (see
        :class:`motifnet.datasets.controls.GivenControls`).
    """

    sequences: Sequences
    labels: np.ndarray
    part: np.ndarray
    groups: np.ndarray
    tasks: tuple[str, ...]
    is_target: np.ndarray
    counted: np.ndarray

    def __len__(self) -> int:
        return len(self.sequences)

    def indices(self, part: int) -> np.ndarray:
        """The sequences of a part, ``shape=(n_of_part,)``."""
        return np.flatnonzero(self.part == part)

    def target_indices(self, part: int, task: int) -> np.ndarray:
        """The targets of a task (its column) in a part."""
        return np.flatnonzero((self.part == part) & (self.labels[:, task] == 1))

    def control_indices(self, part: int, task: int) -> np.ndarray:
        """The controls of a task (its column) in a part."""
        return np.flatnonzero((self.part == part) & (self.labels[:, task] == 0))

    @property
    def tested_labels(self) -> np.ndarray:
        """The labels, and NaN where the tests of a task do not count a sequence, ``shape=(n, n_tasks)``."""
        return np.where(self.counted, self.labels, np.float32(np.nan))

    def n_counted(self) -> np.ndarray:
        """Targets of each task that tests count, ``shape=(n_tasks,)``."""
        return (self.tested_labels == 1).sum(0)


class PartSize(NamedTuple):
    """What fell into one part.

    Parameters
    ----------
    part : str
        Its name.
    n_targets, n_controls : int
        Sequences of either kind.
    groups : tuple of str
        Its chromosomes; none of clusters.
    n_tested : (int, int), optional
        Targets and controls that the tests of some task count; none of a part that tests do not ask.
    """

    part: str
    n_targets: int
    n_controls: int
    groups: tuple[str, ...]
    n_tested: tuple[int, int] | None = None

    @property
    def tested_apart(self) -> tuple[int, int] | None:
        """Targets and controls that tests count, where these are not all."""
        return None if self.n_tested in (None, (self.n_targets, self.n_controls)) else self.n_tested


class Composition(NamedTuple):
    """What was read, removed and split: the fields of the summary in the results of a run."""

    tasks: tuple[str, ...]
    targets_by_task: dict[str, int]
    removed: dict[str, int]
    n_controls: int
    control_source: str
    split_method: str
    parts: tuple[PartSize, ...]
    target_gc: np.ndarray
    control_gc: np.ndarray
    target_lengths: np.ndarray
    control_lengths: np.ndarray
    background: np.ndarray


class Composed(NamedTuple):
    """A data set and all there is to say about it.

    Parameters
    ----------
    dataset : Dataset
        What to train on.
    summary : Composition
        What to report.
    notes, warnings : tuple of str
        One sentence each: for the log; for the results.
    idle : tuple of (str, str)
        Options that the controls leave without effect, and why.
    """

    dataset: Dataset
    summary: Composition
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    idle: Idle = ()

    def sentences(self) -> Iterator[str]:
        """What there is to say as it is read, for the log; warnings are told at the end, with the results."""
        summary = self.summary
        yield from (f"{task}: {n:,} targets" for task, n in summary.targets_by_task.items())
        yield from (f"left out: {n:,} {reason}" for reason, n in summary.removed.items())
        yield f"controls: {summary.control_source}"
        yield f"split: {summary.split_method}"
        for part in summary.parts:
            chromosomes = f", {n_of(len(part.groups), 'chromosome')}" if part.groups else ""
            some = (
                "; tests count {:,} and {:,} of these".format(*part.tested_apart) if part.tested_apart else ""
            )
            sizes = f"{part.n_targets:,} targets, {part.n_controls:,} controls"
            yield f"  {part.part}: {sizes}{chromosomes}{some}"
        yield from self.notes


class _Pool(NamedTuple):
    """Clean targets of all tasks, each once, ``labels`` being 1 or NaN."""

    sequences: Sequences
    labels: np.ndarray
    removed: dict[str, int]


def compose(
    targets: Mapping[str, Given],
    controls: ControlMaker,
    split: SplitOptions | None = None,
    *,
    min_length: int = 1,
    strand: Strand = Strand.BOTH,
    seed: int = 0,
) -> Composed:
    """Clean the targets, give them controls, and split both.

    A sequence that is a target of several tasks is kept once, with the labels of all of them. It
    says nothing about the other tasks. A control is a control of every task.

    Parameters
    ----------
    targets : mapping of str to Sequences
        The targets of each task.
    controls : ControlMaker
        ``GivenControls``, ``GenomeControls`` or ``ShuffledControls``.
    split : SplitOptions, optional
        How to split; the defaults if not given.
    min_length : int
        Known bases that a sequence needs, such as the width of a filter.
    strand : Strand
        Whether a sequence and its reverse complement are the same.
    seed : int
        Everything follows from it.

    Returns
    -------
    Composed
        The data set, its summary, notes and warnings.

    Raises
    ------
    TooFewSequences
        If a task has fewer than ten targets after cleaning, or none in one of the parts.
    TooFewControls
        If there are no controls, or the genome has too few that match.
    InvalidValue
        If there are no tasks, or the split cannot be had.

    Examples
    --------
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> made = compose({"a": peaks}, ShuffledControls(), SplitOptions(cross_fit_below=0))
    >>> len(made.dataset), made.summary.parts[2]
    (1050, PartSize(part='test', n_targets=15, n_controls=300, groups=(), n_tested=(15, 300)))
    """
    if not targets:
        raise InvalidValue("targets", dict(targets), "one set of sequences or more")
    split = split or SplitOptions()
    _tell_idle_shares(split)
    parts = {task: as_sequences(part) for task, part in targets.items()}
    pool = _pool(parts, min_length, strand=strand)
    peaks = [where for part in parts.values() for where in part.intervals or () if where is not None]
    request = Request(split, _strata(pool.labels), peaks, min_length, strand, seed)
    divided = controls.divide(pool.sequences, request)
    dataset = _dataset(tuple(parts), pool, divided, strand=strand, seed=seed)
    _check_parts(dataset)
    _tell_idle_parts(dataset, split)
    summary = _summary(dataset, pool, divided, strand=strand)
    if needs_cross_fit(dataset, split):
        summary = _cross_fitted(summary, dataset)
    n_read = sum(len(part) for part in parts.values())
    warnings = (
        divided.warnings
        + divided.split.warnings
        + _duplicate_warning(summary, n_read)
        + _overlap_warnings(dataset, divided, strand=strand)
    )
    notes = divided.notes + _gc_note(summary) + _place_note(pool.sequences)
    return Composed(dataset, summary, notes, warnings, divided.idle)


def needs_cross_fit(dataset: Dataset, options: SplitOptions) -> bool:
    """Whether a held-out part of the smallest task would be too small to judge by.

    Parameters
    ----------
    dataset : Dataset
        Of whose targets those are counted that tests count.
    options : SplitOptions
        Of which ``cross_fit_below`` says what is too small.

    Returns
    -------
    bool

    Examples
    --------
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> needs_cross_fit(dataset, SplitOptions()), needs_cross_fit(dataset, SplitOptions(cross_fit_below=50))
    (True, False)
    """
    return bool(dataset.n_counted().min() < options.cross_fit_below)


def _tell_idle_shares(split: SplitOptions) -> None:
    """Warn of shares of parts whose chromosomes are named."""
    for part in ("validation", "test"):
        if getattr(split, f"{part}_chroms"):
            split.tell_idle(f"{part}_fraction", since=f"--{part}-chroms names the chromosomes")


def _tell_idle_parts(dataset: Dataset, split: SplitOptions) -> None:
    """Warn of options that the way of judging leaves without effect."""
    if needs_cross_fit(dataset, split):
        fewest, limit = int(dataset.n_counted().min()), split.cross_fit_below
        why = f"{fewest:,} places of targets, fewer than --cross-fit-below {limit:,}, are cross-fitted"
        split.tell_idle("test_fraction", "test_chroms", since=why)
    else:
        split.tell_idle("n_folds", since="a part is held out, and nothing is cross-fitted")


def _pool(targets: Mapping[str, Sequences], min_length: int, *, strand: Strand) -> _Pool:
    """Clean each task, then keep a sequence that several tasks share once."""
    removed: dict[str, int] = {}
    parts = []
    for task, sequences in targets.items():
        cleaned = clean(sequences, min_length, strand=strand)
        _check_number(task, len(cleaned.kept), cleaned.removed, min_length)
        for reason, count in cleaned.removed.items():
            removed[reason] = removed.get(reason, 0) + count
        parts.append(sequences if len(cleaned.kept) == len(sequences) else sequences.select(cleaned.kept))
    if len(parts) == 1:
        return _Pool(named_apart(parts[0]), np.ones((len(parts[0]), 1), np.float32), removed)
    return _merge(parts, removed, strand=strand)


def _merge(parts: Sequence[Sequences], removed: dict[str, int], *, strand: Strand) -> _Pool:
    pooled = Sequences.concatenate(parts)
    cleaned = clean(pooled, strand=strand)
    labels = np.full((len(cleaned.kept), len(parts)), np.nan, np.float32)
    task = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    labels[np.searchsorted(cleaned.kept, cleaned.original), task] = 1
    n_shared = len(pooled) - len(cleaned.kept)
    if n_shared:
        removed = {**removed, "merged with the same sequence of another task": n_shared}
        pooled = pooled.select(cleaned.kept)
    return _Pool(named_apart(pooled), labels, removed)


def _check_number(task: str, n: int, removed: Mapping[str, int], min_length: int) -> None:
    if n >= FEWEST_TARGETS:
        return
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in removed.items())
    hint = f"Removed: {reasons}" if reasons else ""
    if "too short" in removed:
        hint += f"; a sequence needs {min_length} known bases"
    raise TooFewSequences(f"targets of {task}", n, FEWEST_TARGETS, hint)


def _strata(labels: np.ndarray) -> np.ndarray:
    """The rarest task of each target, from 1: what the split spreads evenly."""
    positive = labels == 1
    return np.where(positive, positive.sum(0), np.inf).argmin(1).astype(np.int64) + 1


def _dataset(tasks: tuple[str, ...], pool: _Pool, divided: Divided, *, strand: Strand, seed: int) -> Dataset:
    n, n_targets = len(divided.sequences), len(pool.sequences)
    labels = np.zeros((n, len(tasks)), np.float32)
    labels[:n_targets] = pool.labels
    counted = _counted(labels, n_targets, divided, strand=strand, seed=seed)
    parts = divided.split.part, divided.split.groups
    return Dataset(divided.sequences, labels, *parts, tasks, np.arange(n) < n_targets, counted)


def _counted(
    labels: np.ndarray, n_targets: int, divided: Divided, *, strand: Strand, seed: int
) -> np.ndarray:
    """What the tests of each task count; a control that was made for a target, if they count that."""
    counted = np.zeros(labels.shape, bool)
    for column, of_task in zip(counted.T, labels.T, strict=True):
        chosen = np.flatnonzero((of_task == 1) & divided.tested)
        column[chosen] = independent(divided.sequences.select(chosen), strand=strand, seed=seed)
    made = divided.target_of >= 0
    counted[n_targets:][made] = counted[divided.target_of[made]].any(1, keepdims=True)
    given = n_targets + np.flatnonzero(~made & divided.tested[n_targets:])
    counted[given] = independent(divided.sequences.select(given), strand=strand, seed=seed)[:, None]
    return counted


def _overlap_warnings(dataset: Dataset, divided: Divided, *, strand: Strand) -> tuple[str, ...]:
    """Of the targets of each task, and of controls that were given; those that were made follow targets."""
    sentences: list[str] = []
    for task, name in enumerate(dataset.tasks):
        of = f" of {name}" if len(dataset.tasks) > 1 else ""
        of_task = dataset.labels[:, task] == 1
        asked = of_task & divided.tested
        some = "" if divided.tested.all() else " with enough matching controls"
        sentences += told(f"targets{of}{some}", dataset.counted[asked, task])
    given = np.flatnonzero(~dataset.is_target)[divided.target_of < 0]
    of_targets = told_of_targets(
        dataset.sequences.select(given),
        dataset.sequences.select(np.flatnonzero(dataset.is_target)),
        strand=strand,
    )
    tested = given[divided.tested[given]]
    what = called_controls(divided.tested, divided.target_of)
    return (*sentences, *told(what, np.any(dataset.counted[tested], axis=1)), *of_targets)


def _check_parts(dataset: Dataset) -> None:
    """Every part needs a target of every task, and a control."""
    for part, name in enumerate(PARTS):
        for task, task_name in enumerate(dataset.tasks):
            if len(dataset.target_indices(part, task)) == 0:
                hint = "Name other chromosomes, or split by similarity"
                raise TooFewSequences(f"targets of {task_name} in the {name} part", 0, 1, hint)
        if len(dataset.control_indices(part, 0)) == 0:
            hint = "Give more controls, name other chromosomes, or split by similarity"
            raise TooFewControls(f"controls in the {name} part", 0, 1, hint)


def _summary(dataset: Dataset, pool: _Pool, divided: Divided, *, strand: Strand) -> Composition:
    gc, lengths, is_target = gc_score(dataset.sequences), dataset.sequences.lengths, dataset.is_target
    counts = 1 + base_counts(dataset.sequences)[~is_target, :4].sum(0, dtype=np.float64)
    if strand.reads_both:
        counts = counts + counts[::-1]
    return Composition(
        tasks=dataset.tasks,
        targets_by_task=dict(zip(dataset.tasks, (dataset.labels == 1).sum(0).tolist(), strict=True)),
        removed=pool.removed,
        n_controls=int((~is_target).sum()),
        control_source=divided.source,
        split_method=divided.split.method,
        parts=tuple(_part_size(dataset, divided.split, part) for part in range(len(PARTS))),
        target_gc=gc[is_target],
        control_gc=gc[~is_target],
        target_lengths=lengths[is_target],
        control_lengths=lengths[~is_target],
        background=counts / counts.sum(),
    )


def _cross_fitted(summary: Composition, dataset: Dataset) -> Composition:
    """With the parts as they are used: a cross-fit holds every sequence out once."""
    groups = tuple(name for part in summary.parts for name in part.groups)
    sizes = len(summary.target_gc), summary.n_controls
    held_out = PartSize("each held out once", *sizes, groups, _n_tested(dataset, np.ones(len(dataset), bool)))
    method = f"{summary.split_method}; cross-fitted in folds of these, for want of targets"
    return summary._replace(parts=(held_out,), split_method=method)


def _part_size(dataset: Dataset, split: Split, part: int) -> PartSize:
    inside = dataset.part == part
    chosen = np.unique(dataset.groups[inside]) if split.group_names else ()
    n_targets = int((inside & dataset.is_target).sum())
    names = tuple(split.group_names[group] for group in chosen)
    n_tested = _n_tested(dataset, inside) if part == TEST else None
    return PartSize(PARTS[part], n_targets, int(inside.sum()) - n_targets, names, n_tested)


def _n_tested(dataset: Dataset, inside: np.ndarray) -> tuple[int, int]:
    """Targets and controls among some sequences that the tests of a task count."""
    tested = inside & (dataset.counted & ~np.isnan(dataset.labels)).any(1)
    return int((tested & dataset.is_target).sum()), int((tested & ~dataset.is_target).sum())


def _duplicate_warning(summary: Composition, n_read: int) -> tuple[str, ...]:
    n_duplicates = sum(count for reason, count in summary.removed.items() if "duplicate" in reason)
    if n_duplicates <= _MANY_DUPLICATES * n_read:
        return ()
    return (f"{n_duplicates:,} of {n_read:,} targets were duplicates and are left out.",)


def _place_note(targets: Sequences) -> tuple[str, ...]:
    """Which coordinates places in results are in, where it is not those of a genome."""
    n_placeless = sum(where is None for where in targets.intervals or [None] * len(targets))
    if not n_placeless:
        return ()
    return (
        f"Places are within the sequence for {n_placeless:,} of {len(targets):,} targets, which have no "
        "coordinates in a genome.",
    )


def _gc_note(summary: Composition) -> tuple[str, ...]:
    """Of means that differ; what that is worth, only held-out sequences can tell."""
    target_gc, control_gc = summary.target_gc.mean(), summary.control_gc.mean()
    if abs(target_gc - control_gc) <= _UNLIKE_GC:
        return ()
    return (
        f"Targets have {target_gc:.0%} GC and controls {control_gc:.0%}: "
        "a network may learn that instead of motifs.",
    )
