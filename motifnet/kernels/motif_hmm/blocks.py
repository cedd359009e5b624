"""A block of a sequence: its words, and the odds of a site at each of its places."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.copying import copy_row
from motifnet.kernels.motif_hmm.tables import LETTERS, LOOKED_UP, WORD
from motifnet.kernels.vectors import first, last, load_two, multiply

_ENTRIES = 2 * LETTERS**WORD  # of a table of both strands

BLOCK = 1 << 13
"""Bases whose odds are kept at once: with ten motifs on two strands they fill a cache of about a megabyte."""


class SequenceText(NamedTuple):
    """Sequences end to end, and those of them that a task is for.

    Attributes
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    first, last : int
        The task's sequences, from the first on, without the last.
    """

    codes: np.ndarray
    offsets: np.ndarray
    first: int
    last: int


class BlockWindows(NamedTuple):
    """Room for what is known of the windows that start in a block.

    Attributes
    ----------
    words : numpy.ndarray of uint16, shape=(n_letters,)
        From three bases before the block on.
    letters : numpy.ndarray of uint8, shape=(n_letters + WORD,)
    products : numpy.ndarray, shape=(2, n_letters)
        Of what the context makes of the bases of each window, and of each base.
    odds : numpy.ndarray, shape=(n_motifs, n_strands, room)
        Of a site at each start, and later its posterior probability.
    tables : numpy.ndarray, shape=(n_tables * 625 * 2,)
        The look-up tables with both strands of a word side by side; of none where there is one strand.
    """

    words: np.ndarray
    letters: np.ndarray
    products: np.ndarray
    odds: np.ndarray
    tables: np.ndarray


@compiled
def longest_of(text):
    """Bases of the longest sequence of a task."""
    longest = 0
    for i in range(text.first, text.last):
        longest = max(longest, text.offsets[i + 1] - text.offsets[i])
    return longest


@compiled
def n_blocks_of(n_bases):
    """Blocks of so many bases; one of none."""
    return max(n_bases - 1, 0) // BLOCK + 1


@compiled
def windows_for(longest, chains):
    """Room for the blocks of sequences of so many bases at most."""
    room = min(BLOCK, longest)
    n_letters = room + chains.widest + LOOKED_UP * WORD + 2 * WORD
    return BlockWindows(
        np.empty(n_letters, np.uint16),
        np.empty(n_letters + WORD, np.uint8),
        np.empty((2, n_letters)),
        np.empty((len(chains.widths), len(chains.tables), room)),
        _side_by_side(chains.tables),
    )


@compiled
def _side_by_side(tables):
    """Tables of which one look-up gives the odds of both strands."""
    if len(tables) < 2:
        return np.empty(0)
    _, n_tables, n_words = tables.shape
    both = np.empty(n_tables * _ENTRIES)
    for table in range(n_tables):
        for word in range(n_words):
            at = table * _ENTRIES + 2 * word
            both[at], both[at + 1] = tables[0, table, word], tables[1, table, word]
    return both


@compiled
def read_block(codes, begin, end, low, chains, windows):
    """Fill the windows of the block at base ``low`` of a sequence; returns its number of bases."""
    n = min(BLOCK, end - low)
    _spell(codes, begin, end, low, n + chains.widest, windows.letters, windows.words)
    _find_odds(n, end - low, chains, windows)
    return n


@compiled
def _spell(codes, begin, end, low, n, letters, words):
    """The words of the bases from ``low - 3`` on; what is outside of the sequence is unknown."""
    lead = WORD - 1
    letters[:] = 4
    start, stop = max(begin, low - lead), min(end, low + n)
    copy_row(codes[start:stop], letters[start - low + lead : stop - low + lead])
    for t in range(len(words)):
        words[t] = np.uint16(letters[t] * 125 + letters[t + 1] * 25 + letters[t + 2] * 5 + letters[t + 3])


@compiled
def _find_odds(n, left, chains, windows):
    """Odds of a site of each motif and strand at ``n`` starts; from the first on there are ``left`` bases."""
    words, products, odds = windows.words[WORD - 1 :], windows.products, windows.odds
    widths, first, tables = chains.widths, chains.first, chains.tables
    depends = _is_not_one(chains.context)
    for m in range(len(widths)):
        n_starts = min(n, max(left - widths[m] + 1, 0))
        if depends:
            _multiply(windows.words, chains.context, n_starts, widths[m], products)
        if len(tables) == 2:
            both = windows.tables[first[m] * _ENTRIES : first[m + 1] * _ENTRIES]
            _look_up_both(odds[m, 0, :n_starts], odds[m, 1, :n_starts], words, both)
        else:
            _look_up_one(odds[m, 0, :n_starts], words, tables[0, first[m] : first[m + 1]])
        for strand in range(len(tables)):
            odds[m, strand, n_starts:n] = 0
            if depends:
                out = odds[m, strand, :n_starts]
                for s in range(n_starts):
                    out[s] *= products[0, s]


@compiled
def _is_not_one(table):
    n = 0
    for place in range(len(table)):
        n += table[place] != 1
    return n > 0


@compiled
def _look_up_both(one, other, words, tables):
    """Products of what the tables of a motif say of the words from each start on, for both strands."""
    second, third = words[WORD:], words[2 * WORD :]
    for s in range(len(one)):
        odds = load_two(tables, 2 * np.int64(words[s]))
        odds = multiply(odds, load_two(tables, _ENTRIES + 2 * np.int64(second[s])))
        odds = multiply(odds, load_two(tables, 2 * _ENTRIES + 2 * np.int64(third[s])))
        one[s], other[s] = first(odds), last(odds)
    for table in range(LOOKED_UP, len(tables) // _ENTRIES):
        its = words[WORD * table :]
        for s in range(len(one)):
            odds = load_two(tables, table * _ENTRIES + 2 * np.int64(its[s]))
            one[s] *= first(odds)
            other[s] *= last(odds)


@compiled
def _look_up_one(out, words, tables):
    """The same for one strand."""
    _look_up_three(out, words, words[WORD:], words[2 * WORD :], tables[0], tables[1], tables[2])
    for table in range(LOOKED_UP, len(tables)):
        _look_up(out, words[WORD * table :], tables[table])


@compiled
def _look_up_three(out, one, two, three, table_one, table_two, table_three):
    for s in range(len(out)):
        out[s] = table_one[one[s]] * table_two[two[s]] * table_three[three[s]]


@compiled
def _look_up(out, words, table):
    for s in range(len(out)):
        out[s] *= table[words[s]]


@compiled
def _multiply(words, context, n, width, products):
    """Product of what the context makes of the bases of each window of a width, in ``products[0]``.

    A window is the end of one stretch of as many bases and the beginning of the next, so that
    two multiplications do for any width (van Herk 1992).
    """
    out, bases = products[0], products[1]
    for t in range(n + width - 1):
        bases[t] = context[words[t]]
    for low in range(0, n, width):
        end = 1.0
        for t in range(low + width - 1, low - 1, -1):
            end *= bases[t]
            out[t] = end
        beginning = 1.0
        for t in range(low + 1, min(low + width, n)):
            beginning *= bases[t + width - 1]
            out[t] *= beginning


@compiled
def count_look_ups(posterior, words, first, last, counts):
    """Add the posterior probability of each site of a motif to its look-ups, in tables first to last."""
    for table in range(first, last):
        its, looked_up = counts[table], words[WORD - 1 + WORD * (table - first) :]
        for s in range(len(posterior)):
            its[looked_up[s]] += posterior[s]


@compiled
def sums_of_words(codes, offsets, table):
    """The sum of what a table says of the word that ends at each base, for each sequence."""
    sums = np.zeros(len(offsets) - 1)
    for i in range(len(sums)):
        word = len(table) - 1
        for place in range(offsets[i], offsets[i + 1]):
            word = word % LETTERS ** (WORD - 1) * LETTERS + codes[place]
            sums[i] += table[word]
    return sums
