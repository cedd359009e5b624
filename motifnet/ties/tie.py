"""The tie: which entries of an array are one and the same free parameter."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch, shown

# Ties of numpy arrays, such as those of the pair HMM, do not wait for torch.
if TYPE_CHECKING:
    from torch import Tensor

Action = Callable[["Tensor"], "Tensor"]
"""A signed permutation of the entries of an array, such as ``lambda w: w.flip(0, 1)``."""

Array = TypeVar("Array", "Tensor", np.ndarray)

_TEXT = re.compile(r"(?:Tie\()?(?P<shape>(?:\d{1,18}(?:x|(?=:)))*): *(?P<runs>[-\d.x ]*)\)?", re.ASCII)
_RUN = re.compile(r"(?P<first>-?\d{1,18})(?:\.\.(?P<last>-?\d{1,18})|x(?P<times>\d{1,18}))?", re.ASCII)
_MOST_ENTRIES = 10_000_000  # of a tie that is read from text


@dataclass(frozen=True, eq=False, repr=False)
class Tie:
    """A colouring of an array of parameters: same label, same free parameter.

    A tie is a value: it never changes, equal ties are ``==`` and hash alike, and its ``repr`` is
    text from which :meth:`parse` makes it again. It holds no parameters itself.

    Parameters
    ----------
    label : numpy.ndarray of int64, shape=(*shape)
        Index of the free parameter that each entry reads: 0 to ``n_free - 1``, each used.
    sign : numpy.ndarray of int8, shape=(*shape)
        +1 or -1, by which the free parameter is multiplied; 0 where the tie forces the entry to
        be zero, whatever the label.

    Raises
    ------
    ShapeMismatch
        If ``label`` and ``sign`` differ in shape.
    InvalidValue
        If a sign is not -1, 0 or +1, or the labels leave a gap.

    Examples
    --------
    A palindrome of width 3, seen by one base alone, reads the same from both ends:

    >>> import torch
    >>> tie = Tie.invariant_under((3,), [lambda w: w.flip(0)])
    >>> tie
    Tie(3: 1..2 1)
    >>> tie.n_free, tie.expand(torch.tensor([5.0, 7.0])).tolist()
    (2, [5.0, 7.0, 5.0])
    >>> tie.project(torch.tensor([1.0, 2.0, 3.0])).tolist()
    [2.0, 2.0]
    >>> tie.pool(torch.tensor([1.0, 2.0, 3.0])).tolist()
    [4.0, 2.0]
    """

    label: np.ndarray
    sign: np.ndarray
    n_free: int = field(init=False)

    def __post_init__(self) -> None:
        sign = np.array(self.sign, np.int8)
        label = np.array(self.label, np.int64)
        if label.shape != sign.shape:
            raise ShapeMismatch("sign", sign.shape, f"the shape of label, {label.shape}")
        if not np.isin(sign, (-1, 0, 1)).all():
            raise InvalidValue("sign", np.unique(sign).tolist(), "-1, 0 and +1 only")
        used = np.unique(label[sign != 0])
        if not np.array_equal(used, np.arange(len(used))):
            raise InvalidValue("label", used.tolist(), "0, 1, 2, ... without a gap")
        label[sign == 0] = 0
        for array in (label, sign):
            array.flags.writeable = False
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "sign", sign)
        object.__setattr__(self, "n_free", len(used))

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the tied array."""
        return self.label.shape

    @property
    def orbit_sizes(self) -> np.ndarray:
        """Number of entries that read each free parameter, ``shape=(n_free,)``."""
        return np.bincount(self.label[self.sign != 0], minlength=self.n_free)

    def expand(self, free: Array) -> Array:
        """The array that free parameters, ``shape=(n_free,)``, stand for, ``shape=(*shape)``.

        Numpy in, numpy out; a tensor in, a tensor out, with its gradient. So do all methods.
        """
        if tuple(free.shape) != (self.n_free,):
            raise ShapeMismatch("free", free.shape, f"({self.n_free},)")
        if isinstance(free, np.ndarray):
            return np.append(free, free.dtype.type(0))[self.label] * self.sign
        return _tensors().expand(free, *self._on(free))

    def pool(self, array: Array) -> Array:
        """The signed sum of an array over each orbit, ``shape=(n_free,)``.

        This is the adjoint of :meth:`expand`. So it is the gradient of the free parameters where
        ``array`` is that of the entries, and the pooled counts of a tied M-step where ``array``
        holds the expected counts of each entry.
        """
        self._check(array)
        if isinstance(array, np.ndarray):
            total = np.bincount(self.label.ravel(), (array * self.sign).ravel(), max(self.n_free, 1))
            return total[: self.n_free].astype(array.dtype)
        return _tensors().pool(array, *self._on(array), self.n_free)

    def project(self, array: Array) -> Array:
        """The free parameters, ``shape=(n_free,)``, whose array is nearest in least squares."""
        total = self.pool(array)
        return total / _beside(self.orbit_sizes, total)

    def representatives(self, array: Array) -> Array:
        """The first entry of each orbit, with its sign, ``shape=(n_free,)``.

        Unlike :meth:`project`, which averages, this keeps the standard deviation of entries that
        were drawn at random.
        """
        self._check(array)
        first = _first_entries(self.label, self.sign)
        chosen = array.reshape(-1)[first]
        return chosen * _beside(self.sign.ravel()[first], chosen)

    def join(self, other: Tie) -> Tie:
        """Both ties at once.

        Orbits that share an entry become one; an orbit that meets itself with the opposite sign
        is zero.

        Examples
        --------
        >>> ends = Tie.invariant_under((4,), [lambda w: w.flip(0)])
        >>> turns = Tie.invariant_under((4,), [lambda w: -w.roll(1)])
        >>> ends, turns, ends.join(turns)
        (Tie(4: 1..2 2..1), Tie(4: 1 -1 1 -1), Tie(4: 0x4))
        """
        if self.shape != other.shape:
            raise ShapeMismatch("other", other.shape, f"the shape of this tie, {self.shape}")
        return _from_equations(self.shape, [*self._equations(), *other._equations()])

    @classmethod
    def untied(cls, shape: Sequence[int]) -> Tie:
        """The tie that ties nothing: every entry is free."""
        return cls(_places(shape), np.ones(tuple(shape), np.int8))

    @classmethod
    def stack(cls, ties: Sequence[Tie]) -> Tie:
        """The tie of arrays of one shape on top of each other, ``(len(ties), *shape)``: each under its own.

        Raises
        ------
        ShapeMismatch
            If they differ in shape.

        Examples
        --------
        >>> Tie.stack([Tie.invariant_under((3,), [lambda w: w.flip(0)]), Tie.untied((3,))])
        Tie(2x3: 1..2 1 3..5)
        """
        for tie in ties:
            if tie.shape != ties[0].shape:
                raise ShapeMismatch("tie", tie.shape, f"the shape of the first, {ties[0].shape}")
        below = np.cumsum([0, *(tie.n_free for tie in ties)])
        labels = [tie.label + first for tie, first in zip(ties, below, strict=False)]
        return cls(np.stack(labels), np.stack([tie.sign for tie in ties]))

    @classmethod
    def invariant_under(cls, shape: Sequence[int], actions: Iterable[Action]) -> Tie:
        """The tie of all arrays that every action leaves as they are.

        Parameters
        ----------
        shape : sequence of int
            Shape of the array.
        actions : iterable of callable
            Signed permutations of the entries; those that they generate need not be listed.

        Raises
        ------
        InvalidValue
            If an action is no signed permutation, or changes the shape.
        """
        moved = _tensors().moved
        return cls.fixed_by(*(moved(action, _places(shape) + 1) for action in actions), shape=shape)

    @classmethod
    def fixed_by(cls, *images: np.ndarray, shape: Sequence[int]) -> Tie:
        """The tie of all arrays that stay as they are where their entries move as images say.

        Parameters
        ----------
        *images : numpy.ndarray of int, shape=(*shape)
            What becomes of the array that numbers its entries 1, 2, 3, ...: the number of the entry
            that comes to stand at each place, negative where its sign changes.
        shape : sequence of int
            Shape of the array.

        Raises
        ------
        InvalidValue
            If an image is no signed permutation of those numbers.

        Examples
        --------
        >>> entries = 1 + np.arange(4).reshape(2, 2)
        >>> Tie.fixed_by(entries.T, shape=(2, 2))
        Tie(2x2: 1..2 2..3)
        """
        return _from_equations(shape, [_equation_of(np.asarray(image), tuple(shape)) for image in images])

    @classmethod
    def parse(cls, text: str) -> Tie:
        """The tie that a text names: the inverse of ``repr``.

        The text is the shape, then for each entry the number of its free parameter, counted
        from 1 and negative where the sign is, 0 where the entry is zero. ``2..5`` counts up,
        ``5..2`` counts down, ``3x4`` is 3 four times over.

        Examples
        --------
        >>> Tie.parse("Tie(2x3: 1..3 3..1)").label.tolist()
        [[0, 1, 2], [2, 1, 0]]
        """
        match = _TEXT.fullmatch(text.strip())
        words = [] if match is None else match["runs"].split()
        runs = [run for word in words if (run := _RUN.fullmatch(word))]
        if match is None or len(runs) < len(words):
            raise InvalidValue("tie", shown(text), "text such as 'Tie(4x6: 1..12 12..1)'")
        shape = tuple(int(size) for size in match["shape"].split("x") if size)
        n_entries = sum(map(_n_entries, runs))
        if n_entries != math.prod(shape):
            raise ShapeMismatch("tie", (n_entries,), f"one number for each entry of {shape}")
        if n_entries > _MOST_ENTRIES:
            raise InvalidValue("entries of a tie", n_entries, f"at most {_MOST_ENTRIES:,}")
        numbers = np.concatenate([_run(run) for run in runs]) if runs else np.zeros(0, np.int64)
        if numbers.size and np.abs(numbers).max() > numbers.size:
            raise InvalidValue("tie", shown(text), f"numbers of parameters up to {numbers.size}")
        signed = numbers.reshape(shape)
        return cls(np.abs(signed) - 1, np.sign(signed))

    def __repr__(self) -> str:
        numbers = ((self.label + 1) * self.sign).ravel()
        return f"Tie({'x'.join(map(str, self.shape))}: {' '.join(_runs(numbers))})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tie):
            return NotImplemented
        return np.array_equal(self.label, other.label) and np.array_equal(self.sign, other.sign)

    def __hash__(self) -> int:
        return hash((self.shape, self.label.tobytes(), self.sign.tobytes()))

    def _check(self, array: Tensor | np.ndarray) -> None:
        if tuple(array.shape) != self.shape:
            raise ShapeMismatch("array", array.shape, f"the shape of the tie, {self.shape}")

    def _on(self, array: Tensor) -> tuple[Tensor, Tensor]:
        """Labels and signs where a tensor is."""
        return _tensors().as_tensors(self.label, self.sign, array.device)

    def _equations(self) -> list[_Equation]:
        """What the tie demands of the entries, as equations between pairs of them."""
        label, sign = self.label.ravel(), self.sign.ravel()
        free, zero = np.flatnonzero(sign), np.flatnonzero(sign == 0)
        first = _first_entries(self.label, self.sign)[label[free]]
        vanish = (zero, zero, np.full(len(zero), -1))
        return [(free, first, sign[free] * sign[first]), vanish]


