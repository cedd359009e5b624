"""Do labels matter? They are exchanged among sequences that are alike but for them.

One motif for several experiments says that it makes no difference which experiment a sequence is of. Labels
that are dealt out again at random, within blocks that may differ in other ways, show how large a difference
arises by chance (Fisher 1935, The Design of Experiments; Pitman 1937, J R Stat Soc Suppl 4:119).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.progress import Progress
from motifnet.stats.sequential import MOST, N_EXCEED, SequentialTest, sequential_p


def permutation_p(
    statistic: Callable[[np.ndarray], float],
    labels: np.ndarray,
    blocks: np.ndarray | None = None,
    *,
    n_exceed: int = N_EXCEED,
    most: int = MOST,
    seed: int = 0,
    progress: Progress | None = None,
) -> SequentialTest:
    """Test a statistic of labels by dealing them out again within blocks.

    Parameters
    ----------
    statistic : callable
        From labels, ``shape=(n, ...)``, to a number; large ones speak against labels that do not matter.
    labels : numpy.ndarray, shape=(n, ...)
        Of each sequence, or of each cluster of sequences that depend on each other.
    blocks : numpy.ndarray, shape=(n,), optional
        Labels stay within blocks: of chromosomes, of strata of length or composition. Without, all are one
        block.
    n_exceed, most : int
        When to stop: see :func:`motifnet.stats.sequential.sequential_p`.
    seed : int
        Of the permutations.
    progress : Progress, optional
        Is told of each permutation.

    Returns
    -------
    SequentialTest
        The p-value, and the statistics of all permutations that were made.

    Raises
    ------
    InvalidValue
        If there is no label.
    ShapeMismatch
        If there is not one block a label.

    Examples
    --------
    >>> scores = np.array([5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0])
    >>> labels = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    >>> found = permutation_p(lambda labels: scores @ labels, labels, most=999)
    >>> 0.01 < found.p < 0.03  # one of 70 ways to choose four of eight
    True
    """
    labels = np.asarray(labels)
    n = len(labels)
    if not n:
        raise InvalidValue("number of labels", n, "at least 1")
    if blocks is None:
        blocks = np.zeros(n, np.int64)
    if np.shape(blocks) != (n,):
        raise ShapeMismatch("blocks", np.shape(blocks), f"({n},), one a label")
    block = np.unique(np.asarray(blocks), return_inverse=True)[1]
    places = np.argsort(block, kind="stable")

    def permuted(number: int) -> float:
        drawn = np.empty_like(labels)
        drawn[places] = labels[np.lexsort((np.random.default_rng([seed, number]).random(n), block))]
        return float(statistic(drawn))

    return sequential_p(
        permuted,
        float(statistic(labels)),
        n_exceed=n_exceed,
        most=most,
        progress=progress,
        name="permutations",
    )
