"""Motif format of the ENCODE collection: a row for each column of the motif, led by its letter, such as::

>AP1_known1 AP-1_transfac_M00199
T 0.03 0.03 0.03 0.91
G 0.03 0.03 0.91 0.03
R 0.45 0.03 0.49 0.03

The letter is the consensus of the column. A row for each base, led by that base, is JASPAR's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from motifnet.io.blocks import (
    MatrixRows,
    MotifBlock,
    columns,
    first_row,
    is_lettered,
    layout,
    lettered,
    n_motifs,
    split_blocks,
)
from motifnet.io.motif_format import (
    FORMATS,
    Held,
    Lines,
    MotifFormat,
    motif_of_counts,
    not_understood,
    printed_shares,
    word,
)
from motifnet.motifs import Motif

_LETTERS = frozenset("ACGTURYSWKMBDHVNX")


def matches(lines: Lines) -> bool:
    """Whether the rows of the matrices are columns of motifs, each led by a letter."""
    return is_lettered(first_row(lines)) and layout(lines) == MatrixRows.COLUMN


def parse_encode(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of such a file, in counts or frequencies.

    Raises
    ------
    MotifFormatError
        If a row is not a letter of a base and four numbers, or a motif has no row.
    """
    return [_motif(block, path) for block in split_blocks(lines, path)]


def render_encode(motifs: Sequence[Motif], bases: str = "ACGT") -> str:
    """Motifs as such a file of probabilities, of DNA or RNA (``"ACGU"``)."""
    return "".join(_rendered(motif, bases) for motif in motifs)


_HOLDS = Held.ALT_NAME
FORMATS.register("encode")(MotifFormat((".encode",), _HOLDS, matches, n_motifs, parse_encode, render_encode))


def _motif(block: MotifBlock, path: Path) -> Motif:
    name, _, alt_name = block.header.partition(" ")
    rows = []
    for line, text in block.rows:
        letter, numbers = lettered(text)
        if letter.upper() not in _LETTERS:
            raise not_understood(text, "a letter of a base and 4 numbers", path, line)
        rows.append((line, numbers))
    matrix = columns(block._replace(rows=rows), name, path)
    return motif_of_counts(name, alt_name, matrix, path, block.line)


def _rendered(motif: Motif, bases: str) -> str:
    header = f">{word(motif.name)} {word(motif.alt_name)}".rstrip()
    rows = (
        " ".join([letter, *column])
        for letter, column in zip(motif.consensus, printed_shares(motif), strict=True)
    )
    return "\n".join([header, *rows]) + "\n"
