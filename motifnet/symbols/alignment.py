"""An alignment of two sequences: which base of one goes with which base of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.symbols.alphabet import DNA, UNKNOWN
from motifnet.symbols.place import Place

if TYPE_CHECKING:
    from Bio.Align import Alignment as BioAlignment
    from Bio.SeqRecord import SeqRecord

MATCH, X_ONLY, Y_ONLY = range(3)
"""Kinds of columns: a base of each sequence, a base of x alone, a base of y alone."""

GAPS = "-."
"""Letters that stand for a gap in the row of an alignment; the first is the one that is written."""

_CONFIDENCE = "confidence"  # among the annotations of columns of an alignment of Biopython
_OPERATIONS = np.frombuffer(b"MDI", np.uint8)  # of a CIGAR, by kind of column, x being the reference


class Runs(NamedTuple):
    """Stretches of columns of one kind, in order.

    Parameters
    ----------
    kind : numpy.ndarray, shape=(n_runs,)
        What the columns of each stretch have in common.
    start, length : numpy.ndarray of int64, shape=(n_runs,)
        First column, and number of columns.
    """

    kind: np.ndarray
    start: np.ndarray
    length: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> Runs:
        """The stretches of equal values, ``shape=(n_columns,)``.

        Examples
        --------
        >>> [part.tolist() for part in Runs.of(np.array([0, 0, 2, 0]))]
        [[0, 2, 0], [0, 2, 3], [2, 1, 1]]
        """
        begins = np.flatnonzero(values[1:] != values[:-1]) + 1
        start = np.concatenate([np.zeros(min(1, len(values)), np.int64), begins])
        return cls(values[start], start, np.diff(start, append=len(values)))


@dataclass(frozen=True, eq=False)
class Alignment:
    """Two sequences aligned, wholly or in part.

    Parameters
    ----------
    x_name, y_name : str
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes of the whole sequences, the bases that are not aligned included.
    columns : numpy.ndarray of uint8, shape=(n_columns,)
        ``MATCH``, ``X_ONLY`` or ``Y_ONLY``.
    x_start, y_start : int
        First base aligned, 0-based.
    confidence : numpy.ndarray of float32, shape=(n_columns,), optional
        Posterior probability of each column.
    score : float, optional
        Log-odds over independent sequences, in nats.
    x_place, y_place : Place, optional
        Where ``x`` and ``y`` lie in their sources, and on which strand; if not given, each is the
        whole of what it is named by.

    Raises
    ------
    InvalidValue
        If a column is of no known kind, or if columns reach beyond the end of a sequence.
    ShapeMismatch
        If there is not one confidence for each column, or a place is not as long as its sequence.

    Examples
    --------
    >>> found = Alignment.from_rows("ACGT-A", "A-GTTC", "human", "mouse")
    >>> found.cigar(), found.n_matches, found.identity
    ('1M1D2M1I1M', 4, 0.75)
    >>> found.matches.tolist()
    [[0, 0], [2, 1], [3, 2], [4, 4]]
    """

    x_name: str
    y_name: str
    x: np.ndarray
    y: np.ndarray
    columns: np.ndarray
    x_start: int = 0
    y_start: int = 0
    confidence: np.ndarray | None = None
    score: float | None = None
    x_place: Place = None  # type: ignore[assignment]  # that of the whole is put in afterwards
    y_place: Place = None  # type: ignore[assignment]  # the same

    def __post_init__(self) -> None:
        for side, name, codes in (("x_place", self.x_name, self.x), ("y_place", self.y_name, self.y)):
            place = getattr(self, side) or Place.whole(name, len(codes))
            if place.length != len(codes):
                raise ShapeMismatch(side, (place.length,), f"({len(codes)},), the length of its sequence")
            object.__setattr__(self, side, place)
        if self.columns.size and self.columns.max() > Y_ONLY:
            raise InvalidValue("columns", int(self.columns.max()), f"kinds from {MATCH} to {Y_ONLY}")
        for name, start, end, codes in (
            ("x", self.x_start, self.x_end, self.x),
            ("y", self.y_start, self.y_end, self.y),
        ):
            if not 0 <= start <= end <= len(codes):
                raise InvalidValue(
                    f"aligned part of {name}", f"{start} to {end}", f"a part of its {len(codes)} bases"
                )
        if self.confidence is not None and self.confidence.shape != self.columns.shape:
            raise ShapeMismatch(
                "confidence", self.confidence.shape, f"{self.columns.shape}, one for a column"
            )

    @classmethod
    def from_rows(
        cls,
        x_row: str,
        y_row: str,
        x_name: str = "x",
        y_name: str = "y",
        *,
        x_place: Place | None = None,
        y_place: Place | None = None,
        score: float | None = None,
    ) -> Alignment:
        """The alignment of two gapped rows; columns in which both have a gap are left out.

        Parameters
        ----------
        x_row, y_row : str
            Letters and gaps (``-`` or ``.``), as many in each.
        x_name, y_name : str
        x_place, y_place : Place, optional
        score : float, optional

        Raises
        ------
        ShapeMismatch
            If the rows differ in length.
        InvalidValue
            If a letter is of no base.
        """
        if len(x_row) != len(y_row):
            raise ShapeMismatch("y_row", (len(y_row),), f"({len(x_row)},), the length of x_row")
        x_gap, y_gap = _is_gap(x_row), _is_gap(y_row)
        kinds = np.where(y_gap, X_ONLY, np.where(x_gap, Y_ONLY, MATCH)).astype(np.uint8)
        return cls(
            x_name,
            y_name,
            _codes("x_row", x_row)[~x_gap],
            _codes("y_row", y_row)[~y_gap],
            kinds[~(x_gap & y_gap)],
            score=score,
            x_place=x_place or Place.whole(x_name, int(np.count_nonzero(~x_gap))),
            y_place=y_place or Place.whole(y_name, int(np.count_nonzero(~y_gap))),
        )

    @classmethod
    def from_matches(
        cls,
        matches: np.ndarray | Sequence[tuple[int, int]],
        x: np.ndarray,
        y: np.ndarray,
        x_name: str = "x",
        y_name: str = "y",
        *,
        local: bool = False,
    ) -> Alignment:
        """The alignment in which the given bases are matched.

        Between two matches, the bases of x alone come before those of y alone.

        Parameters
        ----------
        matches : array_like of int, shape=(n, 2)
            Positions in x and y, increasing in both.
        x, y : numpy.ndarray of uint8, shape=(length,)
            Codes.
        x_name, y_name : str
        local : bool
            Begin with the first match and end with the last, rather than with the sequences.

        Raises
        ------
        InvalidValue
            If the matches do not increase, or are not all within the sequences.

        Examples
        --------
        >>> aligned = Alignment.from_matches([(1, 0)], DNA.encode("ACG"), DNA.encode("CT"))
        >>> aligned.rows()
        ('ACG-', '-C-T')
        """
        matches = np.asarray(matches, np.int64).reshape(-1, 2)
        ends = np.array([len(x), len(y)])
        # Two matches that are not there, before the first base and behind the last, bound the others.
        bounded = np.concatenate([[(-1, -1)], matches, [ends]])
        steps = np.diff(bounded, axis=0)
        if (steps <= 0).any():
            culprit = tuple(bounded[min(int(np.argmax((steps <= 0).any(1))) + 1, len(matches))].tolist())
            raise InvalidValue(
                "match", culprit, f"positions that increase, within {ends[0]} and {ends[1]} bases"
            )
        start = np.zeros(2, np.int64)
        if local:
            start = matches[0] if len(matches) else start
            steps[[0, -1]] = 1
        counts = np.column_stack([steps - 1, np.ones(len(steps), np.int64)])
        counts[-1, 2] = 0
        kinds = np.tile(np.array([X_ONLY, Y_ONLY, MATCH], np.uint8), len(steps))
        return cls(x_name, y_name, x, y, np.repeat(kinds, counts.ravel()), int(start[0]), int(start[1]))

    @classmethod
    def from_biopython(cls, alignment: BioAlignment) -> Alignment:
        """The alignment of two sequences that is a ``Bio.Align.Alignment``.

        A row that is read on the other strand, as its coordinates fall, is turned, and its place says so.
        Where no more than the aligned part of a sequence is known, as Biopython reads MAF, that is taken.

        Parameters
        ----------
        alignment : Bio.Align.Alignment

        Returns
        -------
        Alignment

        Raises
        ------
        InvalidValue
            If it is not of two sequences, or a letter is of no base.

        Examples
        --------
        >>> from Bio.Align import Alignment as BioAlignment
        >>> theirs = BioAlignment(["ACGTT", "ACTT"], np.array([[0, 2, 3, 5], [0, 2, 2, 4]]))
        >>> Alignment.from_biopython(theirs).rows()
        ('ACGTT', 'AC-TT')
        """
        rows = np.asarray(alignment.coordinates)
        if len(rows) != 2:
            raise InvalidValue("sequences of an alignment", len(rows), "two")
        sides = [_of_record(*side) for side in zip(alignment.sequences, rows, "xy", strict=True)]
        steps = np.abs(np.diff(rows, axis=1))
        unlike = (steps > 0).all(0) & (steps[0] != steps[1])
        if unlike.any():
            raise InvalidValue("aligned stretches", steps[:, unlike][:, 0].tolist(), "as long in x as in y")
        kinds = np.where(steps[1] == 0, X_ONLY, np.where(steps[0] == 0, Y_ONLY, MATCH)).astype(np.uint8)
        (x, x_start, x_place, x_name), (y, y_start, y_place, y_name) = sides
        confidence = getattr(alignment, "column_annotations", {}).get(_CONFIDENCE)
        return cls(
            x_name, y_name, x, y, np.repeat(kinds, steps.max(0)), x_start, y_start,
            confidence=None if confidence is None else np.array(confidence, np.float32),
            score=getattr(alignment, "score", None), x_place=x_place, y_place=y_place,
        )  # fmt: skip

    def to_biopython(self) -> BioAlignment:
        """The same as a ``Bio.Align.Alignment``, which Biopython writes in its formats and computes with.

        A sequence on the strand ``-`` of its source is given on ``+``, and its coordinates fall. The
        confidence is ``column_annotations["confidence"]``, and the place of a sequence stands in the
        ``annotations`` of its record, where :meth:`from_biopython` finds it.

        Returns
        -------
        Bio.Align.Alignment

        Examples
        --------
        >>> print(Alignment.from_rows("ACGT-A", "A-GTTC", "human", "mouse").to_biopython())
        human             0 ACGT-A 5
                          0 |-||-. 6
        mouse             0 A-GTTC 5
        <BLANKLINE>
        """
        from Bio.Align import Alignment as BioAlignment

        runs = self.runs()
        steps = np.zeros((2, len(runs.kind) + 1), np.int64)
        steps[:, 0] = self.x_start, self.y_start
        steps[0, 1:] = np.where(runs.kind == Y_ONLY, 0, runs.length)
        steps[1, 1:] = np.where(runs.kind == X_ONLY, 0, runs.length)
        x_row, y_row = steps.cumsum(1)
        x_record, x_row = _to_record(self.x, x_row, self.x_place, self.x_name)
        y_record, y_row = _to_record(self.y, y_row, self.y_place, self.y_name)
        made = BioAlignment([x_record, y_record], np.array([x_row, y_row]))
        if self.score is not None:
            made.__dict__["score"] = self.score
        if self.confidence is not None:
            made.__dict__["column_annotations"] = {_CONFIDENCE: self.confidence.tolist()}
        return made

    @property
    def x_end(self) -> int:
        """One past the last base of x that is aligned."""
        return self.x_start + int(np.count_nonzero(self.columns != Y_ONLY))

    @property
    def y_end(self) -> int:
        """One past the last base of y that is aligned."""
        return self.y_start + int(np.count_nonzero(self.columns != X_ONLY))

    @property
    def x_part(self) -> Place:
        """Where the aligned part of x lies."""
        return self.x_place.part(self.x_start, self.x_end)

    @property
    def y_part(self) -> Place:
        """Where the aligned part of y lies."""
        return self.y_place.part(self.y_start, self.y_end)

    def homes(self) -> tuple[Place, Place]:
        """Where the aligned parts of x and y lie: in sources whose lengths are known.

        Where the length of a source is not known, that is in the sequence itself, by its name.
        """
        return (
            self.x_place.framed(self.x_name).part(self.x_start, self.x_end),
            self.y_place.framed(self.y_name).part(self.y_start, self.y_end),
        )

    @property
    def matches(self) -> np.ndarray:
        """Positions in x and y of the matched bases, int64 ``shape=(n_matches, 2)``."""
        both = self.columns == MATCH
        x = self.x_start + np.cumsum(self.columns != Y_ONLY) - 1
        y = self.y_start + np.cumsum(self.columns != X_ONLY) - 1
        return np.column_stack([x[both], y[both]])

    @property
    def n_matches(self) -> int:
        """Columns with a base of each sequence, whether it is the same or not."""
        return int(np.count_nonzero(self.columns == MATCH))

    @property
    def n_identical(self) -> int:
        """Columns with the same base of each sequence; an unknown base is the same as none."""
        return int(np.count_nonzero(self._identical()))

    @property
    def identity(self) -> float:
        """Share of the matched columns whose bases are the same; ``nan`` without a match."""
        return self.n_identical / self.n_matches if self.n_matches else float("nan")

    @property
    def coverage(self) -> tuple[float, float]:
        """Shares of the bases of x and of y that are matched; ``nan`` for an empty sequence."""
        x, y = (self.n_matches / len(codes) if len(codes) else float("nan") for codes in (self.x, self.y))
        return x, y

    @property
    def x_confidence(self) -> np.ndarray:
        """Confidence of the column of each base of x, ``shape=(x_length,)``; ``nan`` where there is none."""
        values = np.full(len(self.x), np.nan, np.float32)
        if self.confidence is not None:
            values[self.x_start : self.x_end] = self.confidence[self.columns != Y_ONLY]
        return values

    def runs(self) -> Runs:
        """Stretches of matches, of bases of x alone and of bases of y alone."""
        return Runs.of(self.columns)

    def rows(self) -> tuple[str, str]:
        """The aligned parts with their gaps, one letter a column."""
        x = self._row(self.x[self.x_start : self.x_end], self.columns != Y_ONLY)
        y = self._row(self.y[self.y_start : self.y_end], self.columns != X_ONLY)
        return x, y

    def cigar(self, *, extended: bool = False) -> str:
        """The columns as a CIGAR with x as the reference and y as the query.

        Bases of x alone are deletions (``D``), those of y alone insertions (``I``).

        Parameters
        ----------
        extended : bool
            Write ``=`` for the same base and ``X`` for another, rather than ``M`` for both.
        """
        operations = _OPERATIONS[self.columns]
        if extended:
            same = np.where(self._identical(), ord("="), ord("X"))
            operations = np.where(self.columns == MATCH, same, operations)
        runs = Runs.of(operations)
        pairs = zip(runs.length.tolist(), runs.kind.tolist(), strict=True)
        return "".join(f"{length}{chr(operation)}" for length, operation in pairs)

    def swapped(self) -> Alignment:
        """The same alignment with x and y in each other's place."""
        trade = np.array([MATCH, Y_ONLY, X_ONLY], np.uint8)
        return replace(
            self,
            x_name=self.y_name,
            y_name=self.x_name,
            x=self.y,
            y=self.x,
            columns=trade[self.columns],
            x_start=self.y_start,
            y_start=self.x_start,
            x_place=self.y_place,
            y_place=self.x_place,
        )

    def turned(self) -> Alignment:
        """Both sequences, and so the columns, read on the other strand."""
        return replace(
            self,
            x=DNA.reverse_complement(self.x),
            y=DNA.reverse_complement(self.y),
            columns=self.columns[::-1],
            x_start=len(self.x) - self.x_end,
            y_start=len(self.y) - self.y_end,
            confidence=None if self.confidence is None else self.confidence[::-1],
            x_place=self.x_place.turned(),
            y_place=self.y_place.turned(),
        )

    def trimmed(self) -> Alignment:
        """The alignment from its first match to its last; without columns if there is none."""
        both = np.flatnonzero(self.columns == MATCH)
        return self.sliced(int(both[0]), int(both[-1]) + 1) if len(both) else self.sliced(0, 0)

    def sliced(self, first: int, stop: int) -> Alignment:
        """Some of the columns, of the same two sequences."""
        before = self.columns[:first]
        return replace(
            self,
            columns=self.columns[first:stop],
            x_start=self.x_start + int(np.count_nonzero(before != Y_ONLY)),
            y_start=self.y_start + int(np.count_nonzero(before != X_ONLY)),
            confidence=None if self.confidence is None else self.confidence[first:stop],
        )

    def pieces(self) -> list[Alignment]:
        """The alignment, cut where a sequence goes across the origin of a circle.

        Examples
        --------
        >>> place = Place("plasmid", 6, 10, "+", 8)
        >>> [one.y_part.label for one in Alignment.from_rows("ACGT", "ACGT", y_place=place).pieces()]
        ['plasmid:6-8', 'plasmid:0-2']
        """
        cuts = {0, len(self.columns)}
        for place, start, other in (
            (self.x_place, self.x_start, Y_ONLY),
            (self.y_place, self.y_start, X_ONLY),
        ):
            base = place.crossing
            columns = np.flatnonzero(self.columns != other)
            if base is not None and start < base < start + len(columns):
                cuts.add(int(columns[base - start]))
        return [self.sliced(*bounds) for bounds in pairwise(sorted(cuts))] or [self]

    def _identical(self) -> np.ndarray:
        """Whether each column has the same base of each sequence, ``shape=(n_columns,)``."""
        x, y = self.matches.T
        same = np.zeros(len(self.columns), bool)
        same[self.columns == MATCH] = (self.x[x] == self.y[y]) & (self.x[x] < UNKNOWN)
        return same

    @staticmethod
    def _row(codes: np.ndarray, has_base: np.ndarray) -> str:
        row = np.full(len(has_base), ord(GAPS[0]), np.uint8)
        row[has_base] = np.frombuffer(DNA.decode(codes).encode(), np.uint8)
        return row.tobytes().decode()


