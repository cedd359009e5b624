"""Matches that go together: a chain that ascends in both sequences."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled


@compiled
def heaviest_chain(indptr, column, gain, n_columns):
    """The entries of a sparse matrix, ascending in row and column, whose gains sum to the most.

    Returns
    -------
    numpy.ndarray of int64
        Indices of the entries, in order.
    """
    best = np.zeros(len(column))
    earlier = np.full(len(column), -1, np.int64)
    tree = np.full(n_columns + 1, -1, np.int64)  # Fenwick: the best entry among columns before
    for i in range(len(indptr) - 1):
        for e in range(indptr[i], indptr[i + 1]):
            j = column[e]
            while j > 0:
                if tree[j] >= 0 and (earlier[e] < 0 or best[tree[j]] > best[earlier[e]]):
                    earlier[e] = tree[j]
                j -= j & -j
            best[e] = gain[e] + (best[earlier[e]] if earlier[e] >= 0 else 0.0)
        for e in range(indptr[i], indptr[i + 1]):
            j = column[e] + 1
            while j <= n_columns:
                if best[e] > 0 and (tree[j] < 0 or best[e] > best[tree[j]]):
                    tree[j] = e
                j += j & -j
    at, n = -1, 0
    for e in range(len(best)):
        if best[e] > 0 and (at < 0 or best[e] > best[at]):
            at = e
    last_entry = at
    while at >= 0:
        n += 1
        at = earlier[at]
    chain = np.empty(n, np.int64)
    at = last_entry
    while at >= 0:
        n -= 1
        chain[n] = at
        at = earlier[at]
    return chain
