"""Shades of probability: their bounds belong to the stronger shade."""

import numpy as np
import pytest

from motifnet.report.dotplot_painting import _OPACITY
from motifnet.report.page import TEMPLATES
from motifnet.report.shades import BOUNDS, shade


def test_a_bound_has_the_shade_that_it_begins():
    bounds = np.array(BOUNDS, np.float32)
    assert shade(bounds).tolist() == list(range(1, len(BOUNDS) + 1))
    assert shade(np.nextafter(bounds, np.float32(0))).tolist() == list(range(len(BOUNDS)))
    assert shade(np.array([0.0, 1.0])).tolist() == [0, len(BOUNDS)]


def test_every_shade_has_an_opacity_and_a_depth():
    assert len(_OPACITY) == len(BOUNDS) + 1
    assert (np.diff(_OPACITY) > 0).all()
    plots, letters = ((TEMPLATES / name).read_text() for name in ("shades.css", "alignments.css"))
    assert all(f".c{level} {{ --depth:" in letters for level in range(1, len(BOUNDS) + 1))
    for level, opacity in enumerate(_OPACITY[1:-1], 1):  # the strongest is full colour
        assert f".shade-{level}, .dotplot .level-{level} {{ fill-opacity: {opacity:g}; }}" in plots


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_does_not_matter(dtype):
    assert shade(np.array([0.9, 0.99], dtype)).tolist() == [5, 6]
