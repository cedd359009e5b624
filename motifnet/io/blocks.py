"""Motif files in which each motif begins with a ``>`` line, and how their matrices lie.

A file that holds one matrix alone may do without that line.

A matrix has a row for each base (JASPAR), or a row for each column of the motif, bare or led by the
letter of its consensus. A motif of four columns looks alike in both; then its sums decide, and where they
do not, a person has to.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.motif_format import (
    Lines,
    as_dna,
    file_stem,
    first_content,
    four_numbers,
    is_blank,
    is_numeric,
    not_understood,
)

_LETTERED = re.compile(r"([A-Za-z])\s+(?=[-+\d.])(.*)")
_COMMENTED_HEADER = re.compile(r"\s*#+\s*>")
_EVEN = 0.02  # relative difference of sums that are the same but for rounding


class MotifBlock(NamedTuple):
    """One motif of such a file.

    Parameters
    ----------
    line : int
        1-based line where it begins.
    header : str
        Without the ``>``; where there is none, something to name the motif by.
    rows : sequence of (int, str)
        The numbered lines of its matrix.
    """

    line: int
    header: str
    rows: Lines


class MatrixRows(Enum):
    """What a row of a matrix is."""

    BASE = "the counts of a base"
    COLUMN = "a column of the motif"
    EITHER = "either"  # all matrices are square, and nothing tells
    NEITHER = "none of a bare or lettered matrix"


def split_blocks(lines: Lines, path: Path) -> list[MotifBlock]:
    """The blocks of a file, without blank lines and comments.

    Raises
    ------
    MotifFormatError
        If something stands before the first ``>``, or if rows go on behind a blank line or behind a ``>``
        that was made a comment: they would be those of another motif.
    """
    if not n_heads(lines):
        return [MotifBlock(first_number(lines), file_stem(path), _rows(lines, path))]
    begins = [i for i, (_, text) in enumerate(lines) if text.lstrip().startswith(">")]
    before = _rows(lines[: begins[0]], path)
    if before:
        raise not_understood(before[0][1], "'>' and a name before the rows of each motif", path, before[0][0])
    ends = [*begins[1:], len(lines)]
    return [
        MotifBlock(
            lines[i][0],
            lines[i][1].strip()[1:].strip() or f"line_{lines[i][0]}",
            _rows(lines[i + 1 : j], path),
        )
        for i, j in zip(begins, ends, strict=True)
    ]


def n_heads(lines: Lines) -> int:
    """How many lines begin with ``>``."""
    return sum(text.lstrip().startswith(">") for _, text in lines)


def n_motifs(lines: Lines) -> int:
    """How many motifs a file of blocks must give: one, if no line begins with ``>``."""
    return max(1, n_heads(lines))


def first_number(lines: Lines) -> int:
    """The number of the first line that is neither blank nor a comment."""
    return next((line for line, text in lines if not is_blank(text)), 1)


def _rows(lines: Lines, path: Path) -> Lines:
    """What is left of lines without blank ones and comments."""
    rows: list[tuple[int, str]] = []
    gap = ""
    for line, text in lines:
        if _COMMENTED_HEADER.match(text):
            gap = "the name of a motif that is a comment"
        elif not text.strip():
            gap = gap or (rows and "a blank line") or ""
        elif not is_blank(text):
            if gap:
                raise MotifFormatError(
                    path,
                    f"has rows behind {gap}; expected '>' and a name before the rows of each motif",
                    line,
                )
            rows.append((line, text.strip()))
    return rows


def columns(block: MotifBlock, name: str, path: Path) -> np.ndarray:
    """The matrix of a block that has a row for each column of its motif, ``(4, width)``.

    Raises
    ------
    MotifFormatError
        If a row has not four numbers, or there is none.
    """
    if not block.rows:
        raise MotifFormatError(path, f"motif {name} has no rows; expected rows of 4 numbers", block.line)
    return np.transpose([four_numbers(text, path, line) for line, text in block.rows])


def is_homer_header(text: str) -> bool:
    """Whether a line begins a motif of HOMER: consensus, name and a threshold, parted by tabs."""
    fields = text.split("\t")
    return text.startswith(">") and len(fields) > 2 and is_numeric(fields[2])


def is_lettered(text: str) -> bool:
    """Whether a line is a letter and numbers."""
    match = _LETTERED.match(text)
    return match is not None and is_numeric(match[2])


def lettered(text: str) -> tuple[str, str]:
    """The letter and the numbers of a row; the letter is empty if there is none."""
    match = _LETTERED.match(text)
    return (match[1], match[2]) if match else ("", text)


def layout(lines: Lines) -> MatrixRows:
    """What the rows of bare matrices are, or of matrices whose rows are led by one letter each."""
    if is_homer_header(first_content(lines)):
        return MatrixRows.NEITHER
    first = lettered(first_row(lines))[1]
    if not is_numeric(first):
        return MatrixRows.NEITHER
    if_not_square = MatrixRows.COLUMN if len(first.split()) == len("ACGT") else MatrixRows.BASE
    texts = _loosely_split(lines)
    if any(len(rows) != len("ACGT") for rows in texts):
        return if_not_square
    blocks = [[lettered(text) for text in rows] for rows in texts]
    if not all(is_numeric(text) for rows in blocks for _, text in rows) or not _name_bases(blocks):
        return if_not_square
    widths = {len(text.split()) for rows in blocks for _, text in rows}
    return MatrixRows.BASE if widths != {4} else _of_squares(blocks)


def _loosely_split(lines: Lines) -> list[list[str]]:
    """The lines of each block, whatever they hold."""
    parts: list[list[str]] = [[]]
    for _, text in lines:
        text = text.strip()
        if text.startswith(">"):
            parts.append([])
        elif text and not text.startswith("#"):
            parts[-1].append(text)
    return [part for part in parts if part]


def _name_bases(blocks: list[list[tuple[str, str]]]) -> bool:
    """Whether the letters of the rows are none, or those of the four bases."""
    letters = [as_dna("".join(letter for letter, _ in rows)) for rows in blocks]
    return all(each == "" or sorted(each) == list("ACGT") for each in letters)


def _of_squares(blocks: list[list[tuple[str, str]]]) -> MatrixRows:
    """What the rows of matrices are that all are square, by what sums to the same."""
    matrices = np.array([[text.split() for _, text in rows] for rows in blocks], np.float64)
    if (matrices == matrices.transpose(0, 2, 1)).all():
        return MatrixRows.BASE if blocks[0][0][0] else MatrixRows.COLUMN  # which is the same
    may_be_base = _are_even(matrices.sum(1))
    may_be_column = _are_even(matrices.sum(2))
    letters = [as_dna("".join(letter for letter, _ in rows)) for rows in blocks]
    if letters[0]:
        # A letter that leads a column is that of its most frequent base.
        own = np.array([["ACGT".index(letter) for letter in each] for each in letters])
        of_letter = np.take_along_axis(matrices, own[:, :, None], 2)[..., 0]
        may_be_column = may_be_column and bool((of_letter == matrices.max(2)).all())
        if not may_be_column:
            return MatrixRows.BASE
        # Rows for bases come in order; letters that do not are those of a consensus.
        may_be_base = may_be_base and set(letters) == {"ACGT"}
    if may_be_base == may_be_column:
        return MatrixRows.EITHER
    return MatrixRows.BASE if may_be_base else MatrixRows.COLUMN


def _are_even(sums: np.ndarray) -> bool:
    """Whether the sums of each matrix, ``shape=(n, 4)``, are the same but for rounding."""
    return bool((np.ptp(sums, axis=1) <= _EVEN * np.abs(sums).max(1)).all())


def refuse_ambiguous(lines: Lines, path: Path) -> None:
    """Raise the error for matrices that may be read in two ways.

    Raises
    ------
    MotifFormatError
        If all are of four rows and four numbers, and nothing tells what a row is.
    """
    if layout(lines) == MatrixRows.EITHER:
        by_column = "encode" if lettered(first_row(lines))[0] else "pfm"
        raise MotifFormatError(
            path,
            "has matrices of 4 rows of 4 numbers, which may be bases or positions; say which with motifnet "
            f"convert --input-format jaspar (a row for each base) or --input-format {by_column} (one for "
            "each position)",
        )


def first_row(lines: Lines) -> str:
    """The first row of the first matrix."""
    return first_content([each for each in lines if not each[1].lstrip().startswith(">")]).strip()
