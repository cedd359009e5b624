"""Windows of a genome around peaks, and the target sequences of any input file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from motifnet.config.reading import ReadingOptions
from motifnet.errors import BedFormatError, UnknownContig
from motifnet.io.bed import Peak, bed_columns, is_content, read_bed, stream_bed
from motifnet.io.fasta import read_fasta
from motifnet.io.genome import Genome
from motifnet.io.skipped import Skipped
from motifnet.io.text import numbered_lines
from motifnet.symbols import Interval, Sequences

_BED_SUFFIXES = (".bed", ".narrowpeak", ".broadpeak")


class PeakWindow(NamedTuple):
    """A peak, and the stretch of the genome that is read for it."""

    peak: Peak
    place: Interval

    @property
    def name(self) -> str:
        """The name of the peak, or its place if it has none."""
        return self.peak.name or self.place.region


def windows(peaks: Sequence[Peak], genome: Genome, *, window: int, skipped: Skipped) -> list[PeakWindow]:
    """The stretch of the genome to read for each peak.

    A peak that ends behind its contig is clipped, and one that the genome does not have is left out; both
    are counted. So is a window that reaches past the end of its contig because it is wider than its peak,
    and is clipped.

    Parameters
    ----------
    peaks : sequence of Peak
    genome : Genome
    window : int
        Bases around the summit, or around the centre of a peak without one; 0 keeps peaks as
        they are.
    skipped : Skipped
        Of the file that the peaks are from.

    Returns
    -------
    list of PeakWindow
        In the order of the peaks, with their strands.
    """
    placed = []
    for peak in peaks:
        within = _within(peak, genome, skipped)
        if within is not None:
            wanted = _widened(within, window)
            clipped = _clipped(wanted, genome.contigs[wanted.chrom])
            if clipped != wanted:
                skipped.noted("windows are clipped at the end of their contig")
            placed.append(PeakWindow(within, clipped))
    return placed


def read_targets(path: str | Path, options: ReadingOptions, genome: Genome | None = None) -> Sequences:
    """The sequences of a FASTA file, or of the peaks of a BED or narrowPeak file.

    Which of both it is, the content says.

    Parameters
    ----------
    path : str or Path
    options : ReadingOptions
    genome : Genome, optional
        What the peaks refer to.

    Raises
    ------
    MissingFile
        If there is no such file.
    FastaFormatError, BedFormatError
        If it, or too much of it, does not follow its format or fit the genome; or for peaks without a genome.
    UnknownContig
        If the genome does not have the contig of the only peak that is wrong.
    """
    if not holds_peaks(path):
        return read_fasta(
            path,
            mask_lowercase=options.mask_lowercase,
            degap=options.degap,
        )
    if genome is None:
        read_bed(path, max_skipped=options.max_skipped)  # which says first what is wrong with the file itself
        raise BedFormatError(
            path, "holds intervals, not sequences; give the genome they refer to with --genome"
        )
    skipped = Skipped(path, BedFormatError, largest_share=options.max_skipped)
    placed = windows(list(stream_bed(path, skipped)), genome, window=options.window, skipped=skipped)
    skipped.finish()
    fetched = genome.fetch([each.place for each in placed], mask_lowercase=options.mask_lowercase)
    return replace(fetched, names=[each.name for each in placed])


def holds_peaks(path: str | Path) -> bool:
    """Whether a file is BED or narrowPeak, rather than FASTA.

    The first line with content decides: ``>`` begins FASTA, three columns make BED. Where
    neither is there, the name decides which reader is to say what is wrong.
    """
    with closing(numbered_lines(path, "input file")) as lines:
        first = next((text for _, text in lines if is_content(text)), "")
    if first.lstrip().startswith(">"):
        return False
    named_bed = Path(path).name.lower().removesuffix(".gz").endswith(_BED_SUFFIXES)
    return named_bed or len(bed_columns(first)) >= 3


def tell_idle_reading(reading: ReadingOptions, files: Sequence[Path], beds: Sequence[Path] = ()) -> None:
    """Warn of options of reading that are of another kind of file than all that are read.

    Parameters
    ----------
    reading : ReadingOptions
    files : sequence of Path
        FASTA, or peaks.
    beds : sequence of Path
        Files of intervals that are no peaks.
    """
    peaks = [holds_peaks(path) for path in files]
    if not any(peaks):
        reading.tell_idle("window", since="it is of peaks, and all input is FASTA")
        if not beds:
            reading.tell_idle("max_skipped", since="it is of lines of BED, and all input is FASTA")
    if all(peaks):
        reading.tell_idle("degap", since="it is of sequences in FASTA, and all input is BED")


def _within(peak: Peak, genome: Genome, skipped: Skipped) -> Peak | None:
    """The part of a peak that lies in the genome; None if there is none."""
    chrom, start, end, _ = peak.interval
    if chrom not in genome.contigs:
        skipped.left_out(UnknownContig(skipped.path, peak.line, chrom, genome.path, list(genome.contigs)))
        return None
    length = genome.contigs[chrom]
    if end <= length:
        return peak
    size = f"but {chrom} has {length} bases in {genome.path}"
    if start >= length:
        skipped.left_out(BedFormatError(skipped.path, f"the interval begins at {start}, {size}", peak.line))
        return None
    skipped.mended(
        BedFormatError(skipped.path, f"the interval ends at {end}, {size}; it is clipped", peak.line)
    )
    summit = peak.summit if peak.summit is None or start + peak.summit < length else None
    return peak._replace(interval=peak.interval._replace(end=length), summit=summit)


def _widened(peak: Peak, window: int) -> Interval:
    chrom, start, end, strand = peak.interval
    if window == 0:
        return peak.interval
    centre = (start + end) // 2 if peak.summit is None else start + peak.summit
    begin = centre - window // 2
    return Interval(chrom, begin, begin + window, strand)


def _clipped(where: Interval, length: int) -> Interval:
    return where._replace(start=max(where.start, 0), end=min(where.end, length))
