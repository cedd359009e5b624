"""Stretches of a genome: 0-based and half-open, as in BED."""

from __future__ import annotations

import re
from typing import NamedTuple

# A place ends with numbers behind the last colon but those of what follows it. Counts of digits are bounded,
# so that a header of any length is searched in one pass.
_NUMBERS = re.compile(
    r":(?P<turned>c?)(?P<start>\d[\d,]{0,14})-(?P<end>\d[\d,]{0,14})(?P<after>.*)$", re.ASCII
)
_STRANDS = {
    "": ".", "(+)": "+", "(-)": "-", "(.)": ".",  # bedtools getfasta -s
    "/rc": "-",  # samtools faidx --reverse-complement
    ":+": "+", ":-": "-", ":.": ".", ":1": "+", ":-1": "-",
}  # fmt: skip
_UCSC = "range="
_STRAND_WORDS = {"strand=+": "+", "strand=-": "-"}


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

    Examples
    --------
    >>> Interval("chr1", 5, 12, "-")
    Interval(chrom='chr1', start=5, end=12, strand='-')
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

    def part(self, start: int, end: int, *, reverse: bool = False) -> Interval:
        """The place in the genome of a stretch of the sequence that was taken from here.

        Parameters
        ----------
        start, end : int
            Within the sequence, which is the reverse complement of the genome on the strand ``-``.
        reverse : bool
            Whether the stretch is read on the other strand of the sequence.

        Examples
        --------
        >>> str(Interval("chr1", 1000, 1100, "-").part(53, 62))
        'chr1:1038-1047(-)'
        """
        turned = self.strand == "-"
        first = self.end - end if turned else self.start + start
        return Interval(self.chrom, first, first + end - start, "+-"[reverse != turned])

    @classmethod
    def from_header(cls, header: str, length: int) -> Interval | None:
        """The interval that a FASTA header names, if it names one of that length.

        Both conventions are in use: ``chr1:100-200`` is 0-based where the sequence has 100
        bases and 1-based where it has 101. The strand may follow as bedtools (``(-)``), samtools
        (``/rc``, always 1-based) and others (``:-``) write it, or as a word (``strand=-``). UCSC
        (``range=chr1:101-200``) and NCBI on the other strand (``chr1:c200-101``) are 1-based.
        A header that fits no convention has no coordinates: nothing is guessed.

        Examples
        --------
        >>> Interval.from_header("peak7 chr1:100-200(-)", 100)
        Interval(chrom='chr1', start=100, end=200, strand='-')
        >>> Interval.from_header("chr1:101-200/rc", 100)
        Interval(chrom='chr1', start=100, end=200, strand='-')
        >>> Interval.from_header("mm10_ct range=chr1:101-200 5'pad=0 3'pad=0 strand=-", 100)
        Interval(chrom='chr1', start=100, end=200, strand='-')
        >>> Interval.from_header("chr1:100-900", 100) is None
        True
        """
        words = header.split()
        found = next(((i, match) for i, word in enumerate(words) if (match := _place(word))), None)
        if found is None:
            return None
        i, match = found
        strands = {_STRAND_WORDS[word] for word in words if word in _STRAND_WORDS}
        if words[i + 1 : i + 2] in (["+"], ["-"]):
            strands.add(words[i + 1])
        if not strands and _TURNED.search(header, match.end() + header.index(words[i])):
            return None  # it was turned by someone who does not say from which strand
        return _interval(match, strands, length)

    @staticmethod
    def is_named_in(header: str) -> bool:
        """Whether a FASTA header has what looks like a place, be it understood or not.

        Examples
        --------
        >>> Interval.is_named_in("chr1:100-200_mutated"), Interval.is_named_in("peak 7")
        (True, False)
        """
        return any(_place(word) for word in header.split())


_TURNED = re.compile(r"\b(rev\b|revers|rev_?comp|rc\b)", re.IGNORECASE)  # in words behind the place


def _place(word: str) -> re.Match[str] | None:
    """The numbers of a word such as ``chr1:100-200``, and what follows them."""
    match = _NUMBERS.search(word) if ":" in word else None
    return match if match is not None and match.start() else None


def _interval(match: re.Match[str], strands: set[str], length: int) -> Interval | None:
    """The interval of a word with numbers, and of the strands that other words tell."""
    before = match.string[: match.start()]
    is_ucsc, after = before.startswith(_UCSC), match["after"]
    chrom = before.removeprefix(_UCSC).rpartition("::")[2]  # a name may come first, as of bedtools
    start, end = (int(match[name].replace(",", "")) for name in ("start", "end"))
    if match["turned"]:
        start, end = end, start
        strands = strands | {"-"}
    if not chrom or after not in _STRANDS:
        return None
    if _STRANDS[after] != ".":
        strands = strands | {_STRANDS[after]}
    if len(strands) > 1:  # they contradict each other
        return None
    is_one_based = is_ucsc or bool(match["turned"]) or after == "/rc"
    for shift in (1,) if is_one_based else (0, 1):
        if end - start + shift == length and start >= shift:
            return Interval(chrom, start - shift, end, next(iter(strands), "."))
    return None
