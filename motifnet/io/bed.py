"""BED3 to BED12 and narrowPeak: 0-based, half-open intervals, one a line.

Lines may have more columns, as those of IDR and of ``bedtools intersect -wb``, which are not read. Lines that
are wrong are left out or mended, and counted: see :mod:`motifnet.io.skipped`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from motifnet.errors import BedFormatError, shown
from motifnet.io.fields import decimal, whole
from motifnet.io.skipped import SHARE, Skipped
from motifnet.io.text import atomic_write, numbered_lines
from motifnet.symbols import Interval

_SKIPPED = ("#", "track ", "track\t", "browser ", "browser\t")
_NARROW_PEAK_COLUMNS = 10
_NARROW_NAMES = (".narrowpeak", ".regionpeak")
_NO_STRAND = "lines have no strand in column 6, and are read as three columns"
_NO_SUMMIT = "lines tell no summit in column 10, so that their centres are taken"
_UNSTRANDED = (".", "*", "?")


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


def read_bed(path: str | Path, *, max_skipped: float = SHARE) -> list[Peak]:
    """Read intervals from a BED or narrowPeak file, plain or gzip.

    Columns are separated by tabs, or by spaces where there is no tab; comments, ``track``
    and ``browser`` lines are skipped. A line is read as narrowPeak if the name of the file says so, or
    if its columns 7 to 10 can only be those of one. A strand ``*`` or ``?`` is none; where column 6 is no
    strand at all, three columns are read.

    Parameters
    ----------
    path : str or Path
    max_skipped : float
        Largest share of the lines that may be left out or mended, with a warning.

    Returns
    -------
    list of Peak
        In the order of the file.

    Raises
    ------
    MissingFile
        If there is no such file.
    BedFormatError
        If too many lines do not follow the format, with the first of them; or if no line holds an interval.

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
    skipped = Skipped(path, BedFormatError, largest_share=max_skipped)
    peaks = list(stream_bed(path, skipped))
    skipped.finish()
    return peaks


def stream_bed(path: str | Path, skipped: Skipped) -> Iterator[Peak]:
    """The same, one interval after the other, so that a file of any length can be read.

    Parameters
    ----------
    path : str or Path
    skipped : Skipped
        What is wrong goes here; it is to be finished once all was read.
    """
    named_narrow = any(ending in Path(path).name.lower() for ending in _NARROW_NAMES)
    for line, text in numbered_lines(path, "BED file", BedFormatError):
        if not is_content(text):
            continue
        columns = bed_columns(text)
        if not skipped.n:
            _refuse_header(columns, path, line)
        skipped.seen()
        try:
            yield _Line(columns, line, skipped, named_narrow=named_narrow).peak()
        except BedFormatError as problem:
            skipped.left_out(problem)
    if not skipped.n:
        raise BedFormatError(path, "holds no intervals; expected lines of contig, start and end")


