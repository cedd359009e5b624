"""Curves over two shares: well-formed whatever they are given, and true to the numbers."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from factory import full_result

from motifnet.report.charts.evaluation import share_chart
from motifnet.training.targets.binary import separation
from motifnet.training.task_metrics import Line

_METRICS = full_result().metrics[0]


@pytest.mark.parametrize("chart", _METRICS.charts, ids=lambda chart: chart.title)
def test_curves_survive_what_is_not_finite(chart):
    nothing = Line(np.array([]), np.array([]), "nothing", is_ours=True)
    broken = Line(np.array([0, np.nan, 1]), np.array([0, 0.5, np.inf]), "broken", is_ours=True)
    unknown = replace(_METRICS, figures=tuple(one._replace(value=np.nan) for one in _METRICS.figures))
    for line in (nothing, broken):
        svg = share_chart(chart._replace(lines=(line,)), unknown)
        assert "nan" not in svg
        assert "inf" not in svg
        ET.fromstring(svg)


def test_a_legend_names_the_lines_that_are_drawn():
    roc, pr, _ = (share_chart(chart, _METRICS) for chart in _METRICS.charts)
    words = "".join(ET.fromstring(roc).itertext())
    assert f"network (AUROC {_METRICS['auroc']:.3f})" in words
    assert "GC content alone (" not in words  # which has no line
    assert "no skill (0.500)" in words
    assert "no skill (0.333)" in "".join(ET.fromstring(pr).itertext())


def test_what_the_network_does_is_drawn_over_what_it_is_compared_with():
    svg = share_chart(_METRICS.charts[1], _METRICS)
    assert svg.index("line no-skill") < svg.index("line target")


def test_no_skill_line_of_pr_lies_at_the_share_of_targets():
    scores = np.arange(1.0, 5), np.arange(12.0)
    metrics = separation("a", *scores, log_odds=scores, gc_auroc=0.5, length_auroc=0.5, composition_auroc=0.5)
    svg = share_chart(metrics.charts[1], metrics)
    line = re.search(r'line no-skill" d="M\S+ (\S+)L\S+ (\S+)"', svg)
    quarter = re.search(r'tick end" x="\S+" y="(\S+)">0.25<', svg)
    assert line[1] == line[2]
    assert float(quarter[1]) - 4 == pytest.approx(float(line[1]), abs=0.1)


def test_a_long_curve_is_thinned_to_what_can_be_seen():
    x = np.linspace(0, 1, 100_000)
    chart = _METRICS.charts[0]
    svg = share_chart(chart._replace(lines=(Line(x, np.sqrt(x), "a", is_ours=True),)), _METRICS)
    assert len(svg) < 12_000
