"""Passes over one block: sums over the paths to each point, from each point on, and without one motif."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.copying import copy_row
from motifnet.kernels.motif_hmm.blocks import BLOCK

CELL = 16
"""Bases between two looks at the scale, at most: a sum may grow by 2 ** 900 within them."""
LARGE = 2.0**100
"""Sums are rescaled from here on, far from the largest float, 2 ** 1024."""


class ScaledNumber(NamedTuple):
    """A number as ``value * 2 ** exponent``."""

    value: float
    exponent: int


class Lattice(NamedTuple):
    """Room for the sums over paths of a block, with the widest motif in front or behind.

    Attributes
    ----------
    both : numpy.ndarray, shape=(n_motifs, widest + room)
        Odds of a site on either strand. What lies before the block goes in front of it.
    forward : numpy.ndarray, shape=(widest + room,)
        Sums over the paths to each point.
    ahead : numpy.ndarray, shape=(room + widest,)
        Sums over the paths from each point on.
    scales : numpy.ndarray of int64, shape=(n_cells,)
        The power of two that was taken out of ``forward``, in each cell.
    widest : int
        Columns of the widest motif.
    """

    both: np.ndarray
    forward: np.ndarray
    ahead: np.ndarray
    scales: np.ndarray
    widest: int


class SumsWithout(NamedTuple):
    """Sums over the paths that have no site of one motif, for each motif; they go on from block to block.

    Attributes
    ----------
    sought : numpy.ndarray of bool, shape=(n_motifs,)
        Of which motifs they are wanted.
    values, exponents : numpy.ndarray, shape=(n_motifs,)
        The sum to the first point of the block.
    fronts : numpy.ndarray, shape=(n_motifs, widest)
        The sums to the points before.
    """

    sought: np.ndarray
    values: np.ndarray
    exponents: np.ndarray
    fronts: np.ndarray


@compiled
def lattice_for(longest, n_rows, widest):
    """Room for the blocks of sequences of so many bases at most."""
    room = min(BLOCK, longest)
    return Lattice(
        np.zeros((n_rows, widest + room)),
        np.zeros(widest + room),
        np.zeros(room + widest),
        np.empty(room // CELL + 1, np.int64),
        widest,
    )


@compiled
def join_strands(odds, n, widest, both):
    """The odds of a site on either strand, behind what lies before the block."""
    for m in range(len(odds)):
        out = both[m, widest : widest + n]
        copy_row(odds[m, 0], out)
        for strand in range(1, odds.shape[1]):
            row = odds[m, strand, :n]
            for s in range(n):
                out[s] += row[s]


@compiled
def to_front(both, forward, n, widest):
    """Keep the last of a block where the next one looks back to."""
    for m in range(len(both)):
        copy_row(both[m, n:], both[m, :widest])
    copy_row(forward[n:], forward[:widest])


@compiled
def scale_down(numbers, first, last, exponent):
    """Divide some numbers by a power of two."""
    factor = math.ldexp(1.0, -exponent)
    for t in range(first, last):
        numbers[t] *= factor


@compiled
def forward_block(lattice, widths, n, start):
    """Sums over the paths to each point of a block.

    ``start`` is the sum to the first point, and what is returned that to the first of the next block.
    """
    both, forward, scales, widest = lattice.both, lattice.forward, lattice.scales, lattice.widest
    value, scale = start.value, start.exponent
    for low in range(0, n, CELL):
        if value > LARGE:
            exponent = np.int64(math.frexp(value)[1])
            value = math.ldexp(value, -exponent)
            scale += exponent
            # Whole cells, so that a cell has one scale.
            cell = max(0, low - widest) // CELL
            scale_down(forward, 0 if low < widest else widest + cell * CELL, widest + low, exponent)
            for earlier in range(cell, low // CELL):
                scales[earlier] += exponent
        scales[low // CELL] = scale
        # Unsigned, since the compiler then need not think of places that count from the end.
        for t in range(np.uint64(widest + low), np.uint64(widest + min(low + CELL, n))):
            forward[t] = value
            gain = 0.0
            for m in range(len(widths)):
                start = t + np.uint64(1) - np.uint64(widths[m])
                gain += both[m, start] * forward[start]
            value += gain
    return ScaledNumber(value, scale)


@compiled
def backward_block(odds, lattice, widths, n, scale, total):
    """Turn the odds of a block into posterior probabilities; returns the power of two taken out so far.

    ``ahead`` holds the sums over the paths from each point on; those beyond the block are given, with the
    power of two that was taken out of them. ``total`` is the sum over all paths.
    """
    both, ahead, scales = lattice.both, lattice.ahead, lattice.scales
    widest, done = lattice.widest, n
    taken = scales[(n - 1) // CELL]
    value = ahead[n]
    for low in range((n - 1) // CELL * CELL, -1, -CELL):
        high = min(low + CELL, n)
        if value > LARGE or scales[low // CELL] != taken:
            share = math.ldexp(1 / total.value, taken + scale - total.exponent)
            _to_posterior(odds, lattice, widths, high, done, share)
            done, taken = high, scales[low // CELL]
            exponent = np.int64(math.frexp(value)[1])
            scale += exponent
            scale_down(ahead, high, high + widest, exponent)
            value = ahead[high]
        for t in range(np.uint64(high), np.uint64(low), -1):
            gain = 0.0
            for m in range(len(widths)):
                start = t - np.uint64(1)
                gain += both[m, start + np.uint64(widest)] * ahead[start + np.uint64(widths[m])]
            value += gain
            ahead[t - np.uint64(1)] = value
    share = math.ldexp(1 / total.value, taken + scale - total.exponent)
    _to_posterior(odds, lattice, widths, 0, done, share)
    return scale


@compiled
def _to_posterior(odds, lattice, widths, low, high, share):
    """Turn the odds of sites that start in a stretch of one scale into posterior probabilities."""
    forward, ahead, widest = lattice.forward, lattice.ahead, lattice.widest
    for m in range(len(widths)):
        before, after = forward[widest + low : widest + high], ahead[widths[m] + low : widths[m] + high]
        for strand in range(odds.shape[1]):
            out = odds[m, strand, low:high]
            for t in range(len(out)):
                out[t] *= before[t] * (after[t] * share)


@compiled
def sums_without_for(n, widest):
    """Sums to the beginning of a sequence without each of ``n`` motifs, none of which is sought yet."""
    return SumsWithout(np.zeros(n, np.bool_), np.ones(n), np.zeros(n, np.int64), np.zeros((n, widest)))


@compiled
def leave_out_each(lattice, chains, n, without):
    """Sums over the paths through a block without a motif, for each motif that is sought.

    Motifs of one width move a path alike, so they are one row; a motif is taken out of its row.
    """
    both, forward, widest = lattice.both, lattice.forward, lattice.widest
    rows, whole = np.zeros((len(chains.distinct), widest + n)), np.empty(widest + n)
    for m in range(len(both)):
        row = rows[chains.row[m]]
        for t in range(len(row)):
            row[t] += both[m, t]
    others = Lattice(rows, forward, lattice.ahead, lattice.scales, widest)
    for m in range(len(both)):
        if not without.sought[m]:
            continue
        row = rows[chains.row[m]]
        copy_row(row, whole)
        for t in range(len(row)):
            row[t] -= both[m, t]
        copy_row(without.fronts[m], forward[:widest])
        end = forward_block(others, chains.distinct, n, ScaledNumber(without.values[m], without.exponents[m]))
        without.values[m], without.exponents[m] = end.value, end.exponent
        copy_row(forward[n:], without.fronts[m])
        copy_row(whole, row)


@compiled(fastmath={"reassoc"})
def total_of(numbers):
    """The sum of numbers, in any order."""
    total = 0.0
    for t in range(len(numbers)):
        total += numbers[t]
    return total
