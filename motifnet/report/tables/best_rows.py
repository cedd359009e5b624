"""The best few of each motif, where a table has not room for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

One = TypeVar("One")


def best_rows(ranked: Sequence[Sequence[One]], most: int, key: Callable[[One], Any]) -> list[One]:
    """The best of each list, then the second of each, and so on, until there are enough; the best first.

    So a motif that scores more than all others does not fill the table, and one that has few rows
    leaves its share to the others.

    Parameters
    ----------
    ranked : sequence of sequence
        The rows of each motif, the best first.
    most : int
        Rows at most. Where there are more motifs, those with the best rows have one.
    key : callable
        What rows are ordered by, from the smallest on.

    Returns
    -------
    list

    Examples
    --------
    >>> best_rows([[1, 2, 3, 4], [20], [5, 30, 40]], 6, key=lambda one: one)
    [1, 2, 3, 5, 20, 30]
    >>> best_rows([[1, 2], [20], [5]], 2, key=lambda one: one)
    [1, 5]
    """
    turns = [(turn, key(row), row) for rows in ranked for turn, row in enumerate(rows)]
    chosen = sorted(turns, key=lambda one: one[:2])[:most]
    return [row for *_, row in sorted(chosen, key=lambda one: one[1])]
