"""Registries: the plug points of motifnet.

One :class:`Registry` for each kind of thing that can be added without editing a dispatcher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from motifnet.errors import UnknownName

T = TypeVar("T")


class Registry(Generic[T]):
    """Things of one kind, by name.

    Parameters
    ----------
    kind : str
        What one entry is called in an error, for example ``"tie"``.

    Examples
    --------
    >>> greetings = Registry("greeting")
    >>> @greetings.register("hello")
    ... def hello():
    ...     return "Hello!"
    >>> greetings["hello"]()
    'Hello!'
    >>> list(greetings)
    ['hello']
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def register(self, name: str) -> Callable[[T], T]:
        """Decorator that files an entry under ``name``; a name can be taken only once."""

        def add(entry: T) -> T:
            if name in self._entries:
                raise ValueError(f"{self.kind} {name!r} is registered twice")
            self._entries[name] = entry
            return entry

        return add

    def __getitem__(self, name: str) -> T:
        """The entry of that name; :class:`~motifnet.errors.UnknownName` if there is none."""
        if name not in self._entries:
            raise UnknownName(self.kind, name, self._entries)
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)
