"""How numbers are told in sentences."""

from __future__ import annotations


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
