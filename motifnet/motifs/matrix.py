"""Pure functions on motif matrices of shape ``(4, width)``, rows in the order A, C, G, T."""

from __future__ import annotations

import numpy as np

from motifnet.errors import ShapeMismatch

UNIFORM = np.full(4, 0.25)


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

    Columns are removed from the ends while their information is below ``least``, but never so
    many that fewer than ``min_width`` remain.
    """
    strong = np.flatnonzero(information_content >= least)
    width = len(information_content)
    if len(strong) == 0:
        peak = int(np.argmax(information_content))
        start = min(max(0, peak - min_width // 2), max(0, width - min_width))
        return slice(start, min(width, start + min_width))
    start, stop = int(strong[0]), int(strong[-1]) + 1
    while stop - start < min(min_width, width):
        left = information_content[start - 1] if start > 0 else -np.inf
        right = information_content[stop] if stop < width else -np.inf
        start, stop = (start - 1, stop) if left >= right else (start, stop + 1)
    return slice(start, stop)
