"""What is scanned: sequences of FASTA files, or regions of a genome; never whole in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from motifnet.config.reading import ReadingOptions
from motifnet.config.scan import ScanConfig
from motifnet.datasets.names import Names
from motifnet.datasets.regions import Regions, read_regions, stretches
from motifnet.datasets.windows import holds_peaks, tell_idle_reading
from motifnet.errors import BedFormatError, InvalidValue
from motifnet.io.fasta_stream import SIZE, Stretch, stream_fasta
from motifnet.io.genome import Genome
from motifnet.io.text import is_gzip
from motifnet.progress import Progress, Step
from motifnet.scanning import Hits

_MILLION = 1_000_000
_PACKED = 4  # bases in a byte of a compressed genome, about


class ScanInput(ABC):
    """Sequences that can be read again and again, a stretch at a time.

    Attributes
    ----------
    contigs : list of str
        Names that hits are told by, of what was read so far.
    in_order : bool
        Whether hits, once they are placed, come in order.
    """

    contigs: list[str]
    in_order: bool

    @abstractmethod
    def stretches(self, size: int) -> Iterator[Stretch]:
        """All sequences, from the beginning."""

    @abstractmethod
    def placed(self, hits: Hits) -> Hits:
        """Hits in the sequences as hits in the contigs."""

    @property
    @abstractmethod
    def n_bases(self) -> int:
        """How many bases there are, about."""


class FastaInput(ScanInput):
    """The sequences of FASTA files."""

    in_order = True

    def __init__(self, paths: Sequence[Path], reading: ReadingOptions) -> None:
        self._paths, self._reading = tuple(paths), reading
        self.contigs = []

    def stretches(self, size: int) -> Iterator[Stretch]:
        """All sequences, file by file."""
        self.contigs, names = [], Names()
        for path in self._paths:
            stretches = stream_fasta(
                path, size, mask_lowercase=self._reading.mask_lowercase, degap=self._reading.degap
            )
            for stretch in stretches:
                self.contigs += names.told_apart(stretch.names)
                yield stretch
        names.warn()

    def placed(self, hits: Hits) -> Hits:
        """The hits: sequences are contigs."""
        return hits

    @property
    def n_bases(self) -> int:
        """What the sizes of the files let expect."""
        return sum(path.stat().st_size * (_PACKED if is_gzip(path) else 1) for path in self._paths)


class RegionInput(ScanInput):
    """Regions of a genome.

    Parameters
    ----------
    genome : Genome
    regions : Regions
    in_genome : bool
        Whether hits are told in the genome, rather than in each region.
    merge : bool
        Whether regions that overlap are read, and scanned, once.
    mask_lowercase : bool
        Read soft-masked (lower-case) bases as unknown.
    """

    def __init__(
        self, genome: Genome, regions: Regions, *, in_genome: bool, merge: bool, mask_lowercase: bool = False
    ) -> None:
        self._genome, self._in_genome, self._mask_lowercase = genome, in_genome, mask_lowercase
        self._regions = regions.merged() if merge else regions.in_order()
        self.contigs = list(genome.contigs) if in_genome else self._regions.name.tolist()
        self.in_order = merge or not in_genome

    def stretches(self, size: int) -> Iterator[Stretch]:
        """All regions, in the order of the genome."""
        return stretches(self._genome, self._regions, size, mask_lowercase=self._mask_lowercase)

    def placed(self, hits: Hits) -> Hits:
        """The hits in the genome, if they are told there."""
        if not self._in_genome:
            return hits
        of_hit = self._regions.select(hits.sequence)
        return hits._replace(
            sequence=of_hit.contig.astype(np.int64),
            start=np.where(of_hit.reverse, of_hit.end - hits.end, of_hit.start + hits.start),
            end=np.where(of_hit.reverse, of_hit.end - hits.start, of_hit.start + hits.end),
            reverse=hits.reverse ^ of_hit.reverse,
        )

    def reached(self, hits: Hits) -> tuple[int, int]:
        """The contig and the start of the region of the last hit: later ones are not before it."""
        last = hits.sequence[-1]
        return int(self._regions.contig[last]), int(self._regions.start[last])

    @property
    def n_bases(self) -> int:
        """Bases in all regions."""
        return int((self._regions.end - self._regions.start).sum())


class Passes:
    """Passes over an input, of which progress is told.

    Attributes
    ----------
    n_bases, n_sequences : int
        What the last whole pass met.
    """

    def __init__(self, source: ScanInput, progress: Progress) -> None:
        self._source, self._progress = source, progress
        self.n_bases = self.n_sequences = 0

    def of(self, source: ScanInput) -> Passes:
        """Passes over another input."""
        return Passes(source, self._progress)

    @contextmanager
    def one(self, name: str, size: int = SIZE) -> Iterator[Iterator[Stretch]]:
        """All stretches, while progress is told."""
        n_millions = max(1, (self.n_bases or self._source.n_bases) // _MILLION)
        told = name if n_millions == 1 else f"{name}, Mb"
        with self._progress.stage(told, n_millions) as stage:
            yield self._counted(self._source.stretches(size), stage, n_millions)

    def _counted(self, stretches: Iterable[Stretch], stage: Step, n_millions: int) -> Iterator[Stretch]:
        n_bases = n_sequences = n_told = 0
        for stretch in stretches:
            n_sequences += len(stretch.begins)
            n_bases += len(stretch.codes) - len(stretch.begins)
            yield stretch
            # How many there are was a guess at first.
            while n_told < min(n_bases // _MILLION, n_millions):
                stage.advance()
                n_told += 1
        for _ in range(n_told, n_millions):
            stage.advance()
        self.n_bases, self.n_sequences = n_bases, n_sequences


def open_input(targets: Sequence[Path], config: ScanConfig, genome: Genome | None) -> ScanInput:
    """What the targets hold: FASTA files, or BED and narrowPeak files with a genome.

    Parameters
    ----------
    targets : sequence of Path
        All of one kind.
    config : ScanConfig
        All options.
    genome : Genome, optional
        What intervals refer to.

    Raises
    ------
    InvalidValue
        If there are both kinds, or if intervals are to be circles.
    BedFormatError
        For intervals without a genome, or intervals that cannot be read.
    """
    peaks = [holds_peaks(path) for path in targets]
    # The genome that a background is of is read as FASTA, from end to end.
    read = config.reading.genome if config.scanning.background == "genome" else None
    tell_idle_reading(config.reading, [*targets, *([] if read is None else [read])])
    if not any(peaks):
        config.scanning.tell_idle("coordinates", since="hits in FASTA are told in its sequences")
        if config.scanning.background != "genome":
            config.reading.tell_idle("genome", since="all input is FASTA, and --background is not 'genome'")
        return FastaInput(targets, config.reading)
    if not all(peaks):
        raise InvalidValue("targets", ", ".join(map(str, targets)), "sequences or intervals, not both")
    if genome is None:
        raise BedFormatError(
            targets[0], "holds intervals, not sequences; give the genome they refer to with --genome"
        )
    return _of_peaks(targets, config, genome)


def _of_peaks(targets: Sequence[Path], config: ScanConfig, genome: Genome) -> RegionInput:
    """The regions of BED files, merged where each place of the genome is to be looked at once."""
    reading, scanning = config.reading, config.scanning
    in_genome = scanning.coordinates == "genome"
    if scanning.circular:
        raise InvalidValue("circular", value=True, expected="sequences rather than intervals")
    parts = [
        read_regions(
            path, genome, window=reading.window, named=not in_genome, max_skipped=reading.max_skipped
        )
        for path in targets
    ]
    regions = Regions(*map(np.concatenate, zip(*parts, strict=True)))
    if not in_genome:
        names = Names()
        regions = regions._replace(name=np.array(names.told_apart(regions.name.tolist()), object))
        names.warn()
    if in_genome and scanning.strand.reads_both:
        # Both strands are looked at anyway, and told by the strand of the genome.
        regions = regions._replace(reverse=np.zeros(regions.n, bool))
    merge = in_genome and not scanning.best and not regions.reverse.any()
    return RegionInput(
        genome, regions, in_genome=in_genome, merge=merge, mask_lowercase=reading.mask_lowercase
    )
