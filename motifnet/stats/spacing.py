"""Do sites of one motif keep a distance and an orientation to those of another?

Given that a sequence has a site of the secondary motif around one of the primary, it is as likely at
any place there, if the two have nothing to do with each other (Whitington et al. 2011, Nucleic
Acids Res 39:e98). Each place and strand is a test of how many sites are just there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.stats.binomial import log10_binomial_tail

_REACH = 10  # places on either side that say how many sites a neighbourhood has


class BestPlace(NamedTuple):
    """The place and strand with the most surprising number of sites.

    Parameters
    ----------
    strand, place : int
        Row and column of the counts.
    n_here, n_sites : int
        Sites there, and all sites.
    expected : float
        Sites there by chance.
    log10_p : float
        log10 of its p-value times the number of places and strands tried.
    """

    strand: int
    place: int
    n_here: int
    n_sites: int
    expected: float
    log10_p: float


def best_place(counts: np.ndarray, shares: np.ndarray) -> BestPlace:
    """The most surprising place and strand.

    Each is a one-sided binomial test against the share of sites that would be there by chance: that
    of the place times that of the strand. Sites may prefer a strand, as those of a palindrome do by
    convention, so that the strands' shares are those that were seen. Sites may also gather around
    each other without keeping a distance, since both motifs are near to the summits of peaks: where the
    neighbouring places have more sites than their share, as many are expected here.

    Parameters
    ----------
    counts : numpy.ndarray of int, shape=(n_strands, n_places)
        Sites at each place, on each strand.
    shares : numpy.ndarray of float, shape=(n_places,)
        Chance of each place, 1 together; places in the order in which they lie.

    Examples
    --------
    >>> counts = np.zeros((2, 40), int)
    >>> counts[1, 7] = 12
    >>> found = best_place(counts, np.full(40, 1 / 40))
    >>> found.strand, found.place, found.n_here, found.log10_p < -10
    (1, 7, 12, True)
    """
    n_sites = int(counts.sum())
    by_strand = counts.sum(1) / max(n_sites, 1)
    chance = np.minimum(by_strand[:, None] * shares * _crowding(counts.sum(0), shares), 1.0)
    log10_p = log10_binomial_tail(counts, n_sites, chance)
    strand, place = np.unravel_index(np.argmin(log10_p), counts.shape)
    n_tried = int(np.count_nonzero(shares)) * int(np.count_nonzero(by_strand))
    return BestPlace(
        int(strand),
        int(place),
        int(counts[strand, place]),
        n_sites,
        float(n_sites * chance[strand, place]),
        float(min(log10_p[strand, place] + np.log10(max(n_tried, 1)), 0.0)),
    )


def _crowding(counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """How many times as many sites as by chance lie around each place, itself left out; 1 at least."""
    around = np.ones(2 * _REACH + 1)
    around[_REACH] = 0
    seen, expected = (
        np.convolve(values, around)[_REACH:-_REACH] for values in (counts, counts.sum() * shares)
    )
    return np.maximum(np.divide(seen, expected, out=np.ones_like(expected), where=expected > 0), 1.0)
