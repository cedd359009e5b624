"""TRANSFAC motif format: two-letter keys, and a row for each column of the motif below ``P0``, such as::

AC  MA0004.1
ID  Arnt
P0      A      C      G      T
01      4     16      0      0      C
//

A record ends with ``//``, or where the next one begins: with an ``AC`` behind a matrix.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.fields import whole
from motifnet.io.motif_format import (
    FORMATS,
    Held,
    Lines,
    MotifFormat,
    alphabet_of,
    as_dna,
    by_base,
    check_row_number,
    is_blank,
    motif_of_counts,
    not_understood,
    numbers,
    word,
)
from motifnet.motifs import Motif
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)
_HEADER = re.compile(r"\s*P[0O]\s+([A-Za-z](?:\s+[A-Za-z]){3})(?:\s+cons(?:ensus)?)?\s*$", re.IGNORECASE)
_BEGINS_MATRIX = re.compile(r"\s*P[0O]\b", re.IGNORECASE)
_KEY = re.compile(r"\s*([A-Z][A-Z0-9])(?:\s+(.*))?$")
_END = re.compile(r"\s*//")
_ROW = re.compile(r"\s*\d")
_LETTER = re.compile(r"[A-Za-z]|-|\.")  # that may end a row: the consensus of its column
_NAMES = ("AC", "ID", "NA", "DE")  # keys, the best first
_ONCE = ("AC", "ID")  # of these, which no record has twice
_MATRIX = "P0"
_SPACER = "XX"
_FEW = 3  # numbers of a line that is no row of a matrix, as of the table XL
_EXPECTED = "a row 'NUMBER A C G T', a key of two letters, or //"


def matches(lines: Lines) -> bool:
    """Whether a line is the head of a TRANSFAC matrix."""
    return any(_HEADER.match(text) for _, text in lines)


def n_heads(lines: Lines) -> int:
    """How many lines begin a matrix."""
    return sum(bool(_BEGINS_MATRIX.match(text)) for _, text in lines)


def parse_transfac(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a TRANSFAC file.

    A motif's name is its accession (``AC``), or else its ``ID`` or ``NA``; the second name
    is the most telling of those left. Records without a matrix, as of motifs that a database may not give
    away, are left out, and how many is logged.

    Raises
    ------
    MotifFormatError
        If a matrix is wrong, or a line is none of the format.
    """
    records = [record for record in _records(lines) if any(_tells_a_motif(text) for _, text in record)]
    read = [_Record(record, path).motif() for record in records]
    empty = [record[0][0] for record, motif in zip(records, read, strict=True) if motif is None]
    if empty:
        _log.warning(
            "%s: %d of %s %s no matrix and %s left out; the first begins in line %d",
            path, len(empty), counted(len(records), "record"), verb(len(empty), "has", "have"),
            verb(len(empty), "is", "are"), empty[0],
        )  # fmt: skip
    return [motif for motif in read if motif is not None]


def render_transfac(motifs: Sequence[Motif], bases: str = "ACGT") -> str:
    """Motifs as a TRANSFAC file, of DNA or RNA (``"ACGU"``)."""
    return "".join(_rendered(motif, bases) for motif in motifs)


_HOLDS = Held.ALT_NAME | Held.COUNTS | Held.BASES
FORMATS.register("transfac")(
    MotifFormat((".transfac", ".tf"), _HOLDS, matches, n_heads, parse_transfac, render_transfac)
)


def _records(lines: Lines) -> Iterator[Lines]:
    """The lines of each record, without blank ones, comments and ends."""
    record: list[tuple[int, str]] = []
    keys: set[str] = set()
    for line, text in lines:
        if is_blank(text):
            continue
        is_end, key = bool(_END.match(text)), _key(text)
        if is_end or (key in _NAMES and _MATRIX in keys) or (key in _ONCE and key in keys):
            yield record
            record, keys = [], set()
        if not is_end:
            record.append((line, text))
            keys.add(key)
    yield record


