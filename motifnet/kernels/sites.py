"""Scores of a motif along sequences: the best site, all sites, and one step of tied ZOOPS EM.

A window of ``width`` bases is scored by look-ups of three bases at a time: a table has a row for
every triple of codes, the unknown base included, so that a score is ``ceil(width / 3)`` sums and
an unknown base adds nothing. Both strands are scored in one pass; the reverse strand's tables
hold the reverse-complemented matrix, which is all that the strand tie means here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

TRIPLES = 125
"""Number of triples of codes 0 to 4."""


class BestSites(NamedTuple):
    """The best window of each sequence.

    Parameters
    ----------
    score : numpy.ndarray of float32, shape=(n,)
        Minus infinity for a sequence shorter than the motif.
    position : numpy.ndarray of int64, shape=(n,)
        Start within the sequence; -1 for a sequence shorter than the motif.
    reverse : numpy.ndarray of bool, shape=(n,)
        Whether the best window lies on the reverse strand.
    """

    score: np.ndarray
    position: np.ndarray
    reverse: np.ndarray


class ZoopsStep(NamedTuple):
    """Expectations of one EM step.

    Parameters
    ----------
    counts : numpy.ndarray of float64, shape=(4, width)
        Expected counts of bases at the motif's columns, pooled over the strand orbit.
    posterior : numpy.ndarray of float64, shape=(n,)
        Probability that each sequence has a site.
    log_ratio : numpy.ndarray of float64, shape=(n,)
        Log-likelihood ratio of each sequence, mixture to background.
    """

    counts: np.ndarray
    posterior: np.ndarray
    log_ratio: np.ndarray


@njit(cache=True, nogil=True)
def triples(codes, offsets):
    """Code of the three bases from each position on; beyond the sequence's end they are unknown.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
    offsets : numpy.ndarray of int64, shape=(n + 1,)

    Returns
    -------
    numpy.ndarray of uint8, shape=(total_length,)
    """
    out = np.empty(len(codes), np.uint8)
    for i in range(len(offsets) - 1):
        start, stop = offsets[i], offsets[i + 1]
        for p in range(start, stop):
            second = codes[p + 1] if p + 1 < stop else 4
            third = codes[p + 2] if p + 2 < stop else 4
            out[p] = codes[p] * 25 + second * 5 + third
    return out


def tables(weights: np.ndarray, unknown: float = 0.0) -> np.ndarray:
    """Look-up tables of a matrix of scores.

    Parameters
    ----------
    weights : numpy.ndarray, shape=(4, width)
        Score of each base in each column.
    unknown : float
        Score of an unknown base in each column.

    Returns
    -------
    numpy.ndarray of float32, shape=(ceil(width / 3), 125)
    """
    width = weights.shape[1]
    n_tables = -(-width // 3)
    padded = np.zeros((5, 3 * n_tables))
    padded[:4, :width] = weights
    padded[4, :width] = unknown
    first, second, third = (padded[:, shift::3].T for shift in range(3))
    summed = first[:, :, None, None] + second[:, None, :, None] + third[:, None, None, :]
    return summed.reshape(n_tables, TRIPLES).astype(np.float32)


def best_sites(
    triple_codes: np.ndarray,
    offsets: np.ndarray,
    weights: np.ndarray,
    *,
    both_strands: bool,
    unknown: float = 0.0,
) -> BestSites:
    """The best window of each sequence; the leftmost, forward one of equals.

    Parameters
    ----------
    triple_codes : numpy.ndarray of uint8, shape=(total_length,)
        From :func:`triples`.
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    weights : numpy.ndarray, shape=(4, width)
        Score of each base in each column.
    both_strands : bool
        Look on the reverse strand too.
    unknown : float
        Score of an unknown base in each column.
    """
    return BestSites(
        *_best_sites(
            triple_codes,
            offsets,
            tables(weights, unknown),
            tables(weights[::-1, ::-1], unknown),
            weights.shape[1],
            both_strands,
        )
    )


@njit(cache=True, nogil=True)
def _best_sites(triple_codes, offsets, forward, backward, width, both_strands):
    n, n_tables = len(offsets) - 1, len(forward)
    score = np.full(n, -np.inf, np.float32)
    position = np.full(n, -1, np.int64)
    reverse = np.zeros(n, np.bool_)
    for i in range(n):
        start = offsets[i]
        best = np.float32(-np.inf)
        for p in range(offsets[i + 1] - start - width + 1):
            here, there = np.float32(0), np.float32(0)
            for t in range(n_tables):
                row = triple_codes[start + p + 3 * t]
                here += forward[t, row]
                there += backward[t, row]
            if here > best:
                best, position[i], reverse[i] = here, p, False
            if both_strands and there > best:
                best, position[i], reverse[i] = there, p, True
        score[i] = best
    return score, position, reverse


@njit(cache=True, nogil=True)
def _mask_sites(codes, triple_codes, offsets, forward, backward, width, both_strands, threshold, first, last):
    masked = codes.copy()
    n_tables = len(forward)
    for i in range(len(offsets) - 1):
        start = offsets[i]
        for p in range(offsets[i + 1] - start - width + 1):
            here, there = np.float32(0), np.float32(0)
            for t in range(n_tables):
                row = triple_codes[start + p + 3 * t]
                here += forward[t, row]
                there += backward[t, row]
            if here >= threshold:
                masked[start + p + first : start + p + last] = 4
            if both_strands and there >= threshold:
                masked[start + p + width - last : start + p + width - first] = 4
    return masked


def mask_sites(
    codes: np.ndarray,
    offsets: np.ndarray,
    weights: np.ndarray,
    threshold: float,
    core: slice,
    *,
    both_strands: bool,
) -> np.ndarray:
    """Codes with every site that scores at least ``threshold`` made unknown.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        The sequences.
    weights : numpy.ndarray, shape=(4, width)
        Score of each base in each column.
    threshold : float
        Least score of a site.
    core : slice
        Columns of the motif to make unknown; the others stay.
    both_strands : bool
        Look on the reverse strand too.

    Returns
    -------
    numpy.ndarray of uint8, shape=(total_length,)
    """
    first, last, _ = core.indices(weights.shape[1])
    return _mask_sites(
        codes,
        triples(codes, offsets),
        offsets,
        tables(weights),
        tables(weights[::-1, ::-1]),
        weights.shape[1],
        both_strands,
        np.float32(threshold),
        first,
        last,
    )


def zoops_step(
    codes: np.ndarray,
    triple_codes: np.ndarray,
    offsets: np.ndarray,
    weights: np.ndarray,
    prior: float,
    *,
    both_strands: bool,
) -> ZoopsStep:
    """Expectations under the zero-or-one-occurrence-per-sequence model with tied strands.

    A sequence has a site with probability ``prior``, at any window and on either strand alike
    (Bailey & Elkan 1995, ISMB; the two strands share the matrix). The counts of both strands are
    pooled over the orbit of the reverse complement, as a tied M-step asks.

    Parameters
    ----------
    codes, triple_codes, offsets : numpy.ndarray
        The sequences.
    weights : numpy.ndarray, shape=(4, width)
        Natural log-odds of the motif to the background.
    prior : float
        Share of sequences with a site.
    both_strands : bool
        Sites lie on either strand; otherwise on the given one.
    """
    return ZoopsStep(
        *_zoops_step(
            codes,
            triple_codes,
            offsets,
            tables(weights),
            tables(weights[::-1, ::-1]),
            weights.shape[1],
            prior,
            both_strands,
        )
    )


@njit(cache=True, nogil=True)
def _zoops_step(codes, triple_codes, offsets, forward, backward, width, prior, both_strands):
    n, n_tables = len(offsets) - 1, len(forward)
    n_strands = 2 if both_strands else 1
    counts = np.zeros((4, width))
    posterior = np.zeros(n)
    log_ratio = np.zeros(n)
    buffer = np.empty((2, 1024), np.float32)
    for i in range(n):
        start = offsets[i]
        n_windows = offsets[i + 1] - start - width + 1
        if n_windows <= 0:
            continue
        if n_windows > buffer.shape[1]:
            buffer = np.empty((2, n_windows), np.float32)
        top = np.float32(-np.inf)
        for p in range(n_windows):
            here, there = np.float32(0), np.float32(0)
            for t in range(n_tables):
                row = triple_codes[start + p + 3 * t]
                here += forward[t, row]
                there += backward[t, row]
            buffer[0, p], buffer[1, p] = here, there
            top = max(top, here)
            if both_strands:
                top = max(top, there)
        # Everything relative to the best window, so that no score range overflows; windows far
        # below it weigh nothing and cost no exponential.
        total = 0.0
        floor = top - np.float32(16)
        for strand in range(n_strands):
            for p in range(n_windows):
                if buffer[strand, p] > floor:
                    buffer[strand, p] = np.exp(buffer[strand, p] - top)
                    total += buffer[strand, p]
                else:
                    buffer[strand, p] = 0
        log_mean = top + np.log(total / (n_strands * n_windows))
        odds = np.log(prior) + log_mean - np.log1p(-prior)
        posterior[i] = 1 / (1 + np.exp(-odds))
        log_ratio[i] = np.log1p(-prior) + (max(odds, 0.0) + np.log1p(np.exp(-abs(odds))))
        share = posterior[i] / total
        for strand in range(n_strands):
            for p in range(n_windows):
                weight = buffer[strand, p] * share
                if weight < 1e-4:
                    continue
                for j in range(width):
                    code = codes[start + p + j]
                    if code < 4:
                        if strand == 0:
                            counts[code, j] += weight
                        else:
                            counts[3 - code, width - 1 - j] += weight
    return counts, posterior, log_ratio


def count_bases(
    codes: np.ndarray,
    offsets: np.ndarray,
    found: BestSites,
    chosen: np.ndarray,
    width: int,
    flank: int,
) -> np.ndarray:
    """Counts of bases at the chosen sequences' sites and on both sides of them.

    Parameters
    ----------
    codes, offsets : numpy.ndarray
        The sequences.
    found : BestSites
        Sites of a motif of ``width`` columns.
    chosen : numpy.ndarray of bool, shape=(n,)
        Sequences whose site counts.
    width : int
        Width of the motif.
    flank : int
        Columns to count on either side; what lies beyond a sequence counts nowhere.

    Returns
    -------
    numpy.ndarray of float64, shape=(4, width + 2 * flank)
        In the orientation of the motif.
    """
    return _count_bases(codes, offsets, found.position, found.reverse, chosen, width, flank)


@njit(cache=True, nogil=True)
def _count_bases(codes, offsets, position, reverse, chosen, width, flank):
    n_columns = width + 2 * flank
    counts = np.zeros((4, n_columns))
    for i in range(len(offsets) - 1):
        if not chosen[i]:
            continue
        first = offsets[i] + position[i] - flank
        for j in range(n_columns):
            if first + j < offsets[i] or first + j >= offsets[i + 1]:
                continue
            code = codes[first + j]
            if code < 4:
                if reverse[i]:
                    counts[3 - code, n_columns - 1 - j] += 1
                else:
                    counts[code, j] += 1
    return counts
