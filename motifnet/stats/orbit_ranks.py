"""Does a sequence stand out among its own images? The test of ranks within orbits.

A tie over shifts or rotations says that a sequence might as well have come as any of its images under the
group. A model that is not tied gives each of them a score; if the tie holds, the rank of the sequence as it
came is any rank with the same chance, whatever the model. A group of two is
:mod:`motifnet.stats.sign_flip`'s, which also weighs how far they are apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.stats.clusters import cluster_sums
from motifnet.stats.sign_flip import N_DRAWS

_MOST_ADDED = 2**27  # chances that are added up for an exact p-value, which takes a quarter of a second


class OrbitRankTest(NamedTuple):
    """Where sequences rank among their images.

    Parameters
    ----------
    mean_place : float
        Mean share of an orbit that scores lower than the sequence as it came, equal ones counting a half: 0.5
        if it is as any other.
    statistic : float
        Sum of the ranks, less what is expected, over its standard deviation; 0 where no rank can differ.
    p : float
        Chance of a sum of ranks as large.
    n_clusters : int
        Those that count: not all their images have the same ranks.
    n_draws : int
        Random images, if it is not exact; otherwise 0.
    exact : bool
        Whether the chances of all sums were worked out.
    """

    mean_place: float
    statistic: float
    p: float
    n_clusters: int
    n_draws: int
    exact: bool


def orbit_rank_test(
    own: np.ndarray,
    images: np.ndarray,
    clusters: np.ndarray | None = None,
    *,
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> OrbitRankTest:
    """Do sequences as they came score higher than their images?

    The sum of the mid-ranks has a known distribution if each cluster might have come as any of its images: it
    is worked out by adding up clusters one by one, or drawn where there are many.

    Parameters
    ----------
    own : numpy.ndarray of float, shape=(n,)
        Score of each sequence as it came.
    images : numpy.ndarray of float, shape=(n, n_others)
        Scores of its images under all other elements of the group; a column is one element, so that a cluster
        may be moved as a whole.
    clusters : numpy.ndarray, shape=(n,), optional
        Of sequences that depend on each other: they move together. Without, each is its own.
    n_draws : int
        Of random images where there are too many for an exact p-value.
    seed : int
        Of the random images.

    Returns
    -------
    OrbitRankTest
        The mean place, the p-value, and what it rests upon.

    Raises
    ------
    ShapeMismatch
        If the images or clusters are not those of the sequences.
    InvalidValue
        If there is no sequence, a score is not a number or no draw is asked for.

    References
    ----------
    Lehmann EL (1975). Nonparametrics, sec. 3.2 and 5.7: ranks within blocks. Chiu K, Bloem-Reddy B (2023).
    Non-parametric hypothesis tests for distributional group symmetry. arXiv:2307.15834.

    Examples
    --------
    Three sequences, each the best of four rotations: the chance of that is 1 in 64.

    >>> found = orbit_rank_test(np.array([2.0, 3.0, 4.0]), np.array([[1.0, 0.0, 0.5]] * 3))
    >>> found.mean_place, found.p == 1 / 64, found.exact
    (0.875, True, True)
    """
    own, images = np.asarray(own, np.float64), np.asarray(images, np.float64)
    if images.ndim != 2 or own.shape != images.shape[:1] or not images.shape[1]:
        raise ShapeMismatch("images", images.shape, f"({len(own)}, n_others), some images of each sequence")
    if not len(own):
        raise InvalidValue("own", own, "the score of one sequence at least")
    scores = np.column_stack([own, images])
    if np.isnan(scores).any():
        raise InvalidValue("a score", float("nan"), "numbers")
    if n_draws < 1:
        raise InvalidValue("n_draws", n_draws, "at least 1")
    doubled = _doubled_ranks(scores)
    moved = cluster_sums(doubled, clusters).astype(np.int64)
    moved = moved[moved.min(1) < moved.max(1)]
    seen, expected, variance = moved[:, 0].sum(), moved.mean(1).sum(), moved.var(1).sum()
    reach = np.cumsum(moved.max(1) - moved.min(1)) + 1
    exact = int(reach.sum()) * moved.shape[1] <= _MOST_ADDED
    if exact:
        p, n_draws = _chance_as_large(moved, int(seen)), 0
    else:
        drawn = _drawn_sums(moved, n_draws, np.random.default_rng(seed))
        p = (1 + int((drawn >= seen).sum())) / (n_draws + 1)
    size = scores.shape[1]
    place = float(((doubled[:, 0] - 1) / (2 * size)).mean())
    z = float((seen - expected) / np.sqrt(variance)) if len(moved) else 0.0
    return OrbitRankTest(place, z, p, len(moved), n_draws, exact)


def _doubled_ranks(scores: np.ndarray) -> np.ndarray:
    """Twice the mid-rank, from 2, of each score of a row; these are integers."""
    from scipy.stats import rankdata

    return 2 * rankdata(scores, axis=1)


def _chance_as_large(moved: np.ndarray, seen: int) -> float:
    """That the sum over clusters, each moved to any of its images, is at least what was seen."""
    least = moved.min(1)
    chances = np.ones(1)
    for row in moved - least[:, None]:
        longer = np.zeros(len(chances) + row.max())
        values, counts = np.unique(row, return_counts=True)
        for value, count in zip(values, counts, strict=True):
            longer[value : value + len(chances)] += chances * (count / len(row))
        chances = longer
    # Small chances are added up first, so that they are not lost among large ones.
    tail = chances[max(seen - int(least.sum()), 0) :][::-1]
    return min(float(np.cumsum(tail)[-1]), 1.0)


def _drawn_sums(moved: np.ndarray, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Over clusters that are moved to random images, ``shape=(n_draws,)``."""
    sums = np.zeros(n_draws, np.int64)
    for row in moved:  # one by one, so that it stays in the cache while all draws look up in it
        sums += row.take(rng.integers(0, len(row), n_draws, dtype=np.uint32))
    return sums
