"""The letters of an alignment in lines of equal width, each column shaded by its confidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from motifnet.report.drawing.shades import shade
from motifnet.symbols.alignment import X_ONLY, Y_ONLY, Alignment, Runs
from motifnet.symbols.place import Place

COLUMNS_A_LINE = 100
"""Columns a line."""

_SAME = "|"  # between two bases that are the same


class ShadedColumns(NamedTuple):
    """Neighbouring columns of one shade, three letters high: x, a bar between equal bases, y.

    Parameters
    ----------
    shade : int
        See :func:`motifnet.report.drawing.shades.shade`.
    x, bars, y : str
        The three rows, of the same length.
    """

    shade: int
    x: str
    bars: str
    y: str


class AlignmentLine(NamedTuple):
    """Columns that stand side by side.

    Parameters
    ----------
    x, y : tuple of two int
        1-based places of the first and the last base of each sequence, both 0 if the line has none.
        Those of a sequence that is read backwards fall.
    pieces : list of ShadedColumns
    """

    x: tuple[int, int]
    y: tuple[int, int]
    pieces: list[ShadedColumns]


def alignment_lines(alignment: Alignment, most_columns: int) -> Iterator[AlignmentLine]:
    """The first columns of an alignment, :data:`COLUMNS_A_LINE` a line.

    Parameters
    ----------
    alignment : Alignment
        Without confidence, nothing is shaded.
    most_columns : int

    Yields
    ------
    AlignmentLine

    Examples
    --------
    >>> (line,) = alignment_lines(Alignment.from_rows("ACGT", "A-GA"), most_columns=60)
    >>> line.x, line.y, line.pieces[0].bars
    ((1, 4), (1, 3), '| | ')
    """
    rows = alignment.rows()
    x_row, y_row = rows
    bars = "".join(_SAME if a == b and a in "ACGT" else " " for a, b in zip(*rows, strict=True))
    x = _places(alignment.columns != Y_ONLY, alignment.x_part)
    y = _places(alignment.columns != X_ONLY, alignment.y_part)
    shades = _shades(alignment)
    n_columns = min(most_columns, len(bars))
    for start in range(0, n_columns, COLUMNS_A_LINE):
        part = slice(start, min(start + COLUMNS_A_LINE, n_columns))
        pieces = [
            ShadedColumns(level, x_row[a : a + n], bars[a : a + n], y_row[a : a + n])
            for level, a, n in _pieces(shades[part], start)
        ]
        yield AlignmentLine(_ends(x[part]), _ends(y[part]), pieces)


def _places(has_base: np.ndarray, part: Place) -> np.ndarray:
    """1-based place in its source of each column's base, ``shape=(n_columns,)``; 0 where there is none."""
    return np.where(has_base, part.positions(np.cumsum(has_base) - 1) + 1, 0)


def _ends(places: np.ndarray) -> tuple[int, int]:
    bases = places[places > 0]
    return (int(bases[0]), int(bases[-1])) if len(bases) else (0, 0)


def _shades(alignment: Alignment) -> np.ndarray:
    if alignment.confidence is None:
        return np.zeros(len(alignment.columns), np.int64)
    return shade(alignment.confidence)


def _pieces(shades: np.ndarray, start: int) -> Iterator[tuple[int, int, int]]:
    """Shade, first column and number of columns of each piece of a line that begins at ``start``."""
    runs = Runs.of(shades)
    yield from zip(runs.kind.tolist(), (runs.start + start).tolist(), runs.length.tolist(), strict=True)
