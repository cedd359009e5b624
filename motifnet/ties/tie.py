"""The tie: which entries of an array are one and the same free parameter."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from motifnet.errors import InvalidValue, ShapeMismatch

Action = Callable[[Tensor], Tensor]
"""A signed permutation of the entries of an array, such as ``lambda w: w.flip(0, 1)``."""

Array = TypeVar("Array", Tensor, np.ndarray)

_TEXT = re.compile(r"(?:Tie\()?(?P<shape>[\dx]*): *(?P<runs>[-\d.x ]*)\)?")
_RUN = re.compile(r"(?P<first>-?\d+)(?:\.\.(?P<last>-?\d+)|x(?P<times>\d+))?")


def _either_kind(method: Callable[[Tie, Tensor], Tensor]) -> Callable[[Tie, Array], Array]:
    """Let a method of tensors take a numpy array as well, and then return one."""

    @functools.wraps(method)
    def convert(self: Tie, array: Array) -> Array:
        if isinstance(array, np.ndarray):
            return method(self, torch.from_numpy(np.ascontiguousarray(array))).numpy()
        return method(self, array)

    return convert


@dataclass(frozen=True, eq=False, repr=False)
class Tie:
    """A colouring of an array of parameters: same label, same free parameter.

    A tie is a value: it never changes, equal ties are ``==`` and hash alike, and its ``repr`` is
    text from which :meth:`parse` makes it again. It holds no parameters itself.

    Parameters
    ----------
    label : Tensor of int64, shape=(*shape)
        Index of the free parameter that each entry reads: 0 to ``n_free - 1``, each used.
    sign : Tensor of int8, shape=(*shape)
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

    label: Tensor
    sign: Tensor
    n_free: int = field(init=False)

    def __post_init__(self) -> None:
        sign = torch.as_tensor(self.sign).to("cpu", torch.int8)
        label = torch.as_tensor(self.label).to("cpu", torch.int64)
        if label.shape != sign.shape:
            raise ShapeMismatch("sign", sign.shape, f"the shape of label, {tuple(label.shape)}")
        if not torch.isin(sign, torch.tensor([-1, 0, 1], dtype=torch.int8)).all():
            raise InvalidValue("sign", sorted(set(sign.flatten().tolist())), "-1, 0 and +1 only")
        used = torch.unique(label[sign != 0])
        if not torch.equal(used, torch.arange(len(used))):
            raise InvalidValue("label", used.tolist(), "0, 1, 2, ... without a gap")
        object.__setattr__(self, "label", torch.where(sign != 0, label, 0).contiguous())
        object.__setattr__(self, "sign", sign.contiguous())
        object.__setattr__(self, "n_free", len(used))

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the tied array."""
        return tuple(self.label.shape)

    @property
    def orbit_sizes(self) -> Tensor:
        """Number of entries that read each free parameter, ``shape=(n_free,)``."""
        return torch.bincount(self.label[self.sign != 0], minlength=self.n_free)

    @_either_kind
    def expand(self, free: Tensor) -> Tensor:
        """The array that free parameters, ``shape=(n_free,)``, stand for, ``shape=(*shape)``."""
        if tuple(free.shape) != (self.n_free,):
            raise ShapeMismatch("free", free.shape, f"({self.n_free},)")
        return spread(free, self.label.to(free.device), self.sign.to(free.device))

    @_either_kind
    def pool(self, array: Tensor) -> Tensor:
        """The signed sum of an array over each orbit, ``shape=(n_free,)``.

        This is the adjoint of :meth:`expand`. So it is the gradient of the free parameters where
        ``array`` is that of the entries, and the pooled counts of a tied M-step where ``array``
        holds the expected counts of each entry.
        """
        flat = self._checked(array).reshape(-1) * self.sign.reshape(-1).to(array.device)
        total = array.new_zeros(max(self.n_free, 1))
        return total.index_add(0, self.label.reshape(-1).to(array.device), flat)[: self.n_free]

    @_either_kind
    def project(self, array: Tensor) -> Tensor:
        """The free parameters, ``shape=(n_free,)``, whose array is nearest in least squares."""
        return self.pool(array) / self.orbit_sizes.to(array.device)

    @_either_kind
    def representatives(self, array: Tensor) -> Tensor:
        """The first entry of each orbit, with its sign, ``shape=(n_free,)``.

        Unlike :meth:`project`, which averages, this keeps the standard deviation of entries that
        were drawn at random.
        """
        first = torch.from_numpy(_first_entries(self.label, self.sign))
        sign = self.sign.reshape(-1)[first].to(array.device)
        return self._checked(array).reshape(-1)[first.to(array.device)] * sign

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
        n = torch.Size(shape).numel()
        return cls(torch.arange(n).reshape(*shape), torch.ones(*shape, dtype=torch.int8))

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
        return _from_equations(shape, [_equation_of(action, tuple(shape)) for action in actions])

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
        runs = None if match is None else [_RUN.fullmatch(word) for word in match["runs"].split()]
        if runs is None or not all(runs):
            raise InvalidValue("tie", text, "text such as 'Tie(4x6: 1..12 12..1)'")
        numbers = np.concatenate([_run(run) for run in runs]) if runs else np.zeros(0, np.int64)
        shape = tuple(int(size) for size in match["shape"].split("x") if size)
        if len(numbers) != torch.Size(shape).numel():
            raise ShapeMismatch("tie", numbers.shape, f"one number for each entry of {shape}")
        signed = torch.from_numpy(numbers).reshape(shape)
        return cls(signed.abs() - 1, signed.sign())

    def __repr__(self) -> str:
        numbers = ((self.label + 1) * self.sign).reshape(-1).numpy()
        return f"Tie({'x'.join(map(str, self.shape))}: {' '.join(_runs(numbers))})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tie):
            return NotImplemented
        return torch.equal(self.label, other.label) and torch.equal(self.sign, other.sign)

    def __hash__(self) -> int:
        return hash((self.shape, self.label.numpy().tobytes(), self.sign.numpy().tobytes()))

    def _checked(self, array: Tensor) -> Tensor:
        if tuple(array.shape) != self.shape:
            raise ShapeMismatch("array", array.shape, f"the shape of the tie, {self.shape}")
        return array

    def _equations(self) -> list[_Equation]:
        """What the tie demands of the entries, as equations between pairs of them."""
        label, sign = self.label.reshape(-1).numpy(), self.sign.reshape(-1).numpy()
        free, zero = np.flatnonzero(sign), np.flatnonzero(sign == 0)
        first = _first_entries(self.label, self.sign)[label[free]]
        vanish = (zero, zero, np.full(len(zero), -1))
        return [(free, first, sign[free] * sign[first]), vanish]


_Equation = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Entries, the entries they equal, and the sign between them: each ``shape=(n,)``."""


