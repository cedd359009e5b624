"""Where a genome lies so that windows of it can be read: its index, and an unpacked copy if need be."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from motifnet.caches import cache_folder
from motifnet.errors import FastaFormatError, UnwritableFolder
from motifnet.io.bgzip import BlockReader, BlockTable, block_table
from motifnet.io.faidx import Entry, IndexedFasta, index_fasta, read_entries, render_entries
from motifnet.io.text import (
    atomic_path,
    atomic_write,
    first_bytes,
    is_gzip,
    open_bytes,
    reading,
    refuse_binary,
)

_log = logging.getLogger(__name__)
_LONGEST_NAME = 100  # characters of a genome's name in that of its copy
_SUFFIX = ".fai"
_LENGTH_BYTES = 4  # at the end of gzip, that say how long the content is
_MB = 1e6
_COPIED = 1 << 22  # bytes copied at once
_BGZIP_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")  # an empty block


def open_genome(path: Path) -> IndexedFasta:
    """A genome with its index, both made where they are missing.

    The index lies beside the genome or, where that folder cannot be written to, in the cache
    folder; there, too, goes the unpacked copy of a genome in plain gzip.

    Raises
    ------
    MissingFile
        If there is no such file.
    FastaFormatError
        If it cannot be indexed.
    """
    return _indexed(_seekable(path), path)


def _seekable(path: Path) -> Path:
    """The genome itself, or an unpacked copy of one that nothing can seek in."""
    if _is_block_compressed(path):
        return path
    # The reader of plain files goes by the name; where that lies, a copy helps.
    if not is_gzip(path) and path.suffix.lower() not in (".gz", ".bgz"):
        return path
    copy = _cache_path(path, ".fa")
    if not copy.exists():
        _log.warning(
            "%s is not bgzip: unpacking its %s once into %s, whose place XDG_CACHE_HOME chooses; bgzip it to "
            "spare the copy",
            path, _told_size(path), copy,
        )  # fmt: skip
        _unpack(path, copy)
    return copy


def _is_block_compressed(source: Path) -> bool:
    """Whether a file is gzip with the extra field of bgzip (SAM specification, section 4.1)."""
    with reading(source, FastaFormatError):
        head = first_bytes(source, "genome")
    return is_gzip(source) and len(head) >= 16 and bool(head[3] & 4) and head[12:14] == b"BC"


def _told_size(path: Path) -> str:
    """How large a file in gzip is, packed and, as far as its end tells, unpacked."""
    packed = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(-min(_LENGTH_BYTES, packed), os.SEEK_END)
        unpacked = int.from_bytes(stream.read(), "little")  # of the last part, and but for 4 GB
    told = f" ({unpacked / _MB:,.1f} MB unpacked)" if unpacked > packed else ""
    return f"{packed / _MB:,.1f} MB{told}"


def _unpack(path: Path, copy: Path) -> None:
    with (
        atomic_path(copy) as temporary,
        temporary.open("wb") as plain,
        reading(path, FastaFormatError),
        open_bytes(path, "genome", FastaFormatError) as packed,
    ):
        shutil.copyfileobj(packed, plain, _COPIED)


def _cache_path(path: Path, suffix: str) -> Path:
    """A name in the cache folder that belongs to this very content of ``path``."""
    state = path.stat()
    key = f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"
    folder = cache_folder()
    if folder is None:
        raise UnwritableFolder(path.parent, "and no cache folder can be made for the index of the genome")
    return folder / f"{path.name[:_LONGEST_NAME]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}{suffix}"


def _indexed(source: Path, genome: Path) -> IndexedFasta:
    """The genome with its index: the one that lies beside it, or in the cache, or one that is made."""
    with reading(genome, FastaFormatError):
        blocks = block_table(source) if _is_block_compressed(source) else None
    beside = source.with_name(source.name + _SUFFIX)
    found = _opened(source, beside, blocks, genome)
    if found is not None:
        return found
    if not _is_missing(beside):
        _log.warning("%s is not the index of this %s, and is made again", beside, source.name)
    try:
        return _made(source, beside, blocks, genome)
    except UnwritableFolder:
        cached = _cache_path(source, _SUFFIX)
        return _opened(source, cached, blocks, genome) or _made(source, cached, blocks, genome)


def _is_missing(index: Path) -> bool:
    return not index.is_file()


def _opened(source: Path, index: Path, blocks: BlockTable | None, genome: Path) -> IndexedFasta | None:
    """The genome with the index that is there; None if there is none, or if it does not fit."""
    entries = read_entries(index)
    if entries is None:
        return None
    with ExitStack() as stack, reading(genome, FastaFormatError):
        fasta = _with(source, index, entries, blocks)
        stack.callback(fasta.close)
        if fasta.fits():
            stack.pop_all()
            return fasta
    return None


def _made(source: Path, index: Path, blocks: BlockTable | None, genome: Path) -> IndexedFasta:
    """Make the index under a temporary name, so that runs that start together do not read half of one."""
    _check_is_fasta(source, genome)
    with (
        reading(genome, FastaFormatError),
        open_bytes(source, "genome", FastaFormatError) as stream,
    ):
        entries = index_fasta(stream.read, genome)
    with atomic_write(index) as handle:
        handle.writelines(render_entries(entries))
    return _with(source, index, entries, blocks)


def _with(source: Path, index: Path, entries: dict[str, Entry], blocks: BlockTable | None) -> IndexedFasta:
    return IndexedFasta(source, index, entries, None if blocks is None else BlockReader(source, blocks))


def _check_is_fasta(source: Path, genome: Path) -> None:
    with reading(genome, FastaFormatError), open_bytes(source, "genome", FastaFormatError) as stream:
        head = stream.read(1024)
    refuse_binary(head, genome, FastaFormatError)
    if not head.strip():
        raise FastaFormatError(genome, "is empty; expected a genome in FASTA format")
    if not head.lstrip().startswith(b">"):
        raise FastaFormatError(genome, "does not start with '>'; expected a genome in FASTA format", 1)
    if _is_block_compressed(source) and not _ends_as_bgzip(source):
        raise FastaFormatError(genome, "ends in the middle of its compressed data; copy or download it again")


def _ends_as_bgzip(source: Path) -> bool:
    with source.open("rb") as stream:
        stream.seek(max(0, source.stat().st_size - len(_BGZIP_END)))
        return stream.read() == _BGZIP_END
