"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    """A table of some columns; a row that has an error says so in its last cells.

    Examples
    --------
    >>> print(table([{"case": "a", "auroc": 0.51239}], ["case", "auroc", "rank"]))
    | case | auroc | rank |
    |---|---|---|
    | a | 0.512 | – |
    """
    lines = [list(columns), ["---"] * len(columns), *([_cell(row, one) for one in columns] for row in rows)]
    return "\n".join("|" + "|".join(pad(cell) for cell in line) + "|" for line in lines)


def pad(cell: str) -> str:
    """A cell with a space on each side; the rule under the header has none."""
    return cell if cell == "---" else f" {cell} "


def _cell(row: Mapping[str, object], column: str) -> str:
    return shown(row.get(column, row.get("error", "")))


def shown(value: object) -> str:
    """A value as a reader wants it: three decimals or three digits, a dash for nothing.

    Examples
    --------
    >>> [shown(value) for value in (None, True, 0.25, 1234.5678, 3e-7, 12)]
    ['–', 'yes', '0.250', '1234.6', '3.0e-07', '12']
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if not isinstance(value, float):
        return str(value).replace("|", "\\|")
    if value and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


def verdict(what: str, reached: int, of: int, *, least: int | None = None, most: int | None = None) -> str:
    """One sentence: how many reached a bar, and whether that is what was wanted.

    Parameters
    ----------
    what : str
        What was counted.
    reached, of : int
        How many did, and how many there are.
    least, most : int, optional
        The smallest and the largest number wanted; all, if not given.

    Examples
    --------
    >>> verdict("On top", 3, 4), verdict("Below", 5, 100, least=2, most=8)
    ('On top: 3 of 4 (wanted: all; **missed**).', 'Below: 5 of 100 (wanted: 2 to 8; met).')
    """
    if not of:
        return f"{what}: nothing measured yet."
    low = of if least is None else least
    high = of if most is None else most
    wanted = "all" if least is None else f"{low} to {high}"
    return f"{what}: {reached} of {of} (wanted: {wanted}; {met(low <= reached <= high)})."


def met(reached: bool) -> str:
    """Whether a bar was reached, so that a miss is seen."""
    return "met" if reached else "**missed**"
