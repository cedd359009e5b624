"""Motif files in which each motif begins with a ``>`` line, and how their matrices lie."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.io.formats import Lines, first_content, is_blank, is_numeric


class Block(NamedTuple):
    """One motif of such a file.

    Parameters
    ----------
    line : int
        1-based line of its header.
    header : str
        Without the ``>``.
    rows : sequence of (int, str)
        The numbered lines of its matrix.
    """

    line: int
    header: str
    rows: Lines


def split(lines: Lines) -> list[Block]:
    """The blocks of a file, without blank lines and comments; none, if it does not begin with one."""
    kept = [(line, text.strip()) for line, text in lines if not is_blank(text)]
    begins = [i for i, (_, text) in enumerate(kept) if text.startswith(">")]
    if not begins or begins[0] != 0:
        return []
    ends = [*begins[1:], len(kept)]
    return [
        Block(kept[i][0], kept[i][1][1:].strip(), kept[i + 1 : j]) for i, j in zip(begins, ends, strict=True)
    ]


def first_row(lines: Lines) -> str:
    """The first row of the first matrix; empty if the file does not begin with a block."""
    if not first_content(lines).startswith(">"):
        return ""
    return first_content([each for each in lines if not each[1].lstrip().startswith(">")])


def is_base_by_row(lines: Lines) -> bool:
    """Whether bare matrices have one row for each base, and not one row for each column of the motif.

    Both kinds are in use, and nothing in the file tells them apart, unless a matrix is not
    square. Where all are, the counts of a column sum to the same number more often.
    """
    blocks = split(lines)
    if any(len(block.rows) != 4 for block in blocks):
        return False
    widths = {len(text.split()) for block in blocks for _, text in block.rows}
    if widths != {4} or not all(is_numeric(text) for block in blocks for _, text in block.rows):
        return True
    matrices = np.array([[text.split() for _, text in block.rows] for block in blocks], np.float64)
    return bool(np.ptp(matrices.sum(1), axis=1).sum() <= np.ptp(matrices.sum(2), axis=1).sum())
