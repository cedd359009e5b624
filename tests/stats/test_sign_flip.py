"""The test of flipped signs: against all signs, and its level on differences of no common distribution."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.stats.sign_flip import sign_flip

ALTERNATIVES = ["greater", "two-sided"]


def by_all_signs(differences, clusters, alternative):
    """The chance of a mean as large, each assignment of signs to clusters for itself."""
    names = sorted(set(clusters))
    as_large = []
    for signs in product([1, -1], repeat=len(names)):
        flipped = sum(signs[names.index(name)] * one for name, one in zip(clusters, differences, strict=True))
        seen = sum(differences)
        as_large.append(abs(flipped) >= abs(seen) if alternative == "two-sided" else flipped >= seen)
    return np.mean(as_large)


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 6)), min_size=1, max_size=12),
    st.sampled_from(ALTERNATIVES),
)
def test_it_is_the_share_of_all_signs(rows, alternative):
    differences, clusters = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = sign_flip(differences / 7, clusters, alternative=alternative)
    assert found.exact
    assert found.p == pytest.approx(by_all_signs(differences.tolist(), clusters.tolist(), alternative))
    assert found.mean == pytest.approx(differences.mean() / 7)


@pytest.mark.parametrize("n", [31, 32])
def test_half_the_signs_of_many_clusters_are_counted_to_the_last(n):
    """Of equal differences, the number of signs that are negative is binomial."""
    found = sign_flip(np.r_[-np.ones(6), np.ones(n - 6)])
    assert found.p == pytest.approx(binom(n, 0.5).cdf(6), rel=1e-12)
    assert found.n_draws == 2**n


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_drawn_signs_come_near_to_all_of_them(alternative):
    n, n_lost = 101, 42
    found = sign_flip(np.r_[-np.ones(n_lost), np.ones(n - n_lost)], alternative=alternative, seed=3)
    p = binom(n, 0.5).cdf(n_lost) * (2 if alternative == "two-sided" else 1)
    assert (found.exact, found.n_draws) == (False, 9_999)
    assert found.p == pytest.approx(p, abs=4 * np.sqrt(p / 9_999))
    assert sign_flip(np.ones(200)).p == 1 / 10_000


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize("n_clusters", [12, 60])
def test_the_level_holds_whatever_the_distribution(n_clusters, alternative):
    """Heavy tails, variances of their own, and clusters that share what they are off by."""
    rng = np.random.default_rng(5)
    n, n_sets = 4 * n_clusters, 400
    clusters = np.repeat(np.arange(n_clusters), 4)
    scale = rng.lognormal(sigma=1.5, size=n)
    n_rejected = 0
    for _ in range(n_sets):
        shared = rng.standard_cauchy(n_clusters)[clusters]
        drawn = scale * rng.standard_t(2, n) + 3 * shared
        n_rejected += sign_flip(drawn, clusters, alternative=alternative, n_draws=199, seed=1).p <= 0.05
    assert binomtest(n_rejected, n_sets, 0.05).pvalue > 0.01


def test_clusters_taken_for_independent_sequences_would_break_it():
    rng = np.random.default_rng(6)
    clusters = np.repeat(np.arange(10), 20)
    drawn = [rng.normal(size=10)[clusters] + 0.3 * rng.normal(size=200) for _ in range(200)]
    wrong = sum(sign_flip(each, n_draws=199).p <= 0.05 for each in drawn)
    right = sum(sign_flip(each, clusters).p <= 0.05 for each in drawn)
    assert wrong > 60
    assert binomtest(right, 200, 0.05).pvalue > 0.01


def test_the_statistic_is_about_standard_normal():
    rng = np.random.default_rng(7)
    found = [sign_flip(rng.uniform(-1, 1, 60), n_draws=1).statistic for _ in range(500)]
    assert np.std(found) == pytest.approx(1, abs=0.12)
    assert np.mean(found) == pytest.approx(0, abs=0.15)


def test_what_is_0_tells_nothing():
    assert sign_flip(np.zeros(5)) == (0, 0, 1, 0, 1, True)
    some, more = np.array([0.1, 0.2, 0.3]), np.array([0.1, 0, 0.2, 0, 0.3, 0])
    assert sign_flip(more).p == sign_flip(some).p == 1 / 8
    assert sign_flip(more).n_clusters == 3
    cancelled = sign_flip(np.array([0.1, 0.2, -0.3, 1.0]), np.array([1, 1, 1, 2]))
    assert (cancelled.p, cancelled.n_clusters) == (0.5, 1)


def test_the_draws_are_those_of_the_seed():
    differences = np.random.default_rng(8).normal(0.1, 1, 100)
    assert sign_flip(differences, seed=1) == sign_flip(differences, seed=1)
    assert sign_flip(differences, seed=1).p != sign_flip(differences, seed=2).p


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(InvalidValue, match="one difference a sequence"):
        sign_flip(np.empty(0))
    with pytest.raises(InvalidValue, match="finite"):
        sign_flip(np.array([1, np.inf]))
    with pytest.raises(InvalidValue, match="alternative"):
        sign_flip(np.ones(3), alternative="less")
    with pytest.raises(InvalidValue, match="n_draws"):
        sign_flip(np.ones(3), n_draws=0)
    with pytest.raises(ShapeMismatch, match="clusters"):
        sign_flip(np.ones(3), np.ones(2))
