"""The recurrences of pair HMMs, against a sum over all paths and against logarithms."""

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.hmm.pair import PairHmm
from motifnet.kernels import threads
from motifnet.kernels.pair_hmm import cpu
from motifnet.kernels.pair_hmm.cpu import Band, PairOdds

ALL_CELLS = Band(bits=-1)
BANDED = Band(exact_cells=0)
MODES = list(cpu.MODES)


def random_odds(generator, n_classes):
    return PairOdds(
        generator.uniform(0.1, 3, (1, 5, 5)),
        generator.uniform(0.01, 0.5, (1, 2, n_classes)),
        generator.uniform(0.1, 0.9, (1, 2, n_classes)),
    )


def likely_odds(n_classes=1):
    """A model of related sequences: 15 % divergence, and gaps that are rare."""
    match = np.full((5, 5), 0.2)
    np.fill_diagonal(match, 3.4)
    match[4], match[:, 4] = 1, 1
    extend = np.array([0.6, 0.95])[:n_classes]
    return PairOdds(
        match[None] * 0.97, np.tile(0.012 / n_classes * (1 - extend), (1, 2, 1)), np.tile(extend, (1, 2, 1))
    )


def related(generator, length):
    """A sequence and a copy of it with substitutions and a few gaps."""
    x = generator.integers(0, 4, length).astype(np.uint8)
    copy = np.where(generator.random(length) < 0.15, generator.integers(0, 4, length), x)
    kept = copy[generator.random(length) > 0.01]
    places = np.flatnonzero(generator.random(len(kept)) < 0.01)
    return x, np.insert(kept, places, generator.integers(0, 4, len(places))).astype(np.uint8)


def several(arrays):
    """Codes and offsets of sequences."""
    return np.concatenate(arrays), np.cumsum([0, *(len(array) for array in arrays)])


def log_odds(odds, x, y, mode="global", band=ALL_CELLS):
    return cpu.log_odds(odds, several([x]), several([y]), np.zeros(1, np.int64), mode, band)[0]


