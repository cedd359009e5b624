"""Intervals of a BED file as columns, and their bases a stretch at a time: for files of any length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.datasets.windows import windows
from motifnet.errors import BedFormatError
from motifnet.io.bed import stream_bed
from motifnet.io.fasta_stream import SIZE, Stretch
from motifnet.io.genome import Genome
from motifnet.io.skipped import SHARE, Skipped
from motifnet.symbols import DNA, UNKNOWN, Interval

_BATCH = 1 << 14  # intervals that are objects at one time: a few megabytes
_GAP = 10_000  # bases that are read over rather than sought: a seek takes about as long. A convention


class Regions(NamedTuple):
    """Stretches of a genome.

    Parameters
    ----------
    contig : numpy.ndarray of int32, shape=(n,)
        Number of the contig in the genome.
    start, end : numpy.ndarray of int64, shape=(n,)
        0-based, half-open.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether it is read on the other strand.
    name : numpy.ndarray of object, shape=(n,)
        Each a string.
    """

    contig: np.ndarray
    start: np.ndarray
    end: np.ndarray
    reverse: np.ndarray
    name: np.ndarray

    @property
    def n(self) -> int:
        """How many regions."""
        return len(self.start)

    def select(self, chosen: np.ndarray) -> Regions:
        """The chosen regions (indices or a mask, ``shape=(n,)``), in their order."""
        return Regions(*(column[chosen] for column in self))

    def in_order(self) -> Regions:
        """The regions by contig, start, end and strand."""
        return self.select(np.lexsort((self.reverse, self.end, self.start, self.contig)))

    def merged(self) -> Regions:
        """Regions that overlap or touch become one, which has no name, and is read on the strand ``+``.

        Examples
        --------
        >>> zeros, no_name = np.zeros(3, np.int32), np.full(3, "", object)
        >>> regions = Regions(zeros, np.array([7, 0, 3]), np.array([9, 4, 5]), zeros > 0, no_name)
        >>> [column.tolist() for column in regions.merged()[1:3]]
        [[0, 7], [5, 9]]
        """
        if not self.n:
            return self
        ordered = self.in_order()
        is_first = np.append(True, ordered.gaps() > 0)
        end = np.maximum.reduceat(ordered.end, np.flatnonzero(is_first))
        firsts = ordered.select(is_first)
        return firsts._replace(end=end, reverse=np.zeros(len(end), bool), name=np.full(len(end), "", object))

    def gaps(self) -> np.ndarray:
        """Bases between all regions before and the next one, of regions in order, ``shape=(n - 1,)``.

        Less than 0 where they overlap, and huge from one contig to the next.
        """
        # Contigs are laid one after the other, so that how far regions reach is one running maximum.
        shift = self.contig * (self.end.max() + 2 * _GAP + 1)
        return (self.start + shift)[1:] - np.maximum.accumulate(self.end + shift)[:-1]


def read_regions(
    path: str | Path, genome: Genome, *, window: int = 0, named: bool = False, max_skipped: float = SHARE
) -> Regions:
    """The regions of a BED or narrowPeak file, in its order.

    Parameters
    ----------
    path : str or Path
    genome : Genome
    window : int
        See :func:`~motifnet.datasets.windows.windows`.
    named : bool
        Keep the names: those of the file, or the places.
    max_skipped : float
        Largest share of the lines that may be left out or mended, with a warning.

    Raises
    ------
    MissingFile, BedFormatError, UnknownContig
        If it cannot be read, or too much of it does not fit the genome.
    """
    numbers = {name: number for number, name in enumerate(genome.contigs)}
    skipped = Skipped(path, BedFormatError, largest_share=max_skipped)
    peaks = stream_bed(path, skipped)
    parts = []
    while batch := list(islice(peaks, _BATCH)):
        placed = windows(batch, genome, window=window, skipped=skipped)
        names = [each.name if named else "" for each in placed]
        parts.append(_columns([each.place for each in placed], names, numbers))
    skipped.finish()
    return Regions(*map(np.concatenate, zip(*parts, strict=True)))


def stretches(
    genome: Genome, regions: Regions, size: int = SIZE, *, mask_lowercase: bool = False
) -> Iterator[Stretch]:
    """The bases of regions, a stretch at a time.

    Parameters
    ----------
    genome : Genome
    regions : Regions
        In order: see :meth:`Regions.in_order`.
    size : int
        About how many bases a stretch is to have at most.
    mask_lowercase : bool
        Read soft-masked (lower-case) bases as unknown.

    Yields
    ------
    Stretch
        Bases of one region or several, and where each of these begins.

    Examples
    --------
    >>> from motifnet.io import write_fasta
    >>> from motifnet.symbols import Sequences
    >>> write_fasta("genome.fa", Sequences.from_text(["ACGTTGCAAC"], ["chr1"]))
    >>> _ = Path("regions.bed").write_text("chr1\\t2\\t6\\n")
    >>> with Genome("genome.fa") as genome:
    ...     (stretch,) = stretches(genome, read_regions("regions.bed", genome))
    >>> DNA.decode(stretch.codes)
    'NGTTG'
    """
    contigs = list(genome.contigs)
    for first, last in _groups(regions, size):
        group = regions.select(np.arange(first, last))
        low, high, contig = int(group.start[0]), int(group.end.max()), contigs[group.contig[0]]
        if last == first + 1 and not group.reverse[0]:
            yield from _one(genome, Interval(contig, low, high), size, mask_lowercase=mask_lowercase)
        else:
            codes = genome.stretch(contig, low, high, mask_lowercase=mask_lowercase)
            yield _laid_out(codes, group, low)


def _columns(places: Sequence[Interval], names: Sequence[str], numbers: dict[str, int]) -> Regions:
    contig = np.array([numbers[place.chrom] for place in places], np.int32)
    start = np.array([place.start for place in places], np.int64)
    end = np.array([place.end for place in places], np.int64)
    return Regions(
        contig, start, end, np.array([place.strand == "-" for place in places]), np.array(names, object)
    )


def _groups(regions: Regions, size: int) -> Iterator[tuple[int, int]]:
    """Ranges of regions that are read at once: near each other, and together not too long."""
    cuts = np.concatenate([[0], np.flatnonzero(regions.gaps() > _GAP) + 1, [regions.n]]).tolist()
    n_bases = np.concatenate([[0], np.cumsum(regions.end - regions.start + 1)])
    for first, last in pairwise(cuts):
        while first < last:
            few = np.searchsorted(n_bases, n_bases[first] + size, side="right") - 1
            near = first + np.searchsorted(regions.start[first:last], regions.start[first] + size)
            stop = max(first + 1, min(int(few), int(near), last))
            yield first, stop
            first = stop


def _one(genome: Genome, where: Interval, size: int, *, mask_lowercase: bool) -> Iterator[Stretch]:
    """The bases of a region that may be long."""
    begin = np.array([UNKNOWN], np.uint8)
    for start in range(where.start, where.end, size):
        end = min(start + size, where.end)
        codes = genome.stretch(where.chrom, start, end, mask_lowercase=mask_lowercase)
        is_first = start == where.start
        yield Stretch(np.concatenate([begin[:is_first], codes]), np.arange(int(is_first)))


def _laid_out(codes: np.ndarray, group: Regions, low: int) -> Stretch:
    """The bases of regions from those of the genome from ``low`` on."""
    lengths = group.end - group.start
    begins = np.cumsum(lengths + 1) - lengths - 1
    place = np.arange(int(lengths.sum()) + group.n) - np.repeat(begins - (group.start - low) + 1, lengths + 1)
    laid = codes[np.maximum(place, 0)]
    laid[begins] = UNKNOWN
    for i in np.flatnonzero(group.reverse):
        bases = slice(begins[i] + 1, begins[i] + 1 + lengths[i])
        laid[bases] = DNA.reverse_complement(laid[bases])
    return Stretch(laid, begins)
