"""What a motif file format is, and what the formats share.

A format is text in, motifs out, and back. It registers itself in :data:`FORMATS`; nothing else
needs to know of it. Opening, packing and writing whole files is done once, by
:mod:`motifnet.io.motif_files`.

The parsers are our own, since those of Biopython 1.88 refuse files that are about (MEME without an
alphabet, or with that of version 5; TRANSFAC with one space behind a key), take a row that was cut
short together with the number of the next, let negative counts pass, and name no line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Flag, auto
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import MotifFormatError, shown
from motifnet.io.fields import decimal, whole
from motifnet.motifs import Motif
from motifnet.motifs.matrix import DIGITS, as_written
from motifnet.registry import Registry

NOMINAL_SITES = 20.0
"""Sites taken to be behind a matrix that does not say; the default of the MEME format."""

_SUM_TOLERANCE = 0.06  # files print as few as two digits, and HOMER's has columns that sum to 0.95
_MOST_BASES = 8  # that an error names

Lines = Sequence[tuple[int, str]]
"""Numbered lines of a file, from 1."""


class Held(Flag):
    """What a format can hold of a motif besides its name and its probabilities."""

    NOTHING = 0
    ALT_NAME = auto()
    COUNTS = auto()
    N_SITES = auto()
    E_VALUE = auto()
    BACKGROUND = auto()
    BASES = auto()  # whether they are of DNA or of RNA
    STRANDS = auto()  # whether they are of one strand of DNA


class MotifFormat(NamedTuple):
    """A motif file format.

    Parameters
    ----------
    suffixes : tuple of str
        The endings of its files, the usual one first.
    holds : Held
        What is not lost when motifs are written.
    matches : callable
        Whether the lines of a file are of this format.
    n_heads : callable
        How many matrices begin in the lines of a file, counted without reading them: so many motifs
        a file must give.
    parse : callable
        The motifs in the lines of a file; its path is for the errors.
    render : callable
        Motifs as text; the second argument is the bases as they are written, ``"ACGT"`` or ``"ACGU"``.
    """

    suffixes: tuple[str, ...]
    holds: Held
    matches: Callable[[Lines], bool]
    n_heads: Callable[[Lines], int]
    parse: Callable[[Lines, Path], list[Motif]]
    render: Callable[[Sequence[Motif], str], str]


FORMATS: Registry[MotifFormat] = Registry("motif format")
"""Formats by name."""


def is_blank(text: str) -> bool:
    """Whether a line is empty or a comment."""
    return not text.strip() or text.lstrip().startswith("#")


def first_content(lines: Lines) -> str:
    """The first line that is neither blank nor a comment; empty if there is none."""
    return next((text for _, text in lines if not is_blank(text)), "")


def not_understood(text: str, expected: str, path: Path, line: int) -> MotifFormatError:
    """The error for a line that is no part of what is expected there."""
    return MotifFormatError(
        path, f"{shown(text.strip())!r} is not understood here; expected {expected}", line
    )


def word(text: str) -> str:
    """Text as one word: spaces within become underscores."""
    return "_".join(text.split())


def is_numeric(text: str) -> bool:
    """Whether a line holds numbers alone, and at least one."""
    fields = text.split()
    return bool(fields) and all(decimal(field) is not None for field in fields)


def numbers(text: str, path: Path, line: int) -> list[float]:
    """The numbers of a line, all finite and none negative.

    Raises
    ------
    MotifFormatError
        With the line, if one is not.
    """
    found = []
    for field in text.split():
        number = decimal(field)
        if number is None:
            raise MotifFormatError(path, f"{shown(field)!r} is not a number", line)
        if not 0 <= number < np.inf:
            raise MotifFormatError(
                path, f"{field} is negative or not finite; expected counts or probabilities", line
            )
        found.append(number)
    return found


def four_numbers(text: str, path: Path, line: int) -> list[float]:
    """The numbers of a line, one for each base.

    Raises
    ------
    MotifFormatError
        With the line, if they are not four, or one is negative or no number.
    """
    found = numbers(text, path, line)
    if len(found) != 4:
        raise MotifFormatError(path, f"has {len(found)} numbers; expected 4, for A, C, G and T", line)
    return found


def check_row_number(field: str, n_before: int, first: int, path: Path, line: int) -> None:
    """Raise the error for a row whose number does not follow that of the row before.

    Parameters
    ----------
    field : str
        The number of the row as the file has it.
    n_before : int
        Rows before it in its matrix.
    first : int
        The number of the first of them.
    path : Path
    line : int

    Raises
    ------
    MotifFormatError
        If rows are missing, out of order, or not numbered.
    """
    if whole(field) != first + n_before:
        raise MotifFormatError(
            path,
            f"a row has the number {shown(field)!r}; expected {first + n_before}, one more each row",
            line,
        )


def of_probabilities(column: Sequence[float], path: Path, line: int) -> np.ndarray:
    """Probabilities of one column, ``shape=(4,)``, made to sum to 1 exactly.

    Raises
    ------
    MotifFormatError
        With the line, if they are not four, or do not sum to 1 but for rounding.
    """
    if len(column) != 4:
        raise MotifFormatError(path, f"has {len(column)} numbers; expected 4, for A, C, G and T", line)
    total = sum(column)
    if abs(total - 1) > _SUM_TOLERANCE:
        raise MotifFormatError(path, f"probabilities sum to {total:.4g}; expected 1", line)
    return np.array(column) / total


def printed_shares(motif: Motif) -> list[list[str]]:
    """The probabilities of a motif as files have them: four for each column, whose sum is 1 exactly."""
    columns = as_written(motif.probabilities).T.tolist()
    return [[f"{share / 10**DIGITS:.{DIGITS}f}" for share in column] for column in columns]


def by_base(rows: Sequence[Sequence[float]], bases: str) -> np.ndarray:
    """Rows of so many bases, in whatever order and of DNA or RNA, as a matrix of A, C, G, T."""
    order = [as_dna(bases).index(base) for base in "ACGT"]
    return np.array(rows, np.float64)[order]


def of_labelled_rows(name: str, rows: Sequence[tuple[int, str, str]], path: Path, line: int) -> np.ndarray:
    """The matrix of a motif that has a row for each base, ``(4, width)``.

    Parameters
    ----------
    name : str
        Of the motif, for the error.
    rows : sequence of (int, str, str)
        Line, base and numbers of each row, in any order.
    path : Path
        Of the file, for the error.
    line : int
        Where the motif begins.

    Raises
    ------
    MotifFormatError
        If there is not one row for each base, or they are of different lengths.
    """
    bases = as_dna("".join(base for _, base, _ in rows))
    if sorted(bases) != list("ACGT"):
        found = ", ".join(bases) if 0 < len(bases) <= _MOST_BASES else f"{len(bases) or 'no'} rows"
        raise MotifFormatError(path, f"motif {name} has {found}; expected one row each for A, C, G, T", line)
    values = [numbers(text, path, number) for number, _, text in rows]
    if len({len(row) for row in values}) != 1 or not values[0]:
        lengths = ", ".join(str(len(row)) for row in values)
        raise MotifFormatError(
            path, f"motif {name} has rows of {lengths} numbers; expected equal lengths", line
        )
    return by_base(values, bases)


def as_dna(bases: str) -> str:
    """Letters of bases in upper case, with T for U."""
    return bases.upper().replace("U", "T")


def file_stem(path: Path) -> str:
    """A name for the motif of a file that holds none: that of the file, without its endings."""
    name = path.name.removesuffix(".gz")
    return name[: name.rindex(".")] if "." in name[1:] else name


def alphabet_of(bases: str) -> str:
    """The alphabet, ``"DNA"`` or ``"RNA"``, that letters of bases are of."""
    return "RNA" if "U" in bases.upper() else "DNA"


def motif_of_counts(
    name: str,
    alt_name: str,
    counts: np.ndarray,
    path: Path,
    line: int | None = None,
    alphabet: str = "DNA",
) -> Motif:
    """The motif of a matrix of counts or, where no column sums to more than 1, of frequencies.

    Frequencies do not say how many sites are behind them; :data:`NOMINAL_SITES` are assumed.

    Parameters
    ----------
    name, alt_name : str
    counts : numpy.ndarray, shape=(4, width)
    path : Path
        Of the file, for the error.
    line : int, optional
        Where the motif begins.
    alphabet : {"DNA", "RNA"}

    Raises
    ------
    MotifFormatError
        If a column holds no counts, or more than can be added up.
    """
    with np.errstate(over="ignore"):
        totals = counts.sum(0)
    if not np.isfinite(totals).all():
        raise MotifFormatError(path, f"motif {name} has counts too large to add up; expected numbers", line)
    if not totals.all():
        place = int(np.argmin(totals)) + 1
        raise MotifFormatError(
            path, f"motif {name} has no counts at position {place}; expected some of a base at each", line
        )
    if totals.max() > 1 + _SUM_TOLERANCE:
        return Motif(word(name), counts, alt_name=word(alt_name), alphabet=alphabet)
    return of_shares(name, alt_name, counts / totals, alphabet)


def of_shares(name: str, alt_name: str, shares: np.ndarray, alphabet: str = "DNA") -> Motif:
    """The motif of a matrix of probabilities, ``(4, width)``, of :data:`NOMINAL_SITES`."""
    return Motif(
        word(name),
        shares * NOMINAL_SITES,
        n_sites=NOMINAL_SITES,
        alt_name=word(alt_name),
        alphabet=alphabet,
    )
