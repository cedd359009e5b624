"""The best offset of a motif over each of many others, with its p-value, as Tomtom has it.

Gupta et al. 2007, Genome Biol. 8:R24. The score of two columns is minus their Euclidean distance, less
the median over all columns of the targets, so that a column that lies over none counts as an average
one. Scores are rounded to a grid of hundred steps for each query. Everything here follows the program
of the MEME Suite to the last step of the grid; tests hold it to the program's own tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from motifnet.stats.best_offset import survival_of_best

_STEPS = 100  # of the grid, from the lowest to the highest score of a query's columns; the program's


class BestOffsets(NamedTuple):
    """The best offset of a query over each target.

    Parameters
    ----------
    p_values : numpy.ndarray of float64, shape=(n_targets,)
    scores : numpy.ndarray of int64, shape=(n_targets,)
        In steps of the grid; an alignment no better than chance has zero or less.
    offsets : numpy.ndarray of int64, shape=(n_targets,)
        Column of the query where the first column of the target lies; of equal ones that of the longest
        overlap, and of these the first.
    overlaps : numpy.ndarray of int64, shape=(n_targets,)
        Columns that both share.
    """

    p_values: np.ndarray
    scores: np.ndarray
    offsets: np.ndarray
    overlaps: np.ndarray


class _Block(NamedTuple):
    """The targets of one length, whose columns stand together: all first ones, all second ones, …"""

    length: int
    targets: np.ndarray
    columns: slice


class Targets:
    """The motifs that others are compared with, laid out so that each takes few passes.

    Parameters
    ----------
    matrices : sequence of numpy.ndarray, shape=(4, width)
        Probabilities of A, C, G and T, one or more matrices.

    Examples
    --------
    >>> gata, ebox = (np.eye(4)[:, ["ACGT".index(base) for base in word]] for word in ("GATA", "CACGTG"))
    >>> best = Targets([gata, ebox]).best(gata[:, 1:])
    >>> best.scores.argmax(), best.offsets[0], best.overlaps[0]
    (np.int64(0), np.int64(-1), np.int64(3))
    """

    def __init__(self, matrices: Sequence[np.ndarray]) -> None:
        self._lengths = np.array([matrix.shape[1] for matrix in matrices])
        self._blocks = list(_blocks(self._lengths))
        columns = np.concatenate(
            [np.stack([matrices[i] for i in block.targets], axis=2).reshape(4, -1) for block in self._blocks],
            axis=1,
        )
        # |q - t|² = |q|² - 2 q·t + |t|² as one product of matrices
        self._columns = np.vstack([-2 * columns, np.ones(columns.shape[1]), (columns**2).sum(axis=0)])

    def best(self, query: np.ndarray) -> BestOffsets:
        """The best offset of a query over each target.

        Parameters
        ----------
        query : numpy.ndarray, shape=(4, width)
            Probabilities of A, C, G and T.

        Returns
        -------
        BestOffsets
            In the order of the targets.
        """
        scores = self._scores(query)
        lowest = int(scores.min())
        survival = survival_of_best(_shares(scores, lowest), lowest, {block.length for block in self._blocks})
        p_values = np.ones(len(self._lengths))
        best, first = np.empty((2, len(p_values)), np.int64)
        for block in self._blocks:
            sums = _sums(scores[:, block.columns].reshape(len(scores), block.length, -1))
            highest = sums.max(axis=0)
            best[block.targets] = highest
            widest = _widest_first(len(scores), block.length)
            first[block.targets] = widest[(sums[widest] == highest).argmax(axis=0)]
            above = highest > 0
            p_values[block.targets[above]] = survival[block.length][highest[above] - 1]
        overlaps = _overlaps(first, len(scores), self._lengths)
        return BestOffsets(p_values, best, len(scores) - 1 - first, overlaps)

    def _scores(self, query: np.ndarray) -> np.ndarray:
        """How much nearer than usual each column of the targets is, in steps, (width, n_columns)."""
        factors = np.vstack([query, (query**2).sum(axis=0), np.ones(query.shape[1])])
        scores = np.einsum("ik,ij->kj", factors, self._columns)  # too thin for the threads of a BLAS
        for row in scores:  # one at a time stays in the cache
            np.sqrt(np.maximum(row, 0, out=row), out=row)
            np.subtract(_usual(row), row, out=row)
        # one step is a whole fraction of a distance of 1, and the lowest score is rounded down
        steps = _STEPS // max(scores.max() - np.floor(scores.min()), 1)
        fits = len(scores) * _STEPS < np.iinfo(np.int16).max
        rounded = np.empty(scores.shape, np.int16 if fits else np.int32)
        for row, into in zip(scores, rounded, strict=True):
            np.multiply(row, steps, out=row)
            into[:] = np.rint(row, out=row)
        return rounded


def _usual(distances: np.ndarray) -> float:
    """The median; of an even number the farther one of the two in the middle: the program's choice."""
    middle = len(distances) // 2
    return np.partition(distances, middle)[middle]


def _blocks(lengths: np.ndarray) -> Iterator[_Block]:
    start = 0
    for length in np.unique(lengths).tolist():
        targets = np.flatnonzero(lengths == length)
        end = start + length * len(targets)
        yield _Block(length, targets, slice(start, end))
        start = end


def _overlaps(places: np.ndarray, width: int, lengths: np.ndarray | int) -> np.ndarray:
    """Shared columns at places of :func:`_sums`."""
    return np.minimum(places + 1, width) - np.maximum(0, places + 1 - lengths)


@lru_cache(4096)
def _widest_first(width: int, length: int) -> np.ndarray:
    """The places of :func:`_sums`, those of longer overlaps first."""
    places = np.arange(width + length - 1)
    return np.argsort(-_overlaps(places, width, length), kind="stable")


def _shares(scores: np.ndarray, lowest: int) -> np.ndarray:
    """The share of each score in each column, from the lowest of all to the highest of all."""
    n = int(scores.max()) - lowest + 1
    counts = [np.bincount(np.subtract(row, lowest, dtype=np.int64), minlength=n) for row in scores]
    return np.array(counts) / scores.shape[1]


def _sums(scores: np.ndarray) -> np.ndarray:
    """The score of each offset of each target, from the last column of the query over its first on.

    From scores of shape (width, length, n_targets); the sums have (width + length - 1, n_targets).
    """
    width, length, n_targets = scores.shape
    sums = np.zeros((width + length - 1, n_targets), scores.dtype)
    for column, row in enumerate(scores):
        start = width - 1 - column
        sums[start : start + length] += row
    return sums