def _to_record(codes: np.ndarray, row: np.ndarray, place: Place, name: str) -> tuple[SeqRecord, np.ndarray]:
    """A sequence on the strand ``+`` of its source as a record, and the coordinates therein."""
    from Bio.Seq import Seq
    from Bio.SeqRecord import SeqRecord

    if place.strand == "-":
        codes, row = DNA.reverse_complement(codes), len(codes) - row
    told: dict[str, Any] = {
        "source": place.source,
        "start": place.start,
        "source_length": place.source_length,
    }
    return SeqRecord(Seq(DNA.decode(codes)), id=name, description="", annotations=told), row


def _of_record(record: Any, row: np.ndarray, side: str) -> tuple[np.ndarray, int, Place, str]:
    """Codes of a sequence as its row reads it, the first base that is aligned, its place and its name."""
    letters, told = getattr(record, "seq", record), getattr(record, "annotations", {})
    name, length = str(getattr(record, "id", side)), len(letters)
    low, high = int(row.min()), int(row.max())
    place = Place(
        told.get("source", name), told.get("start", 0), told.get("start", 0) + length, "+",
        told.get("source_length", length),
    )  # fmt: skip
    if not getattr(letters, "defined", True):
        letters, place, row = letters[low:high], place.part(low, high), row - low
        name, length = place.label, high - low
    codes = _bases(letters if isinstance(letters, str) else bytes(letters).decode("latin-1"), name)
    if row[0] > row[-1]:
        codes, row, place = DNA.reverse_complement(codes), length - row, place.turned()
    return codes, int(row[0]), place, name


def _bases(letters: str, name: str) -> np.ndarray:
    codes = DNA.encode(letters)
    foreign = DNA.foreign(codes)
    if len(foreign):
        raise InvalidValue(f"letter {foreign[0] + 1} of sequence {name}", letters[foreign[0]], "a base")
    return codes


def _is_gap(row: str) -> np.ndarray:
    letters = np.frombuffer(row.encode("latin-1", "replace"), np.uint8)
    return np.isin(letters, [ord(gap) for gap in GAPS])


def _codes(name: str, row: str) -> np.ndarray:
    codes = DNA.encode(row)
    foreign = np.setdiff1d(DNA.foreign(codes), np.flatnonzero(_is_gap(row)))
    if len(foreign):
        raise InvalidValue(f"letter {foreign[0] + 1} of {name}", row[foreign[0]], "a base or a gap")
    return codes
