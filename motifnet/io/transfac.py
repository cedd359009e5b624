"""TRANSFAC motif format: two-letter keys, and a row for each column of the motif below ``P0``, such as::

AC  MA0004.1
ID  Arnt
P0      A      C      G      T
01      4     16      0      0      C
//
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.formats import (
    FORMATS,
    Held,
    Lines,
    MotifFormat,
    as_dna,
    by_base,
    motif_of_counts,
    numbers,
    word,
)
from motifnet.motifs import Motif

_HEADER = re.compile(r"P[0O]\s+([A-Za-z](?:\s+[A-Za-z])+)\s*$")
_ROW = re.compile(r"\d+\s")


def matches(lines: Lines) -> bool:
    """Whether a line is the head of a TRANSFAC matrix."""
    return any(_HEADER.match(text) for _, text in lines)


def parse_transfac(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a TRANSFAC file.

    A motif's name is its accession (``AC``), or else its ``ID`` or ``NA``; the second name
    is the most telling of those left.

    Raises
    ------
    MotifFormatError
        If a matrix is missing or wrong.
    """
    records, begin = [], 0
    for i, (_, text) in enumerate(lines):
        if text.startswith("//"):
            records.append(lines[begin:i])
            begin = i + 1
    records.append(lines[begin:])  # the last one may lack its end
    return [
        _motif(record, path)
        for record in records
        if any(text[:2] in ("P0", "PO", "AC") for _, text in record)
    ]


def render_transfac(motifs: Sequence[Motif], bases: str = "ACGT") -> str:
    """Motifs as a TRANSFAC file, of DNA or RNA (``"ACGU"``)."""
    return "".join(_rendered(motif, bases) for motif in motifs)


_HOLDS = Held.ALT_NAME | Held.COUNTS | Held.BASES
FORMATS.register("transfac")(
    MotifFormat((".transfac", ".tf"), _HOLDS, matches, parse_transfac, render_transfac)
)


def _motif(record: Lines, path: Path) -> Motif:
    keys = {text[:2]: text[2:].strip() for _, text in reversed(record)}
    names = list(dict.fromkeys(keys[key] for key in ("AC", "ID", "NA", "DE") if keys.get(key)))
    name = names[0] if names else f"line_{record[0][0]}"
    alt_name = next((keys[key] for key in ("NA", "ID") if keys.get(key, name) != name), "")
    begin = next((i for i, (_, text) in enumerate(record) if _HEADER.match(text)), None)
    if begin is None:
        raise MotifFormatError(
            path, f"motif {name} has no matrix; expected a line 'P0 A C G T'", record[0][0]
        )
    bases = "".join(_HEADER.match(record[begin][1])[1].split())
    if sorted(as_dna(bases)) != list("ACGT"):
        raise MotifFormatError(
            path, f"motif {name} is over the letters {bases}; expected A, C, G, T", record[begin][0]
        )
    columns = []
    for line, text in record[begin + 1 :]:
        if not _ROW.match(text):
            break
        columns.append(_column(text, path, line))
    if not columns:
        raise MotifFormatError(
            path, f"motif {name} has no rows; expected one of counts for each position", record[begin][0]
        )
    return motif_of_counts(name, alt_name, by_base(np.transpose(columns), bases), path, record[begin][0])


def _column(text: str, path: Path, line: int) -> list[float]:
    """The counts of one row, between its number and the letter that may end it."""
    column = numbers(" ".join(text.split()[1:5]), path, line)
    if len(column) != 4:
        raise MotifFormatError(path, f"has {len(column)} counts; expected 4", line)
    return column


def _rendered(motif: Motif, bases: str) -> str:
    name, alt_name = word(motif.name), word(motif.alt_name)
    names = [f"AC  {name}", "XX", f"ID  {name}", "XX"] + ([f"NA  {alt_name}", "XX"] if alt_name else [])
    rows = (
        "  ".join([f"{i:02d}", *(f"{count:.10g}" for count in column), letter])
        for i, (column, letter) in enumerate(zip(motif.counts.T, motif.consensus, strict=True), 1)
    )
    return "\n".join([*names, "  ".join(["P0", *bases]), *rows, "XX", "//"]) + "\n"
