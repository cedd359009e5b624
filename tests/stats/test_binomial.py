"""Tails of binomial distributions against scipy's, and beyond what a float holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from motifnet.stats.binomial import log10_binomial_tail


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0, 1))
def test_it_is_that_of_scipy(hits, n, share):
    hits = min(hits, n)
    expected = binom(n, share).sf(hits - 1)
    found = 10 ** log10_binomial_tail(np.array([hits]), n, np.array([share]))[0]
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-280)


def test_small_ones_are_continued():
    share = np.array([1e-3, 1e-3, 1e-3])
    around = log10_binomial_tail(np.array([129, 130, 131]), 1000, share)
    deep = log10_binomial_tail(np.array([499, 500, 501]), 1000, share)
    assert np.all(np.diff(around) < -1)
    assert np.all(np.diff(deep) < -2)
    assert deep[0] < -1000
    terms = binom(1000, 1e-3).logpmf(np.arange(500, 1001)) / np.log(10)
    assert deep[1] == pytest.approx(terms[0] + np.log10((10 ** (terms - terms[0])).sum()), abs=1e-6)
