"""What a scan is, in plain numpy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def scan(
    matrices: Sequence[np.ndarray], thresholds: np.ndarray, codes: np.ndarray, offsets: np.ndarray
) -> list[tuple[int, int, int]]:
    """Position, matrix and score of every window of known bases that scores at least the threshold."""
    found = []
    for start, stop in pairwise(offsets):
        for position in range(start, stop):
            for column, matrix in enumerate(matrices):
                word = codes[position : min(position + matrix.shape[1], stop)]
                if len(word) == matrix.shape[1] and (word < 4).all():
                    score = int(matrix[word, np.arange(len(word))].sum())
                    if score >= thresholds[column]:
                        found.append((int(position), column, score))
    return found
