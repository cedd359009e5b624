"""Charts of positions and spacings, and tables, of made-up results."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from motifnet.motifs import Motif
from motifnet.report.enrichment_figures import position_chart, position_sparkline, spacing_chart
from motifnet.report.enrichment_tables import central_tsv, enrichment_tsv, spacing_tsv
from motifnet.scanning.enriched import Enriched, Threshold
from motifnet.scanning.spaced import Spacing
from motifnet.stats.enrichment import Enrichment
from motifnet.stats.positional import Central
from motifnet.stats.rank_test import RankTest
from motifnet.stats.spacing import BestPlace

MOTIF = Motif("MA0001.1", np.eye(4)[:, [0, 1, 2]], alt_name="<A&B>")


def enriched(n_sites=30):
    central = Central(12, n_sites, n_sites // 2, 0.2, -9.5, 4, 1, -3.0)
    return Enriched(
        MOTIF,
        0,
        Threshold(100, 7.5, 1e-4),
        Enrichment(n_sites, 100, 4, 200, -412.3),
        RankTest(0.8, -55.0),
        central,
        1e-6,
        np.linspace(-40, 40, n_sites),
        np.array([-60.0, 5, 7, 90]),
        log10_e=-410.0,
        like=1,
    )


def spacing():
    counts = np.zeros((2, 2, 101), int)
    counts[1, 0, 7] = 12
    counts[0, 1, 40] = 3
    return Spacing(
        MOTIF, MOTIF, counts, BestPlace(1, 93, 12, 15, 0.4, -8.0), True, 7, 60, log10_e=-6.0, like=1
    )


@pytest.mark.parametrize("n_sites", [0, 1, 30])
@pytest.mark.parametrize("draw", [position_chart, position_sparkline])
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


def cells(table):
    header, *lines = [line.split("\t") for line in table.splitlines()]
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_tables_hold_what_was_tested():
    (row,) = cells(enrichment_tsv([enriched()]))
    assert (row["RANK"], row["ID"], row["CONSENSUS"], row["TP"], row["TP%"]) == (
        "1", "MA0001.1", "ACG", "30", "30",
    )  # fmt: skip
    assert (row["PVALUE"], row["LOG_PVALUE"], row["EVALUE"]) == ("5.0e-413", "-412.3", "1.0e-410")
    (row,) = cells(central_tsv([enriched(), enriched(0)]))
    assert (row["BIN_WIDTH"], row["TOTAL_SITES"], row["SITES_IN_BIN"]) == ("25", "30", "15")
    (row,) = cells(spacing_tsv([spacing()]))
    assert (row["GAP"], row["STRAND"], row["SIDE"], row["NUM"]) == ("7", "opposite", "upstream", "12")
