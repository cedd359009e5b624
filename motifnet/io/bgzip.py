"""Bgzip: gzip in blocks, so that an index can point into the middle (SAM specification, 4.1)."""

from __future__ import annotations

import os
import struct
import weakref
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from Bio.bgzf import BgzfWriter

from motifnet.errors import FastaFormatError, FileFormatError
from motifnet.io.text import atomic_path

_BLOCK = 0xFF00  # bytes of text in a block, as bgzip has


class BlockWriter:
    """Writes lines into blocks.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    offset : int
        Where the next line goes: the address of its block, times 65,536, and its place therein.
    """

    def __init__(self, path: Path) -> None:
        self._handle = path.open("wb")
        self._writer = BgzfWriter(fileobj=self._handle)
        self._address, self._held = 0, bytearray()

    @property
    def offset(self) -> int:
        """The virtual offset of what is written next: that of its block, and within it."""
        return self._address << 16 | len(self._held)

    def write(self, line: str) -> None:
        """Write a line, which is given without its end."""
        self._held += line.encode()
        self._held += b"\n"
        while len(self._held) >= _BLOCK:
            self._put(_BLOCK)

    def close(self) -> None:
        """Write what is left, and the block that says that nothing is missing."""
        self._put(len(self._held))
        self._writer.close()

    def _put(self, n_bytes: int) -> None:
        self._writer.write(bytes(self._held[:n_bytes]))
        self._writer.flush()
        del self._held[:n_bytes]
        self._address = self._handle.tell()


@contextmanager
def bgzip_writer(path: str | Path) -> Iterator[BlockWriter]:
    """Write a bgzip file that appears only when it is complete: see :func:`~motifnet.io.text.atomic_path`."""
    with atomic_path(path) as temporary:
        writer = BlockWriter(temporary)
        try:
            yield writer
        finally:
            writer.close()


def write_bgzip_bytes(path: str | Path, content: bytes) -> None:
    """Write bytes as a bgzip file that appears only when it is complete."""
    with atomic_path(path) as temporary, BgzfWriter(temporary, "wb") as writer:
        writer.write(content)


_HEADER = struct.Struct("<4BI2BH2B2H")  # of a block, up to the field that tells its size
_GZIP = (31, 139, 8, 4)
_SIZE_FIELD = (66, 67, 2)
_KEPT = 100  # blocks that were unpacked


def opened(owner: object, path: Path) -> tuple[int, Callable[[], object]]:
    """A descriptor to read a file by, and what closes it, which also happens when its owner is no more."""
    descriptor = os.open(path, os.O_RDONLY)
    return descriptor, weakref.finalize(owner, os.close, descriptor)


class BlockTable(NamedTuple):
    """Where blocks lie.

    Parameters
    ----------
    packed, unpacked : numpy.ndarray of int64, shape=(n_blocks + 1,)
        Offset of each block in the file, and of its first byte in the text; then those of the end.
    """

    packed: np.ndarray
    unpacked: np.ndarray


class BlockReader:
    """Reads stretches of a bgzip file.

    Parameters
    ----------
    path : Path
    table : BlockTable

    Attributes
    ----------
    size : int
        Bytes of the text.
    close : callable
        Closes the file.
    """

    def __init__(self, path: Path, table: BlockTable) -> None:
        self._descriptor, self.close = opened(self, path)
        self._table = table
        self._block = lru_cache(_KEPT)(self._unpacked)
        self.size = int(table.unpacked[-1])

    def read(self, start: int, end: int) -> bytes:
        """Bytes of the text.

        Raises
        ------
        zlib.error
            If a block is corrupt.
        """
        first, last = np.searchsorted(self._table.unpacked, [start, end - 1], side="right") - 1
        text = b"".join(self._block(i) for i in range(first, last + 1)) if end > start else b""
        begin = start - int(self._table.unpacked[first])
        return text[begin : begin + end - start]

    def _unpacked(self, index: int) -> bytes:
        begin, end = self._table.packed[index : index + 2].tolist()
        return zlib.decompress(os.pread(self._descriptor, end - begin, begin), wbits=31)


def block_table(path: Path, error: type[FileFormatError] = FastaFormatError) -> BlockTable:
    """Where the blocks of a bgzip file lie, from their headers.

    Raises
    ------
    FileFormatError
        If what is no block stands where one should begin, or the last one is cut short.
    """
    packed, unpacked = [0], [0]
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        while packed[-1] < size:
            head = os.pread(file.fileno(), _HEADER.size, packed[-1])
            fields = _HEADER.unpack(head) if len(head) == _HEADER.size else (0,) * 12
            end = packed[-1] + fields[-1] + 1
            if fields[:4] != _GZIP or fields[8:11] != _SIZE_FIELD or end > size:
                raise error(path, "ends in the middle of its compressed data, or is damaged; copy it again")
            (n_bytes,) = struct.unpack("<I", os.pread(file.fileno(), 4, end - 4))
            packed.append(end)
            unpacked.append(unpacked[-1] + n_bytes)
    return BlockTable(np.array(packed, np.int64), np.array(unpacked, np.int64))
