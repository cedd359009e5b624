"""What a frequent word can be other than a motif, and how that is seen."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.discovery.scored import Scored
from motifnet.kernels.onehot_conv import Best
from motifnet.motifs import Motif
from motifnet.stats.evenly import evenly
from motifnet.stats.scores import signed_root
from motifnet.strand import Strand
from motifnet.symbols import Sequences

_FLANK = 20  # columns on either side whose bases tell whether a site lies in copies of one sequence
# Bits of a column on the less conserved side from which the neighbourhood of sites is the same everywhere.
# Beside motifs that the open data are known to hold it is .04 at most, beside Alu, tRNA and LTR .1 to 1.4.
_SAME_NEIGHBOURS = 0.08
_FEWEST_SITES = 10  # of which that can be told: of fewer a column has a third of a bit by chance
_SURE = 4.0  # standard deviations of the mean of the flank's columns by which it must be above chance
# Bits of a column beyond a tandem, less the share of its sites that come back when the bases around them are
# shuffled. Known motifs in the open data have .28 (boxes of G and C) to 1.8.
_SPECIFIC = 0.26
# What the order of a motif's columns accounts for, at least: the share of its separation that is lost when
# they change places, times the share of its sites that is lost when their bases do, and of the two bits that
# a column can hold those beyond a tandem. In the open data boxes of G and C, ISRE, MEF2 and Azf1 have .81 to
# .95; two in three of what was called a motif and looks like a composition or a tandem have .79 at most.
_ORDERED = 0.79
_SURELY_SPECIFIC = 0.9  # bits beyond a tandem, with which no known motif had less than that
_ORDERS = 32  # of the columns: the mean of what is kept is then known to .03
_MOST_BASES = 1_000_000  # of a kind that are scored in these orders. Trades time for certainty
_PERIODS = (1, 2, 3)  # bases of a tandem
_COLUMNS_OF_PHASE = 4  # that a tandem needs: GCCGCC alone may be a motif
_CLEARLY = 0.6  # of the bits that one base leaves, what two or three must leave to be the better reading
_ONE_BASE = 0.7  # share of its base from which a run is one: less is a composition
_LEAST_STRETCH = 24  # bases around a site that are shuffled, at least: as many as a filter has
_COPIES = 3  # shuffles of each of them
_MOST_SITES = 500  # that are looked at: shares are then known to .02


class Kind(StrEnum):
    """What something that is more frequent in targets is.

    Examples
    --------
    >>> Kind("low complexity") is Kind.LOW_COMPLEXITY, f"{Kind.REPEAT}"
    (True, 'repeat')
    """

    MOTIF = "motif"
    """What a factor can bind to."""

    LOW_COMPLEXITY = "low complexity"
    """A tandem of one to three bases, such as ``AAAAAA`` or ``CACACA``."""

    REPEAT = "repeat"
    """A part of an interspersed repeat, such as Alu: its neighbours are the same at all of its sites."""

    COMPOSITION = "composition"
    """Weak columns that tell only which bases targets have more of."""


def kind_of(motif: Motif, threshold: float, targets: Scored, controls: Scored, *, strand: Strand) -> Kind:
    """What a motif is, by its matrix and its sites in the sequences that shaped it.

    A **repeat** has neighbours that are the same at all of its sites: the bases next to the sites of a factor
    are those of anywhere. Beyond the composition of a flank, its columns tell something.

    Of a **composition** the columns tell little beyond their mean, and it is the same in any order. A motif
    of which the columns change places separates targets from controls no more than any word of the same bases
    does. And when the bases around each site are shuffled, with their pairs kept, sites of a motif are gone,
    while those that a composition makes come back. In a **tandem** every second or third column can change
    places with the others of its phase, which is asked where these are alike.

    Parameters
    ----------
    motif : Motif
    threshold : float
        Bits from which a place is a site.
    targets, controls : Scored
        The sequences that shaped it.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.

    Returns
    -------
    Kind

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> around = rng.integers(0, 4, (100, 60), dtype=np.uint8)
    >>> around[:, 25:33] = [0, 2, 0, 3, 0, 0, 2, 2]
    >>> motif = Motif("1", 100 * np.eye(4)[around[0, 25:33]].T)
    >>> controls = Scored.of(shuffle(Sequences.from_codes(list(around)), 1, 0))
    >>> kind_of(motif, 10.0, Scored.of(Sequences.from_codes(list(around))), controls, strand=Strand.BOTH)
    <Kind.MOTIF: 'motif'>
    >>> around[:] = around[0]
    >>> kind_of(motif, 10.0, Scored.of(Sequences.from_codes(list(around))), controls, strand=Strand.BOTH)
    <Kind.REPEAT: 'repeat'>
    """
    found = targets.best_known(motif.log_odds(), strand=strand)
    has_site = found.score >= threshold
    if _is_in_copies(targets.counts(found, has_site, motif.width, _FLANK)):
        return Kind.REPEAT
    left = {period: specific_bits(motif.probabilities, period) for period in _readable(motif.width)}
    period = min(left, key=lambda period: left[period])
    least = left[period]
    if least >= _SURELY_SPECIFIC:
        return Kind.MOTIF
    period = period if least < _CLEARLY * left[1] else 1
    again = _returning(motif, threshold, targets.sequences, found, has_site, strand=strand)
    if least - again >= _SPECIFIC:
        kept = _in_other_orders(motif, threshold, period, targets, controls, strand=strand)
        if (1 - kept) * (1 - again) + least / 2 >= _ORDERED:
            return Kind.MOTIF
    is_tandem = period > 1 or motif.probabilities.mean(1).max() >= _ONE_BASE
    return Kind.LOW_COMPLEXITY if is_tandem else Kind.COMPOSITION


def specific_bits(probabilities: np.ndarray, period: int) -> float:
    """Bits of a column that the place in a motif accounts for, beyond a tandem of so many bases.

    That is the mean relative entropy of the columns to the mean of their phase; a mean of few columns is near
    to each of them, which is made good.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4, width)
    period : int
        Bases of the tandem; 1 compares all columns with each other.

    Returns
    -------
    float

    Examples
    --------
    >>> ca, gata = np.eye(4)[[1, 0, 1, 0, 1, 0]].T, np.eye(4)[[2, 0, 3, 0, 0, 2]].T
    >>> round(specific_bits(ca, 1), 2), round(specific_bits(ca, 2), 2), round(specific_bits(gata, 1), 2)
    (1.2, 0.0, 1.75)
    """
    width = probabilities.shape[1]
    total = 0.0
    for phase in range(period):
        columns = probabilities[:, phase::period]
        mean = columns.mean(1, keepdims=True)
        total += float(_bits(columns, mean).sum())
    return total / max(width - period, 1)


def _bits(probabilities: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Relative entropy of each column to a reference that allows for all it holds."""
    ratio = np.divide(probabilities, reference, out=np.ones_like(probabilities), where=probabilities > 0)
    return (probabilities * np.log2(ratio)).sum(0)


