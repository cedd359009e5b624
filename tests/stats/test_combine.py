"""Merged p-values keep their level under any dependence, and reach it under the worst."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from motifnet.errors import InvalidValue
from motifnet.stats.combine import merge_dependent

N_SETS = 1_000
SIZES = [1, 2, 5, 10]


def rejected(p_values, level=0.05):
    return sum(merge_dependent(row) <= level for row in p_values)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_it_is_the_smallest_that_half_of_them_prove(p_values):
    """The inequality itself: the least level of which half of them, rounded up, are below the k / n-th."""
    n = len(p_values)
    k = -(-n // 2)
    found = merge_dependent(np.array(p_values))
    if found < 1:
        assert sum(p <= found * k / n * (1 + 1e-12) for p in p_values) >= k
        assert sum(p < found * k / n * (1 - 1e-12) for p in p_values) < k
    assert found <= min(2 * np.median(p_values), 1) + 1e-12


@pytest.mark.parametrize("n", SIZES)
def test_the_level_holds_where_all_are_the_same_or_none_depends_on_another(n):
    rng = np.random.default_rng(0)
    same = np.repeat(rng.random((N_SETS, 1)), n, axis=1)
    independent = rng.random((N_SETS, n))
    opposite = np.where(np.arange(n) % 2, same, 1 - same)
    correlated = norm.sf(rng.normal(size=(N_SETS, 1)) + rng.normal(size=(N_SETS, n)), scale=np.sqrt(2))
    for p_values in (same, independent, opposite, correlated):
        assert binomtest(rejected(p_values), N_SETS, 0.05, alternative="greater").pvalue > 0.01


@pytest.mark.parametrize("n", SIZES)
def test_the_level_is_reached_but_not_passed_under_the_worst_dependence(n):
    """Either just half of them are small, or none: each is uniform, and they help each other most."""
    rng = np.random.default_rng(1)
    k, level, n_sets = -(-n // 2), 0.05, 4_000
    limit = level * k / n
    chosen = np.argsort(rng.random((n_sets, n)), axis=1) < k
    small = chosen & (rng.random((n_sets, 1)) < level)
    uniform = rng.random((n_sets, n))
    p_values = np.where(small, limit * uniform, limit + (1 - limit) * uniform)
    assert (p_values[:, 0] <= limit).mean() == pytest.approx(limit, abs=0.01)
    assert binomtest(rejected(p_values, level), n_sets, level).pvalue > 0.01


def test_one_fold_decides_nothing():
    assert merge_dependent(np.array([0.001, 0.002, 0.003, 1.0])) == 0.004
    assert merge_dependent(np.array([1e-30, 0.4, 0.5])) == pytest.approx(0.6)


def test_what_is_no_p_value_is_refused():
    for wrong in ([], [0.5, 1.1], [-0.1], [np.nan]):
        with pytest.raises(InvalidValue):
            merge_dependent(np.array(wrong))
