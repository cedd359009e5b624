"""Where the sites of a motif lie: charts that are well-formed whatever they are given."""

import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.report.charts.positions import position_histogram, small_position_histogram

_values = arrays(float, st.integers(0, 30), elements=st.floats(-1e4, 1e4))


@given(_values, st.floats(1, 1e5), st.text())
def test_positional_charts_are_well_formed(distances, half_width, name):
    for chart in (position_histogram, small_position_histogram):
        assert ET.fromstring(chart(distances, half_width, name)).get("role") == "img"


def test_sites_beyond_the_axis_are_counted_in_words():
    svg = position_histogram(np.array([0.0, 1.0, 500.0]), 100, "m")
    assert "1 site farther out than the axis" in svg
