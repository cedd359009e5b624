"""UniPROBE motif format: a name, and a row of probabilities for each base, such as::

Protein: Arid3a  Seed k-mer: TTAATTAA  Enrichment Score: 0.49
A:      0.18    0.21    0.70
C:      0.27    0.22    0.01
G:      0.38    0.35    0.18
T:      0.17    0.22    0.11

Files as the database's own program writes them have further matrices of the same motif, of scores,
of energies and of the reverse complement, which are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.io.motif_format import (
    FORMATS,
    Held,
    Lines,
    MotifFormat,
    alphabet_of,
    file_stem,
    not_understood,
    of_labelled_rows,
    of_probabilities,
    of_shares,
    printed_shares,
    word,
)
from motifnet.motifs import Motif

_ROW = re.compile(r"([ACGTUacgtu]):\s*(.*)")
_OTHER_MATRIX = re.compile(r"(enrichment score|energy|reverse complement) matrix|\S+_RC$", re.IGNORECASE)
_SECTION = re.compile(r"(probability matrix|PO\s)", re.IGNORECASE)
_KMER = re.compile(r"\d+\t[ACGTU.]+\t")  # the words that the program ranks
_NAME = re.compile(r"#?\s*(?:protein|gene|motif)\s*:\s*(\S+)", re.IGNORECASE)


class _Matrix(NamedTuple):
    """A matrix of the file: its name, and its rows of bases with their line and numbers."""

    name: str
    rows: list[tuple[int, str, str]]


def matches(lines: Lines) -> bool:
    """Whether a line is a row of a base, with a colon behind its letter."""
    return any(_ROW.match(text.strip()) for _, text in lines)


def n_heads(lines: Lines) -> int:
    """How many matrices of probabilities begin with the row of A."""
    n, wanted = 0, True
    for text in (text.strip() for _, text in lines if text.strip()):
        match = _ROW.match(text)
        n += bool(match and wanted and match[1] in "Aa")
        wanted = wanted if match else _goes_on_to_probabilities(text, wanted=wanted)
    return n


def parse_uniprobe(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a UniPROBE file.

    Raises
    ------
    MotifFormatError
        If a matrix has not one row for each base, or a column is not of probabilities.
    """
    return [_motif(one, path) for one in _matrices(lines, path)]


def render_uniprobe(motifs: Sequence[Motif], bases: str = "ACGT") -> str:
    """Motifs as a UniPROBE file, of DNA or RNA (``"ACGU"``)."""
    return "\n".join(_rendered(motif, bases) for motif in motifs)


FORMATS.register("uniprobe")(
    MotifFormat((".uniprobe",), Held.BASES, matches, n_heads, parse_uniprobe, render_uniprobe)
)


def _matrices(lines: Lines, path: Path) -> Iterator[_Matrix]:
    """The matrices of probabilities; a line that is neither a row nor a heading of the program names one."""
    name, wanted, is_named, rows = file_stem(path), True, False, []
    for line, text in ((line, text.strip()) for line, text in lines if text.strip()):
        match = _ROW.match(text)
        if match and wanted:
            rows.append((line, match[1], match[2]))
        elif not match:
            if rows:
                yield _Matrix(name, rows)
                rows, is_named = [], False
            wanted = _goes_on_to_probabilities(text, wanted=wanted)
            if wanted and not _SECTION.match(text) and not _KMER.match(text):
                found = _name(text)
                if found and is_named and not _NAME.match(text):
                    raise not_understood(text, "rows 'A:', 'C:', 'G:', 'T:' below a name", path, line)
                name, is_named = found or name, is_named or bool(found)
    if rows:
        yield _Matrix(name, rows)


def _goes_on_to_probabilities(text: str, *, wanted: bool) -> bool:
    """Whether rows behind a heading or name are probabilities; before it they were if ``wanted``."""
    return not _OTHER_MATRIX.match(text) and (wanted or not text.startswith("PO"))


def _name(text: str) -> str:
    """The name that a line gives; empty if it is a comment."""
    match = _NAME.match(text)
    if match:
        return match[1]
    return "" if text.startswith("#") else word(text.lstrip(">"))


def _motif(one: _Matrix, path: Path) -> Motif:
    name, rows = one
    line = rows[0][0]
    matrix = of_labelled_rows(name, rows, path, line)
    shares = [of_probabilities(column, path, line) for column in matrix.T.tolist()]
    return of_shares(name, "", np.stack(shares, 1), alphabet_of("".join(base for _, base, _ in rows)))


def _rendered(motif: Motif, bases: str) -> str:
    rows = ("\t".join([f"{base}:", *row]) for base, *row in zip(bases, *printed_shares(motif), strict=True))
    return "\n".join([word(motif.name), *rows]) + "\n"
