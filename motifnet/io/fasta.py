"""FASTA: letters in, codes out, in blocks of whole records and without an object for each base."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import FastaFormatError, shown
from motifnet.io.text import atomic_write, decoded, open_bytes, reading, refuse_binary
from motifnet.symbols import DNA, Interval, Sequences
from motifnet.symbols.given import Given, as_sequences

_log = logging.getLogger(__name__)
_HEAD = 1 << 20  # bytes from which is told whether letters are of RNA
_REGION = re.compile(rb"[^\s:]{1,100}:[\d,]{1,20}-[\d,]{1,20}\s")  # as browsers and samtools write places
_BLOCK = 1 << 24  # bytes parsed at once
GAPS = b"-.*"
"""What stands in the place of a base in alignments, and ``*`` that ends a sequence in some programs."""

_PROTEIN_ONLY = frozenset("EFIJLOPQZ*")  # letters of proteins that are no IUPAC code of a base


def read_fasta(path: str | Path, *, mask_lowercase: bool = False, degap: bool = False) -> Sequences:
    """Read sequences from a FASTA file, plain, gzip or bgzip.

    Lines may be wrapped and of either line end, letters of either case; U is read as T, and
    IUPAC ambiguity as unknown. A name is the first word of its header; a header without one
    is numbered. Empty records are kept, with length 0.

    Parameters
    ----------
    path : str or Path
    mask_lowercase : bool
        Read soft-masked (lower-case) bases as unknown.
    degap : bool
        Take out gaps (``-``, ``.``) and ``*``, and say how many; without it they are an error, since a
        gap is no unknown base.

    Returns
    -------
    Sequences
        With intervals if a header names coordinates, such as ``chr1:100-200(-)``.

    Raises
    ------
    MissingFile
        If there is no such file.
    FastaFormatError
        If it is empty, cut short, no text, or not DNA or RNA.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "peaks.fa")
    ...     _ = path.write_text(">chr1:10-14 first\\nAC\\nGT\\n")
    ...     peaks = read_fasta(path)
    >>> peaks.names, peaks.text(0), peaks.intervals
    (['chr1:10-14'], 'ACGT', [Interval(chrom='chr1', start=10, end=14, strand='.')])
    """
    parts = [_parsed(block, path, mask_lowercase=mask_lowercase, degap=degap) for block in _blocks(path)]
    offsets = np.zeros(sum(len(part.lengths) for part in parts) + 1, np.int64)
    np.cumsum(np.concatenate([part.lengths for part in parts]), out=offsets[1:])
    names = [name or f"seq{i}" for i, name in enumerate((name for part in parts for name in part.names), 1)]
    intervals = [where for part in parts for where in part.intervals]
    tell_gaps(sum(part.n_gaps for part in parts), path)
    _tell_unclear([header for part in parts for header in part.unclear], len(names), path)
    known = any(where is not None for where in intervals)
    return Sequences(
        np.concatenate([part.codes for part in parts]), offsets, names, intervals if known else None
    )


def holds_rna(path: str | Path) -> bool:
    """Whether the sequences at the beginning of a FASTA file have U, and no T; other files have no RNA.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "clip.fa")
    ...     _ = path.write_text(">T\\nACGU\\n")
    ...     holds_rna(path)
    True
    """
    with reading(path, FastaFormatError), open_bytes(path, "input file", FastaFormatError) as stream:
        head = stream.read(_HEAD)
    if not head.lstrip().startswith(b">"):
        return False
    letters = b"".join(line for line in head.splitlines() if not line.lstrip().startswith(b">")).upper()
    return b"U" in letters and b"T" not in letters


def write_fasta(path: str | Path, sequences: Given, line_width: int = 0) -> None:
    """Write sequences as FASTA.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    sequences : Sequences
    line_width : int
        Letters a line; 0 writes each sequence on one line.

    Examples
    --------
    >>> write_fasta("two.fa", Sequences.from_text(["ACGT", "GG"], ["a", "b"]))
    >>> print(Path("two.fa").read_text(), end="")
    >a
    ACGT
    >b
    GG
    """
    sequences = as_sequences(sequences)
    with atomic_write(path) as handle:
        for i, name in enumerate(sequences.names):
            handle.write(f">{name}\n{_wrapped(sequences.text(i), line_width)}\n")


def _wrapped(text: str, line_width: int) -> str:
    if line_width == 0:
        return text
    return "\n".join(text[i : i + line_width] for i in range(0, len(text), line_width))


class _Block(NamedTuple):
    """Whole records as bytes, beginning with ``>``, and the 1-based number of their first line."""

    text: bytes
    line: int


class _Part(NamedTuple):
    """What a block holds."""

    codes: np.ndarray
    lengths: np.ndarray
    names: list[str]
    intervals: list[Interval | None]
    unclear: list[str]
    n_gaps: int


def _blocks(path: str | Path) -> Iterator[_Block]:
    with reading(path, FastaFormatError), open_bytes(path, "FASTA file", FastaFormatError) as stream:
        line, held = beginning(stream.read(_BLOCK), path)
        while fresh := stream.read(_BLOCK):
            held += fresh
            cut = held.rfind(b"\n>") + 1
            if cut > 0:
                yield _Block(held[:cut], line)
                line += held.count(b"\n", 0, cut)
                held = held[cut:]
        yield _Block(held, line)


def beginning(block: bytes, path: str | Path) -> tuple[int, bytes]:
    """The number of the first line that is not blank, and the first block of a file from there on.

    Raises
    ------
    FastaFormatError
        If it is not the beginning of a FASTA file.
    """
    refuse_binary(block, path, FastaFormatError)
    block = block.removeprefix(b"\xef\xbb\xbf")  # the byte-order mark of Windows editors
    text = block.lstrip()
    line = 1 + block.count(b"\n", 0, len(block) - len(text))
    if not text:
        raise FastaFormatError(path, "is empty; expected sequences in FASTA format")
    if text.startswith(b"@"):
        raise FastaFormatError(path, "looks like FASTQ; convert it to FASTA", line)
    if not text.startswith(b">"):
        if _REGION.match(text):
            what = "lists regions; write them as BED: contig, start (from 0) and end, with tabs between"
            raise FastaFormatError(path, what, line)
        start = decoded(text[:200].split(b"\n")[0].strip()[:20], path, line, FastaFormatError)
        raise FastaFormatError(path, f"starts with {start!r}; a FASTA file starts with '>'", line)
    return line, text


def _parsed(block: _Block, path: str | Path, *, mask_lowercase: bool, degap: bool) -> _Part:
    _check_text(block, path)
    raw = np.frombuffer(block.text, np.uint8)
    starts, ends = _header_lines(raw)
    # The running sum is 1 from the '>' of a header to the end of its line, and 0 elsewhere.
    edges = np.zeros(len(raw) + 1, np.int8)
    edges[starts] = 1
    edges[ends] -= 1
    is_header = np.cumsum(edges[:-1], dtype=np.int8).view(bool)
    is_space = raw <= ord(" ")
    n_gaps = 0
    if degap:
        is_gap = np.isin(raw, np.frombuffer(GAPS, np.uint8)) & ~is_header
        n_gaps = int(is_gap.sum())
        is_space |= is_gap
    is_letter = ~(is_header | is_space)
    codes = DNA.encode(raw[is_letter].tobytes(), mask_lowercase=mask_lowercase)
    foreign = DNA.foreign(codes)
    if len(foreign):
        raise _foreign_letter(block, path, starts, int(np.flatnonzero(is_letter)[foreign[0]]))
    lengths = _lengths(is_space, starts, ends)
    headers = _headers(raw[is_header].tobytes(), block, path, starts)
    names = [header.split(maxsplit=1)[0] if header else "" for header in headers]
    intervals = [_interval(*each) for each in zip(headers, lengths.tolist(), strict=True)]
    unclear = [
        header
        for header, where in zip(headers, intervals, strict=True)
        if where is None and ":" in header and Interval.is_named_in(header)
    ]
    return _Part(codes, lengths, names, intervals, unclear, n_gaps)


def _check_text(block: _Block, path: str | Path) -> None:
    if b"\0" in block.text:
        line = block.line + block.text.count(b"\n", 0, block.text.index(b"\0"))
        raise FastaFormatError(path, "is a binary file; expected text", line)
    if block.text.count(b"\r") != block.text.count(b"\r\n"):
        raise FastaFormatError(path, "has old Mac line ends (carriage returns alone); convert them")


def _header_lines(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the line of each header begins, and where the next line does, ``shape=(n_records,)`` each."""
    newlines = np.flatnonzero(raw == ord("\n"))
    following = newlines[newlines + 1 < len(raw)] + 1
    starts = np.concatenate([[0], following[raw[following] == ord(">")]])
    ends = np.append(newlines + 1, len(raw))[np.searchsorted(newlines, starts)]
    return starts, ends


