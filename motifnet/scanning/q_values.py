"""q-values from counts of scores, so that memory grows with the motifs and not with their hits."""

from __future__ import annotations

import numpy as np

from motifnet.scanning.hits import Hits
from motifnet.scanning.scanner import Scanner


class ScoreCounts:
    """How many hits had each score, and the q-values that follow (Benjamini & Hochberg 1995).

    Each motif is a family of tests, of which every window on every strand is one. With ``m``
    windows, of which ``r(p)`` have a p-value of ``p`` or less, the q-value of a hit is

    ``q(p) = min over p' >= p of m p' / r(p')``, with ``p'`` the p-values that occur.

    Only scores at or above the thresholds are counted. What scores less could make a q-value
    smaller, but none that is less than the p-value of the threshold: since ``r <= m``, a
    ``p'`` above that gives more. So **every hit with a q-value of at most ``q`` is found, with its
    right q-value, if the threshold is a p-value of ``q``**.

    Parameters
    ----------
    scanner : Scanner
    thresholds : numpy.ndarray of int, shape=(n_looked_for,)
        What the hits that are counted score at least.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> from motifnet.scanning.stream import pieces_of, scan_stream
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> scanner = Scanner([gata], Background.from_gc(0.5))
    >>> thresholds = scanner.thresholds(p_value=0.01)
    >>> counts = ScoreCounts(scanner, thresholds)
    >>> for part in scan_stream(scanner, pieces_of(Sequences.from_text(["CCGATACC"])), thresholds):
    ...     counts.add(part.hits, part.n_windows)
    ...     counts.q_values(part.hits).round(3).tolist()
    [0.039]
    """

    def __init__(self, scanner: Scanner, thresholds: np.ndarray) -> None:
        self._scanner = scanner
        self._least = np.maximum(thresholds, 0)
        sizes = [
            max(known.n_scores - t, 0) for known, t in zip(scanner.distributions, self._least, strict=True)
        ]
        self._counts = [np.zeros(size, np.int64) for size in sizes]
        self.n_windows = np.zeros(len(scanner.motifs), np.int64)

    def add(self, hits: Hits, n_windows: np.ndarray) -> None:
        """Count hits.

        Parameters
        ----------
        hits : Hits
            All hits in some more of the sequences.
        n_windows : numpy.ndarray of int64, shape=(n_motifs,)
            How many windows were looked at there: see :meth:`Scanner.n_windows`.
        """
        self.n_windows += n_windows
        column = self._scanner.column(hits.motif, hits.reverse)
        for i in np.unique(column):
            score = hits.steps[column == i] - self._least[i]
            self._counts[i] += np.bincount(score, minlength=len(self._counts[i]))

    def q_values(self, hits: Hits) -> np.ndarray:
        """The q-value of each hit, among all that were counted, ``shape=(n,)``."""
        found = np.empty(hits.n)
        for motif in np.unique(hits.motif):
            here = np.flatnonzero(hits.motif == motif)
            p_value, q_value = self._of_motif(int(motif))
            found[here] = q_value[np.searchsorted(p_value, hits.p_value[here])]
        return found

    def thresholds(self, q_value: float) -> np.ndarray:
        """The least score of a hit with at most that q-value, of each motif on each strand.

        Those of a second scan, which then finds these hits and no others.

        Parameters
        ----------
        q_value : float
            At most the p-value of the thresholds that hits were counted at.
        """
        largest = np.zeros(len(self._scanner.motifs))
        for motif in range(len(largest)):
            p_values, q_values = self._of_motif(motif)
            largest[motif] = p_values[q_values <= q_value].max(initial=0.0)
        known = zip(self._scanner.distributions, self._scanner.motif_of, strict=True)
        return np.array([one.threshold(largest[motif]) for one, motif in known], np.int64)

    def _of_motif(self, motif: int) -> tuple[np.ndarray, np.ndarray]:
        """The p-values that occurred, rising, and the q-value of each."""
        columns = np.flatnonzero(self._scanner.motif_of == motif)
        occurred = [np.flatnonzero(self._counts[i]) for i in columns]
        p_value = np.concatenate(
            [
                self._scanner.distributions[i].p_value(self._least[i] + some)
                for i, some in zip(columns, occurred, strict=True)
            ]
        )
        counts = np.concatenate([self._counts[i][some] for i, some in zip(columns, occurred, strict=True)])
        p_value, which = np.unique(p_value, return_inverse=True)
        rank = np.cumsum(np.bincount(which, counts, len(p_value)))
        ratio = np.minimum(p_value * self.n_windows[motif] / rank, 1.0)
        return p_value, np.minimum.accumulate(ratio[::-1])[::-1]
