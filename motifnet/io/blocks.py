"""Motif files in which each motif begins with a ``>`` line, and how their matrices lie.

A file that holds one matrix alone may do without that line.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.formats import Lines, file_stem, first_content, four_numbers, is_blank, is_numeric


class Block(NamedTuple):
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


def split(lines: Lines, path: Path) -> list[Block]:
    """The blocks of a file, without blank lines and comments."""
    kept = [(line, text.strip()) for line, text in lines if not is_blank(text)]
    begins = [i for i, (_, text) in enumerate(kept) if text.startswith(">")]
    if not begins:
        return [Block(kept[0][0], file_stem(path), kept)]
    ends = [*begins[1:], len(kept)]
    return [
        Block(kept[i][0], kept[i][1][1:].strip() or f"line_{kept[i][0]}", kept[i + 1 : j])
        for i, j in zip(begins, ends, strict=True)
    ]


def first_row(lines: Lines) -> str:
    """The first row of the first matrix."""
    return first_content([each for each in lines if not each[1].lstrip().startswith(">")])


def columns(block: Block, name: str, path: Path) -> np.ndarray:
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


def is_base_by_row(lines: Lines) -> bool:
    """Whether bare matrices have one row for each base, and not one row for each column of the motif.

    Both kinds are in use, and nothing in the file tells them apart, unless a matrix is not
    square. Where all are, the counts of a column sum to the same number more often.
    """
    blocks = split(lines, Path())
    if any(len(block.rows) != 4 for block in blocks):
        return False
    widths = {len(text.split()) for block in blocks for _, text in block.rows}
    if widths != {4} or not all(is_numeric(text) for block in blocks for _, text in block.rows):
        return True
    matrices = np.array([[text.split() for _, text in block.rows] for block in blocks], np.float64)
    return bool(np.ptp(matrices.sum(1), axis=1).sum() <= np.ptp(matrices.sum(2), axis=1).sum())