def _key(text: str) -> str:
    """The key of a line; empty if it has none."""
    if _BEGINS_MATRIX.match(text):
        return _MATRIX
    match = _KEY.match(text)
    return match[1] if match else ""


def _tells_a_motif(text: str) -> bool:
    """Whether a line is of a motif, and not of the head of a file."""
    return _key(text) not in ("VV", _SPACER)


class _Record:
    """Reads the lines of one record, one after the other."""

    def __init__(self, lines: Lines, path: Path) -> None:
        self._lines, self._path = lines, path
        self._keys: dict[str, str] = {}
        self._head: tuple[int, str] | None = None  # of the matrix: its line and its letters
        self._first = 0  # number of the first row
        self._rows: list[list[float]] = []
        self._is_in_matrix = False

    def motif(self) -> Motif | None:
        """The motif of the record; None if it has no matrix."""
        for line, text in self._lines:
            self._take(line, text)
        names = list(dict.fromkeys(self._keys[key] for key in _NAMES if self._keys.get(key)))
        name = names[0] if names else f"line_{self._lines[0][0]}"
        alt_name = next((self._keys[key] for key in ("NA", "ID") if self._keys.get(key, name) != name), "")
        if self._head is None:
            return None
        line, bases = self._head
        if sorted(as_dna(bases)) != list("ACGT"):
            raise MotifFormatError(
                self._path, f"motif {name} is over the letters {bases}; expected A, C, G, T", line
            )
        if not self._rows:
            raise MotifFormatError(
                self._path, f"motif {name} has no rows; expected one of counts for each position", line
            )
        counts = by_base(np.transpose(self._rows).tolist(), bases)
        return motif_of_counts(name, alt_name, counts, self._path, line, alphabet_of(bases))

    def _take(self, line: int, text: str) -> None:
        if _BEGINS_MATRIX.match(text):
            self._begin(line, text)
        elif self._is_in_matrix and _ROW.match(text):
            self._rows.append(self._row(line, text.split()))
        elif match := _KEY.match(text):
            # A spacer may stand anywhere; any other key ends the matrix.
            self._is_in_matrix = self._is_in_matrix and match[1] == _SPACER
            self._keys.setdefault(match[1], (match[2] or "").strip())
        elif not _ROW.match(text) or len(text.split()) > _FEW:
            raise not_understood(text, _EXPECTED, self._path, line)

    def _begin(self, line: int, text: str) -> None:
        match = _HEADER.match(text)
        if match is None:
            raise not_understood(text, "'P0 A C G T' at the head of a matrix", self._path, line)
        if self._head is not None:
            raise MotifFormatError(
                self._path, "a second matrix begins in one record; expected // or AC before it", line
            )
        self._head, self._is_in_matrix = (line, "".join(match[1].split())), True

    def _row(self, line: int, fields: list[str]) -> list[float]:
        """The counts of one row, between its number and the letter that may end it."""
        if not self._rows:
            self._first = min(whole(fields[0]) or 0, 1)
        check_row_number(fields[0], len(self._rows), self._first, self._path, line)
        column = numbers(" ".join(fields[1:5]), self._path, line)
        if len(column) != 4 or len(fields) > 6:
            raise MotifFormatError(self._path, f"has {len(fields) - 1} counts; expected 4", line)
        if len(fields) == 6 and not _LETTER.fullmatch(fields[5]):
            raise not_understood(fields[5], "the letter of the consensus", self._path, line)
        return column


def _rendered(motif: Motif, bases: str) -> str:
    name, alt_name = word(motif.name), word(motif.alt_name)
    names = [f"AC  {name}", "XX", f"ID  {name}", "XX"] + ([f"NA  {alt_name}", "XX"] if alt_name else [])
    rows = (
        "  ".join([f"{i:02d}", *(f"{count:.10g}" for count in column), letter])
        for i, (column, letter) in enumerate(zip(motif.counts.T, motif.consensus, strict=True), 1)
    )
    return "\n".join([*names, "  ".join(["P0", *bases]), *rows, "XX", "//"]) + "\n"
