"""Motifs along sequences: where they score enough, how likely that is by chance, and what to keep.

A :class:`~motifnet.scanning.scanner.Scanner` holds motifs whose scores are in whole steps, the
exact distribution of each, and thresholds; it gives the :class:`~motifnet.scanning.hits.Hits`
of sequences in memory, or of a genome that streams by (:mod:`motifnet.scanning.stream`). What
overlaps is resolved by :mod:`motifnet.scanning.overlaps`, the best of each sequence is chosen by
:mod:`motifnet.scanning.best_hits`, and q-values are from counts of scores
(:mod:`motifnet.scanning.q_values`), so that memory grows with neither the genome nor its hits.
"""

from motifnet.scanning.best_hits import best_in_stream, best_of_sequences
from motifnet.scanning.hits import Hits
from motifnet.scanning.layout import Layout, circles
from motifnet.scanning.overlaps import Overlaps, without_overlaps, without_overlaps_in_stream
from motifnet.scanning.q_values import ScoreCounts
from motifnet.scanning.scanner import Scanner
from motifnet.scanning.stream import Piece, Scanned, background_of, pieces_of, scan_stream

__all__ = [
    "Hits",
    "Layout",
    "Overlaps",
    "Piece",
    "Scanned",
    "Scanner",
    "ScoreCounts",
    "background_of",
    "best_in_stream",
    "best_of_sequences",
    "circles",
    "pieces_of",
    "scan_stream",
    "without_overlaps",
    "without_overlaps_in_stream",
]
