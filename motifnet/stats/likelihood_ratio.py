"""Is a model without a tie better than chance makes it? The likelihood-ratio test, and when it holds.

Twice the gain of log-likelihood follows a chi-square distribution if the tie holds (Wilks 1938, Ann Math Stat
9:60), the model is regular there, and both fits are maxima. Where a parameter lies on the edge of what it may
be, it is a mixture of such distributions (Self and Liang 1987, J Am Stat Assoc 82:605). Where a mirror image
of each fit is as good a fit, as for a palindromic motif whose sites have no known orientation, neither holds,
and the distribution has to be simulated: :mod:`motifnet.stats.sequential`. A network has no maximum to speak
of: its ties are judged by what they do to held-out sequences, :mod:`motifnet.stats.held_out`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences, UntiedFitWorse

NOISE = 1e-3
"""Nats by which an untied fit may fall short of the tied one, since fits stop near their maximum: no p-value
shows such a difference."""

TOLERANCE = 1e-6
"""Sizes below this share of the largest are rounding: what scores by differences or in single precision leave
of a direction that has none."""

_TINY = 1e-280  # tail from which its logarithm is taken by a continued fraction, as it is about to underflow
_MOST_TERMS = 1_000  # of that fraction: far out, ten do


class LikelihoodRatioTest(NamedTuple):
    """A fit without a tie against the one with it.

    Parameters
    ----------
    statistic : float
        Twice the difference of the log-likelihoods.
    df : int
        Degrees of freedom that the tie takes.
    log10_p : float
        log10 of the p-value.
    """

    statistic: float
    df: int
    log10_p: float


def likelihood_ratio(tied: float, untied: float, df: int, *, noise: float = NOISE) -> LikelihoodRatioTest:
    """Test a tie by the likelihoods of two nested models of the same data, each at its maximum.

    Parameters
    ----------
    tied, untied : float
        Log-likelihoods, in nats.
    df : int
        Degrees of freedom that the tie takes: :func:`degrees_of_freedom`.
    noise : float
        Nats by which the untied fit may fall short, which then counts as a gain of 0.

    Returns
    -------
    LikelihoodRatioTest
        The statistic and its chi-square tail, as a logarithm that does not underflow.

    Raises
    ------
    UntiedFitWorse
        If the untied fit falls short by more: it is not a maximum.
    InvalidValue
        If a log-likelihood is not finite, or there are no degrees of freedom.

    Examples
    --------
    >>> found = likelihood_ratio(-1004.0, -1000.0, 2)
    >>> found.statistic, round(10**found.log10_p, 4)
    (8.0, 0.0183)
    >>> round(likelihood_ratio(-9000.0, -1000.0, 2).log10_p)
    -3474
    """
    for name, value in (("tied log-likelihood", tied), ("untied log-likelihood", untied)):
        if not math.isfinite(value):
            raise InvalidValue(name, value, "a finite number")
    if df < 1:
        raise InvalidValue("df", df, "at least 1: a tie that takes none changes nothing")
    if untied < tied - noise:
        raise UntiedFitWorse(untied, tied)
    statistic = max(2 * (untied - tied), 0.0)
    return LikelihoodRatioTest(statistic, df, chi_square_log_tail(statistic, df) / math.log(10))


def chi_square_log_tail(statistic: float, df: float) -> float:
    """Logarithm of the chance that a chi-square variable is at least as large, also where that underflows.

    Far out, the upper incomplete gamma function is its continued fraction (Abramowitz and Stegun 1964,
    6.5.31), worked out by the method of Lentz (Thompson and Barnett 1986, J Comput Phys 64:490).

    Parameters
    ----------
    statistic : float
        0 or more.
    df : float
        Degrees of freedom, more than 0.

    Returns
    -------
    float
        In nats.

    Examples
    --------
    With two degrees of freedom, the tail is that of an exponential variable of mean 2:

    >>> round(chi_square_log_tail(6.0, 2), 6), round(chi_square_log_tail(6000.0, 2), 6)
    (-3.0, -3000.0)
    """
    from scipy.special import gammaincc, gammaln

    a, x = df / 2, statistic / 2
    tail = float(gammaincc(a, x))
    if tail > _TINY:
        return math.log(tail)
    # Each step multiplies the fraction by a ratio that tends to 1. So far out, nothing is negative or 0.
    bottom = x + 1 - a
    upper, lower, fraction = math.inf, 1 / bottom, 1 / bottom
    for i in range(1, _MOST_TERMS):
        term = -i * (i - a)
        bottom += 2
        lower = 1 / (term * lower + bottom)
        upper = bottom + term / upper
        fraction *= upper * lower
        if abs(upper * lower - 1) < np.finfo(float).eps:
            break
    return a * math.log(x) - x - float(gammaln(a)) + math.log(fraction)


def mixture_of_chi_squares(statistic: float, weights: Sequence[float], dfs: Sequence[int]) -> float:
    """The p-value of a likelihood ratio whose parameters lie on an edge, such as a rate or variance of 0.

    One parameter on its edge gives half of 0 and half of a chi-square of 1 degree of freedom: half of the
    time the data would rather have it beyond the edge.

    Parameters
    ----------
    statistic : float
        Twice the difference of the log-likelihoods, 0 or more.
    weights : sequence of float
        Of the distributions that are mixed; their sum is 1.
    dfs : sequence of int
        Degrees of freedom of each; of 0, the variable is always 0.

    Returns
    -------
    float
        log10 of the p-value.

    Raises
    ------
    InvalidValue
        If the weights are not some, or the statistic or a degree of freedom is negative.

    References ---------- Self SG, Liang KY (1987). Asymptotic properties of maximum likelihood estimators and
    likelihood ratio tests under nonstandard conditions. J Am Stat Assoc 82:605-610, case 5.

    Examples
    --------
    >>> round(10 ** mixture_of_chi_squares(2.706, [0.5, 0.5], [0, 1]), 3)
    0.05
    """
    from scipy.special import logsumexp

    share = np.asarray(weights, np.float64)
    if len(share) != len(dfs) or not len(share) or share.min() < 0 or not math.isclose(share.sum(), 1):
        raise InvalidValue("weights", list(weights), "one of each distribution, none negative, their sum 1")
    if min(dfs) < 0:
        raise InvalidValue("dfs", list(dfs), "0 or more")
    if not statistic >= 0:
        raise InvalidValue("statistic", statistic, "0 or more")
    if statistic == 0:
        return 0.0
    tails = [chi_square_log_tail(statistic, df) if df else -math.inf for df in dfs]
    return min(float(logsumexp(tails, b=share)) / math.log(10), 0.0)


def jacobian_rank(scores: np.ndarray, tolerance: float = TOLERANCE) -> int:
    """How many parameters the data tell apart: the rank of the scores of the examples.

    A parameter that can be made up for by others, such as a constant that is added to a column of a matrix of
    weights, adds nothing. Each parameter is put on the same scale before, which leaves the rank as it is.

    Parameters
    ----------
    scores : numpy.ndarray of float, shape=(n, n_parameters)
        Derivative of the log-likelihood of each example with respect to each parameter.
    tolerance : float
        Share of the largest below which a singular value, or before that the size of a column, is rounding.

    Returns
    -------
    int

    Raises
    ------
    ShapeMismatch
        If it is no matrix.
    InvalidValue
        If a score is not finite.

    Examples
    --------
    The third parameter does what the others do together:

    >>> jacobian_rank(np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 2.0], [3.0, 1.0, 4.0], [1.0, 1.0, 2.0]]))
    2
    """
    scores = np.asarray(scores, np.float64)
    if scores.ndim != 2:
        raise ShapeMismatch("scores", scores.shape, "(n, n_parameters)")
    if not np.isfinite(scores).all():
        raise InvalidValue("a score", scores[~np.isfinite(scores)][0], "finite numbers")
    sizes = np.sqrt((scores**2).sum(0))
    kept = sizes > tolerance * sizes.max(initial=0.0)
    if not kept.any():
        return 0
    # The triangle has the singular values of the whole, which is far longer.
    singular = np.linalg.svd(np.linalg.qr(scores[:, kept] / sizes[kept], mode="r"), compute_uv=False)
    return int((singular > tolerance * singular[0]).sum())


def degrees_of_freedom(
    untied_scores: np.ndarray, tied_scores: np.ndarray, tolerance: float = TOLERANCE
) -> int:
    """How many degrees of freedom a tie takes: ranks are counted, not parameters.

    Parameters
    ----------
    untied_scores, tied_scores : numpy.ndarray of float, shape=(n, n_parameters)
        Scores of the same examples at the same point, that of the tied fit, by the parameters of either
        model.
    tolerance : float
        As of :func:`jacobian_rank`.

    Returns
    -------
    int
        Rank of the untied model less that of the tied one.

    Raises
    ------
    ShapeMismatch
        If the examples are not the same.
    InvalidValue
        If the tied model can do what the untied one cannot.
    TooFewSequences
        If the examples are too few to tell the rank.

    Examples
    --------
    Two means that are tied to be one:

    >>> untied = np.array([[1.0, 0.0], [-0.5, 0.0], [0.0, 0.7], [0.0, -1.2]])
    >>> degrees_of_freedom(untied, untied.sum(1, keepdims=True))
    1
    """
    if len(untied_scores) != len(tied_scores):
        raise ShapeMismatch("tied_scores", np.shape(tied_scores), f"({len(untied_scores)}, n_parameters)")
    untied, tied = (jacobian_rank(scores, tolerance) for scores in (untied_scores, tied_scores))
    both = jacobian_rank(np.column_stack([untied_scores, tied_scores]), tolerance)
    if both == len(untied_scores):
        raise TooFewSequences("degrees of freedom", len(untied_scores), np.shape(untied_scores)[1] + 1)
    if both > untied:
        raise InvalidValue("rank of the scores of both models", both, f"that of the untied one, {untied}")
    return untied - tied
