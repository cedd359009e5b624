"""Which blocks of cells are worked on: for each strip, a range of them.

A range begins and ends no earlier than that of the strip before, as alignments go. So a long gap costs its
length: one strip is as wide as the gap, and the others are as narrow as without it. Where an envelope comes
from does not matter to what is read from it, but only to how much of the posterior it holds. That is told by
its edge: alignments that leave the envelope go through a block at its edge, and where no such block holds
anything to speak of, none does that counts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled

MARGIN = 2
"""Blocks and strips that an envelope is wider on every side than what is known to count. What holds almost
nothing at its edge does so in a few dozen bases, in sequences that are alike; others are widened."""


class Envelopes(NamedTuple):
    """Those of several pairs.

    Attributes
    ----------
    strips : numpy.ndarray of int32, shape=(n_strips, 2)
        Of every strip of every pair, the first block, and the one after the last.
    offsets : numpy.ndarray of int64, shape=(n + 1,)
        Of every pair, its strips; none of a pair that is worked on with others.
    """

    strips: np.ndarray
    offsets: np.ndarray


@compiled
def whole(n_strips, n_blocks):
    """The envelope of all cells."""
    envelope = np.zeros((n_strips, 2), np.int32)
    envelope[:, 1] = n_blocks
    return envelope


@compiled
def is_whole(envelope, n_blocks):
    """Whether an envelope holds all cells: a later range begins no earlier, and ends no earlier."""
    return envelope[-1, 0] == 0 and envelope[0, 1] == n_blocks


@compiled
def n_blocks_in(envelope):
    """Blocks of an envelope."""
    n = 0
    for lo, hi in envelope:
        n += hi - lo
    return n


@compiled
def most_at_edge(envelope, held, n_blocks):
    """The most that a block at the edge holds: see :func:`edge_of`."""
    most, at = 0.0, 0
    for s in range(len(envelope)):
        lo, hi = envelope[s]
        left, right = edge_of(envelope, s, n_blocks)
        for block in range(lo, hi):
            if block < left or block >= right:
                most = max(most, held[at + block - lo])
        at += hi - lo
    return most


@compiled
def edge_of(envelope, s, n_blocks):
    """The blocks of a strip that are not at the edge of an envelope, but between: a range.

    On the left, blocks from which a step down, or into which a step right, crosses the edge; on the right,
    those from which a step right, or into which a step down, does.
    """
    lo, hi = envelope[s]
    left, right = lo, hi
    if s + 1 < len(envelope):
        left = max(left, envelope[s + 1, 0])
    if lo > 0:
        left = max(left, lo + 1)
    if s > 0:
        right = min(right, envelope[s - 1, 1])
    if hi < n_blocks:
        right = min(right, hi - 1)
    return left, right


@compiled
def narrowed(envelope, held, n_blocks, least, step):
    """What holds at least so much, and a margin; where the edge does, so many blocks and strips more."""
    n_strips = len(envelope)
    kept, at = np.empty_like(envelope), 0
    for s in range(n_strips):
        lo, hi = envelope[s]
        first, last, best = -1, -1, lo
        for block in range(lo, hi):
            holds = held[at + block - lo]
            if holds >= least:
                first = block if first < 0 else first
                last = block
            if holds > held[at + best - lo]:
                best = block
        at += hi - lo
        kept[s, 0] = best if first < 0 else first
        kept[s, 1] = (best if first < 0 else last) + 1
    ascend(kept)
    spread_out(kept, n_blocks)
    at = 0
    for s in range(n_strips):
        lo, hi = envelope[s]
        left, right = edge_of(envelope, s, n_blocks)
        for block in range(lo, hi):
            if held[at + block - lo] < least:
                continue
            if block < left:
                for t in range(s, min(s + step, n_strips - 1) + 1):
                    kept[t, 0] = min(kept[t, 0], max(block - step, 0))
            if block >= right:
                for t in range(max(s - step, 0), s + 1):
                    kept[t, 1] = max(kept[t, 1], min(block + 1 + step, n_blocks))
        at += hi - lo
    ascend(kept)
    return kept


@compiled
def spread_out(envelope, n_blocks):
    """Widen an envelope by :data:`MARGIN` on every side, in place."""
    n_strips = len(envelope)
    for s in range(n_strips - 1, -1, -1):
        envelope[s, 0] = max(envelope[max(s - MARGIN, 0), 0] - MARGIN, 0)
    for s in range(n_strips):
        envelope[s, 1] = min(envelope[min(s + MARGIN, n_strips - 1), 1] + MARGIN, n_blocks)


@compiled
def ascend(envelope):
    """Make every range begin and end no earlier than the one before, by widening, in place."""
    for s in range(len(envelope) - 2, -1, -1):
        envelope[s, 0] = min(envelope[s, 0], envelope[s + 1, 0])
    for s in range(1, len(envelope)):
        envelope[s, 1] = max(envelope[s, 1], envelope[s - 1, 1])
