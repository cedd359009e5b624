"""Stretches of a genome: 0-based and half-open, as in BED."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEADER = re.compile(r"(?P<chrom>[^\s:]+):(?P<start>[\d,]+)-(?P<end>[\d,]+)(?:\((?P<strand>[+-])\))?")


class Interval(NamedTuple):
    """A stretch of a genome.

    Parameters
    ----------
    chrom : str
        Name of the contig.
    start, end : int
        0-based, half-open.
    strand : str
        ``"+"``, ``"-"`` or ``"."`` (unstranded).
    """

    chrom: str
    start: int
    end: int
    strand: str = "."

    @property
    def length(self) -> int:
        """Number of bases."""
        return self.end - self.start

    @property
    def region(self) -> str:
        """The place as genome browsers and samtools read it: 1-based, both ends included.

        Examples
        --------
        >>> Interval("chr11", 61666766, 61666782, "+").region
        'chr11:61666767-61666782'
        """
        return f"{self.chrom}:{self.start + 1}-{self.end}"

    def overlaps(self, other: Interval) -> bool:
        """Whether two intervals share a base."""
        return self.chrom == other.chrom and self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        strand = "" if self.strand == "." else f"({self.strand})"
        return f"{self.chrom}:{self.start}-{self.end}{strand}"

    @classmethod
    def from_header(cls, header: str, length: int) -> Interval | None:
        """The interval that a FASTA header names, if it names one of that length.

        Both conventions are in use: ``chr1:100-200`` is 0-based where the sequence has 100
        bases and 1-based where it has 101. A header that fits neither has no coordinates.

        Examples
        --------
        >>> Interval.from_header("peak7 chr1:100-200(-)", 100)
        Interval(chrom='chr1', start=100, end=200, strand='-')
        >>> Interval.from_header("chr1:101-200", 100)
        Interval(chrom='chr1', start=100, end=200, strand='.')
        >>> Interval.from_header("chr1:100-900", 100) is None
        True
        """
        match = _HEADER.search(header)
        if match is None:
            return None
        start, end = (int(match[name].replace(",", "")) for name in ("start", "end"))
        strand = match["strand"] or "."
        for shift in (0, 1):
            if end - start + shift == length and start >= shift:
                return cls(match["chrom"], start - shift, end, strand)
        return None
