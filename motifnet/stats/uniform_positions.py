"""Is a site as likely at any place of its sequence? If so, one filter for all positions loses nothing.

Each sequence has places of its own number, so positions are taken as shares of the sequence, from 0 to 1. The
smooth test of Neyman (1937, Skand Aktuarietidskr 20:149) asks for slow waves in their distribution: more on
one side, more in the middle, and the two next finer ones. Waves that fit a whole number of half periods into
a sequence have mean 0 and variance 1 over any number of places larger than theirs, and do not correlate. So
the sum of the squares of four standardised waves is about a chi-square variable, or may be drawn; no window
has to be chosen, as it has to be for :func:`motifnet.stats.positional.central_enrichment`, which says how
wide the middle is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.progress import Progress
from motifnet.stats.likelihood_ratio import chi_square_log_tail
from motifnet.stats.positional import PlacedSites
from motifnet.stats.sequential import sequential_p

N_WAVES = 4
"""Waves that are looked for: to one side, to the middle, and twice as fine as either."""

_MANY = 1_000  # sites from which limiting laws are taken: at 1% these reject 1.09% and 1.04%, at .1% no more
_MOST = 9_999  # draws for fewer
_ROUNDING = 1e-9  # by which the statistics of the same positions may differ
_N_ROUNDS = 200  # of a fit of a peak, which takes some tens
_CONVERGED = 1e-6  # nats per site that a round gains at the end
_LEAST_SCALE = 0.5  # bases: a site has no place in between
_N_BINS = 40  # of distances, of which the fullest is where the fit of a peak starts


class Crowd(NamedTuple):
    """Sites that crowd around a place, among others that lie anywhere.

    Parameters
    ----------
    share : float
        Of all sites.
    mode : float
        Bases from the centre of the sequence to the place; negative to the left.
    scale : float
        Standard deviation around it. Bases.
    """

    share: float
    mode: float
    scale: float


class UniformityTest(NamedTuple):
    """Whether sites lie anywhere.

    Parameters
    ----------
    statistic : float
        Sum of the squares of the standardised waves: about a chi-square variable of 4 degrees of freedom, or
        of as many as there are waves if no sequence has more than four places.
    log10_p : float
        log10 of the p-value that sites do not lie anywhere.
    centrality : float
        Mean distance from the centre as a share of half of the sequence: about 0.5 if sites lie anywhere.
    central_log10_p : float
        log10 of the one-sided p-value that it is less than that.
    n : int
        Sites.
    exact : bool
        Whether the p-values come from draws, at least 1e-4 each, and not from the laws for many sites.
    """

    statistic: float
    log10_p: float
    centrality: float
    central_log10_p: float
    n: int
    exact: bool


def uniform_positions(
    sites: PlacedSites, *, seed: int = 0, progress: Progress | None = None
) -> UniformityTest:
    """Test whether sites lie anywhere in their sequences, and whether they lie near to the centre.

    Below a thousand sites, p-values come from draws of sites that lie anywhere, by
    :func:`motifnet.stats.sequential.sequential_p`.

    Parameters
    ----------
    sites : PlacedSites
        One of each sequence; in sequences that are independent of each other.
    seed : int
        Of the draws.
    progress : Progress, optional
        Is told of each draw.

    Returns
    -------
    UniformityTest
        Both tests.

    Raises
    ------
    InvalidValue
        If there is no site, or one is not within its sequence.

    References
    ----------
    Neyman J (1937). "Smooth" test for goodness of fit. Skand Aktuarietidskr 20:149-199.
    Rayner JCW, Best DJ (1989). Smooth Tests of Goodness of Fit.
    Ahmed N, Natarajan T, Rao KR (1974). Discrete cosine transform. IEEE Trans Comput C-23:90-93, whose
    transform of type II has these waves.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> length = rng.integers(100, 300, 2_000)
    >>> anywhere = uniform_positions(PlacedSites(rng.integers(0, length - 9), length, 10))
    >>> near = (length - 10) // 2 + rng.integers(-40, 40, 2_000)
    >>> central = uniform_positions(PlacedSites(near, length, 10))
    >>> anywhere.log10_p > -2, central.log10_p < -20, central.central_log10_p < -20
    (True, True, True)
    """
    n_places = _n_places(sites)
    spread = _Spread(n_places)
    shares = (sites.start + 0.5) / n_places
    statistic, excess = spread.waves(shares), spread.towards_the_centre(shares)
    n = len(n_places)
    exact = n < _MANY
    if exact:

        def drawn(what: Callable[[np.ndarray], float], stream: int) -> Callable[[int], float]:
            return lambda number: (
                what(spread.drawn(np.random.default_rng([seed, stream, number]))) + _ROUNDING
            )

        log10_p, central_log10_p = (
            math.log10(sequential_p(drawn(what, stream), seen, most=_MOST, progress=progress, name=name).p)
            for stream, (name, what, seen) in enumerate(
                [
                    ("draws of positions", spread.waves, statistic),
                    ("draws of distances", spread.towards_the_centre, excess),
                ]
            )
        )
    else:
        from scipy.special import log_ndtr

        log10_p = chi_square_log_tail(statistic, spread.n_waves) / math.log(10) if spread.n_waves else 0.0
        central_log10_p = float(log_ndtr(-excess)) / math.log(10)
    centrality = float(np.abs(2 * shares - 1).mean())
    return UniformityTest(statistic, log10_p, centrality, central_log10_p, n, exact)


def _n_places(sites: PlacedSites) -> np.ndarray:
    """Of each sequence, in which its site must have one."""
    n_places = np.asarray(sites.length, np.int64) - sites.width + 1
    if not len(n_places):
        raise InvalidValue("number of sites", 0, "at least 1")
    outside = (np.asarray(sites.start) < 0) | (sites.start >= n_places)
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        expected = f"0 to {int(n_places[first]) - 1}, as the sequence has {int(sites.length[first]):,} bases"
        raise InvalidValue("start of a site", int(sites.start[first]), expected)
    return n_places


class _Spread:
    """Statistics of positions, as shares of their sequences, against positions anywhere.

    Parameters
    ----------
    n_places : numpy.ndarray of int, shape=(n,)
        Of each sequence.
    """

    def __init__(self, n_places: np.ndarray) -> None:
        self.n_places = n_places
        # Of the distance from the centre, as a share of half of the sequence; an odd number has a place at 0.
        squared = n_places.astype(np.float64) ** 2
        mean = 0.5 - n_places % 2 / (2 * squared)
        variance = (1 - 1 / squared) / 3 - mean**2
        self._mean, self._deviation = float(mean.sum()), math.sqrt(max(float(variance.sum()), 0.0))
        # A sequence of few places has no fine waves.
        wave = np.arange(1, N_WAVES + 1)[:, None]
        self._has = (n_places > wave).astype(np.float64)
        self._n = np.maximum(self._has.sum(1), 1)
        self.n_waves = int(self._has.any(1).sum())

    def drawn(self, rng: np.random.Generator) -> np.ndarray:
        """Positions anywhere, ``shape=(n,)``."""
        return (np.floor(rng.random(len(self.n_places)) * self.n_places) + 0.5) / self.n_places

    def waves(self, shares: np.ndarray) -> float:
        """Sum of the squares of the standardised waves."""
        cosine = np.cos(np.pi * shares)
        waves = [np.ones_like(cosine), cosine]
        while len(waves) <= N_WAVES:  # cosines of multiples of an angle, by Chebyshev's recurrence
            waves.append(2 * cosine * waves[-1] - waves[-2])
        sums = np.einsum("wn,wn->w", self._has, np.array(waves[1:]))
        return float((2 * sums**2 / self._n).sum())

    def towards_the_centre(self, shares: np.ndarray) -> float:
        """By how many standard deviations sites are nearer to the centre than they would be anywhere."""
        if not self._deviation:
            return 0.0
        return (self._mean - float(np.abs(2 * shares - 1).sum())) / self._deviation


def crowd_of(sites: PlacedSites) -> Crowd:
    """Where sites crowd: a normal distribution among sites that lie anywhere, by maximum likelihood.

    A fit, not a test: it finds a peak in sites that lie anywhere as well. It starts at the fullest of forty
    bins of the distances from the centre, and rises by rounds of expectation and maximisation (Dempster,
    Laird and Rubin 1977, J R Stat Soc B 39:1). What of the normal distribution lies outside of a sequence is
    neglected.

    Parameters
    ----------
    sites : PlacedSites
        One of each sequence.

    Returns
    -------
    Crowd
        Its share of the sites, its place and its width.

    Raises
    ------
    InvalidValue
        If there is no site, or one is not within its sequence.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> start = rng.integers(0, 191, 1_000)
    >>> start[:600] = rng.normal(130, 8, 600).round()
    >>> peak = crowd_of(PlacedSites(start, np.full(1_000, 200), 10))
    >>> 0.5 < peak.share < 0.7, 33 < peak.mode < 37, 7 < peak.scale < 9
    (True, True, True)
    """
    anywhere = 1 / _n_places(sites)
    distances = sites.centre_distances
    counts, edges = np.histogram(distances, _N_BINS)
    at = int(counts.argmax())
    width = float(edges[1] - edges[0])
    peak = Crowd(0.5, float(edges[at : at + 2].mean()), max(width, _LEAST_SCALE))
    before = -math.inf
    for _ in range(_N_ROUNDS):
        z = (distances - peak.mode) / peak.scale
        inside = peak.share * np.exp(-(z**2) / 2) / (peak.scale * math.sqrt(2 * math.pi))
        total = inside + (1 - peak.share) * anywhere
        log_likelihood = float(np.log(total).mean())
        if log_likelihood - before < _CONVERGED:
            break
        before, weights = log_likelihood, inside / total
        n_inside = float(weights.sum())
        mode = float(weights @ distances) / n_inside
        scale = math.sqrt(float(weights @ (distances - mode) ** 2) / n_inside)
        peak = Crowd(n_inside / len(distances), mode, max(scale, _LEAST_SCALE))
    return peak
