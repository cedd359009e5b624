"""Would a tie give way? A score test that holds where the model is wrong, and intervals of ratios of sums.

The scores of a tied fit, its derivatives along what the tie forbids, sum up to about 0 if the tie holds. How
far from 0 they may be by chance is taken from how they vary among independent units, such as pairs of
sequences, and not from the model: so the test keeps its level where the model leaves out some of what makes
units differ (White 1982, Econometrica 50:1; Boos 1992, Am Stat 46:327). The untied model need not be fitted.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences
from motifnet.stats.clusters import cluster_sums

UNITS_PER_CONTRAST = 20
"""Independent units for each direction that is tested: of so many, a test at 5% rejects 5% of normal scores,
4.5% of those of Student's t with 3 degrees of freedom, and 8% of exponential ones; with 40, 6.5% of them."""

_TOLERANCE = 1e-6  # share of the largest singular value below which a direction is none


class ScoreTest(NamedTuple):
    """Whether scores along what a tie forbids sum up to 0.

    Parameters
    ----------
    statistic : float
        W, about a chi-square variable of ``df`` degrees of freedom for many units.
    df : int
        Directions that were tested; those that others make up for are not counted.
    df_units : int
        Degrees of freedom that are left to the units: those of the denominator of the F distribution that the
        p-value is of.
    log10_p : float
        log10 of the p-value.
    n_units : int
        Independent units.
    """

    statistic: float
    df: int
    df_units: int
    log10_p: float
    n_units: int


class RatioInterval(NamedTuple):
    """A ratio of two sums.

    Parameters
    ----------
    ratio : float
        Of the sums.
    low, high : float
        Ends of the interval.
    standard_error : float
        Of the logarithm of the ratio.
    n_units : int
        Independent units.
    """

    ratio: float
    low: float
    high: float
    standard_error: float
    n_units: int


def robust_score_test(
    contrasts: np.ndarray,
    nuisance: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
    *,
    information: tuple[np.ndarray, np.ndarray] | None = None,
) -> ScoreTest:
    """Do the scores along what a tie forbids sum up to 0?

    What fitted parameters take away from the scores is projected out, and the sum of what remains, ``U*``, is
    compared with its spread among the units: ``W = (sum U*)' [sum U* U*']^-1 (sum U*)``. Its tail is that of
    Hotelling's T², ``F = W (n - k - q) / (q (n - W))``, with ``n`` units, ``q`` contrasts and ``k`` fitted
    parameters that were projected out by regression. That is exact for normal scores, a little strict where
    tails are heavy on both sides, and too easy where scores are skewed and units few.

    Parameters
    ----------
    contrasts : numpy.ndarray of float, shape=(n, q)
        Scores of each unit at the tied fit, along directions that the tie forbids.
    nuisance : numpy.ndarray of float, shape=(n, k), optional
        Scores along the parameters of the tied model, which sum up to 0 at its maximum.
    clusters : numpy.ndarray, shape=(n,), optional
        Of rows that depend on each other: their sums are the units. Without, each row is one.
    information : tuple of numpy.ndarray, optional
        Expected information between contrasts and nuisance, ``shape=(q, k)``, and of the nuisance,
        ``shape=(k, k)``. In any unit that both share. Without,
        contrasts are regressed on the nuisance scores, which comes to the same if
        the model is right.

    Returns
    -------
    ScoreTest
        The statistic, its degrees of freedom and its p-value.

    Raises
    ------
    ShapeMismatch
        If the arrays do not fit each other.
    InvalidValue
        If a score is not finite, or all contrasts are 0.
    TooFewSequences
        If there are fewer than 20 units for each contrast, besides one for each parameter projected out.

    References ---------- Boos DD (1992). On generalized score tests. Am Stat 46:327-333. Rotnitzky A, Jewell
    NP (1990). Hypothesis testing of regression parameters in semiparametric generalized linear models for
    cluster correlated data. Biometrika 77:485-497. Hotelling H (1931). The generalization of Student's ratio.
    Ann Math Stat 2:360-378.

    Examples
    --------
    >>> scores = np.random.default_rng(0).normal(size=(100, 2))
    >>> found = robust_score_test(scores + [0.5, 0.0])
    >>> found.df, found.df_units, found.log10_p < -3, robust_score_test(scores).log10_p > -2
    (2, 98, True, True)
    """
    units = _matrix("contrasts", contrasts, len(contrasts), clusters)
    n, k = len(units), 0
    if nuisance is not None:
        fitted = _matrix("nuisance", nuisance, len(contrasts), clusters)
        units, k = _projected(units, fitted, information)
    elif information is not None:
        raise InvalidValue("nuisance", None, "scores, for the information to be of")
    sizes = np.sqrt((units**2).sum(0))
    if not sizes.any():
        raise InvalidValue("size of the contrasts", 0.0, "more than 0 for one of them")
    left, singular, _ = np.linalg.svd(units[:, sizes > 0] / sizes[sizes > 0], full_matrices=False)
    left = left[:, singular > _TOLERANCE * singular[0]]
    q = left.shape[1]
    needed = UNITS_PER_CONTRAST * q + k
    if n < needed:
        raise TooFewSequences("score test, in independent units", n, needed)
    # W is n times the share of a constant that the scores explain: its projection, squared and summed.
    statistic = float((left.sum(0) ** 2).sum())
    return ScoreTest(statistic, q, n - q - k, _hotelling_log10_p(statistic, q, n, n - q - k), n)


