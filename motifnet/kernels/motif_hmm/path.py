"""The likeliest path through each sequence (Viterbi 1967)."""

from __future__ import annotations

import math

import numpy as np

from motifnet.kernels.compiling import compiled
from motifnet.kernels.copying import copy_row
from motifnet.kernels.motif_hmm.blocks import BLOCK, longest_of, read_block, windows_for
from motifnet.kernels.motif_hmm.passes import CELL, LARGE, lattice_for, scale_down, to_front


@compiled
def mark_best_paths(text, chains, marks):
    """Mark the sites of the likeliest path of each sequence of a task where they start in the text."""
    n_strands, widest, longest = len(chains.tables), chains.widest, longest_of(text)
    windows = windows_for(longest, chains)
    # One row for each motif on each strand.
    lattice = lattice_for(longest, len(chains.widths) * n_strands, widest)
    widths = np.empty(len(lattice.both), np.int64)
    for row in range(len(widths)):
        widths[row] = chains.widths[row // n_strands]
    came = np.empty(longest + 1, np.int16)
    for i in range(text.first, text.last):
        begin, end = text.offsets[i], text.offsets[i + 1]
        lattice.both[:, :widest], lattice.forward[:widest] = 0, 0
        value = 1.0
        for low in range(begin, end, BLOCK):
            n = read_block(text.codes, begin, end, low, chains, windows)
            for row in range(len(widths)):
                odds = windows.odds[row // n_strands, row % n_strands]
                copy_row(odds, lattice.both[row, widest : widest + n])
            value = _best_forward(lattice, widths, n, value, came[low - begin :])
            to_front(lattice.both, lattice.forward, n, widest)
        _trace(begin, end, widths, came, marks)


@compiled
def _best_forward(lattice, widths, n, value, came):
    """The largest of the paths to each point, and the row of the site that it came by, from 1."""
    rows, forward, widest = lattice.both, lattice.forward, lattice.widest
    for low in range(0, n, CELL):
        if value > LARGE:
            exponent = np.int64(math.frexp(value)[1])
            value = math.ldexp(value, -exponent)
            scale_down(forward, low, widest + low, exponent)
        for t in range(np.uint64(widest + low), np.uint64(widest + min(low + CELL, n))):
            forward[t] = value
            label = 0
            for row in range(len(widths)):
                start = t + np.uint64(1) - np.uint64(widths[row])
                reached = rows[row, start] * forward[start]
                if reached > value:
                    value, label = reached, 1 + row
            came[t + np.uint64(1) - np.uint64(widest)] = label
    return value


@compiled
def _trace(begin, end, widths, came, marks):
    """Go back from the end of a sequence by what each point came by."""
    point = end - begin
    while point > 0:
        if came[point] > 0:
            row = came[point] - 1
            point -= widths[row]
            marks[begin + point] = 1 + row
        else:
            point -= 1
