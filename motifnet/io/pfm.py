"""Matrices with a row for each column of the motif, as GimmeMotifs and HOMER write them, such as::

>MA0004.1_Arnt
4 16 0 0
19 0 1 0
0 20 0 0
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.blocks import Block, first_row, is_base_by_row, split
from motifnet.io.formats import FORMATS, Lines, MotifFormat, is_numeric, motif_of_counts, numbers, word
from motifnet.motifs import Motif


def matches(lines: Lines) -> bool:
    """Whether the first matrix has rows of four numbers, and not one row for each base."""
    row = first_row(lines)
    return is_numeric(row) and len(row.split()) == 4 and not is_base_by_row(lines)


def parse_pfm(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of such a file, in counts or frequencies.

    The first two fields of a header (of HOMER: consensus and name) are the names.

    Raises
    ------
    MotifFormatError
        If a row has not four numbers, or a motif no row.
    """
    return [_motif(block, path) for block in split(lines)]


def render_pfm(motifs: Sequence[Motif]) -> str:
    """Motifs as a ``.pfm`` file of counts."""
    return "".join(_rendered(motif) for motif in motifs)


FORMATS.register("pfm")(MotifFormat(".pfm", matches, parse_pfm, render_pfm))


def _motif(block: Block, path: Path) -> Motif:
    header = block.header or f"line_{block.line}"
    fields = header.split("\t") if "\t" in header else header.split()
    name, alt_name = fields[0], fields[1] if len(fields) > 1 else ""
    if not block.rows:
        raise MotifFormatError(path, f"motif {name} has no rows; expected rows of 4 numbers", block.line)
    columns = [_column(text, path, line) for line, text in block.rows]
    return motif_of_counts(name, alt_name, np.array(columns).T)


def _column(text: str, path: Path, line: int) -> list[float]:
    column = numbers(text, path, line)
    if len(column) != 4:
        raise MotifFormatError(path, f"has {len(column)} numbers; expected 4, for A, C, G and T", line)
    return column


def _rendered(motif: Motif) -> str:
    header = f">{word(motif.name)}\t{word(motif.alt_name)}".rstrip()
    rows = ("\t".join(f"{count:.10g}" for count in column) for column in motif.counts.T)
    return "\n".join([header, *rows]) + "\n"
