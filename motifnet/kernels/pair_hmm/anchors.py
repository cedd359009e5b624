"""Where two sequences may face each other, from words that they share: the envelope of a pair to begin with.

Words that are there once in either sequence make runs on a diagonal, and runs make chains. Every run is kept
through which a chain goes that is nearly as good as the best, not only those of the best one, so that a
stretch which changed its place, or a repeat of another length, is where it may be in all of its places. The
envelope holds the runs that are kept and all between them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled, compiled_part
from motifnet.kernels.pair_hmm.cells import BLOCK, GLOBAL, LOCAL
from motifnet.kernels.pair_hmm.envelopes import ascend, spread_out, whole
from motifnet.kernels.pair_hmm.strips import STRIP, n_blocks_of, n_strips_of

# A word has so many bases more than it takes to be there once by chance: then one word in 16 has a partner
# by chance. Such runs cost what they are worth, and no more, since chains are kept that go by without them.
_RARE = 2
_LONGEST_WORD = 16  # bases of a number of 32 bits
# Bits that an equal base is worth, at most; those of a gap of any length, and of each doubling of it.
# Chains are kept that are worse than the best by at most so many bits: conventions, which an envelope's
# edge is checked for.
_OF_BASE, _OF_GAP, _OF_DOUBLING, _KEPT = 2.0, 10.0, 2.0, 60.0
_MOST_OF_GAP = 60.0  # bits: a gap of 2 ** 25 bases
_LOOKED_BACK = (
    50  # runs that may come before another at their own cost; those before them, at that of any gap
)
_LOCAL_END = 16  # blocks and strips beyond the ends of a chain, where an alignment may end anywhere


class SharedRuns(NamedTuple):
    """Stretches of words that both sequences share, ascending in X."""

    x: np.ndarray  # first base
    y: np.ndarray
    length: np.ndarray


def runs_of(x: np.ndarray, y: np.ndarray) -> SharedRuns:
    """Words that are there once in either sequence, those that go on on one diagonal as one.

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes.
    """
    width = min(math.ceil(math.log(max(len(x), len(y), 1), 4)) + _RARE, _LONGEST_WORD)
    x_word, x_place = words_once(x, width)
    y_word, y_place = words_once(y, width)
    _, in_x, in_y = np.intersect1d(x_word, y_word, assume_unique=True, return_indices=True)
    order = np.argsort(x_place[in_x])
    at_x, at_y = x_place[in_x][order], y_place[in_y][order]
    return SharedRuns(*_joined(at_x, at_y, width))


def words_once(codes: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Words without unknown bases that are there once in a sequence, ascending, and where.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(length,)
    width : int
        Bases of a word, 16 at most.

    Returns
    -------
    words : numpy.ndarray of uint32, shape=(n,)
    places : numpy.ndarray of int64, shape=(n,)
        First base of each.
    """
    n = len(codes) - width + 1
    if n < 1:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    words = np.zeros(n, np.uint32)
    for k in range(width):
        words = words * np.uint32(4) + (codes[k : n + k] & 3)
    n_unknown = np.concatenate([np.zeros(1, np.int64), np.cumsum(codes > 3)])
    known = np.flatnonzero(n_unknown[width:] == n_unknown[:n])
    word, first, count = np.unique(words[known], return_index=True, return_counts=True)
    return word[count == 1], known[first[count == 1]]


@compiled
def _joined(at_x, at_y, width):
    """Words that follow each other on one diagonal, as runs."""
    n = 0
    x, y, length = np.empty_like(at_x), np.empty_like(at_x), np.empty_like(at_x)
    for k in range(len(at_x)):
        end = x[n - 1] + length[n - 1] if n else 0
        if n and at_x[k] <= end and at_x[k] - x[n - 1] == at_y[k] - y[n - 1]:
            length[n - 1] = at_x[k] + width - x[n - 1]
            continue
        x[n], y[n], length[n] = at_x[k], at_y[k], width
        n += 1
    return x[:n].copy(), y[:n].copy(), length[:n].copy()


