"""Pairs of sequences to align: from FASTA, a table of pairs, or the blocks of a MAF file."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import AlignmentFormatError, InvalidValue, MissingFile, shown
from motifnet.io.alignment_format import (
    AlignmentBlock,
    AlignmentRow,
    Lines,
    first_content,
    pairs_of_rows,
    rows_of,
)
from motifnet.io.alignment_formats import aligned_fasta, maf
from motifnet.io.motif_format import is_blank
from motifnet.io.text import numbered_lines
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences
from motifnet.symbols.place import Place
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)


class _Record(NamedTuple):
    """One sequence: its name, its codes, and where it lies."""

    name: str
    codes: np.ndarray
    place: Place


class _Pair(NamedTuple):
    """Two sequences, the name of the pair and its group; an empty name is made from theirs."""

    x: _Record
    y: _Record
    name: str = ""
    group: str = ""


_NO_RECORD = _Record("", np.zeros(0, np.uint8), Place.whole("", 0))


def read_pairs(
    path: str | Path, other: str | Path | None = None, *, species: tuple[str, str] | None = None
) -> PairedSequences:
    """Read pairs of sequences; what a file is, its content tells, and it may be gzip.

    ===================  ============================  ==============================================
    ``path``             ``other``                     pairs
    ===================  ============================  ==============================================
    FASTA                FASTA with as many records    in order: first with first
    FASTA                none                          two by two: the first with the second, ...; or, of
                                                       two species, the first with the first, ...
    table of pairs       none                          one a row; ``x`` and ``y`` hold letters
    table of pairs       FASTA                         one a row; ``x`` and ``y`` hold names of records,
                                                       each of one record
    MAF                  none                          one a block, of its first two rows
    ===================  ============================  ==============================================

    A table of pairs is tab-separated and begins with a header that has the columns ``x`` and
    ``y``, ``name`` if the pairs have names, and ``group`` if they are of several kinds. The group of
    a pair of MAF is the two species, what stands in the names of its rows before the first dot,
    whichever comes first.
    Gaps are left out, so that an alignment can be aligned again.

    Parameters
    ----------
    path : str or Path
    other : str or Path, optional
        A FASTA file.
    species : tuple of two str, optional
        Of one FASTA or MAF file, the sequences to take: names, or what stands in them before
        the first dot, such as ``("hg18", "mm9")``. Of a block of MAF, the first of each; of a FASTA
        file, all, the first of one with the first of the other.

    Returns
    -------
    PairedSequences
        In the order of the file.

    Raises
    ------
    MissingFile
        If there is no such file.
    InvalidValue
        If the file does not have the species, or is of a kind that takes none or no second file.
    AlignmentFormatError
        If a file cannot be read, holds an empty sequence or protein, or does not hold pairs.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "pairs.tsv")
    ...     _ = path.write_text("name\\tx\\ty\\nenhancer\\tACGT\\tACT\\n")
    ...     pairs = read_pairs(path)
    >>> pairs.names, pairs.x.text(0), pairs.y.names
    (['enhancer'], 'ACGT', ['enhancer.y'])
    """
    path = Path(path)
    first = first_content(_lines(path))
    if not first:
        raise AlignmentFormatError(path, "is empty; expected sequences as FASTA, a table of pairs or MAF")
    if aligned_fasta.matches(first):
        return _paired(_of_fasta(path, other, species))
    if maf.matches(first):
        if other is not None:
            raise InvalidValue("second file", str(other), f"none, since {path} is MAF and has both sequences")
        return _paired(_of_maf(path, species))
    if species is not None:
        raise InvalidValue("species", ",".join(species), f"none, since {path} is a table of pairs")
    return _paired(_of_table(path) if other is None else _of_table_of_names(path, Path(other)))


def read_outgroup(
    outgroup: str | Path,
    pairs: PairedSequences,
    path: str | Path,
    *,
    species: tuple[str, str] | None = None,
) -> Sequences:
    """Read a third sequence for each pair.

    ===================================  ==================================================================
    ``outgroup``                         third sequences
    ===================================  ==================================================================
    FASTA; the pairs a table             by the names of the pairs: one record for each
    FASTA; the pairs anything else       in order: as many records as there are pairs
    no file; the pairs MAF               the first row of that species in each block; none where there is none
    no file; the pairs FASTA, of species the records of that species, in order
    ===================================  ==================================================================

    Parameters
    ----------
    outgroup : str or Path
        A FASTA file; or, if there is no file of that name, a species.
    pairs : PairedSequences
    path : str or Path
        The first file that the pairs were read from.
    species : tuple of two str, optional
        As the pairs were read.

    Returns
    -------
    Sequences
        In the order of the pairs; empty where a block of MAF has none.

    Raises
    ------
    InvalidValue
        If it is neither a file nor a species that the file of the pairs has.
    AlignmentFormatError
        If the file cannot be read, or has not one sequence for each pair, or the same names in another order.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table, third = Path(folder, "pairs.tsv"), Path(folder, "third.fa")
    ...     _ = table.write_text("name\\tx\\ty\\nenhancer\\tACGT\\tACT\\n")
    ...     _ = third.write_text(">enhancer\\nACGA\\n")
    ...     read_outgroup(third, read_pairs(table), table).text(0)
    'ACGA'
    """
    path = Path(path)
    first = first_content(_lines(path))
    if Path(outgroup).is_file():
        rows = _rows(Path(outgroup))
        is_table = not (aligned_fasta.matches(first) or maf.matches(first))
        chosen = _by_name(rows, pairs, Path(outgroup)) if is_table else _in_order(rows, pairs, Path(outgroup))
        return _sequences([_record(row, Path(outgroup)) for row in chosen])
    if maf.matches(first):
        return _sequences(_third_of_maf(path, str(outgroup), species))
    if species is not None and aligned_fasta.matches(first):
        rows = [row for row in _rows(path) if row.is_of(str(outgroup))]
        if not rows:
            raise InvalidValue("outgroup", str(outgroup), f"a file, or a species that {path} has")
        return _sequences([_record(row, path) for row in _in_order(rows, pairs, path)])
    raise MissingFile(Path(outgroup), "file of third sequences")


def _in_order(rows: Sequence[AlignmentRow], pairs: PairedSequences, path: Path) -> Sequence[AlignmentRow]:
    """One row for each pair, unless names say that they stand in another order."""
    if len(rows) != len(pairs):
        raise AlignmentFormatError(
            path, f"has {counted(len(rows), 'third sequence')}; expected {len(pairs)}, one for each pair"
        )
    names = [row.name for row in rows]
    for given in (pairs.names, pairs.x.names, pairs.y.names):
        if set(names) == set(given) and names != list(given):
            k = next(k for k, (one, other) in enumerate(zip(names, given, strict=True)) if one != other)
            raise AlignmentFormatError(
                path,
                f"third sequence {k + 1} is {shown(names[k])}, where the pair has {shown(given[k])}; "
                "expected the order of the pairs",
                rows[k].line,
            )
    return rows


def _by_name(rows: Sequence[AlignmentRow], pairs: PairedSequences, path: Path) -> Sequence[AlignmentRow]:
    """The row of each pair's name."""
    known: dict[str, list[AlignmentRow]] = {}
    for row in rows:
        known.setdefault(row.name, []).append(row)
    for name in pairs.names:
        n = len(known.get(name, ()))
        if n != 1:
            raise AlignmentFormatError(
                path, f"has {counted(n, 'record')} {shown(name)!r}; expected one of the name of each pair"
            )
    return [known[name][0] for name in pairs.names]


