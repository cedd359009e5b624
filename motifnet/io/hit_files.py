"""Files of hits: plain or in blocks, with an index where it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from motifnet.errors import InvalidValue
from motifnet.io.bgzip import BlockWriter, bgzip_writer
from motifnet.io.hit_formats import HIT_FORMATS, PlacedHit, rendered
from motifnet.io.tabix import CSI, TABIX, Columns, InOrder, index_of, write_index
from motifnet.io.text import atomic_write


def write_hits(path: str | Path, hits: Iterable[PlacedHit], format: str, *, index: bool = False) -> None:
    """Write hits to a file that appears only when it is complete.

    Parameters
    ----------
    path : str or Path
        In bgzip if it ends in ``.gz``.
    hits : iterable of PlacedHit
        In order; only a few are held.
    format : str
        Name in :data:`~motifnet.io.hit_formats.HIT_FORMATS`.
    index : bool
        Write an index beside it: for tabix, which ends in ``.tbi``, or where a hit ends beyond 2^29 of the
        kind CSI, which ends in ``.csi``.

    Raises
    ------
    InvalidValue
        If there is to be an index, but the file is not in bgzip or the hits are out of order.
    UnknownName
        If there is no such format.

    Examples
    --------
    >>> hit = PlacedHit("chr1", 9, 13, "GATA", "", "-", 8.0, 0.00390625, 0.5, "GATA", 0)
    >>> write_hits("hits.bed.gz", [hit], "bed", index=True)
    >>> sorted(path.name for path in Path().glob("hits.*"))
    ['hits.bed.gz', 'hits.bed.gz.tbi']
    """
    known = HIT_FORMATS[format]
    write_lines(path, rendered(format, hits), known.columns, n_header=len(known.header), index=index)


def write_lines(
    path: str | Path, lines: Iterable[str], columns: Columns, *, n_header: int = 0, index: bool = False
) -> None:
    """Write lines, which are given without their ends, as :func:`write_hits` does.

    Parameters
    ----------
    path : str or Path
    lines : iterable of str
        The header, then lines by contig and start.
    columns : Columns
        Where these tell their places.
    n_header : int
    index : bool
    """
    path = Path(path)
    check_indexable(path, index=index)
    if path.suffix != ".gz":
        with atomic_write(path) as handle:
            handle.writelines(f"{line}\n" for line in lines)
        return
    order = InOrder(columns) if index else None
    with bgzip_writer(path) as writer:
        _write_blocks(writer, lines, n_header, order)
        # Before the file is replaced: an index of another file would give wrong places in silence.
        for ending in (TABIX, CSI):
            index_of(path, ending).unlink(missing_ok=True)
    if order is not None:
        write_index(path, columns, order.ending)


def check_indexable(path: Path, *, index: bool) -> None:
    """Raise :class:`~motifnet.errors.InvalidValue` if an index is asked for of a file without blocks."""
    if index and path.suffix != ".gz":
        raise InvalidValue("output with an index", str(path), "a name that ends in .gz, such as hits.bed.gz")


def _write_blocks(writer: BlockWriter, lines: Iterable[str], n_header: int, order: InOrder | None) -> None:
    for number, line in enumerate(lines):
        writer.write(line)
        if order is not None and number >= n_header:
            order.check(line)