def write_bed(path: str | Path, rows: Iterable[Peak]) -> None:
    """Write peaks as BED6, or as narrowPeak if the name of the file says so.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    rows : iterable of Peak

    Examples
    --------
    >>> write_bed("peaks.bed", [Peak(Interval("chr1", 100, 200, "-"), name="one")])
    >>> read_bed("peaks.bed")[0].interval
    Interval(chrom='chr1', start=100, end=200, strand='-')
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


def _refuse_header(columns: Sequence[str], path: str | Path, line: int) -> None:
    """Raise the error for a first line that names columns: a table with such a line may count from 1."""
    if len(columns) >= 3 and whole(columns[1]) is None:
        raise BedFormatError(
            path,
            f"start ({columns[1][:60]!r}) is not a whole number; if this line is a header, put '#' before "
            "it, unless the table counts from 1, as those of MACS (.xls) and HOMER do",
            line,
        )


class _Line:
    """The columns of a line on their way to a peak."""

    def __init__(self, columns: Sequence[str], number: int, skipped: Skipped, *, named_narrow: bool) -> None:
        self._columns, self._number, self._skipped = columns, number, skipped
        self._named_narrow = named_narrow

    def peak(self) -> Peak:
        """The peak.

        Raises
        ------
        BedFormatError
            If there is none.
        """
        if len(self._columns) < 3:
            mixed = "; columns are separated by tabs or by spaces, not both"
            hint = mixed if len(" ".join(self._columns).split()) >= 3 else ""
            raise self._error(
                f"has {len(self._columns)} columns; expected at least contig, start and end{hint}"
            )
        start, end = self._whole(1, "start"), self._whole(2, "end")
        if end <= start:
            relation = "smaller than" if end < start else "the same as"
            raise self._error(f"end ({end}) is {relation} start ({start})")
        if end <= 0:
            raise self._error(f"end ({end}) is not above 0; BED counts bases from 0")
        if start < 0:
            self._mend(f"start ({start}) is negative, and is taken as 0")
        interval = Interval(self._columns[0], max(start, 0), end)
        strand = self._strand()
        if strand is None:
            return Peak(interval, line=self._number)
        summit = self._summit(interval, start)
        return Peak(interval._replace(strand=strand), self._name(), self._score(), summit, self._number)

    def _error(self, problem: str) -> BedFormatError:
        return BedFormatError(self._skipped.path, problem, self._number)

    def _mend(self, problem: str) -> None:
        self._skipped.mended(self._error(problem))

    def _whole(self, column: int, what: str) -> int:
        text = self._columns[column]
        number = whole(text)
        if number is None:
            size = " of at most 18 digits" if len(text) > 18 else ""
            raise self._error(f"{what} ({text[:60]!r}) is not a whole number{size}")
        return number

    def _strand(self) -> str | None:
        """The strand; None if the sixth column is something else, as in files of SEACR."""
        strand = self._columns[5] if len(self._columns) > 5 else "."
        if strand in _UNSTRANDED:
            return "."
        if strand not in ("+", "-"):
            self._skipped.noted(_NO_STRAND, self._number)
            return None
        return strand

    def _name(self) -> str:
        return self._columns[3] if len(self._columns) > 3 and self._columns[3] != "." else ""

    def _score(self) -> float | None:
        # Programs put many things into this column; nothing depends on it, so none is refused.
        return decimal(self._columns[4]) if len(self._columns) > 4 else None

    def _summit(self, interval: Interval, start: int) -> int | None:
        """The offset of the summit from the start of the interval; that of the file is from ``start``."""
        if not self._is_narrow(interval):
            if self._named_narrow or len(self._columns) > _NARROW_PEAK_COLUMNS:
                self._tell_centre(interval)
            return None
        text = self._columns[_NARROW_PEAK_COLUMNS - 1]
        offset = whole(text)
        if offset is None:
            self._mend(f"peak offset (column 10) is {shown(text)!r}, no whole number; the centre is taken")
            return None
        if offset < 0:  # which is how the format says that there is none
            return None
        summit = start + offset - interval.start
        if not 0 <= summit < interval.length:
            size = f"beyond the end of the peak, which has {interval.length} bases"
            self._mend(f"peak offset ({offset}) is {size}; the centre is taken")
            return None
        return summit

    def _tell_centre(self, interval: Interval) -> None:
        if not _is_bed12(self._columns, interval):
            self._skipped.noted(_NO_SUMMIT, self._number)

    def _is_narrow(self, interval: Interval) -> bool:
        """Whether the columns behind the sixth are those of a narrowPeak."""
        columns = self._columns
        if len(columns) < _NARROW_PEAK_COLUMNS or _is_bed12(columns, interval):
            return False
        if not all(decimal(text) is not None for text in columns[6:9]):
            return False
        if self._named_narrow:
            return True
        return whole(columns[9]) is not None and not _is_thick(columns, interval)


def _is_thick(columns: Sequence[str], interval: Interval) -> bool:
    """Whether columns 7 and 8 are a stretch to draw thick within the interval, rather than scores."""
    begin, end = whole(columns[6]), whole(columns[7])
    return begin is not None and end is not None and interval.start <= begin <= end <= interval.end


def _is_bed12(columns: Sequence[str], interval: Interval) -> bool:
    """Whether columns 7 to 12 are those of blocks, as of a BED12 and of a gappedPeak."""
    if len(columns) < 12 or not _is_thick(columns, interval):
        return False
    n_blocks = whole(columns[9])
    return all(len(text.rstrip(",").split(",")) == n_blocks for text in columns[10:12])


def _bed6_columns(row: Peak) -> list[str]:
    where = row.interval
    score = "0" if row.score is None else f"{row.score:.10g}"
    return [where.chrom, str(where.start), str(where.end), row.name or ".", score, where.strand]


def _narrow_columns(row: Peak) -> list[str]:
    summit = -1 if row.summit is None else row.summit
    return [*_bed6_columns(row), "0.0", "-1", "-1", str(summit)]
