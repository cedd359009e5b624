"""How alike two motifs are, at the best offset and orientation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.motifs import matrix
from motifnet.strand import Strand


class MotifAlignment(NamedTuple):
    """The best way to lay one motif over another.

    Parameters
    ----------
    similarity : float
        Cosine of the two matrices of deviations from the background, between -1 and 1; 1 only
        for the same motif, since columns without a partner count against it.
    offset : int
        Column of the first motif on which the first column of the second (after turning) lies.
    reverse : bool
        Whether the second motif is reverse-complemented.
    """

    similarity: float
    offset: int
    reverse: bool


def align_motifs(
    first: np.ndarray,
    second: np.ndarray,
    background: np.ndarray = matrix.UNIFORM,
    *,
    strand: Strand = Strand.BOTH,
) -> MotifAlignment:
    """Lay the second motif over the first where they agree best.

    Parameters
    ----------
    first, second : numpy.ndarray, shape=(4, width)
        Probabilities.
    background : numpy.ndarray, shape=(4,)
        Base probabilities; a column equal to it says nothing.
    strand : Strand
        Also try the reverse complement of the second, where it reads both.

    Returns
    -------
    MotifAlignment
        How alike they are there, and where and on which strand the second lies.

    Examples
    --------
    >>> import numpy as np
    >>> gata = np.eye(4)[:, [2, 0, 3, 0]]
    >>> found = align_motifs(gata, np.eye(4)[:, [3, 0, 3, 1]])
    >>> round(found.similarity, 6), found.offset, found.reverse
    (1.0, 0, True)
    """
    ours = first - background[:, None]
    turned = [False, True] if strand.reads_both else [False]
    best = MotifAlignment(-1.0, 0, reverse=False)
    for reverse in turned:
        theirs = (matrix.reverse_complement(second) if reverse else second) - background[:, None]
        products = np.zeros(ours.shape[1] + theirs.shape[1] - 1)
        for a, b in zip(ours, theirs, strict=True):
            products += np.convolve(a, b[::-1])
        norm = np.linalg.norm(ours) * np.linalg.norm(theirs)
        place = int(np.argmax(products))
        similarity = float(products[place] / norm) if norm > 0 else 0.0
        if similarity > best.similarity:
            best = MotifAlignment(similarity, place - theirs.shape[1] + 1, reverse)
    return best


def similarity(
    first: np.ndarray,
    second: np.ndarray,
    background: np.ndarray = matrix.UNIFORM,
    *,
    strand: Strand = Strand.BOTH,
) -> float:
    """Similarity of two motifs at their best offset (and orientation): see :func:`align`."""
    return align_motifs(first, second, background, strand=strand).similarity


def similarities(matrices: Sequence[np.ndarray], *, strand: Strand = Strand.BOTH) -> np.ndarray:
    """Similarity of each motif with each, against equal shares of the bases, ``(n, n)``.

    Parameters
    ----------
    matrices : sequence of numpy.ndarray, shape=(4, width)
        Probabilities.
    strand : Strand
        Also try the reverse complement of one of the two, where it reads both.

    Returns
    -------
    numpy.ndarray, shape=(n, n)
        Symmetric, with 1 for a motif and itself.

    Examples
    --------
    >>> import numpy as np
    >>> gata, atat = np.eye(4)[:, [2, 0, 3, 0]], np.eye(4)[:, [0, 3, 0, 3]]
    >>> similarities([gata, gata[::-1, ::-1], atat]).round(2).tolist()
    [[1.0, 1.0, 0.75], [1.0, 1.0, 0.75], [0.75, 0.75, 1.0]]
    """
    table = np.eye(len(matrices))
    for i, one in enumerate(matrices):
        for j in range(i):
            table[i, j] = table[j, i] = similarity(one, matrices[j], strand=strand)
    return table
