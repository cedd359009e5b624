"""JASPAR motif format: a row of counts for each base, with or without its letter, such as::

>MA0004.1 Arnt
A [ 4 19 0 0 0 0 ]
C [16 0 20 0 0 0 ]
G [ 0 1 0 20 0 20 ]
T [ 0 0 0 0 20 0 ]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.blocks import Block, first_row, is_base_by_row, split
from motifnet.io.formats import FORMATS, Lines, MotifFormat, is_numeric, motif_of_counts, numbers, word
from motifnet.motifs import Motif

_LABELLED = re.compile(r"([ACGTUacgtu])\s*(?:[\[|]\s*|\s)(?=[\d.])(.*?)\]?$")


def matches(lines: Lines) -> bool:
    """Whether the first matrix has rows that begin with a base, or all have four rows of numbers."""
    row = first_row(lines)
    return bool(_LABELLED.match(row)) or (is_numeric(row) and is_base_by_row(lines))


def parse_jaspar(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a JASPAR file.

    Raises
    ------
    MotifFormatError
        If a matrix has not one row for each base, or rows of different lengths.
    """
    return [_motif(block, path) for block in split(lines)]


def render_jaspar(motifs: Sequence[Motif]) -> str:
    """Motifs as a JASPAR file."""
    return "\n".join(_rendered(motif) for motif in motifs)


FORMATS.register("jaspar")(MotifFormat(".jaspar", matches, parse_jaspar, render_jaspar))


def _motif(block: Block, path: Path) -> Motif:
    name, _, alt_name = (block.header or f"line_{block.line}").replace("\t", " ").partition(" ")
    labelled = [_labelled(text, "ACGT"[i % 4]) for i, (_, text) in enumerate(block.rows)]
    bases = "".join(base for base, _ in labelled)
    if sorted(bases) != list("ACGT"):
        found = ", ".join(bases) or "no rows"
        raise MotifFormatError(
            path, f"motif {name} has {found}; expected one row each for A, C, G, T", block.line
        )
    rows = [numbers(text, path, line) for (line, _), (_, text) in zip(block.rows, labelled, strict=True)]
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        lengths = ", ".join(str(len(row)) for row in rows)
        raise MotifFormatError(
            path, f"motif {name} has rows of {lengths} numbers; expected equal lengths", block.line
        )
    return motif_of_counts(name, alt_name, np.array(rows)[[bases.index(base) for base in "ACGT"]])


def _labelled(text: str, otherwise: str) -> tuple[str, str]:
    """The base of a row and its numbers; a row without a letter is that of the base ``otherwise``."""
    match = _LABELLED.match(text)
    if match is None:
        return otherwise, text
    return match[1].upper().replace("U", "T"), match[2]


def _rendered(motif: Motif) -> str:
    header = f">{word(motif.name)}\t{word(motif.alt_name)}".rstrip()
    numbered = (" ".join(f"{count:.10g}" for count in row) for row in motif.counts)
    rows = (f"{base} [ {row} ]" for base, row in zip("ACGT", numbered, strict=True))
    return "\n".join([header, *rows]) + "\n"
