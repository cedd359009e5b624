"""Which motifs keep a distance and an orientation to a primary one.

Around the best site of the primary in each target lies a window. Read in the orientation of the
primary and with its site made unknown, all windows are alike, and the best site of any other motif
in them is at a place that says both distance and side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from motifnet.errors import shown
from motifnet.motifs import Motif
from motifnet.progress import Progress, Silent
from motifnet.scanning.best_sites import BestSites, Scorer
from motifnet.scanning.enriched import Enriched
from motifnet.scanning.variants import first_alike
from motifnet.stats.multiple import log10_q_values
from motifnet.stats.spacing import BestPlace, best_place
from motifnet.strand import Strand
from motifnet.symbols import DNA, UNKNOWN, Sequences

# Windows, those around the best sites: each window is compared with every other. A convention that bounds
# time.
_MOST = 10_000
# Share of equal bases from which two windows are copies of one: far from chance, a quarter. A convention.
_SHARED = 0.5
_BY_CHANCE = 0.25  # share of equal bases of two windows that have nothing to do with each other
_SURPRISING = 6.5  # standard deviations above that, so that of millions of pairs none is taken for copies
_ROWS = 512  # windows compared with all others at once: with 10,000, some megabytes


@dataclass(frozen=True, eq=False)
class Spacing:
    """How the sites of a secondary motif lie around those of the primary.

    Parameters
    ----------
    primary, secondary : Motif
    counts : numpy.ndarray of int, shape=(2, 2, max_gap + 1)
        Sites on the strand of the primary and on the other, upstream and downstream of it, by the
        bases between.
    best : BestPlace
        The most surprising of these.
    upstream : bool
        Whether its side is the upstream one.
    gap : int
        Bases between the two sites there.
    n_windows : int
        Sites of the primary.
    log10_e, log10_q : float
        log10 of its p-value times the number of secondary motifs, and of its q-value.
    like : int
        Rank, from 1, of the better spacing whose secondary motif this one is a variant of; its own if
        there is none.
    """

    primary: Motif
    secondary: Motif
    counts: np.ndarray
    best: BestPlace
    upstream: bool
    gap: int
    n_windows: int
    log10_e: float = 0.0
    log10_q: float = 0.0
    like: int = 0

    @property
    def same_strand(self) -> bool:
        """Whether both sites are on one strand."""
        return self.best.strand == 0

    @property
    def orientation(self) -> str:
        """In words, as the primary is read.

        Of the four there are, ``"same strand, downstream"`` is one.
        """
        strand = "same" if self.same_strand else "opposite"
        return f"{strand} strand, {'upstream' if self.upstream else 'downstream'}"


@dataclass(frozen=True, eq=False)
class Windows:
    """Stretches around the sites of a primary motif, in its orientation.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(n, flank + width + flank)
        Unknown at the site itself and where there is no base.
    flank : int
        Bases on either side.
    width : int
        Of the primary.
    """

    codes: np.ndarray
    flank: int
    width: int

    def select(self, chosen: np.ndarray) -> Windows:
        """The chosen windows."""
        return replace(self, codes=self.codes[chosen])

    def narrowed(self, flank: int) -> Windows:
        """With fewer bases on either side."""
        cut = self.flank - flank
        return replace(self, codes=self.codes[:, cut : self.codes.shape[1] - cut], flank=flank)

    def sequences(self) -> Sequences:
        """As sequences of one length."""
        return Sequences.from_codes(list(self.codes))

    def is_known(self, width: int) -> np.ndarray:
        """Places at which so many bases are known, ``shape=(n, n_places)``."""
        n_unknown = np.cumsum(np.pad(self.codes >= UNKNOWN, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
        return n_unknown[:, width:] == n_unknown[:, :-width]

    def chances(self, width: int) -> np.ndarray:
        """The chance of each of these places, all equal in a window, ``float32, shape=(n, n_places)``."""
        possible = self.is_known(width).astype(np.float32)
        return possible / np.maximum(possible.sum(1, keepdims=True), 1)


def windows_around(
    sequences: Sequences, start: np.ndarray, reverse: np.ndarray, width: int, flank: int
) -> Windows:
    """The stretch around a site of each sequence, in the orientation of the site, the site unknown.

    Parameters
    ----------
    sequences : Sequences
    start : numpy.ndarray of int, shape=(n,)
        Where the site of each begins.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether it is on the reverse strand.
    width, flank : int
        Of the site, and on either side of it.

    Examples
    --------
    >>> found = windows_around(Sequences.from_text(["AACGTT"]), np.array([1]), np.array([True]), 2, 3)
    >>> DNA.decode(found.codes[0])
    'AACNNTNN'
    """
    place = start[:, None].astype(np.int64) + np.arange(-flank, width + flank)
    inside = (place >= 0) & (place < sequences.lengths[:, None])
    codes = np.full(place.shape, UNKNOWN, np.uint8)
    codes[inside] = sequences.codes[(place + sequences.offsets[:-1, None])[inside]]
    codes[:, flank : flank + width] = UNKNOWN
    codes[reverse] = DNA.complement(codes[reverse, ::-1])
    return Windows(codes, flank, width)


def is_copy(codes: np.ndarray) -> np.ndarray:
    """Which windows share more bases with one before them than chance explains, ``shape=(n,)``.

    Copies of a repeat have the same motifs at the same distances, since they were one sequence once.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(n, length)
    """
    one_hot = (codes[:, :, None] == np.arange(4)).reshape(len(codes), 4 * codes.shape[1]).astype(np.float32)
    known = (codes < UNKNOWN).astype(np.float32)
    found = np.zeros(len(codes), bool)
    for first in range(0, len(codes), _ROWS):
        rows = slice(first, first + _ROWS)
        last = min(first + _ROWS, len(codes))
        both = known[rows] @ known[:last].T
        same = one_hot[rows] @ one_hot[:last].T
        found[rows] = np.tril(same >= _same_of_copies(both), first - 1).any(1)
    return found


def _same_of_copies(both: np.ndarray) -> np.ndarray:
    """Equal bases from which windows are copies, by the number of bases that both of them know."""
    deviation = np.sqrt(_BY_CHANCE * (1 - _BY_CHANCE) * both)
    return np.maximum(_SHARED * both, _BY_CHANCE * both + _SURPRISING * deviation) + (both == 0)


def spacings(
    scorer: Scorer,
    primary: Enriched,
    secondaries: Sequence[Enriched],
    targets: Sequences,
    *,
    max_gap: int,
    log10_e: float = 1.0,
    progress: Progress | None = None,
) -> list[Spacing]:
    """How the sites of other motifs lie around those of a primary one, the most surprising first.

    Motifs without a site near those of the primary are left out.

    Parameters
    ----------
    scorer : Scorer
        What all of them were scored with.
    primary : Enriched
    secondaries : sequence of Enriched
        The primary may be among them: two sites of one motif.
    targets : Sequences
    max_gap : int
        Bases between two sites at most.
    log10_e : float
        Only motifs with an E-value so small are told whether they are variants of one another.
    progress : Progress, optional
        Told of each motif.

    Returns
    -------
    list of Spacing
        One for each motif with a site near those of the primary.

    Examples
    --------
    >>> from motifnet.scanning.enriched import rank_by_enrichment
    >>> from motifnet.symbols.background import Background
    >>> words = ([2, 0, 3, 0], [1, 0, 1, 2])
    >>> gata, cacg = (Motif(name, 50 * np.eye(4)[:, word]) for name, word in zip(("GATA", "CACG"), words))
    >>> rng = np.random.default_rng(0)
    >>> texts = [DNA.decode(codes) for codes in rng.integers(0, 4, (80, 40), dtype=np.uint8)]
    >>> targets = [text[:12] + "GATATTCACG" + text[22:] for text in texts[:40]]
    >>> both = Sequences.from_text([*targets, *texts[40:]])
    >>> scorer = Scorer([gata, cacg], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> ranked = rank_by_enrichment(scorer, both, np.arange(80) < 40, [0.01])
    >>> primary = next(one for one in ranked if one.motif.name == "GATA")
    >>> found = spacings(scorer, primary, ranked, both.select(range(40)), max_gap=10)
    >>> found[0].secondary.name, found[0].gap
    ('CACG', 2)
    """
    widest = max((one.motif.width for one in secondaries), default=0)
    around = _around(scorer, primary, targets, max_gap + widest)
    by_index = {one.index: one for one in secondaries}
    found = []
    with (progress or Silent()).stage(f"distances to {shown(primary.motif.name)}", len(secondaries)) as step:
        for width in sorted({one.motif.width for one in secondaries}):
            chosen = [one.index for one in secondaries if one.motif.width == width]
            narrowed = around.narrowed(max_gap + width)
            for spacing in _of_width(scorer, by_index, chosen, narrowed, primary.motif):
                found += [spacing] if spacing.best.n_sites else []
                step.advance()
    found.sort(key=lambda one: (one.best.log10_p, one.secondary.name))
    return _with_variants(_with_q_values(found, len(secondaries)), log10_e, strand=scorer.strand)


def _around(scorer: Scorer, primary: Enriched, targets: Sequences, flank: int) -> Windows:
    """Windows around the best sites of the primary, copies left out."""
    ((_, sites),) = scorer.best(targets, [primary.index])
    order = np.argsort(-sites.score, kind="stable")
    best = np.sort(order[sites.score[order] >= primary.threshold.steps][:_MOST])
    around = windows_around(
        targets.select(best), sites.start[best], sites.reverse[best], primary.motif.width, flank
    )
    return around.select(~is_copy(around.codes))


def _of_width(
    scorer: Scorer, by_index: dict[int, Enriched], chosen: Sequence[int], around: Windows, primary: Motif
) -> Iterator[Spacing]:
    """Spacings of motifs of one width."""
    n, width = len(around.codes), by_index[chosen[0]].motif.width
    possible = around.chances(width)
    for index, sites in scorer.best(around.sequences(), chosen) if n else ():
        has_site = sites.score >= by_index[index].threshold.steps
        yield spacing(primary, by_index[index].motif, sites, has_site, possible, around)


def spacing(
    primary: Motif,
    secondary: Motif,
    sites: BestSites,
    has_site: np.ndarray,
    possible: np.ndarray,
    around: Windows,
) -> Spacing:
    """How the best sites of a motif lie in windows around those of another.

    Parameters
    ----------
    primary, secondary : Motif
    sites : BestSites
        Of the secondary motif in the windows.
    has_site : numpy.ndarray of bool, shape=(n,)
        Which of them are sites.
    possible : numpy.ndarray of float32, shape=(n, n_places)
        Chance of each place in each window.
    around : Windows
        Of ``flank`` as many bases as the largest gap and the secondary motif together.
    """
    shares = has_site.astype(np.float32) @ possible / max(has_site.sum(), 1)
    counts = np.zeros((2, possible.shape[1]), np.int64)
    np.add.at(counts, (sites.reverse[has_site].astype(int), sites.start[has_site]), 1)
    best = best_place(counts, shares)
    n_gaps = around.flank - secondary.width + 1
    upstream = best.place < n_gaps
    gap = n_gaps - 1 - best.place if upstream else best.place - around.flank - around.width
    by_side = np.stack([counts[:, :n_gaps][:, ::-1], counts[:, -n_gaps:]], axis=1)
    return Spacing(primary, secondary, by_side, best, upstream, gap, len(around.codes))


def _with_q_values(found: Sequence[Spacing], n_tested: int) -> list[Spacing]:
    """Motifs without a site count as tested, too."""
    log10_p = np.zeros(n_tested)
    log10_p[: len(found)] = [one.best.log10_p for one in found]
    q_values = log10_q_values(log10_p).tolist() if n_tested else []
    return [
        replace(one, log10_e=one.best.log10_p + float(np.log10(n_tested)), log10_q=q)
        for one, q in zip(found, q_values, strict=False)
    ]


def _with_variants(ranked: Sequence[Spacing], log10_e: float, *, strand: Strand) -> list[Spacing]:
    """The same, each telling the better one whose secondary motif its own is a variant of."""
    motifs, n_compared = [one.secondary for one in ranked], sum(one.log10_e <= log10_e for one in ranked)
    like = first_alike(motifs, n_compared, strand=strand)
    return [replace(one, like=first + 1) for one, first in zip(ranked, like, strict=True)]
