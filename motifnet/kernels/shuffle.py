"""Shuffles that keep the count of every word of a given length, over ragged codes.

Read a sequence as a walk over its (k-1)-letter words, each letter being an edge to the next
word. A walk over the same edges from the same start has the same k-letter counts. All such walks
are equally likely when the last exits from the words form a uniform random tree towards the
final word and the other exits are in random order (Altschul and Erickson 1985). Wilson's (1996)
loop-erased walk draws that tree.
"""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.streams import below, stream


@compiled
def shuffle_klets(codes, offsets, klet, seed, copy, shuffled):
    """Shuffle every run of known bases of every sequence.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
        Sequences, one after the other.
    offsets : numpy.ndarray of int64, shape=(n + 1,)
        Where each begins.
    klet : int
        Length of the words whose counts are kept.
    seed, copy : int
        The stream of sequence ``i`` is that of ``(seed, i, copy)``.
    shuffled : numpy.ndarray of uint8, shape=(total_length,)
        Filled with the shuffles.
    """
    n_words = 4 ** (klet - 1)
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    letters = np.empty(longest, np.uint8)
    first = np.empty(n_words + 1, np.int64)
    work = np.empty(n_words, np.int64)
    in_tree = np.empty(n_words, np.bool_)
    state = np.empty(1, np.uint64)
    for i in range(len(offsets) - 1):
        state[0] = stream(seed, i, copy)
        start, stop = offsets[i], offsets[i + 1]
        while start < stop:
            end = start
            while end < stop and codes[end] < 4:
                end += 1
            if end == start:
                shuffled[start] = codes[start]
                start += 1
                continue
            if end - start <= klet:
                # So short a run has but one order.
                for j in range(start, end):
                    shuffled[j] = codes[j]
            else:
                _shuffle_run(
                    codes[start:end], klet, letters, first, work, in_tree, state, shuffled[start:end]
                )
            start = end


@compiled
def _shuffle_run(codes, klet, letters, first, work, in_tree, state, shuffled):
    """Shuffle one run of known bases, longer than ``klet``."""
    start = 0
    for i in range(klet - 1):
        start = start * 4 + codes[i]
        shuffled[i] = codes[i]
    final = _collect_edges(codes, klet, start, letters, first, work)
    _draw_last_exits(final, letters, first, work, in_tree, state)
    _order_exits(final, letters, first, work, state)
    _walk(klet, start, letters, first, work, shuffled)


@compiled
def _collect_edges(codes, klet, start, letters, first, place):
    """Edges by the word they leave: word ``w`` owns ``letters[first[w]:first[w + 1]]``.

    Returns the word that the run ends on.
    """
    mask = len(place) - 1
    for w in range(len(first)):
        first[w] = 0
    word = start
    for i in range(klet - 1, len(codes)):
        first[word + 1] += 1
        word = (word * 4 + codes[i]) & mask
    final = word
    for w in range(len(place)):
        first[w + 1] += first[w]
        place[w] = first[w]
    word = start
    for i in range(klet - 1, len(codes)):
        letters[place[word]] = codes[i]
        place[word] += 1
        word = (word * 4 + codes[i]) & mask
    return final


@compiled
def _draw_last_exits(final, letters, first, last, in_tree, state):
    """Wilson's walk: from each word wander to the tree, then keep the last exits taken."""
    mask = len(last) - 1
    for w in range(len(last)):
        in_tree[w] = w == final
    for w in range(len(last)):
        if first[w] == first[w + 1]:
            continue
        word = w
        while not in_tree[word]:
            last[word] = first[word] + below(state, first[word + 1] - first[word])
            word = (word * 4 + letters[last[word]]) & mask
        word = w
        while not in_tree[word]:
            in_tree[word] = True
            word = (word * 4 + letters[last[word]]) & mask


@compiled
def _order_exits(final, letters, first, last, state):
    """Put the tree's exits last and the others in random order (Fisher-Yates)."""
    for w in range(len(last)):
        end = first[w + 1]
        if first[w] == end:
            continue
        if w != final:
            end -= 1
            letters[end], letters[last[w]] = letters[last[w]], letters[end]
        for i in range(end - 1, first[w], -1):
            j = first[w] + below(state, i - first[w] + 1)
            letters[i], letters[j] = letters[j], letters[i]


@compiled
def _walk(klet, start, letters, first, place, shuffled):
    """Follow the exits in order and write the letters passed."""
    mask = len(place) - 1
    for w in range(len(place)):
        place[w] = first[w]
    word = start
    for i in range(klet - 1, len(shuffled)):
        letter = letters[place[word]]
        place[word] += 1
        shuffled[i] = letter
        word = (word * 4 + letter) & mask
