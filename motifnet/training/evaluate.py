"""Scores of sequences by what was learnt without them: a part held out once, or each fold in turn.

What learns is the caller's: a network, motifs, or anything that gives a score for each task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.config.train import SplitOptions
from motifnet.datasets.compose import Dataset
from motifnet.datasets.dealing import folds
from motifnet.datasets.split import TEST, TRAIN, VALIDATION
from motifnet.errors import TooFewSequences
from motifnet.stats.rank_test import mean_ranks

# Of fewer targets there are more folds, so that each learns from nearly all: 400 divided by their number,
# and 20 at most, since each is a whole search. Conventions: 100 targets in four folds would learn from 75.
_FEW_TARGETS = 400
_MOST_FOLDS = 20
_FEWEST_FOLDS = 3  # one is held out, one tells when to stop, the others train

Scorer = Callable[[np.ndarray], np.ndarray]
"""From indices of sequences, ``(n,)``, to their scores, ``(n, n_tasks)``."""

Scale = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From scores of a fold and its labels, both ``(n, n_tasks)``, to scores that compare between folds."""


class Parts(NamedTuple):
    """Which sequences do what, as indices into a data set.

    Parameters
    ----------
    shaping : numpy.ndarray of int
        Sequences in which motifs are searched and from which matrices are counted.
    train : numpy.ndarray of int
        Sequences that train the network.
    validation : numpy.ndarray of int
        Sequences that tell when to stop.
    """

    shaping: np.ndarray
    train: np.ndarray
    validation: np.ndarray


class Round(NamedTuple):
    """One time that something is learnt without some sequences, and judged by them.

    Parameters
    ----------
    name : str
        Such as ``"fold1"``.
    parts : Parts
        What is learnt from.
    held : numpy.ndarray of int
        Sequences that take no part, and judge.
    """

    name: str
    parts: Parts
    held: np.ndarray


