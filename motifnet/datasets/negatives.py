"""Controls from the genome: windows that resemble the targets and hold no peak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from motifnet.errors import InvalidValue, TooFewControls
from motifnet.kernels.matching import BLOCKED, LOWER, STRONG, draw_windows, window_shares
from motifnet.symbols import UNKNOWN, Interval, Sequences

NEAR = (0.01, 0.1)
"""Differences in GC and in soft-masked share at which a window is taken at once.

One percent of GC is two bases of a peak of 200. A convention that trades time for
closeness, as is the bound below.
"""

FAR = (0.05, 0.3)
"""Differences up to which the nearest of all windows looked at is taken; beyond, a target gets no control."""

# Windows looked at for a target: of peaks of any GC content that one in a thousand windows has, 95% find one.
_N_DRAWS = 3000
_NEEDED = 0.9  # share of the targets that must get a control: if more have none, controls are unlike targets


class ReferenceGenome(Protocol):
    """What is asked of a genome: see :class:`motifnet.io.Genome`."""

    @property
    def contigs(self) -> Mapping[str, int]:
        """Lengths of the contigs, by name."""

    def codes(self, chrom: str) -> np.ndarray:
        """Codes of a contig, soft-masked bases included."""

    def lowercase(self, chrom: str) -> np.ndarray:
        """Which bases of a contig are soft-masked."""

    def fetch(self, intervals: list[Interval], *, mask_lowercase: bool = False) -> Sequences:
        """The sequences of intervals."""


class MatchedWindows(NamedTuple):
    """Controls drawn from a genome.

    Parameters
    ----------
    sequences : Sequences
        The windows, in the order of their targets; all first controls before all second ones.
    source : numpy.ndarray of int64, shape=(n,)
        The target that each window was matched to.
    gc_difference : float
        Mean absolute difference to the target in GC.
    n_unmatched : int
        Controls asked for that the genome does not have.
    """

    sequences: Sequences
    source: np.ndarray
    gc_difference: float
    n_unmatched: int


def matched_windows(
    targets: Sequences,
    genome: ReferenceGenome,
    *,
    per_target: int,
    exclude: Iterable[Interval],
    parts: Mapping[str, int] | None = None,
    mask_lowercase: bool = False,
    seed: int = 0,
) -> MatchedWindows:
    """Windows with the length, the GC and the soft-masked share of each target.

    Windows overlap neither one another nor an excluded interval, and hold no unknown base. A
    window is drawn on the chromosome of its target; if that has none left, on another chromosome
    of the same part. The genome is read chromosome by chromosome, twice at most, and one
    chromosome is in memory at a time.

    Parameters
    ----------
    targets : Sequences
        With the interval of each.
    genome : ReferenceGenome
        Where to draw from.
    per_target : int
        Controls of each target.
    exclude : iterable of Interval
        All peaks of all tasks, and the blacklist.
    parts : mapping of str to int, optional
        The part of each chromosome that may be drawn from; without it all chromosomes are one.
    mask_lowercase : bool
        Read soft-masked bases of the windows as unknown, as those of the targets were.
    seed : int
        Every window follows from the seed and the number of its target, given the windows before.

    Returns
    -------
    MatchedWindows
        Windows and how well they match.

    Raises
    ------
    InvalidValue
        If a target has no interval, or one that the genome does not have.
    TooFewControls
        If fewer than nine in ten targets would get a control.
    """
    places = _places(targets.intervals, genome.contigs)
    draw = _Draw(targets, places, per_target, seed)
    blocked = _by_chromosome(exclude)
    home = _rows_by_chromosome(places)
    for chrom in genome.contigs:
        if chrom in home:
            draw.on_own_chromosome(chrom, home[chrom], genome, blocked.get(chrom, []))
    for chrom in genome.contigs:
        rows = draw.still_wanted(chrom, parts)
        if len(rows):
            draw.elsewhere(chrom, rows, genome, blocked.get(chrom, []))
    return draw.collect(genome, mask_lowercase=mask_lowercase)


def _places(intervals: Sequence[Interval | None] | None, contigs: Mapping[str, int]) -> list[Interval]:
    """Where the targets lie, which must all be known and within the genome."""
    places = [where for where in intervals or () if where is not None]
    if intervals is None or len(places) < len(intervals):
        raise InvalidValue(
            "targets", "sequences without coordinates", "an interval for each, to match in the genome"
        )
    for where in places:
        if where.end > contigs.get(where.chrom, 0):
            raise InvalidValue("interval of a target", str(where), "a place within the genome")
    return places


class _Draw:
    """The state of one call: what is wanted, and what was found on which chromosome."""

    def __init__(self, targets: Sequences, places: Sequence[Interval], per_target: int, seed: int) -> None:
        n = len(targets)
        self.targets, self.places, self.per_target = targets, places, per_target
        self.seed = np.uint64(seed % 2**64)
        self.gc, self.repeats = np.zeros(n), np.zeros(n)
        self.start = np.full((per_target, n), -1, np.int64)
        self.chrom = np.full((per_target, n), -1, np.int32)
        self.gc_off = np.zeros((per_target, n))
        self.names: list[str] = []

    def on_own_chromosome(
        self, chrom: str, rows: np.ndarray, genome: ReferenceGenome, blocked: list[tuple[int, int]]
    ) -> None:
        """Measure the targets of a chromosome and draw there."""
        flags = _flags(genome, chrom, blocked)
        starts = np.array([self.places[i].start for i in rows.tolist()], np.int64)
        lengths = self.targets.lengths[rows]
        self.gc[rows], self.repeats[rows] = window_shares(flags, genome.codes(chrom), starts, lengths)
        copies, items = np.divmod(np.arange(self.per_target * len(rows)), len(rows))
        self._draw(chrom, flags, rows[items], copies)

    def still_wanted(self, chrom: str, parts: Mapping[str, int] | None) -> np.ndarray:
        """Flat numbers of the controls not yet found that this chromosome may provide."""
        wanted = np.flatnonzero(self.start.ravel() < 0)
        if parts is None or len(wanted) == 0:
            return wanted
        if chrom not in parts:
            return wanted[:0]
        items = (wanted % len(self.targets)).tolist()
        same = [parts.get(self.places[i].chrom) == parts[chrom] for i in items]
        return wanted[np.array(same, bool)]

    def elsewhere(
        self, chrom: str, wanted: np.ndarray, genome: ReferenceGenome, blocked: list[tuple[int, int]]
    ) -> None:
        """Draw on a chromosome that is not the targets' own."""
        flags = _flags(genome, chrom, blocked)
        if chrom in self.names:
            copies, items = np.nonzero(self.chrom == self.names.index(chrom))
            for start, length in zip(self.start[copies, items], self.targets.lengths[items], strict=True):
                flags[start : start + length] |= BLOCKED
        copies, items = np.divmod(wanted, len(self.targets))
        self._draw(chrom, flags, items, copies)

    def _draw(self, chrom: str, flags: np.ndarray, items: np.ndarray, copies: np.ndarray) -> None:
        lengths, gc, repeats = self.targets.lengths[items], self.gc[items], self.repeats[items]
        start, off = draw_windows(flags, lengths, gc, repeats, self.seed, items, copies, NEAR, FAR, _N_DRAWS)
        if chrom not in self.names:
            self.names.append(chrom)
        got = start >= 0
        self.start[copies[got], items[got]] = start[got]
        self.gc_off[copies[got], items[got]] = off[got, 0]
        self.chrom[copies[got], items[got]] = self.names.index(chrom)

    def collect(self, genome: ReferenceGenome, *, mask_lowercase: bool) -> MatchedWindows:
        """Fetch what was found, or say that it is too little."""
        n = len(self.targets)
        matched = int((self.start >= 0).any(0).sum())
        if matched < _NEEDED * n:
            raise TooFewControls(
                f"targets with a window of the genome that matches in GC, length and repeats ({n:,} targets)",
                matched,
                int(np.ceil(_NEEDED * n)),
                "Give controls of your own with --control, use shorter windows, or a larger genome",
            )
        copies, items = np.nonzero(self.start >= 0)
        drawn = list(zip(copies.tolist(), items.tolist(), strict=True))
        intervals = [self._interval(copy, item) for copy, item in drawn]
        fetched = genome.fetch(intervals, mask_lowercase=mask_lowercase)
        names = [f"{self.targets.names[i]}_control{copy + 1}" for copy, i in drawn]
        sequences = Sequences(fetched.codes, fetched.offsets, names, intervals)
        gc_off = float(self.gc_off[copies, items].mean())
        return MatchedWindows(sequences, items, gc_off, self.start.size - len(items))

    def _interval(self, copy: int, item: int) -> Interval:
        start = int(self.start[copy, item])
        length = int(self.targets.lengths[item])
        strand = self.places[item].strand
        return Interval(self.names[self.chrom[copy, item]], start, start + length, strand)


def _flags(genome: ReferenceGenome, chrom: str, blocked: list[tuple[int, int]]) -> np.ndarray:
    """One byte for each base of a chromosome: strong, soft-masked, blocked."""
    codes = genome.codes(chrom)
    flags = ((codes == 1) | (codes == 2)).view(np.uint8) * np.uint8(STRONG)
    flags |= genome.lowercase(chrom).view(np.uint8) * np.uint8(LOWER)
    flags[codes == UNKNOWN] |= BLOCKED
    for start, end in blocked:
        flags[max(start, 0) : end] |= BLOCKED
    return flags


def _by_chromosome(intervals: Iterable[Interval]) -> dict[str, list[tuple[int, int]]]:
    stretches: dict[str, list[tuple[int, int]]] = {}
    for where in intervals:
        stretches.setdefault(where.chrom, []).append((where.start, where.end))
    return stretches


def _rows_by_chromosome(intervals: Iterable[Interval]) -> dict[str, np.ndarray]:
    rows: dict[str, list[int]] = {}
    for i, where in enumerate(intervals):
        rows.setdefault(where.chrom, []).append(i)
    return {chrom: np.array(numbers) for chrom, numbers in rows.items()}