class Enumerated:
    """All paths of a pair, one by one: their sum, the best, and what they hold."""

    def __init__(self, odds, x, y, mode):
        self.match, self.close, self.extend = (array[0] for array in odds)
        self.x, self.y, self.mode = x, y, mode
        self.total, self.best = 0.0, 0.0
        self.matches, self.posterior = np.zeros((5, 5)), np.zeros((len(x), len(y)))
        self.columns, self.gaps = np.zeros_like(self.close), np.zeros_like(self.close)
        if mode == "global":
            self.walk(0, 0, None, 1.0, [], [], [])
        else:
            for i in range(len(x)):
                for j in range(len(y)):
                    if mode == "local" or i == 0 or j == 0:
                        self.walk(i + 1, j + 1, None, self.match[x[i], y[j]], [(i, j)], [], [])

    def walk(self, i, j, gap, weight, cells, columns, gaps):
        n, m = len(self.x), len(self.y)
        if self.ends(i, j, gap, cells):
            self.add(weight * (self.close[gap] if gap else 1), cells, columns, gaps)
        if i < n and j < m:
            closed = weight * (self.close[gap] if gap else 1) * self.match[self.x[i], self.y[j]]
            self.walk(i + 1, j + 1, None, closed, [*cells, (i, j)], columns, gaps)
        for side, (di, dj) in enumerate(((1, 0), (0, 1))):
            if i + di > n or j + dj > m:
                continue
            for k in range(self.close.shape[1]):
                state = (side, k)
                if gap is None:
                    self.walk(i + di, j + dj, state, weight, cells, [*columns, state], [*gaps, state])
                elif gap == state:
                    longer = weight * self.extend[state]
                    self.walk(i + di, j + dj, state, longer, cells, [*columns, state], gaps)

    def ends(self, i, j, gap, cells):
        if self.mode == "global":
            return i == len(self.x) and j == len(self.y)
        at_edge = self.mode == "local" or i == len(self.x) or j == len(self.y)
        return gap is None and bool(cells) and at_edge

    def add(self, weight, cells, columns, gaps):
        self.total += weight
        self.best = max(self.best, weight)
        for i, j in cells:
            self.matches[self.x[i], self.y[j]] += weight
            self.posterior[i, j] += weight
        for state in columns:
            self.columns[state] += weight
        for state in gaps:
            self.gaps[state] += weight


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("n_classes", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_all_is_that_of_all_paths(mode, n_classes, seed):
    generator = np.random.default_rng(seed)
    n, m = generator.integers(1, 5, 2)
    x, y = (generator.integers(0, 5, size).astype(np.uint8) for size in (n, m))
    odds = random_odds(generator, n_classes)
    truth = Enumerated(odds, x, y, mode)
    found = cpu.posterior(odds, x, y, mode, ALL_CELLS, 0.0)
    assert log_odds(odds, x, y, mode) == pytest.approx(math.log(truth.total), abs=1e-10)
    assert found.counts.log_odds[0] == pytest.approx(math.log(truth.total), abs=1e-10)
    assert np.allclose(found.counts.matches[0], truth.matches / truth.total, atol=1e-10)
    assert np.allclose(found.counts.gap_columns[0], truth.columns / truth.total, atol=1e-10)
    assert np.allclose(found.counts.gaps[0], truth.gaps / truth.total, atol=1e-10)
    dense = np.zeros((n, m))
    dense[np.repeat(np.arange(n), np.diff(found.indptr)), found.column] = found.probability
    assert np.allclose(dense, truth.posterior / truth.total, atol=1e-6)  # kept in float32
    path = cpu.best_path(odds, x, y, mode, ALL_CELLS)
    assert path.log_odds == pytest.approx(math.log(truth.best), abs=1e-10)
    assert weight_of(odds, path, x, y) == pytest.approx(truth.best, rel=1e-10)


def weight_of(odds, path, x, y):
    """The weight of the likeliest path with these columns."""
    match, close, extend = (array[0] for array in odds)
    i, j, weight = path.x_start, path.y_start, 1.0
    runs = []
    for column in path.columns:
        if column == 0:
            weight *= match[x[i], y[j]]
            runs.append((0, 0))
        elif runs and runs[-1][0] == column:
            runs[-1] = (column, runs[-1][1] + 1)
        else:
            runs.append((column, 1))
        i, j = i + (column != 2), j + (column != 1)
    for column, length in runs:
        if column:
            weight *= max(close[column - 1] * extend[column - 1] ** (length - 1))
    return weight


def reference(odds, x, y):
    """Log-odds of a global pair by logarithms."""
    with np.errstate(divide="ignore"):
        match, close, extend = (np.log(array[0]) for array in odds)
    n, m, n_classes = len(x), len(y), close.shape[1]
    whole = np.full((n + 1, m + 1), -np.inf)
    in_match, gaps = whole.copy(), np.full((2, n_classes, n + 1, m + 1), -np.inf)
    in_match[0, 0] = 0
    for i in range(n + 1):
        for j in range(m + 1):
            if i and j:
                in_match[i, j] = match[x[i - 1], y[j - 1]] + whole[i - 1, j - 1]
            if i:
                gaps[0, :, i, j] = np.logaddexp(in_match[i - 1, j], extend[0] + gaps[0, :, i - 1, j])
            if j:
                gaps[1, :, i, j] = np.logaddexp(in_match[i, j - 1], extend[1] + gaps[1, :, i, j - 1])
            closed = (close + gaps[:, :, i, j]).ravel()
            whole[i, j] = np.logaddexp.reduce([in_match[i, j], *closed])
    return whole[n, m]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), n=st.integers(1, 70), m=st.integers(1, 70))
def test_logarithms_say_the_same(seed, n, m):
    generator = np.random.default_rng(seed)
    x, y = (generator.integers(0, 5, size).astype(np.uint8) for size in (n, m))
    odds = random_odds(generator, 1 + seed % 2)
    expected = reference(odds, x, y)
    assert log_odds(odds, x, y) == pytest.approx(expected, rel=1e-12, abs=1e-10)
    counts = cpu.posterior(odds, x, y, "global", ALL_CELLS, 0.5).counts
    assert counts.log_odds[0] == pytest.approx(expected, rel=1e-12, abs=1e-10)
    assert counts.matches.sum() + counts.gap_columns[0, 0].sum() == pytest.approx(n)
    assert counts.matches.sum() + counts.gap_columns[0, 1].sum() == pytest.approx(m)


