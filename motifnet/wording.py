"""How numbers and names are told in sentences."""

from __future__ import annotations

import math
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


def power(log10: float) -> str:
    """A number given as its log10, however small, in two digits as files have it.

    Examples
    --------
    >>> power(-44.92), power(-1234.5), power(-math.inf), power(math.log10(0.0123)), power(math.log10(1234))
    ('1.2e-45', '3.2e-1235', '0', '0.012', '1234')
    """
    if log10 == -math.inf:
        return "0"
    if log10 >= -3:
        value = 10**log10
        return f"{value:.2g}" if value < 99.5 else f"{value:.0f}" if value < 1e6 else f"{value:.1e}"
    exponent = math.floor(log10)
    mantissa = f"{10 ** (log10 - exponent):.1f}"
    return f"{mantissa}e{exponent}" if mantissa != "10.0" else f"1.0e{exponent + 1}"


def told_p(p: float) -> str:
    """A p-value in two digits, as :func:`power` has it; 0 where it is smaller than any number of a computer.

    Examples
    --------
    >>> told_p(0.0123), told_p(1e-5), told_p(0.0)
    ('0.012', '1.0e-5', '0')
    """
    return power(math.log10(p) if p > 0 else -math.inf)


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
