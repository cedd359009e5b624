"""Bare matrices with a row for each column of the motif, as GimmeMotifs and HOCOMOCO write them, such as::

>MA0004.1_Arnt
4 16 0 0
19 0 1 0
0 20 0 0

A file may hold one matrix alone, without a name. Bare matrices with a row for each base are JASPAR's.
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
    n_motifs,
    split_blocks,
)
from motifnet.io.motif_format import FORMATS, Held, Lines, MotifFormat, motif_of_counts, word
from motifnet.motifs import Motif


def matches(lines: Lines) -> bool:
    """Whether bare matrices have rows that are columns of motifs."""
    return layout(lines) == MatrixRows.COLUMN and not is_lettered(first_row(lines))


def parse_pfm(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of such a file, in counts or frequencies.

    The first two fields of a header are the names.

    Raises
    ------
    MotifFormatError
        If a row has not four numbers, or a motif no row.
    """
    return [_motif(block, path) for block in split_blocks(lines, path)]


def render_pfm(motifs: Sequence[Motif], _bases: str = "ACGT") -> str:
    """Motifs as a ``.pfm`` file of counts, which does not name its bases."""
    return "".join(_rendered(motif) for motif in motifs)


FORMATS.register("pfm")(
    MotifFormat((".pfm", ".pcm"), Held.ALT_NAME | Held.COUNTS, matches, n_motifs, parse_pfm, render_pfm)
)


def _motif(block: MotifBlock, path: Path) -> Motif:
    fields = block.header.split("\t") if "\t" in block.header else block.header.split()
    name, alt_name = fields[0], fields[1] if len(fields) > 1 else ""
    return motif_of_counts(name, alt_name, columns(block, name, path), path, block.line)


def _rendered(motif: Motif) -> str:
    header = f">{word(motif.name)}\t{word(motif.alt_name)}".rstrip()
    rows = ("\t".join(f"{count:.10g}" for count in column) for column in motif.counts.T)
    return "\n".join([header, *rows]) + "\n"
