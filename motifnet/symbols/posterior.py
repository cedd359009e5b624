"""Posterior match probabilities of two sequences, of which nearly all are nearly zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motifnet.errors import ShapeMismatch


@dataclass(frozen=True, eq=False)
class MatchPosterior:
    """How probable it is that a base of x and a base of y are matched: a sparse matrix by rows.

    Parameters
    ----------
    indptr : numpy.ndarray of int64, shape=(x_length + 1,)
        Base ``i`` of x has the entries from ``indptr[i]`` to ``indptr[i + 1]``.
    column : numpy.ndarray of int32, shape=(n,)
        Position in y of each entry.
    probability : numpy.ndarray of float32, shape=(n,)
    y_length : int

    Raises
    ------
    ShapeMismatch
        If there is not one probability for each column, or if the rows do not hold them all.

    Examples
    --------
    >>> found = MatchPosterior.from_triples([0, 2], [0, 1], [0.9, 0.4], x_length=3, y_length=2)
    >>> found.indptr.tolist(), found.x_matched.round(1).tolist()
    ([0, 1, 1, 2], [0.9, 0.0, 0.4])
    """

    indptr: np.ndarray
    column: np.ndarray
    probability: np.ndarray
    y_length: int

    def __post_init__(self) -> None:
        if self.probability.shape != self.column.shape:
            raise ShapeMismatch(
                "probability", self.probability.shape, f"{self.column.shape}, one for each column"
            )
        if self.indptr[-1] != len(self.column):
            raise ShapeMismatch("column", self.column.shape, f"({self.indptr[-1]},), where the rows end")

    @classmethod
    def from_triples(
        cls,
        x_position: np.ndarray,
        y_position: np.ndarray,
        probability: np.ndarray,
        *,
        x_length: int,
        y_length: int,
    ) -> MatchPosterior:
        """The matrix of entries in any order.

        Parameters
        ----------
        x_position, y_position : array_like of int, shape=(n,)
            0-based.
        probability : array_like of float, shape=(n,)
        x_length, y_length : int
        """
        x_position, y_position = np.asarray(x_position, np.int64), np.asarray(y_position, np.int32)
        order = np.lexsort([y_position, x_position])
        indptr = np.searchsorted(x_position[order], np.arange(x_length + 1))
        return cls(indptr, y_position[order], np.asarray(probability, np.float32)[order], y_length)

    @property
    def x_length(self) -> int:
        """Number of bases of x."""
        return len(self.indptr) - 1

    @property
    def x_position(self) -> np.ndarray:
        """Position in x of each entry, int64 ``shape=(n,)``."""
        return np.repeat(np.arange(self.x_length), np.diff(self.indptr))

    @property
    def x_matched(self) -> np.ndarray:
        """How probable it is that each base of x has a partner, ``shape=(x_length,)``."""
        return np.bincount(self.x_position, self.probability, minlength=self.x_length)
