"""Shades of probability: their bounds belong to the stronger shade."""

import numpy as np
import pytest

from motifnet.report.drawing.dotplot import STYLES
from motifnet.report.drawing.dotplot_painting import COLOURS, POSTERIOR
from motifnet.report.drawing.shades import BOUNDS, OPACITIES, shade
from motifnet.report.pages.filling import TEMPLATES
from motifnet.symbols.alignment import X_ONLY, Y_ONLY


def test_a_bound_has_the_shade_that_it_begins():
    bounds = np.array(BOUNDS, np.float32)
    assert shade(bounds).tolist() == list(range(1, len(BOUNDS) + 1))
    assert shade(np.nextafter(bounds, np.float32(0))).tolist() == list(range(len(BOUNDS)))
    assert shade(np.array([0.0, 1.0])).tolist() == [0, len(BOUNDS)]


def test_every_shade_has_an_opacity_and_a_depth():
    assert len(OPACITIES) == len(BOUNDS) + 1
    assert (np.diff(OPACITIES) > 0).all()
    plots, letters = (STYLES / "shades.css").read_text(), (TEMPLATES / "alignments.css").read_text()
    assert all(f".c{level} {{ --depth:" in letters for level in range(1, len(BOUNDS) + 1))
    for level, opacity in enumerate(OPACITIES[1:-1], 1):  # the strongest is full colour
        assert f".shade-{level}, .dotplot .level-{level} {{ fill-opacity: {opacity:g}; }}" in plots


def test_pictures_have_the_colours_of_the_style_sheets():
    alone = (STYLES / "dotplot.css").read_text()
    letters, page = ((TEMPLATES / name).read_text() for name in ("alignments.css", "report.css"))
    for sheet in (alone, letters):
        assert f"--of-x: {COLOURS[X_ONLY]}; --of-y: {COLOURS[Y_ONLY]};" in sheet
    target = " ".join(str(int(POSTERIOR[i : i + 2], 16)) for i in (1, 3, 5))
    for sheet in (page, alone):
        assert f"--target: {target};" in sheet


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_does_not_matter(dtype):
    assert shade(np.array([0.9, 0.99], dtype)).tolist() == [5, 6]
