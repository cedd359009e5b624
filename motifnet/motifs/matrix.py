"""Pure functions on motif matrices of shape ``(4, width)``, rows in the order A, C, G, T."""

from __future__ import annotations

import numpy as np

from motifnet.errors import ShapeMismatch

UNIFORM = np.full(4, 0.25)
DIGITS = 10
"""Decimals of a probability in a file."""


def checked(matrix: np.ndarray, name: str = "matrix") -> np.ndarray:
    """The matrix as float64, or :class:`~motifnet.errors.ShapeMismatch` if it is not ``(4, width)``."""
    array = np.asarray(matrix, np.float64)
    if array.ndim != 2 or array.shape[0] != 4 or array.shape[1] < 1:
        hint = "Was it (width, 4)?" if array.ndim == 2 and array.shape[1] == 4 else ""
        raise ShapeMismatch(name, array.shape, "(4, width)", hint)
    return array


def reverse_complement(matrix: np.ndarray) -> np.ndarray:
    """The matrix of the other strand: both axes reversed."""
    return matrix[::-1, ::-1]


def probabilities(
    counts: np.ndarray, background: np.ndarray = UNIFORM, pseudocount: float = 0.0
) -> np.ndarray:
    """Columns that sum to 1, after adding ``pseudocount * background`` to each.

    A column without counts becomes the background.
    """
    total = counts.sum(0) + pseudocount
    padded = counts + pseudocount * background[:, None]
    return np.where(total > 0, padded / np.where(total > 0, total, 1), background[:, None])


def as_written(probability: np.ndarray) -> np.ndarray:
    """Probabilities as files hold them: whole numbers of ``10 ** -DIGITS``, whose columns sum to 1 exactly.

    What is read again is these numbers, so that whatever is decided by them is decided alike before and
    after.

    Parameters
    ----------
    probability : numpy.ndarray, shape=(4, width)

    Returns
    -------
    numpy.ndarray of int64, shape=(4, width)
        Rounded down, but for those of the largest remainders.

    Examples
    --------
    >>> as_written(np.array([[1 / 3], [1 / 3], [1 / 3], [0]])).ravel().tolist()
    [3333333334, 3333333333, 3333333333, 0]
    """
    one = 10**DIGITS
    scaled = probability / probability.sum(0) * one
    # A number that was read is a hair off the whole one that was written.
    whole = np.floor(scaled + 1e-4)
    missing = one - whole.sum(0)
    order = np.argsort(whole - scaled, axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    return (whole + (rank < missing)).astype(np.int64)


def log_odds(probability: np.ndarray, background: np.ndarray = UNIFORM) -> np.ndarray:
    """log2(probability / background), ``(4, width)``; minus infinity where a probability is 0."""
    with np.errstate(divide="ignore"):
        return np.log2(probability) - np.log2(background)[:, None]


def information(probability: np.ndarray, background: np.ndarray = UNIFORM) -> np.ndarray:
    """Information content in bits of each column, ``shape=(width,)``.

    The relative entropy of the column to the background (Schneider et al. 1986).
    """
    safe = np.where(probability > 0, probability, 1)
    return (probability * np.log2(safe / background[:, None])).sum(0)


def trim(information_content: np.ndarray, least: float, min_width: int) -> slice:
    """The stretch of columns left when weak ends are cut.

    It is the stretch with the largest sum of information above ``least`` (Bentley 1984, Comm.
    ACM 27:865): a gap of weak columns is kept where what lies beyond it is worth the gap, and
    an isolated weak column is not. It has ``min_width`` columns at least, if the matrix has.

    Parameters
    ----------
    information_content : numpy.ndarray, shape=(width,)
        Bits of each column.
    least : float
        Bits that a column must bring.
    min_width : int
        Least width of the result.

    Examples
    --------
    >>> trim(np.array([0.0, 0.3, 0.0, 0.0, 2.0, 0.0, 2.0, 0.1]), 0.25, 2)
    slice(4, 7, None)
    """
    width = len(information_content)
    total = np.concatenate([[0.0], np.cumsum(information_content - least)])
    # gain[i, j] of the columns i to j - 1; too short a stretch is none.
    gain = total[None, :] - total[:, None]
    start, stop = np.indices(gain.shape)
    gain[stop - start < min(min_width, width)] = -np.inf
    best = int(np.argmax(gain))
    return slice(best // gain.shape[1], best % gain.shape[1])
