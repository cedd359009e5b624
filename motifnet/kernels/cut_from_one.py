"""Sequences that were cut from one: two of them have the same bases all along where they overlap."""

from __future__ import annotations

import numpy as np
from numba import njit

from motifnet.kernels.streams import mix

_LONGEST_UNIT = 6  # bases of a tandem repeat's unit, which says nothing of where a sequence is from
_SAME = 20  # bases of which one may differ
_COMMON = 64  # sequences that begin or end with one word, from which it is taken for a primer
_NONE = -1


@njit(cache=True, nogil=True)
def first_of_each(codes, offsets, order, width, both_strands):
    """Which sequences overlap none that was kept before them, ``shape=(n,)``.

    Two sequences overlap if they can be laid on each other so that a word of ``width`` bases is the same
    and, from the end of one to an end of the other, at most one base in twenty differs (an unknown base
    differs from none). Windows of one genome do so, and so do copies of one sequence, but not two sequences
    with a repeat in their midst, beside which they differ.

    Of a sequence that is kept, the first and the last word of ``width`` bases are remembered. Whatever
    overlaps a sequence that is not longer holds one of the two, and where it does so tells how the two lie.
    A word that is a tandem repeat is passed over, since any two microsatellites share it, and one that many
    sequences begin or end with is remembered of some.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        Ragged sequences.
    order : numpy.ndarray of int64, shape=(n,)
        In which they are looked at; no sequence may come before a shorter one.
    width : int
        Bases of a word, at most 31.
    both_strands : bool
        Lay sequences on the reverse complements of others as well.
    """
    n = len(offsets) - 1
    kept = np.ones(n, np.bool_)
    size = 16
    while size < 8 * n:
        size *= 2
    words, ends = np.zeros(size, np.uint64), np.full(size, _NONE, np.int64)
    found, places = np.empty(0, np.uint64), np.empty(0, np.int64)
    for i in order:
        start, stop = offsets[i], offsets[i + 1]
        if stop - start > len(found):
            found, places = np.empty(stop - start, np.uint64), np.empty(stop - start, np.int64)
        n_words = _words(codes[start:stop], width, both_strands, found, places)
        for k in range(n_words):
            if _is_held(codes, offsets, i, places[k], found[k], width, both_strands, words, ends):
                kept[i] = False
                break
        if kept[i] and n_words:
            _remember(found[0], start + places[0], words, ends)
            if n_words > 1:
                _remember(found[n_words - 1], start + places[n_words - 1], words, ends)
    return kept


@njit(cache=True, nogil=True)
def _words(codes, width, both_strands, found, places):
    """The words of a sequence that are known and no tandem repeats, and where they begin."""
    mask = (np.uint64(1) << np.uint64(2 * width)) - np.uint64(1)
    top = np.uint64(2 * (width - 1))
    forward, backward = np.uint64(0), np.uint64(0)
    run = n_words = 0
    for j in range(len(codes)):
        if codes[j] > 3:
            run = 0
            continue
        forward = ((forward << np.uint64(2)) | np.uint64(codes[j])) & mask
        backward = (backward >> np.uint64(2)) | (np.uint64(3 - codes[j]) << top)
        run += 1
        if run >= width and not _is_tandem(forward, width):
            found[n_words] = mix(min(forward, backward) if both_strands else forward)
            places[n_words] = j - width + 1
            n_words += 1
    return n_words


@njit(cache=True, nogil=True)
def _is_tandem(word, width):
    for unit in range(1, _LONGEST_UNIT + 1):
        rest = (np.uint64(1) << np.uint64(2 * (width - unit))) - np.uint64(1)
        if (word ^ (word >> np.uint64(2 * unit))) & rest == np.uint64(0):
            return True
    return False


@njit(cache=True, nogil=True)
def _remember(word, place, words, ends):
    at = np.int64(word & np.uint64(len(words) - 1))
    n_same = 0
    while ends[at] != _NONE:
        n_same += words[at] == word
        at = (at + 1) % len(words)
    if n_same < _COMMON:
        words[at], ends[at] = word, place


@njit(cache=True, nogil=True)
def _is_held(codes, offsets, i, place, word, width, both_strands, words, ends):
    """Whether a word of a sequence is at an end of one that is kept, and the two overlap so."""
    at = np.int64(word & np.uint64(len(words) - 1))
    while ends[at] != _NONE:
        if words[at] == word:
            other = np.searchsorted(offsets, ends[at], side="right") - 1
            one, two = codes[offsets[i] : offsets[i + 1]], codes[offsets[other] : offsets[other + 1]]
            their_place = ends[at] - offsets[other]
            if _is_same_strand(one, two, place - their_place):
                return True
            if both_strands and _is_other_strand(one, two, place + their_place + width - 1):
                return True
        at = (at + 1) % len(words)
    return False


@njit(cache=True, nogil=True)
def _is_same_strand(one, two, shift):
    """Whether nearly all bases are equal where ``two`` begins ``shift`` bases behind ``one``."""
    first, last = max(shift, 0), min(len(one), len(two) + shift)
    left = (last - first) // _SAME
    for x in range(first, last):
        if one[x] != two[x - shift] and one[x] < 4 and two[x - shift] < 4:
            left -= 1
            if left < 0:
                return False
    return True


@njit(cache=True, nogil=True)
def _is_other_strand(one, two, ends):
    """Whether base ``x`` of ``one`` is the complement of base ``ends - x`` of ``two``, for nearly all."""
    first, last = max(ends - len(two) + 1, 0), min(len(one), ends + 1)
    left = (last - first) // _SAME
    for x in range(first, last):
        if one[x] + two[ends - x] != 3 and one[x] < 4 and two[ends - x] < 4:
            left -= 1
            if left < 0:
                return False
    return True
