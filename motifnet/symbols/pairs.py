"""Sequences two by two, as pairwise alignment takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motifnet.errors import ShapeMismatch
from motifnet.symbols.sequences import Sequences


@dataclass(frozen=True, eq=False)
class PairedSequences:
    """Pairs of sequences.

    Parameters
    ----------
    x, y : Sequences
        The first and the second of each pair, as many of each.
    names : sequence of str
        One for each pair.

    Raises
    ------
    ShapeMismatch
        If there are not as many of each.

    Examples
    --------
    >>> pairs = PairedSequences(Sequences.from_text(["ACGT"]), Sequences.from_text(["ACT"]), ["one"])
    >>> len(pairs), [codes.tolist() for codes in pairs[0]]
    (1, [[0, 1, 2, 3], [0, 1, 3]])
    """

    x: Sequences
    y: Sequences
    names: Sequence[str]

    def __post_init__(self) -> None:
        for what, n in (("y", len(self.y)), ("names", len(self.names))):
            if n != len(self.x):
                raise ShapeMismatch(what, (n,), f"({len(self.x)},), one for each sequence of x")

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Codes of the two sequences of a pair, ``shape=(length,)`` each: views."""
        return self.x[index], self.y[index]

    def swapped(self) -> PairedSequences:
        """The same pairs with x and y in each other's place."""
        return PairedSequences(self.y, self.x, self.names)
