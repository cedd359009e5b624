"""How a long computation tells what it is doing: one protocol, implemented by the command line."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

TAKEN_OVER = "taken over"
"""What a step says of itself that an interrupted run had done already."""


class Progress(Protocol):
    """What a library function may say while it works."""

    def log(self, message: str) -> None:
        """One line for the user."""

    def stage(self, name: str, total: int) -> AbstractContextManager[Step]:
        """A stretch of work in ``total`` steps, as a context."""


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

    def advance(self, note: str = "") -> None:
        """Nothing to show."""
