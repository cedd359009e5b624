"""Hits as columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Hits(NamedTuple):
    """Places where motifs score enough, by sequence, start, motif and strand.

    Parameters
    ----------
    sequence : numpy.ndarray of int64, shape=(n,)
        Which sequence the hit is in.
    start, end : numpy.ndarray of int64, shape=(n,)
        0-based, half-open, within the sequence; of a circular one, a hit may end beyond its end.
    motif : numpy.ndarray of int64, shape=(n,)
        Which motif it is of.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether it reads as the motif on the other strand.
    steps : numpy.ndarray of int64, shape=(n,)
        Score in whole steps of the motif's grid.
    score : numpy.ndarray of float64, shape=(n,)
        Log-odds score in bits.
    p_value : numpy.ndarray of float64, shape=(n,)
        Probability that a random word of the background scores as much on that strand.

    Examples
    --------
    >>> zeros, start = np.zeros(3, np.int64), np.array([0, 2, 4])
    >>> p_value = np.array([1e-5, 1e-4, 1e-4])
    >>> hits = Hits(zeros, start, start + 3, zeros, zeros > 0, zeros, zeros + 1.0, p_value)
    >>> hits.n, hits.select(hits.p_value < 5e-5).start.tolist()
    (3, [0])
    """

    sequence: np.ndarray
    start: np.ndarray
    end: np.ndarray
    motif: np.ndarray
    reverse: np.ndarray
    steps: np.ndarray
    score: np.ndarray
    p_value: np.ndarray

    @classmethod
    def none(cls) -> Hits:
        """No hits."""
        whole, real = np.empty(0, np.int64), np.empty(0)
        return cls(whole, whole, whole, whole, np.empty(0, bool), whole, real, real)

    @property
    def n(self) -> int:
        """How many hits."""
        return len(self.start)

    def select(self, chosen: np.ndarray) -> Hits:
        """The chosen hits (indices or a mask, ``shape=(n,)``), in their order."""
        return Hits(*(column[chosen] for column in self))

    def in_order(self) -> Hits:
        """The hits by sequence, start, motif and strand."""
        return self.select(np.lexsort((self.reverse, self.motif, self.start, self.sequence)))


def joined(parts: Sequence[Hits]) -> Hits:
    """All hits of all parts, in order."""
    return Hits(*map(np.concatenate, zip(Hits.none(), *parts, strict=True)))
