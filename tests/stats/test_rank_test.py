"""Mann and Whitney's test against that of scipy, also where p-values are very small."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, mannwhitneyu

from motifnet.stats.rank_test import mann_whitney
from motifnet.stats.scores import auroc

SCORES = st.lists(st.sampled_from([-np.inf, 0.0, 1.0, 2.0, 3.5]), min_size=1, max_size=30).map(np.array)


@given(SCORES, SCORES)
def test_it_is_that_of_scipy_with_ties(targets, controls):
    found = mann_whitney(targets, controls)
    assert found.auroc == pytest.approx(auroc(targets, controls))
    if len(np.unique(np.concatenate([targets, controls]))) > 1:
        theirs = mannwhitneyu(
            targets, controls, alternative="greater", method="asymptotic", use_continuity=False
        )
        assert 10**found.log10_p == pytest.approx(theirs.pvalue, rel=1e-6)


def test_a_p_value_below_what_a_float_holds_is_a_number():
    controls = np.arange(20_000.0)
    assert -np.inf < mann_whitney(controls + 10_000, controls).log10_p < -1000


def test_what_cannot_differ_is_no_surprise():
    assert mann_whitney(np.ones(5), np.ones(9)) == (0.5, 0.0)
    empty = mann_whitney(np.empty(0), np.ones(9))
    assert np.isnan(empty.auroc)
    assert empty.log10_p == 0


def test_p_values_are_uniform_where_nothing_differs():
    rng = np.random.default_rng(1)
    found = [
        10 ** mann_whitney(rng.integers(0, 50, 200), rng.integers(0, 50, 300)).log10_p for _ in range(500)
    ]
    assert kstest(found, "uniform").pvalue > 0.01
