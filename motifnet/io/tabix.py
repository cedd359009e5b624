"""Indexes of bgzip files: which blocks have the lines of a stretch of a contig.

htslib makes them: a tabix index (``.tbi``), or one of the kind CSI (``.csi``) where a line ends beyond 2^29,
which is all that tabix can tell apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from motifnet.errors import InvalidValue
from motifnet.io.text import atomic_path

TABIX, CSI = ".tbi", ".csi"
"""Endings of the index of a file, of which it has one at most."""

_MOST = 1 << 29  # bases that the bins of tabix can tell apart


class Columns(NamedTuple):
    """Where the lines of a format tell their places.

    Parameters
    ----------
    contig, start, end : int
        1-based columns.
    is_zero_based : bool
        Whether starts count from 0, with ends that are not included.
    n_skipped : int
        Lines of the header that do not begin with ``#``.
    """

    contig: int
    start: int
    end: int
    is_zero_based: bool
    n_skipped: int = 0


BED_COLUMNS = Columns(1, 2, 3, is_zero_based=True)
"""Of BED and what is made like it."""


class InOrder:
    """Sees that lines can be indexed, while they are written.

    Parameters
    ----------
    columns : Columns

    Attributes
    ----------
    ending : str
        Of the index that they need.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._contigs: set[str] = set()
        self._last = ("", 0)
        self.ending = TABIX

    def check(self, line: str) -> None:
        """Take the next line of data.

        Parameters
        ----------
        line : str

        Raises
        ------
        InvalidValue
            If it is out of order.
        """
        fields = line.split("\t")
        contig, start = fields[self._columns.contig - 1], int(fields[self._columns.start - 1])
        last, before = self._last
        is_behind = start < before if contig == last else contig in self._contigs
        if is_behind:
            counted_from = not self._columns.is_zero_based
            raise InvalidValue(
                "order of the lines to index",
                f"{contig}:{start - counted_from} after {last}:{before - counted_from}",
                "lines by contig and start; are two contigs of one name?",
            )
        if contig != last:
            self._contigs.add(contig)
        self._last = contig, start
        if int(fields[self._columns.end - 1]) > _MOST:
            self.ending = CSI


def index_of(path: Path, ending: str) -> Path:
    """Where the index of a file lies, of the kind that has such an ending."""
    return path.with_name(path.name + ending)


def write_index(path: Path, columns: Columns, ending: str) -> None:
    """Write the index of a bgzip file beside it.

    Parameters
    ----------
    path : Path
        Whose lines are in order.
    columns : Columns
    ending : {".tbi", ".csi"}
    """
    from pysam import tabix_index

    with atomic_path(index_of(path, ending)) as temporary:
        tabix_index(
            str(path), force=True, index=str(temporary), csi=ending == CSI,
            seq_col=columns.contig - 1, start_col=columns.start - 1, end_col=columns.end - 1,
            zerobased=columns.is_zero_based, line_skip=columns.n_skipped, meta_char="#",
        )  # fmt: skip
