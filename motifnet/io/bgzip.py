"""Lines in bgzip: gzip in blocks, so that an index can point into the middle (SAM specification, 4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from Bio.bgzf import BgzfWriter

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
