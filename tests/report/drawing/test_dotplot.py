"""Dot-plots: every cell shows its most probable match, every gap is seen, whatever the length."""

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from aligned_pairs import pair_of
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import image
from matplotlib.colors import to_rgb

from motifnet.errors import UnknownName
from motifnet.report.drawing.dotplot import FORMATS, dotplot_bytes, dotplot_svg
from motifnet.report.drawing.dotplot_layout import MOST_CELLS, DotPlot
from motifnet.report.drawing.dotplot_painting import COLOURS, POSTERIOR
from motifnet.report.drawing.shades import shade
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment

LENGTHS = (1, 100, 1000, 16_500)


def dense(posterior):
    matrix = np.zeros((posterior.y_length, posterior.x_length), np.float32)
    matrix[posterior.column, posterior.x_position] = posterior.probability
    return matrix


@pytest.mark.parametrize("n_columns", [1, 100, 1000])
def test_a_cell_has_the_shade_of_its_most_probable_match(n_columns):
    alignment, posterior = pair_of(n_columns, insertion=(n_columns // 2, n_columns // 3))
    dots = DotPlot(alignment, posterior)
    x_step, y_step = dots.steps
    matrix = dense(posterior)
    for row, column in np.ndindex(*dots.shades.shape):
        cell = matrix[row * y_step : (row + 1) * y_step, column * x_step : (column + 1) * x_step]
        assert dots.shades[row, column] == shade(cell.max())


@pytest.mark.parametrize("n_columns", LENGTHS)
def test_cells_are_few_and_cover_both_sequences(n_columns):
    dots = DotPlot(*pair_of(n_columns, insertion=(0, 3 * n_columns)))
    assert max(dots.shades.shape) <= MOST_CELLS
    for edges, length in zip(dots.edges, dots.lengths, strict=True):
        assert (edges[0], edges[-1]) == (0, length)
        assert (np.diff(edges) > 0).all()


@pytest.mark.parametrize("n_columns", LENGTHS)
def test_the_path_passes_through_every_match(n_columns):
    alignment, _ = pair_of(n_columns, insertion=(n_columns // 2, 5))
    x, y = DotPlot(alignment).path
    diagonal = np.flatnonzero(alignment.runs().kind == MATCH)
    passed = [(x[i] + step, y[i] + step) for i in diagonal.tolist() for step in range(x[i + 1] - x[i])]
    assert passed == [tuple(pair) for pair in alignment.matches.tolist()]


@pytest.mark.parametrize("kind", [X_ONLY, Y_ONLY])
def test_the_strips_show_the_share_of_bases_that_are_alone(kind):
    alignment, _ = pair_of(2000, insertion=(900, 77))
    dots = DotPlot(alignment if kind == Y_ONLY else alignment.swapped())
    axis = 0 if kind == X_ONLY else 1
    sequence = (dots.alignment.x, dots.alignment.y)[axis]
    alone = np.ones(len(sequence), bool)
    alone[dots.alignment.matches[:, axis]] = False
    edges = dots.edges[axis]
    shares = [alone[a:b].mean() for a, b in pairwise(edges)]
    assert dots.alone(kind).tolist() == shade(np.array(shares)).tolist()


def test_one_base_alone_is_seen_in_a_hundred_and_in_a_thousand():
    for length in (100, 1000):
        x = np.zeros(length, np.uint8)
        columns = np.zeros(length, np.uint8)
        columns[length // 2] = X_ONLY
        alignment = Alignment("x", "y", x, x[1:], columns)
        assert DotPlot(alignment).alone(X_ONLY).max() > 0
        assert 'class="alone of-x' in dotplot_svg(alignment)


def test_a_local_alignment_lies_where_it_is():
    alignment, _ = pair_of(100)
    padded = np.concatenate([np.zeros(50, np.uint8), alignment.x])
    dots = DotPlot(replace(alignment, x=padded, x_start=50, x_place=None))
    assert dots.path[0][0] == 50
    assert not dots.alone(X_ONLY)[:50].any()


@settings(max_examples=20)
@given(st.integers(1, 400), st.integers(0, 3000), st.text(), st.sampled_from("+-"), st.booleans())
def test_drawings_are_well_formed(n_columns, inserted, name, strand, standalone):
    alignment, posterior = pair_of(n_columns, insertion=(n_columns // 2, inserted))
    place = replace(alignment.y_place, strand=strand)
    alignment = replace(alignment, x_name=name, y_name=name, y_place=place)
    drawing = ET.fromstring(dotplot_svg(alignment, posterior, standalone=standalone))
    assert drawing.get("role") == "img"
    assert ("reverse complement" in "".join(drawing.itertext())) == (strand == "-" or "reverse" in name)


def test_what_has_no_columns_or_no_bases_is_drawn():
    nothing = np.zeros(0, np.uint8)
    for codes in (nothing, np.zeros(5, np.uint8)):
        alignment = Alignment("x", "y", codes, codes, nothing)
        for format in FORMATS:
            assert dotplot_bytes(alignment, format=format, dpi=50)
        assert "nan" not in dotplot_svg(alignment)


@pytest.mark.parametrize("n_columns", LENGTHS)
def test_drawings_stay_small(n_columns):
    assert len(dotplot_svg(*pair_of(n_columns, insertion=(n_columns // 2, n_columns // 10)))) < 60_000


def test_a_long_gap_is_a_stroke_of_its_own():
    svg = dotplot_svg(*pair_of(500, insertion=(250, 100)))
    (path,) = re.findall(r'class="gap of-y" d="(M[^"h]*L[^"]*)"', svg)
    ends = [[float(number) for number in piece.split()] for piece in re.split("[ML]", path)[1:]]
    longest = max(abs(a[1] - b[1]) for a, b in zip(ends[::2], ends[1::2], strict=True))
    assert longest == pytest.approx(420 * 100 / len(pair_of(500, insertion=(250, 100))[0].y), rel=0.1)


def test_a_file_is_the_same_each_time():
    pair = pair_of(100)
    for format in FORMATS:
        assert dotplot_bytes(*pair, format=format, dpi=60) == dotplot_bytes(*pair, format=format, dpi=60)


def test_a_picture_shows_matches_and_gaps():
    pixels = image.imread(io.BytesIO(dotplot_bytes(*pair_of(60, insertion=(30, 20)), format="png")))[..., :3]
    for colour in (POSTERIOR, *COLOURS.values()):
        assert (np.abs(pixels - to_rgb(colour)).max(-1) < 0.02).sum() > 100


def test_a_dollar_sign_is_no_formula():
    alignment = replace(pair_of(10)[0], x_name="$\\frac$", y_name="a_$b")
    assert dotplot_bytes(alignment, format="png", dpi=40)


def test_an_unknown_format_is_named():
    with pytest.raises(UnknownName, match="no dot-plot format named 'pgn'; did you mean 'png'"):
        dotplot_bytes(pair_of(10)[0], format="pgn")
