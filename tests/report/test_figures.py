"""Charts: well-formed whatever they are given, and true to the numbers."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from factory import full_result
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.discovery.results import Curve
from motifnet.report import figures

_values = arrays(float, st.integers(0, 30), elements=st.floats(-1e4, 1e4))
_METRICS = full_result().metrics[0]


@given(_values, st.floats(1, 1e5), st.text())
def test_positional_charts_are_well_formed(distances, half_width, name):
    for chart in (figures.position_histogram, figures.sparkline):
        assert ET.fromstring(chart(distances, half_width, name)).get("role") == "img"


@given(_values, _values)
def test_overlaid_histograms_are_well_formed(targets, controls):
    for chart in (figures.gc_histogram, figures.length_histogram):
        assert ET.fromstring(chart(np.abs(targets), np.abs(controls))).find("title") is not None


@pytest.mark.parametrize("chart", [figures.roc_chart, figures.pr_chart])
def test_curves_survive_what_is_not_finite(chart):
    nothing = Curve(np.array([]), np.array([]))
    broken = Curve(np.array([0, np.nan, 1]), np.array([0, 0.5, np.inf]))
    for curve in (nothing, broken):
        svg = chart(replace(_METRICS, auroc=np.nan, roc=curve, pr=curve))
        assert "nan" not in svg
        assert "inf" not in svg
        ET.fromstring(svg)


def test_roc_names_the_baselines():
    words = "".join(ET.fromstring(figures.roc_chart(_METRICS)).itertext())
    assert "GC content alone (0.640)" in words
    assert "length alone (0.500)" in words
    assert "no skill (0.500)" in words


def test_no_skill_line_of_pr_lies_at_the_share_of_targets():
    svg = figures.pr_chart(replace(_METRICS, no_skill_auprc=0.25))
    line = re.search(r'line no-skill" d="M\S+ (\S+)L\S+ (\S+)"', svg)
    quarter = re.search(r'tick end" x="\S+" y="(\S+)">0.25<', svg)
    assert line[1] == line[2]
    assert float(quarter[1]) - 4 == pytest.approx(float(line[1]), abs=0.1)


def test_sites_beyond_the_axis_are_counted_in_words():
    svg = figures.position_histogram(np.array([0.0, 1.0, 500.0]), 100, "m")
    assert "1 site farther out than the axis" in svg


def test_bars_are_shares_of_all_values():
    edges, shares = figures._shares(np.array([0.1, 0.1, 0.9, 5.0]), 0, 1, n_bins=2)
    assert shares.tolist() == [0.5, 0.25]
    assert edges.tolist() == [0, 0.5, 1]


@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e6), st.integers(2, 8))
def test_ticks_lie_inside_and_are_few(low, span, n):
    ticks = figures.nice_ticks(low, low + span, n)
    assert len(ticks) <= 2 * n
    assert all(low - 1e-6 * span <= value <= low + span * (1 + 1e-6) for value in ticks)


def test_a_long_curve_is_thinned_to_what_can_be_seen():
    x = np.linspace(0, 1, 100_000)
    svg = figures.roc_chart(replace(_METRICS, roc=Curve(x, np.sqrt(x))))
    assert len(svg) < 12_000
