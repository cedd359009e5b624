"""Whether an envelope changes an alignment: random pairs under random models, in one and in all cells.

``python -m tests.benchmarks.pair_bands``
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.kernels.pair_hmm import cpu as kernel
from tests.benchmarks.benchmark import Benchmark, Case, Row, command_line
from tests.benchmarks.markdown import table
from tests.benchmarks.pair_simulation import Process, simulated

_BITS = (20, 40, 60, 100)
_N_PAIRS = 1500  # of a case
_LONG = 0.01  # share of pairs that have 2,000 matches and more
_GAMMA, _LEAST = 3.0, 0.001  # of matches that count, and of those that are kept
_MOST = 1e-3  # by how much a probability or a count may differ
_PREFACE = f"""
Every pair is worked on in an envelope, which its length alone would not give it, and in all cells. A pair is
wrong if the log-odds, an expected count or a posterior differs by more than {_MOST:g}, or a confidence of a
matched base, or what the alignment of maximum expected accuracy sums up, or the log-odds of the best path.
Pairs are simulated with 0.1 to 40 % substitutions, gap opening 0.0001 to 0.1, extension 0.01 to 0.9, and
100 to 20,000 matches (99 of 100 have at most 2,000); half of them are aligned under the model they were
simulated with, the others under another one of the same ranges. Bits: a block at the edge of the envelope
holds less than 2 to the power of minus so many of the posterior. `far`: pairs that differ so in a count of
matches by more than one. `all cells`: pairs whose envelope came to be all cells.
"""


class Drawn(NamedTuple):
    """A pair, and the model it is aligned under."""

    model: PairHmm
    x: np.ndarray
    y: np.ndarray


def drawn(seed: int, n_classes: int, *, most: int = 20_000) -> Drawn:
    """A random pair, of at most so many matches, and a random model."""
    generator = np.random.default_rng((seed, n_classes))
    process, other = _process(generator), _process(generator)
    ranges = (2000, 20_000) if generator.random() < _LONG else (100, 2000)
    n_matches = min(int(_log_uniform(generator, *ranges)), most)
    truth = simulated(process, 1, n_matches, seed)
    under = process if seed % 2 else other
    extend = (under.gap_extend, other.gap_extend)[:n_classes]
    model = PairHmm.start(divergence=under.divergence, gap_open=under.gap_open, gap_extend=extend)
    return Drawn(model, *truth.pairs[0])


def _process(generator: np.random.Generator) -> Process:
    return Process(
        _log_uniform(generator, 1e-3, 0.4),
        _log_uniform(generator, 1e-4, 0.1),
        float(generator.uniform(0.01, 0.9)),
    )


def _log_uniform(generator: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(generator.uniform(np.log(low), np.log(high))))


class Told(NamedTuple):
    """What is read from the passes over a pair."""

    found: kernel.Posterior
    matched: np.ndarray
    """Entries of the posterior that are matches of the alignment."""
    best: float
    """Log-odds of the best path."""

    @property
    def accuracy(self) -> float:
        """What the alignment sums up."""
        return float((self.found.probability[self.matched].astype(float) - 1 / (1 + _GAMMA)).sum())

    def dense(self, m: int) -> dict[int, float]:
        """Posterior by cell."""
        rows = np.repeat(np.arange(len(self.found.indptr) - 1), np.diff(self.found.indptr))
        return dict(
            zip((rows * m + self.found.column).tolist(), self.found.probability.tolist(), strict=True)
        )


def told(pair: Drawn, band: kernel.Band) -> Told:
    """All that is read from a pair in an envelope, or without one."""
    model, x, y = pair
    found = kernel.posterior(model.odds, x, y, "global", band, _LEAST)
    gain = found.probability.astype(np.float64) - 1 / (1 + _GAMMA)
    chain = kernel.heaviest_chain(found.indptr, found.column, gain, len(y))
    return Told(found, chain, kernel.best_path(model.odds, x, y, "global", band).log_odds)


def difference(one: Told, other: Told, m: int) -> float:
    """The largest difference of anything that is told."""
    counts = zip(one.found.counts[:3], other.found.counts[:3], strict=True)
    apart = [float(np.abs(a - b).max()) for a, b in counts]
    cells, others = one.dense(m), other.dense(m)
    apart += [abs(cells.get(at, _LEAST) - others.get(at, _LEAST)) for at in cells.keys() | others.keys()]
    apart += [abs(one.accuracy - other.accuracy), abs(one.best - other.best)]
    return max(apart) if np.isfinite(apart).all() else np.inf


def cases() -> Iterator[Case]:
    """Envelopes of so many bits, with one class of gaps and two."""
    for bits in _BITS:
        for n_classes in (1, 2):
            name = f"{bits} bits, {n_classes} class{'' if n_classes == 1 else 'es'} of gaps"
            yield Case(name, lambda _, bits=bits, n_classes=n_classes: _row(bits, n_classes))


def _row(bits: int, n_classes: int) -> Row:
    n_wrong = n_far = n_exact = 0
    largest = deviation = 0.0
    for seed in range(_N_PAIRS):
        pair = drawn(_N_PAIRS * bits + seed, n_classes)
        banded, whole = (told(pair, kernel.Band(exact_cells=0, bits=one)) for one in (bits, -1))
        away = difference(banded, whole, len(pair.y))
        n_wrong += int(away > _MOST)
        n_far += int(abs(banded.found.counts.matches.sum() - whole.found.counts.matches.sum()) > 1)
        n_exact += int(banded.found.is_exact)
        largest = max(largest, away)
        deviation = max(deviation, float(banded.found.counts.deviation[0]))
    return {
        "pairs": _N_PAIRS,
        "wrong": n_wrong,
        "far": n_far,
        "all cells": n_exact,
        "largest": f"{largest:.2g}",
        "deviation": f"{deviation:.2g}",
    }


def tables(rows: Sequence[Row]) -> str:
    """Pairs that are wrong."""
    if not rows:
        return "Envelopes: nothing measured yet."
    columns = ("case", "pairs", "wrong", "far", "all cells", "largest", "deviation")
    return table(rows, columns)


PAIR_BANDS = Benchmark("pair_bands", "Envelopes that change nothing", _PREFACE, cases, tables)


if __name__ == "__main__":
    command_line(PAIR_BANDS)
