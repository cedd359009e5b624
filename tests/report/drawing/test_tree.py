"""Trees with logos: what lies where, the same in SVG and PNG, and nothing outside of the picture."""

import math
import struct
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage

from motifnet.errors import InvalidValue, UnknownName
from motifnet.motifs import Motif
from motifnet.report.drawing.tree import tree_bytes, tree_svg
from motifnet.report.drawing.tree_layout import Leaf, tree_drawing

SHAPES = ("linear", "radial")


def leaves(n):
    word = 20 * np.eye(4)[:, [2, 2, 3, 2, 0, 1]]
    return [Leaf(Motif(f"m{i}", word), f"motif <{i}> & co", 0 if i < 2 else None) for i in range(n)]


def tree(n):
    distances = np.random.default_rng(n).uniform(0.2, 0.9, n * (n - 1) // 2)
    distances[0] = 0.05  # the first two are a family
    return linkage(distances, "average")


def drawing(n=7, shape="linear", limit=0.3):
    return tree_drawing(leaves(n), tree(n), shape=shape, limit=limit)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_logo_and_a_name_for_each_leaf(shape):
    drawn = drawing(shape=shape)
    assert len(drawn.logos) == 7
    assert {label.text for label in drawn.labels} >= {leaf.name for leaf in leaves(7)}


@pytest.mark.parametrize("shape", SHAPES)
def test_two_branches_for_each_join_and_the_limit(shape):
    lines = drawing(shape=shape).lines
    assert sum(line.dashed for line in lines) == 1
    coloured = [line for line in lines if line.colour.startswith("#00")]
    assert len(coloured) == 2  # within the family
    assert sum(line.dashed for line in drawing(shape=shape, limit=None).lines) == 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [1, 2, 30])
def test_nothing_is_outside_of_the_picture(shape, n):
    drawn = tree_drawing(leaves(n), tree(n) if n > 1 else np.empty((0, 4)), shape=shape)
    points = [point for line in drawn.lines for point in line.points.tolist()]
    points += [(one.x, one.y) for one in (*drawn.logos, *drawn.labels)]
    for x, y in points:
        assert 0 <= x <= drawn.width
        assert 0 <= y <= drawn.height


def test_rows_are_those_of_the_tree_and_depth_is_distance():
    drawn, joined = drawing(limit=None), tree(7)
    rows = [logo.y for logo in drawn.logos]
    assert sorted(np.diff(sorted(rows)).round(6).tolist()) == [26] * 6
    assert abs(rows[0] - rows[1]) == pytest.approx(26)  # the family stands together
    branches = [line.points for line in drawn.lines if line.points.shape == (3, 2)]
    right = max(points[:, 0].max() for points in branches)
    depths = {round(right - points[0, 0], 6) for points in branches}
    expected = 240 * joined[:, 2] / joined[-1, 2]
    assert sorted(depths) == pytest.approx(sorted(expected), abs=1e-5)


def test_names_on_a_circle_are_never_upside_down():
    labels = drawing(n=30, shape="radial").labels
    assert all(-90 <= label.angle <= 90 for label in labels)
    middle = drawing(n=30, shape="radial").width / 2
    assert {label.anchor for label in labels if label.x < middle - 1} == {"end"}


def test_the_letters_of_a_logo_on_a_circle_lie_between_the_leaf_and_its_name():
    drawn = drawing(n=12, shape="radial")
    middle = drawn.width / 2
    for logo, label in zip(drawn.logos, drawn.labels, strict=True):
        length = 18 * 22 / 60 * logo.track.width
        angle = math.radians(logo.angle)
        ends = [(logo.x, logo.y), (logo.x + length * math.cos(angle), logo.y + length * math.sin(angle))]
        far = math.hypot(label.x - middle, label.y - middle)
        assert all(150 < math.hypot(x - middle, y - middle) < far for x, y in ends)


@pytest.mark.parametrize("shape", SHAPES)
def test_svg_is_well_formed_and_stands_alone(shape):
    text = tree_svg(drawing(shape=shape), scheme="colour-blind-safe")
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert "motif <3> & co" in {element.text for element in root.iter() if element.tag.endswith("text")}
    assert 'id="gA"' in text
    assert "#33A98B" in text
    assert 'id="gA"' not in tree_svg(drawing(shape=shape), shared=True)


@pytest.mark.parametrize("format", ["svg", "png"])
def test_the_same_bytes_for_the_same_tree(format):
    assert tree_bytes(drawing(), format=format) == tree_bytes(drawing(), format=format)


def test_png_is_as_large_as_asked_for_but_never_huge():
    width, height = struct.unpack(">II", tree_bytes(drawing(), format="png", dpi=72)[16:24])
    assert (width, height) == pytest.approx((drawing().width, drawing().height), abs=1)
    tall = drawing(n=300)
    assert struct.unpack(">II", tree_bytes(tall, format="png", dpi=300)[16:24])[1] <= 6_000


def test_what_cannot_be_drawn():
    with pytest.raises(InvalidValue, match="number of leaves is 0; expected at least one"):
        tree_drawing([], np.empty((0, 4)))
    with pytest.raises(UnknownName, match="no format of a tree named 'gif'"):
        tree_bytes(drawing(), format="gif")
