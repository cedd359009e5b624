"""Tab-separated text, whatever it is of."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from motifnet.report.escaping import legal


def tab_separated(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Tab-separated text with a header line.

    Parameters
    ----------
    columns : iterable of str
        Words of the header.
    rows : iterable of iterable
        Values as they are printed; ``None`` is an empty cell. A tab or a line break in one becomes
        a space.

    Returns
    -------
    str

    Examples
    --------
    >>> tab_separated(["ID", "WIDTH"], [["a b", 8], [None, 9]]).splitlines()
    ['ID\\tWIDTH', 'a b\\t8', '\\t9']
    """
    lines = [
        "\t".join(columns),
        *(_line(["" if value is None else str(value) for value in row]) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def six_digits(value: float) -> str:
    """A number with six significant digits; an empty cell where it is not finite.

    Parameters
    ----------
    value : float

    Returns
    -------
    str

    Examples
    --------
    >>> six_digits(2 / 3), six_digits(math.nan)
    ('0.666667', '')
    """
    return f"{value:.6g}" if math.isfinite(value) else ""


def three_digits(value: float) -> str:
    """A number with three significant digits; an empty cell where it is not finite.

    Parameters
    ----------
    value : float

    Returns
    -------
    str

    Examples
    --------
    >>> three_digits(1.2345e-12), three_digits(math.inf)
    ('1.23e-12', '')
    """
    return f"{value:.3g}" if math.isfinite(value) else ""


def _line(texts: Sequence[str]) -> str:
    """The texts as cells of a line: a tab or line break in a name must not become one of the table."""
    line = "\t".join(texts)
    tidy = not (
        line.startswith(" ") or line.endswith(" ") or any(pair in line for pair in (" \t", "\t ", "  "))
    )
    if tidy and "".join(texts).isprintable():  # as nearly all are, and tables may have many
        return line
    return "\t".join(re.sub(r"\s+", " ", legal(text)).strip() for text in texts)
