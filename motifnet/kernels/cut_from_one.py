"""Sequences that were cut from one: two of them have the same bases all along where they overlap."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.words import may_be_repeated, minimizers

_WIDTH, _WINDOW = 21, 11  # words, and windows of words, so that any 31 bases that are shared are found
_SHORTEST = _WIDTH + _WINDOW - 1  # bases of an overlap: millions of sequences share as many nowhere by chance
_LONGEST_UNIT = 6  # bases of a tandem repeat's unit, which says nothing of where a sequence is from
_SAME = 20  # bases of which one may differ
_MOST = 0.75  # share of the shorter sequence from which an overlap needs no word of its own
_COMMON = 64  # sequences that are kept of which one word is remembered
_NONE, _DIFFERENT = -1, -1


class CutFromOne:
    """Which sequences overlap one of those that are kept, in their bases.

    Two sequences overlap if they can be laid on each other so that a word is the same and, from the end of
    one to an end of the other, at most one base in twenty differs (an unknown base differs from none).
    Windows of one genome do so, and so do copies of one sequence, but not two sequences with a repeat in
    their midst, beside which they differ. An overlap has 31 bases or more.

    Primers and ends of transposons lie at the ends of sequences that have nothing else in common, and there
    an end of one lies on that of another as if they were windows. So a word is *shared by unlike sequences*
    if some that hold it, laid on each other there, differ, or if one holds it twice; and an overlap that has
    no other words counts only if it is most of the shorter sequence. That depends on all sequences, and not
    on those that are kept.

    Tandem repeats are passed over, since any two microsatellites share them. Of a word that very many
    sequences hold which do not overlap, some are remembered; other words tell where they lie.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        Ragged sequences.
    both_strands : bool
        Lay sequences on the reverse complements of others as well.

    Examples
    --------
    >>> genome = np.random.default_rng(0).integers(0, 4, 150, dtype=np.uint8)
    >>> codes = np.concatenate([genome[:100], genome[50:], 3 - genome[:100][::-1]])
    >>> laid = CutFromOne(codes, np.array([0, 100, 200, 300]), both_strands=True)
    >>> laid.keep(1)
    >>> laid.overlaps_kept(0), laid.overlaps_kept(2)
    (True, True)
    """

    def __init__(self, codes: np.ndarray, offsets: np.ndarray, *, both_strands: bool) -> None:
        words, owners, places = minimizers(codes, offsets, _WIDTH, _WINDOW, both_strands)
        # A word that there is once says nothing, and nearly all of those of random sequences are such.
        several = np.flatnonzero(may_be_repeated(words))
        several = several[_are_repeated(words[several])]
        telling = several[~_are_tandem(codes, places[several], _WIDTH)]
        words, owners, self._places = words[telling], owners[telling], places[telling]
        self._ragged = codes, offsets, both_strands
        self._bounds = np.searchsorted(owners, np.arange(len(offsets)))
        _, first, self._word = np.unique(words, return_index=True, return_inverse=True)
        self._owners = owners
        self._unlike = _shared_by_unlike(*self._ragged, self._word, first, owners, self._places)
        # Those that are kept and hold a word hang together: the last of each word, and the one before each.
        self._last = np.full(len(first), _NONE)
        self._before = np.full(len(owners), _NONE)
        self._n_kept = np.zeros(len(first), np.int64)

    @property
    def may_overlap(self) -> np.ndarray:
        """Which sequences hold a word that there is twice, ``shape=(n,)``: the others overlap none."""
        return np.diff(self._bounds) > 0

    def overlaps_kept(self, i: int) -> bool:
        """Whether a sequence overlaps one that is kept."""
        held = slice(self._bounds[i], self._bounds[i + 1])
        return _overlaps(
            *self._ragged, self._word[held], self._unlike, self._owners, self._places, held.start,
            self._last, self._before,
        )  # fmt: skip

    def keep(self, i: int) -> None:
        """Keep a sequence, so that others are compared with it."""
        _remember(self._word, self._bounds[i], self._bounds[i + 1], self._last, self._before, self._n_kept)


def _are_repeated(words: np.ndarray) -> np.ndarray:
    """Which words there are several of."""
    _, which, n_each = np.unique(words, return_inverse=True, return_counts=True)
    return n_each[which] > 1


@compiled
def _are_tandem(codes, places, width):
    """Which words are repeats of a short unit."""
    tandem = np.zeros(len(places), np.bool_)
    for m, place in enumerate(places):
        for unit in range(1, _LONGEST_UNIT + 1):
            j = place + unit
            while j < place + width and codes[j] == codes[j - unit]:
                j += 1
            if j == place + width:
                tandem[m] = True
                break
    return tandem


@compiled
def _shared_by_unlike(codes, offsets, both_strands, word, first, owners, places):
    """Which words two sequences hold that differ where they are laid on each other, by their numbers."""
    unlike = np.zeros(len(first), np.bool_)
    before = first.copy()
    for m in range(len(word)):
        # A word at the end of one may lie on any number of sequences that begin with it and differ. Of three
        # that hold it, two have it on one side, and they are among those that are compared.
        for other in (first[word[m]], before[word[m]]):
            if other != m and not unlike[word[m]]:
                laid = _laid(codes, offsets, both_strands, owners[m], places[m], owners[other], places[other])
                unlike[word[m]] = laid == _DIFFERENT
        before[word[m]] = m
    return unlike


@compiled
def _overlaps(codes, offsets, both_strands, held, unlike, owners, places, start, last, before):
    for k, word in enumerate(held):
        m, other = start + k, last[word]
        while other != _NONE:
            i, j = owners[m], owners[other]
            laid = _laid(codes, offsets, both_strands, i, places[m], j, places[other])
            fewest = _SHORTEST
            if unlike[word]:
                shorter = min(offsets[i + 1] - offsets[i], offsets[j + 1] - offsets[j])
                fewest = max(fewest, int(np.ceil(_MOST * shorter)))
            if laid >= fewest:
                return True
            other = before[other]
    return False


@compiled
def _remember(word, start, stop, last, before, n_kept):
    for m in range(start, stop):
        if n_kept[word[m]] < _COMMON:
            before[m], last[word[m]] = last[word[m]], m
            n_kept[word[m]] += 1


@compiled
def _laid(codes, offsets, both_strands, i, place, j, their_place):
    """How many bases two sequences overlap if laid on each other at a word; less than none if they differ."""
    one, two = codes[offsets[i] : offsets[i + 1]], codes[offsets[j] : offsets[j + 1]]
    x, y = place - offsets[i], their_place - offsets[j]
    laid = _laid_forward(one, two, x - y)
    if both_strands:
        laid = max(laid, _laid_backward(one, two, x + y + _WIDTH - 1))
    return laid


@compiled
def _laid_forward(one, two, shift):
    """The overlap where ``two`` begins ``shift`` bases behind ``one``."""
    first, last = max(shift, 0), min(len(one), len(two) + shift)
    left = (last - first) // _SAME
    for x in range(first, last):
        if one[x] != two[x - shift] and one[x] < 4 and two[x - shift] < 4:
            left -= 1
            if left < 0:
                return _DIFFERENT
    return last - first


@compiled
def _laid_backward(one, two, ends):
    """The overlap where base ``x`` of ``one`` pairs with base ``ends - x`` of ``two``."""
    first, last = max(ends - len(two) + 1, 0), min(len(one), ends + 1)
    left = (last - first) // _SAME
    for x in range(first, last):
        if one[x] + two[ends - x] != 3 and one[x] < 4 and two[ends - x] < 4:
            left -= 1
            if left < 0:
                return _DIFFERENT
    return last - first