@compiled
def _chained(x, y, length, by_end, n_columns):
    """The worth of the best chain that ends in each run, and the run before in it; -1 for none.

    SharedRuns ascend in X; ``by_end`` has them in the order of their ends there.
    """
    n = len(x)
    worth, earlier = np.zeros(n), np.full(n, -1, np.int64)
    tree = np.full(n_columns + 2, -1, np.int64)  # Fenwick: the best run among those that end before a column
    entered = 0  # a run comes into the tree when it ends before the one that is looked at begins
    for k in range(n):
        while entered < n and x[by_end[entered]] + length[by_end[entered]] <= x[k]:
            one = by_end[entered]
            at = y[one] + length[one] + 1
            while at < len(tree):
                if tree[at] < 0 or worth[one] > worth[tree[at]]:
                    tree[at] = one
                at += at & -at
            entered += 1
        best, before = 0.0, -1
        at = y[k] + 1
        while at > 0:
            one = tree[at]
            if one >= 0 and worth[one] - _MOST_OF_GAP > best:
                best, before = worth[one] - _MOST_OF_GAP, one
            at -= at & -at
        for one in range(max(k - _LOOKED_BACK, 0), k):
            overlap = max(x[one] + length[one] - x[k], y[one] + length[one] - y[k], 0)
            if overlap >= length[k] or x[one] >= x[k] or y[one] >= y[k]:
                continue
            shift = abs((x[k] - y[k]) - (x[one] - y[one]))
            cost = _OF_BASE * overlap
            if shift > 0:
                cost += min(_OF_GAP + _OF_DOUBLING * math.log2(shift), _MOST_OF_GAP)
            if worth[one] - cost > best:
                best, before = worth[one] - cost, one
        worth[k], earlier[k] = best + _OF_BASE * length[k], before
    return worth, earlier


class WordChains(NamedTuple):
    """Runs in the chains that may be right.

    Attributes
    ----------
    runs : SharedRuns
    earlier, later : numpy.ndarray of int64, shape=(n_runs,)
        The run before and after each, in the best chain through it; -1 for none.
    through : numpy.ndarray, shape=(n_runs,)
        Bits that this chain is worth.
    """

    runs: SharedRuns
    earlier: np.ndarray
    later: np.ndarray
    through: np.ndarray


def chains_of(x: np.ndarray, y: np.ndarray) -> WordChains:
    """The words that two sequences share, and how they go together.

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes.
    """
    n, m = len(x), len(y)
    runs = runs_of(x, y)
    x_end, y_end = runs.x + runs.length, runs.y + runs.length
    forth, earlier = _chained(*runs, np.argsort(x_end, kind="stable"), m)
    # From the other end, in the order of the ends that begin there.
    order = np.argsort(-x_end, kind="stable")
    backwards = SharedRuns(n - x_end[order], m - y_end[order], runs.length[order])
    back, after = _chained(*backwards, np.argsort(-runs.x[order], kind="stable"), m)
    through, later = forth - _OF_BASE * runs.length, np.full(len(order), -1)
    through[order] += back
    later[order] = np.where(after >= 0, order[after], -1)
    return WordChains(runs, earlier, later, through)


