"""q-values against scipy's, and beyond what a float holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from motifnet.stats.multiple import log10_q_values


@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=30))
def test_they_are_those_of_scipy(p_values):
    found = 10 ** log10_q_values(np.log10(p_values))
    np.testing.assert_allclose(found, false_discovery_control(p_values), rtol=1e-9)


def test_small_ones_stay_apart():
    assert log10_q_values(np.array([-900.0, -1000.0])) == pytest.approx([-900, -1000 + np.log10(2)])