def _third_of_maf(path: Path, outgroup: str, species: tuple[str, str] | None) -> list[_Record]:
    """The bases of a species in each block that has a pair; none where it has none of that species."""
    last: list[AlignmentBlock] = []

    def noted() -> Iterator[AlignmentBlock]:
        for block in maf.parse(_lines(path), path):
            last[:] = [block]
            yield block

    found = []
    for x, y, _ in pairs_of_rows(noted(), path, species):
        if x.letters and y.letters:
            others = [row for row in last[0].rows if row.line not in (x.line, y.line) and row.is_of(outgroup)]
            found.append(_record(others[0], path) if others and others[0].letters else _NO_RECORD)
    if not any(len(record.codes) for record in found):
        raise InvalidValue("outgroup", outgroup, f"a file, or a third species in the blocks of {path}")
    return found


def _paired(pairs: Iterator[_Pair]) -> PairedSequences:
    found = list(pairs)
    return PairedSequences(
        _sequences([pair.x for pair in found]),
        _sequences([pair.y for pair in found]),
        [pair.name or f"{pair.x.name}-{pair.y.name}" for pair in found],
        [pair.x.place for pair in found],
        [pair.y.place for pair in found],
        [pair.group for pair in found],
    )


def _sequences(records: Sequence[_Record]) -> Sequences:
    return Sequences.from_codes([record.codes for record in records], [record.name for record in records])


