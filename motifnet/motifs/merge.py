"""One motif made of several that are alike: of their sites where they are known, else of their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.motifs import matrix
from motifnet.motifs.motif import Motif
from motifnet.symbols import DNA
from motifnet.symbols.alphabet import UNKNOWN

_LEAST_BITS = 0.25  # that a column at either end of a merged motif brings


class Placement(NamedTuple):
    """Where a motif lies beside others.

    Parameters
    ----------
    offset : int
        Column, of those that all are counted from, of the first column of the (oriented) motif.
    reverse : bool
        Whether the motif must be reverse-complemented to fit the others.
    """

    offset: int
    reverse: bool

    def turned(self, width: int, of: int) -> Placement:
        """The placement of a motif of ``width`` columns when all ``of`` columns are turned around."""
        return Placement(of - self.offset - width, not self.reverse)

    def shifted(self, by: int) -> Placement:
        """The placement with columns counted from elsewhere."""
        return self._replace(offset=self.offset + by)


class PlacedText(NamedTuple):
    """A site of a motif: where it is, and what it reads.

    Parameters
    ----------
    data, contig : str
        What tells the data and its sequence from all others.
    start, end : int
        0-based, half-open.
    reverse : bool
        Whether it reads as the motif on the reverse strand.
    text : str
        The bases, in the orientation of the motif.
    """

    data: str
    contig: str
    start: int
    end: int
    reverse: bool
    text: str


class MergedMotif(NamedTuple):
    """Motifs that were made one.

    Parameters
    ----------
    counts : numpy.ndarray of float64, shape=(4, width)
        Weak ends are cut off.
    n_sites : float
        Sites behind the matrix.
    placements : list of Placement
        Where each of them lies: columns are counted from the first of the matrix.
    """

    counts: np.ndarray
    n_sites: float
    placements: list[Placement]

    def turned(self, motifs: Sequence[Motif]) -> MergedMotif:
        """The same read on the other strand."""
        width = self.counts.shape[1]
        placements = [
            place.turned(motif.width, width) for place, motif in zip(self.placements, motifs, strict=True)
        ]
        return MergedMotif(matrix.reverse_complement(self.counts), self.n_sites, placements)


def merge(
    motifs: Sequence[Motif],
    placements: Sequence[Placement],
    sites: Mapping[int, Sequence[PlacedText]] | None = None,
) -> MergedMotif:
    """One matrix of aligned motifs.

    Every site counts once, however many of the motifs have it; of a motif without sites, its counts
    do. Columns beyond the ends of a motif or site count as equal shares of the four bases.

    Parameters
    ----------
    motifs : sequence of Motif
    placements : sequence of Placement
        Where each lies.
    sites : mapping of int to sequence of PlacedText, optional
        Sites of the motifs that have some.

    Returns
    -------
    MergedMotif
        The counts, and where each motif lies in them.

    Examples
    --------
    >>> gata = Motif("GATA", [[0, 8, 0, 8], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> merged = merge([gata, gata.reverse_complement()], [Placement(0, False), Placement(0, True)])
    >>> merged.counts[0].tolist(), merged.n_sites
    ([0.0, 16.0, 0.0, 16.0], 16.0)
    """
    known = sites or {}
    first = min(placement.offset for placement in placements)
    last = max(place.offset + motif.width for place, motif in zip(placements, motifs, strict=True))
    parts = [
        padded(oriented(motif, place), place.offset - first, last - first)
        for i, (motif, place) in enumerate(zip(motifs, placements, strict=True))
        if not known.get(i)
    ]
    parts += _of_sites({i: (placements[i], some) for i, some in known.items()}, first, last)
    counts = np.sum(parts, 0)
    kept = slice(0, last - first) if len(motifs) == 1 else _worth_keeping(counts, motifs)
    moved = [place.shifted(-first - kept.start) for place in placements]
    return MergedMotif(counts[:, kept], float(counts.sum(0).max()), moved)


def _worth_keeping(counts: np.ndarray, motifs: Sequence[Motif]) -> slice:
    """The columns that are left when weak ends are cut, as many as the narrowest motif has at least."""
    narrowest = min(motif.width for motif in motifs)
    return matrix.trim(matrix.information(matrix.probabilities(counts)), _LEAST_BITS, narrowest)


def oriented(motif: Motif, placement: Placement) -> np.ndarray:
    """Counts of a motif as it was placed, ``(4, width)``."""
    return matrix.reverse_complement(motif.counts) if placement.reverse else motif.counts


def padded(counts: np.ndarray, offset: int, width: int) -> np.ndarray:
    """Counts within a wider matrix, whose other columns hold as many of all bases, ``(4, width)``."""
    wide = np.full((4, width), counts.sum(0).max() / 4)
    wide[:, offset : offset + counts.shape[1]] = counts
    return wide


def _of_sites(
    placed: Mapping[int, tuple[Placement, Sequence[PlacedText]]], first: int, last: int
) -> list[np.ndarray]:
    """Counts of the bases of all sites, each of them once; none without a site."""
    read: dict[tuple[str, str, int], _Reading] = {}
    for placement, sites in placed.values():
        for site in sites:
            place, reading = _aligned(site, placement, first, last)
            read[place] = read[place].joined(reading) if place in read else reading
    if not read:
        return []
    codes = np.stack([reading.codes for reading in read.values()])
    counts = np.stack([(codes == base).sum(0) for base in range(4)]).astype(np.float64)
    return [counts + (len(read) - counts.sum(0)) / 4]


class _Reading(NamedTuple):
    """The bases of a site in the columns of the merged matrix, and the strand that they are of."""

    reverse: bool
    codes: np.ndarray

    def joined(self, other: _Reading) -> _Reading:
        """With what the other knows beyond the ends; a palindrome is read on one strand alone."""
        if other.reverse != self.reverse:
            return self
        return self._replace(codes=np.where(self.codes < 4, self.codes, other.codes))


def _aligned(
    site: PlacedText, placement: Placement, first: int, last: int
) -> tuple[tuple[str, str, int], _Reading]:
    """Where a site is, whichever its strand, and how it reads."""
    bases = DNA.encode(site.text)
    before, after = placement.offset - first, last - placement.offset - len(bases)
    codes = np.pad(
        DNA.reverse_complement(bases) if placement.reverse else bases,
        (before, after),
        constant_values=UNKNOWN,
    )
    reverse = site.reverse != placement.reverse
    left, right = (after, before) if reverse else (before, after)
    middle = site.start - left + site.end + right  # twice that of the columns
    return (site.data, site.contig, middle), _Reading(reverse, codes)
