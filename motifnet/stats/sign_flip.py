"""Is a difference as often negative as positive, and as far? The test of flipped signs.

A tie between the strands says that a sequence and its reverse complement are alike. A model that is not tied
tells them apart, if there is anything to tell: the difference between what it says of a sequence as it is and
of its image is then positive on the whole. If the tie holds, each sequence might as well have come as its
image, and the difference might as well have the other sign. That is all the test needs: it is exact for any
number of sequences, any model and any distribution of the differences, if the model has not seen the
sequences (Fisher 1935, The Design of Experiments, sec. 21; Chiu and Bloem-Reddy 2023, arXiv:2307.15834).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.stats.clusters import cluster_sums

N_DRAWS = 9_999
"""Of random signs where not all of them can be gone through: the smallest p-value is then 1e-4."""

_MOST_EXACT = 32  # clusters whose signs are all gone through: two halves of 2^16 sums each take 20 ms
_ROUNDING = 1e-12  # by which sums of equal terms may differ, as a share of the sum of their sizes
_GROUP = 8  # clusters whose sums are looked up together: the signs of one group are one random byte

Alternative = Literal["greater", "two-sided"]


class FlipTest(NamedTuple):
    """Whether differences lie around 0.

    Parameters
    ----------
    mean : float
        Difference per sequence.
    statistic : float
        Sum of the differences over the root of the sum of squares of the clusters' sums: about standard
        normal where many clusters lie symmetrically around 0.
    p : float
        Chance of a sum as large, of all that the signs could have been.
    n_clusters : int
        Those that count: their differences do not cancel out.
    n_draws : int
        Assignments of signs: all there are if it is exact, otherwise random ones, and ``p`` is at least
        ``1 / (n_draws + 1)``.
    exact : bool
        Whether all assignments were gone through.
    """

    mean: float
    statistic: float
    p: float
    n_clusters: int
    n_draws: int
    exact: bool


def sign_flip(
    differences: np.ndarray,
    clusters: np.ndarray | None = None,
    *,
    alternative: Alternative = "greater",
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> FlipTest:
    """Are differences symmetric around 0, or larger than that?

    Up to 32 clusters, such as the chromosomes of a genome, all assignments of signs are counted: the sums of
    either half of the clusters are listed, and for each of one half a search tells how many of the other
    suffice. For more, random assignments are drawn, and what was seen counts as one of them, so that the
    p-value is valid (Phipson and Smyth 2010, Stat Appl Genet Mol Biol 9:39).

    Parameters
    ----------
    differences : numpy.ndarray of float, shape=(n,)
        Of each sequence: of what a model says of it as it is, less what it says of its image. Nats, for
        instance.
    clusters : numpy.ndarray, shape=(n,), optional
        Of sequences that depend on each other, whose signs flip together. Without, each is its own.
    alternative : {"greater", "two-sided"}
        Which sums speak against symmetry: large ones, or those far from 0.
    n_draws : int
        Of random signs for more than 32 clusters.
    seed : int
        Of the random signs.

    Returns
    -------
    FlipTest
        The mean, the p-value, and what it rests upon; a p-value of 1 where every difference is 0.

    Raises
    ------
    InvalidValue
        If there is no difference, one is not finite, the alternative is another or no draw is asked for.
    ShapeMismatch
        If there is not one cluster a difference.

    Examples
    --------
    Of the 16 assignments of signs, one alone gives as large a sum:

    >>> found = sign_flip(np.array([0.3, 0.1, 0.7, 0.2]))
    >>> round(found.mean, 3), found.p, found.n_draws, found.exact
    (0.325, 0.0625, 16, True)

    Two of them are of one chromosome, and count as one:

    >>> sign_flip(np.array([0.3, 0.1, 0.7, 0.2]), np.array([1, 1, 2, 3])).p
    0.125
    """
    differences = np.asarray(differences, np.float64)
    if differences.ndim != 1 or not len(differences):
        raise InvalidValue("shape of the differences", differences.shape, "one difference a sequence")
    if alternative not in ("greater", "two-sided"):
        raise InvalidValue("alternative", alternative, "'greater' or 'two-sided'")
    if n_draws < 1:
        raise InvalidValue("n_draws", n_draws, "at least 1")
    sums = cluster_sums(differences, clusters)
    size = np.abs(sums).sum()
    sums = sums[np.abs(sums) > _ROUNDING * np.abs(differences).sum()]
    seen = float(sums.sum())
    as_large = (abs(seen) if alternative == "two-sided" else seen) - _ROUNDING * size
    exact = len(sums) <= _MOST_EXACT
    if exact:
        n_draws = 2 ** len(sums)
        p = _n_as_large(sums, as_large) / n_draws
    else:
        drawn = _drawn_sums(sums, n_draws, np.random.default_rng(seed))
        if alternative == "two-sided":
            drawn = np.abs(drawn)
        p = (1 + int((drawn >= as_large).sum())) / (n_draws + 1)
    if alternative == "two-sided" and exact:
        p = min(2 * p, 1.0)  # for each assignment there is the opposite one
    z = seen / float(np.sqrt(sums @ sums)) if len(sums) else 0.0
    return FlipTest(float(differences.mean()), z, p, len(sums), n_draws, exact)


def _all_sums(terms: np.ndarray) -> np.ndarray:
    """Under all assignments of signs, ``shape=(2**n,)``."""
    sums = np.zeros(1)
    for term in terms:
        sums = np.concatenate([sums + term, sums - term])
    return sums


def _n_as_large(terms: np.ndarray, limit: float) -> int:
    """How many assignments of signs give a sum of at least a limit."""
    one, other = np.array_split(terms, 2)
    rest = np.sort(_all_sums(other))
    return int((len(rest) - np.searchsorted(rest, limit - np.sort(_all_sums(one)))).sum())


def _drawn_sums(terms: np.ndarray, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Under random signs, ``shape=(n_draws,)``."""
    terms = np.pad(terms, (0, -len(terms) % _GROUP)).reshape(-1, _GROUP)
    signs = 1 - 2.0 * np.unpackbits(np.arange(2**_GROUP, dtype=np.uint8)[:, None], axis=1)
    tables = terms @ signs.T
    sums = np.zeros(n_draws)
    for table in tables:  # one by one, so that it stays in the cache while all draws look up in it
        sums += table.take(rng.integers(0, 2**_GROUP, n_draws, dtype=np.uint8))
    return sums
