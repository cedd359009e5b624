"""Windows of a genome around peaks, and the target sequences of any input file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from motifnet.config import ReadingOptions
from motifnet.errors import BedFormatError, UnknownContig
from motifnet.io.bed import Peak, bed_columns, is_content, read_bed
from motifnet.io.fasta import read_fasta
from motifnet.io.genome import Genome
from motifnet.io.text import numbered_lines
from motifnet.symbols import Interval, Sequences

_log = logging.getLogger(__name__)
_BED_SUFFIXES = (".bed", ".narrowpeak", ".broadpeak")


def windows(peaks: Sequence[Peak], genome: Genome, *, window: int, path: str | Path) -> list[Interval]:
    """The stretch of the genome to read for each peak.

    A window that reaches past the end of its contig because it is wider than its peak is
    clipped to the contig; how many were is logged. A peak that itself does is an error.

    Parameters
    ----------
    peaks : sequence of Peak
    genome : Genome
    window : int
        Bases around the summit, or around the centre of a peak without one; 0 keeps peaks as
        they are.
    path : str or Path
        The file that the peaks are from, for the errors.

    Returns
    -------
    list of Interval
        In the order of the peaks, with their strands.

    Raises
    ------
    UnknownContig
        If the genome does not have the contig of a peak.
    BedFormatError
        If a peak reaches beyond its contig.
    """
    for peak in peaks:
        _check_place(peak, genome, path)
    wanted = [_widened(peak, window) for peak in peaks]
    clipped = [_clipped(where, genome.contigs[where.chrom]) for where in wanted]
    n_clipped = sum(before != after for before, after in zip(wanted, clipped, strict=True))
    if n_clipped:
        _log.warning(
            "%s: %d of %d windows are clipped at the end of their contig", path, n_clipped, len(peaks)
        )
    return clipped


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
        If it does not follow its format; or for peaks without a genome.
    UnknownContig
        If the genome does not have the contig of a peak.
    """
    if not holds_peaks(path):
        return read_fasta(path, mask_lowercase=options.mask_lowercase)
    peaks = read_bed(path)
    if genome is None:
        raise BedFormatError(
            path, "holds intervals, not sequences; give the genome they refer to with --genome"
        )
    places = windows(peaks, genome, window=options.window, path=path)
    fetched = genome.fetch(places, mask_lowercase=options.mask_lowercase)
    names = [peak.name or place.region for peak, place in zip(peaks, places, strict=True)]
    return replace(fetched, names=names)


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


def _check_place(peak: Peak, genome: Genome, path: str | Path) -> None:
    chrom, _, end, _ = peak.interval
    if chrom not in genome.contigs:
        raise UnknownContig(path, peak.line, chrom, genome.path, list(genome.contigs))
    length = genome.contigs[chrom]
    if end > length:
        raise BedFormatError(
            path, f"the interval ends at {end}, but {chrom} has {length} bases in {genome.path}", peak.line
        )


def _widened(peak: Peak, window: int) -> Interval:
    chrom, start, end, strand = peak.interval
    if window == 0:
        return peak.interval
    centre = (start + end) // 2 if peak.summit is None else start + peak.summit
    begin = centre - window // 2
    return Interval(chrom, begin, begin + window, strand)


def _clipped(where: Interval, length: int) -> Interval:
    return where._replace(start=max(where.start, 0), end=min(where.end, length))
