"""How a long computation tells what it is doing: one protocol, implemented by the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Protocol

TAKEN_OVER = "taken over"
"""What a step says of itself that an interrupted run had done already."""


class Progress(Protocol):
    """What a library function may say while it works."""

    def log(self, message: str) -> None:
        """One line for the user."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Step]:
        """A stretch of work in ``total`` steps, as a context."""

    def compiling(self) -> AbstractContextManager[object]:
        """A stretch of time in which kernels are compiled, as a context; there may be many."""


class Step(Protocol):
    """A stretch of work in progress."""

    def advance(self, note: str = "") -> None:
        """One step is done; ``note`` says how it went."""


class Silent:
    """Says nothing: the default of every library function."""

    def log(self, message: str) -> None:
        """Drop the line."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Silent]:
        """A context that shows nothing."""
        return nullcontext(self)

    def compiling(self) -> AbstractContextManager[Silent]:
        """A context that shows nothing."""
        return nullcontext(self)

    def advance(self, note: str = "") -> None:
        """Nothing to show."""


class Compilation:
    """Whether kernels are being compiled, and who is told so.

    The first start of a command compiles what it uses, and keeps it; somebody who waits shall know why.
    """

    def __init__(self) -> None:
        self._told_to: list[Progress] = []
        self._depth = 0
        self._shown = ExitStack()

    @contextmanager
    def told_to(self, progress: Progress) -> Iterator[None]:
        """Within this context, tell ``progress``."""
        self._told_to.append(progress)
        try:
            yield
        finally:
            self._told_to.pop()

    def begins(self) -> None:
        """A function is being compiled, perhaps for another one that is."""
        self._depth += 1
        if self._depth == 1 and self._told_to:
            self._shown.enter_context(self._told_to[-1].compiling())

    def ends(self) -> None:
        """The last function that began is compiled."""
        self._depth -= 1
        if self._depth == 0:
            self._shown.close()


compilation = Compilation()
"""That of this process: numba compiles one function at a time, in whatever thread."""
