"""Which motifs of the same sequences are there together, or keep a distance.

Two questions of each pair. Do more targets have sites of both than chance gives, or fewer? And is there
a place beside the sites of the one at which the other lies too often: see :mod:`motifnet.scanning.spaced`.
A site of the second motif does not count where it overlaps the site of the first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from motifnet.kernels.onehot_conv import cpu, triples
from motifnet.motifs import Motif
from motifnet.motifs.companion import Companion, Neighbour
from motifnet.scanning.best_sites import BestSites
from motifnet.scanning.spaced import Spacing, Windows, is_copy, spacing, windows_around
from motifnet.stats.cooccurrence import Cooccurrence, cooccurrence, odds_ratio_by_room
from motifnet.strand import Strand
from motifnet.symbols import UNKNOWN, Sequences

_MAX_GAP = 150  # bases between two sites at most: as far as `motifnet enrich` looks if not told otherwise
_MOST = 10_000  # windows, those around the best sites, since each is compared with every other
# p-value of a place from which windows are told from their copies, if not one as small is expected among
# all pairs: that takes long, and of what is not surprising with all windows nobody asks it without some.
_SURPRISING = 0.05
_SHARED = 0.5  # share of the rarer motif's sites at the same places, from which two motifs are of one site
_NO_SITE = -1e4  # bits of an unknown base; below every threshold


class _Placed(NamedTuple):
    """A motif and its best site in every sequence.

    Parameters
    ----------
    motif : Motif
    threshold : float
        Bits from which a place is a site.
    chance : float
        Share of sequences that have a site by chance.
    best : BestSites
    """

    motif: Motif
    threshold: float
    chance: float
    best: BestSites

    @property
    def has_site(self) -> np.ndarray:
        """Whether the best is a site, ``shape=(n,)``."""
        return self.best.score >= self.threshold


def companions(
    motifs: Sequence[Motif],
    thresholds: Sequence[float],
    chances: Sequence[float],
    targets: Sequences,
    *,
    strand: Strand,
    n_pairs: int | None = None,
) -> list[list[Companion]]:
    """Of each motif, all the others as it sees them.

    Parameters
    ----------
    motifs : sequence of Motif
        Best first; around the sites of the better one of two, the other is looked for.
    thresholds : sequence of float
        Bits from which a place is a site, of each motif.
    chances : sequence of float
        Share of sequences that have a site by chance, as controls do, of each motif.
    targets : Sequences
        What they are sought in; none should be a copy of another.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    n_pairs : int, optional
        Pairs tried in all; those of these motifs if not given.

    Returns
    -------
    list of list of Companion
        The most surprising first.

    Examples
    --------
    >>> gata, cacg = (Motif(word, 50 * np.eye(4)[:, ["ACGT".index(base) for base in word]])
    ...               for word in ("GATAAG", "CACGTA"))
    >>> rng = np.random.default_rng(0)
    >>> texts = ["".join("ACGT"[i] for i in rng.integers(0, 4, 40)) for _ in range(80)]
    >>> planted = [text[:12] + "GATAAGTTCACGTA" + text[26:] for text in texts[:40]]
    >>> targets = Sequences.from_text([*planted, *texts[40:]])
    >>> (one,), (other,) = companions([gata, cacg], [9.0] * 2, [0.01] * 2, targets, strand=Strand.BOTH)
    >>> one.name, one.together.n_both, one.neighbour.gap, one.neighbour.downstream
    ('CACGTA', 40, 2, True)
    >>> other.name, other.neighbour.downstream
    ('GATAAG', False)
    """
    placed = [
        _Placed(motif, threshold, chance, _best(targets.codes, targets.offsets, motif, strand=strand))
        for motif, threshold, chance in zip(motifs, thresholds, chances, strict=True)
    ]
    found: list[list[Companion]] = [[] for _ in motifs]
    n_pairs = n_pairs or math.comb(len(motifs), 2)
    for i, first in enumerate(placed[:-1]):
        others = placed[i + 1 :]
        widest = max(other.motif.width for other in others)
        around = _Around(first, targets, widest, min(_SURPRISING, 1 / n_pairs), strand=strand)
        for j, second in enumerate(others, i + 1):
            together = _together(first, second, targets, strand=strand)
            one = Companion(second.motif.name, together, around.neighbour(second), n_pairs)
            found[i].append(one)
            found[j].append(one.seen_from_other(first.motif.name))
    return [sorted(some, key=lambda one: (one.least_log10_e, one.name)) for some in found]


def _best(codes: np.ndarray, offsets: np.ndarray, motif: Motif, *, strand: Strand) -> BestSites:
    """The best window of known bases of each sequence, in bits."""
    found = cpu.best(
        triples.of_ragged(codes, offsets),
        offsets[:-1],
        np.diff(offsets),
        motif.log_odds()[None].astype(np.float32),
        both_strands=strand.reads_both,
        unknown=_NO_SITE,
    )
    return BestSites(found.score[:, 0], found.position[:, 0], found.reverse[:, 0])


def _together(first: _Placed, second: _Placed, targets: Sequences, *, strand: Strand) -> Cooccurrence:
    """Targets with both. Where the best sites overlap, the better is a site, and what is beside it counts.

    Motifs whose sites are mostly the same places, such as a motif and a part of it, are not said to avoid
    each other.
    """
    starts = first.best.start, second.best.start
    overlap = (starts[0] < starts[1] + second.motif.width) & (starts[1] < starts[0] + first.motif.width)
    unsure = first.has_site & second.has_site & overlap
    is_first = first.best.score >= second.best.score
    has_first, has_second = first.has_site, second.has_site
    has_second = _beside(has_second, second, first, unsure & is_first, targets, strand=strand)
    has_first = _beside(has_first, first, second, unsure & ~is_first, targets, strand=strand)
    odds_ratio = odds_ratio_by_room(
        has_first.mean(), has_second.mean(), first.chance, second.chance, _room(first, second, targets)
    )
    n_both, n_first, n_second = (int(has.sum()) for has in (has_first & has_second, has_first, has_second))
    found = cooccurrence(n_both, n_first, n_second, len(targets), odds_ratio)
    rarer = min(first.has_site.sum(), second.has_site.sum())
    return found._replace(log10_p_fewer=0.0) if unsure.sum() > _SHARED * rarer else found


def _beside(
    has_site: np.ndarray,
    placed: _Placed,
    other: _Placed,
    unsure: np.ndarray,
    targets: Sequences,
    *,
    strand: Strand,
) -> np.ndarray:
    """Which sequences have a site of a motif, where in the unsure ones it must be beside that of another."""
    chosen = np.flatnonzero(unsure)
    some = targets.select(chosen)
    codes = some.codes.copy()
    places = (some.offsets[:-1] + other.best.start[chosen])[:, None] + np.arange(other.motif.width)
    codes[places] = UNKNOWN
    found = has_site.copy()
    found[chosen] = _best(codes, some.offsets, placed.motif, strand=strand).score >= placed.threshold
    return found


def _room(first: _Placed, second: _Placed, targets: Sequences) -> float:
    """Share of the places of a site that one of the other motif leaves, on the average."""
    taken = first.motif.width + second.motif.width - 1
    widths = max(first.motif.width, second.motif.width)
    return float(np.mean(np.maximum(1 - taken / np.maximum(targets.lengths - widths + 1, 1), 0)))


class _Around:
    """The windows around the best sites of a motif, in which others are looked for."""

    def __init__(
        self, first: _Placed, targets: Sequences, widest: int, surprising: float, *, strand: Strand
    ) -> None:
        self._first, self._surprising, self._strand = first.motif, surprising, strand
        self._max_gap = min(_MAX_GAP, int(targets.lengths.max(initial=0)))
        score, start, reverse = first.best
        sites = np.flatnonzero(first.has_site)
        best = np.sort(sites[np.argsort(-score[sites], kind="stable")[:_MOST]])
        self._windows = windows_around(
            targets.select(best), start[best], reverse[best], first.motif.width, self._max_gap + widest
        )

    @cached_property
    def _unlike(self) -> Windows:
        """The windows that are no copies of one before them."""
        return self._windows.select(~is_copy(self._windows.codes))

    def neighbour(self, second: _Placed) -> Neighbour | None:
        """The place that the sites of another motif prefer; none where it has no site there."""
        found = self._spacing(second, self._windows)
        if found.best.log10_p <= math.log10(self._surprising):
            found = self._spacing(second, self._unlike)
        if not found.best.n_sites:
            return None
        return Neighbour(
            gap=found.gap,
            downstream=not found.upstream,
            same_strand=found.same_strand,
            n_here=found.best.n_here,
            n_near=found.best.n_sites,
            expected=found.best.expected,
            log10_p=found.best.log10_p,
        )

    def _spacing(self, second: _Placed, windows: Windows) -> Spacing:
        width = second.motif.width
        narrowed = windows.narrowed(self._max_gap + width)
        n, length = narrowed.codes.shape
        offsets = np.arange(n + 1, dtype=np.int64) * length
        sites = _best(narrowed.codes.ravel(), offsets, second.motif, strand=self._strand)
        has_site = sites.score >= second.threshold
        return spacing(self._first, second.motif, sites, has_site, narrowed.chances(width), narrowed)
