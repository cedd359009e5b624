"""How numbers and names are told in sentences."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 3
"""Things that a sentence names, unless told otherwise."""


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


def verb(n: int, one: str, many: str) -> str:
    """The form of a verb that goes with a number.

    Examples
    --------
    >>> verb(1, "has", "have"), verb(2, "has", "have")
    ('has', 'have')
    """
    return one if n == 1 else many


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """The first of some names, and how many more there are.

    Parameters
    ----------
    names : sequence of str
        As they are to be told: those that a user gave are cut (:func:`motifnet.errors.shown`) before.
    most : int
        Names that are told at most.

    Examples
    --------
    >>> listed(["GATA1", "TAL1"]), listed(["GATA1", "TAL1", "MYB", "KLF1", "SPI1"])
    ('GATA1, TAL1', 'GATA1, TAL1, MYB and 2 more')
    """
    n_more = len(names) - most
    return ", ".join(names[:most]) + (f" and {n_more:,} more" if n_more > 0 else "")
