"""GC content and length of targets and controls: charts that are well-formed whatever they are given."""

import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.report.charts.composition import gc_histogram, length_histogram

_values = arrays(float, st.integers(0, 30), elements=st.floats(-1e4, 1e4))


@given(_values, _values)
def test_overlaid_histograms_are_well_formed(targets, controls):
    for chart in (gc_histogram, length_histogram):
        assert ET.fromstring(chart(np.abs(targets), np.abs(controls))).find("title") is not None
