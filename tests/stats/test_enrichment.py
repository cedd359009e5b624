"""Fisher's exact test against scipy's, and far beyond what a float can hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.stats.enrichment import Enrichment, fisher, log10_mid_p

TABLES = st.tuples(st.integers(0, 60), st.integers(1, 60)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@given(TABLES)
def test_p_is_the_upper_tail_with_half_of_the_table_itself(table):
    from scipy.stats import hypergeom

    target_hits, n_targets, control_hits, n_controls = table
    hits = target_hits + control_hits
    null = hypergeom(n_targets + n_controls, hits, n_targets)
    expected = null.sf(target_hits) + null.pmf(target_hits) / 2
    assert fisher(*table).p_value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "table", [(8, 10, 2, 10), (0, 10, 5, 10), (10, 10, 10, 10), (30, 200, 9, 400), (1, 1000, 0, 5)]
)
def test_p_is_between_the_tails_of_scipy_without_and_with_the_table(table):
    from scipy.stats import fisher_exact

    a, n, c, m = table
    tail = fisher_exact([[a, n - a], [c, m - c]], alternative="greater").pvalue
    others = 1 - fisher_exact([[a, n - a], [c, m - c]], alternative="less").pvalue
    assert fisher(*table).p_value == pytest.approx((tail + others) / 2, rel=1e-6)


def test_chance_alone_gives_half_on_average():
    from scipy.stats import hypergeom

    for n_targets, n_controls, hits in [(20, 30, 3), (200, 200, 1), (50, 10, 40)]:
        possible = range(max(0, hits - n_controls), min(hits, n_targets) + 1)
        chances = hypergeom(n_targets + n_controls, hits, n_targets).pmf(possible)
        p_values = [fisher(k, n_targets, hits - k, n_controls).p_value for k in possible]
        assert np.dot(chances, p_values) == pytest.approx(0.5)


@given(TABLES)
def test_more_hits_in_targets_are_never_less_significant(table):
    a, n, c, m = table
    assert log10_mid_p(*table) <= 0
    if a < n:
        assert log10_mid_p(a + 1, n, c, m) <= log10_mid_p(*table) + 1e-12


def test_a_p_value_too_small_for_a_float_keeps_its_logarithm():
    from scipy.special import gammaln

    found = fisher(2000, 2000, 0, 2000)
    # A single table is as extreme, 1 in (4000 choose 2000), and half of it counts.
    expected = -(gammaln(4001) - 2 * gammaln(2001) + np.log(2)) / np.log(10)
    assert found.log10_p == pytest.approx(expected)
    assert found.log10_p < -1000
    assert found.p_value == 0


def test_shares_without_hits_and_without_sequences():
    found = Enrichment(30, 100, 0, 200, -20.0)
    assert (found.target_share, found.control_share) == (0.3, 0)
    assert found.fold == pytest.approx((30.5 / 101) / (0.5 / 201))
    nothing = fisher(0, 0, 0, 0)
    assert (nothing.target_share, nothing.control_share) == (0, 0)
    assert nothing.p_value == pytest.approx(0.5)
    assert np.isnan(nothing.fold)
