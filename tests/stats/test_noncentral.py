"""What a test leaves possible: the upper end of a noncentrality, per observation."""

import math

import numpy as np
import pytest
from scipy import stats

from motifnet.stats.noncentral import possible_information


@pytest.mark.parametrize(("statistic", "df"), [(5.0, 4), (30.0, 4), (57.0, 57), (120.0, 57)])
def test_so_large_a_statistic_is_as_rare_there_as_it_should_be(statistic, df):
    noncentrality = 2 * 100 * possible_information(statistic, df, 100)
    assert stats.ncx2.cdf(statistic, df, noncentrality) == pytest.approx(0.025, rel=1e-6)


def test_the_truth_is_below_it_in_nearly_all_data_sets():
    rng = np.random.default_rng(0)
    n, df, information = 200, 6, 0.03
    seen = stats.ncx2.rvs(df, 2 * n * information, size=2000, random_state=rng)
    held = np.mean([possible_information(one, df, n) >= information for one in seen])
    assert 0.965 < held <= 1


def test_few_observations_leave_much_possible_and_a_fluctuation_to_less_is_no_knowledge():
    assert possible_information(4.0, 4, 20) == pytest.approx(10 * possible_information(4.0, 4, 200))
    assert possible_information(0.2, 4, 200) == possible_information(4.0, 4, 200) > 0
    assert possible_information(0.0, 4, 0) == possible_information(1.0, 0, 9) == math.inf
