"""The tracks of gaps say what was counted, in both formats."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.image import imread

from motifnet.errors import UnknownName
from motifnet.motifs import Motif
from motifnet.report.drawing.logo import logo_bytes
from motifnet.report.drawing.profile_logo import GapTracks, SpacerTrack, profile_logo_bytes

MOTIF = Motif("<GATA>", 20 * np.eye(4)[:, [2, 0, 3, 0]])
GAPS = GapTracks(np.array([0, 0.25, 0, 0]), np.array([0, 0, 0.5, 0]), np.array([0, 0, 2.25, 0]))


SPACER = SpacerTrack(1, 2, 4, (2, 3), (0.75, 0.25))


def test_a_spacer_has_a_bar_for_each_length():
    one, other = SPACER.bars()
    assert one.height == 3 * other.height
    assert {"75", "25", "2", "3"} <= {label.text for label in SPACER.labels()}
    drawn = profile_logo_bytes(MOTIF, SPACER, format="svg")
    assert b"% of sites with a spacer of each length" in drawn
    assert profile_logo_bytes(MOTIF, SPACER, format="png")[:4] == b"\x89PNG"


def test_bars_are_as_high_as_their_share():
    bars = [bar for bar in GAPS.bars() if bar.height > 0]
    assert len(bars) == 2
    assert bars[1].height == 2 * bars[0].height
    assert {"25", "2.2", "del", "ins"} <= {one.text for one in GAPS.labels()}


def test_svg_holds_the_logo_and_the_tracks():
    drawn = profile_logo_bytes(MOTIF, GAPS, format="svg")
    root = ET.fromstring(drawn)
    inner = root.find("{http://www.w3.org/2000/svg}svg")
    assert inner is not None
    assert float(root.get("height")) == pytest.approx(float(inner.get("height")) + GAPS.height)
    assert b"&lt;GATA&gt;" in drawn
    assert drawn == profile_logo_bytes(MOTIF, GAPS, format="svg")


def test_png_has_the_pixels_of_the_logo_on_top():
    drawn = profile_logo_bytes(MOTIF, GAPS, format="png", dpi=100)
    pixels, logo = imread(io.BytesIO(drawn)), imread(io.BytesIO(logo_bytes(MOTIF, format="png", dpi=100)))
    assert pixels.shape[0] == logo.shape[0] + round(GAPS.height * 100 / 72)
    np.testing.assert_allclose(pixels[: logo.shape[0], : logo.shape[1]], logo, atol=0.01)
    below = pixels[logo.shape[0] :, :, :3]
    assert (np.abs(below - np.array([0x24, 0x62, 0x8A]) / 255).max(-1) < 0.02).sum() > 20
    assert drawn == profile_logo_bytes(MOTIF, GAPS, format="png", dpi=100)


@pytest.mark.parametrize("format", ["svg", "png"])
def test_without_gaps_there_are_no_lanes_for_them(format):
    none = GapTracks(*3 * [np.zeros(MOTIF.width)])
    assert profile_logo_bytes(MOTIF, none, format=format) == logo_bytes(MOTIF, format=format)


def test_an_unknown_format():
    with pytest.raises(UnknownName, match="profile logo format"):
        profile_logo_bytes(MOTIF, GAPS, format="gif")
