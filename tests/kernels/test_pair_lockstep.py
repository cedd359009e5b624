"""Pairs in lock-step: the same as one by one, in whatever company, and however extreme."""

import math
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.kernels import threads
from motifnet.kernels.pair_hmm import cpu, lanes
from motifnet.kernels.pair_hmm.cpu import Band, PairOdds
from tests.kernels.test_pair_kernel import ALL_CELLS, Enumerated, likely_odds, random_odds, related, several

ONE_BY_ONE = Band(exact_cells=0, bits=10_000)
"""A band so wide that it holds all cells: pairs that may have one are not worked on in lock-step."""


def random_pair(generator, n, m, n_letters=5):
    return tuple(generator.integers(0, n_letters, size).astype(np.uint8) for size in (n, m))


def counts_of(odds, pairs, band=ALL_CELLS, which=None):
    x, y = (several([pair[side] for pair in pairs]) for side in (0, 1))
    which = np.zeros(len(pairs), np.int64) if which is None else which
    counts = cpu.expected_counts(odds, x, y, which, "global", band)
    assert np.array_equal(counts.log_odds, cpu.log_odds(odds, x, y, which, "global", band))
    return counts


def assert_same(found, expected):
    assert np.allclose(found.log_odds, expected.log_odds, rtol=1e-12, atol=1e-12)
    assert np.allclose(found.matches, expected.matches, rtol=1e-10, atol=1e-13)
    assert np.allclose(found.of_gaps, expected.of_gaps, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("n_classes", [1, 2])
@pytest.mark.parametrize("n_letters", [4, 5])
@pytest.mark.parametrize("seed", range(2))
def test_all_is_that_of_all_paths(n_classes, n_letters, seed):
    generator = np.random.default_rng(seed)
    pairs = [random_pair(generator, *generator.integers(1, 5, 2), n_letters) for _ in range(5)]
    odds = random_odds(generator, n_classes)
    found = counts_of(odds, pairs)
    for i, (x, y) in enumerate(pairs):
        truth = Enumerated(odds, x, y, "global")
        assert found.log_odds[i] == pytest.approx(math.log(truth.total), abs=1e-12)
        assert np.allclose(found.matches[i], truth.matches / truth.total, atol=1e-12)
        assert np.allclose(found.gap_columns[i], truth.columns / truth.total, atol=1e-12)
        assert np.allclose(found.gaps[i], truth.gaps / truth.total, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    lengths=st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), min_size=1, max_size=9),
    n_classes=st.integers(1, 2),
    n_letters=st.integers(4, 5),
    n_models=st.integers(1, 2),
)
def test_pairs_of_any_lengths_are_as_one_by_one(seed, lengths, n_classes, n_letters, n_models):
    generator = np.random.default_rng(seed)
    models = [random_odds(generator, n_classes) for _ in range(2)]
    odds = PairOdds(*(np.concatenate(parts) for parts in zip(*models, strict=True)))
    pairs = [random_pair(generator, n, m, n_letters) for n, m in lengths]
    which = generator.integers(0, n_models, len(pairs))
    assert_same(counts_of(odds, pairs, which=which), counts_of(odds, pairs, ONE_BY_ONE, which))


@pytest.mark.parametrize("n_classes", [1, 2])
def test_company_and_threads_change_no_bit(n_classes):
    generator = np.random.default_rng(n_classes)
    pairs = [related(generator, length) for length in generator.integers(20, 200, 23)]
    pairs.append(random_pair(generator, 30, 150))
    odds = likely_odds(n_classes)
    together = counts_of(odds, pairs)
    threads.use_threads(3)
    in_threads = counts_of(odds, pairs)
    threads.use_threads(0)
    alone = [counts_of(odds, [pair]) for pair in pairs]
    for k in range(3):
        assert np.array_equal(together[k], in_threads[k])
        assert np.array_equal(together[k], np.concatenate([counts[k] for counts in alone]))


