"""PNG and PDF show the drawing that the layout describes."""

import io

import numpy as np
import pytest
from factory import motif_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib import image, pyplot
from matplotlib.colors import to_rgb

from motifnet.errors import UnknownName
from motifnet.motifs import Motif
from motifnet.motifs.letter_heights import KINDS
from motifnet.motifs.logo_letters import colours, drawn_letters
from motifnet.report.drawing.canvas import bare_figure
from motifnet.report.drawing.glyphs import BASES, OUTLINES
from motifnet.report.drawing.logo import logo_drawing
from motifnet.report.drawing.logo_layout import HEIGHT, INSET, LEFT, PITCH, RIGHT
from motifnet.report.drawing.logo_painting import paint_logos
from motifnet.report.drawing.tree_painting import glyph

_SCALE = 10  # pixels of a point
_PALETTE = colours("classic")


def painted(motif, kind="information"):
    """Which pixels have the colour of each base, ``(4, height, width)``."""
    content = paint_logos(logo_drawing(motif, kind=kind), format="png", palette=_PALETTE, dpi=72 * _SCALE)
    pixels = image.imread(io.BytesIO(content))[..., :3]
    return np.array([np.abs(pixels - to_rgb(colour)).max(-1) < 0.02 for colour in _PALETTE])


def letters_of(motif, kind):
    """The letters that the layout has for a motif."""
    (track,) = logo_drawing(motif, kind=kind).tracks
    return list(track.letters())


def box(mask):
    """Left, upper, right and lower edge of what is set, in points."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) / _SCALE


@pytest.mark.parametrize("kind", ["information", "probability"])
def test_letters_fill_the_boxes_of_the_layout(kind):
    motif = Motif("m", np.array([[8, 0, 4], [0, 1, 4], [0, 0, 0], [0, 7, 0]]))
    found = painted(motif, kind)
    letters = letters_of(motif, kind)
    assert len(letters) == 5
    for base, x, y, height in letters:
        here = np.zeros(found.shape[1:], bool)
        edges = np.round(np.array([x, y, x + PITCH - 2 * INSET, y + height]) * _SCALE).astype(int)
        here[edges[1] : edges[3], edges[0] : edges[2]] = True
        # A round letter touches its box in a point, which may be a blend of colour and paper.
        np.testing.assert_allclose(box(found[base] & here), edges / _SCALE, atol=0.4)


@pytest.mark.parametrize("code", range(4))
def test_a_letter_covers_the_area_of_its_outline(code):
    counts = np.zeros((4, 1))
    counts[code] = 8
    found = painted(Motif("m", counts))[code]
    (_, _, _, height), *_ = letters_of(Motif("m", counts), "information")
    share = found.sum() / _SCALE**2 / (height * (PITCH - 2 * INSET))
    # Edges are blends of colour and paper, which count as neither.
    assert share == pytest.approx(_area(BASES[code]), abs=0.03)


@pytest.mark.parametrize("base", BASES)
def test_a_glyph_has_the_points_of_its_outline(base):
    shape = glyph(base)
    numbers = [float(number) for number in OUTLINES[base].translate(str.maketrans("MLQZ", "    ")).split()]
    points = shape.vertices[shape.codes != shape.CLOSEPOLY]
    np.testing.assert_allclose(100 * points.ravel(), numbers)


_counts = st.integers(1, 6).flatmap(lambda width: arrays(float, (4, width), elements=st.floats(0, 1e4)))


@settings(max_examples=30, deadline=None)
@given(counts=_counts, kind=st.sampled_from(KINDS), small_sample_correction=st.booleans())
def test_letters_are_as_high_in_logomaker_as_in_svg(counts, kind, small_sample_correction):
    """And lie in the same order, at the same heights, in the same columns."""
    drawing = logo_drawing(Motif("m", counts), kind=kind, small_sample_correction=small_sample_correction)
    (track,) = drawing.tracks
    per_unit = HEIGHT / (track.scale.top - track.scale.bottom)
    written = {
        (round((x - INSET - track.left) / PITCH) + 1, BASES[base]): (y, y + height)
        for base, x, y, height in track.letters()
    }
    logo = drawn_letters(
        track.visible, BASES, bare_figure(4, 2).add_subplot(), scale=track.scale, colours=_PALETTE
    )
    drawn = {
        (glyph.p, glyph.c): (
            track.base_line - per_unit * glyph.ceiling,
            track.base_line - per_unit * glyph.floor,
        )
        for glyph in logo.glyph_list
        if glyph.patch is not None
    }
    assert drawn.keys() == written.keys()
    for place, edges in drawn.items():
        np.testing.assert_allclose(edges, sorted(written[place]), atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_logo_of_a_motif_has_the_heights_of_its_letters(kind):
    motif = Motif("m", [[30, 10, 5], [2, 10, 40], [5, 10, 0], [5, 10, 0]], alphabet="RNA")
    logo = motif.logo(bare_figure(4, 2).add_subplot(), kind=kind, first_position=-1)
    heights = motif.letter_heights(kind)
    assert list(logo.glyph_df.columns) == list("ACGU")
    assert list(logo.glyph_df.index) == [-1, 0, 1]
    found = [[glyph.ceiling - glyph.floor for glyph in row] for row in logo.glyph_df.values.T]
    np.testing.assert_allclose(found, np.abs(heights), atol=1e-9)
    assert [label.get_text() for label in logo.ax.get_xticklabels()] == ["-1", "0", "1"]


def test_a_logo_of_a_motif_is_styled_further():
    motif = motif_of("m", "ACGT")
    logo = motif.logo(scheme="colour-blind-safe", alpha=0.5)
    assert logo.glyph_list[0].alpha == 0.5
    assert logo.rgb_dict["A"] == to_rgb(colours("colour-blind-safe")[0])
    logo.highlight_position(1)
    logo.style_glyphs(color_scheme="grays")
    assert tuple(logo.rgb_dict["A"]) != to_rgb(colours("colour-blind-safe")[0])
    pyplot.close(logo.fig)
    with pytest.raises(UnknownName, match="no kind of logo named 'bits'"):
        motif.logo(kind="bits")
    with pytest.raises(UnknownName, match="no colour scheme named 'blue'"):
        motif.logo(scheme="blue")
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("width", [1, 64])
def test_a_picture_is_as_wide_as_its_motif(width):
    content = paint_logos(logo_drawing(motif_of("m", "A" * width)), format="png", palette=_PALETTE, dpi=72)
    assert image.imread(io.BytesIO(content)).shape[1] == LEFT + width * PITCH + RIGHT


def _area(base):
    """Share of its box that a letter fills: Green's theorem over its outline, holes taken away."""
    return abs(sum(_signed_area(polygon) for polygon in glyph(base).to_polygons(closed_only=True)))


def _signed_area(polygon):
    (x, y), (next_x, next_y) = polygon[:-1].T, polygon[1:].T
    return (x * next_y - next_x * y).sum() / 2
