"""Decoded sites with their posterior probabilities: BED, tables, and a track for genome browsers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.io.bed import Peak, write_bed
from motifnet.io.hits import COLUMNS
from motifnet.io.text import atomic_write
from motifnet.motifs import Motif, Sites
from motifnet.symbols import Interval, Sequences

SITE_COLUMNS = (*COLUMNS, "posterior")
"""Columns of the table of sites: those of ``motifnet train``, and the posterior probability."""

SEQUENCE_COLUMNS = ("seq_ID", "log_odds", "motif_ID", "expected_sites", "P_site")
"""Columns of the table of sequences, which has a row for each sequence and motif."""

_DECIMALS = 3  # of a track: bases that differ by less are one stretch


class DecodedMotif(NamedTuple):
    """A motif with its sites and their posterior probabilities, ``shape=(n_sites,)``."""

    motif: Motif
    sites: Sites
    posterior: np.ndarray


def write_decoded_bed(path: str | Path, found: Sequence[DecodedMotif]) -> None:
    """Write sites as BED6 by place; the score is 1,000 times the posterior probability.

    A site lies in the genome where its place there is known, and in its sequence where not.
    """
    rows = [
        Peak(where, one.motif.name, round(1000 * probability))
        for one in found
        for where, probability in _places(one)
    ]
    write_bed(path, sorted(rows, key=lambda row: (row.interval[:3], row.name, row.interval.strand)))


def write_decoded_tsv(path: str | Path, found: Sequence[DecodedMotif]) -> None:
    """Write sites as a table with a header: see :data:`SITE_COLUMNS`.

    Within the sequence, places are 1-based and inclusive; in the genome they are as in BED, and
    empty where unknown. The score is the log-odds in bits against the background.
    """
    with atomic_write(path) as handle:
        handle.write("\t".join(SITE_COLUMNS) + "\n")
        for motif, sites, posterior in found:
            for site, probability in zip(sites, posterior.tolist(), strict=True):
                where = ("",) * 4 if site.where is None else site.where
                columns = (
                    motif.name, motif.alt_name, site.sequence, site.start + 1, site.end, site.strand,
                    f"{site.score:.4f}", site.text, *where, f"{probability:.6g}",
                )  # fmt: skip
                handle.write("\t".join(map(str, columns)) + "\n")


def write_sequences_tsv(
    path: str | Path,
    sequences: Sequences,
    motifs: Sequence[Motif],
    log_odds: np.ndarray,
    n_sites: np.ndarray,
    present: np.ndarray,
) -> None:
    """Write what is known of each sequence, as a table with a header.

    Parameters
    ----------
    path : str or Path
    sequences : Sequences
    motifs : sequence of Motif
    log_odds : numpy.ndarray, shape=(n,)
        Of the model against background alone, in nats; it is written in bits.
    n_sites, present : numpy.ndarray, shape=(n, n_motifs)
        Expected number of sites, and the probability of at least one.
    """
    bits = (log_odds / np.log(2)).tolist()
    with atomic_write(path) as handle:
        handle.write("\t".join(SEQUENCE_COLUMNS) + "\n")
        for i, name in enumerate(sequences.names):
            for m, motif in enumerate(motifs):
                handle.write(
                    f"{name}\t{bits[i]:.4f}\t{motif.name}\t{n_sites[i, m]:.6g}\t{present[i, m]:.6g}\n"
                )


def write_track(path: str | Path, found: Sequence[DecodedMotif]) -> None:
    """Write the probability that a base is in a site of any motif, as bedGraph.

    Where two sequences cover one place of the genome, the larger probability of a site holds.
    """
    places = [[(where, p) for where, p in _places(one)] for one in found]
    with atomic_write(path) as handle:
        for chrom in sorted({where.chrom for part in places for where, _ in part}):
            stretches = _coverage([_once(part, chrom) for part in places])
            handle.writelines(
                f"{chrom}\t{start}\t{end}\t{value:.{_DECIMALS}f}\n" for start, end, value in stretches
            )


def _places(one: DecodedMotif) -> Iterator[tuple[Interval, float]]:
    for site, probability in zip(one.sites, one.posterior.tolist(), strict=True):
        yield site.where or Interval(site.sequence, site.start, site.end, site.strand), probability


def _once(places: Sequence[tuple[Interval, float]], chrom: str) -> np.ndarray:
    """Start, end and probability of the places on a contig, each once, ``shape=(n, 3)``."""
    largest: dict[tuple[int, int], float] = {}
    for where, probability in places:
        if where.chrom == chrom:
            key = where.start, where.end
            largest[key] = max(probability, largest.get(key, 0.0))
    return np.array([(*key, value) for key, value in largest.items()]).reshape(-1, 3)


def _coverage(parts: Sequence[np.ndarray]) -> Iterator[tuple[int, int, float]]:
    """Stretches of bases with one sum of probabilities, without those of none."""
    start, end, probability = np.concatenate(parts).T
    where = np.concatenate([start, end])
    change = np.concatenate([probability, -probability])
    points, inverse = np.unique(where, return_inverse=True)
    sums = np.cumsum(np.bincount(inverse, change))
    values = np.minimum(sums, 1).round(_DECIMALS)
    begins = np.flatnonzero(np.diff(values, prepend=0.0))
    for first, last in pairwise(begins):
        if values[first] > 0:
            yield int(points[first]), int(points[last]), float(values[first])
