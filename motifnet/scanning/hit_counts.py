"""Where hits lie, told while they pass by: how many of each motif, and how dense along each contig."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from motifnet.io.hit_formats import PlacedHit

N_BINS = 200
"""Bins of the longest contig at most."""

MOST_BEST = 50
"""Hits of a motif that are kept."""

_FINEST = 10  # bases of a bin at first


class HitCounts:
    """Counts of hits by motif and by place, in memory that does not grow with their number.

    Attributes
    ----------
    n : int
        Hits.
    by_motif : collections.Counter
        Hits by the number of their motif.

    Examples
    --------
    >>> hits = [PlacedHit("chr1", at, at + 4, "GATA", "", "+", 7.5, 1e-4, 0.1, "", 0) for at in (0, 5, 7000)]
    >>> counts = HitCounts()
    >>> len(list(counts.passed(hits))), counts.n, counts.by_motif
    (3, 3, Counter({0: 3}))
    >>> counts.contigs(most=1), counts.length("chr1")
    (['chr1'], 7004)
    >>> width, density = counts.density("chr1", longest=7004)
    >>> int(width), density.nonzero()[0].tolist(), int(density.sum())
    (40, [0, 175], 3)
    """

    def __init__(self) -> None:
        self.n = 0
        self.by_motif: Counter[int] = Counter()
        self._width = _FINEST
        self._bins: dict[str, Counter[int]] = {}
        self._lengths: dict[str, int] = {}
        self._best: dict[int, list[tuple[float, int, PlacedHit]]] = {}

    def passed(self, hits: Iterable[PlacedHit]) -> Iterator[PlacedHit]:
        """The hits, each counted."""
        for hit in hits:
            self._count(hit)
            yield hit

    def best(self) -> list[list[PlacedHit]]:
        """Of each motif with a hit, some of the smallest p-values, the best first."""
        return [[hit for *_, hit in sorted(self._best[i], reverse=True)] for i in sorted(self._best)]

    def contigs(self, most: int) -> list[str]:
        """The contigs with a hit, of many the longest, as they came."""
        longest = heapq.nlargest(most, self._lengths, key=self._lengths.__getitem__)
        return [name for name in self._lengths if name in set(longest)]

    @property
    def n_contigs(self) -> int:
        """Contigs with a hit."""
        return len(self._lengths)

    def length(self, contig: str) -> int:
        """How far a contig reaches, as far as its last hit tells."""
        return self._lengths[contig]

    def density(self, contig: str, longest: float) -> tuple[float, np.ndarray]:
        """Hits along a contig.

        Parameters
        ----------
        contig : str
        longest : float
            Length of the longest contig that it is drawn beside.

        Returns
        -------
        width : float
            Bases of a bin.
        counts : numpy.ndarray, shape=(n_bins,)
        """
        fold = max(1, int(np.ceil(longest / N_BINS / self._width)))
        width = fold * self._width
        counts = np.zeros(self._lengths[contig] // width + 1)
        for place, n in self._bins[contig].items():
            counts[min(place // fold, len(counts) - 1)] += n
        return width, counts

    def starts(self, longest: int) -> np.ndarray:
        """Hits by their distance from the start of their contig, of all contigs, ``shape=(n_bins,)``."""
        width, counts = self.starts_width(longest), Counter[int]()
        for bins in self._bins.values():
            for place, n in bins.items():
                counts[int(place * self._width // width)] += n
        table = np.zeros(int(longest // width) + 1)
        for place, n in counts.items():
            table[min(place, len(table) - 1)] += n
        return table

    def starts_width(self, longest: int) -> int:
        """Bases of a bin of :meth:`starts`."""
        return self._width * max(1, round(longest / 60 / self._width))

    def _count(self, hit: PlacedHit) -> None:
        self.n += 1
        self.by_motif[hit.motif] += 1
        if hit.end > self._lengths.get(hit.contig, 0):
            self._lengths[hit.contig] = hit.end
        bins = self._bins.setdefault(hit.contig, Counter())
        bins[(hit.start + hit.end) // 2 // self._width] += 1
        if len(bins) > 4 * N_BINS:
            self._coarsen()
        kept = (-hit.p_value, -self.n, hit)
        best = self._best.setdefault(hit.motif, [])
        if len(best) < MOST_BEST:
            heapq.heappush(best, kept)
        elif kept > best[0]:
            heapq.heapreplace(best, kept)

    def _coarsen(self) -> None:
        """Bins twice as wide, of all contigs."""
        self._width *= 2
        for contig, bins in self._bins.items():
            coarse: Counter[int] = Counter()
            for place, n in bins.items():
                coarse[place // 2] += n
            self._bins[contig] = coarse
