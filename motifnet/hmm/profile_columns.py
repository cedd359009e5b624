"""Which columns of a profile say more than what lies beside its sites.

Sites of upstream regions lie in stretches that are rich in A and T. A column there differs from the
composition of whole sequences without being part of a motif; so a column at an end must pay for its
parameters against the bases beside it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.hmm.profile import ProfileHmm
from motifnet.motifs import matrix
from motifnet.stats.evenly import evenly
from motifnet.symbols import DNA, Sequences

LEAST_WIDTH = 4
"""Columns of a profile without a spacer at least: fewer are in every sequence by chance."""
LEAST_GAIN = 2.0
"""What a change must lower the criterion by: less is not worth a mention (Kass and Raftery 1995)."""
LEAST_BLOCK = 3
"""Columns of each of two blocks at least: together they are more than a profile without a spacer may have."""

_BESIDE = 10  # bases beside an end that are compared with it: a turn of DNA. A convention
_ENOUGH = 300  # sites whose neighbours are counted at most, ten bases of each: compositions to a percent
_PRIOR = 10.0  # bases of background among the neighbours, so that a few of them are no composition


class SiteRoom(NamedTuple):
    """What sites may take at most: columns, and bases, with the shortest spacer."""

    columns: int
    bases: int

    def holds(self, model: ProfileHmm) -> bool:
        """Whether a profile takes no more."""
        return model.width <= self.columns and model.least_length <= self.bases


class _Ends(NamedTuple):
    """Compositions beside the left and the right end of a block, ``shape=(4,)`` each."""

    left: np.ndarray
    right: np.ndarray


def kept(model: ProfileHmm, sequences: Sequences) -> list[slice]:
    """The columns of each block that are left without ends that hold less than their parameters cost.

    A column costs three parameters, each half of the logarithm of the number of sequences (Schwarz 1978).

    Parameters
    ----------
    model : ProfileHmm
    sequences : Sequences
        What it was learnt from.

    Returns
    -------
    list of slice
        Of all columns; of one block, or of the two at the sides of a spacer.
    """
    least, blocks = 1.5 * math.log2(len(sequences)) / len(sequences), _blocks(model)
    narrowest = LEAST_WIDTH if len(blocks) == 1 else LEAST_BLOCK
    stretches = []
    for block, ends in zip(blocks, _ends(model, some_of(sequences, _ENOUGH)), strict=True):
        stretch = matrix.trim(_information(model.match[block], ends), least, narrowest)
        stretches.append(slice(block.start + stretch.start, block.start + stretch.stop))
    return stretches


def some_of(sequences: Sequences, most: int) -> Sequences:
    """Evenly spaced sequences, so many at most.

    Examples
    --------
    >>> some_of(Sequences.from_text(["A", "C", "G", "T"]), 2).names
    ['seq1', 'seq4']
    """
    if len(sequences) <= most:
        return sequences
    return sequences.select(evenly(np.arange(len(sequences)), most))


def _blocks(model: ProfileHmm) -> list[slice]:
    if model.spacer is None:
        return [slice(0, model.width)]
    return [slice(0, model.spacer.before), slice(model.spacer.before, model.width)]


def _information(match: np.ndarray, ends: _Ends) -> np.ndarray:
    """Bits of each column against what lies beside the nearer end."""
    is_left = np.arange(len(match)) < len(match) / 2
    return np.where(is_left, *(matrix.information(match.T, one) for one in ends))


def _ends(model: ProfileHmm, sequences: Sequences) -> list[_Ends]:
    """What lies beside the ends of each block, in the likeliest sites."""
    aligned, blocks = model.align(sequences), _blocks(model)
    counts = [[_PRIOR * model.background for _ in range(2)] for _ in blocks]
    for i in np.flatnonzero(aligned.found).tolist():
        codes = DNA.reverse_complement(sequences[i]) if aligned.reverse[i] else sequences[i]
        spans = [span for block in blocks if (span := _span(aligned.columns[i, block]))]
        if len(spans) < len(blocks):
            continue
        edges = [0, *(place for span in spans for place in span), len(codes)]
        for number, two in enumerate(counts):
            before, start, end, after = edges[2 * number : 2 * number + 4]
            two[0] = two[0] + _bases(codes[max(before, start - _BESIDE) : start])
            two[1] = two[1] + _bases(codes[end : min(after, end + _BESIDE)])
    return [_Ends(*(one / one.sum() for one in two)) for two in counts]


def _span(places: np.ndarray) -> tuple[int, int] | None:
    """First base and end of what columns match, or None where all are deleted."""
    there = places[places >= 0]
    return (int(there[0]), int(there[-1]) + 1) if len(there) else None


def _bases(codes: np.ndarray) -> np.ndarray:
    return np.bincount(codes, minlength=5)[:4]
