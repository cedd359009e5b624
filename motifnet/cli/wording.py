"""What commands say, in plain words."""

from __future__ import annotations

from collections.abc import Iterable

import click


def counted(n: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Parameters
    ----------
    n : int
    one, many : str
        The noun for one and for any other number; with an ``s`` if not given.

    Examples
    --------
    >>> counted(1, "motif"), counted(1404, "motif"), counted(0, "family", "families")
    ('1 motif', '1,404 motifs', '0 families')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def warn(sentences: Iterable[str]) -> None:
    """Say warnings, a line each, where they do not mix with results."""
    for sentence in sentences:
        click.echo(f"warning: {sentence}", err=True)
