"""Indexed FASTA: where the bases of each contig lie, made, checked and read.

An index is that of ``samtools faidx``: for each contig its length, the offset of its first base, and bases
and bytes of a line. It is believed only where it fits: before each offset lies the header of that contig,
behind its last base a line ends, and behind the last contig the file ends. An index of another version of
the genome would give other bases in silence.
"""

from __future__ import annotations

import os
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pyfaidx import Faidx

from motifnet.errors import FastaFormatError, shown
from motifnet.io.bgzip import BlockReader, opened
from motifnet.io.fields import whole

_BLOCK = 1 << 24  # bytes indexed at once
_LONGEST_HEADER = 1 << 20  # bytes
_NEWLINE, _RETURN, _HEADER = b"\n"[0], b"\r"[0], b">"[0]


class Entry(NamedTuple):
    """Where a contig lies.

    Parameters
    ----------
    length : int
        Bases.
    offset : int
        Of the first base, in bytes of the unpacked file.
    line_bases, line_bytes : int
        Of a line, without and with its end; the last line may be shorter.
    """

    length: int
    offset: int
    line_bases: int
    line_bytes: int

    def place(self, base: int) -> int:
        """The offset of a base."""
        if not self.line_bases:
            return self.offset
        return self.offset + base // self.line_bases * self.line_bytes + base % self.line_bases

    @property
    def end(self) -> int:
        """The offset behind the last base."""
        return self.place(self.length - 1) + 1 if self.length else self.offset


