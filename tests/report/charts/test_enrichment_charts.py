"""Charts of positions and spacings of made-up results."""

import re
import xml.etree.ElementTree as ET

import pytest
from known_motifs import enriched, spacing

from motifnet.report.charts.enrichment import position_comparison, small_position_comparison, spacing_chart


@pytest.mark.parametrize("n_sites", [0, 1, 30])
@pytest.mark.parametrize("draw", [position_comparison, small_position_comparison])
def test_positions_are_well_formed_whatever_there_is(draw, n_sites):
    drawing = draw(enriched(n_sites), 100.0)
    assert ET.fromstring(drawing).tag.endswith("svg")
    assert "nan" not in drawing
    assert "&lt;A&amp;B&gt;" in drawing


def bars(drawing, css):
    """Widths and heights of the bars of a class, heights upwards."""
    (path,) = re.findall(rf'class="bar {css}" d="([^"]*)"', drawing)
    numbers = re.findall(r"M(\S+) (\S+)V(\S+)H(\S+)V\S+Z", path)
    return [(float(left), float(base) - float(top)) for left, base, top, _ in numbers]


def test_bars_stand_on_their_side_of_the_line_and_of_the_primary():
    drawing = spacing_chart(spacing())
    root = ET.fromstring(drawing)
    assert "12 sites at a gap of 7, opposite strand, upstream; 0.4 expected." in ET.tostring(root, "unicode")
    ((right, up),) = bars(drawing, "same")
    ((left, down),) = bars(drawing, "opposite")
    middle = float(root.get("width")) / 2
    assert up > 0 > down
    assert abs(down / up) == pytest.approx(4, rel=0.05)
    assert left < middle < right
