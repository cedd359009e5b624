"""What the loop looks up: how far words of four bases fall short of the best score of each matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.kernels.pwm_scan.loops import COLUMNS, QUADS

_LEVELS = 128  # negative numbers of a byte


class MatrixBlock(NamedTuple):
    """Up to 64 matrices of similar width, as the loop wants them.

    Parameters
    ----------
    columns : numpy.ndarray of int64, shape=(n_columns,)
        Which matrices they are, the widest first.
    widths, thresholds : numpy.ndarray of int64, shape=(n_columns,)
        Width and least score of a hit of each.
    scores : numpy.ndarray of int32, shape=(n_columns, longest, 4)
        The matrices, with what is behind their last column 0.
    tables : numpy.ndarray of int8, shape=(n_tables, 256, 64)
        What four bases lack, for every four columns of the matrices.
    """

    columns: np.ndarray
    widths: np.ndarray
    thresholds: np.ndarray
    scores: np.ndarray
    tables: np.ndarray


def blocks_of(matrices: Sequence[np.ndarray], thresholds: np.ndarray) -> list[MatrixBlock]:
    """Matrices in blocks of similar width.

    Parameters
    ----------
    matrices : sequence of numpy.ndarray of int, shape=(4, width)
    thresholds : numpy.ndarray of int, shape=(n_matrices,)
        Least score of a hit.
    """
    order = sorted(range(len(matrices)), key=lambda i: -matrices[i].shape[1])
    chosen = (order[i : i + COLUMNS] for i in range(0, len(order), COLUMNS))
    return [_block(columns, matrices, thresholds) for columns in chosen]


def _block(columns: list[int], matrices: Sequence[np.ndarray], thresholds: np.ndarray) -> MatrixBlock:
    widths = np.array([matrices[i].shape[1] for i in columns], np.int64)
    scores = np.zeros((len(columns), -(-widths[0] // 4) * 4, 4), np.int32)
    for row, i in enumerate(columns):
        scores[row, : widths[row]] = matrices[i].T
    least = np.asarray(thresholds, np.int64)[columns]
    return MatrixBlock(np.array(columns, np.int64), widths, least, scores, _tables(scores, least))


def _tables(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """What words of four bases lack of each matrix's best, with what a hit may lack in the first table.

    In units of which 128 are more than what a hit may lack, rounded down.
    """
    best = scores.max(2, keepdims=True)
    may_lack = np.maximum(best.sum((1, 2), dtype=np.int64) - thresholds, -1)
    unit = np.maximum(may_lack // _LEVELS + 1, 1)
    lacking = _of_words(best - scores) // unit
    lacking[0] -= may_lack // unit + 1
    tables = _aligned((len(lacking), QUADS, COLUMNS))
    tables[...] = 0
    tables[..., : len(scores)] = np.clip(lacking, -_LEVELS, _LEVELS - 1)
    return tables


def _of_words(lacking: np.ndarray) -> np.ndarray:
    """Sums over the words of four bases, ``(n_tables, 256, n_columns)``, of ``(n_columns, length, 4)``."""
    fours = lacking.reshape(len(lacking), -1, 4, 4).astype(np.int64).transpose(2, 1, 3, 0)
    first, second, third, fourth = fours
    words = (
        first[:, :, None, None, None]
        + second[:, None, :, None, None]
        + third[:, None, None, :, None]
        + fourth[:, None, None, None, :]
    )
    return words.reshape(fours.shape[1], QUADS, -1)


def _aligned(shape: tuple[int, ...]) -> np.ndarray:
    """An array of which every row begins where a vector may be loaded."""
    n_bytes = int(np.prod(shape))
    raw = np.empty(n_bytes + COLUMNS, np.uint8)
    first = -raw.ctypes.data % COLUMNS
    return raw[first : first + n_bytes].view(np.int8).reshape(shape)
