"""What a file format of alignments is, and what the formats share.

A format turns alignments into text and, where it can be read, text into blocks of rows. It registers
itself in :data:`ALIGNMENT_FORMATS`; nothing else needs to know of it. Which two rows of a block make an
alignment, and whether their letters are bases, is decided once, here, for all formats.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import AlignmentFormatError, InvalidValue, shown
from motifnet.io.letters import encode_bases
from motifnet.registry import Registry
from motifnet.symbols.alignment import GAPS, Alignment
from motifnet.symbols.place import Place
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)

Lines = Iterable[tuple[int, str]]
"""Numbered lines of a file, from 1."""

_GAPS_AS_UNKNOWN = str.maketrans(dict.fromkeys(GAPS, "N"))
_NO_GAPS = str.maketrans("", "", GAPS)


class AlignmentRow(NamedTuple):
    """One sequence of a block.

    Parameters
    ----------
    line : int
        1-based line of the file where it begins.
    name : str
        Of the sequence, such as ``hg18.chr1`` or ``HUMAN``.
    text : str
        Letters and gaps.
    start : int
        First base, 0-based, on the strand of the row.
    strand : str
        Strand of the sequence that the letters are of, ``"+"`` or ``"-"``; where nothing is known
        of it, whatever the file has, such as ``"?"``.
    length : int or None
        Of the whole sequence; ``None`` if the row is all that there is.
    """

    line: int
    name: str
    text: str
    start: int = 0
    strand: str = "+"
    length: int | None = None

    @property
    def letters(self) -> str:
        """The letters without the gaps."""
        return self.text.translate(_NO_GAPS)

    @property
    def place(self) -> Place:
        """Where the row lies in its source."""
        size = len(self.letters)
        if self.length is None:
            return Place.named(self.name, size)
        start = self.start if self.strand == "+" else self.length - self.start - size
        return Place(self.name, start, start + size, self.strand, self.length, is_as_given=True)

    @property
    def label(self) -> str:
        """The name, with coordinates as those of a FASTA header if the row is a part of its source."""
        return self.name if self.length is None else self.place.label

    @property
    def species(self) -> str:
        """What stands in its name before the first dot."""
        return self.name.split(".")[0]

    def is_of(self, species: str) -> bool:
        """Whether it is of a species: by its name, or by what stands before its first dot."""
        return f"{self.name}.".startswith(f"{species}.")

    def codes(self, path: Path) -> np.ndarray:
        """Codes of the bases, ``shape=(n_bases,)``.

        Raises
        ------
        AlignmentFormatError
            If there is none, or if a letter is of no base.
        """
        return encode_bases(self.letters, self.name, path, self.line)


class AlignmentBlock(NamedTuple):
    """Rows that are aligned with each other.

    Parameters
    ----------
    rows : list of AlignmentRow
    score : float or None
        Of the alignment, where the file has one.
    """

    rows: list[AlignmentRow]
    score: float | None = None


class RowPair(NamedTuple):
    """Two rows of a block, and its score."""

    x: AlignmentRow
    y: AlignmentRow
    score: float | None


class AlignmentFormat(NamedTuple):
    """A file format of alignments.

    Parameters
    ----------
    suffix : str
        The usual ending of its files.
    render : callable
        Alignments as pieces of text.
    matches : callable
        Whether a file whose first line of content is the given one is of this format.
    parse : callable or None
        The blocks in the lines of a file; its path is for the errors. ``None`` for a
        format that is only written.
    """

    suffix: str
    render: Callable[[Sequence[Alignment]], Iterator[str]]
    matches: Callable[[str], bool] = lambda line: False
    parse: Callable[[Lines, Path], Iterator[AlignmentBlock]] | None = None


ALIGNMENT_FORMATS: Registry[AlignmentFormat] = Registry("alignment format")
"""Formats by name."""


def pairs_of_rows(
    blocks: Iterable[AlignmentBlock], path: Path, species: tuple[str, str] | None
) -> Iterator[RowPair]:
    """The two rows of each block that are asked for; how many blocks lack one, or have more, is logged.

    Parameters
    ----------
    blocks : iterable of AlignmentBlock
    path : Path
        Of the file, for the errors.
    species : tuple of two str, optional
        Names of rows, or what stands in them before the first dot; blocks that lack one are left
        out. The first two rows of each block if not given.

    Raises
    ------
    InvalidValue
        If no block has both species, or if a row is of both.
    AlignmentFormatError
        If the rows of a block differ in length, if the strand of a row that is taken is not known,
        or if no block has two.
    """
    n_pairs = n_without = n_more = 0
    seen: dict[str, None] = {}
    for block in blocks:
        _check_widths(block.rows, path)
        seen.update((row.species, None) for row in block.rows)
        of_x, of_y = (block.rows[:1], block.rows[1:]) if species is None else rows_of(species, block.rows)
        if not (of_x and of_y):
            n_without += 1
            continue
        n_pairs += 1
        n_more += len(of_x) > 1 or len(of_y) > 1
        pair = of_x[0], of_y[0]
        for row in pair:
            if row.strand not in ("+", "-"):
                raise AlignmentFormatError(
                    path, f"strand is {shown(row.strand)!r}; expected '+' or '-'", row.line
                )
        yield RowPair(*pair, block.score)
    if n_pairs == 0 and species is not None:
        known = ", ".join(list(seen)[:10]) or "none"
        raise InvalidValue("species", ",".join(species), f"two that {path} has in one alignment of: {known}")
    if n_pairs == 0:
        raise AlignmentFormatError(path, "has no alignment of two sequences; expected at least one")
    if n_without:
        what = "two rows" if species is None else f"rows of both {species[0]} and {species[1]}"
        _log.warning("%s: left out: %s without %s", path, counted(n_without, "block"), what)
    if n_more:
        what = (
            "more than two rows, of which the first two are taken (--species takes others)"
            if species is None
            else f"several rows of {species[0]} or {species[1]}: the first of each is taken"
        )
        have = verb(n_more, "has", "have")
        _log.warning("%s: %d of %s %s %s", path, n_more, counted(n_pairs + n_without, "block"), have, what)


def rows_of(
    species: tuple[str, str], rows: Sequence[AlignmentRow]
) -> tuple[list[AlignmentRow], list[AlignmentRow]]:
    """The rows of each of two species: by name, or by what stands before the first dot.

    Raises
    ------
    InvalidValue
        If a row is of both: it would be aligned with itself.
    """
    of_x, of_y = ([row for row in rows if row.is_of(name)] for name in species)
    lines_of_y = {row.line for row in of_y}
    both = next((row.name for row in of_x if row.line in lines_of_y), None)
    if both is not None:
        raise InvalidValue(
            "species", ",".join(species), f"two names, no row being of both, as {shown(both)} is"
        )
    return of_x, of_y


def first_content(lines: Lines) -> str:
    """The first line that is neither blank nor a comment; empty if there is none.

    The first line of a MAF file, which looks like a comment, is none.
    """
    return next((text for _, text in lines if not _is_comment(text)), "")


def _is_comment(text: str) -> bool:
    return not text.strip() or text.startswith("track ") or (text[0] == "#" and not text.startswith("##maf"))


def _check_widths(block: list[AlignmentRow], path: Path) -> None:
    width = len(block[0].text)
    for row in block:
        if len(row.text) != width:
            raise AlignmentFormatError(
                path,
                f"row {shown(row.name)!r} has {len(row.text)} columns; expected {width}, as the first row "
                "has",
                row.line,
            )