def _of_fasta(path: Path, other: str | Path | None, species: tuple[str, str] | None) -> Iterator[_Pair]:
    if other is None:
        return _of_one_fasta(path, species)
    if species is not None:
        raise InvalidValue("species", ",".join(species), "none, since two files tell which sequence is which")
    return _of_two_fastas(path, Path(other))


def _of_two_fastas(path: Path, other: Path) -> Iterator[_Pair]:
    x_rows, y_rows = _rows(path), _rows(other)
    if len(x_rows) != len(y_rows):
        raise AlignmentFormatError(
            other,
            f"has {counted(len(y_rows), 'sequence')}; expected {len(x_rows)}, one for each sequence of "
            f"{path}",
        )
    for x, y in zip(x_rows, y_rows, strict=True):
        yield _Pair(_record(x, path), _record(y, other))


def _of_one_fasta(path: Path, species: tuple[str, str] | None) -> Iterator[_Pair]:
    rows = _rows(path)
    if species is not None:
        of_x, of_y = rows_of(species, rows)
        if not (of_x and of_y):
            some = ", ".join(row.name for row in rows[:10])
            raise InvalidValue("species", ",".join(species), f"two that {path} has: {some}")
        if len(of_x) != len(of_y):
            raise AlignmentFormatError(
                path,
                f"has {counted(len(of_x), 'sequence')} of {species[0]} and {len(of_y)} of {species[1]}; "
                "expected as many, to be paired in order",
            )
    elif len(rows) % 2:
        raise AlignmentFormatError(
            path,
            f"has {counted(len(rows), 'sequence')}; expected an even number, to be aligned two by two, or a "
            "second file",
        )
    else:
        of_x, of_y = rows[::2], rows[1::2]
    for x, y in zip(of_x, of_y, strict=True):
        yield _Pair(_record(x, path), _record(y, path))


def _of_maf(path: Path, species: tuple[str, str] | None) -> Iterator[_Pair]:
    n_pairs = n_empty = 0
    for x, y, _ in pairs_of_rows(maf.parse(_lines(path), path), path, species):
        if x.letters and y.letters:
            n_pairs += 1
            group = " and ".join(sorted({x.species, y.species}))
            yield _Pair(_record(x, path), _record(y, path), group=group)
        else:
            n_empty += 1
    if n_pairs == 0:
        raise AlignmentFormatError(path, "has no block with bases of both sequences; expected at least one")
    if n_empty:
        _log.warning("%s: left out: %s with an empty row", path, counted(n_empty, "block"))