class HeldOut(NamedTuple):
    """Scores of sequences by what was learnt without them.

    Parameters
    ----------
    scores : numpy.ndarray of float32, shape=(n, n_tasks)
        NaN for a sequence that was never held out. Comparable across sequences.
    outputs : numpy.ndarray of float32, shape=(n, n_tasks)
        The same as what learnt has said them, on the scale of its round.
    round : numpy.ndarray of int64, shape=(n,)
        Which round held a sequence out, from 0; -1 where none did.
    """

    scores: np.ndarray
    outputs: np.ndarray
    round: np.ndarray

    def rounds(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Of each round, the sequences that it learnt from, and those that it held out: their indices."""
        for number in range(int(self.round.max(initial=-1)) + 1):
            yield np.flatnonzero(self.round != number), np.flatnonzero(self.round == number)


def everything(dataset: Dataset) -> Parts:
    """All sequences, of which those for validation tell when to stop and the others train.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    Parts

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> [len(part) for part in everything(dataset)]
    [1050, 945, 105]
    """
    whole, told = np.arange(len(dataset)), dataset.part == VALIDATION
    return Parts(whole, np.flatnonzero(~told), np.flatnonzero(told))


def by_part(dataset: Dataset) -> list[Round]:
    """The one round that learns from the training and validation parts, and is judged by the test part.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    list of Round
        Of one round.

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> (one,) = by_part(dataset)
    >>> len(one.parts.train), len(one.parts.validation), len(one.held)
    (630, 105, 315)
    """
    train, validation, test = (dataset.indices(part) for part in (TRAIN, VALIDATION, TEST))
    return [Round("all", Parts(train, train, validation), test)]


def by_fold(dataset: Dataset, options: SplitOptions, *, seed: int = 0) -> list[Round]:
    """Rounds that hold out every sequence once, with its group: a fold each.

    The fold that follows the one held out tells when to stop. Folds are as many as asked for, and more
    where a fold of so many would miss what it leaves out.

    Parameters
    ----------
    dataset : Dataset
        Sequences in groups.
    options : SplitOptions
        Of which ``n_folds`` counts.
    seed : int
        Which of the equally large groups go where.

    Returns
    -------
    list of Round

    Raises
    ------
    TooFewSequences
        If there are fewer than three groups.

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> rounds = by_fold(dataset, SplitOptions())
    >>> len(rounds), rounds[0].name, sum(len(one.held) for one in rounds)
    (8, 'fold1', 1050)
    """
    n_targets = int(dataset.n_counted().min())
    asked = max(options.n_folds, min(_MOST_FOLDS, _FEW_TARGETS // max(n_targets, 1)))
    strata = np.where(dataset.labels == 1, np.arange(1, len(dataset.tasks) + 1), 0).max(1)
    fold = folds(dataset.groups, asked, seed, strata=strata)
    n_folds = int(fold.max()) + 1
    if n_folds < _FEWEST_FOLDS:
        raise TooFewSequences("groups of sequences to cross-fit over", n_folds, _FEWEST_FOLDS)
    return [_without_fold(fold, held, (held + 1) % n_folds) for held in range(n_folds)]


def _without_fold(fold: np.ndarray, held: int, following: int) -> Round:
    outside, validation = fold != held, fold == following
    parts = Parts(np.flatnonzero(outside), np.flatnonzero(outside & ~validation), np.flatnonzero(validation))
    return Round(f"fold{held + 1}", parts, np.flatnonzero(fold == held))


def held_out(
    dataset: Dataset, rounds: Sequence[Round], learn: Callable[[Round], Scorer], scale: Scale | None = None
) -> HeldOut:
    """Learn in every round, and score what it held out.

    Parameters
    ----------
    dataset : Dataset
        Sequences and labels.
    rounds : sequence of Round
        From :func:`by_part` or :func:`by_fold`.
    learn : callable
        Learns from the parts of a round; returns what scores sequences.
    scale : callable, optional
        Makes the scores of several rounds comparable, such as :func:`quantiles`; that of a single round
        needs none.

    Returns
    -------
    HeldOut

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> def learn(one):
    ...     mean = dataset.sequences.lengths[one.parts.train].mean()
    ...     return lambda chosen: dataset.sequences.lengths[chosen, None] - mean
    >>> found = held_out(dataset, by_fold(dataset, SplitOptions()), learn, quantiles)
    >>> found.scores.shape, int(found.round.max()), bool(np.isnan(found.scores).any())
    ((1050, 1), 7, False)
    """
    scores = np.full((len(dataset), len(dataset.tasks)), np.nan, np.float32)
    outputs, which = scores.copy(), np.full(len(dataset), -1)
    for number, one in enumerate(rounds):
        found = learn(one)(one.held)
        outputs[one.held] = found
        scores[one.held] = found if scale is None else scale(found, dataset.tested_labels[one.held])
        which[one.held] = number
    return HeldOut(scores, outputs, which)


def quantiles(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Scores as the share of the controls below them.

    Networks of different folds have scales of their own; their quantiles are comparable. What
    lies above all controls is told apart by its own rank; equal scores stay equal.

    Parameters
    ----------
    scores : numpy.ndarray, shape=(n, n_tasks)
        Of one network.
    labels : numpy.ndarray, shape=(n, n_tasks)
        0 for a control.

    Returns
    -------
    numpy.ndarray, shape=(n, n_tasks)

    Examples
    --------
    >>> found = quantiles(np.array([[8.0], [-1.0], [0.0], [3.0]]), np.array([[1], [0], [0], [1]]))
    >>> found.round(2).T.tolist()
    [[1.2, 0.3, 0.85, 1.15]]
    """
    ranked = np.empty_like(scores)
    for task in range(scores.shape[1]):
        controls = np.sort(scores[labels[:, task] == 0, task])
        below = np.searchsorted(controls, scores[:, task], side="left")
        up_to = np.searchsorted(controls, scores[:, task], side="right")
        _, which, ties = np.unique(scores[:, task], return_inverse=True, return_counts=True)
        fine = mean_ranks(ties)[which] / (len(scores) + 1)
        ranked[:, task] = ((below + up_to) / 2 + 0.5 * fine) / max(1, len(controls))
    return ranked
