"""Counting and hashing of ragged codes: composition, canonical hashes, minimizers."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.streams import mix

_ROOM = 1.1  # over the number of minimizers that random sequences have


@compiled
def base_counts(codes, offsets):
    """How often each base is in each sequence, ``shape=(n, 5)``: A, C, G, T, any other code."""
    counts = np.zeros((len(offsets) - 1, 5), np.int32)
    for i in range(len(offsets) - 1):
        for j in range(offsets[i], offsets[i + 1]):
            counts[i, min(codes[j], 4)] += 1
    return counts


@compiled
def pair_counts(codes, offsets):
    """How often each word of two known bases is in each sequence, ``shape=(n, 16)``: AA, AC, ... TT."""
    counts = np.zeros((len(offsets) - 1, 16), np.int32)
    for i in range(len(offsets) - 1):
        for j in range(offsets[i] + 1, offsets[i + 1]):
            if codes[j - 1] < 4 and codes[j] < 4:
                counts[i, 4 * codes[j - 1] + codes[j]] += 1
    return counts


@compiled
def complement(code):
    """The code of a base on the other strand; the unknown one is its own."""
    return 3 - code if code < 4 else code


@compiled
def other_strand(codes):
    """A sequence as its other strand reads."""
    turned = np.empty_like(codes)
    for t in range(len(codes)):
        turned[t] = complement(codes[len(codes) - 1 - t])
    return turned


@compiled
def _is_canonical(codes):
    """Whether the codes come no later in the alphabet than their reverse complement."""
    for i in range(len(codes)):
        other = complement(codes[len(codes) - 1 - i])
        if codes[i] != other:
            return codes[i] < other
    return True


@compiled
def canonical_hashes(codes, offsets, both_strands):
    """A 128-bit hash of each sequence, the same for both strands where asked.

    Returns
    -------
    hashes : numpy.ndarray of uint64, shape=(n, 2)
    reversed_strand : numpy.ndarray of bool, shape=(n,)
        Whether the hash is that of the reverse complement.
    """
    n = len(offsets) - 1
    hashes = np.empty((n, 2), np.uint64)
    reversed_strand = np.zeros(n, np.bool_)
    for i in range(n):
        sequence = codes[offsets[i] : offsets[i + 1]]
        reversed_strand[i] = both_strands and not _is_canonical(sequence)
        one, two = np.uint64(len(sequence)), np.uint64(0x2545F4914F6CDD1D)
        for j in range(len(sequence)):
            code = sequence[j]
            if reversed_strand[i]:
                code = complement(sequence[len(sequence) - 1 - j])
            letter = np.uint64(code) + np.uint64(1)
            one = (one ^ letter) * np.uint64(0x9DDFEA08EB382D69)
            one ^= one >> np.uint64(29)
            two = (two + letter) * np.uint64(0xD1342543DE82EF95)
            two ^= two >> np.uint64(32)
        hashes[i, 0] = mix(one)
        hashes[i, 1] = mix(two)
    return hashes, reversed_strand


def minimizers(codes, offsets, width, window, both_strands):
    """The minimizers of every sequence: a sample of its words that copies of it share.

    Of each ``window`` consecutive words of known bases, the one with the least hash is kept
    (Roberts et al. 2004), so two sequences that share a stretch of ``width + window - 1`` bases
    share a minimizer. A shorter run of bases gives its least word.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        Ragged sequences.
    width, window : int
        Bases of a word (at most 31) and words of a window.
    both_strands : bool
        Take a word and its reverse complement as one.

    Returns
    -------
    words : numpy.ndarray of uint64, shape=(n_minimizers,)
        Their hashes; the hash is one to one.
    owners : numpy.ndarray of int32, shape=(n_minimizers,)
        The number of the sequence of each, ascending.
    places : numpy.ndarray of int64, shape=(n_minimizers,)
        Where in ``codes`` each begins.

    Examples
    --------
    >>> codes = np.array([0, 2, 1, 3, 0, 2, 1], np.uint8)
    >>> words, owners, places = minimizers(codes, np.array([0, 4, 7]), 3, 5, False)
    >>> owners.tolist(), bool(words[0] == words[1]), places.tolist()
    ([0, 1], False, [1, 4])
    """
    # Of random words two of window + 1 are kept; where there are more after all, they are looked for again.
    n_room = int(_ROOM * 2 * len(codes) / (window + 1)) + len(offsets)
    while True:
        found = np.empty(n_room, np.uint64), np.empty(n_room, np.int32), np.empty(n_room, np.int64)
        n_words = _minimizers(codes, offsets, width, window, both_strands, *found)
        if n_words <= n_room:
            return found[0][:n_words], found[1][:n_words], found[2][:n_words]
        n_room = n_words


@compiled
def may_be_repeated(words):
    """Which words there are several of, ``shape=(n,)``; and some others by chance, one in eight at most.

    Parameters
    ----------
    words : numpy.ndarray of uint64, shape=(n,)
        Hashes, whose low bits are as good as random.
    """
    n_slots = 1 << 10
    while n_slots < 8 * len(words):
        n_slots *= 2
    mask = np.uint64(n_slots - 1)
    seen, again = np.zeros(n_slots // 8, np.uint8), np.zeros(n_slots // 8, np.uint8)
    for word in words:
        slot = word & mask
        byte, bit = slot >> np.uint64(3), np.uint8(1 << (slot & np.uint64(7)))
        if seen[byte] & bit:
            again[byte] |= bit
        else:
            seen[byte] |= bit
    repeated = np.empty(len(words), np.bool_)
    for m in range(len(words)):
        slot = words[m] & mask
        repeated[m] = again[slot >> np.uint64(3)] & np.uint8(1 << (slot & np.uint64(7))) != 0
    return repeated


@compiled
def _minimizers(codes, offsets, width, window, both_strands, words, owners, places):
    """Fill in minimizers as far as they fit, and return how many there are."""
    mask = (np.uint64(1) << np.uint64(2 * width)) - np.uint64(1)
    top = np.uint64(2 * (width - 1))
    recent = np.empty(window, np.uint64)
    n_found = 0
    for i in range(len(offsets) - 1):
        forward, backward = np.uint64(0), np.uint64(0)
        run = best_place = kept_place = 0
        least = np.uint64(0)
        for j in range(offsets[i], offsets[i + 1] + 1):
            at_end = j == offsets[i + 1] or codes[j] > 3
            n_words = run - width + 1
            if at_end:
                if 0 < n_words < window:
                    n_found = _keep(least, i, j - run + best_place, n_found, words, owners, places)
                run = 0
                continue
            forward = ((forward << np.uint64(2)) | np.uint64(codes[j])) & mask
            backward = (backward >> np.uint64(2)) | (np.uint64(3 - codes[j]) << top)
            run += 1
            if run < width:
                continue
            place = run - width
            word = mix(min(forward, backward) if both_strands else forward)
            recent[place % window] = word
            if place == 0:
                best_place, kept_place, least = 0, -1, word
            elif best_place <= place - window:
                best_place = place - window + 1
                for earlier in range(best_place + 1, place + 1):
                    if recent[earlier % window] < recent[best_place % window]:
                        best_place = earlier
                least = recent[best_place % window]
            elif word < least:
                best_place, least = place, word
            if place >= window - 1 and best_place != kept_place:
                first = j + 1 - run + best_place
                n_found = _keep(least, i, first, n_found, words, owners, places)
                kept_place = best_place
    return n_found


@compiled
def _keep(word, owner, place, n_found, words, owners, places):
    if n_found < len(words):
        words[n_found] = word
        owners[n_found] = owner
        places[n_found] = place
    return n_found + 1
