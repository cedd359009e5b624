"""The best of nested choices: against all that could have happened, and uniform where nothing did."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom, kstest, multinomial

from motifnet.stats.enrichment import fisher
from motifnet.stats.nested import best_binomial, best_fisher

TOLERANCE = 1e-9  # share by which equal p-values may differ


def mid_p(statistics, chances, seen):
    """Chance of a smaller statistic, and half of that of the same."""
    smaller = chances[statistics < seen * (1 - TOLERANCE)].sum()
    return smaller + chances[np.abs(statistics - seen) <= seen * TOLERANCE].sum() / 2


@given(st.integers(0, 12), st.integers(1, 12), st.integers(0, 9), st.integers(1, 9))
def test_one_choice_is_fishers_test(target_hits, n_targets, control_hits, n_controls):
    target_hits, control_hits = min(target_hits, n_targets), min(control_hits, n_controls)
    best = best_fisher(np.array([target_hits]), n_targets, np.array([control_hits]), n_controls)
    expected = fisher(target_hits, n_targets, control_hits, n_controls)
    assert best.index == 0
    assert 10**best.log10_p == pytest.approx(expected.p_value, rel=1e-6)


@pytest.mark.parametrize("sizes", [[2, 5, 9], [1, 1, 4], [0, 3, 10]])
def test_the_best_of_several_thresholds_is_exact(sizes):
    n, n_targets = 10, 4
    tables = np.array(
        [
            [sum(place < size for place in chosen) for size in sizes]
            for chosen in combinations(range(n), n_targets)
        ]
    )
    smallest = np.min([hypergeom(n, np.array(sizes), n_targets).sf(hits - 1) for hits in tables], axis=1)
    chances = np.full(len(tables), 1 / len(tables))
    for hits, statistic in zip(tables, smallest, strict=True):
        best = best_fisher(hits, n_targets, np.array(sizes) - hits, n - n_targets)
        assert 10**best.log10_p == pytest.approx(mid_p(smallest, chances, statistic), rel=1e-6)


def test_the_best_of_several_windows_is_exact():
    n, shares = 6, np.array([0.1, 0.35, 0.8])
    rings = np.array([k for k in product(range(n + 1), repeat=4) if sum(k) == n])
    chances = multinomial(n, np.diff(shares, prepend=0, append=1)).pmf(rings)
    inside = rings.cumsum(1)[:, :3]
    smallest = np.min(binom(n, shares).sf(inside - 1), axis=1)
    for hits, statistic in list(zip(inside, smallest, strict=True))[::5]:
        best = best_binomial(hits, n, shares)
        assert 10**best.log10_p == pytest.approx(mid_p(smallest, chances, statistic), rel=1e-6)


def test_p_values_of_the_best_threshold_are_uniform_where_nothing_differs():
    rng = np.random.default_rng(0)
    limits = np.array([0.003, 0.01, 0.03, 0.1, 0.2, 0.33])
    found = []
    for _ in range(400):
        targets, controls = rng.random(400), rng.random(600)
        hits, control_hits = ((scores[:, None] < limits).sum(0) for scores in (targets, controls))
        found.append(10 ** best_fisher(hits, 400, control_hits, 600).log10_p)
    assert kstest(found, "uniform").pvalue > 0.01


def test_p_values_below_what_a_float_holds_stay_apart():
    strong = best_fisher(np.array([400, 900]), 1000, np.array([0, 10]), 1000)
    stronger = best_fisher(np.array([400, 950]), 1000, np.array([0, 10]), 1000)
    assert strong.index == stronger.index == 1
    assert stronger.log10_p < strong.log10_p < -400
    assert strong.log10_p == pytest.approx(fisher(900, 1000, 10, 1000).log10_p, abs=1)


def test_nothing_seen_is_no_surprise():
    none = np.zeros(3, int)
    assert best_fisher(none, 10, none, 20).log10_p == pytest.approx(np.log10(0.5))
    assert best_binomial(none, 0, np.array([0.1, 0.2, 0.5])).log10_p == pytest.approx(np.log10(0.5))
