"""Ties between the parameters of a pair HMM: which of them are one and the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from motifnet.errors import FileFormatError, InvalidValue, MissingFile
from motifnet.registry import Registry
from motifnet.symbols.alphabet import DNA
from motifnet.ties import Tie

PAIR_TIES: Registry[Callable[[PairTies], PairTies]] = Registry("tie of a pair HMM")
"""Named ties: each adds its symmetry to others."""

_SIDES = "XY"
_ENTRY = re.compile(r"(?P<array>match|insert|open|extend)\.(?P<rest>[A-Z]+(?:\.[A-Z0-9]+)?)")
_NAMES = "match.AC, insert.X.A or insert.X, open.X (open.X.2 of the second class), extend.Y"


@dataclass(frozen=True)
class PairTies:
    """A tie for each array of a :class:`~motifnet.hmm.pair.PairHmm`.

    Parameters
    ----------
    match : Tie, shape (4, 4)
    insert : Tie, shape (2, 4)
    open, extend : Tie, shape (2, n_classes)

    Examples
    --------
    >>> PairTies.of(["gaps"], n_classes=1).open
    Tie(2x1: 1x2)
    >>> PairTies.of([], n_classes=1).n_free, PairTies.of(["lineages"], n_classes=1).n_free
    (26, 15)
    """

    match: Tie
    insert: Tie
    open: Tie
    extend: Tie

    @classmethod
    def none(cls, n_classes: int) -> PairTies:
        """Nothing is tied."""
        gaps = Tie.untied((2, n_classes))
        return cls(Tie.untied((4, 4)), Tie.untied((2, 4)), gaps, gaps)

    @classmethod
    def of(cls, names: Iterable[str], *, n_classes: int) -> PairTies:
        """All named ties at once; a name that is a path is a file of groups (see :func:`read_ties`).

        Raises
        ------
        UnknownName
        """
        ties = cls.none(n_classes)
        for name in names:
            if name in PAIR_TIES or not Path(name).suffix:
                ties = PAIR_TIES[name](ties)
            else:
                ties = read_ties(name, ties)
        return ties.checked()

    @property
    def n_classes(self) -> int:
        """Classes of gaps."""
        return self.open.shape[1]

    def joined(self, **ties: Tie) -> PairTies:
        """Some of the arrays tied further."""
        return replace(self, **{name: getattr(self, name).join(tie) for name, tie in ties.items()})

    @property
    def free(self) -> dict[str, int]:
        """Free parameters of each array, less one for each distribution, and of the end."""
        return {
            "match": self.match.n_free - 1,
            "insert": self.insert.n_free - (1 if _rows_are_one(self.insert) else 2),
            "open": self.open.n_free,
            "extend": self.extend.n_free,
            "end": 1,
        }

    @property
    def n_free(self) -> int:
        """Free parameters in all."""
        return sum(self.free.values())

    @property
    def swaps(self) -> bool:
        """Whether no model under these ties knows which sequence is X."""
        return lineages(self) == self

    @property
    def turns(self) -> bool:
        """Whether every model under these ties reads both strands alike."""
        return strand(self) == self

    def with_match(self, match: Tie, name: str) -> PairTies:
        """These ties, with that of matches which a substitution model keeps.

        Raises
        ------
        InvalidValue
            If matches are tied further than the model ties them.
        """
        if self.match.join(match) != match:
            raise InvalidValue(
                "tie", repr(self.match), f"no tie of matches that {name} breaks, such as 'strand'"
            )
        return replace(self, match=match)

    def checked(self) -> PairTies:
        """The same, if every row of bases can be told from its pooled counts.

        Raises
        ------
        InvalidValue
            If bases of X alone are tied to those of Y alone in part: a distribution that is shared
            in part has no closed form.
        """
        rows = np.arange(2)[:, None] + np.zeros((2, 4), int)
        label = self.insert.label
        crossing = [len(np.unique(rows[label == k])) == 2 for k in range(self.insert.n_free)]
        if any(crossing) and not all(crossing):
            raise InvalidValue("insert", repr(self.insert), "all bases of insert.X tied to insert.Y, or none")
        return self

    def arrays(self) -> dict[str, Tie]:
        """The tie of each array, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def averaged(tie: Tie, array: np.ndarray) -> np.ndarray:
    """The array with every orbit at its mean: the pooled counts of a tied M-step, dealt evenly."""
    return np.asarray(tie.expand(tie.project(np.asarray(array, np.float64))))


def _rows_are_one(tie: Tie) -> bool:
    label = tie.label
    return set(label[0]) == set(label[1])


