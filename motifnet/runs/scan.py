"""Where motifs score enough in sequences or a genome: passes over what is never whole in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.config.scan import ScanConfig, ScanOptions
from motifnet.errors import InvalidValue, shown
from motifnet.io.databases import load_database
from motifnet.io.fasta_stream import SIZE
from motifnet.io.genome import opened
from motifnet.io.hit_files import check_indexable, write_hits
from motifnet.io.hit_formats import HIT_FORMATS, PlacedHit, hit_format_of
from motifnet.io.text import write_text
from motifnet.kernels.threads import use_threads
from motifnet.motifs import Motif
from motifnet.progress import Progress, Silent
from motifnet.runs.backgrounds import background_named, is_learnt, of_shares
from motifnet.runs.inputs import Paths, check_apart, paths_of
from motifnet.runs.memory import check_memory
from motifnet.runs.page_files import files_beside, page_record
from motifnet.runs.scan_input import FastaInput, Passes, RegionInput, ScanInput, open_input
from motifnet.runs.scan_rows import Told, Words, in_order_of_genome, no_words
from motifnet.runs.sources import motif_file
from motifnet.runs.strands import strand_for
from motifnet.scanning import (
    Hits,
    Layout,
    Overlaps,
    Scanned,
    Scanner,
    ScoreCounts,
    background_of,
    best_in_stream,
    circles,
    scan_stream,
    without_overlaps_in_stream,
)
from motifnet.scanning.hit_counts import HitCounts
from motifnet.scanning.out_of_reach import told_out_of_reach
from motifnet.stats.score_distribution import STEPS
from motifnet.symbols.background import Background
from motifnet.wording import counted, listed, verb

_MOST_HITS = 1 << 20  # expected in a stretch: what bounds the memory where thresholds are low
_RARE_P, _RARE = 1e-3, 0.5  # scores with such p-values are such a share of all at most
_SMALLEST = 1 << 12  # bases of a stretch


class Summary(NamedTuple):
    """What a scan came to.

    Parameters
    ----------
    n_bases, n_sequences, n_motifs : int
    n_found : int
        Hits at or above the thresholds.
    n_told : int
        Those that are left of them, where only some are asked for.
    expected : float
        Hits that chance lets expect.
    warnings : list of str
        One sentence each.
    """

    n_bases: int
    n_sequences: int
    n_motifs: int
    n_found: int
    n_told: int
    expected: float
    warnings: list[str]


class Scan:
    """A scan that is ready: motifs, background and thresholds are known.

    Parameters
    ----------
    scanner : Scanner
    source : ScanInput
        What is scanned.
    options : ScanOptions
    passes : Passes
        Over that.
    with_q_values : bool
        Whether hits are to have q-values, which takes one more pass.
    """

    def __init__(
        self,
        scanner: Scanner,
        source: ScanInput,
        options: ScanOptions,
        passes: Passes,
        *,
        with_q_values: bool,
    ) -> None:
        self._scanner, self._source, self._options, self._passes = scanner, source, options, passes
        thresholds = _thresholds(scanner, options)
        self._out_of_reach = _out_of_reach(scanner, options)
        self._counts: ScoreCounts | None = None
        if with_q_values or options.max_q is not None:
            self._counts = self._counted(thresholds)
            if options.max_q is not None:
                thresholds = np.maximum(thresholds, self._counts.thresholds(options.max_q))
        self._thresholds = thresholds
        self._n_windows = np.zeros(len(scanner.motifs), np.int64)
        self._n_found = self._n_told = 0

    def hits(self, *, words: bool = False) -> Iterator[PlacedHit]:
        """All hits that are asked for, in order: contigs as they come, then by start, motif and strand.

        Parameters
        ----------
        words : bool
            With the bases of each.
        """
        kept = Words() if words else None
        parts = self._resolved(self._found(kept))
        for told in self._told(parts, kept):
            self._n_told += len(told.start)
            yield from told.rows(self._source.contigs, self._scanner.motifs)

    @property
    def motifs(self) -> Sequence[Motif]:
        """What is looked for."""
        return self._scanner.motifs

    def expected(self) -> np.ndarray:
        """Hits of each motif that chance lets expect, ``shape=(n_motifs,)``, once all hits were taken."""
        return self._n_windows * _chances(self._scanner, self._thresholds)

    def summary(self) -> Summary:
        """What it came to, once all hits were taken."""
        return Summary(
            self._passes.n_bases,
            self._passes.n_sequences,
            len(self._scanner.motifs),
            self._n_found,
            self._n_told,
            float(self.expected().sum()),
            self._warnings(),
        )

    def _warnings(self) -> list[str]:
        motifs = [self._scanner.motifs[i] for i in np.flatnonzero(self._n_windows == 0)]
        if not motifs:
            return self._out_of_reach
        names = listed([f"{shown(motif.name)} ({motif.width})" for motif in motifs])
        of_all = counted(len(self._scanner.motifs), "motif")
        return [
            f"{len(motifs):,} of {of_all} {verb(len(motifs), 'fits', 'fit')} into no sequence, of which none "
            f"has as many known bases in a row: {names}",
            *self._out_of_reach,
        ]

    def _counted(self, thresholds: np.ndarray) -> ScoreCounts:
        """How many hits had each score, of all that may have a q-value that is asked for."""
        if self._options.is_by_q_value_alone:
            thresholds = self._scanner.thresholds(p_value=self._options.max_q)
        counts = ScoreCounts(self._scanner, thresholds)
        for hits, part in self._scanned("count for q-values", thresholds):
            counts.add(hits, part.n_windows)
        return counts

    def _found(self, kept: Words | None) -> Iterator[Hits]:
        """All hits, by the sequences that they are in; their words are kept if asked."""
        for hits, part in self._scanned("scan", self._thresholds):
            self._n_windows += part.n_windows
            self._n_found += hits.n
            if kept is not None:
                kept.keep(hits, part)
            yield hits

    def _scanned(self, name: str, thresholds: np.ndarray) -> Iterator[tuple[Hits, Scanned]]:
        """One pass: hits by sequence, beside the parts that they are of."""
        rate = float(_chances(self._scanner, thresholds) @ np.bincount(self._scanner.motif_of))
        size = int(np.clip(_MOST_HITS / max(rate, 1 / SIZE), _SMALLEST, SIZE))
        with self._passes.one(name, size) as stretches:
            if self._options.circular:
                for part in scan_stream(self._scanner, circles(stretches), thresholds, circular=True):
                    yield part.hits, part
            else:
                layout = Layout()
                for part in scan_stream(self._scanner, layout.pieces(stretches), thresholds):
                    yield layout.located(part), part

    def _resolved(self, parts: Iterable[Hits]) -> Iterable[Hits]:
        """The hits that are asked for."""
        if self._options.best:
            parts = best_in_stream(parts)
        how = Overlaps(self._options.overlaps)
        if how != Overlaps.ALL:
            parts = without_overlaps_in_stream(parts, how, across_motifs=self._options.across_motifs)
        return parts

    def _told(self, parts: Iterable[Hits], kept: Words | None) -> Iterator[Told]:
        """Hits in the contigs, in order."""
        if isinstance(self._source, RegionInput) and not self._source.in_order:
            return in_order_of_genome(
                (self._with_all(part, kept), self._source.reached(part)) for part in parts if part.n
            )
        return (self._with_all(part, kept) for part in parts)

    def _with_all(self, hits: Hits, kept: Words | None) -> Told:
        q_value = np.full(hits.n, np.nan) if self._counts is None else self._counts.q_values(hits)
        word = no_words(hits) if kept is None else kept.taken(hits)
        return Told.of(self._source.placed(hits), q_value, word)


def scan(
    motifs: str | Path,
    targets: Paths,
    output: str | Path,
    config: ScanConfig | None = None,
    *,
    format: str | None = None,
    index: bool = False,
    page: Path | None = None,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Summary:
    """Find where motifs score enough in sequences or a genome, and write a file of hits.

    Parameters
    ----------
    motifs : str or Path
        A motif file of any known format, a run folder, or ``jaspar``.
    targets : path or sequence of path
        FASTA files, or BED and narrowPeak files.
    output : str or Path
        The file of hits; one that is there is replaced.
    config : ScanConfig, optional
        All options; the defaults of the command line if not given.
    format : str, optional
        Name in :data:`~motifnet.io.hit_formats.HIT_FORMATS`, where the ending of the output does not tell it.
    index : bool
        Write a tabix index beside an output that ends in ``.gz``.
    page : Path, optional
        Where a page of pictures is written to.
    command : sequence of str
        The command line, for the page.
    progress : Progress, optional
        Told what is going on.

    Returns
    -------
    Summary
        What it came to.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> how = SimulateConfig().with_options("simulation", motif=("TGASTCAC:0.7",), n_targets=50)
    >>> made = motifnet.simulate("made", how)
    >>> found = motifnet.scan("made/motifs.meme", "made/targets.fa", "hits.bed")
    >>> found.n_sequences, found.n_told == len(Path("hits.bed").read_text().splitlines())
    (50, True)
    """
    motifs, targets, output = Path(motifs), paths_of(targets), Path(output)
    check_apart(output, [motifs, *targets, *(path for _, path in (config or ScanConfig()).files())])
    name = format or hit_format_of(output)
    check_indexable(output, index=index)
    kind = HIT_FORMATS[name]
    with open_scan(
        motifs, targets, config or ScanConfig(), with_q_values=kind.has_q_values, progress=progress
    ) as ready:
        hits, counts = ready.hits(words=kind.has_words), HitCounts()
        write_hits(output, hits if page is None else counts.passed(hits), name, index=index)
    summary = ready.summary()
    if page is not None:
        _write_page(page, output, ready, counts, summary, page_record(command, config or ScanConfig()))
    return summary


def _write_page(
    page: Path, output: Path, ready: Scan, counts: HitCounts, summary: Summary, record: dict[str, object]
) -> None:
    from motifnet.report.pages.hits import HitResult, render_hits  # which most scans do without

    result = HitResult(
        output.name,
        ready.motifs,
        counts,
        ready.expected(),
        summary.n_bases,
        summary.n_sequences,
        summary.n_found,
        summary.warnings,
        record,
    )
    write_text(page, render_hits(result, files_beside(page, [output])))


@contextmanager
def open_scan(
    motifs: Path,
    targets: Sequence[Path],
    config: ScanConfig,
    *,
    with_q_values: bool = False,
    progress: Progress | None = None,
) -> Iterator[Scan]:
    """Make a scan ready, for as long as the context lasts.

    Parameters
    ----------
    motifs : Path
        A motif file of any known format, a run folder, or ``jaspar``.
    targets : sequence of Path
        FASTA files, or BED and narrowPeak files.
    config : ScanConfig
        All options.
    with_q_values : bool
        Whether hits are to have q-values.
    progress : Progress, optional
        Told what is going on.

    Yields
    ------
    Scan
        Ready to give hits, as often as they are asked for.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> how = SimulateConfig().with_options("simulation", motif=("TGASTCAC:0.7",), n_targets=50)
    >>> made = motifnet.simulate("planted", how)
    >>> with open_scan(Path("planted/motifs.meme"), [Path("planted/targets.fa")], ScanConfig()) as ready:
    ...     first = next(ready.hits())
    >>> first.contig, first.name
    ('target1', 'TGASTCAC')
    """
    progress, options, reading = progress or Silent(), config.scanning, config.reading
    config.sliding.tell_idle(since="no network is slid along without --network")
    _tell_idle(options)
    use_threads(options.threads)
    file = motif_file(motifs)
    known = load_database(file).motifs
    strand = strand_for(options.strand, known, motifs, targets)
    config = config.with_options("scanning", strand=strand)
    options = config.scanning
    with opened(reading.genome) as genome:
        source = open_input(targets, config, genome)
        passes = Passes(source, progress)
        background = _background(config, known, passes)
        most_p = _most_p(options)
        _check_memory(known, background, most_p)
        scanner = Scanner(
            known,
            background,
            strand=strand,
            pseudocount=options.pseudocount,
            most_p=most_p,
            progress=progress,
        )
        yield Scan(scanner, source, options, passes, with_q_values=with_q_values)


def _most_p(options: ScanOptions) -> float:
    """The largest p-value that a hit, or one that its q-value depends on, may have."""
    if options.max_q is not None and options.is_by_q_value_alone:
        return options.max_q
    return 1.0 if options.largest_p_value is None else options.largest_p_value


def _check_memory(motifs: Sequence[Motif], background: Background, most_p: float) -> None:
    """Refuse motifs whose p-values do not fit: one for each score that is rare enough, on each strand."""
    share = _RARE if most_p <= _RARE_P else 1.0
    n_scores = sum(motif.width for motif in motifs) * STEPS * share * (2 if background.order else 1)
    hint = "scan with parts of them, or ask for a smaller --max-p"
    check_memory(f"scanning with {len(motifs):,} motifs", n_scores * np.dtype(np.float64).itemsize, hint)


def _tell_idle(options: ScanOptions) -> None:
    """Warn of options that others leave without effect."""
    if not is_learnt(options.background):
        options.tell_idle("background_order", since=f"the background {options.background!r} is not learnt")
    if options.best and not options.across_motifs:
        options.tell_idle("overlaps", since="--best tells one hit of a motif in a sequence")
    if options.overlaps == "all":
        options.tell_idle("across_motifs", since="hits that overlap are all told (--overlaps)")


def _background(config: ScanConfig, motifs: Sequence[Motif], passes: Passes) -> Background:
    """The background that is asked for."""
    name, strand = config.scanning.background, config.scanning.strand
    both = strand.reads_both
    if name == "motifs":
        return of_shares(motifs[0].background, strand_symmetric=both)
    if not is_learnt(name):
        return background_named(name, strand_symmetric=both)
    if name != "sequences":
        passes = passes.of(_background_input(config))
    with passes.one("background") as stretches:
        pieces = Layout().pieces(stretches)
        return background_of(pieces, config.scanning.background_order, strand_symmetric=both)


def _background_input(config: ScanConfig) -> FastaInput:
    """The genome, or another file of sequences, that the background is learnt from."""
    if config.scanning.background != "genome":
        return FastaInput([Path(config.scanning.background)], config.reading)
    if config.reading.genome is None:
        raise InvalidValue("background", "genome", "'sequences' without --genome")
    return FastaInput([config.reading.genome], config.reading)


def _thresholds(scanner: Scanner, options: ScanOptions) -> np.ndarray:
    """The least score of a hit by p-value and score, on each strand of each motif."""
    least = np.zeros(len(scanner.motif_of), np.int64)
    if options.largest_p_value is not None:
        least = scanner.thresholds(p_value=options.largest_p_value)
    if options.min_score is not None:
        least = np.maximum(least, scanner.thresholds(score=options.min_score))
    return least


def _out_of_reach(scanner: Scanner, options: ScanOptions) -> list[str]:
    """What to say of motifs whose best word, on whichever strand, is not good enough for a hit."""
    told = []
    n = len(scanner.motifs)
    if options.largest_p_value is not None:
        least = np.full(n, np.inf)
        np.minimum.at(least, scanner.motif_of, [one.least_p_value for one in scanner.distributions])
        beyond = np.flatnonzero(least > options.largest_p_value)
        limit = f"a p-value of {options.largest_p_value:g} or less"
        told += told_out_of_reach([scanner.motifs[i] for i in beyond], least[beyond].tolist(), limit, n)
    if options.min_score is not None:
        best = np.array([float(scores.bits(scores.steps.max(0).sum())) for scores in scanner.scores])
        beyond = np.flatnonzero(
            [one.at_least(options.min_score) > one.steps.max(0).sum() for one in scanner.scores]
        )
        limit = f"a score of {options.min_score:g} bits or more"
        told += told_out_of_reach([scanner.motifs[i] for i in beyond], best[beyond].tolist(), limit, n)
    return told


def _chances(scanner: Scanner, thresholds: np.ndarray) -> np.ndarray:
    """The chance that a random window is a hit, mean over strands, ``shape=(n_motifs,)``."""
    known = zip(scanner.distributions, thresholds.tolist(), strict=True)
    chances = [float(distribution.p_value(np.array(max(least, 0)))) for distribution, least in known]
    return np.bincount(scanner.motif_of, chances) / np.bincount(scanner.motif_of)
