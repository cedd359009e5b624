"""Scanning what does not fit in memory: pieces of sequences, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from motifnet.scanning.hits import Hits
from motifnet.scanning.scanner import Scanner
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background, word_counts
from motifnet.symbols.given import Given, as_sequences

SIZE = 1 << 22
"""Bases of a piece, unless told otherwise: four megabytes of codes, whatever the length of a contig."""


class Piece(NamedTuple):
    """The next stretch of a sequence.

    Parameters
    ----------
    sequence : int
        Number of the sequence. Its pieces come in order and whole, before those of the next.
    codes : numpy.ndarray of uint8, shape=(length,)
    is_last : bool
        Whether the sequence ends here.

    Examples
    --------
    >>> Piece(0, np.array([0, 1, 2], np.uint8), is_last=True).codes.tolist()
    [0, 1, 2]
    """

    sequence: int
    codes: np.ndarray
    is_last: bool


class Scanned(NamedTuple):
    """What was found in a piece, and in how many windows.

    Parameters
    ----------
    hits : Hits
    n_windows : numpy.ndarray of int64, shape=(n_motifs,)
        Windows of known bases, on all strands: what :class:`~motifnet.scanning.q_values.ScoreCounts` adds up.
    codes : numpy.ndarray of uint8, shape=(length,)
        The bases that the hits are in.
    start : int
        Where the first of these lies in the sequence.
    """

    hits: Hits
    n_windows: np.ndarray
    codes: np.ndarray
    start: int


def pieces_of(sequences: Given, size: int = SIZE) -> Iterator[Piece]:
    """Sequences in memory, in pieces of at most so many bases.

    Parameters
    ----------
    sequences : Sequences
    size : int
        Bases of a piece at most.

    Yields
    ------
    Piece
        One at least of each sequence.

    Examples
    --------
    >>> two = Sequences.from_text(["ACGTA", "GG"])
    >>> [(piece.sequence, piece.codes.tolist(), piece.is_last) for piece in pieces_of(two, 3)]
    [(0, [0, 1, 2], False), (0, [3, 0], True), (1, [2, 2], True)]
    """
    sequences = as_sequences(sequences)
    for number in range(len(sequences)):
        codes = sequences[number]
        starts = range(0, max(len(codes), 1), size)
        for start in starts:
            yield Piece(number, codes[start : start + size], start == starts[-1])


def background_of(pieces: Iterable[Piece], order: int = 0, *, strand_symmetric: bool = True) -> Background:
    """The background of sequences that come in pieces, the same as that of the whole.

    Parameters
    ----------
    pieces : iterable of Piece
    order : int
        How many bases before a base matter to it.
    strand_symmetric : bool
        Count both strands.

    Returns
    -------
    Background
        Of that order.

    Examples
    --------
    >>> sequences = Sequences.from_text(["ACGTTGCAAC"])
    >>> background_of(pieces_of(sequences, 3), 1).transitions.round(2).tolist()[0]
    [0.33, 0.44, 0.11, 0.11]
    """
    words, bases = np.zeros(4 ** (order + 1), np.int64), np.zeros(4, np.int64)
    for stretch in _stretches(pieces, order, circular=False):
        words += word_counts(Sequences.from_codes([stretch.codes]), order + 1)
        bases += word_counts(Sequences.from_codes([stretch.codes[: stretch.n_starts]]), 1)
    return Background.from_counts(words, bases, strand_symmetric=strand_symmetric)


def scan_stream(
    scanner: Scanner, pieces: Iterable[Piece], thresholds: np.ndarray, *, circular: bool = False
) -> Iterator[Scanned]:
    """The hits in sequences that come in pieces: those of the whole, in order, wherever it is cut.

    Parameters
    ----------
    scanner : Scanner
    pieces : iterable of Piece
        Only one is held, and as many bases of the one before as the widest motif has.
    thresholds : numpy.ndarray of int, shape=(n_looked_for,)
        From :meth:`Scanner.thresholds`.
    circular : bool
        Sequences go on at their beginning: a hit may end beyond the end, but is never longer than
        the sequence.

    Yields
    ------
    Scanned
        For every piece.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> scanner = Scanner([gata], Background.from_gc(0.5))
    >>> thresholds = scanner.thresholds(p_value=0.01)
    >>> two = Sequences.from_text(["CCGATACC", "TTATCNGATA"])
    >>> parts = scan_stream(scanner, pieces_of(two, 4), thresholds)
    >>> [(number, start) for part in parts for number, start in zip(part.hits.sequence, part.hits.start)] == [
    ...     (0, 2), (1, 1), (1, 6),
    ... ]
    True
    """
    matrices = scanner.prepared(thresholds)
    for stretch in _stretches(pieces, max(scanner.longest - 1, 0), circular=circular):
        offsets = np.array([0, len(stretch.codes)])
        hits = scanner.hits(matrices.scan(stretch.codes, offsets), offsets)
        hits = hits.select((hits.start < stretch.n_starts) & (hits.end - hits.start <= stretch.length))
        n_windows = scanner.n_windows(stretch.codes, offsets, before=stretch.n_starts)
        yield Scanned(
            hits._replace(
                sequence=hits.sequence + stretch.sequence,
                start=hits.start + stretch.start,
                end=hits.end + stretch.start,
            ),
            np.where(scanner.widths <= stretch.length, n_windows, 0),
            stretch.codes,
            stretch.start,
        )


class _Stretch(NamedTuple):
    """Codes that lie together: what was held back of the last piece, a piece, and perhaps what comes next.

    Parameters
    ----------
    sequence, start : int
        Where the first code lies.
    codes : numpy.ndarray of uint8
    n_starts : int
        Windows begin at the first so many codes; those at the others come with the next piece.
    length : int
        Bases of the sequence up to the end of the piece.
    """

    sequence: int
    start: int
    codes: np.ndarray
    n_starts: int
    length: int


def _stretches(pieces: Iterable[Piece], overlap: int, *, circular: bool) -> Iterator[_Stretch]:
    """Pieces, each with the last ``overlap`` bases before it, and those after the end of a circle."""
    nothing = np.empty(0, np.uint8)
    start, held, head = 0, nothing, nothing
    for piece in pieces:
        codes = np.concatenate([held, piece.codes])
        length = start + len(codes)
        if circular and len(head) < overlap:
            head = np.concatenate([head, piece.codes])[:overlap]
        if piece.is_last:
            around = np.concatenate([codes, head]) if circular else codes
            yield _Stretch(piece.sequence, start, around, len(codes), length)
            start, held, head = 0, nothing, nothing
        else:
            n_starts = max(len(codes) - overlap, 0)
            yield _Stretch(piece.sequence, start, codes, n_starts, length)
            start, held = start + n_starts, codes[n_starts:]