def _readable(width: int) -> list[int]:
    """The tandems that a motif is wide enough to be; a run of one base always."""
    return [period for period in _PERIODS if period == 1 or width >= _COLUMNS_OF_PHASE * period]


def _is_in_copies(counts: np.ndarray) -> bool:
    """Whether the columns on both sides of the sites tell more than the composition of that side."""
    return all(_is_conserved(side) for side in (counts[:, :_FLANK], counts[:, -_FLANK:]))


def _is_conserved(counts: np.ndarray) -> bool:
    n_sites = counts.sum(0)
    columns = counts[:, n_sites >= _FEWEST_SITES]
    if columns.shape[1] < _FLANK // 2:
        return False
    n_sites = columns.sum(0)
    share, composition = columns / n_sites, columns.sum(1, keepdims=True) / columns.sum()
    bits = _bits(share, composition)
    # Twice the log-likelihood ratio of a column is chi-square with 3 degrees of freedom: mean 3, variance 6.
    by_chance = 3 / (2 * np.log(2) * n_sites)
    deviation = np.sqrt(6 * len(bits)) / (2 * np.log(2) * n_sites.mean()) / len(bits)
    return float((bits - by_chance).mean()) >= max(_SAME_NEIGHBOURS, _SURE * deviation)


def _in_other_orders(
    motif: Motif, threshold: float, period: int, targets: Scored, controls: Scored, *, strand: Strand
) -> float:
    """Share of its separation that a motif keeps with its columns in other orders within their phase."""
    targets, controls = _thinned(targets), _thinned(controls)
    rng = np.random.default_rng(0)
    orders = [_order(motif.width, period, rng) for _ in range(_ORDERS)]
    log_odds = motif.log_odds()
    hits = [
        [
            int((part.best_known(log_odds[:, order], strand=strand).score >= threshold).sum())
            for order in (np.arange(motif.width), *orders)
        ]
        for part in (targets, controls)
    ]
    z = signed_root(np.array(hits[0]), len(targets.sequences), np.array(hits[1]), len(controls.sequences))
    # A motif that separates nothing has nothing to keep: its E-value says that, and not its kind.
    return float(np.clip(z[1:].mean() / z[0], 0, 1)) if z[0] > 0 else 0.0


def _thinned(part: Scored) -> Scored:
    """So many sequences that are evenly spaced that they have so many bases at most."""
    n = len(part.sequences)
    enough = max(1, n * _MOST_BASES // max(1, len(part.sequences.codes)))
    return part if enough >= n else Scored.of(part.sequences.select(evenly(np.arange(n), enough)))


def _order(width: int, period: int, rng: np.random.Generator) -> np.ndarray:
    """Columns in a random order, each in a place of its own phase."""
    order = np.arange(width)
    for phase in range(period):
        order[phase::period] = rng.permutation(order[phase::period])
    return order


def _returning(
    motif: Motif,
    threshold: float,
    sequences: Sequences,
    found: Best,
    has_site: np.ndarray,
    *,
    strand: Strand,
) -> float:
    """Share of sites that are there again when the bases around them are shuffled."""
    chosen = evenly(np.flatnonzero(has_site), _MOST_SITES)
    if len(chosen) == 0:
        return 0.0
    beside = max(5, (_LEAST_STRETCH - motif.width) // 2)
    first = sequences.offsets[chosen] + np.maximum(found.position[chosen] - beside, 0)
    last = np.minimum(
        sequences.offsets[chosen] + found.position[chosen] + motif.width + beside,
        sequences.offsets[chosen + 1],
    )
    around = Sequences.from_codes(
        [sequences.codes[start:stop] for start, stop in zip(first.tolist(), last.tolist(), strict=True)]
    )
    again = Scored.of(shuffle(around, 2, 0, _COPIES)).best_known(motif.log_odds(), strand=strand)
    return float((again.score >= threshold).mean())
