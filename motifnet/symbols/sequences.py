"""Many sequences of any length, as one array of codes and the places where they begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from motifnet.symbols.alphabet import DNA, UNKNOWN
from motifnet.symbols.interval import Interval

_CHUNK = 1 << 24  # bases handled at once where an index for each base is needed


@dataclass(frozen=True, eq=False)
class Sequences:
    """Named sequences of any length, without padding.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
        All sequences, one after the other.
    offsets : numpy.ndarray of int64, shape=(n + 1,)
        Sequence ``i`` is ``codes[offsets[i]:offsets[i + 1]]``.
    names : sequence of str
        One for each sequence.
    intervals : sequence of Interval or None, optional
        Where each sequence comes from; ``None`` where unknown. Of a sequence on the strand
        ``-``, the codes are the reverse complement of the genome's.

    Examples
    --------
    >>> two = Sequences.from_text(["ACGT", "GG"])
    >>> len(two), two.lengths.tolist(), two.text(1)
    (2, [4, 2], 'GG')
    """

    codes: np.ndarray
    offsets: np.ndarray
    names: Sequence[str]
    intervals: Sequence[Interval | None] | None = None

    @classmethod
    def from_codes(
        cls,
        codes: Iterable[np.ndarray],
        names: Sequence[str] | None = None,
        intervals: Sequence[Interval | None] | None = None,
    ) -> Sequences:
        """Sequences from one array of codes each, ``shape=(length,)``."""
        arrays = list(codes)
        offsets = np.zeros(len(arrays) + 1, np.int64)
        np.cumsum([len(array) for array in arrays], out=offsets[1:])
        joined = np.concatenate(arrays).astype(np.uint8, copy=False) if arrays else np.zeros(0, np.uint8)
        if names is None:
            names = [f"seq{i + 1}" for i in range(len(arrays))]
        return cls(joined, offsets, names, intervals)

    @classmethod
    def from_text(cls, texts: Iterable[str], names: Sequence[str] | None = None) -> Sequences:
        """Sequences from letters."""
        return cls.from_codes([DNA.encode(text) for text in texts], names)

    @classmethod
    def concatenate(cls, parts: Sequence[Sequences]) -> Sequences:
        """All sequences of all parts, in order; a part that is alone is given back as it is."""
        if len(parts) == 1:
            return parts[0]
        lengths = np.concatenate([part.lengths for part in parts])
        intervals: list[Interval | None] | None = None
        if any(part.intervals is not None for part in parts):
            intervals = [where for part in parts for where in part.intervals or [None] * len(part)]
        return cls(
            np.concatenate([part.codes for part in parts]),
            np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)]),
            [name for part in parts for name in part.names],
            intervals,
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> np.ndarray:
        """Codes of one sequence, ``shape=(length,)``: a view."""
        return self.codes[self.offsets[index] : self.offsets[index + 1]]

    def text(self, index: int) -> str:
        """Letters of one sequence."""
        return DNA.decode(self[index])

    @property
    def lengths(self) -> np.ndarray:
        """Length of each sequence, ``shape=(n,)``."""
        return np.diff(self.offsets)

    def select(self, chosen: np.ndarray) -> Sequences:
        """The chosen sequences (indices or a mask, ``shape=(n,)``), copied."""
        index = np.arange(len(self))[chosen]
        if len(index) and (np.diff(index) == 1).all():
            return self._stretch(int(index[0]), int(index[-1]) + 1)
        lengths = self.lengths[index]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
        codes = np.empty(offsets[-1], np.uint8)
        starts, stops = self.offsets[index].tolist(), self.offsets[index + 1].tolist()
        for first, last in _chunks(offsets):
            # Slices take a fifth of the time of an index for each base.
            parts = [self.codes[starts[i] : stops[i]] for i in range(first, last)]
            np.concatenate(parts, out=codes[offsets[first] : offsets[last]])
        intervals = None if self.intervals is None else [self.intervals[i] for i in index]
        return Sequences(codes, offsets, [self.names[i] for i in index], intervals)

    def _stretch(self, first: int, last: int) -> Sequences:
        """Sequences that follow one another, copied."""
        offsets = self.offsets[first : last + 1]
        intervals = None if self.intervals is None else list(self.intervals[first:last])
        codes = self.codes[offsets[0] : offsets[-1]].copy()
        return Sequences(codes, offsets - offsets[0], list(self.names[first:last]), intervals)

    def flanked(self, margin: int) -> Sequences:
        """The same sequences with ``margin`` unknown bases before and after each.

        A motif scored on them may hang over a sequence's end; the bases that are not there add
        nothing to its score. Positions are shifted by ``margin``.
        """
        lengths = self.lengths + 2 * margin
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
        codes = np.full(offsets[-1], UNKNOWN, np.uint8)
        for first, last in _chunks(self.offsets):
            place = np.arange(self.offsets[first], self.offsets[last])
            shift = offsets[first:last] + margin - self.offsets[first:last]
            moved = place + np.repeat(shift, self.lengths[first:last])
            codes[moved] = self.codes[self.offsets[first] : self.offsets[last]]
        return Sequences(codes, offsets, self.names, self.intervals)

    def padded(self, chosen: np.ndarray, margin: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """A batch for a network: codes padded with unknown bases, and the lengths.

        Parameters
        ----------
        chosen : numpy.ndarray of int, shape=(batch,)
            Indices.
        margin : int
            Unknown bases before and after each sequence, counted in its length.

        Returns
        -------
        codes : numpy.ndarray of uint8, shape=(batch, longest + 2 * margin)
        lengths : numpy.ndarray of int64, shape=(batch,)
        """
        starts = self.offsets[chosen]
        lengths = self.offsets[chosen + 1] - starts
        column = np.arange(-margin, lengths.max(initial=0) + margin)
        inside = (column >= 0) & (column < lengths[:, None])
        codes = np.full(inside.shape, UNKNOWN, np.uint8)
        codes[inside] = self.codes[(starts[:, None] + column)[inside]]
        return codes, lengths + 2 * margin


def _chunks(offsets: np.ndarray) -> Iterable[tuple[int, int]]:
    """Ranges of sequences with about ``_CHUNK`` bases each."""
    n = len(offsets) - 1
    first = 0
    while first < n:
        last = max(first + 1, int(np.searchsorted(offsets, offsets[first] + _CHUNK, side="right")) - 1)
        yield first, min(last, n)
        first = last
