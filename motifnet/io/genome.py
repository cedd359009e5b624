"""A genome on the disk, of which windows are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from motifnet.errors import FastaFormatError, InvalidValue, UnknownName
from motifnet.io.genome_index import open_genome
from motifnet.io.text import reading
from motifnet.symbols import DNA, Interval, Sequences

_PIECE = 1 << 22  # bases read or encoded at once
_SEEK = 10_000  # bases that are read on in the time of one seek, about; 2,000 in plain text


class Genome:
    """Contigs of a FASTA file, read through an index.

    The index is made beside the file if that folder can be written to, and in a cache folder
    otherwise. A genome in plain gzip, which nothing can seek in, is unpacked once into the
    cache folder; bgzip is read as it is. The cache lies in ``$XDG_CACHE_HOME/motifnet``
    (by default ``~/.cache/motifnet``), or in the folder for temporary files.

    Parameters
    ----------
    path : str or Path
        FASTA, plain, bgzip or gzip.

    Attributes
    ----------
    contigs : dict of str to int
        Length of each contig in bases, in the order of the file.

    Raises
    ------
    MissingFile
        If there is no such file.
    FastaFormatError
        If it cannot be indexed.

    Examples
    --------
    >>> import tempfile
    >>> from motifnet.symbols import Interval
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "genome.fa")
    ...     _ = path.write_text(">chr1\\nAACCGGTTT\\n")
    ...     with Genome(path) as genome:
    ...         windows = genome.fetch([Interval("chr1", 0, 3), Interval("chr1", 6, 9, "-")])
    >>> genome.contigs, windows.text(0), windows.text(1)
    ({'chr1': 9}, 'AAC', 'AAA')
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._fasta = open_genome(self.path)
        self.contigs: dict[str, int] = {name: entry.length for name, entry in self._fasta.entries.items()}
        self._cached: tuple[str, np.ndarray] | None = None
        self._cached_codes: tuple[str, np.ndarray] | None = None

    def __enter__(self) -> Genome:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, and forget what was read."""
        self._fasta.close()
        self._cached = self._cached_codes = None

    def codes(self, chrom: str) -> np.ndarray:
        """Codes of a whole contig, ``shape=(length,)``, read-only; the last one asked for is kept.

        Raises
        ------
        UnknownName
            If there is no such contig.
        """
        if self._cached_codes is None or self._cached_codes[0] != chrom:
            self._cached_codes = None  # frees the last contig before the next is read
            self._cached_codes = chrom, self._encoded(self._letters(chrom), mask_lowercase=False)
            self._cached_codes[1].flags.writeable = False
        return self._cached_codes[1]

    def lowercase(self, chrom: str) -> np.ndarray:
        """Whether each base of a contig is soft-masked, ``shape=(length,)`` of bool.

        Raises
        ------
        UnknownName
            If there is no such contig.
        """
        letters = self._letters(chrom)
        return (letters >= ord("a")) & (letters <= ord("z"))

    def fetch(self, intervals: Sequence[Interval], *, mask_lowercase: bool = False) -> Sequences:
        """The sequences of intervals, in the order given.

        Parameters
        ----------
        intervals : sequence of Interval
            Those on the strand ``-`` are reverse-complemented.
        mask_lowercase : bool
            Read soft-masked (lower-case) bases as unknown.

        Returns
        -------
        Sequences
            Named by their coordinates, such as ``chr1:100-200``.

        Raises
        ------
        UnknownName
            If a contig is not in the genome.
        InvalidValue
            If an interval reaches beyond its contig.
        """
        offsets = np.zeros(len(intervals) + 1, np.int64)
        np.cumsum([where.length for where in intervals], out=offsets[1:])
        letters = np.empty(offsets[-1], np.uint8)
        for index, piece in self._pieces(intervals):
            letters[offsets[index] : offsets[index + 1]] = piece
        codes = self._encoded(letters, mask_lowercase=mask_lowercase)
        # The pieces of the other strand came in reversed, so that their bases remain to be complemented.
        other = np.repeat([where.strand == "-" for where in intervals], np.diff(offsets)).astype(bool)
        codes[other] = DNA.complement(codes[other])
        return Sequences(codes, offsets, [str(where) for where in intervals], list(intervals))

    def stretch(self, chrom: str, start: int, end: int, *, mask_lowercase: bool = False) -> np.ndarray:
        """Codes of a stretch of a contig, ``shape=(end - start,)``, of which nothing is kept.

        Parameters
        ----------
        chrom : str
        start, end : int
            Within the contig. A bgzip file is read fast if it is not many millions of bases.
        mask_lowercase : bool
            Read soft-masked (lower-case) bases as unknown.
        """
        return self._encoded(self._read_slice(chrom, slice(start, end)), mask_lowercase=mask_lowercase)

    def _pieces(self, intervals: Sequence[Interval]) -> Iterator[tuple[int, np.ndarray]]:
        """Letters of each interval with its index, contig by contig; reversed on the strand ``-``."""
        by_contig: dict[str, list[int]] = defaultdict(list)
        for index, where in enumerate(intervals):
            by_contig[where.chrom].append(index)
        for chrom, indices in by_contig.items():
            length = self._length(chrom)
            whole = len(indices) * _SEEK > length
            read = self._letters(chrom).__getitem__ if whole else partial(self._read_slice, chrom)
            for index in indices:
                where = intervals[index]
                if not 0 <= where.start <= where.end <= length:
                    raise InvalidValue(
                        "interval", str(where), f"a stretch of {chrom}, which has {length} bases"
                    )
                piece = read(slice(where.start, where.end))
                yield index, piece[::-1] if where.strand == "-" else piece

    def _length(self, chrom: str) -> int:
        if chrom not in self.contigs:
            raise UnknownName(f"contig of {self.path}", chrom, list(self.contigs)[:20])
        return self.contigs[chrom]

    def _letters(self, chrom: str) -> np.ndarray:
        """Letters of a whole contig as bytes, ``shape=(length,)``; the last one asked for is kept."""
        if self._cached is None or self._cached[0] != chrom:
            self._cached = None  # frees the last contig before the next is read
            letters = np.empty(self._length(chrom), np.uint8)
            # In pieces, which bounds the memory for bytes that are no letters.
            for start in range(0, len(letters), _PIECE):
                piece = slice(start, min(start + _PIECE, len(letters)))
                letters[piece] = self._read_slice(chrom, piece)
            self._cached = chrom, letters
        return self._cached[1]

    def _read_slice(self, chrom: str, piece: slice) -> np.ndarray:
        with reading(self.path, FastaFormatError):
            letters = self._fasta.letters(chrom, piece.start, piece.stop)
        if len(letters) != piece.stop - piece.start:
            raise FastaFormatError(
                self.path, f"has lines of other lengths in {chrom} than its index has; remove the .fai file"
            )
        return letters

    def _encoded(self, letters: np.ndarray, *, mask_lowercase: bool) -> np.ndarray:
        """Codes of letters, in pieces, which bounds the memory for intermediate results."""
        codes = np.empty(len(letters), np.uint8)
        for start in range(0, len(letters), _PIECE):
            piece = slice(start, start + _PIECE)
            codes[piece] = DNA.encode(letters[piece].tobytes(), mask_lowercase=mask_lowercase)
            foreign = DNA.foreign(codes[piece])
            if len(foreign):
                letter = chr(letters[piece][foreign[0]])
                raise FastaFormatError(
                    self.path, f"has the letter {letter!r} in a sequence; expected DNA or RNA"
                )
        return codes


@contextmanager
def opened(path: Path | None) -> Iterator[Genome | None]:
    """A genome, for as long as the context lasts; ``None`` where none was given.

    Parameters
    ----------
    path : Path or None
        FASTA.

    Examples
    --------
    >>> with opened(None) as genome:
    ...     genome is None
    True
    """
    if path is None:
        yield None
        return
    with Genome(path) as genome:
        yield genome
