"""ROC and precision-recall curves: well-formed whatever they are given, and true to the numbers."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from factory import full_result

from motifnet.discovery.results import Curve
from motifnet.report.charts.evaluation import pr_chart, roc_chart

_METRICS = full_result().metrics[0]


@pytest.mark.parametrize("chart", [roc_chart, pr_chart])
def test_curves_survive_what_is_not_finite(chart):
    nothing = Curve(np.array([]), np.array([]))
    broken = Curve(np.array([0, np.nan, 1]), np.array([0, 0.5, np.inf]))
    for curve in (nothing, broken):
        svg = chart(replace(_METRICS, auroc=np.nan, roc=curve, pr=curve))
        assert "nan" not in svg
        assert "inf" not in svg
        ET.fromstring(svg)


def test_roc_names_the_baselines():
    words = "".join(ET.fromstring(roc_chart(_METRICS)).itertext())
    assert "GC content alone (0.640)" in words
    assert "length alone (0.500)" in words
    assert "no skill (0.500)" in words


def test_no_skill_line_of_pr_lies_at_the_share_of_targets():
    svg = pr_chart(replace(_METRICS, no_skill_auprc=0.25))
    line = re.search(r'line no-skill" d="M\S+ (\S+)L\S+ (\S+)"', svg)
    quarter = re.search(r'tick end" x="\S+" y="(\S+)">0.25<', svg)
    assert line[1] == line[2]
    assert float(quarter[1]) - 4 == pytest.approx(float(line[1]), abs=0.1)


def test_a_long_curve_is_thinned_to_what_can_be_seen():
    x = np.linspace(0, 1, 100_000)
    svg = roc_chart(replace(_METRICS, roc=Curve(x, np.sqrt(x))))
    assert len(svg) < 12_000