@pytest.mark.parametrize("extend", [1e-3, 1e-5, 1e-9])
def test_gaps_that_are_hardly_extended_do_not_overflow(extend):
    x, y = related(np.random.default_rng(0), 100)
    odds = likely_odds()._replace(extend=np.full((1, 2, 1), extend))
    expected = reference(odds, x, y)
    assert log_odds(odds, x, y) == pytest.approx(expected, rel=1e-12)
    assert cpu.posterior(odds, x, y, "global", ALL_CELLS, 0.5).counts.log_odds[0] == pytest.approx(expected)


@pytest.mark.parametrize("n_classes", [1, 2])
def test_an_insertion_of_20000_bases_does_not_underflow(n_classes):
    generator = np.random.default_rng(0)
    x = generator.integers(0, 4, 600).astype(np.uint8)
    inserted = generator.integers(0, 4, 20_000).astype(np.uint8)
    y = np.concatenate([x[:300], inserted, x[300:]])
    odds = likely_odds(n_classes)
    forth, back = log_odds(odds, x, y), log_odds(odds, y, x)
    extend = odds.extend[0, 0, -1]
    floor = 600 * math.log(odds.match[0, 0, 0]) + math.log(odds.close[0, 0, -1]) + 19_999 * math.log(extend)
    assert floor < forth < floor + 150  # there are other ways to place it
    assert back == pytest.approx(forth, rel=1e-12)
    banded = cpu.posterior(odds, x, y, "global", Band(), 0.5)
    assert banded.counts.log_odds[0] == pytest.approx(forth, rel=1e-9)


def test_a_band_changes_nothing_that_matters():
    generator = np.random.default_rng(1)
    x, y = related(generator, 1500)
    odds = likely_odds()
    whole, banded = (cpu.posterior(odds, x, y, "global", band, 0.01) for band in (ALL_CELLS, BANDED))
    assert whole.is_exact
    assert not banded.is_exact
    assert banded.counts.log_odds[0] == pytest.approx(whole.counts.log_odds[0], rel=1e-12)
    assert np.allclose(banded.counts.matches, whole.counts.matches, atol=1e-9)
    assert np.array_equal(banded.column, whole.column)
    assert np.array_equal(
        cpu.best_path(odds, x, y, "global", BANDED).columns,
        cpu.best_path(odds, x, y, "global", ALL_CELLS).columns,
    )


@pytest.mark.parametrize("n_classes", [1, 2])
def test_a_long_gap_costs_its_length(n_classes):
    generator = np.random.default_rng(2)
    x, inserted = (generator.integers(0, 4, size).astype(np.uint8) for size in (2000, 5000))
    y = np.concatenate([x[:1000], inserted, x[1000:]])
    odds = PairHmm.start(divergence=0.05, gap_extend=(0.995, 0.5)[:n_classes]).odds
    found = cpu.posterior(odds, x, y, "global", BANDED, 0.5)
    assert found.counts.log_odds[0] == pytest.approx(log_odds(odds, x, y), rel=1e-12)
    assert found.counts.edge[0] < 2**-60
    n_cells = 256 * np.diff(found.envelope.strips).sum()
    assert n_cells < 0.15 * len(x) * len(y)


@pytest.mark.parametrize("mode", MODES)
def test_little_memory_changes_nothing(mode):
    generator = np.random.default_rng(3)
    x, y = related(generator, 500)
    odds = likely_odds(2)
    plenty, little = Band(bits=-1), Band(bits=-1, n_numbers=1)
    ours, theirs = (cpu.posterior(odds, x, y, mode, band, 0.01) for band in (little, plenty))
    assert np.array_equal(ours.counts.matches, theirs.counts.matches)
    assert np.array_equal(ours.probability, theirs.probability)
    paths = [cpu.best_path(odds, x, y, mode, band) for band in (little, plenty)]
    assert np.array_equal(paths[0].columns, paths[1].columns)
    assert cpu.memory_of(x, y, 2, mode, little) < cpu.memory_of(x, y, 2, mode, plenty)


