"""Do sites lie nearer to the centre than they would by chance?

The best site of a sequence is as likely at any place of it, if there is nothing to find (Bailey and
Machanick 2012, Nucleic Acids Res 40:e128). How many of them lie in a window around the centre is
then known for sequences of any lengths: each has its own share of places there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.stats.nested import best_binomial, best_fisher

_STEPS = 20  # of windows: each is so much of the sequence wider than the one before
_WIDEST = 15  # of these steps


class PlacedSites(NamedTuple):
    """One site in each of some sequences.

    Parameters
    ----------
    start : numpy.ndarray of int, shape=(n,)
        Where it begins in its sequence, from 0.
    length : numpy.ndarray of int, shape=(n,)
        Of its sequence.
    width : int
        Of the site.
    """

    start: np.ndarray
    length: np.ndarray
    width: int

    @property
    def centre_distances(self) -> np.ndarray:
        """Bases from the centre of the sequence to that of the site, ``shape=(n,)``; negative to the left."""
        return self.start + (self.width - self.length) / 2

    def within(self, half_widths: np.ndarray) -> np.ndarray:
        """Sites whose centre is so near to that of their sequence, ``shape=(n_windows,)``."""
        return np.searchsorted(np.sort(np.abs(self.centre_distances)), half_widths, side="right")

    def shares(self, half_widths: np.ndarray) -> np.ndarray:
        """Mean share of the places of a sequence that are so near, ``shape=(n_windows,)``."""
        lengths, n_of_length = np.unique(self.length, return_counts=True)
        last = (lengths - self.width)[:, None]
        near = (last + 2 * half_widths) // 2 + (2 * half_widths - last) // 2 + 1
        share = np.clip(near, 0, last + 1) / (last + 1)
        return n_of_length @ share / max(len(self.length), 1)


class Central(NamedTuple):
    """Sites in the window around the centre that holds surprisingly many.

    Parameters
    ----------
    half_width : int
        Bases from the centre to the end of the window.
    n_sites, n_inside : int
        Sites of targets, and those in the window.
    expected : float
        Share of the sites that would be in it by chance.
    log10_p : float
        log10 of the p-value of the best window, the choice of the window paid for.
    n_control_sites, n_control_inside : int
        The same of controls.
    control_log10_p : float
        log10 of the p-value that sites of targets are nearer to the centre than those of controls:
        Fisher's test at its own best window, the choice paid for.
    """

    half_width: int
    n_sites: int
    n_inside: int
    expected: float
    log10_p: float
    n_control_sites: int
    n_control_inside: int
    control_log10_p: float

    @property
    def share(self) -> float:
        """Share of the sites of targets in the window; NaN without a site."""
        return self.n_inside / self.n_sites if self.n_sites else float("nan")

    @property
    def control_share(self) -> float:
        """Share of the sites of controls in the window; NaN without a site."""
        return self.n_control_inside / self.n_control_sites if self.n_control_sites else float("nan")


def central_enrichment(targets: PlacedSites, controls: PlacedSites, half_widths: np.ndarray) -> Central:
    """Are sites near to the centre, against chance and against controls?

    Parameters
    ----------
    targets, controls : PlacedSites
        A site of each sequence that has one.
    half_widths : numpy.ndarray of int, shape=(n_windows,)
        Windows to try, ascending: :func:`windows_to_try`.

    Examples
    --------
    >>> near = PlacedSites(np.full(20, 48), np.full(20, 100), 4)
    >>> found = central_enrichment(near, near, windows_to_try(near.length))
    >>> found.half_width, found.n_inside, found.log10_p < -15, found.control_log10_p > -0.4
    (3, 20, True, True)
    """
    inside, shares = targets.within(half_widths), targets.shares(half_widths)
    control_inside = controls.within(half_widths)
    n_sites, n_control_sites = len(targets.start), len(controls.start)
    best = best_binomial(inside, n_sites, shares)
    nearer = 0.0
    if n_sites and n_control_sites:
        nearer = best_fisher(inside, n_sites, control_inside, n_control_sites).log10_p
    at = best.index
    return Central(
        int(half_widths[at]), n_sites, int(inside[at]), float(shares[at]), best.log10_p,
        n_control_sites, int(control_inside[at]), nearer,
    )  # fmt: skip


def windows_to_try(lengths: np.ndarray) -> np.ndarray:
    """Half-widths of windows: a twentieth to three quarters of a sequence of median length.

    Examples
    --------
    >>> windows_to_try(np.array([100, 200, 300]))[[0, 1, -1]].tolist()
    [5, 10, 75]
    """
    half = float(np.median(lengths)) / 2
    return np.unique(np.ceil(half * np.arange(1, _WIDEST + 1) / _STEPS).astype(np.int64))
