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
from motifnet.io.formats import FORMATS, Lines, MotifFormat, motif_of_counts, numbers, word
from motifnet.motifs import Motif

_HEADER = re.compile(r"P[0O]\s+([ACGTUacgtu](?:\s+[ACGTUacgtu]){3})\s*$")
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


def render_transfac(motifs: Sequence[Motif]) -> str:
    """Motifs as a TRANSFAC file."""
    return "".join(_rendered(motif) for motif in motifs)


FORMATS.register("transfac")(MotifFormat(".transfac", matches, parse_transfac, render_transfac))


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
    bases = "".join(_HEADER.match(record[begin][1])[1].upper().replace("U", "T").split())
    columns = []
    for line, text in record[begin + 1 :]:
        if not _ROW.match(text):
            break
        columns.append(_column(text, path, line))
    if not columns or sorted(bases) != list("ACGT"):
        problem = f"motif {name} has no rows" if not columns else f"motif {name} has the columns {bases}"
        raise MotifFormatError(
            path, f"{problem}; expected a row of counts of A, C, G, T for each place", record[begin][0]
        )
    return motif_of_counts(name, alt_name, np.array(columns).T[[bases.index(base) for base in "ACGT"]])


def _column(text: str, path: Path, line: int) -> list[float]:
    """The counts of one row, between its number and the letter that may end it."""
    column = numbers(" ".join(text.split()[1:5]), path, line)
    if len(column) != 4:
        raise MotifFormatError(path, f"has {len(column)} counts; expected 4", line)
    return column


def _rendered(motif: Motif) -> str:
    name, alt_name = word(motif.name), word(motif.alt_name)
    names = [f"AC  {name}", "XX", f"ID  {name}", "XX"] + ([f"NA  {alt_name}", "XX"] if alt_name else [])
    rows = (
        "  ".join([f"{i:02d}", *(f"{count:.10g}" for count in column), letter])
        for i, (column, letter) in enumerate(zip(motif.counts.T, motif.consensus, strict=True), 1)
    )
    return "\n".join([*names, "P0  A  C  G  T", *rows, "XX", "//"]) + "\n"
