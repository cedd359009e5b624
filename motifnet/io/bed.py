"""BED3 to BED12 and narrowPeak: 0-based, half-open intervals, one a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from motifnet.errors import BedFormatError
from motifnet.io.text import atomic_write, numbered_lines
from motifnet.symbols import Interval

_SKIPPED = ("#", "track ", "track\t", "browser ", "browser\t")
_NARROW_PEAK_COLUMNS = 10


class Peak(NamedTuple):
    """One line of a BED file.

    Parameters
    ----------
    interval : Interval
        Where it lies.
    name : str
        Fourth column; empty if there is none.
    score : float or None
        Fifth column; ``None`` if there is none, or if it is no number.
    summit : int or None
        Offset of the summit from the start, from the tenth column of a narrowPeak.
    line : int
        1-based line of the file that it was read from; 0 if it was not read from one.
    """

    interval: Interval
    name: str = ""
    score: float | None = None
    summit: int | None = None
    line: int = 0


def read_bed(path: str | Path) -> list[Peak]:
    """Read intervals from a BED or narrowPeak file, plain or gzip.

    Columns are separated by tabs, or by spaces where there is no tab; comments, ``track``
    and ``browser`` lines are skipped. A file is read as narrowPeak if its name says so, or if
    its lines have ten columns that cannot be those of a BED10.

    Raises
    ------
    MissingFile
        If there is no such file.
    BedFormatError
        With the line, if one does not follow the format; or if no line holds an interval.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "peaks.bed")
    ...     _ = path.write_text("chr1\\t100\\t200\\tpeak1\\t7\\t-\\n")
    ...     peaks = read_bed(path)
    >>> peaks[0].interval, peaks[0].name
    (Interval(chrom='chr1', start=100, end=200, strand='-'), 'peak1')
    """
    return list(stream_bed(path))


def stream_bed(path: str | Path) -> Iterator[Peak]:
    """The same, one interval after the other, so that a file of any length can be read."""
    named_narrow = ".narrowpeak" in Path(path).name.lower()
    is_empty = True
    for line, text in numbered_lines(path, "BED file", BedFormatError):
        if not is_content(text):
            continue
        try:
            yield _peak(bed_columns(text), line, named_narrow=named_narrow)
        except _BadLineError as problem:
            raise BedFormatError(path, str(problem), line) from None
        is_empty = False
    if is_empty:
        raise BedFormatError(path, "holds no intervals; expected lines of contig, start and end")


def write_bed(path: str | Path, rows: Iterable[Peak]) -> None:
    """Write peaks as BED6, or as narrowPeak if the name of the file says so.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    rows : iterable of Peak
    """
    columns = _narrow_columns if ".narrowpeak" in Path(path).name.lower() else _bed6_columns
    with atomic_write(path) as handle:
        handle.writelines("\t".join(columns(row)) + "\n" for row in rows)


def is_content(text: str) -> bool:
    """Whether a line holds an interval, and is not blank, a comment or for a browser."""
    return bool(text.strip()) and not text.startswith(_SKIPPED)


def bed_columns(text: str) -> list[str]:
    """The columns of a line."""
    return text.rstrip("\t ").split("\t") if "\t" in text else text.split()


class _BadLineError(ValueError):
    """What is wrong with a line, before it is known which line that is."""


def _peak(columns: Sequence[str], line: int, *, named_narrow: bool) -> Peak:
    if len(columns) < 3:
        raise _BadLineError(f"has {len(columns)} columns; expected at least contig, start and end")
    start, end = _whole(columns[1], "start", line), _whole(columns[2], "end", line)
    if start < 0:
        raise _BadLineError(f"start ({start}) is negative; BED counts bases from 0")
    if end <= start:
        relation = "smaller than" if end < start else "the same as"
        raise _BadLineError(f"end ({end}) is {relation} start ({start})")
    interval = Interval(columns[0], start, end, _strand(columns))
    return Peak(
        interval, _name(columns), _score(columns), _summit(columns, interval, named_narrow=named_narrow), line
    )


def _whole(text: str, what: str, line: int) -> int:
    if not text.removeprefix("-").isdecimal():
        hint = "; if this line is a header, put '#' before it" if line == 1 else ""
        raise _BadLineError(f"{what} ({text!r}) is not a whole number{hint}")
    return int(text)


def _strand(columns: Sequence[str]) -> str:
    strand = columns[5] if len(columns) > 5 else "."
    if strand not in ("+", "-", "."):
        raise _BadLineError(f"strand (column 6) is {strand!r}; expected '+', '-' or '.'")
    return strand


def _name(columns: Sequence[str]) -> str:
    return columns[3] if len(columns) > 3 and columns[3] != "." else ""


def _score(columns: Sequence[str]) -> float | None:
    # Programs put many things into this column; nothing depends on it, so none is refused.
    return _number(columns[4]) if len(columns) > 4 else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _summit(columns: Sequence[str], interval: Interval, *, named_narrow: bool) -> int | None:
    if len(columns) != _NARROW_PEAK_COLUMNS or not (named_narrow or _cannot_be_bed10(columns, interval)):
        return None
    text = columns[9]
    if not text.removeprefix("-").isdecimal():
        raise _BadLineError(f"peak offset (column 10) is {text!r}; expected a whole number, or -1 for none")
    summit = int(text)
    if summit >= interval.length:
        raise _BadLineError(
            f"peak offset ({summit}) is beyond the end of the peak, which has {interval.length} bases"
        )
    return summit if summit >= 0 else None


def _cannot_be_bed10(columns: Sequence[str], interval: Interval) -> bool:
    """Whether columns 7 and 8 are no stretch to draw thick within the interval, so that they are scores."""
    thick = columns[6:8]
    if not all(text.isdecimal() for text in thick):
        return True
    return not interval.start <= int(thick[0]) <= int(thick[1]) <= interval.end


def _bed6_columns(row: Peak) -> list[str]:
    where = row.interval
    score = "0" if row.score is None else f"{row.score:.10g}"
    return [where.chrom, str(where.start), str(where.end), row.name or ".", score, where.strand]


def _narrow_columns(row: Peak) -> list[str]:
    summit = -1 if row.summit is None else row.summit
    return [*_bed6_columns(row), "0.0", "-1", "-1", str(summit)]