def _lengths(is_space: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Letters between the end of each header and the next one, ``shape=(n_records,)``."""
    spaces = np.flatnonzero(is_space)
    stops = np.append(starts[1:], len(is_space))
    return (stops - ends) - (np.searchsorted(spaces, stops) - np.searchsorted(spaces, ends))


def _headers(text: bytes, block: _Block, path: str | Path, starts: np.ndarray) -> list[str]:
    """The headers of a block, from the text of its header lines, without ``>``."""
    try:
        lines = text.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as problem:
        record = text.count(b"\n", 0, problem.start)
        line = block.line + block.text.count(b"\n", 0, int(starts[record]))
        raise FastaFormatError(
            path, "has a header that is not UTF-8 text; convert it with iconv", line
        ) from None
    return [line[1:].strip() for line in lines]


def _interval(header: str, length: int) -> Interval | None:
    # The test for a colon spares most headers without coordinates the regular expression.
    return Interval.from_header(header, length) if ":" in header else None


def tell_gaps(n_gaps: int, path: str | Path) -> None:
    """Say how many gaps were taken out."""
    if n_gaps:
        _log.warning("%s: %d gaps are taken out of the sequences", path, n_gaps)


def _tell_unclear(headers: list[str], n_records: int, path: str | Path) -> None:
    """Say that places which headers seem to name are not taken for such."""
    if headers:
        _log.warning(
            "%s: the places that %d of %d headers name are not understood, or not as long as their "
            "sequences, and are left out; the first is %r",
            path, len(headers), n_records, shown(headers[0]),
        )  # fmt: skip


def _foreign_letter(block: _Block, path: str | Path, starts: np.ndarray, position: int) -> FastaFormatError:
    """The error for the letter at ``position``, which is of no base."""
    record = int(np.searchsorted(starts, position, side="right")) - 1
    stop = starts[record + 1] if record + 1 < len(starts) else len(block.text)
    header, _, letters = block.text[starts[record] : stop].partition(b"\n")
    line = block.line + block.text.count(b"\n", 0, position)
    return letter_error(path, line, header[1:], letters, chr(block.text[position]))


def letter_error(path: str | Path, line: int, header: bytes, letters: bytes, letter: str) -> FastaFormatError:
    """The error for a letter of no base in a sequence with that header and those letters."""
    name = repr(shown(header.decode("utf-8", "replace")))
    protein = _PROTEIN_ONLY & set(letters.decode("latin-1").upper())
    if len(protein) > 1:
        some = ", ".join(sorted(protein)[:4])
        return FastaFormatError(
            path, f"sequence {name} looks like protein (it has {some}); expected DNA or RNA", line
        )
    if letter in GAPS.decode():
        return FastaFormatError(
            path,
            f"sequence {name} has the gap {letter!r}; expected unaligned sequences (--degap takes gaps out)",
            line,
        )
    return FastaFormatError(
        path,
        f"sequence {name} has the letter {letter!r}; expected A, C, G, T, U or an IUPAC code of bases",
        line,
    )
