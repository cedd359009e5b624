"""How many of several events happen that are independent, each with a probability of its own."""

from __future__ import annotations

import numpy as np

_LEAST = 1e-18  # of a count at either end of a distribution, which sums to one: below its rounding


def interval(
    probability: np.ndarray, level: float = 0.95, weights: np.ndarray | None = None
) -> tuple[int, int]:
    """The least and the most that happen, leaving out at most half of the rest at either end.

    The distribution (Poisson-binomial) is exact: those of the two halves of the events, convolved.

    Parameters
    ----------
    probability : numpy.ndarray, shape=(n,) or (n_settings, n)
        Where there are several, they hold together, one setting or the other.
    level : float
        Probability that the count lies in the interval, at least.
    weights : numpy.ndarray, shape=(n_settings,), optional
        Probability of each setting; of one, where none are given.

    Examples
    --------
    >>> interval(np.full(100, 0.5)), interval(np.array([1.0, 1.0, 0.0])), interval(np.array([]))
    ((40, 60), (2, 2), (0, 0))
    >>> interval(np.repeat([[0.1], [0.9]], 100, 1), weights=np.array([0.5, 0.5]))
    (5, 95)
    """
    settings = np.atleast_2d(np.asarray(probability, np.float64))
    chance = np.zeros(settings.shape[1] + 1)
    for setting, weight in zip(settings, np.ones(1) if weights is None else weights, strict=True):
        first, of_setting = _distribution(setting)
        chance[first : first + len(of_setting)] += weight * of_setting
    tail, rest = np.cumsum(chance), (1 - level) / 2
    low, high = int(np.searchsorted(tail, rest, "right")), int(np.searchsorted(tail, 1 - rest, "left"))
    return min(low, settings.shape[1]), min(high, settings.shape[1])


def _distribution(probability: np.ndarray) -> tuple[int, np.ndarray]:
    """The least count that is possible at all, and the probabilities of it and of the next ones."""
    if len(probability) < 2:
        return 0, np.array([1.0]) if not len(probability) else np.array([1 - probability[0], probability[0]])
    middle = len(probability) // 2
    (one_first, one), (other_first, other) = (
        _distribution(part) for part in (probability[:middle], probability[middle:])
    )
    chance = np.convolve(one, other)
    kept = np.flatnonzero(chance > _LEAST)
    return one_first + other_first + int(kept[0]), chance[kept[0] : kept[-1] + 1]