_Equation = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Entries, the entries they equal, and the sign between them: each ``shape=(n,)``."""


def _tensors() -> ModuleType:
    from motifnet.ties import tensors

    return tensors


def _beside(numbers: np.ndarray, array: Array) -> Array:
    """Numbers of a tie as an array of that kind, type and device."""
    return numbers.astype(array.dtype) if isinstance(array, np.ndarray) else array.new_tensor(numbers)


def _places(shape: Sequence[int]) -> np.ndarray:
    """The number of each entry, from 0."""
    return np.arange(math.prod(shape)).reshape(tuple(shape))


def _equation_of(image: np.ndarray, shape: tuple[int, ...]) -> _Equation:
    n = math.prod(shape)
    moved = np.abs(image).ravel() - 1
    if image.shape != shape or not np.array_equal(np.sort(moved), np.arange(n)):
        raise InvalidValue("image", image.tolist(), f"a signed permutation of an array of shape {shape}")
    return np.arange(n), moved, np.sign(image).ravel()


def _from_equations(shape: Sequence[int], equations: Sequence[_Equation]) -> Tie:
    """The tie of all arrays with ``array[entry] == sign * array[other]`` for every equation."""
    n = math.prod(shape)
    # An entry is two nodes, itself (i) and its negative (n + i). What is connected is equal, and
    # an entry that is connected with its own negative can only be zero.
    rows, columns = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for entry, other, sign in equations:
        rows += [entry, entry + n]
        columns += [other + n * (sign < 0), other + n * (sign > 0)]
    part = _connected(2 * n, np.concatenate(rows), np.concatenate(columns))
    return _numbered(part[:n], part[n:], tuple(shape))


def _connected(n: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The least node that each of ``n`` nodes is connected with, by edges between the nodes of two arrays.

    Roots are hooked onto lesser ones, and paths to them halved, until nothing changes (Shiloach and Vishkin
    1982). scipy's has the same result; to import it takes a sixth of a short alignment.
    """
    root = np.arange(n)
    while True:
        before = root.copy()
        least = np.minimum(root[one], root[other])
        np.minimum.at(root, before[one], least)
        np.minimum.at(root, before[other], least)
        root = root[root]
        if np.array_equal(root, before):
            return root