def _entries(tie: Tie) -> np.ndarray:
    """The entries of a tied array, numbered from 1."""
    return 1 + np.arange(tie.label.size).reshape(tie.shape)


def _fixed(tie: Tie, move: Callable[[np.ndarray], np.ndarray]) -> Tie:
    """The tie of arrays of the same shape that a move leaves as they are."""
    return Tie.fixed_by(move(_entries(tie)), shape=tie.shape)


def _sides(ties: PairTies, *names: str) -> PairTies:
    return ties.joined(**{name: _fixed(getattr(ties, name), np.flipud) for name in names})


@PAIR_TIES.register("none")
def none(ties: PairTies) -> PairTies:
    """Nothing is tied."""
    return ties


@PAIR_TIES.register("open")
def opening(ties: PairTies) -> PairTies:
    """Gaps open as often in X as in Y."""
    return _sides(ties, "open")


@PAIR_TIES.register("extend")
def extension(ties: PairTies) -> PairTies:
    """Gaps are as long in X as in Y."""
    return _sides(ties, "extend")


@PAIR_TIES.register("insert")
def insertion(ties: PairTies) -> PairTies:
    """Bases that stand alone are drawn alike in X and in Y."""
    return _sides(ties, "insert")


@PAIR_TIES.register("gaps")
def gaps(ties: PairTies) -> PairTies:
    """All of the gaps of X equals that of Y: open, extend and insert."""
    return _sides(ties, "open", "extend", "insert")


@PAIR_TIES.register("match")
def matching(ties: PairTies) -> PairTies:
    """A column of A and C is as likely as one of C and A."""
    return ties.joined(match=_fixed(ties.match, np.transpose))


@PAIR_TIES.register("lineages")
def lineages(ties: PairTies) -> PairTies:
    """Gaps and matches: the model does not know which sequence is X."""
    return matching(gaps(ties))


@PAIR_TIES.register("strand")
def strand(ties: PairTies) -> PairTies:
    """Bases are as likely as their complements: the model reads both strands alike."""
    return ties.joined(
        match=_fixed(ties.match, np.flip),
        insert=_fixed(ties.insert, np.fliplr),
    )


def read_ties(path: str | Path, ties: PairTies) -> PairTies:
    """Ties with those of a file added: a line ``open.X = open.Y`` for each group of equals.

    Parameters
    ----------
    path : str or Path
        Text; empty lines and those that begin with ``#`` say nothing.
    ties : PairTies
        What is tied already.

    Raises
    ------
    MissingFile, FileFormatError
    """
    try:
        lines = Path(path).read_text().splitlines()
    except (FileNotFoundError, IsADirectoryError):
        raise MissingFile(path, "ties file") from None
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        groups = [_named(word.strip(), ties, path, number) for word in text.split("=")]
        kinds = {(array, len(entries)) for array, entries in groups}
        if len(groups) < 2 or len(kinds) > 1:
            raise FileFormatError(
                path, f"{text!r} does not tie like with like, as open.X = open.Y does", line=number
            )
        array = groups[0][0]
        for members in zip(*(entries for _, entries in groups), strict=True):
            ties = ties.joined(**{array: _equal(getattr(ties, array), members)})
    return ties


def _equal(tie: Tie, members: tuple[tuple[int, int], ...]) -> Tie:
    """The tie of some entries of an array of the same shape."""
    image = _entries(tie)
    for one, other in pairwise(members):
        image[one], image[other] = image[other], image[one]
    return Tie.fixed_by(image, shape=tie.shape)


def _named(word: str, ties: PairTies, path: str | Path, line: int) -> tuple[str, list[tuple[int, int]]]:
    """The array that a name is of, and the entries that it names."""
    found = _ENTRY.fullmatch(word)
    parts = [] if found is None else [found["array"], *found["rest"].split(".")]
    try:
        return parts[0], _placed(parts, ties.n_classes)
    except (IndexError, ValueError):
        raise FileFormatError(
            path, f"{word!r} is no parameter; expected one such as {_NAMES}", line=line
        ) from None


def _placed(parts: list[str], n_classes: int) -> list[tuple[int, int]]:
    array, which, *rest = parts
    if array == "match":
        one, other = list(which)
        return [(DNA.letters.index(one), DNA.letters.index(other))]
    side = _SIDES.index(which)
    if array == "insert":
        return [(side, DNA.letters.index(letter)) for letter in (rest[0] if rest else DNA.letters)]
    number = int(rest[0]) - 1 if rest else 0
    if not 0 <= number < n_classes:
        raise ValueError
    return [(side, number)] if rest else [(side, k) for k in range(n_classes)]
