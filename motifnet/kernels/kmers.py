"""In how many sequences does each word stand? Plain and gapped words, both strands as one."""

from __future__ import annotations

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.kernels.compiling import compiled

_LONGEST_HALF = 7  # bases of which every word is a number of 16 bits


def half_words(codes: np.ndarray, offsets: np.ndarray, half: int) -> np.ndarray:
    """The word of ``half`` bases that ends at each position, as a number.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    half : int
        Bases of the word, 7 at most.

    Returns
    -------
    numpy.ndarray of int16, shape=(total_length,)
        The first base is the most significant digit; -1 where a base is unknown, or would lie
        before the sequence.

    Raises
    ------
    InvalidValue
        If the word is longer.

    Examples
    --------
    >>> half_words(np.array([0, 1, 4, 2, 3], np.uint8), np.array([0, 5]), 2).tolist()
    [-1, 1, -1, -1, 11]
    """
    if not 1 <= half <= _LONGEST_HALF:
        raise InvalidValue("bases of a half", half, f"1 to {_LONGEST_HALF}")
    return _half_words(codes, offsets, half)


@compiled
def _half_words(codes, offsets, half):
    words = np.empty(len(codes), np.int16)
    mask = 4**half - 1
    for i in range(len(offsets) - 1):
        word, known = 0, 0
        for p in range(offsets[i], offsets[i + 1]):
            code = codes[p]
            known = known + 1 if code < 4 else 0
            word = (word * 4 + (code & 3)) & mask
            words[p] = word if known >= half else -1
    return words


def presence(
    words: np.ndarray, offsets: np.ndarray, half: int, gap: int, *, n_first: int, both_strands: bool
) -> np.ndarray:
    """Number of sequences that hold each word of two halves with a gap between them.

    A sequence counts once for a word however often it holds it. A word with an unknown base in
    one of its halves is no word; what stands in the gap does not matter. With both strands, a
    word and its reverse complement are one, counted under the smaller code.

    Parameters
    ----------
    words : numpy.ndarray of int16, shape=(total_length,)
        From :func:`half_words`.
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    half : int
        Bases in each half; the word has twice as many.
    gap : int
        Bases between the halves.
    n_first : int
        So many sequences are counted by themselves, and the others by themselves.
    both_strands : bool
        Count a word and its reverse complement as one.

    Returns
    -------
    numpy.ndarray of int32, shape=(2, 4 ** (2 * half))
        Of the first sequences, and of the others. The first base of the word is the most
        significant digit of its code.

    Examples
    --------
    >>> codes, offsets = np.array([0, 1, 2, 3, 0, 1], np.uint8), np.array([0, 6])
    >>> found = presence(half_words(codes, offsets, 1), offsets, 1, 0, n_first=1, both_strands=True)
    >>> [(int(word), int(found[0, word])) for word in np.flatnonzero(found[0])]
    [(1, 1), (6, 1), (12, 1)]
    """
    return _presence(words, offsets, half, gap, n_first, both_strands)


@compiled
def _reverse_complement_word(word, length):
    reverse = 0
    for _ in range(length):
        reverse = reverse * 4 + (3 - (word & 3))
        word >>= 2
    return reverse


@compiled
def _presence(words, offsets, half, gap, n_first, both_strands):
    n_half = 4**half
    flipped = np.empty(n_half, np.int32)
    for word in range(n_half):
        flipped[word] = _reverse_complement_word(word, half)
    counts = np.zeros((2, n_half * n_half), np.int32)
    last_seen = np.full(n_half * n_half, -1, np.int32)
    step = half + gap
    for i in range(len(offsets) - 1):
        group = counts[0 if i < n_first else 1]
        for p in range(offsets[i] + half + step - 1, offsets[i + 1]):
            left, right = np.int32(words[p - step]), np.int32(words[p])
            if left < 0 or right < 0:
                continue
            whole = left * n_half + right
            if both_strands:
                whole = min(whole, flipped[right] * n_half + flipped[left])
            if last_seen[whole] != i:
                last_seen[whole] = i
                group[whole] += 1
    return counts


_FEWEST_SHARED, _MOST_UNLIKE = 5, 1  # bases that two words share and in which they differ, to be variants


def are_variants(first: np.ndarray, second: np.ndarray, *, both_strands: bool) -> bool:
    """Whether two gapped words agree in five bases or more at some offset, and differ in one at most.

    Parameters
    ----------
    first, second : numpy.ndarray of uint8, shape=(span,)
        Codes; unknown bases say nothing.
    both_strands : bool
        Also try the reverse complement of the second.

    Examples
    --------
    >>> are_variants(np.array([3, 2, 0, 1, 3, 1, 0], np.uint8), np.array([0, 2, 3, 1, 0], np.uint8),
    ...     both_strands=False)
    False
    """
    return _are_variants(first, second, both_strands)


@compiled
def _are_variants(first, second, both_strands):
    for shift in range(4 - len(second), len(first) - 3):
        for turn in range(1 + both_strands):
            agree = differ = 0
            for place in range(max(0, shift), min(len(first), shift + len(second))):
                one, other = first[place], second[place - shift]
                if turn:
                    other = second[len(second) - 1 - place + shift]
                    other = 3 - other if other < 4 else other
                if one < 4 and other < 4:
                    agree += one == other
                    differ += one != other
            if agree >= _FEWEST_SHARED and differ <= _MOST_UNLIKE:
                return True
    return False
