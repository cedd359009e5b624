"""Codes of three bases: the rows of the look-up tables."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled


@compiled
def of_ragged(codes, offsets):
    """Code of the three bases from each position on; beyond the sequence's end they are unknown.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
        Codes above 3 are unknown bases.
    offsets : numpy.ndarray of int64, shape=(n + 1,)

    Returns
    -------
    numpy.ndarray of uint8, shape=(total_length,)

    Examples
    --------
    >>> of_ragged(np.array([0, 1, 2], np.uint8), np.array([0, 3])).tolist()
    [7, 39, 74]
    """
    out = np.empty(len(codes), np.uint8)
    for i in range(len(offsets) - 1):
        second = third = 4
        for p in range(offsets[i + 1] - 1, offsets[i] - 1, -1):
            first = min(codes[p], 4)
            out[p] = first * 25 + second * 5 + third
            second, third = first, second
    return out


def of_padded(codes: np.ndarray) -> np.ndarray:
    """The same of sequences of one length, ``(n, length)``, as ``(n * length,)``."""
    n, length = codes.shape
    return of_ragged(np.ascontiguousarray(codes).reshape(-1), np.arange(n + 1) * length)
