"""Sites of motifs, as BED for genome browsers and as a table for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from motifnet.io.text import atomic_write
from motifnet.symbols import Interval

COLUMNS = (
    "motif_ID", "motif_ALT_ID", "seq_ID", "site_Start", "site_End", "site_Strand", "site_Score",
    "site_Sequence", "chrom", "start", "end", "strand",
)  # fmt: skip
"""Columns of the table of sites: those of STREME's ``sites.tsv``, then the place in the genome."""


class SiteRow(NamedTuple):
    """A site of a motif in a sequence.

    Parameters
    ----------
    motif_id, motif_alt_id : str
        Names of the motif.
    sequence : str
        Name of the sequence.
    start, end : int
        0-based, half-open, within the sequence.
    strand : str
        ``"+"`` or ``"-"``, relative to the sequence.
    score : float
        Log-odds score in bits.
    text : str
        The bases, in the orientation of the motif.
    interval : Interval or None
        The place in the genome, with its strand there; ``None`` if unknown.
    """

    motif_id: str
    motif_alt_id: str
    sequence: str
    start: int
    end: int
    strand: str
    score: float
    text: str
    interval: Interval | None = None


def write_sites_bed(path: str | Path, rows: Iterable[SiteRow]) -> None:
    """Write sites as BED6, sorted by place.

    A site lies in the genome where its place there is known, and in its sequence (which then
    stands in the place of the contig) where it is not. The score is that of the site as a
    share of the best site of the same motif, from 0 to 1000.

    Parameters
    ----------
    path : str or Path
    rows : iterable of SiteRow
    """
    rows = list(rows)
    best = _best_scores(rows)
    records = sorted((_place(row), row.motif_id, _scaled(row.score, best[row.motif_id])) for row in rows)
    with atomic_write(path) as handle:
        for where, name, score in records:
            handle.write(f"{where.chrom}\t{where.start}\t{where.end}\t{name}\t{score}\t{where.strand}\n")


def write_sites_tsv(path: str | Path, rows: Iterable[SiteRow]) -> None:
    """Write sites as a table with a header, in the order given.

    Within the sequence, places are 1-based and inclusive, as in STREME's table; in the genome
    (``chrom``, ``start``, ``end``, ``strand``; empty where unknown) they are 0-based and
    half-open, as in BED.

    Parameters
    ----------
    path : str or Path
    rows : iterable of SiteRow
    """
    with atomic_write(path) as handle:
        handle.write("\t".join(COLUMNS) + "\n")
        handle.writelines("\t".join(_cells(row)) + "\n" for row in rows)


def _best_scores(rows: Sequence[SiteRow]) -> dict[str, float]:
    best: dict[str, float] = {}
    for row in rows:
        best[row.motif_id] = max(row.score, best.get(row.motif_id, row.score))
    return best


def _scaled(score: float, best: float) -> int:
    if best <= 0:
        return 0
    return round(1000 * max(score, 0.0) / best)


def _place(row: SiteRow) -> Interval:
    return row.interval or Interval(row.sequence, row.start, row.end, row.strand)


def _cells(row: SiteRow) -> list[str]:
    within = [str(row.start + 1), str(row.end), row.strand, f"{row.score:.4f}", row.text]
    genome = ["", "", "", ""] if row.interval is None else [str(part) for part in row.interval]
    return [row.motif_id, row.motif_alt_id, row.sequence, *within, *genome]
