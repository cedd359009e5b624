"""Aligned FASTA: the rows of an alignment as records with gaps.

Where a file holds several alignments, a blank line parts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from motifnet.errors import AlignmentFormatError, shown
from motifnet.io.alignment_format import (
    ALIGNMENT_FORMATS,
    AlignmentBlock,
    AlignmentFormat,
    AlignmentRow,
    Lines,
)
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.place import name_of_part


class _Header(NamedTuple):
    """Where a record begins, its name, and whether a blank line stands before it."""

    line: int
    name: str
    parted: bool


def matches(line: str) -> bool:
    """Whether a file that begins with this line is FASTA."""
    return line.startswith(">")


def records(lines: Lines, path: Path) -> Iterator[tuple[AlignmentRow, bool]]:
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
            raise AlignmentFormatError(
                path, f"starts with {shown(text, 20)!r}; a FASTA file starts with '>'", line
            )
        blank = not text.strip()
    if header is not None:
        yield _row(header, letters), header.parted


def parse(lines: Lines, path: Path) -> Iterator[AlignmentBlock]:
    """The alignments of a file.

    Blank lines part them, unless that would leave a row alone.
    """
    blocks: list[list[AlignmentRow]] = []
    for row, parted in records(lines, path):
        if parted or not blocks:
            blocks.append([])
        blocks[-1].append(row)
    if any(len(block) == 1 for block in blocks):
        blocks = [[row for block in blocks for row in block]]
    yield from map(AlignmentBlock, blocks)


def render(alignments: Sequence[Alignment]) -> Iterator[str]:
    """Two records an alignment, the rows on one line each.

    A header has coordinates where only a part of the sequence is aligned, or its other strand; an
    alignment that goes across the origin of a circle is written as two.
    """
    for i, each in enumerate(piece for one in alignments for piece in one.pieces()):
        x_row, y_row = each.rows()
        x_name = name_of_part(each.x_name, each.x_place, each.x_start, each.x_end)
        y_name = name_of_part(each.y_name, each.y_place, each.y_start, each.y_end)
        parting = "\n" if i else ""
        yield f"{parting}>{x_name}\n{x_row}\n>{y_name}\n{y_row}\n"


def _row(header: _Header, letters: Sequence[str]) -> AlignmentRow:
    return AlignmentRow(header.line, header.name, "".join("".join(letters).split()))


ALIGNMENT_FORMATS.register("fasta")(AlignmentFormat(".fa", render, matches, parse))
