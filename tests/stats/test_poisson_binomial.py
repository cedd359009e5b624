"""Counts of independent events: intervals against the binomial distribution, and their ends."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from motifnet.stats.poisson_binomial import interval


@given(st.integers(0, 300), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95]))
def test_equal_chances_are_binomial(n, chance, level):
    low, high = interval(np.full(n, chance), level)
    rest = (1 - level) / 2
    assert binom.cdf(low - 1, n, chance) <= rest + 1e-9
    assert binom.sf(high, n, chance) <= rest + 1e-9
    assert binom.cdf(low, n, chance) >= rest - 1e-9
    assert binom.sf(high - 1, n, chance) >= rest - 1e-9


def test_many_events_take_no_more_than_their_spread():
    chance = np.random.default_rng(0).random(20000)
    low, high = interval(chance)
    spread = 1.96 * np.sqrt((chance * (1 - chance)).sum())
    assert (low, high) == pytest.approx((chance.sum() - spread, chance.sum() + spread), abs=2)


def test_unequal_chances_are_summed_exactly():
    chance = np.random.default_rng(0).random(9)
    distribution = np.zeros(10)
    for bits in product((0, 1), repeat=9):
        distribution[sum(bits)] += np.prod(np.where(bits, chance, 1 - chance))
    low, high = interval(chance)
    assert distribution[:low].sum() <= 0.025 < distribution[: low + 1].sum()
    assert distribution[high + 1 :].sum() <= 0.025 < distribution[high:].sum()