def spread(free: Tensor, label: Tensor, sign: Tensor) -> Tensor:
    """``free[label] * sign``, for free parameters of ``shape=(n_free,)``.

    The backward pass of ``index_select`` is one ``index_add``, which is several times as fast as
    that of indexing.
    """
    if free.numel() == 0:  # every sign is 0; the empty sum keeps the gradient's path
        return free.sum() * sign
    return free.index_select(0, label.reshape(-1)).reshape(label.shape) * sign


def _equation_of(action: Action, shape: tuple[int, ...]) -> _Equation:
    n = torch.Size(shape).numel()
    # Each entry carries its own number, so that the image says where each came from.
    image = action(torch.arange(1, n + 1, dtype=torch.float64).reshape(shape))
    moved = image.abs().reshape(-1).numpy().astype(np.int64) - 1
    if tuple(image.shape) != shape or not np.array_equal(np.sort(moved), np.arange(n)):
        raise InvalidValue("action", action, f"a signed permutation of an array of shape {shape}")
    return np.arange(n), moved, image.sign().reshape(-1).numpy().astype(np.int64)


def _from_equations(shape: Sequence[int], equations: Sequence[_Equation]) -> Tie:
    """The tie of all arrays with ``array[entry] == sign * array[other]`` for every equation."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = torch.Size(shape).numel()
    # An entry is two nodes, itself (i) and its negative (n + i). What is connected is equal, and
    # an entry that is connected with its own negative can only be zero.
    rows, columns = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for entry, other, sign in equations:
        rows += [entry, entry + n]
        columns += [other + n * (sign < 0), other + n * (sign > 0)]
    row, column = np.concatenate(rows), np.concatenate(columns)
    graph = coo_array((np.ones(len(row), np.int8), (row, column)), shape=(2 * n, 2 * n))
    part = connected_components(graph, directed=False)[1]
    return _numbered(part[:n], part[n:], tuple(shape))


def _numbered(plus: np.ndarray, minus: np.ndarray, shape: tuple[int, ...]) -> Tie:
    """Number the orbits as they appear, so that equal ties have equal labels and signs."""
    free = np.flatnonzero(plus != minus)
    orbit, side = np.minimum(plus, minus)[free], np.where(plus < minus, 1, -1)[free]
    _, first, inverse = np.unique(orbit, return_index=True, return_inverse=True)
    label, sign = np.zeros(len(plus), np.int64), np.zeros(len(plus), np.int8)
    label[free] = np.argsort(np.argsort(first))[inverse]
    sign[free] = side * side[first][inverse]
    return Tie(torch.from_numpy(label).reshape(shape), torch.from_numpy(sign).reshape(shape))


def _first_entries(label: Tensor, sign: Tensor) -> np.ndarray:
    """Flat index of the first entry of each orbit, ``shape=(n_free,)``."""
    free = np.flatnonzero(sign.reshape(-1).numpy())
    return free[np.unique(label.reshape(-1).numpy()[free], return_index=True)[1]]


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


def _run(match: re.Match[str]) -> np.ndarray:
    first = int(match["first"])
    if match["times"]:
        return np.full(int(match["times"]), first)
    last = int(match["last"] or first)
    return np.arange(first, last + 1) if last >= first else np.arange(first, last - 1, -1)
