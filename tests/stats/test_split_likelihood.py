"""Split likelihood ratios: their mean over all data is at most 1, and 1 where the tie leaves no choice."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from motifnet.errors import InvalidValue
from motifnet.stats.split_likelihood import crossfit, e_value_log10_p, split_e_value

N = 7
COUNTS = np.arange(N + 1)


def log_e_of_two_rates(guess, tied):
    """Of each pair of counts: two rates that were guessed from elsewhere, against one for both."""
    table = np.empty((N + 1, N + 1))
    for one in COUNTS:
        for other in COUNTS:
            untied = binom(N, guess[0]).logpmf(one) + binom(N, guess[1]).logpmf(other)
            rate = tied(one, other)
            table[one, other] = split_e_value(untied, binom(N, rate).logpmf([one, other]).sum())
    return table


def mean_e(log_e, rate):
    """Over all data of one rate."""
    chances = binom(N, rate).pmf(COUNTS)
    return chances @ np.exp(log_e) @ chances


def test_the_mean_is_1_where_the_tied_model_has_no_choice():
    log_e = log_e_of_two_rates((0.2, 0.7), lambda *_: 0.4)
    assert mean_e(log_e, 0.4) == pytest.approx(1)


@pytest.mark.parametrize("guess", [(0.2, 0.7), (0.45, 0.5), (0.999, 0.001)])
def test_the_mean_is_at_most_1_whatever_the_guess_and_the_truth(guess):
    log_e = log_e_of_two_rates(guess, lambda one, other: (one + other) / (2 * N))
    means = [mean_e(log_e, rate) for rate in np.linspace(0.02, 0.98, 25)]
    assert max(means) <= 1 + 1e-12
    assert log_e.max() > 0


def test_a_tie_that_is_wrong_is_found():
    rng = np.random.default_rng(0)

    def fold(held, rest):
        rates = rest.mean(1)
        counts, n = held.sum(1), held.shape[1]
        return split_e_value(binom(n, rates).logpmf(counts).sum(), binom(n, held.mean()).logpmf(counts).sum())

    data = rng.random((2, 200)) < np.array([[0.3], [0.6]])
    one, other = data[:, :100], data[:, 100:]
    log_e = crossfit(np.array([fold(one, other), fold(other, one)]))
    assert e_value_log10_p(log_e) < -3


def test_crossfit_is_the_mean():
    rng = np.random.default_rng(1)
    log_e = rng.normal(0, 3, 5)
    assert crossfit(log_e) == pytest.approx(math.log(np.exp(log_e).mean()))
    assert crossfit(np.array([-math.inf, 0.0])) == pytest.approx(-math.log(2))
    with pytest.raises(InvalidValue):
        crossfit(np.empty(0))


def test_what_is_no_likelihood_is_refused_but_an_impossible_sequence_is_none():
    assert split_e_value(-math.inf, -3.0) == -math.inf
    assert e_value_log10_p(-math.inf) == 0
    for untied, tied in ((math.nan, -1), (math.inf, -1), (-1, -math.inf), (-1, math.nan)):
        with pytest.raises(InvalidValue):
            split_e_value(untied, tied)
