"""Where controls come from, and how targets and controls are split together.

Three kinds, from the best to the easiest: given ones, windows of the genome, shuffles. The kind
decides what must stay together in a split, so that each kind both makes and splits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.train import SplitOptions
from motifnet.datasets.clean import clean
from motifnet.datasets.negatives import MatchedWindows, ReferenceGenome, matched_windows
from motifnet.datasets.propensity import matched, told_apart
from motifnet.datasets.shuffle import shuffle
from motifnet.datasets.split import FEWEST_TARGETS, Split, chromosomes_or_reason, split, split_by_similarity
from motifnet.datasets.windows import holds_peaks, read_targets, tell_idle_reading
from motifnet.errors import BedFormatError, TooFewControls
from motifnet.io.bed import read_bed
from motifnet.io.genome import Genome
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences
from motifnet.symbols.given import as_sequences
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)

# Controls are this many in all, so that thresholds which 5% of them pass rest on a hundred; and so many for
# each target, whose share of hits is then known better than the targets', until there are enough of them or
# of their bases, which take time. No more than 20 are made of a target, since what further shuffles of few
# sequences add is not independent. Conventions.
_FEWEST = 2000
_SEVERAL, _ENOUGH, _ENOUGH_BASES = 3, 10_000, 2_000_000
_MOST_COPIES = 20
# Shuffles beside given controls keep words of three bases at least: with two, what a real sequence has of
# longer words tells them apart (measured on chains of order 2). Much longer ones would keep sites of motifs.
_KLET_BESIDE_GIVEN = 3


class Request(NamedTuple):
    """What is asked of the makers of controls.

    Parameters
    ----------
    split : SplitOptions
        How to split.
    strata : numpy.ndarray of int64, shape=(n_targets,)
        Kind of each target, from 1.
    peaks : sequence of Interval
        All stretches that hold a target of any task; no control may overlap one.
    min_length : int
        Known bases that a sequence needs.
    strand : Strand
        Whether a sequence and its reverse complement are the same.
    seed : int
        Of all random choices.
    """

    split: SplitOptions
    strata: np.ndarray
    peaks: Sequence[Interval]
    min_length: int
    strand: Strand
    seed: int


class Divided(NamedTuple):
    """Targets and their controls, split.

    Parameters
    ----------
    sequences : Sequences
        Targets, then controls.
    split : Split
        Of all of them.
    target_of : numpy.ndarray of int64, shape=(n_controls,)
        The target that each control was made for; -1 for a given one.
    tested : numpy.ndarray of bool, shape=(n,)
        What tests may count: not targets that given controls do not match, nor what they have instead.
    source : str
        One sentence on the controls.
    notes, warnings : tuple of str
        One sentence each.
    """

    sequences: Sequences
    split: Split
    target_of: np.ndarray
    tested: np.ndarray
    source: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Joined(NamedTuple):
    """Targets and their controls, not split.

    Parameters
    ----------
    sequences : Sequences
        Targets, then controls.
    target_of : numpy.ndarray of int64, shape=(n_controls,)
        The target that each control was made for; -1 for a given one.
    tested : numpy.ndarray of bool, shape=(n,)
        What tests may count: not targets that given controls do not match, nor what they have instead.
    source : str
        One sentence on the controls.
    notes, warnings : tuple of str
        One sentence each.
    """

    sequences: Sequences
    target_of: np.ndarray
    tested: np.ndarray
    source: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class ControlMaker(Protocol):
    """Anything that can give targets their controls."""

    def join(self, targets: Sequences, request: Request) -> Joined:
        """Clean targets with their controls; of the request, the split does not matter."""

    def divide(self, targets: Sequences, request: Request) -> Divided:
        """Controls for clean targets, and the split of both."""


@dataclass(frozen=True, eq=False)
class GivenControls:
    """Controls that the user has.

    Parameters
    ----------
    sequences : Sequences
        The controls.
    name : str
        What they are called in the report, such as the name of their file.
    match : bool
        Where GC content or length alone tells targets from them, use those that match the targets in
        composition (see :func:`motifnet.datasets.propensity.matched`), and shuffles of targets that none
        matches.
    klet : int
        Length of the words whose counts such a shuffle keeps.

    Examples
    --------
    >>> from motifnet.datasets.contrast import contrast
    >>> targets, mine = Sequences.from_text(["AACC", "TGCA"]), Sequences.from_text(["ACCT", "GGGG"])
    >>> contrast(targets, GivenControls(mine)).n_controls
    2
    """

    sequences: Sequences
    name: str = "the control file"
    match: bool = True
    klet: int = 2

    def __post_init__(self) -> None:
        object.__setattr__(self, "sequences", as_sequences(self.sequences))

    def divide(self, targets: Sequences, request: Request) -> Divided:
        """Split targets and controls alike, then match within each part; a shuffle follows its target."""
        joined = self._all(targets, request)
        found = _split_alike(split, joined, request)
        chosen, member = self._matched(joined, len(targets), found.part, request)
        return _divided(chosen, replace(found, part=found.part[member], groups=found.groups[member]))

    def join(self, targets: Sequences, request: Request) -> Joined:
        """Drop controls that are targets, and those that match none in composition where that tells."""
        joined = self._all(targets, request)
        return self._matched(joined, len(targets), np.zeros(len(joined.sequences), np.uint8), request)[0]

    def _all(self, targets: Sequences, request: Request) -> Joined:
        """All controls that are no targets."""
        joined, own, removed = _join(targets, self.sequences, request)
        if len(own) == 0:
            reasons = _listed(removed)
            raise TooFewControls(f"controls in {self.name}", 0, 1, f"Removed: {reasons}" if reasons else "")
        given, source = np.full(len(own), -1), f"{len(own):,} sequences of {self.name}"
        return Joined(joined, given, _all_of(joined), source, _removal_note(removed))

    def _matched(
        self, joined: Joined, n_targets: int, part: np.ndarray, request: Request
    ) -> tuple[Joined, np.ndarray]:
        """Controls that match targets, where composition tells; and whose part and group each has."""
        everyone = np.arange(len(joined.sequences))
        targets, controls = (joined.sequences.select(side) for side in np.split(everyone, [n_targets]))
        told = told_apart(targets, controls) if self.match else None
        if told is None:
            return joined, everyone
        parts = part[:n_targets], part[n_targets:]
        found = matched(targets, controls, parts, strand=request.strand, seed=request.seed)
        has_all = np.all(found >= 0, axis=0)
        used, first = np.unique(found[found >= 0], return_index=True)
        of_used = np.nonzero(found >= 0)[1][first]
        made, of_made = _shuffles_for(targets, (found < 0).sum(0), self._klet, request.seed)
        kept = np.concatenate([everyone[:n_targets], n_targets + used])
        sequences, own, removed = _join(joined.sequences.select(kept), made, request)
        of_made = of_made[own]
        if len(sequences) == n_targets:
            hint = "None matches a target, and shuffles equal their targets; --no-match-controls takes all"
            raise TooFewControls(f"controls in {self.name} that match targets", 0, 1, hint)
        tested = np.concatenate([has_all, has_all[of_used], np.zeros(len(of_made), bool)])
        tests_given = _enough(has_all, request.strata)
        counts = _Counts(
            len(used), len(controls), len(of_made), int((~has_all).sum()), n_targets, tests_given
        )
        result = Joined(
            sequences,
            np.concatenate([np.full(len(used), -1), of_made]),
            tested if tests_given else _all_of(sequences),
            self._source(counts),
            (*joined.notes, *_removal_note(removed)),
            (self._warning(told, counts),),
        )
        return result, np.concatenate([kept, of_made])

    @property
    def _klet(self) -> int:
        return max(self.klet, _KLET_BESIDE_GIVEN)

    def _source(self, counts: _Counts) -> str:
        """What the controls are, where not all that are given are used."""
        given = f"{counts.used:,} of {counts.given:,} sequences of {self.name}, those that match targets"
        made = f"{counts.made:,} shuffles of other targets that keep {_kept_by_shuffles(self._klet)}"
        return given if counts.made == 0 else f"{given}, and {made}"

    def _warning(self, told: str, counts: _Counts) -> str:
        """What was done since composition tells targets from controls."""
        done = (
            f"The controls of {self.name} are of another composition, since {told}: {counts.used:,} that "
            f"match targets are used, and {counts.given - counts.used:,} are left out. "
        )
        lacking = (
            f"{counts.lacking:,} of {counts.targets:,} targets have too few that match, and have shuffles "
        )
        if counts.lacking == 0:
            rest = "E-values are against these controls."
        elif counts.tests_given:
            rest = f"{lacking}to train with; tests leave both out. E-values are against given controls alone."
        else:
            rest = f"{lacking}instead. E-values are mostly against shuffles, which are the easy task."
        return f"{done}{rest} --no-match-controls compares with all that were given."


class _Counts(NamedTuple):
    """What became of given controls that are of another composition."""

    used: int
    given: int
    made: int
    lacking: int
    targets: int
    tests_given: bool


def _enough(has_all: np.ndarray, strata: np.ndarray) -> bool:
    """Whether of each kind of targets enough have controls of their own composition for a test."""
    return bool(np.bincount(strata, has_all)[np.unique(strata)].min() >= FEWEST_TARGETS)


@dataclass(frozen=True, eq=False)
class GenomeControls:
    """Windows of the genome that match the targets: see :func:`matched_windows`.

    Parameters
    ----------
    genome : ReferenceGenome
        Where to draw from.
    per_target : int
        Controls of each target; 0 chooses by the number of targets.
    exclude : sequence of Interval
        What no control may overlap besides the targets: whole peaks, the blacklist.
    mask_lowercase : bool
        Read soft-masked bases as unknown, as in the targets.

    Examples
    --------
    >>> from motifnet.datasets.contrast import contrast
    >>> from motifnet.io import Genome, write_fasta
    >>> codes = np.random.default_rng(0).integers(0, 4, (1, 4000), dtype=np.uint8)
    >>> write_fasta("genome.fa", Sequences.from_codes(list(codes), ["chr1"]))
    >>> with Genome("genome.fa") as genome:
    ...     targets = genome.fetch([Interval("chr1", start, start + 50) for start in (100, 900)])
    ...     made = contrast(targets, GenomeControls(genome, per_target=3))
    >>> made.n_targets, made.n_controls
    (2, 6)
    """

    genome: ReferenceGenome
    per_target: int = 0
    exclude: Sequence[Interval] = ()
    mask_lowercase: bool = False

    def divide(self, targets: Sequences, request: Request) -> Divided:
        """Split the targets by chromosome and draw within each part, or draw and then split."""
        planned = chromosomes_or_reason(
            targets.intervals, request.split, strata=request.strata, seed=request.seed
        )
        if not isinstance(planned, Split):
            joined = self.join(targets, request)
            found = _split_alike(split_by_similarity, joined, request)
            return _divided(joined, replace(found, method=found.method + planned))
        joined = self._joined(targets, request, planned.part_of_chromosome)
        return _divided(joined, _extended(planned, joined.sequences.intervals))

    def join(self, targets: Sequences, request: Request) -> Joined:
        """Draw from anywhere."""
        return self._joined(targets, request, None)

    def _joined(self, targets: Sequences, request: Request, parts: dict[str, int] | None) -> Joined:
        drawn = self._draw(targets, request, parts)
        joined, own, removed = _join(targets, drawn.sequences, request)
        source = f"{len(own):,} windows of the genome off all peaks, matched in GC, length and repeats"
        note = f"Controls differ from their targets by {drawn.gc_difference:.1%} GC on average."
        notes = (note, *_removal_note(removed))
        return Joined(joined, drawn.source[own], _all_of(joined), source, notes, _unmatched(drawn))

    def _draw(self, targets: Sequences, request: Request, parts: dict[str, int] | None) -> MatchedWindows:
        return matched_windows(
            targets,
            self.genome,
            per_target=copies_for(targets, self.per_target),
            exclude=[*request.peaks, *self.exclude],
            parts=parts,
            mask_lowercase=self.mask_lowercase,
            seed=request.seed,
        )


@dataclass(frozen=True, eq=False)
class ShuffledControls:
    """Shuffles of the targets, each in the part of its target: see :func:`shuffle`.

    Parameters
    ----------
    klet : int
        Length of the words whose counts are kept.
    per_target : int
        Shuffles of each target; 0 chooses by the number of targets.

    Examples
    --------
    >>> from motifnet.datasets.contrast import contrast
    >>> targets = Sequences.from_text(["ACGTTGCAACGTCATTGC", "TTGACGGCATTACGGACT"])
    >>> made = contrast(targets, ShuffledControls(klet=1, per_target=2))
    >>> made.n_targets, made.n_controls
    (2, 4)
    """

    klet: int = 2
    per_target: int = 0

    def divide(self, targets: Sequences, request: Request) -> Divided:
        """Split the targets, then let each shuffle follow its target."""
        alone = split(
            targets,
            request.split,
            strata=request.strata,
            strand=request.strand,
            seed=request.seed,
        )
        joined = self.join(targets, request)
        member = np.concatenate([np.arange(len(targets)), joined.target_of])
        return _divided(joined, replace(alone, part=alone.part[member], groups=alone.groups[member]))

    def join(self, targets: Sequences, request: Request) -> Joined:
        """Shuffle the targets."""
        copies = copies_for(targets, self.per_target)
        joined, own, removed = _join(targets, shuffle(targets, self.klet, request.seed, copies), request)
        if len(own) == 0:
            hint = "Every shuffle equals its target; use a smaller --shuffle-klet or give --control"
            raise TooFewControls("shuffled controls", 0, 1, hint)
        kept = _kept_by_shuffles(self.klet)
        source = f"{len(own):,} shuffles of the targets that keep {kept}"
        note = (
            f"Shuffled controls are the easy task: they keep {kept} and nothing else of real sequences, "
            "so that scores against them are higher than against real ones."
        )
        notes = (note, *_removal_note(removed))
        return Joined(joined, own % len(targets), _all_of(joined), source, notes)


def choose_controls(
    files: Sequence[Path],
    targets: Sequence[Sequences],
    reading: ReadingOptions,
    options: ControlOptions,
    genome: Genome | None,
) -> ControlMaker:
    """The best kind of controls that can be had: given ones, windows of the genome, shuffles.

    Options that this leaves without effect are warned of, and regions of the blacklist that the genome does
    not have.

    Parameters
    ----------
    files : sequence of Path
        Where the targets are from: the peaks of BED files are kept out of the controls as a whole.
    targets : sequence of Sequences
        What was read of each file.
    reading : ReadingOptions
    options : ControlOptions
    genome : Genome or None

    Raises
    ------
    MotifnetError
        If the controls or the blacklist cannot be read.
    """
    peaks = [path for path in files if holds_peaks(path)]
    if options.control is not None:
        tell_idle_reading(reading, [*files, options.control])
        given = f"controls are given: {options.control}"
        options.tell_idle("blacklist", "controls_per_target", since=given)
        if not options.match_controls:
            options.tell_idle(
                "shuffle_klet", since=f"{given}, and --no-match-controls takes them as they are"
            )
        sequences = read_targets(options.control, reading, genome)
        return GivenControls(
            sequences, options.control.name, match=options.match_controls, klet=options.shuffle_klet
        )
    options.tell_idle("match_controls", since="no controls are given (--control)")
    places = [where for part in targets for where in part.intervals or [None] * len(part)]
    if genome is not None and None not in places:
        tell_idle_reading(reading, files, [] if options.blacklist is None else [options.blacklist])
        options.tell_idle("shuffle_klet", since="controls are windows of the genome")
        excluded = [
            peak.interval for path in peaks for peak in read_bed(path, max_skipped=reading.max_skipped)
        ]
        if options.blacklist is not None:
            excluded += _blacklisted(options.blacklist, genome, reading.max_skipped)
        return GenomeControls(genome, options.controls_per_target, excluded, reading.mask_lowercase)
    tell_idle_reading(reading, files)
    n_placeless = sum(where is None for where in places)
    if genome is not None:
        reading.tell_idle("genome", since=f"{n_placeless:,} of {len(places):,} targets have no coordinates")
    options.tell_idle("blacklist", since="controls are shuffles of the targets")
    return ShuffledControls(options.shuffle_klet, options.controls_per_target)


def _blacklisted(path: Path, genome: Genome, max_skipped: float) -> list[Interval]:
    """The regions of a blacklist, of which those that the genome does not have are told."""
    if not holds_peaks(path):
        raise BedFormatError(path, "is no BED file; give the regions that no control may overlap")
    regions = [peak.interval for peak in read_bed(path, max_skipped=max_skipped)]
    unknown = [where for where in regions if where.chrom not in genome.contigs]
    if unknown:
        _log.warning(
            "%s: %d of %s %s on contigs that %s does not have, such as %r: %s nothing out",
            path, len(unknown), counted(len(regions), "region"), verb(len(unknown), "lies", "lie"),
            genome.path, unknown[0].chrom, verb(len(unknown), "it keeps", "they keep"),
        )  # fmt: skip
    return regions


def copies_for(targets: Sequences, asked: int = 0) -> int:
    """Controls of each target: as asked, else as many as tests are sure with, at least 1 and at most 20.

    Examples
    --------
    >>> few, some, many = (Sequences.from_text(["ACGT"] * n) for n in (18, 4_000, 40_000))
    >>> copies_for(few), copies_for(some), copies_for(many), copies_for(many, asked=2)
    (20, 3, 1, 2)
    """
    if asked:
        return asked
    n = max(len(targets), 1)
    several = min(_SEVERAL, _ENOUGH / n, _ENOUGH_BASES / max(len(targets.codes), 1))
    return int(np.clip(np.ceil(max(_FEWEST / n, several)), 1, _MOST_COPIES))


def _join(
    targets: Sequences, controls: Sequences, request: Request
) -> tuple[Sequences, np.ndarray, dict[str, int]]:
    """Targets and the clean controls that are not targets, which controls, and what was removed."""
    everything = Sequences.concatenate([targets, controls])
    cleaned = clean(everything, request.min_length, strand=request.strand)
    if len(cleaned.kept) < len(everything):
        everything = everything.select(cleaned.kept)
    own = cleaned.kept[len(targets) :] - len(targets)
    return everything, own, cleaned.removed


def _all_of(joined: Sequences) -> np.ndarray:
    """That tests may count all sequences."""
    return np.ones(len(joined), bool)


def _kept_by_shuffles(klet: int) -> str:
    return f"the counts of words of {klet} bases" if klet > 1 else "the counts of bases"


def _shuffles_for(
    targets: Sequences, n_each: np.ndarray, klet: int, seed: int
) -> tuple[Sequences, np.ndarray]:
    """So many shuffles of each target, and which target each is of."""
    some, copies = np.flatnonzero(n_each), int(n_each.max(initial=1))
    copy, place = np.divmod(np.arange(copies * len(some)), max(len(some), 1))
    asked = copy < n_each[some][place]
    return shuffle(targets.select(some), klet, seed, copies or 1).select(asked), some[place[asked]]


def _divided(joined: Joined, found: Split) -> Divided:
    rest = joined.source, joined.notes, joined.warnings
    return Divided(joined.sequences, found, joined.target_of, joined.tested, *rest)


def _split_alike(how: Callable[..., Split], joined: Joined, request: Request) -> Split:
    """Targets and controls split in the same way."""
    strata = np.concatenate([request.strata, np.zeros(len(joined.target_of), np.int64)])
    return how(joined.sequences, request.split, strata=strata, strand=request.strand, seed=request.seed)


def _extended(planned: Split, intervals: Sequence[Interval | None] | None) -> Split:
    """The split of targets by chromosome, with the controls that lie on the same chromosomes."""
    number = {name: i for i, name in enumerate(planned.group_names)}
    groups = np.array([number[where.chrom] for where in intervals or () if where is not None], np.int64)
    part = np.array([planned.part_of_chromosome[name] for name in planned.group_names], np.uint8)
    return replace(planned, part=part[groups], groups=groups)


def _unmatched(drawn: MatchedWindows) -> tuple[str, ...]:
    if drawn.n_unmatched == 0:
        return ()
    asked = drawn.n_unmatched + len(drawn.sequences)
    return (f"The genome has no matching window for {drawn.n_unmatched:,} of {asked:,} controls.",)


def _removal_note(removed: dict[str, int]) -> tuple[str, ...]:
    return (f"Controls removed: {_listed(removed)}.",) if removed else ()


def _listed(removed: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in removed.items())