def _numbered(plus: np.ndarray, minus: np.ndarray, shape: tuple[int, ...]) -> Tie:
    """Number the orbits as they appear, so that equal ties have equal labels and signs."""
    free = np.flatnonzero(plus != minus)
    orbit, side = np.minimum(plus, minus)[free], np.where(plus < minus, 1, -1)[free]
    _, first, inverse = np.unique(orbit, return_index=True, return_inverse=True)
    label, sign = np.zeros(len(plus), np.int64), np.zeros(len(plus), np.int8)
    label[free] = np.argsort(np.argsort(first))[inverse]
    sign[free] = side * side[first][inverse]
    return Tie(label.reshape(shape), sign.reshape(shape))


def _first_entries(label: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Flat index of the first entry of each orbit, ``shape=(n_free,)``."""
    free = np.flatnonzero(sign)
    return free[np.unique(label.ravel()[free], return_index=True)[1]]


def _runs(numbers: np.ndarray) -> list[str]:
    """Words for stretches of numbers that stay, count up or count down."""
    step = np.append(np.diff(numbers), 2)
    stretch_end = np.append(np.flatnonzero(np.diff(step)), len(step) - 1)
    words, start = [], 0
    while start < len(numbers):
        last = start
        if abs(step[start]) <= 1:
            last = int(stretch_end[np.searchsorted(stretch_end, start)]) + 1
        words.append(_word(numbers[start], numbers[last], last - start + 1))
        start = last + 1
    return words


def _word(first: int, last: int, times: int) -> str:
    if times == 1:
        return f"{first}"
    return f"{first}x{times}" if first == last else f"{first}..{last}"


def _n_entries(match: re.Match[str]) -> int:
    """How many entries a run is of, without making them."""
    if match["times"]:
        return int(match["times"])
    return abs(int(match["last"] or match["first"]) - int(match["first"])) + 1


def _run(match: re.Match[str]) -> np.ndarray:
    first = int(match["first"])
    if match["times"]:
        return np.full(int(match["times"]), first)
    last = int(match["last"] or first)
    return np.arange(first, last + 1) if last >= first else np.arange(first, last - 1, -1)
