"""Aligned FASTA: the rows of an alignment as records with gaps.

Where a file holds several alignments, a blank line parts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from motifnet.errors import AlignmentFormatError
from motifnet.io.alignment_formats import ALIGNMENT_FORMATS, AlignmentFormat, Lines, Row
from motifnet.symbols import Interval
from motifnet.symbols.alignment import Alignment


class _Header(NamedTuple):
    """Where a record begins, its name, and whether a blank line stands before it."""

    line: int
    name: str
    parted: bool


def matches(line: str) -> bool:
    """Whether a file that begins with this line is FASTA."""
    return line.startswith(">")


def records(lines: Lines, path: Path) -> Iterator[tuple[Row, bool]]:
    """The records of a FASTA file, and of each whether a blank line stands before it.

    Raises
    ------
    AlignmentFormatError
        If the file does not begin with a header.
    """
    header: _Header | None = None
    letters: list[str] = []
    blank = False
    for line, text in lines:
        if text.startswith(">"):
            if header is not None:
                yield _row(header, letters), header.parted
            words = text[1:].split(maxsplit=1)
            header, letters = _Header(line, words[0] if words else f"line{line}", blank), []
        elif header is not None:
            letters.append(text)
        elif text.strip():
            raise AlignmentFormatError(path, f"starts with {text[:20]!r}; a FASTA file starts with '>'", line)
        blank = not text.strip()
    if header is not None:
        yield _row(header, letters), header.parted


def parse(lines: Lines, path: Path) -> Iterator[list[Row]]:
    """The alignments of a file.

    Blank lines part them, unless that would leave a row alone.
    """
    blocks: list[list[Row]] = []
    for row, parted in records(lines, path):
        if parted or not blocks:
            blocks.append([])
        blocks[-1].append(row)
    if any(len(block) == 1 for block in blocks):
        blocks = [[row for block in blocks for row in block]]
    yield from blocks


def render(alignments: Sequence[Alignment]) -> Iterator[str]:
    """Two records an alignment, the rows on one line each.

    A header has coordinates where only a part of the sequence is aligned, or its other strand.
    """
    for i, each in enumerate(alignments):
        x_row, y_row = each.rows()
        x_name = _label(each.x_name, (each.x_start, each.x_end), len(each.x), "+")
        y_name = _label(each.y_name, each.y_interval, len(each.y), each.y_strand)
        parting = "\n" if i else ""
        yield f"{parting}>{x_name}\n{x_row}\n>{y_name}\n{y_row}\n"


def _row(header: _Header, letters: Sequence[str]) -> Row:
    return Row(header.line, header.name, "".join("".join(letters).split()))


def _label(name: str, part: tuple[int, int], length: int, strand: str) -> str:
    if part == (0, length):
        return name if strand == "+" else f"{name}({strand})"
    return str(Interval(name, *part, "." if strand == "+" else strand))


ALIGNMENT_FORMATS.register("fasta")(AlignmentFormat(".fa", render, matches, parse))
