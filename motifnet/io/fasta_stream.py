"""FASTA in pieces, so that a genome is never whole in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from motifnet.errors import FastaFormatError
from motifnet.io.fasta import GAPS, beginning, letter_error, tell_gaps
from motifnet.io.text import open_bytes, reading
from motifnet.symbols import DNA, UNKNOWN

SIZE = 1 << 22
"""Bases of a stretch, unless told otherwise."""

_HEADER = re.compile(rb"\n>([^\n]*)")
_HEAD = 1 << 16  # bytes from which is told what the file is
_BLANK = bytes(range(33))  # spaces and line ends
_BEGIN = UNKNOWN + 1  # code of the '>' that is left of a header
_EVERY_BYTE = bytes(range(256))


class Stretch(NamedTuple):
    """What comes next of sequences that are laid end to end, with an unknown base before each.

    Since no window has an unknown base, many sequences are scanned as one.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(length,)
        The first goes on from the last of the stretch before.
    begins : numpy.ndarray of int64, shape=(n,)
        Where in the codes the unknown bases lie that come before sequences.
    names : sequence of str
        Of the sequences that begin here; empty if their names are known otherwise.
    """

    codes: np.ndarray
    begins: np.ndarray
    names: Sequence[str] = ()


def stream_fasta(
    path: str | Path, size: int = SIZE, *, mask_lowercase: bool = False, degap: bool = False
) -> Iterator[Stretch]:
    """Read a FASTA file, plain, gzip or bgzip, a stretch at a time.

    What :func:`~motifnet.io.fasta.read_fasta` reads and refuses, this does; headers give names alone.

    Parameters
    ----------
    path : str or Path
    size : int
        About how many bases a stretch is to have.
    mask_lowercase : bool
        Read soft-masked (lower-case) bases as unknown.
    degap : bool
        Take gaps out, and say how many; without it they are an error.

    Yields
    ------
    Stretch
        Bases of one record or several, and where each of these begins.

    Raises
    ------
    MissingFile
        If there is no such file.
    FastaFormatError
        If it is empty, cut short, no text, or not DNA or RNA.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "two.fa")
    ...     _ = path.write_text(">a\\nACG\\nT\\n>b\\nGG\\n")
    ...     (stretch,) = stream_fasta(path)
    >>> DNA.decode(stretch.codes), stretch.begins.tolist(), stretch.names
    ('NACGTNGG', [0, 5], ['a', 'b'])
    """
    table = _table(mask_lowercase=mask_lowercase)
    left_out = _BLANK + GAPS if degap else _BLANK
    n_begun, n_gaps, open_header = 0, 0, b""
    for text, line in _texts(path, size):
        headers = _HEADER.findall(text)
        bare = _HEADER.sub(b">", text) if headers else text
        codes = np.frombuffer(bytearray(bare.translate(table, left_out)), np.uint8)
        n_gaps += sum(map(bare.count, (bytes([gap]) for gap in GAPS))) if degap else 0
        begins = np.flatnonzero(codes == _BEGIN)
        if len(begins) != len(headers) or codes.max(initial=0) > _BEGIN:
            raise _foreign_letter(text, line, open_header, path, left_out)
        codes[begins] = UNKNOWN
        names = [_name(header, path) or f"seq{i}" for i, header in enumerate(headers, n_begun + 1)]
        if len(codes):
            yield Stretch(codes, begins, names)
        n_begun, open_header = n_begun + len(headers), headers[-1] if headers else open_header
    tell_gaps(n_gaps, path)


def _table(*, mask_lowercase: bool) -> bytes:
    """The code of every byte, and of ``>``."""
    table = DNA.encode(_EVERY_BYTE, mask_lowercase=mask_lowercase)
    table[ord(">")] = _BEGIN
    return table.tobytes()


def _texts(path: str | Path, size: int) -> Iterator[tuple[bytes, int]]:
    """Pieces of the file, in none of which a header is cut, and the number of the line before each.

    A line end is put before the first line, so that all headers begin alike.
    """
    with reading(path, FastaFormatError), open_bytes(path, "FASTA file", FastaFormatError) as stream:
        first_line, head = beginning(stream.read(_HEAD), path)
        held, line = b"\n", first_line - 1
        for fresh in _reads(head, stream, size):
            held += fresh
            cut = _cut(held)
            yield _checked(held[:cut], line, path), line
            line += held.count(b"\n", 0, cut)
            held = held[cut:]
        yield _checked(held, line, path), line


def _reads(head: bytes, stream: BinaryIO, size: int) -> Iterator[bytes]:
    """What was read already, and the rest of the file."""
    yield from (head[i : i + size] for i in range(0, len(head), size))
    yield from iter(partial(stream.read, size), b"")


def _cut(text: bytes) -> int:
    """How much of a text can be parsed before what follows is known: all but a header or a line end."""
    newline = text.rfind(b"\n")
    open_line = text[newline + 1 : newline + 2]
    end = newline if open_line in (b"", b">") else len(text)
    return end - 1 if text[end - 1 : end] == b"\r" else end


def _checked(text: bytes, line: int, path: str | Path) -> bytes:
    """The text, if it is one."""
    if b"\0" in text:
        line += text.count(b"\n", 0, text.index(b"\0"))
        raise FastaFormatError(path, "is a binary file; expected text", line)
    if text.count(b"\r") != text.count(b"\r\n"):
        raise FastaFormatError(path, "has old Mac line ends (carriage returns alone); convert them")
    return text


def _name(header: bytes, path: str | Path) -> str:
    """The first word of a header; empty if there is none."""
    try:
        words = header.decode().split(maxsplit=1)
    except UnicodeDecodeError:
        raise FastaFormatError(
            path, f"has a header that is not UTF-8 text ({header[:20]!r}); convert it with iconv"
        ) from None
    return words[0] if words else ""


def _foreign_letter(
    text: bytes, line: int, header: bytes, path: str | Path, left_out: bytes
) -> FastaFormatError:
    """The error for the first letter of a text that is of no base.

    Parameters
    ----------
    text : bytes
    line : int
        Number of the line before.
    header : bytes
        Of the sequence that the text begins in.
    path : str or Path
    left_out : bytes
        Letters that are no part of a sequence, and are allowed.
    """
    known = DNA.encode(_EVERY_BYTE) <= UNKNOWN
    letters = re.escape(bytes(np.flatnonzero(known).tolist()) + left_out)
    for found in re.finditer(rb"\n>([^\n]*)|[^" + letters + rb"]", text):
        if found[1] is None:
            break
        header = found[1]
    stop = text.find(b"\n>", found.start())
    rest = text[found.start() : stop if stop >= 0 else None]
    return letter_error(path, line + text.count(b"\n", 0, found.start()), header, rest, chr(found[0][0]))
