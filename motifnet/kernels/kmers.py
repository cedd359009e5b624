"""In how many sequences does each word stand? Plain and gapped words, both strands as one."""

from __future__ import annotations

import numpy as np
from numba import njit


def presence(
    codes: np.ndarray, offsets: np.ndarray, half: int, gap: int, *, both_strands: bool
) -> np.ndarray:
    """Number of sequences that hold each word of two halves with a gap between them.

    A sequence counts once for a word however often it holds it. A word with an unknown base in
    one of its halves is no word; what stands in the gap does not matter. With both strands, a
    word and its reverse complement are one, counted under the smaller code.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    half : int
        Bases in each half; the word has twice as many.
    gap : int
        Bases between the halves.
    both_strands : bool
        Count a word and its reverse complement as one.

    Returns
    -------
    numpy.ndarray of int64, shape=(4 ** (2 * half),)
        The first base of the word is the most significant digit of its code.

    Examples
    --------
    >>> codes = np.array([0, 1, 2, 3, 0, 1], np.uint8)
    >>> found = presence(codes, np.array([0, 6]), 1, 0, both_strands=True)
    >>> [(int(word), int(found[word])) for word in np.flatnonzero(found)]
    [(1, 1), (6, 1), (12, 1)]
    """
    return _presence(codes, offsets, half, gap, both_strands)


@njit(cache=True, nogil=True)
def _reverse_complement_word(word, length):
    reverse = 0
    for _ in range(length):
        reverse = reverse * 4 + (3 - (word & 3))
        word >>= 2
    return reverse


@njit(cache=True, nogil=True)
def _presence(codes, offsets, half, gap, both_strands):
    n_half = 4**half
    flipped = np.empty(n_half, np.int64)
    for word in range(n_half):
        flipped[word] = _reverse_complement_word(word, half)
    counts = np.zeros(n_half * n_half, np.int64)
    last_seen = np.full(n_half * n_half, -1, np.int64)
    # One ring of half-words: the half that ends at p, and whether it holds only known bases.
    words = np.empty(0, np.int64)
    for i in range(len(offsets) - 1):
        start, stop = offsets[i], offsets[i + 1]
        length = stop - start
        if length < 2 * half + gap:
            continue
        if len(words) < length:
            words = np.empty(length, np.int64)
        word, known = 0, 0
        for p in range(length):
            code = codes[start + p]
            known = known + 1 if code < 4 else 0
            word = (word * 4 + (code & 3)) % n_half
            words[p] = word if known >= half else -1
        for p in range(2 * half + gap - 1, length):
            left, right = words[p - half - gap], words[p]
            if left < 0 or right < 0:
                continue
            whole = left * n_half + right
            if both_strands:
                whole = min(whole, flipped[right] * n_half + flipped[left])
            if last_seen[whole] != i:
                last_seen[whole] = i
                counts[whole] += 1
    return counts
