"""Robust score tests and ratios: against their formulas, and their level where the model is wrong."""

import numpy as np
import pytest
from scipy.special import betaln
from scipy.stats import binomtest, chi2, f, t

from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences
from motifnet.stats.sandwich import ratio_interval, robust_score_test

TESTS = {
    "projected by regression": lambda U, V, information, clusters: robust_score_test(U, V, clusters),
    "projected by information": lambda U, V, information, clusters: robust_score_test(
        U, V, clusters, information=information
    ),
}


def test_it_is_the_formula():
    rng = np.random.default_rng(0)
    n, q, k = 150, 3, 2
    U, V = rng.normal(size=(n, q)) + 0.2, rng.normal(size=(n, k)) * [3, 50]
    V -= V.mean(0)
    U += V @ rng.normal(size=(k, q))
    efficient = U - V @ np.linalg.inv(V.T @ V) @ (V.T @ U)
    total = efficient.sum(0)
    W = total @ np.linalg.inv(efficient.T @ efficient) @ total
    found = robust_score_test(U, V)
    assert found.statistic == pytest.approx(W)
    assert (found.df, found.df_units, found.n_units) == (q, n - q - k, n)
    F = W * (n - k - q) / (q * (n - W))
    assert 10**found.log10_p == pytest.approx(f(q, n - q - k).sf(F))
    across, within = rng.normal(size=(q, k)), np.array([[2.0, 0.5], [0.5, 1.0]])
    efficient = U - V @ np.linalg.inv(within) @ across.T
    total = efficient.sum(0)
    found = robust_score_test(U, V, information=(across, within))
    assert found.statistic == pytest.approx(total @ np.linalg.inv(efficient.T @ efficient) @ total)
    assert found.df_units == n - q


def test_contrasts_that_say_the_same_count_once():
    rng = np.random.default_rng(1)
    U = rng.normal(size=(100, 2)) + 0.3
    one = robust_score_test(U)
    more = robust_score_test(np.column_stack([1e4 * U, U @ [1, -2], np.zeros(100)]))
    assert more.df == one.df == 2
    assert more.statistic == pytest.approx(one.statistic)
    assert more.log10_p == pytest.approx(one.log10_p)


def test_clusters_are_units():
    rng = np.random.default_rng(2)
    U, clusters = rng.normal(size=(300, 2)), np.repeat(np.arange(60), 5)
    summed = U.reshape(60, 5, 2).sum(1)
    assert robust_score_test(U, None, clusters) == robust_score_test(summed)


def test_tails_that_underflow_go_on():
    """With the leading term of the beta function, of which little is missing so far out."""
    rng = np.random.default_rng(3)
    found = robust_score_test(1 + 0.02 * rng.normal(size=(400, 1)))
    left = 1 - found.statistic / 400
    expected = 199.5 * np.log10(left) - np.log10(199.5) - betaln(199.5, 0.5) / np.log(10)
    assert found.log10_p == pytest.approx(expected, abs=0.01)
    assert expected < -600
    near = robust_score_test(1 + 0.2 * rng.normal(size=(400, 1)))
    assert found.log10_p < near.log10_p < -250


def scores_of_counts(rng, n_units=80):
    """Of a Poisson model with one rate, of counts that vary more, by clusters and with the covariates."""
    clusters = np.repeat(np.arange(n_units), 3)
    x = rng.normal(size=(n_units, 2))[clusters]
    own = rng.gamma(2, 0.5, n_units)[clusters]
    spread = np.exp(0.4 * np.abs(x[:, 0]))
    counts = rng.poisson(5 * own * rng.gamma(1 / spread, spread))
    rate = counts.mean()
    V = (counts - rate)[:, None]
    information = (x.sum(0)[:, None] * rate, np.array([[len(x) * rate]]))
    return x * V, V, information, clusters


def model_based_p(U, V, information):
    """What the Poisson model itself says, whose counts do not vary more."""
    x, rate = U / np.where(V, V, 1), information[1][0, 0] / len(U)
    centred = x - x.mean(0)
    return chi2(2).sf(U.sum(0) @ np.linalg.inv(rate * centred.T @ centred) @ U.sum(0))


