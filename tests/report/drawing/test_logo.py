"""Logos: heights, well-formed SVG, the same bytes each time, aligned columns, PNG and PDF."""

import re
import time
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from factory import motif_of
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.errors import ShapeMismatch, UnknownName
from motifnet.motifs import Motif
from motifnet.motifs.letter_heights import FIXED, KINDS, fitted_scale
from motifnet.motifs.logo_letters import SCHEMES
from motifnet.report.display_names import display_name
from motifnet.report.drawing.logo import contribution_drawing, logo_bytes, logo_drawing, logo_svg, save_logo
from motifnet.report.drawing.logo_svg import glyph_definitions, svg

_GOLDEN = Path(__file__).parent / "golden" / "tiny.svg"
_TINY = Motif("tiny", np.array([[8, 4, 2], [0, 4, 2], [0, 0, 2], [0, 0, 2]]))

_counts = st.integers(1, 40).flatmap(lambda width: arrays(float, (4, width), elements=st.floats(0, 1e6)))
_motifs = st.builds(Motif, st.text(), _counts, alt_name=st.text())


def test_golden():
    # Made by, in this folder: python -c "import test_logo as t; t.save_logo(t._TINY, t._GOLDEN)"
    assert logo_bytes(_TINY, format="svg") == _GOLDEN.read_bytes()


@given(_motifs)
def test_heights_are_bits(motif):
    bits = motif.letter_heights()
    assert (bits >= 0).all()
    assert (bits.sum(0) <= 2 + 1e-9).all()
    np.testing.assert_allclose(motif.letter_heights("probability").sum(0), 1)


@given(_motifs, st.sampled_from(KINDS), st.sampled_from(sorted(SCHEMES)), st.booleans())
def test_any_motif_gives_well_formed_xml(motif, kind, scheme, shared):
    svg = logo_svg(motif, kind=kind, scheme=scheme, shared=shared)
    assert ET.fromstring(svg).tag.endswith("svg")
    assert svg == logo_svg(motif, kind=kind, scheme=scheme, shared=shared)


def test_letters_fill_the_column_and_stand_on_the_base_line():
    boxes = _letters(logo_svg(_TINY, shared=True))
    assert [base for base, *_ in boxes] == ["A", "A", "C"]
    (_, _, top, height), (_, x1, lower_top, lower), (_, x2, upper_top, _) = boxes
    assert (top, height) == (6, 60)
    assert x1 == x2
    assert lower_top + lower == 66
    assert upper_top == pytest.approx(lower_top - lower)


def test_largest_letter_is_on_top():
    motif = Motif("m", np.array([[1], [7], [2], [0]]))
    letters = _letters(logo_svg(motif, shared=True))
    assert [base for base, *_ in letters] == ["A", "G", "C"]
    assert [y for *_, y, _ in letters] == sorted((y for *_, y, _ in letters), reverse=True)


def test_shared_logo_refers_to_the_definitions():
    svg = logo_svg(_TINY, shared=True)
    assert "<path d" not in svg
    assert set(re.findall(r'href="#([^"]+)"', svg)) <= set(re.findall(r'id="([^"]+)"', glyph_definitions()))


def test_display_name_puts_the_protein_first():
    assert display_name(Motif("MA0139.2", np.ones((4, 1)), alt_name="CTCF")) == "CTCF (MA0139.2)"
    assert display_name(Motif("CTCF", np.ones((4, 1)))) == "CTCF"


@pytest.mark.parametrize(
    ("suffix", "signature"), [("svg", b"<svg"), ("png", b"\x89PNG\r\n"), ("pdf", b"%PDF")]
)
def test_saved_files(tmp_path, suffix, signature):
    path = tmp_path / f"logo.{suffix}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save_logo(motif_of("m", "TGASTCA"), path)
    assert path.read_bytes().startswith(signature)


@pytest.mark.parametrize("format", ["png", "pdf"])
def test_drawn_files_are_the_same_each_time(format):
    motif = motif_of("m", "TGASTCA")
    assert logo_bytes(motif, format=format) == logo_bytes(motif, format=format)


