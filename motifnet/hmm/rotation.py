"""Where one circle begins in another: rotation by exact anchors."""

from __future__ import annotations

import numpy as np

from motifnet.errors import InvalidValue

_WORD = 16  # bases: a genome of a billion bases has few of the 4 ** 16 words twice by chance
# Of the words of the shorter circle, that must be anchors. Circles that differ in a quarter of their bases
# share 0.75 ** 16, one word in a hundred.
_LEAST_SHARE = 0.01
# Of the length, by which diagonals of one rotation may differ, since gaps move a diagonal.
# A convention: wider takes in anchors of other rotations, narrower loses those behind long gaps.
_NEAR = 0.02


def rotation(x: np.ndarray, y: np.ndarray, name: str) -> int:
    """The base of ``y`` at which to cut it, so that it begins where ``x`` does.

    Words that are there once in each circle vote for a diagonal; of those near the winner, the
    one closest to the beginning of ``x`` tells the cut.

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes of the circles, cut anywhere.
    name : str
        Of the pair, for the error.

    Raises
    ------
    InvalidValue
        If too few words are shared to tell.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> circle = generator.integers(0, 4, 500).astype(np.uint8)
    >>> rotation(circle, np.roll(circle, 123), "circle")
    123
    """
    x_place, y_place = _anchors(x, y)
    if len(x_place) < max(_LEAST_SHARE * min(len(x), len(y)), 1):
        raise InvalidValue(
            f"number of anchors of pair {name}", len(x_place), "circles with more words of 16 bases in common"
        )
    from_begin = np.where(2 * x_place < len(x), x_place, x_place - len(x))  # either way around
    diagonal = (y_place - from_begin) % len(y)
    width = max(int(_NEAR * len(y)), 1)
    votes = np.bincount(diagonal, minlength=len(y))
    around = np.convolve(
        np.concatenate([votes[-width:], votes, votes[:width]]), np.ones(2 * width + 1), "valid"
    )
    centre = int(np.argmax(around))
    off = np.abs((diagonal - centre + len(y) // 2) % len(y) - len(y) // 2)
    near = np.flatnonzero(off <= width)
    return int(diagonal[near[np.argmin(np.abs(from_begin[near]))]])


def _anchors(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of words that are once in each circle."""
    x_word, x_place = _once(x)
    y_word, y_place = _once(y)
    _, in_x, in_y = np.intersect1d(x_word, y_word, assume_unique=True, return_indices=True)
    return x_place[in_x], y_place[in_y]


def _once(circle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Words without unknown bases that are there once, and where."""
    around = np.resize(circle, len(circle) + _WORD - 1)
    windows = np.lib.stride_tricks.sliding_window_view(around, _WORD)
    known = np.flatnonzero((windows < 4).all(1))
    words = windows[known].astype(np.uint64) @ (np.uint64(4) ** np.arange(_WORD, dtype=np.uint64))
    word, first, count = np.unique(words, return_index=True, return_counts=True)
    return word[count == 1], known[first[count == 1]]
