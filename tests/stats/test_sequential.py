"""Sequential Monte Carlo p-values: against the law of their distribution, and where they stop."""

from contextlib import contextmanager

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from motifnet.errors import InvalidValue
from motifnet.stats.sequential import sequential_p


def of(values):
    """Draws that are listed."""
    return lambda i: values[i]


def test_it_stops_at_the_last_draw_that_is_needed():
    found = sequential_p(of([5, 1, 9, 7, 1, 8]), 6, n_exceed=2)
    assert found.null.tolist() == [5, 1, 9, 7]
    assert (found.p, found.n_draws, found.n_exceed) == (2 / 4, 4, 2)


def test_with_too_few_as_large_what_was_seen_counts_among_all():
    found = sequential_p(of([5, 1, 9, 1, 1]), 9, n_exceed=2, most=5)
    assert (found.p, found.n_draws, found.n_exceed) == (2 / 6, 5, 1)
    assert sequential_p(of([0] * 5), 9, most=5).p == 1 / 6


def test_the_last_draw_may_be_the_one_that_is_needed():
    assert sequential_p(of([1, 1, 1, 9]), 6, n_exceed=1, most=4).p == 1 / 4


def test_the_distribution_of_the_p_value_is_that_of_the_paper():
    """It is at most h / l if fewer than h of l - 1 draws are as large: each rank among l is as likely."""
    rng = np.random.default_rng(0)
    h, most, n_sets = 3, 39, 4_000
    values = rng.random((n_sets, most + 1))
    found = np.array([sequential_p(of(row), row[most], n_exceed=h, most=most).p for row in values])
    for last in (3, 6, 12, 39):
        assert binomtest(int((found <= h / last).sum()), n_sets, h / last).pvalue > 0.001
    for g in (0, 1, 2):
        at_most = int((found <= (g + 1) / (most + 1)).sum())
        assert binomtest(at_most, n_sets, (g + 1) / (most + 1)).pvalue > 0.001


def test_few_draws_are_made_where_nothing_is_special():
    """Of the median, 10 as large come within 40 draws nearly always."""
    draws = [
        sequential_p(lambda i, k=k: np.random.default_rng([k, i]).random(), 0.5).n_draws for k in range(50)
    ]
    assert binom(40, 0.5).cdf(9) < 1e-3
    assert max(draws) <= 40


def test_progress_hears_of_each_draw():
    heard = []

    class Listener:
        @contextmanager
        def stage(self, name, total):
            heard.append((name, total))
            yield self

        def advance(self, note=""):
            heard.append("draw")

    sequential_p(of([0, 9]), 5, n_exceed=1, most=7, progress=Listener(), name="simulated data sets")
    assert heard == [("simulated data sets", 7), "draw", "draw"]


def test_what_is_no_number_is_refused():
    with pytest.raises(InvalidValue, match="draw 1"):
        sequential_p(of([0, np.nan]), 5)
    with pytest.raises(InvalidValue, match="data"):
        sequential_p(of([0]), np.nan)
    with pytest.raises(InvalidValue, match="most"):
        sequential_p(of([0]), 1, most=0)
    with pytest.raises(InvalidValue, match="n_exceed"):
        sequential_p(of([0]), 1, n_exceed=0)
