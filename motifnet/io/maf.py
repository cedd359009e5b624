"""MAF, the multiple alignment format of the UCSC: blocks of rows with their place in the genome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from motifnet.errors import AlignmentFormatError
from motifnet.io.alignment_formats import ALIGNMENT_FORMATS, AlignmentFormat, Lines, Row
from motifnet.io.formats import word
from motifnet.symbols.alignment import Alignment

_HEADER = "##maf version=1 scoring=log-odds\n"
_OTHER_LINES = ("i", "e", "q", "r")  # of synteny, empty parts, qualities and regions: nothing aligned
_ROW_FIELDS = 7
_BLOCK = re.compile(r"a(\s+\w+=.*)?\s*$")  # the line that begins a block


def matches(line: str) -> bool:
    """Whether a file that begins with this line is MAF."""
    return line.startswith("##maf") or _BLOCK.match(line) is not None


def parse(lines: Lines, path: Path) -> Iterator[list[Row]]:
    """The blocks of a file.

    Raises
    ------
    AlignmentFormatError
        With the line, if one does not follow the format, or if the file ends too early.
    """
    block: list[Row] = []
    opened: int | None = None
    for line, text in lines:
        kind = text.split(maxsplit=1)[0] if text.strip() else ""
        if kind == "a":
            yield from _closed(block, opened, path)
            block, opened = [], line
        elif kind == "s" and opened is None:
            raise AlignmentFormatError(path, "has a row before the first block; expected a line 'a'", line)
        elif kind == "s":
            block.append(_row(text, path, line))
        elif kind not in ("", *_OTHER_LINES) and not text.startswith(("#", "track ")):
            raise AlignmentFormatError(
                path, f"begins with {kind[:20]!r}; expected a line of MAF: a, s, i, e, q or a comment", line
            )
    yield from _closed(block, opened, path)


def render(alignments: Sequence[Alignment]) -> Iterator[str]:
    """One block an alignment, scored by its log-odds in nats."""
    yield _HEADER
    for each in alignments:
        x_row, y_row = each.rows()
        rows = [
            (word(each.x_name), each.x_start, each.x_end - each.x_start, "+", len(each.x), x_row),
            (word(each.y_name), each.y_start, each.y_end - each.y_start, each.y_strand, len(each.y), y_row),
        ]
        widths = [max(len(str(row[i])) for row in rows) for i in range(5)]
        yield "a\n" if each.score is None else f"a score={each.score:.6f}\n"
        for name, *numbers, text in rows:
            aligned = (f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
            yield f"s {name:<{widths[0]}} {' '.join(aligned)} {text}\n"
        yield "\n"


def _closed(block: list[Row], opened: int | None, path: Path) -> Iterator[list[Row]]:
    if opened is not None and not block:
        raise AlignmentFormatError(path, "block has no row; was the file cut short?", opened)
    if block:
        yield block


def _row(text: str, path: Path, line: int) -> Row:
    fields = text.split()
    if len(fields) != _ROW_FIELDS:
        raise AlignmentFormatError(
            path,
            f"row has {len(fields)} fields; expected {_ROW_FIELDS}: s, source, start, size, strand, length "
            "and letters. Was the file cut short?",
            line,
        )
    _, name, start, size, strand, length, letters = fields
    for what, number in (("start", start), ("size", size), ("length", length)):
        if not number.isdecimal():
            raise AlignmentFormatError(path, f"{what} ({number!r}) is not a whole number", line)
    if strand not in ("+", "-"):
        raise AlignmentFormatError(path, f"strand is {strand!r}; expected '+' or '-'", line)
    row = Row(line, name, letters, int(start), strand, int(length))
    _check_numbers(row, int(size), path)
    return row


def _check_numbers(row: Row, size: int, path: Path) -> None:
    n_bases = len(row.letters)
    if n_bases != size:
        hint = ". Was the file cut short?" if n_bases < size else ""
        raise AlignmentFormatError(
            path, f"row {row.name!r} has {n_bases} bases; expected {size}, the size it states{hint}", row.line
        )
    if row.start + size > row.length:
        raise AlignmentFormatError(
            path,
            f"row {row.name!r} ends at {row.start + size}; expected at most its length, {row.length}",
            row.line,
        )


ALIGNMENT_FORMATS.register("maf")(AlignmentFormat(".maf", render, matches, parse))
