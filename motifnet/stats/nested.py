"""The best of several nested choices, and the p-value that pays for having chosen.

A threshold may be strict or loose, a window narrow or wide: each choice takes in all that the one
before took, and each is a test. The smallest of their p-values is no p-value. How small it is by
chance is known exactly, though, and costs less than Bonferroni's factor, since nested choices
share most of what they count: a count that grows from choice to choice is a walk, and the chance
that it ever comes as high as would be needed is summed up step by step. (For all thresholds of a
ranked list that is the minimum-hypergeometric test: Eden et al. 2007, PLoS Comput Biol 3:e39.)

The steps of the walk are independent but for their total. So the numbers of targets among the
sequences that each threshold adds are binomial ones, and numbers of sites in rings around a
centre are Poisson ones, given that all of them add up to what they add up to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

_UNDERFLOW = -570.0  # log from which a p-value is bounded by Bonferroni's instead of summed up
_NOTHING = -700.0  # log of a chance that counts as none: less than any p-value that is summed up
_ROUNDING = 1e-9  # share by which equal p-values may differ
_LEAST = 1e-300  # mean that stands for none, so that it has a logarithm
_NEGLIGIBLE = 1e-12  # chance that is left out, as a share of the smallest p-value


class Nested(NamedTuple):
    """The best of several nested choices.

    Parameters
    ----------
    index : int
        Which of them; the first of equals.
    log10_p : float
        log10 of the p-value, the choice paid for.
    """

    index: int  # type: ignore[assignment]  # the method of tuples of that name is of no use here
    log10_p: float


class _Walk(NamedTuple):
    """A count that grows from choice to choice, given what it is in the end.

    Parameters
    ----------
    sizes : sequence
        How much each choice takes in, ascending: sequences, or a share of all places.
    whole : float
        How much there is.
    total : int
        The count in the end.
    log_chance : callable
        From a size to the logarithm of the chance of each count from 0 on.
    """

    sizes: Sequence[int] | np.ndarray
    whole: float
    total: int
    log_chance: Callable[..., np.ndarray]

    def log_left(self) -> list[np.ndarray]:
        """Of each choice and count, the chance of what is left; over the chance of the total."""
        of_total = self.log_chance(self.whole)[self.total]
        outside = [self.log_chance(self.whole - size)[: self.total + 1] for size in self.sizes]
        return [_after(one, self.total + 1) - of_total for one in outside]

    def log_added(self) -> list[np.ndarray]:
        """Of each choice, the chances of what it adds to the one before."""
        return [self.log_chance(more) for more in np.diff(self.sizes, prepend=0)]

    def log_chances(self, log_left: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Of each choice and count, given the total."""
        inside = [self.log_chance(size)[: self.total + 1] for size in self.sizes]
        return [one + left[: len(one)] for one, left in zip(inside, log_left, strict=True)]


def _after(outside: np.ndarray, n: int) -> np.ndarray:
    """Chances of what is left by what is taken in, from 0 to ``n - 1``."""
    return np.concatenate([np.full(n - len(outside), -np.inf), outside[::-1]])


class _Stretch(NamedTuple):
    """Chances of the counts from a first one on; all others have none that matters."""

    first: int
    chances: np.ndarray

    def trimmed(self, negligible: float) -> _Stretch:
        """Without the ends that do not matter."""
        kept = np.flatnonzero(self.chances > negligible)
        start, stop = (kept[0], kept[-1] + 1) if len(kept) else (0, 0)
        return _Stretch(self.first + int(start), self.chances[start:stop])

    def plus(self, other: _Stretch) -> _Stretch:
        """The chances of the sum of two counts."""
        if not len(self.chances) or not len(other.chances):
            return _Stretch(0, np.empty(0))
        return _Stretch(self.first + other.first, np.convolve(self.chances, other.chances))

    def parted(self, bound: int) -> tuple[_Stretch, _Stretch]:
        """The counts below a bound, and the others."""
        at = max(bound - self.first, 0)
        return _Stretch(self.first, self.chances[:at]), _Stretch(self.first + at, self.chances[at:])


def _chance_to_reach(steps: Sequence[tuple[_Stretch, np.ndarray]], bounds: Sequence[int]) -> float:
    """The chance that at least one choice counts as many as its bound, or more."""
    reached, below = 0.0, _Stretch(0, np.ones(1))
    for (step, left), bound in zip(steps, bounds, strict=True):
        below, above = below.plus(step).parted(bound)
        rest = left[above.first : above.first + len(above.chances)]
        reached += float(above.chances[: len(rest)] @ rest)
    return reached


