"""Sites of a motif in sequences: columns of numbers, and text only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motifnet.symbols import DNA, Interval, Sequences

_CHUNK = 1 << 15  # sites whose text is made at once


class Site(NamedTuple):
    """One place of a motif in a sequence.

    Parameters
    ----------
    sequence : str
        Name of the sequence.
    start, end : int
        0-based, half-open, within the sequence as it was read.
    strand : str
        ``"+"`` or ``"-"``, relative to the sequence as it was read.
    score : float
        Log-odds score in bits.
    text : str
        The bases, in the orientation of the motif.
    where : Interval or None
        The place in the genome, with its strand there; ``None`` if unknown.
    """

    sequence: str
    start: int
    end: int
    strand: str
    score: float
    text: str
    where: Interval | None


@dataclass(frozen=True, eq=False)
class Sites:
    """The sites of one motif. Iterating gives each as a :class:`Site`.

    Parameters
    ----------
    sequences : Sequences
        What the sites are in; shared, not copied.
    width : int
        Bases of each site, which lies within its sequence.
    index : numpy.ndarray of int, shape=(n,)
        The sequence of each site.
    start : numpy.ndarray of int, shape=(n,)
        Where it begins in its sequence, from 0.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether it reads as the motif on the other strand.
    score : numpy.ndarray of float, shape=(n,)
        Log-odds score in bits.

    Examples
    --------
    >>> two = Sequences.from_text(["GGTGACC", "CCTCACC"], names=["a", "b"])
    >>> sites = Sites(two, 4, np.array([0, 1]), np.array([2, 2]), np.array([False, True]), np.array([7.5, 6]))
    >>> [(site.sequence, site.strand, site.text) for site in sites]
    [('a', '+', 'TGAC'), ('b', '-', 'GTGA')]
    """

    sequences: Sequences
    width: int
    index: np.ndarray
    start: np.ndarray
    reverse: np.ndarray
    score: np.ndarray

    def __len__(self) -> int:
        return len(self.index)

    def __iter__(self) -> Iterator[Site]:
        for first in range(0, len(self), _CHUNK):
            yield from self.select(np.arange(first, min(first + _CHUNK, len(self))))._listed()

    def select(self, chosen: np.ndarray) -> Sites:
        """The chosen sites (indices or a mask, ``shape=(n,)``), in their order."""
        columns = (column[chosen] for column in (self.index, self.start, self.reverse, self.score))
        return Sites(self.sequences, self.width, *columns)

    def best(self, n: int) -> Sites:
        """The ``n`` sites of highest score, best first; of equals the first."""
        return self.select(np.argsort(-self.score, kind="stable")[:n])

    @property
    def centre_distances(self) -> np.ndarray:
        """Bases from the centre of the sequence to that of the site, ``shape=(n,)``; negative to the left."""
        return self.start + self.width / 2 - self.sequences.lengths[self.index] / 2

    def _listed(self) -> Iterator[Site]:
        """Each site, with the text of all made at once."""
        names, intervals, width = self.sequences.names, self.sequences.intervals, self.width
        columns = (column.tolist() for column in (self.index, self.start, self.reverse, self.score))
        for i, start, reverse, score, text in zip(*columns, self._texts(), strict=True):
            origin = None if intervals is None else intervals[i]
            where = None if origin is None else origin.part(start, start + width, reverse=reverse)
            yield Site(names[i], start, start + width, "+-"[reverse], score, text, where)

    def _texts(self) -> list[str]:
        """The bases of each site, in the orientation of the motif."""
        first = self.sequences.offsets[self.index] + self.start
        codes = self.sequences.codes[first[:, None] + np.arange(self.width)]
        codes[self.reverse] = DNA.complement(codes[self.reverse, ::-1])
        joined = DNA.decode(codes.ravel())
        return [joined[i : i + self.width] for i in range(0, len(joined), self.width)]
