"""How often the best of all offsets scores so high by chance (Gupta et al. 2007, Genome Biol. 8:R24)."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

_BLOCK = 48  # scores convolved at once; of 16 to 128 the fastest for queries of 8 to 30 columns


def survival_of_best(columns: np.ndarray, lowest: int, lengths: Collection[int]) -> dict[int, np.ndarray]:
    """The chance that the best offset of a target of so many columns scores as high or higher.

    The columns of the query are independent, and so, by assumption, are the offsets. At an offset the
    target covers some columns of the query in a row, whose scores are added; the others count zero. A
    target of length ``L`` covers all runs of ``L`` columns, or the whole query ``L - w + 1`` times, and
    overhangs either end with every overlap that is shorter.

    Parameters
    ----------
    columns : numpy.ndarray, shape=(n_columns, n_scores)
        The probability of each score in each column of the query, for scores ``lowest``,
        ``lowest + 1`` and so on.
    lowest : int
        The lowest score of a column, zero or less.
    lengths : collection of int
        The lengths of targets, in columns.

    Returns
    -------
    dict of int to numpy.ndarray, shape=(n_positive_scores,)
        For each length the probability of a best score of 1 or more, of 2 or more, and so on to the
        highest that the whole query can have.

    Examples
    --------
    A column that scores 1 in a tenth of all cases and 0 in the others, and a target of two columns,
    which has two offsets:

    >>> {length: tail.round(2).tolist() for length, tail in survival_of_best([[0.9, 0.1]], 0, [2]).items()}
    {2: [0.19]}
    """
    columns = np.asarray(columns, np.float64)
    width, highest = len(columns), lowest + len(columns[0]) - 1
    toeplitz = _toeplitz(columns)
    overhanging = np.zeros(width * highest)  # by overlaps shorter than the span
    survival: dict[int, np.ndarray] = {}
    sums = columns
    for span in range(1, width + 1):
        if span > 1:
            sums = _convolved(sums[:-1], toeplitz[span - 1 :], columns.shape[1])
        tails = np.cumsum(sums[:, : -span * lowest : -1], axis=1)[:, ::-1]
        here = slice(span * highest)
        if span == width:
            survival |= _of_longer(tails[0], overhanging, width, lengths)
        elif span in lengths:
            survival[span] = overhanging.copy()
            survival[span][here] = _either(overhanging[here], _any_of(tails))
        overhanging[here] = _either(overhanging[here], _either(tails[0], tails[-1]))
    return survival


def _either(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The chance of one of two independent events, exact where both are rare."""
    return first + second * (1 - first)


def _any_of(rows: np.ndarray) -> np.ndarray:
    while len(rows) > 1:
        half = len(rows) // 2
        rows = np.concatenate([_either(rows[:half], rows[half : 2 * half]), rows[2 * half :]])
    return rows[0]


def _of_longer(
    whole: np.ndarray, overhanging: np.ndarray, width: int, lengths: Collection[int]
) -> dict[int, np.ndarray]:
    """Of targets that cover the whole query, each ``length - width + 1`` times."""
    with np.errstate(divide="ignore"):  # what is sure is sure: exp(-inf) is 0
        never = np.log1p(-np.minimum(whole, 1))
    return {
        length: _either(overhanging, -np.expm1((length - width + 1) * never))
        for length in lengths
        if length >= width
    }


def _toeplitz(columns: np.ndarray) -> np.ndarray:
    """For each column the matrix that convolves a block of scores with it, whole blocks wide."""
    width, n = columns.shape
    blocks = -(-(_BLOCK + n - 1) // _BLOCK)
    padded = np.zeros((width, (blocks + 1) * _BLOCK - 1))
    padded[:, _BLOCK - 1 : _BLOCK - 1 + n] = columns
    windows = np.lib.stride_tricks.sliding_window_view(padded, blocks * _BLOCK, axis=1)
    return np.ascontiguousarray(windows[:, ::-1])


def _convolved(sums: np.ndarray, toeplitz: np.ndarray, n: int) -> np.ndarray:
    """Each row convolved with the scores of its column, as products of matrices.

    All terms are positive, so that the smallest tails keep their digits, which a Fourier transform
    would lose.
    """
    n_rows, size = sums.shape
    n_blocks = -(-size // _BLOCK)
    padded = np.zeros((n_rows, n_blocks * _BLOCK))
    padded[:, :size] = sums
    spread = padded.reshape(n_rows, n_blocks, _BLOCK) @ toeplitz
    spread = spread.reshape(n_rows, n_blocks, -1, _BLOCK)
    added = np.zeros((n_rows, n_blocks + spread.shape[2] - 1, _BLOCK))
    for shift in range(spread.shape[2]):
        added[:, shift : shift + n_blocks] += spread[:, :, shift]
    return added.reshape(n_rows, -1)[:, : size + n - 1]
