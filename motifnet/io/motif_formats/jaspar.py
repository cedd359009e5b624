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

from motifnet.io.blocks import MatrixRows, MotifBlock, first_row, layout, n_motifs, split_blocks
from motifnet.io.motif_format import (
    FORMATS,
    Held,
    Lines,
    MotifFormat,
    alphabet_of,
    motif_of_counts,
    of_labelled_rows,
    word,
)
from motifnet.motifs import Motif

_BRACKETED = re.compile(r"[ACGTUacgtu]\s*[\[|]\s*(?=[-+\d.])")
_LABELLED = re.compile(r"([ACGTUacgtu])\s*(?:[\[|]\s*|\s)(?=[-+\d.])(.*?)\]?$")


def matches(lines: Lines) -> bool:
    """Whether the rows of the matrices are those of bases."""
    return layout(lines) == MatrixRows.BASE or bool(_BRACKETED.match(first_row(lines)))


def parse_jaspar(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a JASPAR file.

    Raises
    ------
    MotifFormatError
        If a matrix has not one row for each base, or rows of different lengths.
    """
    return [_motif(block, path) for block in split_blocks(lines, path)]


def render_jaspar(motifs: Sequence[Motif], bases: str = "ACGT") -> str:
    """Motifs as a JASPAR file, of DNA or RNA (``"ACGU"``)."""
    return "\n".join(_rendered(motif, bases) for motif in motifs)


_HOLDS = Held.ALT_NAME | Held.COUNTS | Held.BASES
FORMATS.register("jaspar")(MotifFormat((".jaspar",), _HOLDS, matches, n_motifs, parse_jaspar, render_jaspar))


def _motif(block: MotifBlock, path: Path) -> Motif:
    name, _, alt_name = block.header.replace("\t", " ").partition(" ")
    rows = [(line, *_labelled(text, "ACGT"[i % 4])) for i, (line, text) in enumerate(block.rows)]
    counts = of_labelled_rows(name, rows, path, block.line)
    alphabet = alphabet_of("".join(base for _, base, _ in rows))
    return motif_of_counts(name, alt_name, counts, path, block.line, alphabet)


def _labelled(text: str, otherwise: str) -> tuple[str, str]:
    """The base of a row and its numbers; a row without a letter is that of the base ``otherwise``."""
    match = _LABELLED.match(text)
    if match is None:
        return otherwise, text
    return match[1], match[2]


def _rendered(motif: Motif, bases: str) -> str:
    header = f">{word(motif.name)}\t{word(motif.alt_name)}".rstrip()
    numbered = (" ".join(f"{count:.10g}" for count in row) for row in motif.counts)
    rows = (f"{base} [ {row} ]" for base, row in zip(bases, numbered, strict=True))
    return "\n".join([header, *rows]) + "\n"