def _of_table(path: Path) -> Iterator[_Pair]:
    entries = list(_entries(path))
    rows = [
        [AlignmentRow(entry.line, f"{entry.name}.{of}", getattr(entry, of)) for of in ("x", "y")]
        for entry in entries
    ]
    _tell_gaps([row for pair in rows for row in pair], path)
    for entry, pair in zip(entries, rows, strict=True):
        x, y = (_record(row, path) for row in pair)
        yield _Pair(x, y, entry.name, entry.group)


def _of_table_of_names(path: Path, other: Path) -> Iterator[_Pair]:
    known: dict[str, list[AlignmentRow]] = {}
    for row in _rows(other):
        known.setdefault(row.name, []).append(row)
    used: set[str] = set()
    for entry in _entries(path):
        for name in (entry.x, entry.y):
            n = len(known.get(name, ()))
            if n != 1:
                found = "is not in" if n == 0 else f"is the name of {n} records of"
                raise AlignmentFormatError(
                    path,
                    f"sequence {shown(name)!r} {found} {other}; expected the name of one record",
                    entry.line,
                )
        used |= {entry.x, entry.y}
        x, y = (_record(known[name][0], other) for name in (entry.x, entry.y))
        yield _Pair(x, y, entry.name, entry.group)
    n_rows = sum(map(len, known.values()))
    if n_rows > len(used):
        be = verb(n_rows - len(used), "is", "are")
        _log.warning(
            "%s: %d of %s %s in no pair of %s",
            other, n_rows - len(used), counted(n_rows, "sequence"), be, path,
        )  # fmt: skip


class _Entry(NamedTuple):
    """One row of a table of pairs; x and y are letters or names."""

    line: int
    name: str
    x: str
    y: str
    group: str


def _entries(path: Path) -> Iterator[_Entry]:
    """The rows of a table of pairs."""
    lines = ((line, text) for line, text in _lines(path) if not is_blank(text))
    line, header = next(lines, (1, ""))  # nothing but blanks and comments
    columns = [cell.strip() for cell in header.split("\t")]
    for needed in ("x", "y", *(name for name in ("name", "group") if name in columns)):
        if columns.count(needed) != 1:
            some = ", ".join(cell[:20] for cell in columns[:5])
            raise AlignmentFormatError(
                path,
                f"has {columns.count(needed)} columns {needed!r} (columns: {some}); expected FASTA, MAF or a "
                "tab-separated table with the columns x and y",
                line,
            )
    n_entries = 0
    for n_entries, (line, text) in enumerate(lines, 1):
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) != len(columns):
            raise AlignmentFormatError(
                path, f"has {len(cells)} columns; expected {len(columns)}, as in the header", line
            )
        row = dict(zip(columns, cells, strict=True))
        if row.get("group") == "":
            raise AlignmentFormatError(path, "has a pair without a group; expected one for each", line)
        yield _Entry(line, row.get("name") or f"pair{n_entries}", row["x"], row["y"], row.get("group", ""))
    if n_entries == 0:
        raise AlignmentFormatError(path, "has a header and no pairs; expected one a row", line)


def _rows(path: Path) -> list[AlignmentRow]:
    """The records of a FASTA file; that gaps are left out of them is logged."""
    rows = [row for row, _ in aligned_fasta.records(_lines(path), path)]
    if not rows:
        raise AlignmentFormatError(path, "is empty; expected sequences as FASTA")
    _tell_gaps(rows, path)
    return rows


def _tell_gaps(rows: Sequence[AlignmentRow], path: Path) -> None:
    """Log in how many sequences gaps are left out."""
    n_gapped = sum(len(row.letters) < len(row.text) for row in rows)
    if n_gapped:
        _log.warning("%s: the gaps of %s are left out", path, counted(n_gapped, "sequence"))


def _record(row: AlignmentRow, path: Path) -> _Record:
    return _Record(row.label, row.codes(path), row.place)


def _lines(path: Path) -> Lines:
    return numbered_lines(path, "file of sequences", AlignmentFormatError)
