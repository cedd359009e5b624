"""How alike each pair of many motifs is; :func:`motifnet.motifs.compare.similarities` defines it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from numba import njit

from motifnet.kernels.threads import run
from motifnet.motifs.matrix import UNIFORM

_TASKS = 16


def similarities(matrices: Sequence[np.ndarray], *, both_strands: bool = True) -> np.ndarray:
    """Cosine of the matrices of each pair of motifs at their best offset and strand, ``(n, n)``.

    Parameters
    ----------
    matrices : sequence of numpy.ndarray, shape=(4, width)
        Probabilities; equal shares of the bases say nothing.
    both_strands : bool
        Also try the reverse complement of one of the two.

    Examples
    --------
    >>> gata = np.eye(4)[:, [2, 0, 3, 0]]
    >>> similarities([gata, gata[::-1, ::-1]]).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    ends = np.cumsum([0, *(matrix.shape[1] for matrix in matrices)])
    columns = np.concatenate([np.empty((0, 4)), *((matrix - UNIFORM[:, None]).T for matrix in matrices)])
    norms = np.array([np.linalg.norm(columns[first:last]) for first, last in pairwise(ends)])
    table = np.eye(len(matrices))
    # A row has as many pairs as there are motifs before it, so rows are dealt out in turn.
    rows = [np.arange(first, len(matrices), _TASKS) for first in range(_TASKS)]
    run([partial(_fill, table, columns, ends, norms, some, both_strands) for some in rows])
    return table


@njit(cache=True, nogil=True)
def _fill(table, columns, ends, norms, rows, both_strands):
    """The cosines of some motifs with all motifs before them, in both halves of the table."""
    for i in rows:
        width = ends[i + 1] - ends[i]
        for j in range(i):
            other, best = ends[j + 1] - ends[j], -np.inf
            for at in range(1 - other, width):
                best = max(best, _product(columns, ends[i], width, ends[j], other, at))
                if both_strands:
                    best = max(best, _product_turned(columns, ends[i], width, ends[j], other, at))
            norm = norms[i] * norms[j]
            table[i, j] = table[j, i] = best / norm if norm > 0 else 0.0


@njit(cache=True, nogil=True)
def _product(columns, first, width, second, other, at):
    """Sum of the products of two motifs, of which the second begins at a column of the first."""
    total = 0.0
    for k in range(max(0, at), min(width, at + other)):
        a, b = first + k, second + k - at
        total += columns[a, 0] * columns[b, 0] + columns[a, 1] * columns[b, 1]
        total += columns[a, 2] * columns[b, 2] + columns[a, 3] * columns[b, 3]
    return total


@njit(cache=True, nogil=True)
def _product_turned(columns, first, width, second, other, at):
    """The same with the second motif reverse-complemented."""
    total = 0.0
    for k in range(max(0, at), min(width, at + other)):
        a, b = first + k, second + other - 1 - (k - at)
        total += columns[a, 0] * columns[b, 3] + columns[a, 1] * columns[b, 2]
        total += columns[a, 2] * columns[b, 1] + columns[a, 3] * columns[b, 0]
    return total
