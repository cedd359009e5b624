"""Pairs of sequences as a test of ties may meet them: drawn from the model, and from what it is not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.symbols import Sequences
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY
from motifnet.symbols.pairs import PairedSequences
from tests.benchmarks.pair_simulation import gamma_time

_LONGEST_GAP = 200  # of those whose lengths follow a power law


class Law(NamedTuple):
    """How the two sequences of a pair come apart.

    Parameters
    ----------
    divergence : float
        Mean probability that the two bases of a column differ, of a pair of median time.
    opening, extend : tuple of float
        Of x and of y: probability that a gap opens before a column, and of one more base of it.
    power : float, optional
        Of a law by which long gaps get rare (Zipf), instead of ``extend``; gaps of both sequences may then
        touch each other.
    shape : float, optional
        Of a gamma distribution of the rates at which columns change; all change alike if not given.
    spread : float
        Standard deviation of the logarithm of the times of pairs, which gaps and bases share.
    gc : float
        Probability that an A or T of y was replaced by a G or C at the end.
    """

    divergence: float = 0.2
    opening: tuple[float, float] = (0.02, 0.02)
    extend: tuple[float, float] = (0.6, 0.6)
    power: float | None = None
    shape: float | None = None
    spread: float = 0.0
    gc: float = 0.0


def drawn(law: Law, n_pairs: int, seed: int, *, columns: tuple[int, int] = (50, 300)) -> PairedSequences:
    """Pairs with so many matched columns each, evenly between two numbers."""
    generator = np.random.default_rng(seed)
    pairs = [_pair(law, int(generator.integers(*columns)), generator) for _ in range(n_pairs)]
    x, y = (Sequences.from_codes([pair[side] for pair in pairs]) for side in (0, 1))
    return PairedSequences(x, y, [f"pair{i}" for i in range(n_pairs)])


def _pair(law: Law, n_matches: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    time = np.exp(generator.normal(0, law.spread)) if law.spread else 1.0
    lengths = _gaps(law, n_matches + 1, time, generator)
    kinds = np.repeat(
        np.tile(np.array([X_ONLY, Y_ONLY, MATCH], np.uint8), n_matches + 1),
        np.column_stack([*lengths, np.ones(n_matches + 1, np.int64)]).ravel(),
    )[:-1]
    rates = generator.gamma(law.shape, 1 / law.shape, len(kinds)) if law.shape else np.ones(len(kinds))
    whole = gamma_time(law.divergence, law.shape) if law.shape else -0.75 * np.log1p(-4 / 3 * law.divergence)
    bases = generator.integers(0, 4, (2, len(kinds)), np.uint8)
    changed = generator.random(len(kinds)) < 0.75 * -np.expm1(-4 / 3 * whole * time * rates)
    step = np.where(changed, generator.integers(1, 4, len(kinds)), 0)
    bases[1] = np.where(kinds == MATCH, (bases[0] + step) % 4, bases[1])
    is_richer = np.isin(bases[1], (0, 3)) & (generator.random(len(kinds)) < law.gc)
    bases[1] = np.where(is_richer, generator.integers(1, 3, len(kinds)), bases[1])
    return bases[0][kinds != Y_ONLY], bases[1][kinds != X_ONLY]


def _gaps(law: Law, n: int, time: float, generator: np.random.Generator) -> list[np.ndarray]:
    """Lengths of stretches of x alone, and of y alone, before each match and at the end."""
    if law.power is not None:
        lengths = np.arange(1, _LONGEST_GAP + 1)
        chance = lengths**-law.power
        long = generator.choice(lengths, (2, n), p=chance / chance.sum())
        opens = generator.random((2, n)) < np.array(law.opening)[:, None] * time
        return list(np.where(opens, long, 0))
    number = generator.random(n)
    is_x = number < law.opening[0] * time
    is_y = ~is_x & (number < sum(law.opening) * time)
    return [
        np.where(opens, generator.geometric(1 - extend, n), 0)
        for opens, extend in zip((is_x, is_y), law.extend, strict=True)
    ]
