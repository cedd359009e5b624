"""Names of sequences, no two of them the same, so that what is told of one is not taken for another's."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from motifnet.symbols import Sequences
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)


class Names:
    """Names as they come, of which those that came before get a number.

    Examples
    --------
    >>> names = Names()
    >>> names.told_apart(["peak", "peak", "peak_2"]), names.told_apart(["peak"])
    (['peak', 'peak_2', 'peak_2_2'], ['peak_3'])
    """

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        self._n = self._n_changed = 0
        self._example = ""

    def told_apart(self, names: Iterable[str]) -> list[str]:
        """More names, each unlike all before it."""
        return [self._one(name) for name in names]

    def warn(self) -> None:
        """Say how many names were changed, if any were."""
        if self._n_changed:
            _log.warning(
                "%d of %s %s the name of an earlier one and a number behind it, such as %s",
                self._n_changed, counted(self._n, "sequence"), verb(self._n_changed, "has", "have"),
                self._example,
            )  # fmt: skip

    def _one(self, name: str) -> str:
        self._n += 1
        if name not in self._next:
            self._next[name] = 2
            return name
        while (numbered := f"{name}_{self._next[name]}") in self._next:
            self._next[name] += 1
        self._next[numbered] = 2
        self._n_changed += 1
        self._example = self._example or numbered
        return numbered


def named_apart(sequences: Sequences) -> Sequences:
    """The same sequences, no two of one name; how many were changed is warned of."""
    names = Names()
    told = names.told_apart(sequences.names)
    names.warn()
    return replace(sequences, names=told)
