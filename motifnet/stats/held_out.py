"""What is gained by untying, on sequences that neither model has seen, and how well that is known.

A tie is not justified by a test that fails to reject it, but by an interval: if all of the gains of untying
that the data leave possible are too small to matter, it is. So intervals must be honest. Sequences of one
chromosome or of one family are not independent, and those of few and unequal clusters give fewer degrees of
freedom than there are clusters (Bell and McCaffrey 2002, Surv Methodol 28:169; Imbens and Kolesár 2016, Rev
Econ Stat 98:701). Folds share what they are trained on (Nadeau and Bengio 2003, Mach Learn 52:239).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences
from motifnet.stats.clusters import cluster_sums


class HeldOutGain(NamedTuple):
    """How much better an untied model is than a tied one; negative where the tie helps.

    Parameters
    ----------
    mean : float
        Loss of the tied model less that of the untied one, per sequence. Nats.
    low, high : float
        Ends of the interval.
    standard_error : float
        Of the mean.
    df : float
        Degrees of freedom of the interval: one less than the clusters, or fewer where their sizes differ.
    n : int
        Sequences that it rests upon.
    """

    mean: float
    low: float
    high: float
    standard_error: float
    df: float
    n: int


def paired_gain(
    losses_tied: np.ndarray,
    losses_untied: np.ndarray,
    clusters: np.ndarray | None = None,
    *,
    level: float = 0.95,
) -> HeldOutGain:
    """Gain of untying on held-out sequences, with an interval for sequences in clusters.

    The variance is that of the clusters' sums, each enlarged by what estimating the mean takes away from it.
    The degrees of freedom are the smaller of those under two assumptions: that the sequences of a cluster are
    independent of each other, and that they are all alike.

    Parameters
    ----------
    losses_tied, losses_untied : numpy.ndarray of float, shape=(n,)
        Of each held-out sequence, for instance its negative log-likelihood. Nats.
    clusters : numpy.ndarray, shape=(n,), optional
        Of sequences that depend on each other, such as chromosomes. Without, each is its own.
    level : float
        Chance with which the interval shall hold the true gain.

    Returns
    -------
    HeldOutGain
        The mean and its t interval.

    Raises
    ------
    ShapeMismatch
        If there is not one loss of either model, and one cluster, a sequence.
    InvalidValue
        If a difference of losses is not finite, or the level is not between 0 and 1.
    TooFewSequences
        If there are fewer than two clusters.

    Examples
    --------
    >>> tied, untied = np.array([0.6, 0.5, 0.9, 0.4]), np.array([0.5, 0.5, 0.7, 0.3])
    >>> gain = paired_gain(tied, untied)
    >>> round(gain.mean, 3), round(gain.low, 3), round(gain.high, 3), round(gain.df, 6)
    (0.1, -0.03, 0.23, 3.0)
    """
    losses_tied, losses_untied = np.asarray(losses_tied, float), np.asarray(losses_untied, float)
    if losses_tied.ndim != 1 or losses_tied.shape != losses_untied.shape:
        raise ShapeMismatch(
            "losses_untied", losses_untied.shape, f"{losses_tied.shape}, those of the tied model"
        )
    differences = losses_tied - losses_untied
    n = len(differences)
    sums, sizes = cluster_sums(differences, clusters), cluster_sums(np.ones(n), clusters)
    if len(sums) < 2:
        raise TooFewSequences("interval of a gain, in independent clusters", len(sums), 2)
    mean, share = float(differences.mean()), sizes / n
    standard_error = math.sqrt(float(((sums - sizes * mean) ** 2 / (1 - share)).sum())) / n
    df = min(_degrees_of_freedom(share, share), _degrees_of_freedom(share, share**2))
    return _interval(mean, standard_error, df, n, level)


def corrected_resampled_t(
    fold_means: np.ndarray, n_test: int, n_train: int, *, level: float = 0.95
) -> HeldOutGain:
    """Gain of untying over folds or random splits, whose training sets overlap.

    The variance of the mean of ``J`` folds is taken for ``1/J + n_test/n_train`` times that of the folds,
    instead of ``1/J``: what is right if folds correlate by the share of the sequences that is held out.

    Parameters
    ----------
    fold_means : numpy.ndarray of float, shape=(n_folds,)
        Mean gain per held-out sequence, of each fold. Nats.
    n_test, n_train : int
        Sequences of one fold that are held out, and trained on.
    level : float
        Chance with which the interval shall hold the true gain.

    Returns
    -------
    HeldOutGain
        The mean of the folds and its t interval.

    Raises
    ------
    InvalidValue
        If a mean is not finite, a part is empty, or the level is not between 0 and 1.
    TooFewSequences
        If there are fewer than two folds.

    References
    ----------
    Nadeau C, Bengio Y (2003). Inference for the generalization error. Mach Learn 52:239-281.

    Examples
    --------
    >>> gain = corrected_resampled_t(np.array([0.1, 0.2, 0.15, 0.05, 0.1]), 200, 800)
    >>> round(gain.mean, 3), round(gain.low, 3), round(gain.high, 3)
    (0.12, 0.014, 0.226)
    """
    means = cluster_sums(fold_means)
    if len(means) < 2:
        raise TooFewSequences("interval of a gain, in folds", len(means), 2)
    for name, number in (("n_test", n_test), ("n_train", n_train)):
        if number < 1:
            raise InvalidValue(name, number, "at least 1")
    variance = float(means.var(ddof=1)) * (1 / len(means) + n_test / n_train)
    return _interval(float(means.mean()), math.sqrt(variance), len(means) - 1, n_test + n_train, level)


def sequences_needed(gain: HeldOutGain, margin: float) -> int:
    """How many sequences would settle whether a gain matters, if it is what it seems to be.

    That many would bring its interval below the margin, or above 0, whichever takes fewer: an interval
    narrows with the root of the number of sequences.

    Parameters
    ----------
    gain : HeldOutGain
        As it is now.
    margin : float
        Gain per sequence from which it matters. Nats, more than 0.

    Returns
    -------
    int
        Sequences in all, of clusters as now.

    Raises
    ------
    InvalidValue
        If the margin is not more than 0.

    Examples
    --------
    >>> gain = HeldOutGain(mean=0.001, low=-0.009, high=0.011, standard_error=0.005, df=500, n=800)
    >>> sequences_needed(gain, 0.005)
    5000
    """
    if not margin > 0:
        raise InvalidValue("margin", margin, "more than 0")
    to_spare = max(margin - gain.mean, gain.mean)
    needed = gain.n * ((gain.high - gain.mean) / to_spare) ** 2
    return math.ceil(needed * (1 - 1e-9))  # rounding shall not ask for one more


def _interval(mean: float, standard_error: float, df: float, n: int, level: float) -> HeldOutGain:
    from scipy.special import stdtrit

    if not 0 < level < 1:
        raise InvalidValue("level", level, "between 0 and 1")
    half = float(stdtrit(df, (1 + level) / 2)) * standard_error
    return HeldOutGain(mean, mean - half, mean + half, standard_error, df, n)


def _degrees_of_freedom(share: np.ndarray, variances: np.ndarray) -> float:
    """Of the variance estimated above, by Satterthwaite: twice its squared mean over its variance.

    The residual sums of clusters are a linear map of the sums. Their covariance, if the sums had the
    variances given, is a diagonal matrix plus one of rank two, whose trace and norm need no matrix.
    """
    left, total = 1 - share, variances.sum()
    a, b, c = share @ (share / left), variances @ (variances / left), share @ (variances / left)
    off = (2 * share * variances - share**2 * total) / left
    diagonal = variances / left - off
    norm = 2 * a * b + 2 * c**2 + (total * a) ** 2 - 4 * total * a * c - off @ off + diagonal @ diagonal
    return float(diagonal.sum() ** 2 / norm)