class IndexedFasta:
    """A FASTA file, plain or bgzip, of which stretches are read.

    Letters of a plain file are read by pyfaidx. Its reader of bgzip slows down with the square of what is
    read at once, and goes by an index of blocks that it does not check, so that blocks are read here.

    Parameters
    ----------
    source : Path
    index : Path
        The index on the disk, which the entries are of.
    entries : mapping of str to Entry
    blocks : BlockReader or None
        Of a bgzip file.

    Attributes
    ----------
    size : int
        Bytes of the file, unpacked.
    """

    def __init__(
        self, source: Path, index: Path, entries: Mapping[str, Entry], blocks: BlockReader | None
    ) -> None:
        self.entries = dict(entries)
        self._source, self._index, self._blocks = source, index, blocks
        if blocks is None:
            self._descriptor, self._close = opened(self, source)
            self.size = os.fstat(self._descriptor).st_size
        else:
            self.size, self._close = blocks.size, blocks.close

    @cached_property
    def _plain(self) -> Faidx:
        """The reader of a plain file, opened once its index is known to fit."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the index is older; what counts is that it fits
            reader = Faidx(self._source, indexname=self._index, as_raw=True, rebuild=False)
        weakref.finalize(self, reader.close)
        return reader

    def close(self) -> None:
        """Close the file."""
        self._close()
        if "_plain" in self.__dict__:
            self._plain.close()

    def letters(self, name: str, start: int, end: int) -> np.ndarray:
        """Letters of a stretch of a contig as bytes, ``shape=(end - start,)``."""
        if start == end:
            return np.empty(0, np.uint8)
        if self._blocks is None:
            return np.frombuffer(self._plain.fetch(name, start + 1, end).encode("latin-1"), np.uint8)
        entry = self.entries[name]
        text = self._blocks.read(entry.place(start), entry.place(end - 1) + 1)
        return np.frombuffer(text.translate(None, b"\r\n"), np.uint8)

    def fits(self) -> bool:
        """Whether the index is that of the file: see the head of this module."""
        before = 0
        for name, entry in self.entries.items():
            if not (self._begins_at(name, before, entry.offset) and self._has_lines(entry)):
                return False
            before = entry.end
        return (
            before <= self.size and not self._read(before, min(before + _LONGEST_HEADER, self.size)).strip()
        )

    def _begins_at(self, name: str, before: int, offset: int) -> bool:
        """Whether there is a header of that name, and nothing else, in front of an offset."""
        if not before <= offset <= min(self.size, before + _LONGEST_HEADER):
            return False
        text = self._read(before, offset)
        header = text.strip()
        words = header[1:].split(maxsplit=1)
        return (
            header.startswith(b">")
            and b"\n" not in header
            and (text.endswith(b"\n") or offset == self.size)
            and words[:1] == [name.encode()]
        )

    def _has_lines(self, entry: Entry) -> bool:
        """Whether the first line of a contig, and its last, end where the index says."""
        if not entry.length:
            return True
        if not (0 < entry.line_bases < entry.line_bytes and entry.end <= self.size):
            return False
        first = entry.offset + min(entry.line_bases, entry.length)
        ends = (
            self._read(first, min(first + 2, self.size)),
            self._read(entry.end, min(entry.end + 2, self.size)),
        )
        return all(end in (b"", b"\r\n") or end.startswith(b"\n") for end in ends)

    def _read(self, start: int, end: int) -> bytes:
        if self._blocks is not None:
            return self._blocks.read(start, end)
        return os.pread(self._descriptor, end - start, start)


def read_entries(path: Path) -> dict[str, Entry] | None:
    """The entries of an index; None if it is none."""
    entries: dict[str, Entry] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    for text in lines:
        name, *fields = text.split("\t")
        numbers = [number for number in map(whole, fields[:4]) if number is not None and number >= 0]
        if len(numbers) != 4 or name in entries:
            return None
        entries[name] = Entry(*numbers)
    return entries or None


def render_entries(entries: Mapping[str, Entry]) -> Iterator[str]:
    """The lines of an index."""
    for name, entry in entries.items():
        yield "\t".join(map(str, (name, *entry))) + "\n"


def index_fasta(read: Callable[[int], bytes], path: Path) -> dict[str, Entry]:
    """Index a FASTA file.

    Lines of a contig are of one length, but for the last one. Blank lines may follow it.

    Parameters
    ----------
    read : callable
        Gives so many bytes that come next, of the unpacked file.
    path : Path
        Of the file, for the errors.

    Raises
    ------
    FastaFormatError
        If it is not FASTA, has two contigs of one name, or lines of different lengths.
    """
    indexer = _Indexer(path)
    held = b""
    while fresh := read(_BLOCK):
        held += fresh
        cut = held.rfind(b"\n") + 1
        if cut:
            indexer.take(held[:cut])
            held = held[cut:]
    if held:
        indexer.take(held + b"\n", n_added=1)
    return indexer.finished()


class _Indexer:
    """Goes through a file in blocks of whole lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, Entry] = {}
        self._name: str | None = None
        self._at, self._line = 0, 1  # offset and number of the next line
        self._length = self._offset = self._bases = self._bytes = 0
        self._is_over = False  # whether the last line of the contig was seen

    def take(self, text: bytes, n_added: int = 0) -> None:
        """Go through lines, of which the last may have an end that was added."""
        raw = np.frombuffer(text, np.uint8)
        ends = np.flatnonzero(raw == _NEWLINE)
        starts = np.concatenate([[0], ends[:-1] + 1])
        n_bytes = ends + 1 - starts
        has_return = (n_bytes > 1) & (raw[np.maximum(ends - 1, 0)] == _RETURN)
        n_bases = n_bytes - 1 - has_return
        headers = np.flatnonzero((n_bases > 0) & (raw[starts] == _HEADER)).tolist()
        first = 0
        for header in headers:
            self._take_lines(first, n_bases[first:header], n_bytes[first:header])
            self._begin(text[starts[header] + 1 : ends[header]], self._line + header)
            self._offset = self._at + min(int(ends[header]) + 1, len(text) - n_added)
            first = header + 1
        self._take_lines(first, n_bases[first:], n_bytes[first:])
        self._at += len(text) - n_added
        self._line += len(ends)

    def finished(self) -> dict[str, Entry]:
        """The entries, once all was taken."""
        self._end()
        return self._entries

    def _begin(self, header: bytes, line: int) -> None:
        self._end()
        try:
            words = header.decode().split(maxsplit=1)
        except UnicodeDecodeError:
            raise FastaFormatError(
                self._path, "has a header that is not UTF-8 text; convert it with iconv", line
            ) from None
        if not words or header[:1].isspace():
            raise FastaFormatError(self._path, "has a contig without a name; expected '>NAME'", line)
        if words[0] in self._entries:
            raise FastaFormatError(self._path, f"has two contigs named {shown(words[0])!r}", line)
        self._name, self._length, self._bases, self._bytes, self._is_over = words[0], 0, 0, 0, False

    def _end(self) -> None:
        if self._name is not None:
            self._entries[self._name] = Entry(self._length, self._offset, self._bases, self._bytes)

    def _take_lines(self, first: int, n_bases: np.ndarray, n_bytes: np.ndarray) -> None:
        """Lines of the contig that is open, the first of which is the ``first`` of the block."""
        if not len(n_bases):
            return
        if self._name is None and n_bases.any():
            self._refuse(first + int(np.argmax(n_bases > 0)))
        if not self._length and not self._is_over and n_bases[0]:
            self._bases, self._bytes = int(n_bases[0]), int(n_bytes[0])
        is_last = (n_bases != self._bases) | (n_bytes != self._bytes)
        if self._is_over or is_last.any():
            last = 0 if self._is_over else int(np.argmax(is_last))
            is_wrong = n_bases[last:] > 0
            if not self._is_over:
                is_wrong[0] = n_bases[last] > self._bases
            if is_wrong.any():
                self._refuse(first + last + int(np.argmax(is_wrong)))
            self._is_over = True
        self._length += int(n_bases.sum())

    def _refuse(self, number: int) -> None:
        line = self._line + number
        if self._name is None:
            raise FastaFormatError(
                self._path, "does not start with '>'; expected a genome in FASTA format", line
            )
        raise FastaFormatError(
            self._path,
            f"contig {shown(self._name)!r} has lines of different lengths; expected one length, but for the "
            "last (seqtk seq -l 60 makes them so)",
            line,
        )