def best_fisher(target_hits: np.ndarray, n_targets: int, control_hits: np.ndarray, n_controls: int) -> Nested:
    """The choice at which hits are most enriched among targets.

    Each is a one-sided test of Fisher. The p-value of the best is exact, with half of the chance of
    what was seen itself, as in :func:`motifnet.stats.enrichment.fisher`, of which it is the
    p-value where there is but one choice.

    Parameters
    ----------
    target_hits, control_hits : numpy.ndarray of int, shape=(n_choices,)
        Ascending: what one choice takes in, the next does as well.
    n_targets, n_controls : int
        All there are, one at least of each.

    Returns
    -------
    Nested
        Which choice it is, and its exact p-value.

    Examples
    --------
    >>> best = best_fisher(np.array([6, 8, 9]), 10, np.array([1, 2, 8]), 10)
    >>> best.index, round(10**best.log10_p, 4)
    (1, 0.007)
    """
    hits = np.asarray(target_hits) + np.asarray(control_hits)
    share = n_targets / (n_targets + n_controls)

    def log_binomial(n: int) -> np.ndarray:
        return _log_binomial(int(n), share)

    return _best(target_hits, _Walk(hits, n_targets + n_controls, int(n_targets), log_binomial))


def best_binomial(hits: np.ndarray, n: int, shares: np.ndarray) -> Nested:
    """The choice that takes in more than its share.

    Each is a one-sided binomial test; the p-value of the best is exact, with half of the chance of
    what was seen itself.

    Parameters
    ----------
    hits : numpy.ndarray of int, shape=(n_choices,)
        Ascending: what one choice takes in, the next does as well.
    n : int
        All there are.
    shares : numpy.ndarray of float, shape=(n_choices,)
        What each would take in by chance, ascending, at most 1.

    Returns
    -------
    Nested
        Which choice it is, and its exact p-value.

    Examples
    --------
    >>> best = best_binomial(np.array([9, 10]), 20, np.array([0.1, 0.5]))
    >>> best.index, best.log10_p < -3
    (0, True)
    """

    def log_poisson(share: float) -> np.ndarray:
        mean = max(n * share, _LEAST)
        return np.arange(n + 1) * math.log(mean) - mean - _log_factorials(n)

    return _best(hits, _Walk(shares, 1.0, int(n), log_poisson))


def _log_binomial(n: int, share: float) -> np.ndarray:
    count, factorial = np.arange(n + 1), _log_factorials(n)
    log_odds, of_none = math.log(share) - math.log1p(-share), n * math.log1p(-share)
    return factorial[n] + of_none - factorial - factorial[::-1] + count * log_odds


def _log_factorials(n: int) -> np.ndarray:
    """Of 0 to n."""
    return _factorial_table(max(int(n), 1).bit_length())[: n + 1]


@lru_cache
def _factorial_table(n_bits: int) -> np.ndarray:
    from scipy.special import gammaln

    return gammaln(np.arange(1.0, 2**n_bits + 1))


def _best(counts: np.ndarray, walk: _Walk) -> Nested:
    """The choice of the smallest p-value, and the chance of one as small."""
    log_left = walk.log_left()
    log_chances = walk.log_chances(log_left)
    log_p = [_log_sum(chances[seen:]) for chances, seen in zip(log_chances, counts, strict=True)]
    index = int(np.argmin(log_p))
    if log_p[index] < _UNDERFLOW:
        return Nested(index, (log_p[index] + math.log(len(log_p))) / math.log(10))
    smallest = math.exp(log_p[index])
    tails = [np.cumsum(_chances(logs)[::-1])[::-1] for logs in log_chances]
    steps = [
        (_Stretch(0, _chances(added)).trimmed(_NEGLIGIBLE * smallest), _chances(left))
        for added, left in zip(walk.log_added(), log_left, strict=True)
    ]
    as_small, smaller = (
        _chance_to_reach(steps, [_first_below(tail, smallest * factor) for tail in tails])
        for factor in (1 + _ROUNDING, 1 - _ROUNDING)
    )
    return Nested(index, math.log10(min((as_small + smaller) / 2, 1.0)))


def _chances(logs: np.ndarray) -> np.ndarray:
    """Of their logarithms, which rise and then fall; those next to 0, which are most, are not worked out."""
    chances, some = np.zeros(len(logs)), np.flatnonzero(logs > _NOTHING)
    if len(some):
        there = slice(some[0], some[-1] + 1)
        chances[there] = np.exp(logs[there])
    return chances


def _log_sum(logs: np.ndarray) -> float:
    largest = float(logs.max())
    return largest + math.log(_chances(logs - largest).sum())


def _first_below(tail: np.ndarray, limit: float) -> int:
    """The smallest count whose chance, or that of more, is at most a limit; beyond all if there is none."""
    return len(tail) - int(np.searchsorted(tail[::-1], limit, side="right"))