def _matrix(name: str, scores: np.ndarray, n: int, clusters: np.ndarray | None) -> np.ndarray:
    """Scores of units, of rows that are checked to be so many."""
    scores = np.asarray(scores, np.float64)
    if scores.ndim != 2 or len(scores) != n:
        raise ShapeMismatch(name, scores.shape, f"({n}, n_parameters)")
    return cluster_sums(scores, clusters)


def _projected(
    units: np.ndarray, fitted: np.ndarray, information: tuple[np.ndarray, np.ndarray] | None
) -> tuple[np.ndarray, int]:
    """Contrasts less what fitted parameters take away, and how many directions were estimated for that."""
    if information is None:
        scale = np.sqrt((fitted**2).sum(0))
        fitted = fitted[:, scale > 0] / scale[scale > 0]
        slopes, _, rank, _ = np.linalg.lstsq(fitted, units, rcond=_TOLERANCE)
        return units - fitted @ slopes, int(rank)
    across, within = (np.asarray(block, np.float64) for block in information)
    q, k = units.shape[1], fitted.shape[1]
    if across.shape != (q, k):
        raise ShapeMismatch("information between contrasts and nuisance", across.shape, f"({q}, {k})")
    if within.shape != (k, k):
        raise ShapeMismatch("information of the nuisance", within.shape, f"({k}, {k})")
    return units - fitted @ np.linalg.lstsq(within, across.T, rcond=_TOLERANCE)[0], 0


def _hotelling_log10_p(statistic: float, q: int, n: int, df_units: int) -> float:
    """The F tail as one of a beta variable: the share W / n is one of q/2 and df_units/2.

    Where that underflows, its leading term is at hand: the share that is left, to the power of df_units/2.
    """
    from scipy.special import betainc, betaln

    left = max(1 - statistic / n, np.finfo(float).tiny)
    tail = float(betainc(df_units / 2, q / 2, left))
    if tail > 0:
        return math.log10(tail)
    log_tail = df_units / 2 * math.log(left) - math.log(df_units / 2) - float(betaln(df_units / 2, q / 2))
    return log_tail / math.log(10)


def ratio_interval(
    numerators: np.ndarray,
    denominators: np.ndarray,
    clusters: np.ndarray | None = None,
    *,
    level: float = 0.95,
) -> RatioInterval:
    """The ratio of two sums over units, such as insertions over deletions, and how well it is known.

    The standard error of its logarithm is that of the jackknife: each unit is left out in turn.

    Parameters
    ----------
    numerators, denominators : numpy.ndarray of float, shape=(n,)
        Counts or expected counts of each unit, 0 or more.
    clusters : numpy.ndarray, shape=(n,), optional
        Of rows that depend on each other: their sums are the units. Without, each row is one.
    level : float
        Chance with which the interval shall hold the true ratio.

    Returns
    -------
    RatioInterval
        The ratio and its t interval on the scale of logarithms.

    Raises
    ------
    ShapeMismatch
        If the arrays do not fit each other.
    InvalidValue
        If a count is negative or not finite, the level is not between 0 and 1, or one unit holds all of a
        sum: then nothing is known of how it varies.
    TooFewSequences
        If there are fewer than two units.

    References
    ----------
    Miller RG (1974). The jackknife: a review. Biometrika 61:1-15.

    Examples
    --------
    >>> found = ratio_interval(np.array([3, 5, 4, 6]), np.array([2, 5, 3, 4]))
    >>> round(found.ratio, 2), round(found.low, 2), round(found.high, 2)
    (1.29, 0.88, 1.88)
    """
    from scipy.special import stdtrit

    if np.ndim(numerators) != 1 or np.shape(numerators) != np.shape(denominators):
        raise ShapeMismatch("denominators", np.shape(denominators), f"{np.shape(numerators)}, one a unit")
    if not 0 < level < 1:
        raise InvalidValue("level", level, "between 0 and 1")
    counts = np.column_stack([numerators, denominators]).astype(np.float64)
    if len(counts) and counts.min() < 0:
        raise InvalidValue("a count", float(counts.min()), "0 or more")
    units = cluster_sums(counts, clusters)
    n = len(units)
    if n < 2:
        raise TooFewSequences("interval of a ratio, in independent units", n, 2)
    total = units.sum(0)
    if (units.max(0) >= total * (1 - _TOLERANCE)).any():
        raise InvalidValue("units that hold all of a sum", 1, "none")
    without = np.log(total - units) @ [1, -1]
    standard_error = math.sqrt(float(without.var()) * (n - 1))
    log_ratio = float(np.log(total) @ [1, -1])
    half = float(stdtrit(n - 1, (1 + level) / 2)) * standard_error
    low, ratio, high = (math.exp(log_ratio + shift) for shift in (-half, 0, half))
    return RatioInterval(ratio, low, high, standard_error, n)
