"""Sequences as lines: what lies along them is drawn where it lies."""

import re
import xml.etree.ElementTree as ET

import numpy as np

from motifnet.report.charts.strips import Layer, SequenceStrip, strips_chart


def test_steps_that_touch_are_one_outline_and_others_are_not():
    layer = Layer(2, np.array([0, 5, 10, 20, 30]), np.array([0.5, 1, 0, 1]))
    drawn = strips_chart([SequenceStrip("one & all", 40, [layer])], "t", "d")
    (path,) = [part.get("d") for part in ET.fromstring(drawn) if part.get("class") == "strip s2"]
    assert (path.count("M"), path.count("Z")) == (2, 2)
    assert "one &amp; all" in drawn


def test_a_strip_is_as_long_as_its_sequence_and_boxes_hang_below_the_line():
    up, down = Layer(1, np.array([10, 20]), np.array([1.0])), Layer(1, np.array([10, 20]), np.array([-1.0]))
    drawn = ET.fromstring(
        strips_chart([SequenceStrip("a", 100, [up]), SequenceStrip("b", 50, [down])], "t", "d", ["x"])
    )
    lines = [re.findall(r"[\d.]+", part.get("d")) for part in drawn if part.get("class") == "axis"]
    (x, y, end), (_, below, half) = [list(map(float, numbers)) for numbers in lines[:2]]
    assert (end - x) / (half - x) == 2
    paths = [part.get("d") for part in drawn if part.get("class") == "strip s1" and part.get("d")]
    tops = [float(re.search(r"V([\d.]+)", path)[1]) for path in paths]
    assert tops[0] < y
    assert tops[1] > below


def test_nothing_is_drawn_of_nothing():
    ET.fromstring(strips_chart([], "t", "d"))
    empty = SequenceStrip("a", 9, [Layer(1, np.array([0, 9]), np.zeros(1))])
    assert 'class="strip' not in strips_chart([empty], "t", "d")
