"""Where controls come from, and how targets and controls are split together.

Three kinds, from the best to the easiest: given ones, windows of the genome, shuffles. The kind
decides what must stay together in a split, so that each kind both makes and splits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
# Shuffles keep words of two bases; beside given controls words of three: with two, what a real sequence has
# of longer words tells them apart (measured on chains of order 2). Much longer ones would keep sites.
_KLET, _KLET_BESIDE_GIVEN = 2, 3

Idle = tuple[tuple[str, str], ...]
"""Options without effect, and why: a clause."""


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
    idle : tuple of (str, str)
        Options that this leaves without effect, and why.
    """

    sequences: Sequences
    split: Split
    target_of: np.ndarray
    tested: np.ndarray
    source: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    idle: Idle = ()


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
    idle : tuple of (str, str)
        Options that this leaves without effect, and why.
    """

    sequences: Sequences
    target_of: np.ndarray
    tested: np.ndarray
    source: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    idle: Idle = ()


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
        matches. If fewer than ten targets have some that match, none is used.
    klet : int
        Length of the words whose counts such a shuffle keeps; 0 keeps those of three.
    instead : callable
        Gives the maker of controls that are used where none of the given ones is.

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
    klet: int = 0
    instead: Callable[[], ControlMaker] = field(default_factory=lambda: ShuffledControls)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sequences", as_sequences(self.sequences))

    def divide(self, targets: Sequences, request: Request) -> Divided:
        """Split targets and controls alike, then match within each part; a shuffle follows its target."""
        joined = self._all(targets, request)
        found = _split_alike(split, joined, request)
        chosen = self._chosen(joined, found.part, request, fill=True)
        if isinstance(chosen, _NotUsed):
            with self._saying_why(chosen):
                made = self.instead().divide(targets, request)
            return made._replace(warnings=(self._none_used(chosen, made.source), *made.warnings))
        part, groups = (of_all[chosen.member] for of_all in (found.part, found.groups))
        return _divided(chosen.joined, replace(found, part=part, groups=groups))

    def join(self, targets: Sequences, request: Request) -> Joined:
        """Drop controls that are targets, and those that match none in composition where that tells."""
        joined = self._all(targets, request)
        # What is not split is not trained on, and shuffles beside given controls are for that alone.
        one_part = np.zeros(len(joined.sequences), np.uint8)
        chosen = self._chosen(joined, one_part, request, fill=False)
        if isinstance(chosen, _NotUsed):
            with self._saying_why(chosen):
                made = self.instead().join(targets, request)
            return made._replace(warnings=(self._none_used(chosen, made.source), *made.warnings))
        return chosen.joined

    def _all(self, targets: Sequences, request: Request) -> Joined:
        """All controls that are no targets."""
        joined, own, removed = _join(targets, self.sequences, request)
        if len(own) == 0:
            reasons = _listed(removed)
            raise TooFewControls(f"controls in {self.name}", 0, 1, f"Removed: {reasons}" if reasons else "")
        given, source = np.full(len(own), -1), f"{counted(len(own), 'sequence')} of {self.name}"
        return Joined(joined, given, _all_of(joined), source, _removal_note(removed))

    def _chosen(
        self, joined: Joined, part: np.ndarray, request: Request, *, fill: bool
    ) -> _Chosen | _NotUsed:
        """Controls that match targets, where composition tells; all of them where it does not."""
        everyone, n_targets = np.arange(len(joined.sequences)), len(request.strata)
        targets, controls = (joined.sequences.select(side) for side in np.split(everyone, [n_targets]))
        told = told_apart(targets, controls)
        if told is None or not self.match:
            return _Chosen(joined._replace(idle=self._idle_without_matching(told)), everyone)
        parts = part[:n_targets], part[n_targets:]
        found = matched(targets, controls, parts, strand=request.strand, seed=request.seed)
        has_all = np.all(found >= 0, axis=0)
        fewest = _fewest_matched(has_all, request.strata)
        if fewest < FEWEST_TARGETS:
            return _NotUsed(told, len(self.sequences), fewest, len(np.unique(request.strata)))
        if not fill:
            found = np.where(has_all, found, -1)
        n_shuffles = ((found < 0) & fill).sum(0)
        return self._with_shuffles(joined, targets, found, n_shuffles, told, request)

    def _with_shuffles(
        self,
        joined: Joined,
        targets: Sequences,
        found: np.ndarray,
        n_shuffles: np.ndarray,
        told: str,
        request: Request,
    ) -> _Chosen:
        """Controls that match, and so many shuffles of each target as fill up for those that it lacks.

        More shuffles of some would leave the controls with more of the composition of these targets than the
        targets have, and that is what matching is to rule out.
        """
        n_targets = len(targets)
        has_all = np.all(found >= 0, axis=0)
        used, first = np.unique(found[found >= 0], return_index=True)
        of_used = np.nonzero(found >= 0)[1][first]
        made, of_made = _shuffles_for(targets, n_shuffles, self._klet, request.seed)
        kept = np.concatenate([np.arange(n_targets), n_targets + used])
        sequences, own, removed = _join(joined.sequences.select(kept), made, request)
        of_made = of_made[own]
        counts = _Counts(
            len(used), len(joined.target_of), len(of_made), int((~has_all).sum()), n_targets, len(found)
        )
        result = Joined(
            sequences,
            np.concatenate([np.full(len(used), -1), of_made]),
            np.concatenate([has_all, has_all[of_used], np.zeros(len(of_made), bool)]),
            self._source(counts),
            (*joined.notes, *_removal_note(removed)),
            (self._warning(told, counts),),
            self._idle_with_matching(counts),
        )
        return _Chosen(result, np.concatenate([kept, of_made]))

    @property
    def _klet(self) -> int:
        return self.klet or _KLET_BESIDE_GIVEN

    def _idle_without_matching(self, told: str | None) -> Idle:
        """What has no effect where all controls are taken."""
        alike = f"neither GC content nor length tells targets from the controls of {self.name}"
        all_taken = f"all controls of {self.name} are taken"
        since = all_taken if told is None else f"{all_taken} (--no-match-controls)"
        return (
            *([("match_controls", alike)] if told is None else []),
            *((name, since) for name in ("blacklist", "controls_per_target", "shuffle_klet")),
            ("seed", f"{since}, and nothing else is drawn"),
        )

    def _idle_with_matching(self, counts: _Counts) -> Idle:
        """What has no effect where those controls are taken that match."""
        given = f"controls are given: {self.name}"
        return (
            *((name, given) for name in ("blacklist", "controls_per_target")),
            *(
                [("shuffle_klet", f"{given}, and no shuffles are made beside these")]
                if counts.made == 0
                else []
            ),
        )

    def _source(self, counts: _Counts) -> str:
        """What the controls are, where not all that are given are used."""
        given = f"{counts.used:,} of {counts.given:,} sequences of {self.name}, those that match targets"
        if counts.made == 0:
            return given
        made, others = counted(counts.made, "shuffle"), counted(counts.lacking, "other target")
        return (
            f"{given}, and {made} of {others} that {verb(counts.made, 'keeps', 'keep')} "
            f"{_kept_by_shuffles(self._klet)} and {verb(counts.made, 'fills', 'fill')} up to "
            f"{counted(counts.each, 'control')} for each target"
        )

    def _warning(self, told: str, counts: _Counts) -> str:
        """What was done since composition tells targets from controls."""
        done = (
            f"The controls of {self.name} are of another composition, since {told}: {counts.used:,} that "
            f"match targets are used, and {counts.given - counts.used:,} are left out. "
        )
        left_out = "have shuffles to train with; tests leave both out" if counts.made else "are left out"
        lacking = (
            f"{counts.lacking:,} of {counts.targets:,} targets have too few that match, and {left_out}. "
            "E-values are against given controls alone."
        )
        rest = "E-values are against these controls." if counts.lacking == 0 else lacking
        return f"{done}{rest} {_ALL_THE_SAME}"

    def _none_used(self, why: _NotUsed, source: str) -> str:
        """What was done since hardly a control matches a target."""
        return (
            f"{self._why_none(why)} What is made without --control is used instead: {source}. {_ALL_THE_SAME}"
        )

    def _why_none(self, why: _NotUsed) -> str:
        none = "The 1 control" if why.given == 1 else f"None of the {why.given:,} controls"
        few = f"only {counted(why.fewest, 'target')}" if why.fewest else "no target"
        return (
            f"{none} of {self.name} is {'not ' if why.given == 1 else ''}used, since {why.told}: "
            f"{few}{' of a task' if why.n_tasks > 1 else ''} {verb(max(why.fewest, 1), 'has', 'have')} "
            f"controls of like composition, and tests need {FEWEST_TARGETS} that have."
        )

    @contextmanager
    def _saying_why(self, why: _NotUsed) -> Iterator[None]:
        """Where nothing else can be made either, say that what was given would do."""
        try:
            yield
        except TooFewControls as problem:
            hint = f"{self._why_none(why)} And without --control: {problem}. --no-match-controls takes all"
            what = f"targets that controls in {self.name} match"
            raise TooFewControls(what, why.fewest, FEWEST_TARGETS, hint) from None


_ALL_THE_SAME = "--no-match-controls compares with all that were given."


class _Chosen(NamedTuple):
    """Targets and the given controls that are used, and of which sequence each has its part and group."""

    joined: Joined
    member: np.ndarray


class _NotUsed(NamedTuple):
    """Why no given control is used: what tells them apart, and how few targets have some that match."""

    told: str
    given: int
    fewest: int
    n_tasks: int


class _Counts(NamedTuple):
    """What became of given controls that are of another composition."""

    used: int
    given: int
    made: int
    lacking: int
    targets: int
    each: int


def _fewest_matched(has_all: np.ndarray, strata: np.ndarray) -> int:
    """Of the kind of targets that has the fewest, how many have all controls of their own composition."""
    return int(np.bincount(strata, has_all)[np.unique(strata)].min())


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

    klet: int = _KLET
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
    if options.control is not None:
        tell_idle_reading(reading, [*files, options.control])
        return GivenControls(
            read_targets(options.control, reading, genome),
            options.control.name,
            match=options.match_controls,
            klet=options.shuffle_klet,
            instead=lambda: _made_controls(files, targets, reading, options, genome),
        )
    options.tell_idle("match_controls", since="no controls are given (--control)")
    n_placeless, n = _n_placeless(targets)
    of_windows = genome is not None and n_placeless == 0
    beds = [options.blacklist] if of_windows and options.blacklist is not None else []
    tell_idle_reading(reading, files, beds)
    if not of_windows:
        reading.tell_idle("genome", since=f"{n_placeless:,} of {n:,} targets have no coordinates")
    return _made_controls(files, targets, reading, options, genome)


def _made_controls(
    files: Sequence[Path],
    targets: Sequence[Sequences],
    reading: ReadingOptions,
    options: ControlOptions,
    genome: Genome | None,
) -> ControlMaker:
    """Windows of the genome, or shuffles; what that leaves without effect is told."""
    if genome is None or _n_placeless(targets)[0]:
        options.tell_idle("blacklist", since="controls are shuffles of the targets")
        return ShuffledControls(options.shuffle_klet or _KLET, options.controls_per_target)
    options.tell_idle("shuffle_klet", since="controls are windows of the genome")
    peaks = [path for path in files if holds_peaks(path)]
    excluded = [peak.interval for path in peaks for peak in read_bed(path, max_skipped=reading.max_skipped)]
    if options.blacklist is not None:
        excluded += _blacklisted(options.blacklist, genome, reading.max_skipped)
    return GenomeControls(genome, options.controls_per_target, excluded, reading.mask_lowercase)


def _n_placeless(targets: Sequence[Sequences]) -> tuple[int, int]:
    """How many targets have no coordinates, and how many there are."""
    places = [where for part in targets for where in part.intervals or [None] * len(part)]
    return places.count(None), len(places)


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
    rest = joined.source, joined.notes, joined.warnings, joined.idle
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
