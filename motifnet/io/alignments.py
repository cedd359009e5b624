"""Files of alignments: every format that is registered is written; aligned FASTA and MAF are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from motifnet.errors import AlignmentFormatError, shown

# Importing a format registers it.
from motifnet.io import alignment_formats  # noqa: F401
from motifnet.io.alignment_format import (
    ALIGNMENT_FORMATS,
    AlignmentBlock,
    Lines,
    RowPair,
    first_content,
    pairs_of_rows,
)
from motifnet.io.text import atomic_write, numbered_lines
from motifnet.symbols.alignment import Alignment


def read_alignments(path: str | Path, *, species: tuple[str, str] | None = None) -> list[Alignment]:
    """Read alignments of two sequences from a file, plain or gzip: aligned FASTA or MAF.

    The format is told by the content. Of an alignment of more than two sequences, two rows are
    taken, and the columns in which both have a gap are left out.

    A row of MAF that is a part of its source is taken as a sequence of its own, whose name has
    the coordinates: ``hg18.chr6:100-200``. Where it lies, and on which strand, is kept.

    Parameters
    ----------
    path : str or Path
    species : tuple of two str, optional
        Names of the rows to take, or the part before the first dot, such as ``("hg18", "mm9")``;
        alignments that lack one are left out. The first two rows if not given.

    Returns
    -------
    list of Alignment
        In the order of the file.

    Raises
    ------
    MissingFile
        If there is no such file.
    InvalidValue
        If no alignment has both species.
    AlignmentFormatError
        With the line, if the file is of neither format or does not follow it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "truth.fa")
    ...     _ = path.write_text(">human\\nAC-GT\\n>chimp\\nAC--T\\n>mouse\\nATT-T\\n")
    ...     (found,) = read_alignments(path, species=("human", "mouse"))
    >>> found.rows()
    ('AC-GT', 'ATT-T')
    """
    path = Path(path)
    return [_alignment(pair, path) for pair in pairs_of_rows(_blocks(path), path, species)]


def write_alignments(path: str | Path, alignments: Sequence[Alignment], format: str = "fasta") -> None:
    """Write alignments to a file.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    alignments : sequence of Alignment
    format : str
        Name in :data:`~motifnet.io.alignment_format.ALIGNMENT_FORMATS`.

    Raises
    ------
    UnknownName
        If there is no such format.

    Examples
    --------
    >>> write_alignments("one.fa", [Alignment.from_rows("ACG-T", "A-GCT", "human", "mouse")])
    >>> print(Path("one.fa").read_text(), end="")
    >human
    ACG-T
    >mouse
    A-GCT
    """
    pieces = ALIGNMENT_FORMATS[format].render(alignments)
    with atomic_write(path) as handle:
        handle.writelines(pieces)


def _blocks(path: Path) -> Iterator[AlignmentBlock]:
    first = first_content(_lines(path))
    readable = {
        name: (format.matches, format.parse)
        for name, format in ((name, ALIGNMENT_FORMATS[name]) for name in ALIGNMENT_FORMATS)
        if format.parse is not None
    }
    known = ", ".join(readable)
    if not first:
        raise AlignmentFormatError(path, f"is empty; expected alignments (known formats: {known})")
    for matches, parse in readable.values():
        if matches(first):
            return parse(_lines(path), path)
    raise AlignmentFormatError(
        path, f"begins with {shown(first, 40)!r}, as no known alignment format does (known: {known})"
    )


def _lines(path: Path) -> Lines:
    return numbered_lines(path, "alignment file", AlignmentFormatError)


def _alignment(pair: RowPair, path: Path) -> Alignment:
    x, y, score = pair
    for row in (x, y):
        if row.letters:
            row.codes(path)
    return Alignment.from_rows(
        x.text, y.text, x.label, y.label, x_place=x.place, y_place=y.place, score=score
    )
