"""MAF, the multiple alignment format of the UCSC: blocks of rows with their place in the genome."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from motifnet.errors import AlignmentFormatError, shown
from motifnet.io.alignment_format import (
    ALIGNMENT_FORMATS,
    AlignmentBlock,
    AlignmentFormat,
    AlignmentRow,
    Lines,
)
from motifnet.io.fields import decimal, whole
from motifnet.io.motif_format import word
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.place import Place

_HEADER = "##maf version=1 scoring=log-odds\n"
_VERSION = "1"
_ROW_FIELDS = 7
_BLOCK = re.compile(r"a(\s+\w+=.*)?\s*$")  # the line that begins a block
_STATUS = r"[A-Za-z]"
_OF_ROWS = {
    "i": re.compile(rf"i\s+\S+\s+{_STATUS}\s+\d+\s+{_STATUS}\s+\d+\s*"),
    "e": re.compile(rf"e\s+\S+\s+\d+\s+\d+\s+[-+?]\s+\d+\s+{_STATUS}\s*"),
    "q": re.compile(r"q\s+\S+\s+[0-9F.-]+\s*"),
    "p": re.compile(r"p\s+[!-~]+\s*"),
}
"""Lines that say more of rows: synteny, empty parts, qualities, and how sure a column is (LAST)."""


def matches(line: str) -> bool:
    """Whether a file that begins with this line is MAF."""
    return line.startswith("##maf") or _BLOCK.match(line) is not None


def parse(lines: Lines, path: Path) -> Iterator[AlignmentBlock]:
    """The blocks of a file: every line is understood, known to say nothing of them, or refused.

    Raises
    ------
    AlignmentFormatError
        With the line, if one does not follow the format, or if the file ends too early.
    """
    rows: list[AlignmentRow] = []
    opened: int | None = None
    score: float | None = None
    ended = False  # by a blank line
    for line, text in lines:
        kind = text.split(maxsplit=1)[0] if text.strip() else ""
        if kind == "a":
            yield from _closed(rows, score, opened, path)
            rows, score, opened, ended = [], _score(text, path, line), line, False
        elif kind == "":
            ended = bool(rows)
        elif kind == "##maf":
            _check_version(text, path, line)
        elif kind in ("s", *_OF_ROWS) and (opened is None or ended):
            raise AlignmentFormatError(
                path, "has a row outside of a block; expected a line 'a' before it", line
            )
        elif kind == "s":
            rows.append(_row(text, path, line))
        elif kind in _OF_ROWS:
            if not _OF_ROWS[kind].fullmatch(text):
                raise AlignmentFormatError(
                    path, f"is {shown(text, 40)!r}; expected what MAF has in a line {kind!r}", line
                )
        elif not text.startswith("#") and not (kind == "track" and opened is None):
            raise AlignmentFormatError(
                path,
                f"begins with {shown(kind, 20)!r}; expected a line of MAF: a, s, i, e, q, p or a comment",
                line,
            )
    yield from _closed(rows, score, opened, path)


def render(alignments: Sequence[Alignment]) -> Iterator[str]:
    """One block an alignment, scored by its log-odds in nats; two where it goes across an origin."""
    yield _HEADER
    for each in (piece for one in alignments for piece in one.pieces()):
        rows = [_written(*one) for one in zip(each.homes(), each.rows(), strict=True)]
        widths = [max(len(str(row[i])) for row in rows) for i in range(5)]
        yield "a\n" if each.score is None else f"a score={each.score:.6f}\n"
        for name, *numbers, text in rows:
            aligned = (f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
            yield f"s {name:<{widths[0]}} {' '.join(aligned)} {text}\n"
        yield "\n"


def _written(place: Place, text: str) -> tuple[str, int, int, str, int, str]:
    """The fields of a row; its start counts on its strand."""
    start = place.start if place.strand == "+" else place.known_length - place.end
    return word(place.source), start, place.length, place.strand, place.known_length, text


def _check_version(text: str, path: Path, line: int) -> None:
    version = dict(_assigned(text, path, line)).get("version")
    if version != _VERSION:
        raise AlignmentFormatError(path, f"is MAF of version {shown(version)}; expected {_VERSION}", line)


def _score(text: str, path: Path, line: int) -> float | None:
    """The score of a block, of the line that begins it."""
    found = dict(_assigned(text, path, line)).get("score")
    score = None if found is None else decimal(found)
    if found is not None and (score is None or not math.isfinite(score)):
        raise AlignmentFormatError(path, f"score is {shown(found)!r}; expected a number", line)
    return score


def _assigned(text: str, path: Path, line: int) -> Iterator[tuple[str, str]]:
    """Names and values of a line of them, such as ``a score=1 pass=2``."""
    for each in text.split()[1:]:
        name, is_assigned, value = each.partition("=")
        if not is_assigned:
            raise AlignmentFormatError(path, f"has {shown(each)!r}; expected name=value", line)
        yield name, value


def _closed(
    rows: list[AlignmentRow], score: float | None, opened: int | None, path: Path
) -> Iterator[AlignmentBlock]:
    if opened is not None and not rows:
        raise AlignmentFormatError(path, "block has no row; was the file cut short?", opened)
    if rows:
        yield AlignmentBlock(rows, score)


def _row(text: str, path: Path, line: int) -> AlignmentRow:
    fields = text.split()
    if len(fields) != _ROW_FIELDS:
        raise AlignmentFormatError(
            path,
            f"row has {len(fields)} fields; expected {_ROW_FIELDS}: s, source, start, size, strand, length "
            "and letters. Was the file cut short?",
            line,
        )
    _, name, *numbers, strand, whole_length, letters = fields
    start, size, length = (
        _whole(what, number, path, line)
        for what, number in zip(("start", "size", "length"), (*numbers, whole_length), strict=True)
    )
    row = AlignmentRow(line, name, letters, start, strand, length)
    _check_numbers(row, size, path)
    return row


def _whole(what: str, number: str, path: Path, line: int) -> int:
    value = whole(number)
    if value is None or value < 0:
        raise AlignmentFormatError(path, f"{what} ({shown(number)!r}) is not a whole number from 0", line)
    return value


def _check_numbers(row: AlignmentRow, size: int, path: Path) -> None:
    n_bases = len(row.letters)
    if n_bases != size:
        hint = ". Was the file cut short?" if n_bases < size else ""
        raise AlignmentFormatError(
            path,
            f"row {shown(row.name)!r} has {n_bases} bases; expected {size}, the size it states{hint}",
            row.line,
        )
    if row.length is not None and row.start + size > row.length:
        raise AlignmentFormatError(
            path,
            f"row {shown(row.name)!r} ends at {row.start + size}; expected at most its length, {row.length}",
            row.line,
        )


ALIGNMENT_FORMATS.register("maf")(AlignmentFormat(".maf", render, matches, parse))
