"""Files at the edge: read by what they hold, and written whole or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import stat
import uuid
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from motifnet.errors import (
    DiskFull,
    FileFormatError,
    InvalidValue,
    MissingFile,
    MotifnetError,
    UnwritableFolder,
    shown,
)

_GZIP = b"\x1f\x8b"
_ARCHIVES = {b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)  # of file systems that cannot be told to write now
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # how text of some Windows programs begins
_SAMPLE = 1024  # bytes from which a binary file is told
_QUOTED = 120  # characters of what a library says of a damaged file
_LONGEST_LINE = 1 << 26  # bytes of a line; a table of pairs has whole chromosomes of bacteria in one


@contextmanager
def reading(path: str | Path, error: type[FileFormatError] = FileFormatError) -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into ``error``, which names the file.

    Libraries that read files raise what they happen to raise where a file is damaged: numbers too long
    to convert, keys that are not there, errors of their own. All of it says one thing to whoever handed
    in the file, so it is said in one place, here. Errors of ours pass as they are.
    """
    try:
        yield
    except (MotifnetError, MemoryError):
        raise
    except EOFError:
        raise error(path, "ends in the middle of its compressed data; copy or download it again") from None
    except (gzip.BadGzipFile, zlib.error) as problem:
        raise error(
            path, f"holds corrupt compressed data ({problem}); copy or download it again"
        ) from problem
    except UnicodeDecodeError as problem:
        raise error(path, "is not UTF-8 text; convert it, for example with iconv") from problem
    except PermissionError as problem:
        raise error(path, f"cannot be read ({problem.strerror}); change its permissions") from problem
    except OSError as problem:
        raise error(path, f"cannot be read ({problem.strerror or shown(problem)})") from problem
    except Exception as problem:
        what = f"{type(problem).__name__}: {shown(problem, _QUOTED)}"
        raise error(path, f"cannot be read ({what}); it is damaged, or in another format") from problem


def first_bytes(path: str | Path, what: str, n: int = _SAMPLE) -> bytes:
    """The first ``n`` bytes as they lie on the disk.

    Raises
    ------
    MissingFile
        If there is no such file; ``what`` says in the sentence what it is for.
    """
    path = Path(path)
    try:
        state = path.stat()
    except (OSError, ValueError):  # also for a name that no file can have
        raise MissingFile(path, what) from None
    if stat.S_ISDIR(state.st_mode):
        raise MissingFile(path, what)
    if not stat.S_ISREG(state.st_mode):
        raise FileFormatError(
            path, "is a pipe or device, which can be read only once; save it as a file first"
        )
    with path.open("rb") as stream:
        return stream.read(n)


def is_gzip(path: str | Path, what: str = "file") -> bool:
    """Whether the content, whatever the name, is gzip (bgzip is)."""
    return first_bytes(path, what, len(_GZIP)) == _GZIP


def open_bytes(
    path: str | Path, what: str = "file", error: type[FileFormatError] = FileFormatError
) -> BinaryIO:
    """Open a file, plain or gzip, for reading bytes.

    Parameters
    ----------
    path : str or Path
    what : str
        What the file is for, in the error for a missing one.
    error : type of FileFormatError
        Raised for a file that is packed in another way, or that is no text.

    Raises
    ------
    MissingFile
        If there is no such file.
    """
    with reading(path, error):
        head = first_bytes(path, what)
        for magic, name in _ARCHIVES.items():
            if head.startswith(magic):
                raise error(path, f"is packed with {name}; unpack it, or pack it with gzip")
        # A gzip file reads as any other, though its class says less of itself.
        packed = head.startswith(_GZIP)
        return cast(BinaryIO, gzip.open(path, "rb")) if packed else Path(path).open("rb")


def refuse_binary(sample: bytes, path: str | Path, error: type[FileFormatError] = FileFormatError) -> None:
    """Raise ``error`` if bytes from the beginning of a file cannot be text."""
    sample = sample[:_SAMPLE]
    if sample.startswith(_UTF16):
        raise error(path, "is UTF-16 text; convert it: iconv -f UTF-16 -t UTF-8")
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in sample)
    if b"\0" in sample or 10 * control > len(sample):
        raise error(path, "is a binary file; expected text")


@contextmanager
def open_text(path: str | Path, what: str = "file") -> Iterator[TextIO]:
    """Open a file, plain or gzip by content, for reading UTF-8 text.

    Examples
    --------
    >>> with open_text(__file__) as handle:
    ...     handle.readline().startswith('\"\"\"Files at the edge')
    True
    """
    with (
        reading(path),
        open_bytes(path, what) as stream,
        io.TextIOWrapper(stream, encoding="utf-8-sig") as handle,
    ):
        yield handle


