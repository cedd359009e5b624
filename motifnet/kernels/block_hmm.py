"""Sums over paths and best path of a block of columns, or of two with a spacer between them.

Blocks have no gaps, and lie somewhere inside a sequence; between two lie as many bases of background as the
spacer is long, of which there is a distribution (an explicit duration: Rabiner 1989, IV.D). A path is a place
of the first block and a length, so that all paths of a sequence are its places times the lengths. A block
alone is one after which nothing comes, at no distance. Odds of a block at a place are sums of logarithms, and
those of a path are exponentiated relative to the best path, so that wide blocks neither overflow nor
underflow. Likelihoods are relative to those of the flanks, as in :mod:`motifnet.kernels.profile_hmm`.
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import numpy as np

from motifnet.kernels import threads
from motifnet.kernels.compiling import compiled
from motifnet.kernels.words import other_strand

_TASK = 1 << 16  # bases of the sequences that a thread takes at once


class BlockTables(NamedTuple):
    """Two blocks and a spacer, or one block.

    Parameters
    ----------
    log_odds : numpy.ndarray, shape=(width, 5)
        Logarithm of the odds of each base, the last of which is unknown, in each column of both blocks.
    before : int
        Columns of the first block; all, if it is the only one.
    shortest : int
        Length of the shortest spacer.
    lengths : numpy.ndarray, shape=(n_lengths,)
        Probability of each length, from the shortest on.
    """

    log_odds: np.ndarray
    before: int
    shortest: int
    lengths: np.ndarray


class BlockCounts(NamedTuple):
    """Expected counts, summed over all sequences.

    Parameters
    ----------
    log_odds : numpy.ndarray, shape=(n,)
        As in :class:`motifnet.kernels.profile_hmm.ProfileCounts`.
    match : numpy.ndarray, shape=(width, 5)
        Times that each column emitted each base, or one that is unknown.
    lengths : numpy.ndarray, shape=(n_lengths,)
        Times that the spacer had each length.
    """

    log_odds: np.ndarray
    match: np.ndarray
    lengths: np.ndarray


class BlockPaths(NamedTuple):
    """The likeliest path of each sequence, on its better strand.

    Parameters
    ----------
    starts : numpy.ndarray of int64, shape=(n, 2)
        Where each block begins, on the strand of the path; -1 where a sequence has no path.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether the strand is the reverse one.
    posterior : numpy.ndarray, shape=(n, 2)
        Probability that each block is there, given the sequence.
    log_odds : numpy.ndarray, shape=(n,)
        Of the path.
    """

    starts: np.ndarray
    reverse: np.ndarray
    posterior: np.ndarray
    log_odds: np.ndarray


def expected_counts(
    codes: np.ndarray, offsets: np.ndarray, blocks: BlockTables, weights: np.ndarray, *, n_strands: int = 1
) -> BlockCounts:
    """Sums over all paths.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    blocks : BlockTables
    weights : numpy.ndarray, shape=(total_length,)
        Logarithm of what the odds of each base are multiplied with: see
        :class:`motifnet.kernels.profile_hmm.Weights`.
    n_strands : {1, 2}
        With 2, each sequence is read on either strand with the same chance.
    """
    parts = _run(_expected_counts, codes, weights, offsets, blocks, n_strands)
    log_odds, match, lengths = zip(*parts, strict=True)
    return BlockCounts(np.concatenate(log_odds), sum(match), sum(lengths))


def align(
    codes: np.ndarray, offsets: np.ndarray, blocks: BlockTables, weights: np.ndarray, *, n_strands: int = 1
) -> BlockPaths:
    """The likeliest path through each sequence.

    Parameters
    ----------
    codes, offsets, blocks, weights, n_strands
        As for :func:`expected_counts`.
    """
    parts = _run(_align, codes, weights, offsets, blocks, n_strands)
    return BlockPaths(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _run(loop, codes, weights, offsets, blocks: BlockTables, n_strands: int) -> list:
    """The results of a loop over shares of the sequences."""
    shares = threads.shares(offsets, _TASK)
    return threads.run(
        [partial(loop, codes, weights, offsets, *share, *blocks, n_strands) for share in shares]
    )


@compiled
def _expected_counts(codes, weights, offsets, first, last, log_odds, before, shortest, lengths, n_strands):
    width, n_lengths = len(log_odds), len(lengths)
    totals = np.empty(last - first)
    match, used = np.zeros((width, 5)), np.zeros(n_lengths)
    for i in range(first, last):
        strand, weighed = codes[offsets[i] : offsets[i + 1]], weights[offsets[i] : offsets[i + 1]]
        one, other = _block_odds(strand, weighed, log_odds, before)
        best = _best(one, other, before, shortest, lengths)[0]
        turned, turned_weights, one_turned, other_turned, best_turned = strand, weighed, one, other, -np.inf
        if n_strands == 2:
            turned, turned_weights = _turned(strand, weighed)
            one_turned, other_turned = _block_odds(turned, turned_weights, log_odds, before)
            best_turned = _best(one_turned, other_turned, before, shortest, lengths)[0]
        top = max(best, best_turned)
        if top == -np.inf:
            totals[i - first] = -np.inf
            continue
        seen, seen_lengths = np.zeros((width, 5)), np.zeros(n_lengths)
        total = _summed(strand, one, other, top, before, shortest, lengths, seen, seen_lengths)
        if n_strands == 2:
            total += _summed(
                turned, one_turned, other_turned, top, before, shortest, lengths, seen, seen_lengths
            )
        totals[i - first] = math.log(total / n_strands) + top
        match += seen / total
        used += seen_lengths / total
    return totals, match, used


@compiled
def _align(codes, weights, offsets, first, last, log_odds, before, shortest, lengths, n_strands):
    n = last - first
    starts, reverse = np.full((n, 2), -1), np.zeros(n, np.bool_)
    posterior, path_odds = np.zeros((n, 2)), np.full(n, -np.inf)
    for i in range(first, last):
        row = i - first
        strand, weighed = codes[offsets[i] : offsets[i + 1]], weights[offsets[i] : offsets[i + 1]]
        total, best, start, length, one, other = _path(strand, weighed, log_odds, before, shortest, lengths)
        both = total
        if n_strands == 2:
            turned, turned_weights = _turned(strand, weighed)
            found = _path(turned, turned_weights, log_odds, before, shortest, lengths)
            both = np.logaddexp(total, found[0])
            if found[0] > total:
                reverse[row] = True
                total, best, start, length, one, other = found
        if best > -np.inf:
            starts[row, 0], starts[row, 1] = start, start + before + length
            path_odds[row] = best - math.log(n_strands)
            posterior[row, 0], posterior[row, 1] = math.exp(one - both), math.exp(other - both)
    return starts, reverse, posterior, path_odds


@compiled
def _path(codes, weights, log_odds, before, shortest, lengths):
    """All paths and the best, its place and length, and those that share a block with it, in logarithms."""
    one, other = _block_odds(codes, weights, log_odds, before)
    best, start, length = _best(one, other, before, shortest, lengths)
    if best == -np.inf:
        return best, best, -1, 0, best, best
    total, first, second = 0.0, 0.0, 0.0
    for j in range(len(lengths)):
        for t in range(min(len(one), len(other) - before - shortest - j)):
            u = t + before + shortest + j
            weight = lengths[j] * math.exp(one[t] + other[u] - best)
            total += weight
            first += weight if t == start else 0.0
            second += weight if u == start + before + length else 0.0
    return math.log(total) + best, best, start, length, math.log(first) + best, math.log(second) + best


@compiled
def _block_odds(codes, weights, log_odds, before):
    """Logarithm of the odds of each block at each place where it has room."""
    n, width = len(codes), len(log_odds)
    one, other = np.zeros(max(n - before + 1, 0)), np.zeros(max(n - (width - before) + 1, 0))
    for k in range(width):
        odds, block, shift = log_odds[k], one if k < before else other, k if k < before else k - before
        for t in range(len(block)):
            block[t] += odds[codes[t + shift]] + weights[t + shift]
    return one, other


@compiled
def _best(one, other, before, shortest, lengths):
    """Logarithm of the odds of the best path, its place and its length."""
    best, start, best_length = -np.inf, -1, -1
    for j in range(len(lengths)):
        length = shortest + j
        if lengths[j] > 0:
            log_share = math.log(lengths[j])
            for t in range(min(len(one), len(other) - before - length)):
                odds = one[t] + other[t + before + length] + log_share
                if odds > best:
                    best, start, best_length = odds, t, length
    return best, start, best_length


@compiled
def _summed(codes, one, other, top, before, shortest, lengths, match, used):
    """Add all paths, relative to the best, to the counts; returns their sum."""
    first, second, total = np.zeros(len(one)), np.zeros(len(other)), 0.0
    for j in range(len(lengths)):
        length, here = shortest + j, 0.0
        for t in range(min(len(one), len(other) - before - length)):
            weight = lengths[j] * math.exp(one[t] + other[t + before + length] - top)
            first[t] += weight
            second[t + before + length] += weight
            here += weight
        used[j] += here
        total += here
    for k in range(len(match)):
        block, shift = (first, k) if k < before else (second, k - before)
        for t in range(len(block)):
            match[k, codes[t + shift]] += block[t]
    return total


@compiled
def _turned(codes, weights):
    """A sequence on its other strand, and its weights."""
    return other_strand(codes), weights[::-1].copy()
