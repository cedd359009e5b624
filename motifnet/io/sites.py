"""Sites of motifs, as BED for genome browsers and as a table for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from motifnet.io.text import atomic_write
from motifnet.motifs import Motif, Sites
from motifnet.symbols import Interval

COLUMNS = (
    "motif_ID", "motif_ALT_ID", "seq_ID", "site_Start", "site_End", "site_Strand", "site_Score",
    "site_Sequence", "chrom", "start", "end", "strand",
)  # fmt: skip
"""Columns of the table of sites: those of STREME's ``sites.tsv``, then the place in the genome."""

_RECORD = np.dtype(
    [
        ("contig", "i4"),
        ("start", "i8"),
        ("end", "i8"),
        ("reverse", "?"),
        ("motif", "i4"),
        ("score", "i2"),
        ("in_genome", "?"),
    ]
)
_CHUNK = 1 << 16  # records made text at once


def write_sites_bed(path: str | Path, found: Sequence[tuple[Motif, Sites]]) -> None:
    """Write sites as BED6, sorted by place.

    A site lies in the genome where its place there is known, and in its sequence (which then
    stands in the place of the contig) where it is not. A site of the genome that several sequences
    hold, since they overlap, is written once. The score is that of the site as a share of the best site
    of the same motif, from 0 to 1000.

    Parameters
    ----------
    path : str or Path
    found : sequence of (Motif, Sites)
        Motifs with their sites.
    """
    with atomic_write(path) as handle:
        handle.writelines(bed_lines(found))


def bed_lines(found: Sequence[tuple[Motif, Sites]]) -> Iterator[str]:
    """The lines that :func:`write_sites_bed` writes, with their ends.

    Parameters
    ----------
    found : sequence of (Motif, Sites)
        Motifs with their sites.

    Yields
    ------
    str

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> place = np.array([0]), np.array([2]), np.array([False]), np.array([7.5])
    >>> sites = Sites(Sequences.from_text(["CCGATACC"], ["peak"]), 4, *place)
    >>> list(bed_lines([(Motif("GATA", np.eye(4)), sites)]))
    ['peak\\t2\\t6\\tGATA\\t1000\\t+\\n']
    """
    contigs: dict[str, int] = {}
    parts = [_records(number, sites, contigs) for number, (_, sites) in enumerate(found)]
    table = np.concatenate([np.empty(0, _RECORD), *parts])
    contig_names, motif_names = list(contigs), [motif.name for motif, _ in found]
    for chunk in _in_order(table, contig_names, motif_names):
        for contig, start, end, reverse, motif, score, _ in chunk.tolist():
            where = f"{contig_names[contig]}\t{start}\t{end}"
            yield f"{where}\t{motif_names[motif]}\t{score}\t{'+-'[reverse]}\n"


def write_sites_tsv(
    path: str | Path, found: Iterable[tuple[Motif, Sites]], *, tasks: Sequence[str] | None = None
) -> None:
    """Write sites as a table with a header, in the order given.

    Within the sequence, places are 1-based and inclusive, as in STREME's table; in the genome
    (``chrom``, ``start``, ``end``, ``strand``; empty where unknown) they are 0-based and
    half-open, as in BED.

    Parameters
    ----------
    path : str or Path
    found : iterable of (Motif, Sites)
        Motifs with their sites.
    tasks : sequence of str, optional
        What each of the sequences is a target of, for a last column ``task``.
    """
    with atomic_write(path) as handle:
        handle.write("\t".join(COLUMNS if tasks is None else (*COLUMNS, "task")) + "\n")
        for motif, sites in found:
            rows = _rows(motif, sites)
            if tasks is None:
                handle.writelines(f"{row}\n" for row in rows)
            else:
                of_site = (tasks[i] for i in sites.index.tolist())
                handle.writelines(f"{row}\t{task}\n" for row, task in zip(rows, of_site, strict=True))


def _records(motif: int, sites: Sites, contigs: dict[str, int]) -> np.ndarray:
    """The records of a motif's sites; contigs are numbered as they come."""
    places = (
        (
            site.where is not None,
            site.where or Interval(site.sequence, site.start, site.end, site.strand),
        )
        for site in sites
    )
    rows = (
        (contigs.setdefault(chrom, len(contigs)), start, end, strand == "-", motif, score, in_genome)
        for (in_genome, (chrom, start, end, strand)), score in zip(places, _scaled(sites.score), strict=True)
    )
    return np.fromiter(rows, _RECORD, len(sites))


def _scaled(scores: np.ndarray) -> np.ndarray:
    """Scores as shares of the best, from 0 to 1000."""
    scores = scores.astype(np.float64)
    best = scores.max(initial=0.0)
    return np.rint(1000 * np.maximum(scores, 0) / (best if best > 0 else 1)).astype(np.int16)


def _in_order(table: np.ndarray, contigs: Sequence[str], motifs: Sequence[str]) -> Iterator[np.ndarray]:
    """The records by place, then by name of the motif, each of the genome once, in chunks."""
    ranked = {name: table[name] for name in _RECORD.names or ()}
    ranked["contig"] = _ranks(contigs)[table["contig"]]
    ranked["motif"] = _ranks(motifs)[table["motif"]]
    order = np.lexsort([*reversed(ranked.values())])
    in_order = table[order]
    order = order[np.append(True, in_order[1:] != in_order[:-1])[: len(order)] | ~in_order["in_genome"]]
    for first in range(0, len(order), _CHUNK):
        yield table[order[first : first + _CHUNK]]


def _ranks(names: Sequence[str]) -> np.ndarray:
    """The place of each name among all in order."""
    ranks = np.empty(len(names), np.int32)
    ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return ranks


def _rows(motif: Motif, sites: Sites) -> Iterator[str]:
    """The lines of a motif's sites, without their ends."""
    opening = f"{motif.name}\t{motif.alt_name}"
    for site in sites:
        where = "\t\t\t" if site.where is None else "\t".join(map(str, site.where))
        yield (
            f"{opening}\t{site.sequence}\t{site.start + 1}\t{site.end}\t{site.strand}\t{site.score:.4f}"
            f"\t{site.text}\t{where}"
        )
