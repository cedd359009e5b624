"""Sequences two by two, as pairwise alignment takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from motifnet.errors import ShapeMismatch
from motifnet.symbols.alphabet import DNA
from motifnet.symbols.place import Place
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
    x_places, y_places : sequence of Place, optional
        Where each sequence lies in its source; if not given, each is the whole of what its name
        says.
    groups : sequence of str, optional
        What each pair is of, such as ``hg18 and mm9``: pairs of different groups may have come about under
        different models. Empty where nothing is known, which is a group as well.

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
    x_places: Sequence[Place] = None  # type: ignore[assignment]  # those of the whole are put in afterwards
    y_places: Sequence[Place] = None  # type: ignore[assignment]  # the same
    groups: Sequence[str] = None  # type: ignore[assignment]  # the same

    def __post_init__(self) -> None:
        for side, sequences in (("x_places", self.x), ("y_places", self.y)):
            if getattr(self, side) is None:
                whole = zip(sequences.names, sequences.lengths.tolist(), strict=True)
                object.__setattr__(self, side, [Place.whole(*each) for each in whole])
        if self.groups is None:
            object.__setattr__(self, "groups", [""] * len(self.x))
        for what in ("y", "names", "x_places", "y_places", "groups"):
            n = len(getattr(self, what))
            if n != len(self.x):
                raise ShapeMismatch(what, (n,), f"({len(self.x)},), one for each sequence of x")

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Codes of the two sequences of a pair, ``shape=(length,)`` each: views."""
        return self.x[index], self.y[index]

    def swapped(self) -> PairedSequences:
        """The same pairs with x and y in each other's place."""
        return replace(self, x=self.y, y=self.x, x_places=self.y_places, y_places=self.x_places)

    def by_group(self) -> dict[str, np.ndarray]:
        """Indices of the pairs of each group, in the order in which groups are first met.

        Examples
        --------
        >>> some = Sequences.from_text(["ACGT", "ACGA", "TTTT"])
        >>> pairs = PairedSequences(some, some, ["a", "b", "c"], groups=["dog", "mouse", "dog"])
        >>> {group: which.tolist() for group, which in pairs.by_group().items()}
        {'dog': [0, 2], 'mouse': [1]}
        """
        of_group: dict[str, list[int]] = {}
        for i, group in enumerate(self.groups):
            of_group.setdefault(group, []).append(i)
        return {group: np.array(which, np.int64) for group, which in of_group.items()}

    def as_one_group(self) -> PairedSequences:
        """The same pairs, of which nothing is known that sets some apart."""
        return replace(self, groups=[""] * len(self))

    def select(self, chosen: Sequence[int] | np.ndarray) -> PairedSequences:
        """Some of the pairs, in the order asked for."""
        index = np.asarray(chosen, np.int64)
        return PairedSequences(
            self.x.select(index),
            self.y.select(index),
            [self.names[i] for i in index],
            [self.x_places[i] for i in index],
            [self.y_places[i] for i in index],
            [self.groups[i] for i in index],
        )

    def turned(self, chosen: Sequence[int] | np.ndarray) -> PairedSequences:
        """The pairs with the second sequences of some of them read on their other strand.

        Examples
        --------
        >>> pairs = PairedSequences(Sequences.from_text(["AC"]), Sequences.from_text(["TC"]), ["one"])
        >>> pairs.turned([0]).y.text(0), pairs.turned([0]).y_places[0].strand
        ('GA', '-')
        """
        codes, places = [self.y[i] for i in range(len(self))], list(self.y_places)
        for i in chosen:
            codes[i], places[i] = DNA.reverse_complement(codes[i]), places[i].turned()
        return replace(self, y=Sequences.from_codes(codes, self.y.names), y_places=places)
