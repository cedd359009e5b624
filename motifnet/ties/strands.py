"""Channel types: how the channels of a layer move when the sequence is reverse-complemented."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import torch
from torch import Tensor

from motifnet.errors import InvalidValue, ShapeMismatch

_TERM = re.compile(r"(\d+)([peo])")


@dataclass(frozen=True)
class Strands:
    """How channels move when the sequence is reverse-complemented.

    Written ``"8p+4e+2o"``: 8 strand pairs (16 channels, of which the first trades places with
    the last, and so on inwards), 4 even channels (which stay) and 2 odd ones (whose sign flips).

    Parameters
    ----------
    spec : str
        Terms of a count and ``p``, ``e`` or ``o``, joined by ``+``. It is kept in its shortest
        form, so that equal types have equal text.

    Raises
    ------
    InvalidValue
        If the text cannot be read, or names no channel.

    Examples
    --------
    >>> kind = Strands.parse("1p+1e+2o")
    >>> len(kind), kind.perm, kind.sign, str(kind)
    (5, (1, 0, 2, 3, 4), (1, 1, 1, -1, -1), '1p+1e+2o')
    >>> str(DNA + Strands("4e"))
    '2p+4e'
    >>> DNA.reverse_complement(torch.eye(4)[None]).argmax(1).tolist()
    [[0, 1, 2, 3]]
    """

    spec: str

    def __post_init__(self) -> None:
        parts = self.spec.split("+")
        terms = [term for part in parts if (term := _TERM.fullmatch(part.strip()))]
        if len(terms) < len(parts):
            raise InvalidValue("channel type", self.spec, "terms such as '8p', '4e' or '2o', joined by '+'")
        shortest = _merged([(int(term[1]), term[2]) for term in terms])
        if not shortest:
            raise InvalidValue("channel type", self.spec, "at least one channel")
        object.__setattr__(self, "spec", "+".join(f"{count}{kind}" for count, kind in shortest))

    @classmethod
    def parse(cls, spec: str) -> Strands:
        """The type that a text names: the inverse of ``str``."""
        return cls(spec)

    @classmethod
    def of(cls, kind: Strands | str) -> Strands:
        """The type itself, or the one that a text names; a number of channels alone says no type.

        Raises
        ------
        InvalidValue
            If it is neither.
        """
        if isinstance(kind, str):
            return cls(kind)
        if not isinstance(kind, Strands):
            raise InvalidValue(
                "channel type", kind, "Strands, or text such as '8p' for 16 channels in 8 strand pairs"
            )
        return kind

    @classmethod
    def pairs(cls, count: int) -> Strands:
        """So many strand pairs, of two channels each."""
        return cls(f"{count}p")

    @classmethod
    def even(cls, count: int) -> Strands:
        """So many channels that stay as they are."""
        return cls(f"{count}e")

    @cached_property
    def _terms(self) -> tuple[tuple[int, str], ...]:
        return tuple((int(term[:-1]), term[-1]) for term in self.spec.split("+"))

    @cached_property
    def perm(self) -> tuple[int, ...]:
        """Channel that moves to each place."""
        perm: list[int] = []
        for count, kind in self._terms:
            block = range(len(perm), len(perm) + _n_channels(count, kind))
            perm += reversed(block) if kind == "p" else block
        return tuple(perm)

    @cached_property
    def sign(self) -> tuple[int, ...]:
        """-1 for odd channels, +1 for all others."""
        return tuple(
            -1 if kind == "o" else 1 for count, kind in self._terms for _ in range(_n_channels(count, kind))
        )

    @cached_property
    def has_odd(self) -> bool:
        """Whether a channel flips its sign."""
        return -1 in self.sign

    @cached_property
    def orbits(self) -> tuple[tuple[int, int], ...]:
        """Each channel with its partner on the other strand (or itself), every orbit once."""
        return tuple((i, partner) for i, partner in enumerate(self.perm) if i <= partner)

    def act(self, x: Tensor, dim: int) -> Tensor:
        """Move the channels, which lie on axis ``dim``, as a reverse complement does.

        Positions stay where they are: see :meth:`reverse_complement` for both.
        """
        if x.shape[dim] != len(self):
            raise ShapeMismatch("x", x.shape, f"{len(self)} channels ({self}) on axis {dim}")
        moved = x.index_select(dim, torch.tensor(self.perm, device=x.device))
        if not self.has_odd:
            return moved
        along = [len(self) if axis == dim % x.ndim else 1 for axis in range(x.ndim)]
        return moved * torch.tensor(self.sign, dtype=x.dtype, device=x.device).reshape(along)

    def reverse_complement(self, x: Tensor) -> Tensor:
        """The reverse complement of features, ``shape=(batch, channels, length)``."""
        return self.act(x, 1).flip(-1)

    def split(self, x: Tensor, *kinds: Strands | str, dim: int = 1) -> tuple[Tensor, ...]:
        """Channels of these types one after the other, taken apart: the inverse of concatenating them.

        Parameters
        ----------
        x : Tensor
        *kinds : Strands or str
            Whose sum this type is.
        dim : int
            The axis of the channels.

        Raises
        ------
        InvalidValue
            If the types do not add up to this one: no other cut leaves strand pairs whole.
        ShapeMismatch
            If ``x`` has other channels.

        Examples
        --------
        >>> both = DNA + Strands("3e")
        >>> [part.shape[1] for part in both.split(torch.zeros(1, 7, 9), DNA, "3e")]
        [4, 3]
        """
        parts = [Strands.of(kind) for kind in kinds]
        if not parts or Strands("+".join(map(str, parts))) != self:
            raise InvalidValue(
                "types to split into", [str(part) for part in parts], f"types whose sum is {self}"
            )
        if x.shape[dim] != len(self):
            raise ShapeMismatch("x", x.shape, f"{len(self)} channels ({self}) on axis {dim}")
        return x.split([len(part) for part in parts], dim)

    def __add__(self, other: Strands | str) -> Strands:
        """The type of channels of this type followed by those of another, as ``torch.cat`` joins them."""
        return Strands(f"{self}+{Strands.of(other)}")

    def __len__(self) -> int:
        return len(self.perm)

    def __str__(self) -> str:
        return self.spec


def _merged(terms: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Neighbours of one kind as one term; pairs stay apart, since each term mirrors on its own."""
    shortest: list[tuple[int, str]] = []
    for kind, group in groupby((term for term in terms if term[0]), key=lambda term: term[1]):
        counts = [count for count, _ in group]
        shortest += [(count, kind) for count in (counts if kind == "p" else [sum(counts)])]
    return shortest


def _n_channels(count: int, kind: str) -> int:
    return 2 * count if kind == "p" else count


DNA = Strands("2p")
"""One-hot DNA: in the order A, C, G, T, complementing is reversing the code."""