@pytest.mark.parametrize("test", TESTS)
def test_the_level_holds_where_the_model_is_wrong(test):
    rng = np.random.default_rng(4)
    n_sets, n_rejected, n_by_model = 400, 0, 0
    for _ in range(n_sets):
        U, V, information, clusters = scores_of_counts(rng)
        n_rejected += 10 ** TESTS[test](U, V, information, clusters).log10_p <= 0.05
        n_by_model += model_based_p(U, V, information) <= 0.05
    assert binomtest(n_rejected, n_sets, 0.05).pvalue > 0.01
    assert n_by_model > n_sets / 3


def test_too_few_units_and_scores_that_do_not_fit_are_refused():
    U = np.random.default_rng(5).normal(size=(60, 2))
    with pytest.raises(TooFewSequences, match="at least 40"):
        robust_score_test(U[:39])
    assert robust_score_test(U[:40]).n_units == 40
    with pytest.raises(TooFewSequences, match="at least 42"):
        robust_score_test(U[:40], U[:40] ** 2)
    with pytest.raises(TooFewSequences):
        robust_score_test(U, None, np.arange(60) // 2)
    with pytest.raises(ShapeMismatch, match="nuisance"):
        robust_score_test(U, U[:3])
    with pytest.raises(ShapeMismatch, match="contrasts"):
        robust_score_test(U[:, 0])
    with pytest.raises(ShapeMismatch, match="between"):
        robust_score_test(U, U, information=(np.ones((1, 2)), np.eye(2)))
    with pytest.raises(ShapeMismatch, match="of the nuisance"):
        robust_score_test(U, U, information=(np.eye(2), np.eye(3)))
    with pytest.raises(InvalidValue, match="nuisance"):
        robust_score_test(U, information=(np.eye(2), np.eye(2)))
    with pytest.raises(InvalidValue, match="contrasts"):
        robust_score_test(np.zeros((60, 1)))


def test_a_ratio_is_that_of_sums_and_its_error_the_jackknifes():
    rng = np.random.default_rng(6)
    x, y = rng.poisson(4, 30), rng.poisson(3, 30)
    left_out = [np.log((x.sum() - x[i]) / (y.sum() - y[i])) for i in range(30)]
    standard_error = np.sqrt(29 / 30 * ((left_out - np.mean(left_out)) ** 2).sum())
    found = ratio_interval(x, y, level=0.9)
    assert found.ratio == pytest.approx(x.sum() / y.sum())
    assert found.standard_error == pytest.approx(standard_error)
    half = t(29).ppf(0.95) * standard_error
    assert np.log([found.low, found.high]) == pytest.approx(np.log(found.ratio) + np.array([-half, half]))


def test_the_error_of_a_ratio_is_that_of_the_delta_method_for_many_units():
    rng = np.random.default_rng(7)
    size = rng.gamma(2, 2, 5_000)
    x, y = rng.poisson(2 * size), rng.poisson(size)
    influence = x / x.sum() - y / y.sum()
    assert ratio_interval(x, y).standard_error == pytest.approx(np.sqrt((influence**2).sum()), rel=1e-3)


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_of_ratios_hold_the_truth_as_often_as_they_say(clustered):
    """Units of unequal size, counts that vary more than by chance, and clusters that share a rate."""
    rng = np.random.default_rng(8)
    n_sets, n_covered = 500, 0
    for _ in range(n_sets):
        clusters = np.repeat(np.arange(40), 3) if clustered else np.arange(60)
        size = rng.gamma(2, 2, len(clusters))
        shared = rng.gamma(5, 0.2, clusters.max() + 1)[clusters]
        x, y = rng.poisson(1.3 * size * shared), rng.poisson(size * rng.gamma(5, 0.2, len(size)))
        found = ratio_interval(x, y, clusters)
        n_covered += found.low <= 1.3 <= found.high
    assert binomtest(n_covered, n_sets, 0.95).pvalue > 0.01


def test_what_has_no_ratio_is_refused():
    with pytest.raises(InvalidValue, match="all of a sum"):
        ratio_interval(np.array([3, 0, 0]), np.array([1, 1, 1]))
    with pytest.raises(InvalidValue, match="all of a sum"):
        ratio_interval(np.zeros(3), np.ones(3))
    with pytest.raises(InvalidValue, match="a count"):
        ratio_interval(np.array([1, -1, 3]), np.ones(3))
    with pytest.raises(InvalidValue, match="level"):
        ratio_interval(np.ones(3), np.ones(3), level=1.0)
    with pytest.raises(TooFewSequences):
        ratio_interval(np.ones(3), np.ones(3), np.zeros(3))
    with pytest.raises(ShapeMismatch):
        ratio_interval(np.ones(3), np.ones(2))