def test_threads_and_the_order_of_pairs_change_nothing():
    generator = np.random.default_rng(4)
    pairs = [related(generator, length) for length in generator.integers(20, 200, 30)]
    odds, which = likely_odds(), np.zeros(len(pairs), np.int64)

    def counts(chosen):
        x, y = (several([pair[side] for pair in chosen]) for side in (0, 1))
        return cpu.expected_counts(odds, x, y, which, "global", ALL_CELLS)

    found = []
    for n in (1, 3):
        threads.use_threads(n)
        found.append(counts(pairs))
    threads.use_threads(0)
    assert all(np.array_equal(one, other) for one, other in zip(*found, strict=True))
    backwards = counts(pairs[::-1])
    assert np.array_equal(backwards.matches[::-1], found[0].matches)


def test_pairs_may_have_models_of_their_own():
    generator = np.random.default_rng(5)
    pairs = [related(generator, 60) for _ in range(2)]
    models = [random_odds(generator, 1), random_odds(generator, 1)]
    joined = PairOdds(*(np.concatenate(parts) for parts in zip(*models, strict=True)))
    x, y = (several([pair[side] for pair in pairs]) for side in (0, 1))
    found = cpu.log_odds(joined, x, y, np.array([1, 0]), "global", ALL_CELLS)
    assert found[0] == log_odds(models[1], *pairs[0])
    assert found[1] == log_odds(models[0], *pairs[1])


def test_drawn_paths_match_as_often_as_the_posterior_says():
    generator = np.random.default_rng(6)
    x, y = (generator.integers(0, 4, size).astype(np.uint8) for size in (5, 4))
    odds = random_odds(generator, 2)
    truth = Enumerated(odds, x, y, "global")
    share = np.zeros((5, 4))
    for _ in range(2000):
        path = cpu.drawn_path(odds, x, y, ALL_CELLS, generator.random(40))
        i = j = 0
        for column in path.columns:
            if column == 0:
                share[i, j] += 1 / 2000
            i, j = i + (column != 2), j + (column != 1)
        assert (i, j) == (5, 4)
    assert np.abs(share - truth.posterior / truth.total).max() < 0.05


@pytest.mark.parametrize(("n", "m"), [(0, 3), (3, 0), (0, 0)])
def test_a_sequence_may_be_empty(n, m):
    generator = np.random.default_rng(7)
    odds = random_odds(generator, 1)
    x, y = np.zeros(n, np.uint8), np.zeros(m, np.uint8)
    truth = Enumerated(odds, x, y, "global")
    found = cpu.posterior(odds, x, y, "global", ALL_CELLS, 0.0)
    assert found.counts.log_odds[0] == pytest.approx(math.log(truth.total))
    assert np.allclose(found.counts.gap_columns[0], truth.columns / truth.total)
    assert len(cpu.best_path(odds, x, y, "global", ALL_CELLS).columns) == n + m


@settings(max_examples=30, deadline=None)
@given(
    entries=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(-5, 9)), unique_by=lambda e: e[:2]
    )
)
def test_the_heaviest_chain_is_that_of_all_chains(entries):
    entries = sorted(entries)
    indptr = np.searchsorted([row for row, _, _ in entries], np.arange(6))
    column = np.array([one for _, one, _ in entries], np.int32)
    gain = np.array([one for _, _, one in entries], np.float64)
    chain = cpu.heaviest_chain(indptr, column, gain, 5)
    picked = [entries[i] for i in chain]
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(picked))
    best = 0
    for size in range(1, 6):
        for some in combinations(entries, size):
            if all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(some)):
                best = max(best, sum(one[2] for one in some))
    assert gain[chain].sum() == best


@pytest.mark.slow
def test_pairs_of_100_kb_do_not_underflow():
    generator = np.random.default_rng(8)
    x, y = related(generator, 100_000)
    found = cpu.posterior(likely_odds(), x, y, "global", Band(), 0.5)
    assert not found.is_exact
    assert found.counts.matches.sum() > 95_000
    assert np.isfinite(found.counts.log_odds[0])
