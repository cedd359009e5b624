"""Likelihood ratios: tails in closed form, degrees of freedom counted by hand, and laws of statistics."""

import math

import numpy as np
import pytest
from scipy.special import gammaln, log_ndtr, logsumexp
from scipy.stats import binomtest, chi2, kstest, norm

from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences, UntiedFitWorse
from motifnet.stats.likelihood_ratio import (
    chi_square_log_tail,
    degrees_of_freedom,
    jacobian_rank,
    likelihood_ratio,
    mixture_of_chi_squares,
)

STATISTICS = [0.0, 1e-9, 0.3, 5.0, 60.0, 1200.0, 1290.0, 1500.0, 2e4, 1e6]


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("df", [2, 4, 12, 90])
def test_tails_of_even_degrees_of_freedom_are_those_of_a_poisson_sum(statistic, df):
    k = np.arange(df // 2)
    terms = np.where(k, k * np.log(max(statistic, 1e-300) / 2), 0) - gammaln(k + 1)
    expected = logsumexp(terms) - statistic / 2
    assert chi_square_log_tail(statistic, df) == pytest.approx(expected, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_tail_of_one_degree_of_freedom_is_that_of_a_normal_variable(statistic):
    expected = math.log(2) + log_ndtr(-math.sqrt(statistic))
    assert chi_square_log_tail(statistic, 1) == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_a_likelihood_ratio_is_twice_the_gain():
    found = likelihood_ratio(-110.0, -104.5, 3)
    assert (found.statistic, found.df) == (11.0, 3)
    assert 10**found.log10_p == pytest.approx(chi2(3).sf(11.0))


def test_a_worse_untied_fit_is_no_test():
    with pytest.raises(UntiedFitWorse):
        likelihood_ratio(-100.0, -100.1, 2)
    assert likelihood_ratio(-100.0, -100.0005, 2) == (0.0, 2, 0.0)
    with pytest.raises(UntiedFitWorse):
        likelihood_ratio(-100.0, -100.0005, 2, noise=1e-6)


@pytest.mark.parametrize(("tied", "df"), [(math.nan, 1), (-math.inf, 1), (-2.0, 0)])
def test_what_is_no_likelihood_or_takes_no_degree_of_freedom_is_refused(tied, df):
    with pytest.raises(InvalidValue):
        likelihood_ratio(tied, -1.0, df)


def test_a_parameter_on_its_edge_is_tested_on_one_side():
    """The likelihood ratio of a mean of at least 0 has the p-value of the one-sided normal test."""
    for z in (0.2, 1.6, 5.0, 50.0):
        expected = norm.logsf(z) / math.log(10)
        assert mixture_of_chi_squares(z**2, [0.5, 0.5], [0, 1]) == pytest.approx(expected, rel=1e-9)
    assert mixture_of_chi_squares(0.0, [0.5, 0.5], [0, 1]) == 0
    assert mixture_of_chi_squares(3.0, [0.25, 0.5, 0.25], [0, 1, 2]) == pytest.approx(
        math.log10(0.5 * chi2(1).sf(3) + 0.25 * chi2(2).sf(3))
    )


@pytest.mark.parametrize(
    ("statistic", "weights", "dfs"),
    [(1, [0.5, 0.4], [0, 1]), (1, [1], [0, 1]), (1, [1.5, -0.5], [0, 1]), (1, [1], [-1]), (-1, [1], [1])],
)
def test_what_is_no_mixture_is_refused(statistic, weights, dfs):
    with pytest.raises(InvalidValue):
        mixture_of_chi_squares(statistic, weights, dfs)


def test_edges_of_two_rates_that_do_not_depend_on_each_other():
    """Two means of at least 0: a quarter of chi-squares of 0 and 2, a half of 1."""
    z = np.random.default_rng(0).normal(size=(1_000, 2))
    statistics = (np.maximum(z, 0) ** 2).sum(1)
    p = [10 ** mixture_of_chi_squares(each, [0.25, 0.5, 0.25], [0, 1, 2]) for each in statistics]
    assert binomtest(int(np.sum(np.array(p) <= 0.05)), 1_000, 0.05).pvalue > 0.01


def scores_of_sites(width, rng, n=400):
    """Of a matrix of palindromic probabilities, oriented sites, with a weight of each of four bases."""
    weights = rng.normal(size=(4, width))
    weights += weights[::-1, ::-1]
    chances = np.exp(weights) / np.exp(weights).sum(0)
    bases = (rng.random((n, 1, width)) > np.cumsum(chances, 0)[:-1]).sum(1)
    return (np.eye(4)[bases] - chances.T).transpose(0, 2, 1)


@pytest.mark.parametrize(("width", "df"), [(8, 12), (6, 9), (5, 8), (1, 2)])
def test_a_palindrome_takes_the_degrees_of_freedom_that_are_counted_by_hand(width, df):
    """Three of each pair of columns, two of one in the middle: a constant in a column changes nothing."""
    scores = scores_of_sites(width, np.random.default_rng(1))
    tied = scores + scores[:, ::-1, ::-1]
    untied, tied = scores.reshape(len(scores), -1), tied.reshape(len(scores), -1)
    assert jacobian_rank(untied) == 3 * width
    assert degrees_of_freedom(untied, tied) == df
    assert degrees_of_freedom(untied * np.logspace(-2, 2, untied.shape[1]), tied) == df


def test_ranks_of_next_to_nothing():
    assert jacobian_rank(np.zeros((5, 2))) == 0
    assert jacobian_rank(np.empty((5, 0))) == 0
    assert jacobian_rank(np.array([[1.0, 1e-9], [1.0, -1e-9]])) == 1
    assert jacobian_rank(np.array([[1.0, 1e-3], [1.0, -1e-3]])) == 2
    assert jacobian_rank(np.array([[1.0, 1e-5], [0.0, 5e-7]])) == 2  # nearly parallel, and of another unit


def test_scores_that_tell_no_degrees_of_freedom_are_refused():
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    with pytest.raises(InvalidValue, match="untied one, 3"):
        degrees_of_freedom(one, other)
    with pytest.raises(TooFewSequences):
        degrees_of_freedom(one[:3], one[:3, :1])
    with pytest.raises(ShapeMismatch):
        degrees_of_freedom(one, other[:3])
    with pytest.raises(ShapeMismatch):
        jacobian_rank(one[0])
    with pytest.raises(InvalidValue):
        jacobian_rank(np.array([[np.nan]]))


def test_p_values_of_a_palindrome_are_uniform_where_sites_are_oriented():
    rng = np.random.default_rng(3)
    n, width, n_sets = 400, 4, 400
    half = rng.dirichlet(np.full(4, 5.0), size=width // 2)
    chances = np.concatenate([half, half[::-1, ::-1]])
    counts = rng.multinomial(n, chances, size=(n_sets, width))
    mirrored = (counts + counts[:, ::-1, ::-1]) / 2
    untied, tied = ((counts * np.log(np.maximum(fit, 0.5) / n)).sum((1, 2)) for fit in (counts, mirrored))
    p = [10 ** likelihood_ratio(*pair, 3 * width // 2).log10_p for pair in zip(tied, untied, strict=True)]
    assert kstest(p, "uniform").pvalue > 0.01
    assert binomtest(int(np.sum(np.array(p) <= 0.05)), n_sets, 0.05).pvalue > 0.01
