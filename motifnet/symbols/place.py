"""Where a sequence lies in its source: the contig, genome or circle that it is a part of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.symbols.interval import Interval

_ON_MINUS = "(-)"  # ends the label of a stretch that is read on the strand '-', as in headers of FASTA


@dataclass(frozen=True)
class Place:
    """A stretch of a source, and the strand on which it is read.

    Parameters
    ----------
    source : str
        Name of the whole that the sequence is a part of.
    start, end : int
        First base and one past the last, 0-based, on the strand ``+`` of the source. A stretch of a
        circle that goes across its origin ends beyond ``source_length``.
    strand : {"+", "-"}
        The strand that the letters are of.
    source_length : int or None
        Bases of the source; ``None`` where they are not known.
    is_as_given : bool, optional
        Whether the letters are those that the name of the sequence stands for, and have not been turned
        since. If not given, those on the strand ``+`` are. Places are equal whether they are or not.

    Raises
    ------
    InvalidValue
        If there is no such stretch.

    Examples
    --------
    >>> place = Place("chr1", 100, 200, "-", 1000)
    >>> place.part(0, 10)
    Place(source='chr1', start=190, end=200, strand='-', source_length=1000)
    >>> place.label
    'chr1:100-200(-)'
    """

    source: str
    start: int
    end: int
    strand: str = "+"
    source_length: int | None = None
    is_as_given: bool | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.strand not in ("+", "-"):
            raise InvalidValue("strand", self.strand, "'+' or '-'")
        known = self.source_length
        fits = known is None or (self.start <= known and self.end - self.start <= known)
        if not 0 <= self.start <= self.end or not fits:
            raise InvalidValue(
                f"place in {self.source}",
                f"{self.start} to {self.end}",
                "a stretch" if known is None else f"a stretch of its {known} bases",
            )
        if self.is_as_given is None:
            object.__setattr__(self, "is_as_given", self.strand == "+")

    @classmethod
    def whole(cls, name: str, length: int) -> Place:
        """That of a sequence that is all there is."""
        return cls(name, 0, length, "+", length)

    @classmethod
    def named(cls, name: str, length: int) -> Place:
        """That which the name of a sequence tells, as a FASTA header does, or else the whole."""
        found = Interval.from_header(name, length)
        if found is None:
            return cls.whole(name, length)
        strand = "-" if found.strand == "-" else "+"
        return cls(found.chrom, found.start, found.end, strand, is_as_given=True)

    @property
    def length(self) -> int:
        """Number of bases."""
        return self.end - self.start

    @property
    def known_length(self) -> int:
        """Number of bases of the source.

        Raises
        ------
        InvalidValue
            If it is not known.
        """
        if self.source_length is None:
            raise InvalidValue(
                f"length of {self.source}", None, "a number of bases, for a place on the strand -"
            )
        return self.source_length

    @property
    def is_whole(self) -> bool:
        """Whether this is the whole source, from its first base on, on the strand ``+``."""
        return (self.start, self.end, self.strand) == (0, self.source_length, "+")

    @property
    def label(self) -> str:
        """The source, with coordinates as in a FASTA header unless this is the whole of it."""
        if self.is_whole:
            return self.source
        return f"{self.source}:{self.start}-{self.end}{_ON_MINUS if self.strand == '-' else ''}"

    def part(self, first: int, stop: int) -> Place:
        """Where the bases from ``first`` to ``stop`` of the sequence, as it is read, lie."""
        start = self.start + first if self.strand == "+" else self.end - stop
        # A place without bases may lie at the very end of a source; behind it, it is behind the origin.
        if self.source_length is not None and start >= self.source_length + (stop == first):
            start -= self.source_length
        return replace(self, start=start, end=start + stop - first)

    def turned(self) -> Place:
        """The same stretch read on the other strand."""
        return replace(self, strand="-" if self.strand == "+" else "+", is_as_given=not self.is_as_given)

    def rotated(self, cut: int) -> Place:
        """Where a whole circle lies that is read from its base ``cut`` on, as it is read here.

        Examples
        --------
        >>> Place.whole("plasmid", 100).rotated(30)
        Place(source='plasmid', start=30, end=130, strand='+', source_length=100)
        """
        start = (self.start + (cut if self.strand == "+" else -cut)) % max(self.length, 1)
        return replace(self, start=start, end=start + self.length)

    def positions(self, bases: np.ndarray) -> np.ndarray:
        """Positions in the source, on its strand ``+``, of bases of the sequence as it is read."""
        found = self.start + bases if self.strand == "+" else self.end - 1 - bases
        return found if self.source_length is None else found % max(self.source_length, 1)

    @property
    def crossing(self) -> int | None:
        """The base of the sequence, as it is read, before which it goes across the origin of a circle."""
        if self.source_length is None or self.end <= self.source_length:
            return None
        return self.source_length - self.start if self.strand == "+" else self.end - self.source_length

    def framed(self, name: str) -> Place:
        """The place itself, if the length of its source is known, or else that in the sequence.

        The strand ``+`` of a sequence is the one that its letters were given on, however its header spells
        the strand of its source.

        Parameters
        ----------
        name : str
            Of the sequence.

        Examples
        --------
        >>> name = "chr1:101-110/rc"
        >>> Place.named(name, 10).framed(name)
        Place(source='chr1:101-110/rc', start=0, end=10, strand='+', source_length=10)
        """
        if self.source_length is not None:
            return self
        whole = Place.whole(name, self.length)
        return whole if self.is_as_given else whole.turned()


def name_of_part(name: str, place: Place, first: int, stop: int) -> str:
    """What a part of a sequence is called: its name if it is all of it, as it was, or else its place.

    Parameters
    ----------
    name : str
        Of the sequence.
    place : Place
        Of the sequence.
    first, stop : int
        Bases of the part.
    """
    is_all = (first, stop) == (0, place.length) and place.crossing is None
    return name if is_all and place.is_as_given else place.part(first, stop).label
