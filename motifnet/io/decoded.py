"""Decoded sites with their posterior probabilities: BED, tables, and a track for genome browsers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.io.bed import Peak, write_bed
from motifnet.io.sites import COLUMNS
from motifnet.io.text import atomic_write
from motifnet.motifs import Motif, Sites
from motifnet.symbols import Interval, Sequences

SITE_COLUMNS = (*COLUMNS, "posterior")
"""Columns of the table of sites: those of ``motifnet train``, and the posterior probability."""

SEQUENCE_COLUMNS = ("seq_ID", "log_odds", "motif_ID", "expected_sites", "P_site")
"""Columns of the table of sequences, which has a row for each sequence and motif."""

_DECIMALS = 3  # of a track: bases that differ by less are one stretch
_MOST = 1 - 1e-12  # probability of a site of one motif, so that the chance of none has a logarithm


class DecodedMotif(NamedTuple):
    """A motif with its sites and their posterior probabilities, ``shape=(n_sites,)``."""

    motif: Motif
    sites: Sites
    posterior: np.ndarray


def write_decoded_bed(path: str | Path, found: Sequence[DecodedMotif]) -> None:
    """Write sites as BED6 by place; the score is 1,000 times the posterior probability.

    A site lies in the genome where its place there is known, and in its sequence where not. One that several
    windows show is there once, with the largest of its probabilities.
    """
    largest: dict[tuple[Interval, str], float] = {}
    for one in found:
        for where, probability in _places(one):
            key = where, one.motif.name
            largest[key] = max(probability, largest.get(key, 0.0))
    rows = [Peak(where, name, round(1000 * probability)) for (where, name), probability in largest.items()]
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


def write_track(path: str | Path, found: Sequence[DecodedMotif], *, independent: bool) -> None:
    """Write the probability that a base is in a site of any motif, as bedGraph.

    Where two sequences cover one place of the genome, the larger probability of a site holds.

    Parameters
    ----------
    path : str or Path
    found : sequence of DecodedMotif
        Sites of one motif exclude each other where they overlap: their probabilities add up.
    independent : bool
        Whether sites of different motifs are independent, and may overlap, so that a base is in
        none with the product of the probabilities; if not, they exclude each other as well.
    """
    contigs = _by_contig(found)
    with atomic_write(path) as handle:
        for chrom in sorted(contigs):
            stretches = _coverage(contigs[chrom], independent=independent)
            handle.writelines(
                f"{chrom}\t{start}\t{end}\t{value:.{_DECIMALS}f}\n" for start, end, value in stretches
            )


def _places(one: DecodedMotif) -> Iterator[tuple[Interval, float]]:
    for site, probability in zip(one.sites, one.posterior.tolist(), strict=True):
        yield site.where or Interval(site.sequence, site.start, site.end, site.strand), probability


def _by_contig(found: Sequence[DecodedMotif]) -> dict[str, list[np.ndarray]]:
    """Places on each contig, of one motif after another: start, end and probability, ``shape=(n, 3)``.

    Each place is there once for a motif, with the largest of its probabilities.
    """
    contigs: dict[str, list[np.ndarray]] = {}
    for one in found:
        largest: dict[str, dict[tuple[int, int], float]] = {}
        for where, probability in _places(one):
            places, key = largest.setdefault(where.chrom, {}), (where.start, where.end)
            places[key] = max(probability, places.get(key, 0.0))
        for chrom, places in largest.items():
            rows = np.array([(*key, value) for key, value in places.items()])
            contigs.setdefault(chrom, []).append(rows)
    return contigs


def _coverage(motifs: Sequence[np.ndarray], *, independent: bool) -> Iterator[tuple[int, int, float]]:
    """Stretches of bases with one probability of a site of any motif, without those of none."""
    points, values = _any_of(motifs) if independent else _steps(np.concatenate(motifs))
    values = values.clip(0, 1).round(_DECIMALS)
    begins = np.flatnonzero(np.diff(values, prepend=0.0))
    for first, last in pairwise(begins):
        if values[first] > 0:
            yield int(points[first]), int(points[last]), float(values[first])


def _steps(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum of the probabilities of places, from each of the points on at which it changes."""
    start, end, probability = places.T
    return _running_sum(np.concatenate([start, end]), np.concatenate([probability, -probability]))


def _any_of(motifs: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Probability of a site of any of independent motifs, from each of the points on at which it changes."""
    points, steps = zip(*(_steps(one) for one in motifs), strict=True)
    none = [np.diff(np.log1p(-values.clip(0, _MOST)), prepend=0.0) for values in steps]
    where, total = _running_sum(np.concatenate(points), np.concatenate(none))
    return where, -np.expm1(total)


def _running_sum(where: np.ndarray, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct points in order, and the sum of all changes up to and at each."""
    points, inverse = np.unique(where, return_inverse=True)
    return points, np.cumsum(np.bincount(inverse, change))
