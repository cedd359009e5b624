"""Forward, backward and best path of a profile HMM that lies somewhere inside a sequence.

The profile has a column for each match state. Between two columns bases may be inserted, and
columns may be deleted (Durbin et al. 1998, ch. 5): from a match to the next match, to an insert
or to a delete; from an insert to itself or to the next match; from a delete to the next delete
or match. On both sides lie flanks of background of any length, so that one place in the sequence is
as likely as another. Where a base of the flanks depends on those before it, odds against one distribution of
bases are weighed, base by base.

Every path passes each column once, as a match or as a delete. So a row is a column at all places
of the sequence, and has one scale: a power of two, which is exact. Likelihoods are relative to those
of the background, so that flanks weigh 1 and long ones do not underflow. An unknown base is missing:
it has odds 1 in every state.
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import numpy as np

from motifnet.kernels import threads
from motifnet.kernels.compiling import compiled
from motifnet.kernels.vectors import (
    add,
    lanes,
    larger,
    largest,
    load,
    load_codes,
    multiply,
    multiply_add,
    spread,
    store,
    total,
    where,
)
from motifnet.kernels.words import other_strand

MM, MI, MD, IM, II, DM, DD = range(7)
"""Columns of a table of transitions: from match, insert or delete to match, insert or delete."""

_TASK = 1 << 16  # bases of the sequences that a thread takes at once


class Tables(NamedTuple):
    """A profile as odds against the flanks.

    Parameters
    ----------
    match, insert : numpy.ndarray, shape=(width, 5)
        Odds of each base, the last of which is unknown, in the match state of each column and in
        the insert state before it.
    moves : numpy.ndarray, shape=(width, 7)
        Probabilities of the transitions into each column, those of the insert before it included.
        Before the first column there is a match that emits nothing.
    """

    match: np.ndarray
    insert: np.ndarray
    moves: np.ndarray


class Weights(NamedTuple):
    """What odds against one distribution of bases are multiplied with, as flanks have another at each place.

    Parameters
    ----------
    match, insert : numpy.ndarray of float64, shape=(total_length,)
        Of each base, where a column matches it, and where it is inserted.
    """

    match: np.ndarray
    insert: np.ndarray


class ProfileCounts(NamedTuple):
    """Expected counts, summed over all sequences.

    Parameters
    ----------
    log_odds : numpy.ndarray, shape=(n,)
        Logarithm of the sum over all paths and places, relative to background alone, of each
        sequence; with two strands, of their mean.
    match, insert : numpy.ndarray, shape=(width, 5)
        Times that each state emitted each base, or one that is unknown.
    moves : numpy.ndarray, shape=(width, 7)
        Times that each transition was taken.
    """

    log_odds: np.ndarray
    match: np.ndarray
    insert: np.ndarray
    moves: np.ndarray


class ProfilePaths(NamedTuple):
    """The likeliest path of each sequence, on its better strand.

    Parameters
    ----------
    columns : numpy.ndarray of int64, shape=(n, width)
        Place of the base that each column matches, on the strand of the path; -1 where the column
        is deleted. Bases between two that are matched are inserted.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether the strand is the reverse one.
    posterior : numpy.ndarray, shape=(n, width)
        Probability of each match, given the sequence; 0 where the column is deleted.
    log_odds : numpy.ndarray, shape=(n,)
        Of the path, as in :class:`ProfileCounts`.
    """

    columns: np.ndarray
    reverse: np.ndarray
    posterior: np.ndarray
    log_odds: np.ndarray


def tables(match: np.ndarray, insert: np.ndarray, moves: np.ndarray, background: np.ndarray) -> Tables:
    """The tables of a profile.

    Parameters
    ----------
    match, insert : numpy.ndarray, shape=(width, 4)
        Probability of each base in the match state of each column, and in the insert before it.
    moves : numpy.ndarray, shape=(width, 7)
        Transitions, as in :class:`Tables`.
    background : numpy.ndarray, shape=(4,)
        Probability of each base of the flanks.
    """
    of_match, of_insert = (
        np.pad(one / background, ((0, 0), (0, 1)), constant_values=1.0) for one in (match, insert)
    )
    # In one order of memory, whatever the matrices came in: for another one loops would be compiled anew.
    return Tables(*(np.ascontiguousarray(one, dtype=np.float64) for one in (of_match, of_insert, moves)))


def expected_counts(
    codes: np.ndarray,
    offsets: np.ndarray,
    profile: Tables,
    weights: Weights | None = None,
    *,
    n_strands: int = 1,
) -> ProfileCounts:
    """Sums over all paths by the forward and the backward algorithm (Baum 1972).

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    profile : Tables
    weights : Weights, optional
        1 everywhere, if not given.
    n_strands : {1, 2}
        With 2, each sequence is read on either strand with the same chance.
    """
    parts = _run(_expected_counts, codes, offsets, profile, weights, n_strands)
    log_odds, match, insert, moves = zip(*parts, strict=True)
    return ProfileCounts(np.concatenate(log_odds), sum(match), sum(insert), sum(moves))


def align(
    codes: np.ndarray,
    offsets: np.ndarray,
    profile: Tables,
    weights: Weights | None = None,
    *,
    n_strands: int = 1,
) -> ProfilePaths:
    """The likeliest path through each sequence (Viterbi 1967).

    Parameters
    ----------
    codes, offsets, profile, weights, n_strands
        As for :func:`expected_counts`.
    """
    parts = _run(_align, codes, offsets, profile, weights, n_strands)
    return ProfilePaths(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def match_posterior(codes: np.ndarray, profile: Tables) -> np.ndarray:
    """Probability that a column matches a base, for one sequence on its given strand.

    Returns
    -------
    numpy.ndarray, shape=(width, length)
    """
    rows, scales = _rows(len(profile.match), len(codes)), np.zeros(len(profile.match) + 1, np.int64)
    weights = _ones(len(codes))
    total, scale = _forward(codes, *weights, *profile, rows, scales)
    match, insert, moves = (np.zeros_like(table) for table in profile)
    posterior = np.empty((len(profile.match), len(codes)))
    _backward(codes, *weights, *profile, rows, scales, 1 / total, scale, match, insert, moves, posterior)
    return posterior


def _ones(n_bases: int) -> Weights:
    return Weights(np.ones(n_bases), np.ones(n_bases))


def _run(
    loop, codes: np.ndarray, offsets: np.ndarray, profile: Tables, weights: Weights | None, n_strands: int
) -> list:
    """The results of a loop over shares of the sequences."""
    given = _ones(len(codes)) if weights is None else weights
    shares = threads.shares(offsets, _TASK)
    return threads.run(
        [partial(loop, codes, *given, offsets, *share, *profile, n_strands) for share in shares]
    )


@compiled
def _expected_counts(codes, on_match, on_insert, offsets, first, last, match, insert, moves, n_strands):
    width, log_odds = len(match), np.empty(last - first)
    counts = np.zeros(match.shape), np.zeros(insert.shape), np.zeros(moves.shape)
    totals, exponents = np.zeros(2), np.zeros(2, np.int64)
    scales = np.zeros((2, width + 1), np.int64)
    for i in range(first, last):
        start, end = offsets[i], offsets[i + 1]
        strand, weighed, let_in = codes[start:end], on_match[start:end], on_insert[start:end]
        rows, posterior = _rows(width, len(strand)), np.empty((width, len(strand)))
        other, other_weighed, other_let_in = _turned(strand, weighed, let_in)
        other_rows = _rows(width, len(strand)) if n_strands == 2 else rows
        totals[0], exponents[0] = _forward(strand, weighed, let_in, match, insert, moves, rows, scales[0])
        if n_strands == 2:
            totals[1], exponents[1] = _forward(
                other, other_weighed, other_let_in, match, insert, moves, other_rows, scales[1]
            )
        total, exponent = _sum(totals, exponents)
        log_odds[i - first] = math.log(total / n_strands) + exponent * math.log(2.0) if total > 0 else -np.inf
        if total > 0:
            _backward(
                strand, weighed, let_in, match, insert, moves, rows, scales[0], 1 / total, exponent,
                counts[0], counts[1], counts[2], posterior,
            )  # fmt: skip
            if n_strands == 2:
                _backward(
                    other, other_weighed, other_let_in, match, insert, moves, other_rows, scales[1],
                    1 / total, exponent, counts[0], counts[1], counts[2], posterior,
                )  # fmt: skip
    return log_odds, counts[0], counts[1], counts[2]


@compiled
def _align(codes, on_match, on_insert, offsets, first, last, match, insert, moves, n_strands):
    n, width = last - first, len(match)
    columns, reverse = np.full((n, width), -1), np.zeros(n, np.bool_)
    probability, log_odds = np.zeros((n, width)), np.empty(n)
    ignored = np.zeros(match.shape), np.zeros(insert.shape), np.zeros(moves.shape)
    totals, exponents = np.zeros(2), np.zeros(2, np.int64)
    scales = np.zeros((2, width + 1), np.int64)
    for i in range(first, last):
        row, start, end = i - first, offsets[i], offsets[i + 1]
        strand, weighed, let_in = codes[start:end], on_match[start:end], on_insert[start:end]
        rows, posterior = _rows(width, len(strand)), np.empty((width, len(strand)))
        totals[0], exponents[0] = _forward(strand, weighed, let_in, match, insert, moves, rows, scales[0])
        which = 0
        if n_strands == 2:
            other, other_weighed, other_let_in = _turned(strand, weighed, let_in)
            other_rows = _rows(width, len(strand))
            totals[1], exponents[1] = _forward(
                other, other_weighed, other_let_in, match, insert, moves, other_rows, scales[1]
            )
            if totals[1] > math.ldexp(totals[0], exponents[0] - exponents[1]):
                strand, weighed, let_in = other, other_weighed, other_let_in
                rows, which = other_rows, 1
        total, exponent = _sum(totals, exponents)
        if total > 0:
            _backward(
                strand, weighed, let_in, match, insert, moves, rows, scales[which], 1 / total, exponent,
                ignored[0], ignored[1], ignored[2], posterior,
            )  # fmt: skip
        reverse[row] = which == 1
        log_odds[row] = _best_path(
            strand, weighed, let_in, match, insert, moves, rows, columns[row]
        ) - math.log(n_strands)
        for k in range(width):
            if columns[row, k] >= 0 and total > 0:
                probability[row, k] = posterior[k, columns[row, k]]
    return columns, reverse, probability, log_odds


@compiled
def _rows(width, length):
    """Room for match, insert and delete of each column, and of what is before the first."""
    return np.zeros((3, width + 1, length + 1))


@compiled
def _turned(codes, weighed, let_in):
    return other_strand(codes), weighed[::-1].copy(), let_in[::-1].copy()


@compiled
def _sum(totals, exponents):
    """The sum of two numbers, each with a power of two taken out, with the larger power taken out."""
    if totals[1] == 0:
        return totals[0], exponents[0]
    if totals[0] == 0:
        return totals[1], exponents[1]
    most = max(exponents[0], exponents[1])
    return math.ldexp(totals[0], exponents[0] - most) + math.ldexp(totals[1], exponents[1] - most), most


@compiled
def _rescale(one, other):
    """Bring the largest number of two rows below 1, and return the power of two that was taken out."""
    _, exponent = math.frexp(max(_largest(one), _largest(other)))
    factor = math.ldexp(1.0, -exponent)
    for t in range(len(one)):
        one[t] *= factor
        other[t] *= factor
    return exponent


@compiled
def _largest(numbers):
    """The largest of numbers that are not negative."""
    n, whole, most = lanes(numbers), _whole(numbers), spread(0.0)
    for t in range(0, whole, n):
        most = larger(most, load(numbers, t))
    found = largest(most)
    for t in range(whole, len(numbers)):
        found = max(found, numbers[t])
    return found


@compiled
def _whole(numbers):
    """How many numbers fill vectors: those behind them are worked on one by one."""
    return len(numbers) // lanes(numbers) * lanes(numbers)


@compiled
def _inner(one, other):
    """The sum of the products of two rows."""
    n, whole, products = lanes(other), _whole(other), spread(0.0)
    for t in range(0, whole, n):
        products = multiply_add(load(one, t), load(other, t), products)
    found = total(products)
    for t in range(whole, len(other)):
        found += one[t] * other[t]
    return found


@compiled
def _forward(codes, weighed, let_in, match, insert, moves, rows, scales):
    """Sums over the paths to each state after so many bases; returns the total and its exponent.

    Row ``k`` is of the column before column ``k``, so that row 0 stands before the profile.
    """
    m, i, d = rows[0], rows[1], rows[2]
    n, width = len(codes), len(match)
    odds = np.empty(n)
    m[0] = 1
    d[0] = 0
    for k in range(width):
        move, emitted, inserted = moves[k], match[k], insert[k]
        i[k, 0] = m[k + 1, 0] = 0
        if move[MI] > 0:
            _insert(codes, let_in, inserted, move, m[k], i[k])
        _emit(codes, weighed, emitted, odds)
        _match(odds, move, m[k], i[k], d[k], m[k + 1])
        _weigh(move[MD], m[k], move[DD], d[k], d[k + 1])
        scales[k + 1] = scales[k] + _rescale(m[k + 1], d[k + 1])
    return m[width].sum() + d[width].sum(), scales[width]


@compiled
def _emit(codes, weighed, emitted, odds):
    """Fill in the odds of each base where a column matches it."""
    for t in range(len(codes)):
        odds[t] = weighed[t] * emitted[codes[t]]


@compiled
def _match(odds, move, m, i, d, found):
    """Fill in, from the second number on, the sums over the paths to the match of each base."""
    n, whole = lanes(odds), _whole(odds)
    by_match, by_insert, by_delete = spread(move[MM]), spread(move[IM]), spread(move[DM])
    for t in range(0, whole, n):
        arriving = multiply_add(by_insert, load(i, t), multiply(by_delete, load(d, t)))
        arriving = multiply_add(by_match, load(m, t), arriving)
        store(found, t + 1, multiply(load(odds, t), arriving))
    for t in range(whole, len(odds)):
        found[t + 1] = odds[t] * (move[MM] * m[t] + move[IM] * i[t] + move[DM] * d[t])


@compiled
def _weigh(by_one, one, by_other, other, found):
    """Fill in the sum of two rows, each times a number; ``found`` may be one of them."""
    n, whole = lanes(found), _whole(found)
    to_one, to_other = spread(by_one), spread(by_other)
    for t in range(0, whole, n):
        store(found, t, multiply_add(to_one, load(one, t), multiply(to_other, load(other, t))))
    for t in range(whole, len(found)):
        found[t] = by_one * one[t] + by_other * other[t]


@compiled
def _backward(
    codes, weighed, let_in, match, insert, moves, rows, scales, share, exponent,
    n_match, n_insert, n_moves, posterior,
):  # fmt: skip
    """Sums over the paths from each state on, and with those before it the expected counts.

    ``share`` is 1 over the total, whose power of two is ``exponent``.
    """
    m, i, d = rows[0], rows[1], rows[2]
    n, width = len(codes), len(match)
    ahead_m, ahead_d, scale = np.ones(n + 1), np.ones(n + 1), 0
    # Sums over the paths that match the next base, and that insert it, which the last place does not have.
    matching, inserting, ahead_i = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    odds, inserted = np.empty(n), np.empty(n)
    for k in range(width - 1, -1, -1):
        move, counted, emitted = moves[k], n_moves[k], match[k]
        here = share * math.ldexp(1.0, scales[k + 1] + scale - exponent)
        _emit(codes, weighed, emitted, odds)
        _multiply(here, m[k + 1, 1:], ahead_m[1:], posterior[k])
        _multiply(1.0, odds, ahead_m[1:], matching)
        _add_by_letter(n_match[k], codes, posterior[k])
        before = share * math.ldexp(1.0, scales[k] + scale - exponent)
        inserts = move[MI] > 0
        if inserts:
            _insert_ahead(codes, let_in, insert[k], move, matching, inserting, ahead_i)
            counted[IM] += before * move[IM] * _inner(i[k], matching)
            counted[MI] += before * move[MI] * _inner(m[k], inserting)
            counted[II] += before * move[II] * _inner(i[k], inserting)
            _multiply(before, i[k, 1:], ahead_i[1:], inserted)
            _add_by_letter(n_insert[k], codes, inserted)
        counted[MM] += before * move[MM] * _inner(m[k], matching)
        counted[DM] += before * move[DM] * _inner(d[k], matching)
        counted[MD] += before * move[MD] * _inner(m[k], ahead_d)
        counted[DD] += before * move[DD] * _inner(d[k], ahead_d)
        _weigh(move[MM], matching, move[MD], ahead_d, ahead_m)
        if inserts:
            _weigh(1.0, ahead_m, move[MI], inserting, ahead_m)
        _weigh(move[DM], matching, move[DD], ahead_d, ahead_d)
        scale += _rescale(ahead_m, ahead_d)


@compiled
def _multiply(by, one, other, found):
    """Fill in the products of two rows, times a number, as many as there are of the second."""
    n, whole, factor = lanes(other), _whole(other), spread(by)
    for t in range(0, whole, n):
        store(found, t, multiply(multiply(factor, load(one, t)), load(other, t)))
    for t in range(whole, len(other)):
        found[t] = by * one[t] * other[t]


@compiled
def _add_by_letter(counts, codes, values):
    """Add values to the counts of their letters."""
    n, whole, nothing = lanes(values), _whole(values), spread(0.0)
    for letter in range(len(counts)):
        found = nothing
        for t in range(0, whole, n):
            found = add(found, where(load_codes(codes, t), letter, load(values, t), nothing))
        counts[letter] += total(found)
    for t in range(whole, len(codes)):
        counts[codes[t]] += values[t]


# In both of these a place waits for the one before it: for one fused operation, as they are written.


@compiled(fastmath={"contract"})
def _insert(codes, let_in, inserted, move, m, i):
    """Fill in the sums over the paths to the insert of each base."""
    here = i[0]
    for t in range(len(codes)):
        odds = let_in[t] * inserted[codes[t]]
        here = (odds * move[II]) * here + odds * move[MI] * m[t]
        i[t + 1] = here


@compiled(fastmath={"contract"})
def _insert_ahead(codes, let_in, inserted, move, matching, inserting, ahead_i):
    """Fill in the sums over the paths that insert the next base, and over those on from an insert."""
    ahead = 0.0
    for s in range(len(codes)):
        t = len(codes) - 1 - s
        odds = let_in[t] * inserted[codes[t]]
        inserting[t] = odds * ahead
        ahead = (odds * move[II]) * ahead + move[IM] * matching[t]
        ahead_i[t] = ahead


@compiled
def _best_path(codes, weighed, let_in, match, insert, moves, rows, columns):
    """Fill in the place that each column matches on the likeliest path; returns its logarithm."""
    m, i, d = rows[0], rows[1], rows[2]
    n, width, scale = len(codes), len(match), 0
    m[0] = 1
    d[0] = 0
    for k in range(width):
        move, emitted, inserted = moves[k], match[k], insert[k]
        i[k, 0] = m[k + 1, 0] = 0
        for t in range(n):
            i[k, t + 1] = let_in[t] * inserted[codes[t]] * max(move[MI] * m[k, t], move[II] * i[k, t])
        for t in range(n):
            arriving = max(move[MM] * m[k, t], move[IM] * i[k, t], move[DM] * d[k, t])
            m[k + 1, t + 1] = weighed[t] * emitted[codes[t]] * arriving
        for t in range(n + 1):
            d[k + 1, t] = max(move[MD] * m[k, t], move[DD] * d[k, t])
        scale += _rescale(m[k + 1], d[k + 1])
    t, deleted = m[width].argmax(), False
    best = m[width, t]
    if d[width].max() > best:
        t, deleted = d[width].argmax(), True
        best = d[width, t]
    for k in range(width - 1, -1, -1):
        move = moves[k]
        if deleted:
            columns[k] = -1
            deleted = move[DD] * d[k, t] > move[MD] * m[k, t]
            continue
        t -= 1
        columns[k] = t
        straight, over, jumping = move[MM] * m[k, t], move[IM] * i[k, t], move[DM] * d[k, t]
        deleted = jumping > max(straight, over)
        if over > max(straight, jumping):
            while move[II] * i[k, t - 1] > move[MI] * m[k, t - 1]:
                t -= 1
            t -= 1
    return math.log(best) + scale * math.log(2.0) if best > 0 else -np.inf
