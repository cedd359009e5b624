"""Whole sequences: posterior probabilities of sites, and what is summed of them over all paths.

With any number of sites a sequence, a first sweep goes up through its blocks, a second one down, and a third
one up again without one motif at a time. With one site at most, nothing is summed over paths but places.

The two loops over sequences are long ones: every compiled call counts the references to all arrays that it
is given, which for sequences of some tens of bases takes as long as the work itself.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.copying import copy_row, copy_rows
from motifnet.kernels.motif_hmm.blocks import (
    BLOCK,
    count_look_ups,
    longest_of,
    n_blocks_of,
    read_block,
    windows_for,
)
from motifnet.kernels.motif_hmm.passes import (
    ScaledNumber,
    backward_block,
    forward_block,
    join_strands,
    lattice_for,
    leave_out_each,
    sums_without_for,
    to_front,
    total_of,
)

_FIRST_HITS = 1 << 10  # for which there is room before it is doubled
_STRETCH = 64  # bases looked through at once for a hit: most have none
_FEW_SITES = 1e-3  # expected number of sites of a motif that hardly ever has two: the error is of its square
_NEGLIGIBLE = 1e-6  # probability of no site, beside that of one or more: what is promised of the result


class SitePrior(NamedTuple):
    """How likely sites are beforehand where there is one at most, or none.

    Attributes
    ----------
    weights, absent : numpy.ndarray, shape=(n_motifs,)
        Of one site, shared among its places, and of none.
    """

    weights: np.ndarray
    absent: np.ndarray


class SumsRequest(NamedTuple):
    """What is asked for: see :func:`motifnet.kernels.motif_hmm.cpu.sum_over_paths`."""

    threshold: float
    marks: np.ndarray
    counting: bool
    presence: bool


class BlockFronts(NamedTuple):
    """What the first sweep keeps in front of each block, to go through it again.

    Attributes
    ----------
    both : numpy.ndarray, shape=(n_blocks, n_motifs, widest)
    forward : numpy.ndarray, shape=(n_blocks, widest)
    value, exponent : numpy.ndarray, shape=(n_blocks,)
        The sum to the block's first point.
    """

    both: np.ndarray
    forward: np.ndarray
    value: np.ndarray
    exponent: np.ndarray


class TaskSums(NamedTuple):
    """What is summed: of each sequence of a task; and look-ups, of all."""

    log_odds: np.ndarray
    n_sites: np.ndarray
    present: np.ndarray
    counts: np.ndarray


class HitRows(NamedTuple):
    """Hits so far: their sequence, start, motif and strand; their posterior; and how many they are."""

    places: np.ndarray
    posteriors: np.ndarray
    n: int


@compiled
def sums_of_paths(text, chains, request):
    """Sums and hits of the sequences of a task that have any number of sites, none of which overlap.

    The weights of sites are in the tables of their motifs.
    """
    codes, widths, longest, widest = text.codes, chains.widths, longest_of(text), chains.widest
    windows, lattice = windows_for(longest, chains), lattice_for(longest, len(widths), widest)
    fronts, sums, hits = _fronts_for(longest, chains), _sums_for(text, chains), _no_hits(chains)
    both, forward, ahead, odds = lattice.both, lattice.forward, lattice.ahead, windows.odds
    beyond = np.empty(widest)
    for i in range(text.first, text.last):
        begin, end, row = text.offsets[i], text.offsets[i + 1], i - text.first
        if end == begin:
            continue
        n, n_blocks, point = 0, n_blocks_of(end - begin), ScaledNumber(1.0, np.int64(0))
        both[:, :widest], forward[:widest] = 0, 0
        # The first sweep goes up, and keeps what is needed to go through each block again.
        for block in range(n_blocks):
            n = read_block(codes, begin, end, begin + block * BLOCK, chains, windows)
            join_strands(odds, n, widest, both)
            copy_rows(both, fronts.both[block])
            copy_row(forward, fronts.forward[block])
            fronts.value[block], fronts.exponent[block] = point.value, point.exponent
            point = forward_block(lattice, widths, n, point)
            if block < n_blocks - 1:
                to_front(both, forward, n, widest)
        sums.log_odds[row] = math.log(point.value) + point.exponent * math.log(2.0)
        # The second sweep goes down; the last block is still there.
        exponent = np.int64(0)
        ahead[n : n + widest] = 0
        ahead[n] = 1
        for block in range(n_blocks - 1, -1, -1):
            low = begin + block * BLOCK
            if block < n_blocks - 1:
                copy_row(ahead, beyond)
                n = read_block(codes, begin, end, low, chains, windows)
                copy_row(beyond, ahead[n : n + widest])
                copy_rows(fronts.both[block], both[:, :widest])
                copy_row(fronts.forward[block], forward[:widest])
                join_strands(odds, n, widest, both)
                forward_block(lattice, widths, n, ScaledNumber(fronts.value[block], fronts.exponent[block]))
            exponent = backward_block(odds, lattice, widths, n, exponent, point)
            _add(n, row, chains, windows, sums, request.counting)
            if request.threshold <= 1 or len(request.marks):
                marked = request.marks[low : low + n]
                hits = _collect(odds, n, i, low - begin, request.threshold, marked, hits)
        if request.presence:
            _find_present(codes, begin, end, row, chains, windows, lattice, fronts, point, sums)
    return sums, hits.places[: hits.n], hits.posteriors[: hits.n]


@compiled(error_model="numpy")
def _find_present(codes, begin, end, row, chains, windows, lattice, fronts, total, sums):
    """Probability of at least one site: a third sweep goes up, without one motif at a time.

    The first block is still there from the second sweep.
    """
    widest, n_blocks = chains.widest, n_blocks_of(end - begin)
    copy_row(sums.n_sites[row], sums.present[row])
    without = sums_without_for(len(chains.widths), widest)
    for m in range(len(without.sought)):
        without.sought[m] = sums.n_sites[row, m] > _FEW_SITES
    n = min(BLOCK, end - begin)
    for block in range(n_blocks):
        if _n_true(without.sought) == 0:
            break
        if block > 0:
            copy_rows(fronts.both[block], lattice.both[:, :widest])
            n = read_block(codes, begin, end, begin + block * BLOCK, chains, windows)
            join_strands(windows.odds, n, widest, lattice.both)
        leave_out_each(lattice, chains, n, without)
        for m in range(len(without.sought)):
            if not without.sought[m]:
                continue
            value, exponent = without.values[m], without.exponents[m]
            if block == n_blocks - 1:
                sums.present[row, m] = 1 - math.ldexp(value / total.value, exponent - total.exponent)
            elif _is_negligible(
                without.fronts[m], exponent, fronts.forward[block + 1], fronts.exponent[block + 1]
            ):
                sums.present[row, m], without.sought[m] = 1, False


@compiled
def _is_negligible(part, power, whole, whole_power):
    """Whether some of the paths weigh next to nothing beside all, at every point looked back to.

    From here on both obey one recursion, in which the part has no larger terms: it stays so.
    """
    factor = math.ldexp(1 / _NEGLIGIBLE, power - whole_power)
    n = 0
    for t in range(len(part)):
        n += part[t] * factor > whole[t]
    return n == 0


@compiled
def _n_true(flags):
    n = 0
    for m in range(len(flags)):
        n += flags[m]
    return n


# A sequence without any place has a likelihood of 0, by which the caller knows it.
@compiled(error_model="numpy")
def sums_of_places(text, chains, prior, request):
    """Sums and hits of the sequences of a task that have one site of each motif at most."""
    codes, widths, n_strands, longest = text.codes, chains.widths, len(chains.tables), longest_of(text)
    windows, sums, hits = windows_for(longest, chains), _sums_for(text, chains), _no_hits(chains)
    odds, shares = windows.odds, np.empty(len(widths))
    for i in range(text.first, text.last):
        begin, end, row = text.offsets[i], text.offsets[i + 1], i - text.first
        if end == begin:
            continue
        n, n_blocks = 0, n_blocks_of(end - begin)
        shares[:] = 0
        for block in range(n_blocks):
            n = read_block(codes, begin, end, begin + block * BLOCK, chains, windows)
            for m in range(len(widths)):
                for strand in range(n_strands):
                    shares[m] += total_of(odds[m, strand, :n])
        for m in range(len(widths)):
            n_places = n_strands * max(end - begin - widths[m] + 1, 0)
            share = prior.weights[m] / n_places if n_places else 0.0
            total = prior.absent[m] + share * shares[m] if n_places else 1.0
            sums.log_odds[row] += math.log(total)
            sums.present[row, m] = share * shares[m] / total
            shares[m] = share / total
        # The last block is still there.
        for block in range(n_blocks - 1, -1, -1):
            low = begin + block * BLOCK
            if block < n_blocks - 1:
                n = read_block(codes, begin, end, low, chains, windows)
            _weigh(odds, shares, n)
            _add(n, row, chains, windows, sums, request.counting)
            if request.threshold <= 1 or len(request.marks):
                marked = request.marks[low : low + n]
                hits = _collect(odds, n, i, low - begin, request.threshold, marked, hits)
    return sums, hits.places[: hits.n], hits.posteriors[: hits.n]


@compiled
def _weigh(odds, weights, n):
    for m in range(len(weights)):
        for strand in range(odds.shape[1]):
            row = odds[m, strand, :n]
            for s in range(n):
                row[s] *= weights[m]


@compiled
def _sums_for(text, chains):
    n_rows, n_motifs = text.last - text.first, len(chains.widths)
    return TaskSums(
        np.zeros(n_rows),
        np.zeros((n_rows, n_motifs)),
        np.zeros((n_rows, n_motifs)),
        np.zeros(chains.tables.shape),
    )


@compiled
def _fronts_for(longest, chains):
    n_blocks, n_motifs, widest = n_blocks_of(longest), len(chains.widths), chains.widest
    return BlockFronts(
        np.empty((n_blocks, n_motifs, widest)),
        np.empty((n_blocks, widest)),
        np.empty(n_blocks),
        np.empty(n_blocks, np.int64),
    )


@compiled
def _no_hits(chains):
    return HitRows(np.empty((_FIRST_HITS, 4), np.int64), np.empty((_FIRST_HITS, len(chains.tables))), 0)


@compiled
def _add(n, row, chains, windows, sums, counting):
    """Add the posterior probabilities of a block to the sums."""
    for m in range(len(chains.widths)):
        for strand in range(len(chains.tables)):
            posterior = windows.odds[m, strand, :n]
            sums.n_sites[row, m] += total_of(posterior)
            if counting:
                first, last = chains.first[m], chains.first[m + 1]
                count_look_ups(posterior, windows.words, first, last, sums.counts[strand])


@compiled
def _collect(odds, n, sequence, start, threshold, marked, hits):
    """Append the hits of a block, each with its strand: that of its mark, or the likelier."""
    n_motifs, n_strands, _ = odds.shape
    places, posteriors, n_hits = hits.places, hits.posteriors, hits.n
    for m in range(n_motifs):
        forward, reverse, label = odds[m, 0, :n], odds[m, n_strands - 1, :n], 1 + m * n_strands
        # Without a second strand the first must not count twice.
        least = threshold if n_strands > 1 else 2 * threshold
        for at in range(0, n, _STRETCH):
            to = min(at + _STRETCH, n)
            if len(marked) == 0 and _n_reaching(forward[at:to], reverse[at:to], least) == 0:
                continue
            for s in range(at, to):
                strand = marked[s] - label if len(marked) else np.int16(reverse[s] > forward[s])
                is_marked = len(marked) > 0 and 0 <= strand < n_strands
                if is_marked or (len(marked) == 0 and forward[s] + reverse[s] >= least):
                    if n_hits == len(posteriors):
                        places, posteriors = _twice_the_room(places), _twice_the_room(posteriors)
                    places[n_hits, 0], places[n_hits, 1] = sequence, start + s
                    places[n_hits, 2], places[n_hits, 3] = m, strand
                    copy_row(odds[m, :, s], posteriors[n_hits])
                    n_hits += 1
    return HitRows(places, posteriors, n_hits)


@compiled
def _twice_the_room(rows):
    larger = np.empty((2 * len(rows), rows.shape[1]), rows.dtype)
    copy_rows(rows, larger[: len(rows)])
    return larger


@compiled
def _n_reaching(forward, reverse, least):
    n = 0
    for s in range(len(forward)):
        n += forward[s] + reverse[s] >= least
    return n
