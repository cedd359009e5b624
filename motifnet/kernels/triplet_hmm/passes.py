"""Passes over the cells of three sequences: the sum over all alignments, and what is expected in them.

A number of a cell is relative to a power of two of the cell's own, so that no gap is too long for it. Going
back, the sums behind a cell are relative to its sum before and to the total, so that a product of both is a
posterior probability.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.triplet_hmm.cells import MOVES

ABSENT = 5
"""Stands for a sequence that has no base in a column, where the codes of bases are 0 to 4."""

GAINED, LOST, KEPT = 0, 1, 2
"""Of a base that is alone among x and y: not in the ancestor; or there, and not in z; or there and in z."""


_FARTHEST = (
    500  # powers of two by which a way may fall short of the best to a cell: far below rounding, far above 0
)
_NOTHING = -(1 << 60)  # the exponent of a cell that no way leads to


class Odds(NamedTuple):
    """A triplet HMM as the recurrences need it.

    Attributes
    ----------
    columns : numpy.ndarray, shape=(6, 6, 6)
        Odds, over independent bases, of the bases of x, y and z in a column; the last index is
        :data:`ABSENT`.
    is_gained : numpy.ndarray of bool, shape=(n_states,)
        States of a base that the ancestor has not.
    first : numpy.ndarray of int64, shape=(MOVES + 1,)
        States are in the order of their moves; those of move ``m`` begin at ``first[m - 1]``.
    start : numpy.ndarray of int64, shape=(n_states + 1,)
    source : numpy.ndarray of int64, shape=(n_transitions,)
    chance : numpy.ndarray of float64, shape=(n_transitions,)
        Transitions into each state: from which, and their probabilities.
    ends : numpy.ndarray, shape=(n_states,)
        Probability that a state is followed by a column of all three, which the end stands for.
    whole : int
        The state of a column of all three, which the beginning stands for.
    """

    columns: np.ndarray
    is_gained: np.ndarray
    first: np.ndarray
    start: np.ndarray
    source: np.ndarray
    chance: np.ndarray
    ends: np.ndarray
    whole: int


class Expected(NamedTuple):
    """What is expected in the alignments of three sequences.

    Attributes
    ----------
    log_odds : float
        Over independent sequences, in nats; ``-inf`` where the band holds no alignment.
    transitions : numpy.ndarray, shape=(n_transitions,)
        In the order of those of the odds.
    ends : numpy.ndarray, shape=(n_states,)
        Which state is the last.
    columns : numpy.ndarray, shape=(6, 6, 6)
        Columns of the ancestor by what stands in x, y and z.
    x_alone, y_alone : numpy.ndarray, shape=(length, 3)
        Probability of each base of x, and of y, that it has no partner in the other: :data:`GAINED`,
        :data:`LOST` and :data:`KEPT`.
    """

    log_odds: float
    transitions: np.ndarray
    ends: np.ndarray
    columns: np.ndarray
    x_alone: np.ndarray
    y_alone: np.ndarray


@compiled
def _bases(move, cell, x, y, z):
    """What stands in x, y and z in the column by which a cell is reached."""
    return (
        x[cell[0] - 1] if move & 4 else ABSENT,
        y[cell[1] - 1] if move & 2 else ABSENT,
        z[cell[2] - 1] if move & 1 else ABSENT,
    )


@compiled
def _forward(odds, x, y, z, cells, before, sums, exponents):
    """Fill the sums of all ways to a cell, ``(n, n_states)``, and the powers of two they are relative to."""
    sums[0, odds.whole] = 1.0
    for c in range(1, len(cells)):
        top = _NOTHING
        for move in range(1, MOVES + 1):
            p = before[c, move - 1]
            if p >= 0 and exponents[p] > top:
                top = exponents[p]
        largest = 0.0
        for move in range(1, MOVES + 1):
            p = before[c, move - 1]
            if p < 0 or exponents[p] < top - _FARTHEST:
                continue
            a, b, d = _bases(move, cells[c], x, y, z)
            scale = odds.columns[a, b, d] * 2.0 ** (exponents[p] - top)
            for state in range(odds.first[move - 1], odds.first[move]):
                total = 0.0
                for t in range(odds.start[state], odds.start[state + 1]):
                    total += odds.chance[t] * sums[p, odds.source[t]]
                sums[c, state] = total * scale
                largest = max(largest, sums[c, state])
        if largest > 0:
            shift = int(np.floor(np.log2(largest))) + 1
            sums[c] *= 2.0**-shift
            exponents[c] = top + shift
        else:
            exponents[c] = _NOTHING


@compiled
def pass_over(odds, x, y, z, cells, before, expected):
    """The sum over all alignments in a band, and what is expected in them, added to ``expected``.

    Parameters
    ----------
    odds : Odds
    x, y, z : numpy.ndarray of uint8, shape=(length,)
        Codes.
    cells, before : numpy.ndarray
        From :func:`motifnet.kernels.triplet_hmm.cells.cells_of`; the first cell has no base behind, the
        last all.
    expected : Expected
        Its arrays are added to; those of bases are of these three sequences.

    Returns
    -------
    float
        The log-odds.
    """
    n, n_states = len(cells), len(odds.ends)
    sums, exponents = np.zeros((n, n_states)), np.zeros(n, np.int64)
    _forward(odds, x, y, z, cells, before, sums, exponents)
    total = 0.0
    for state in range(n_states):
        total += sums[n - 1, state] * odds.ends[state]
    if total == 0.0:
        return -np.inf
    behind = np.zeros((n, n_states))
    for state in range(n_states):
        behind[n - 1, state] = odds.ends[state] / total
        expected.ends[state] += sums[n - 1, state] * odds.ends[state] / total
    for c in range(n - 1, 0, -1):
        if exponents[c] == _NOTHING:
            continue
        for move in range(1, MOVES + 1):
            p = before[c, move - 1]
            if p < 0 or exponents[p] - exponents[c] < -_FARTHEST:
                continue
            a, b, d = _bases(move, cells[c], x, y, z)
            scale = odds.columns[a, b, d] * 2.0 ** (exponents[p] - exponents[c])
            of_ancestor, gained = 0.0, 0.0
            for state in range(odds.first[move - 1], odds.first[move]):
                weight = behind[c, state] * scale
                if weight == 0.0:
                    continue
                into = 0.0
                for t in range(odds.start[state], odds.start[state + 1]):
                    source = odds.source[t]
                    if sums[p, source] == 0.0:
                        continue
                    behind[p, source] += odds.chance[t] * weight
                    chance = odds.chance[t] * weight * sums[p, source]
                    expected.transitions[t] += chance
                    into += chance
                if odds.is_gained[state]:
                    gained += into
                else:
                    of_ancestor += into
            expected.columns[a, b, d] += of_ancestor
            kind = KEPT if move & 1 else LOST
            if move & 6 == 4:
                expected.x_alone[cells[c, 0] - 1, kind] += of_ancestor
                expected.x_alone[cells[c, 0] - 1, GAINED] += gained
            elif move & 6 == 2:
                expected.y_alone[cells[c, 1] - 1, kind] += of_ancestor
                expected.y_alone[cells[c, 1] - 1, GAINED] += gained
    return np.log(total) + exponents[n - 1] * np.log(2.0)
