"""How alike each pair of many motifs is; :func:`motifnet.motifs.compare.similarities` defines it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.threads import run
from motifnet.motifs.matrix import UNIFORM
from motifnet.strand import Strand

TASKS = 64
"""Parts in which many motifs are compared, as far as progress is told."""


def similarities(
    matrices: Sequence[np.ndarray],
    *,
    strand: Strand = Strand.BOTH,
    advance: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Cosine of the matrices of each pair of motifs at their best offset and strand, ``(n, n)``.

    Parameters
    ----------
    matrices : sequence of numpy.ndarray, shape=(4, width)
        Probabilities; equal shares of the bases say nothing.
    strand : Strand
        Also try the reverse complement of one of the two, where it reads both.
    advance : callable
        Called after each of the parts.

    Returns
    -------
    numpy.ndarray, shape=(n, n)
        Symmetric, with 1 for a motif and itself.

    Examples
    --------
    >>> gata = np.eye(4)[:, [2, 0, 3, 0]]
    >>> similarities([gata, gata[::-1, ::-1]]).round(6).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    ready = _ready(matrices)
    table = np.eye(len(matrices))
    # A row has as many pairs as there are motifs before it, so rows are dealt out in turn.
    rows = [np.arange(first, len(matrices), TASKS) for first in range(TASKS)]
    run([partial(_fill, table, *ready, some, strand.reads_both) for some in rows], advance)
    return table


def first_alike(matrices: Sequence[np.ndarray], least: float, *, strand: Strand = Strand.BOTH) -> np.ndarray:
    """Of each motif the first that it is like, which is like none before it; or itself, ``shape=(n,)``.

    Parameters
    ----------
    matrices : sequence of numpy.ndarray, shape=(4, width)
        As of :func:`similarities`.
    least : float
        Similarity from which two are alike.
    strand : Strand
        As of :func:`similarities`.

    Examples
    --------
    >>> gata, ebox = np.eye(4)[:, [2, 0, 3, 0]], np.eye(4)[:, [1, 0, 1, 2]]
    >>> first_alike([gata, ebox, gata], 0.9).tolist()
    [0, 1, 0]
    """
    return _first_alike(*_ready(matrices), least, strand.reads_both)


def _ready(matrices: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The columns of all motifs, where each ends, and how long it is as a vector."""
    ends = np.cumsum([0, *(matrix.shape[1] for matrix in matrices)])
    columns = np.concatenate([np.empty((0, 4)), *((matrix - UNIFORM[:, None]).T for matrix in matrices)])
    norms = np.array([np.linalg.norm(columns[first:last]) for first, last in pairwise(ends)])
    return columns, ends, norms


@compiled
def _fill(table, columns, ends, norms, rows, both_strands):
    """The cosines of some motifs with all motifs before them, in both halves of the table."""
    for i in rows:
        for j in range(i):
            table[i, j] = table[j, i] = _cosine(columns, ends, norms, i, j, both_strands)


@compiled
def _first_alike(columns, ends, norms, least, both_strands):
    """The first motifs of their kind are compared with, no others."""
    like = np.arange(len(norms))
    firsts = np.empty(len(norms), np.int64)
    n_firsts = 0
    for i in range(len(norms)):
        for j in firsts[:n_firsts]:
            if _cosine(columns, ends, norms, i, j, both_strands) >= least:
                like[i] = j
                break
        if like[i] == i:
            firsts[n_firsts] = i
            n_firsts += 1
    return like


@compiled
def _cosine(columns, ends, norms, i, j, both_strands):
    """Of two motifs at their best offset and strand."""
    width, other, best = ends[i + 1] - ends[i], ends[j + 1] - ends[j], -np.inf
    for at in range(1 - other, width):
        best = max(best, _product(columns, ends[i], width, ends[j], other, at))
        if both_strands:
            best = max(best, _product_turned(columns, ends[i], width, ends[j], other, at))
    norm = norms[i] * norms[j]
    return best / norm if norm > 0 else 0.0


@compiled
def _product(columns, first, width, second, other, at):
    """Sum of the products of two motifs, of which the second begins at a column of the first."""
    total = 0.0
    for k in range(max(0, at), min(width, at + other)):
        a, b = first + k, second + k - at
        total += columns[a, 0] * columns[b, 0] + columns[a, 1] * columns[b, 1]
        total += columns[a, 2] * columns[b, 2] + columns[a, 3] * columns[b, 3]
    return total


@compiled
def _product_turned(columns, first, width, second, other, at):
    """The same with the second motif reverse-complemented."""
    total = 0.0
    for k in range(max(0, at), min(width, at + other)):
        a, b = first + k, second + other - 1 - (k - at)
        total += columns[a, 0] * columns[b, 3] + columns[a, 1] * columns[b, 2]
        total += columns[a, 2] * columns[b, 1] + columns[a, 3] * columns[b, 0]
    return total