def numbered_lines(
    path: str | Path, what: str = "file", error: type[FileFormatError] = FileFormatError
) -> Generator[tuple[int, str], None, None]:
    """Lines of a text file, plain or gzip, with their 1-based numbers and without their ends.

    Parameters
    ----------
    path : str or Path
    what : str
        What the file is for, in the error for a missing one.
    error : type of FileFormatError
        Raised, with the line, for whatever is not text.
    """
    with reading(path, error), open_bytes(path, what, error) as stream:
        # A limit, since a small gzip can hold one line of gigabytes.
        for number, raw in enumerate(iter(partial(stream.readline, _LONGEST_LINE + 1), b""), 1):
            if len(raw) > _LONGEST_LINE:
                told = f"has a line of over {_LONGEST_LINE:,} bytes; expected lines of text"
                raise error(path, told, number)
            if number == 1:
                refuse_binary(raw, path, error)
                raw = raw.removeprefix(b"\xef\xbb\xbf")  # the byte-order mark of Windows editors
            text = decoded(raw, path, number, error).rstrip("\r\n")
            if "\r" in text:
                raise error(path, "has old Mac line ends (carriage returns alone); convert them", number)
            yield number, text


def decoded(raw: bytes, path: str | Path, line: int, error: type[FileFormatError]) -> str:
    """Bytes as UTF-8 text, or ``error`` with the line."""
    if b"\0" in raw:
        raise error(path, "is a binary file; expected text", line)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise error(path, "is not UTF-8 text; convert it, for example with iconv", line) from None


def _replaceable(path: Path) -> Path:
    """The path of the file that is to be put in the place of another."""
    if path.is_dir():
        raise UnwritableFolder(path, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        raise InvalidValue("output", str(path), "a file, not a pipe or device")
    return path.resolve() if path.is_symlink() else path


@contextmanager
def atomic_path(path: str | Path, *, durable: bool = False) -> Iterator[Path]:
    """A temporary name in the folder of ``path``, renamed to it once all is written.

    An error or an interrupt in between removes the temporary file and leaves what stood at
    ``path`` as it was. The temporary name keeps the ending, which some writers go by. A symbolic link
    stays one: what it points to is written.

    Parameters
    ----------
    path : str or Path
    durable : bool
        Have the content on the disk before it is renamed, so that it is whole even if the machine stops.
        That takes milliseconds, and is for what motifnet itself reads back.

    Raises
    ------
    UnwritableFolder
        If the folder is missing or cannot be written to, or ``path`` is itself a folder.
    InvalidValue
        If ``path`` is a pipe or device, in whose place no file may be put.
    DiskFull
        If the disk runs full.
    """
    path = _replaceable(Path(path))
    temporary = path.with_name(f".part-{uuid.uuid4().hex[:8]}-{path.name}")
    try:
        with _full_disk(path.parent):
            with _closed_folder(path.parent):
                temporary.touch()
            yield temporary
            if durable:
                synchronise(temporary)
            with _closed_folder(path.parent):
                os.replace(temporary, path)
            if durable:
                synchronise(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def synchronise(path: Path) -> None:
    """Have the content of a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def atomic_write(path: str | Path, mode: str = "w", *, durable: bool = False) -> Iterator[IO]:
    """Write a file that appears only when it is complete; see :func:`atomic_path`.

    Parameters
    ----------
    path : str or Path
        A name that ends in ``.gz`` is compressed, without a time stamp, so that equal
        content gives equal bytes.
    mode : {"w", "wb"}
        Text (UTF-8, line ends as on Unix) or bytes.
    durable : bool
        As of :func:`atomic_path`.

    Raises
    ------
    UnwritableFolder
        If the folder is missing or cannot be written to.
    DiskFull
        If the disk runs full.
    """
    with (
        atomic_path(path, durable=durable) as temporary,
        temporary.open("wb") as file,
        _packed(file, Path(path)) as stream,
    ):
        if mode == "wb":
            yield stream
        else:
            with io.TextIOWrapper(stream, encoding="utf-8", newline="\n") as handle:
                yield handle


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths are one file, under whatever names."""
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return os.path.realpath(one) == os.path.realpath(other)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file, whole or not at all; compressed if its name ends in ``.gz``."""
    with atomic_write(path) as handle:
        handle.write(text)


def json_text(content: Mapping[str, object]) -> str:
    """Values as JSON, of which every reader can make sense: no infinity, no NaN.

    Examples
    --------
    >>> json_text({"n": 1})
    '{\\n  "n": 1\\n}\\n'
    """
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


def sha256(path: str | Path) -> str:
    """SHA-256 of a file's bytes as they lie on the disk, in hexadecimal."""
    first_bytes(path, "file", 0)
    with reading(path), open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def writing(folder: str | Path) -> Iterator[None]:
    """Turn what can go wrong while files are written below ``folder`` into errors that name it.

    Raises
    ------
    UnwritableFolder
        If the folder cannot be written to.
    DiskFull
        If the disk runs full.
    """
    folder = Path(folder)
    with _full_disk(folder), _closed_folder(folder):
        yield


@contextmanager
def _packed(file: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if path.suffix != ".gz":
        yield file
        return
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as stream:
        yield cast(BinaryIO, stream)


@contextmanager
def _full_disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno not in DiskFull.NUMBERS or isinstance(problem, MotifnetError):
            raise
        raise DiskFull(folder) from problem


@contextmanager
def _closed_folder(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in DiskFull.NUMBERS or isinstance(problem, MotifnetError):
            raise
        raise UnwritableFolder(folder, problem.strerror or str(problem)) from problem
