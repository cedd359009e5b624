"""Ranks within orbits: against all images, and their level where a sequence is any of its own images."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, rankdata

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.stats.orbit_ranks import orbit_rank_test


def by_all_images(scores, clusters):
    """The chance of a sum of ranks as large, each assignment of images to clusters for itself."""
    ranks = rankdata(scores, axis=1)
    names, index = np.unique(clusters, return_inverse=True)
    rows = np.arange(len(scores))
    moves = product(range(scores.shape[1]), repeat=len(names))
    sums = np.array([ranks[rows, np.array(move)[index]].sum() for move in moves])
    return (sums >= ranks[:, 0].sum()).mean()


@settings(max_examples=40)
@given(st.integers(1, 6), st.integers(2, 4), st.integers(1, 4), st.integers(0, 10**6))
def test_it_is_the_share_of_all_images(n, size, n_clusters, seed):
    rng = np.random.default_rng(seed)
    scores, clusters = rng.integers(0, 4, (n, size)), rng.integers(0, n_clusters, n)
    found = orbit_rank_test(scores[:, 0], scores[:, 1:], clusters)
    assert found.exact
    assert found.p == pytest.approx(by_all_images(scores, clusters))


def test_drawn_images_come_near_to_all_of_them(monkeypatch):
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(200, 5)) + np.array([0.15, 0, 0, 0, 0])
    exact = orbit_rank_test(scores[:, 0], scores[:, 1:])
    monkeypatch.setattr("motifnet.stats.orbit_ranks._MOST_ADDED", 0)
    drawn = orbit_rank_test(scores[:, 0], scores[:, 1:])
    assert (exact.exact, drawn.exact, drawn.n_draws) == (True, False, 9_999)
    assert drawn.p == pytest.approx(exact.p, abs=4 * np.sqrt(exact.p / 9_999))
    assert drawn.statistic == exact.statistic
    assert orbit_rank_test(np.ones(40), np.zeros((40, 3)), n_draws=99).p == 1 / 100


@pytest.mark.parametrize("clustered", [False, True])
def test_the_level_holds_whatever_the_scores(clustered):
    """Orbits of any level and spread, of which a random member came; in a cluster by the same element."""
    rng = np.random.default_rng(2)
    n, size, n_sets = 36, 6, 400
    clusters = np.repeat(np.arange(12), 3) if clustered else np.arange(n)
    n_rejected = 0
    for _ in range(n_sets):
        orbit = rng.standard_cauchy((n, 1)) + rng.lognormal(size=(n, 1)) * rng.standard_t(2, (n, size))
        came = rng.integers(0, size, clusters.max() + 1)[clusters]
        scores = orbit[np.arange(n)[:, None], (came[:, None] + np.arange(size)) % size]
        n_rejected += orbit_rank_test(scores[:, 0], scores[:, 1:], clusters).p <= 0.05
    assert binomtest(n_rejected, n_sets, 0.05).pvalue > 0.01


def test_what_stands_out_is_found_to_the_last_decimal():
    n, size = 150, 4
    found = orbit_rank_test(np.ones(n), np.zeros((n, size - 1)))
    assert np.log(found.p) == pytest.approx(-n * np.log(size), rel=1e-9)
    assert found.mean_place == pytest.approx((size - 0.5) / size)


def test_equal_images_tell_nothing():
    found = orbit_rank_test(np.ones(3), np.ones((3, 2)))
    assert (found.mean_place, found.statistic, found.p, found.n_clusters) == (0.5, 0, 1, 0)


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(ShapeMismatch, match="images"):
        orbit_rank_test(np.ones(3), np.ones((2, 2)))
    with pytest.raises(ShapeMismatch, match="images"):
        orbit_rank_test(np.ones(3), np.ones((3, 0)))
    with pytest.raises(InvalidValue, match="one sequence"):
        orbit_rank_test(np.ones(0), np.ones((0, 2)))
    with pytest.raises(InvalidValue, match="numbers"):
        orbit_rank_test(np.array([np.nan]), np.ones((1, 2)))
    with pytest.raises(InvalidValue, match="n_draws"):
        orbit_rank_test(np.ones(1), np.ones((1, 2)), n_draws=0)
