"""Pairs of sequences whose true alignment is known: cut from true alignments, or simulated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.symbols import Sequences
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment
from motifnet.symbols.pairs import PairedSequences

_LONGEST_GAP = 200  # of those whose lengths follow a power law


class Truth(NamedTuple):
    """Pairs, and their true alignments."""

    pairs: PairedSequences
    matches: list[np.ndarray]
    """Positions in x and in y that face each other, ``shape=(n_matches, 2)``, one array for each pair."""


class Process(NamedTuple):
    """How two sequences come apart.

    Parameters
    ----------
    divergence : float
        Mean probability that the two bases of a column differ.
    gap_open, gap_extend : float
        Probability that a gap of a sequence opens before a column, and of one more base of it.
    shape : float, optional
        Of a gamma distribution of the rates at which columns change (Jukes-Cantor); all change alike
        if not given.
    power : float, optional
        Of a law by which long gaps get rare (Zipf), instead of ``gap_extend``; gaps of both sequences
        may then touch each other.
    """

    divergence: float
    gap_open: float
    gap_extend: float = 0.6
    shape: float | None = None
    power: float | None = None


def truth_of(alignments: Sequence[Alignment]) -> Truth:
    """Pairs and matches of true alignments."""
    x, y = (
        Sequences.from_codes([getattr(one, side) for one in alignments], _names(side, len(alignments)))
        for side in "xy"
    )
    return Truth(PairedSequences(x, y, _names("pair", len(alignments))), [one.matches for one in alignments])


def piece_of(alignment: Alignment, n_columns: int) -> Alignment:
    """A piece of an alignment, from its middle on: some columns, from a match to a match.

    Parameters
    ----------
    alignment : Alignment
    n_columns : int
        Columns of matches and of x alone; some more come along where the piece would end in a gap.
    """
    columns, start = alignment.columns, len(alignment.columns) // 2
    is_match = np.flatnonzero(columns == MATCH)
    first = is_match[np.searchsorted(is_match, start)]
    of_x = np.cumsum(columns[first:] != Y_ONLY)
    stop = first + np.searchsorted(of_x, n_columns)
    stop = is_match[min(np.searchsorted(is_match, stop), len(is_match) - 1)] + 1
    x_start, y_start = (int((columns[:first] != other).sum()) for other in (Y_ONLY, X_ONLY))
    x_stop, y_stop = (int((columns[:stop] != other).sum()) for other in (Y_ONLY, X_ONLY))
    return Alignment(
        alignment.x_name,
        alignment.y_name,
        alignment.x[x_start:x_stop],
        alignment.y[y_start:y_stop],
        columns[first:stop],
    )


def simulated(process: Process, n_pairs: int, n_matches: int, seed: int) -> Truth:
    """Pairs that came apart by a process, with so many matched columns each."""
    generator = np.random.default_rng(seed)
    return truth_of([_simulated(process, n_matches, generator) for _ in range(n_pairs)])


def _simulated(process: Process, n_matches: int, generator: np.random.Generator) -> Alignment:
    gaps = _touching if process.power else _apart
    columns = _columns(*gaps(process, n_matches + 1, generator))
    bases = generator.integers(0, 4, (2, len(columns)), np.uint8)
    changed = generator.random(len(columns)) < _chance_of_change(process, len(columns), generator)
    step = np.where(changed, generator.integers(1, 4, len(columns)), 0)
    bases[1] = np.where(columns == MATCH, (bases[0] + step) % 4, bases[1])
    return Alignment("x", "y", bases[0][columns != Y_ONLY], bases[1][columns != X_ONLY], columns)


def _columns(of_x: np.ndarray, of_y: np.ndarray) -> np.ndarray:
    """Kinds of columns, from the lengths of the gaps before each match and at the end."""
    lengths = np.stack([of_x, of_y, np.ones_like(of_x)], 1).ravel()
    kinds = np.tile(np.array([X_ONLY, Y_ONLY, MATCH], np.uint8), len(of_x))
    return np.repeat(kinds, lengths)[:-1]


def _apart(process: Process, n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Lengths of stretches of x alone and of y alone, of which at most one stands at each place."""
    number = generator.random(n)
    lengths = generator.geometric(1 - process.gap_extend, n)
    is_x = number < process.gap_open
    is_y = ~is_x & (number < 2 * process.gap_open)
    return np.where(is_x, lengths, 0), np.where(is_y, lengths, 0)


def _touching(process: Process, n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The same, of lengths that follow a power law."""
    lengths = np.arange(1, _LONGEST_GAP + 1)
    chance = lengths ** -float(process.power)
    drawn = generator.choice(lengths, (2, n), p=chance / chance.sum())
    return tuple(np.where(generator.random((2, n)) < process.gap_open, drawn, 0))


def _chance_of_change(process: Process, n: int, generator: np.random.Generator) -> np.ndarray | float:
    """Probability of each column that its bases differ."""
    if process.shape is None:
        return process.divergence
    rates = generator.gamma(process.shape, 1 / process.shape, n)
    return 0.75 * -np.expm1(-4 / 3 * rates * gamma_time(process.divergence, process.shape))


def gamma_time(divergence: float, shape: float) -> float:
    """Substitutions a column at which a share of columns differs, where gamma distributed rates vary.

    Jukes and Cantor's distance with gamma rates (Nei and Gojobori 1986; Jin and Nei 1990).
    """
    return 0.75 * shape * ((1 - 4 / 3 * divergence) ** (-1 / shape) - 1)


def _names(side: str, n: int) -> list[str]:
    return [f"{side}{i}" for i in range(n)]
