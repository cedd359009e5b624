"""What a motif file format is, and what the formats share.

A format is text in, motifs out, and back. It registers itself in :data:`FORMATS`; nothing else
needs to know of it. Opening, packing and writing whole files is done once, by
:mod:`motifnet.io.motif_files`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.motifs import Motif
from motifnet.registry import Registry

NOMINAL_SITES = 20.0
"""Sites taken to be behind a matrix that does not say; the default of the MEME format."""

_SUM_TOLERANCE = 0.06  # files print as few as two digits, and HOMER's has columns that sum to 0.95

Lines = Sequence[tuple[int, str]]
"""Numbered lines of a file, from 1."""


class MotifFormat(NamedTuple):
    """A motif file format.

    Parameters
    ----------
    suffix : str
        The usual ending of its files.
    matches : callable
        Whether the lines of a file are of this format.
    parse : callable
        The motifs in the lines of a file; its path is for the errors.
    render : callable
        Motifs as text.
    """

    suffix: str
    matches: Callable[[Lines], bool]
    parse: Callable[[Lines, Path], list[Motif]]
    render: Callable[[Sequence[Motif]], str]


FORMATS: Registry[MotifFormat] = Registry("motif format")
"""Formats by name."""


def is_blank(text: str) -> bool:
    """Whether a line is empty or a comment."""
    return not text.strip() or text.lstrip().startswith("#")


def first_content(lines: Lines) -> str:
    """The first line that is neither blank nor a comment; empty if there is none."""
    return next((text for _, text in lines if not is_blank(text)), "")


def word(text: str) -> str:
    """Text as one word: spaces within become underscores."""
    return "_".join(text.split())


def is_numeric(text: str) -> bool:
    """Whether a line holds numbers alone, and at least one."""
    fields = text.split()
    return bool(fields) and all(_is_number(field) for field in fields)


def numbers(text: str, path: Path, line: int) -> list[float]:
    """The numbers of a line, all finite and none negative.

    Raises
    ------
    MotifFormatError
        With the line, if one is not.
    """
    for field in text.split():
        if not _is_number(field):
            raise MotifFormatError(path, f"{field!r} is not a number", line)
        if not 0 <= float(field) < np.inf:
            raise MotifFormatError(
                path, f"{field} is negative or not finite; expected counts or probabilities", line
            )
    return [float(field) for field in text.split()]


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


def motif_of_counts(name: str, alt_name: str, counts: np.ndarray) -> Motif:
    """The motif of a matrix of counts or, where all columns sum to 1, of frequencies.

    Frequencies do not say how many sites are behind them; :data:`NOMINAL_SITES` are assumed.

    Parameters
    ----------
    counts : numpy.ndarray, shape=(4, width)
    """
    totals = counts.sum(0)
    if np.all(np.abs(totals - 1) <= _SUM_TOLERANCE):
        return Motif(
            word(name), counts / totals * NOMINAL_SITES, n_sites=NOMINAL_SITES, alt_name=word(alt_name)
        )
    return Motif(word(name), counts, alt_name=word(alt_name))


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True
