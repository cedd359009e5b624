"""Where a long computation keeps what it has finished, so that an interrupted one can go on."""

from __future__ import annotations

from typing import Any, Protocol


class Workspace(Protocol):
    """Finished pieces of work by name: tensors, numbers, text, and lists or dicts of these."""

    def load(self, name: str) -> dict[str, Any] | None:
        """The piece of that name, or ``None`` if it is not finished."""

    def save(self, name: str, content: dict[str, Any]) -> None:
        """Keep a piece; one of the same name is replaced."""


class Forgetful:
    """Keeps nothing: the default of every library function.

    Examples
    --------
    >>> workspace = Forgetful()
    >>> workspace.save("all.candidates", {"candidates": []})
    >>> workspace.load("all.candidates") is None
    True
    """

    def load(self, name: str) -> None:
        """Nothing was kept."""
        return

    def save(self, name: str, content: dict[str, Any]) -> None:
        """Keep nothing."""
