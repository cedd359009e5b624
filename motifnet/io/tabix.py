"""Tabix indexes: which blocks of a bgzip file have the lines of a stretch of a contig.

The format is that of https://samtools.github.io/hts-specs/tabix.pdf: lines are put into bins of nested
stretches, and a linear index tells where the first line of every 16,384 bases lies.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from motifnet.errors import InvalidValue
from motifnet.io.bgzip import write_bgzip_bytes

_STRETCH = 14  # bits of a place within a stretch of the linear index, and within the smallest bin
_MOST = 1 << 29  # bases that bins can tell apart
_N_BINS = 37450  # of which the last holds counts
_UCSC = 0x10000  # 0-based, half-open coordinates


class Columns(NamedTuple):
    """Where the lines of a format tell their places.

    Parameters
    ----------
    contig, start, end : int
        1-based columns.
    is_zero_based : bool
        Whether starts count from 0, with ends that are not included.
    n_skipped : int
        Lines of the header that do not begin with ``#``.
    """

    contig: int
    start: int
    end: int
    is_zero_based: bool
    n_skipped: int = 0


BED_COLUMNS = Columns(1, 2, 3, is_zero_based=True)
"""Of BED and what is made like it."""


class _Contig:
    """The lines of a contig: the chunks of each bin, the first offset of each stretch, and what there is."""

    def __init__(self, begin: int) -> None:
        self.bins: dict[int, list[list[int]]] = {}
        self.linear: list[int] = []
        self.begin, self.end, self.n_lines = begin, begin, 0

    def add(self, start: int, end: int, begin: int, stop: int) -> None:
        chunks = self.bins.setdefault(bin_of(start, end), [])
        if chunks and chunks[-1][1] == begin:
            chunks[-1][1] = stop
        else:
            chunks.append([begin, stop])
        # Lines come by start, so a stretch that no line has reached yet begins with this one.
        self.linear += [begin] * (((end - 1) >> _STRETCH) + 1 - len(self.linear))
        self.end, self.n_lines = stop, self.n_lines + 1

    def packed(self) -> Iterator[bytes]:
        yield struct.pack("<i", len(self.bins) + 1)
        for number, chunks in sorted(self.bins.items()):
            yield struct.pack("<Ii", number, len(chunks))
            yield from (struct.pack("<QQ", *chunk) for chunk in chunks)
        yield struct.pack("<IiQQQQ", _N_BINS, 2, self.begin, self.end, self.n_lines, 0)
        yield struct.pack(f"<i{len(self.linear)}Q", len(self.linear), *self.linear)


class TabixIndex:
    """An index that is made while the lines are written.

    Parameters
    ----------
    columns : Columns
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._contigs: dict[str, _Contig] = {}
        self._last = ("", 0)

    def add(self, line: str, begin: int, stop: int) -> None:
        """Add the next line of data.

        Parameters
        ----------
        line : str
        begin, stop : int
            Offsets of the line and of what follows it.

        Raises
        ------
        InvalidValue
            If it is out of order, or beyond what such an index can hold.
        """
        fields = line.split("\t")
        contig, first, last = (fields[i - 1] for i in self._columns[:3])
        start, end = int(first) - (not self._columns.is_zero_based), int(last)
        self._check(contig, start, end)
        self._last = contig, start
        self._contigs.setdefault(contig, _Contig(begin)).add(start, end, begin, stop)

    def write(self, path: str | Path) -> None:
        """Write the index."""
        write_bgzip_bytes(path, b"".join(self._packed()))

    def _check(self, contig: str, start: int, end: int) -> None:
        last, before = self._last
        is_behind = start < before if contig == last else contig in self._contigs
        if is_behind:
            raise InvalidValue(
                "order of the lines to index", f"{contig}:{start} after {last}:{before}",
                "lines by contig and start; are two contigs of one name?",
            )  # fmt: skip
        if end > _MOST:
            raise InvalidValue(
                f"end of a hit in {contig}", end, f"at most {_MOST:,} for a tabix index; leave out --index"
            )

    def _packed(self) -> Iterator[bytes]:
        contig, start, end, is_zero_based, n_skipped = self._columns
        names = b"".join(name.encode() + b"\0" for name in self._contigs)
        yield b"TBI\1"
        yield struct.pack(
            "<8i",
            len(self._contigs),
            _UCSC * is_zero_based,
            contig,
            start,
            end,
            ord("#"),
            n_skipped,
            len(names),
        )
        yield names
        for one in self._contigs.values():
            yield from one.packed()
        yield struct.pack("<Q", 0)


def bin_of(start: int, end: int) -> int:
    """The smallest bin that holds a stretch, 0-based and half-open.

    Examples
    --------
    >>> bin_of(0, 16384), bin_of(0, 16385), bin_of(16384, 16390)
    (4681, 585, 4682)
    """
    for level in range(5, 0, -1):
        shift = _STRETCH + 3 * (5 - level)
        if start >> shift == (end - 1) >> shift:
            return ((1 << 3 * level) - 1) // 7 + (start >> shift)
    return 0