def facing(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bases that face each other in the best chain of words: the middle of every run.

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes.

    Returns
    -------
    numpy.ndarray of int64, shape=(n, 2)
        Ascending in both sequences, but where runs overlap.
    """
    runs, earlier, later, through = chains_of(x, y)
    if not len(through):
        return np.zeros((0, 2), np.int64)
    best = int(np.argmax(through))
    chain, at = [best], best
    while (at := int(earlier[at])) >= 0:
        chain.insert(0, at)
    at = best
    while (at := int(later[at])) >= 0:
        chain.append(at)
    middle = runs.length[chain] // 2
    return np.stack([runs.x[chain] + middle, runs.y[chain] + middle], 1)


def envelope_of(x: np.ndarray, y: np.ndarray, mode: int) -> np.ndarray:
    """Where two sequences may face each other; all cells where they share no word.

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes.
    mode : int
        ``GLOBAL``, ``SEMIGLOBAL`` or ``LOCAL``.

    Returns
    -------
    numpy.ndarray of int32, shape=(n_strips, 2)
        Of every strip, the first block, and the one after the last.
    """
    runs, earlier, later, through = chains_of(x, y)
    kept = np.flatnonzero(through >= through.max(initial=0.0) - _KEPT)
    return _covered(runs, earlier, later, kept, len(x), len(y), mode)


@compiled
def _covered(runs, earlier, later, kept, n, m, mode):
    """The envelope of some runs, and of what lies between them and those before and after them in chains."""
    n_blocks = n_blocks_of(m)
    envelope = whole(n_strips_of(n), n_blocks)
    if len(kept) == 0:
        return envelope
    envelope[:, 0], envelope[:, 1] = n_blocks, 0
    x, y, x_end, y_end = runs.x, runs.y, runs.x + runs.length, runs.y + runs.length
    for k in kept:
        _cover_run(envelope, x[k], y[k], runs.length[k], n_blocks)
        one = earlier[k]
        if one >= 0:
            _cover(envelope, x_end[one], y_end[one], x[k], y[k], n_blocks)
        else:
            _cover_end(envelope, 0, 0, x[k], y[k], mode, n_blocks)
        one = later[k]
        if one >= 0:
            _cover(envelope, x_end[k], y_end[k], x[one], y[one], n_blocks)
        else:
            _cover_end(envelope, x_end[k], y_end[k], n, m, mode, n_blocks)
    if mode == GLOBAL:
        envelope[0, 0], envelope[-1, 1] = 0, n_blocks
    _fill_gaps(envelope)
    spread_out(envelope, n_blocks)
    return envelope


@compiled_part
def _cover(envelope, x0, y0, x1, y1, n_blocks):
    """Cover the cells from one corner to another, which may lie before it where runs overlap."""
    lo, hi = min(y0, y1) // BLOCK, min(max(y0, y1) // BLOCK + 1, n_blocks)
    last = min(max(x0, x1) // STRIP, len(envelope) - 1)
    for s in range(min(x0, x1) // STRIP, last + 1):
        envelope[s, 0] = min(envelope[s, 0], lo)
        envelope[s, 1] = max(envelope[s, 1], hi)


@compiled_part
def _cover_run(envelope, x, y, length, n_blocks):
    """Cover the cells of a run, a strip at a time."""
    for start in range(0, length, STRIP):
        stop = min(start + STRIP, length)
        _cover(envelope, x + start, y + start, x + stop, y + stop, n_blocks)


@compiled_part
def _cover_end(envelope, x0, y0, x1, y1, mode, n_blocks):
    """Cover what lies between the end of a chain and that of the sequences."""
    if mode == LOCAL:
        rows, columns = _LOCAL_END * STRIP, _LOCAL_END * BLOCK
        if x0 == 0 and y0 == 0:
            x0, y0 = max(x1 - rows, 0), max(y1 - columns, 0)
        else:
            x1, y1 = min(x0 + rows, x1), min(y0 + columns, y1)
    _cover(envelope, x0, y0, x1, y1, n_blocks)


@compiled_part
def _fill_gaps(envelope):
    """Give strips without a range that of their neighbours, and let ranges ascend."""
    n_strips = len(envelope)
    for s in range(1, n_strips):
        if envelope[s, 0] >= envelope[s, 1] and envelope[s - 1, 0] < envelope[s - 1, 1]:
            envelope[s] = envelope[s - 1]
    for s in range(n_strips - 2, -1, -1):
        if envelope[s, 0] >= envelope[s, 1]:
            envelope[s] = envelope[s + 1]
    ascend(envelope)
