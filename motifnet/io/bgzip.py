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

from motifnet.errors import FastaFormatError, FileFormatError
from motifnet.io.text import atomic_path

_MODE = "wb6"  # the level of bgzip, said here so that it is the same whatever a library takes if not told
_AT_ONCE = 1 << 16  # bytes handed to htslib, a call of which takes longer than a line


class BlockWriter:
    """Writes lines into the blocks of htslib, at its usual level of compression.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        from pysam import BGZFile

        self._path, self._held = path, bytearray()
        self._blocks = BGZFile(str(path), _MODE)  # type: ignore[call-arg]  # its stub takes a file first

    def write(self, line: str) -> None:
        """Write a line, which is given without its end."""
        self._held += line.encode()
        self._held += b"\n"
        if len(self._held) >= _AT_ONCE:
            self._put()

    def close(self) -> None:
        """Write what is left, and the block that says that nothing is missing."""
        try:
            self._put()
        finally:
            with self._errors():
                self._blocks.close()

    def _put(self) -> None:
        with self._errors():
            self._blocks.write(bytes(self._held))
        self._held.clear()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Say why the system refused to write, which htslib does not tell."""
        try:
            yield
        except OSError as error:
            if error.errno is None:
                with self._path.open("ab") as file:
                    file.write(bytes(_AT_ONCE))
            raise


@contextmanager
def bgzip_writer(path: str | Path) -> Iterator[BlockWriter]:
    """Write a bgzip file that appears only when it is complete: see :func:`~motifnet.io.text.atomic_path`."""
    with atomic_path(path) as temporary:
        writer = BlockWriter(temporary)
        try:
            yield writer
        finally:
            writer.close()


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