def test_however_odds_are_found_they_are_the_same_bits():
    generator = np.random.default_rng(3)
    pairs = [related(generator, 120) for _ in range(8)]
    unknown = [pair[0].copy() for pair in pairs], [pair[1] for pair in pairs]
    unknown[0][0][60] = lanes.UNKNOWN
    odds = likely_odds()
    plain = counts_of(odds, pairs)
    spoilt = counts_of(odds, list(zip(*unknown, strict=True)))
    other = PairOdds(*(np.concatenate([part, 0.9 * part]) for part in odds))
    mixed = counts_of(other, pairs, which=np.eye(8, dtype=np.int64)[0])
    for found in (spoilt, mixed):
        assert found.log_odds[0] != plain.log_odds[0]
        for one, its in zip(plain, found, strict=True):
            assert np.array_equal(one[1:], its[1:])


@pytest.mark.parametrize("n_classes", [1, 2])
@pytest.mark.parametrize("swapped", [False, True])
def test_an_insertion_of_thousands_of_bases_is_as_one_by_one(n_classes, swapped):
    generator = np.random.default_rng(0)
    x = generator.integers(0, 4, 26).astype(np.uint8)
    y = np.concatenate([x[:13], generator.integers(0, 4, 9000).astype(np.uint8), x[13:]])
    pairs = [(y, x) if swapped else (x, y), related(generator, 300)]
    odds = likely_odds(n_classes)
    found = counts_of(odds, pairs)
    assert_same(found, counts_of(odds, pairs, ONE_BY_ONE))
    assert found.gap_columns[0].sum() >= 9000 - 1e-6


@pytest.mark.parametrize("extend", [0.999, 1e-3, 1e-9])
@pytest.mark.parametrize("spread", [1, 8])
def test_extreme_models_are_as_one_by_one(extend, spread):
    generator = np.random.default_rng(1)
    odds = random_odds(generator, 1)
    odds = odds._replace(match=odds.match**spread, extend=np.full((1, 2, 1), extend))
    pairs = [random_pair(generator, 120, 120), random_pair(generator, 90, 95), related(generator, 200)]
    found = counts_of(odds, pairs)
    assert_same(found, counts_of(odds, pairs, ONE_BY_ONE))
    columns = found.matches.sum((1, 2))[:, None] + found.gap_columns.sum(2)
    assert np.allclose(columns, [[len(x), len(y)] for x, y in pairs])


def test_a_pair_without_a_path_spoils_no_other():
    odds = likely_odds()
    odds.match[0, 0, 1] = 0
    pairs = [(np.array([0], np.uint8), np.array([1], np.uint8)), related(np.random.default_rng(2), 3)]
    found = counts_of(odds, pairs)
    assert found.log_odds[0] == -math.inf
    assert found.matches[0].sum() == found.of_gaps[0].sum() == 0
    assert_same(found, counts_of(odds, pairs, ONE_BY_ONE))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), max_size=40))
def test_groups_hold_every_pair_once_and_little_else(lengths):
    n_x, n_y = np.array(lengths, np.int64).reshape(-1, 2).T
    groups = lanes.groups_of(n_x, n_y)
    held = [np.unique(group) for group in groups]
    assert sorted(np.concatenate([[], *held])) == list(range(len(lengths)))
    for pairs in held:
        assert n_x[pairs].max() * n_y[pairs].max() <= 2 * (n_x * n_y)[pairs].min()


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="widths of registers of x86")
@pytest.mark.parametrize(("name", "features"), [("haswell", "+avx,+avx2,+fma"), ("x86-64", "+sse2")])
def test_narrower_registers_give_the_same(name, features, tmp_path):
    narrow = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features, "NUMBA_CACHE_DIR": str(tmp_path)}
    files = [str(Path(__file__).with_name(f"test_{name}.py")) for name in ("vectors", "pair_lockstep")]
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, env={**os.environ, **narrow}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