def test_drawing_leaves_pyplot_alone():
    from matplotlib import pyplot

    logo_bytes(_TINY, format="png", kind="probability", dpi=50)
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"format": "gif"}, r"no logo format named 'gif' \(known: pdf, png, svg\)"),
        ({"format": "svg", "kind": "bits"}, "no kind of logo named 'bits'"),
        ({"format": "png", "scheme": "blue"}, "no colour scheme named 'blue'"),
    ],
)
def test_unknown_names_are_said(arguments, sentence):
    with pytest.raises(UnknownName, match=sentence):
        logo_bytes(_TINY, **arguments)


def test_bases_that_are_rare_hang_down_in_a_log_odds_logo():
    (track,) = logo_drawing(Motif("m", [[30, 10], [0, 10], [5, 10], [5, 10]]), kind="log-odds").tracks
    letters = list(track.letters())
    (standing,) = (letter for letter in letters if letter.height > 0)
    assert (standing.base, standing.y + standing.height) == (0, pytest.approx(track.base_line))
    hanging = [letter for letter in letters if letter.height < 0]
    assert [letter.base for letter in hanging] == [2, 3, 1]
    edges = [letter.y for letter in hanging]
    assert edges == sorted(edges)
    assert track.y(track.heights[:, 0].clip(None, 0).sum()) == pytest.approx(edges[-1])
    assert track.y(0) == track.base_line < edges[0]


@given(arrays(float, st.tuples(st.just(4), st.integers(1, 9)), elements=st.floats(-1e3, 1e3)))
def test_any_contributions_fit_their_axis(values):
    drawing = contribution_drawing(values, "one")
    (track,) = drawing.tracks
    low, high = values.clip(None, 0).sum(0).min(), values.clip(0).sum(0).max()
    assert track.scale.bottom <= low + 1e-9 <= high + 2e-9 <= track.scale.top + 3e-9
    assert 0 in track.scale.values
    assert len(track.scale.values) <= 7
    for letter in track.letters():
        assert track.top - 1e-6 <= letter.y <= track.bottom + 1e-6
    assert ET.fromstring(svg(drawing)).tag.endswith("svg")


def test_contributions_of_a_wrong_shape():
    with pytest.raises(ShapeMismatch, match=r"contributions of x has shape \(3, 4\)"):
        contribution_drawing(np.zeros((3, 4)), "x")


def test_axes_end_on_round_numbers():
    assert fitted_scale([np.array([[0.013], [0], [0], [0]])], "x").values == pytest.approx(
        [0, 0.005, 0.01, 0.015]
    )
    assert fitted_scale([np.zeros((4, 2))], "x")[:2] == (0, 1)
    assert fitted_scale([np.full((4, 1), -1)], "x").values == [-4, -3, -2, -1, 0]


def test_the_small_sample_correction_is_that_of_weblogo():
    # WebLogo's formula: log2(4) - (entropy + 3 / (2 ln(2) n)).
    for n in (5, 20, 1000):
        motif = Motif("m", np.array([[n, n / 2], [0, n / 2], [0, 0], [0, 0]]))
        corrected = motif.letter_heights(small_sample_correction=True).sum(0)
        np.testing.assert_allclose(corrected, np.array([2, 1]) - 3 / (2 * np.log(2) * n))
    nothing = Motif("m", np.ones((4, 3)), n_sites=1)
    assert nothing.letter_heights(small_sample_correction=True).tolist() == np.zeros((4, 3)).tolist()


def test_columns_may_be_numbered_from_anywhere():
    drawn = svg(logo_drawing(_TINY, first_position=-1))
    assert re.findall(r'font-size="9" text-anchor="middle">([^<]+)<', drawn) == ["-1", "0", "1"]


def test_a_thousand_logos_take_a_moment():
    motif = motif_of("m", "TGASTCATNNACGT")
    before = time.process_time()
    for _ in range(1000):
        logo_svg(motif)
    # A third of a second; the bound allows for a slow and busy machine.
    assert time.process_time() - before < 3


def test_the_axes_of_fixed_kinds_are_held_once_by_a_page():
    for kind in KINDS:
        drawn = logo_svg(_TINY, kind=kind, shared=True)
        assert (f'href="#axis-{kind}"' in drawn) == (kind in FIXED)


def _letters(svg):
    """Base, left, top and height of each letter, from the page variant of a logo."""
    pattern = r'href="#g(.)" transform="matrix\(\S+ 0 0 (\S+) (\S+) (\S+)\)'
    return [(base, float(x), float(y), 100 * float(scale)) for base, scale, x, y in re.findall(pattern, svg)]
