"""Logos: heights, well-formed SVG, the same bytes each time, aligned columns, PNG and PDF."""

import re
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from factory import CTCF, motif_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.errors import UnknownName
from motifnet.motifs import Motif
from motifnet.report.glyphs import SCHEMES
from motifnet.report.layout import heights
from motifnet.report.logo import (
    aligned_pair_svg,
    display_name,
    glyph_definitions,
    logo_bytes,
    logo_svg,
    save_logo,
)

_GOLDEN = Path(__file__).parent / "golden" / "tiny.svg"
_TINY = Motif("tiny", np.array([[8, 4, 2], [0, 4, 2], [0, 0, 2], [0, 0, 2]]))

_counts = st.integers(1, 40).flatmap(lambda width: arrays(float, (4, width), elements=st.floats(0, 1e6)))
_motifs = st.builds(Motif, st.text(), _counts, alt_name=st.text())


def test_golden():
    # Made by, in this folder: python -c "import test_logo as t; t.save_logo(t._TINY, t._GOLDEN)"
    assert logo_bytes(_TINY, format="svg") == _GOLDEN.read_bytes()


@given(_motifs)
def test_heights_are_bits(motif):
    bits = heights(motif)
    assert (bits >= 0).all()
    assert (bits.sum(0) <= 2 + 1e-9).all()
    np.testing.assert_allclose(heights(motif, "probability").sum(0), 1)


@given(
    _motifs, st.sampled_from(["information", "probability"]), st.sampled_from(sorted(SCHEMES)), st.booleans()
)
def test_any_motif_gives_well_formed_xml(motif, kind, scheme, shared):
    svg = logo_svg(motif, kind=kind, scheme=scheme, shared=shared)
    assert ET.fromstring(svg).tag.endswith("svg")
    assert svg == logo_svg(motif, kind=kind, scheme=scheme, shared=shared)


@settings(max_examples=50)
@given(_motifs, _motifs, st.integers(-50, 50), st.booleans())
def test_any_pair_gives_well_formed_xml(ours, known, offset, reverse):
    assert ET.fromstring(aligned_pair_svg(ours, known, offset, reverse=reverse)).tag.endswith("svg")


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


@pytest.mark.parametrize("offset", [-3, 0, 2])
@pytest.mark.parametrize("reverse", [False, True])
def test_columns_of_a_pair_are_aligned(offset, reverse):
    ours, known = motif_of("ours", "ACGTTGCA", noise=0), motif_of("known", "GGGGGG", noise=0)
    letters = _letters(aligned_pair_svg(ours, known, offset, reverse=reverse, shared=True))
    upper = [x for base, x, y, _ in letters if y < 70]
    lower = [x for base, x, y, _ in letters if y > 70]
    pitch = upper[1] - upper[0]
    assert (len(upper), len(lower)) == (8, 6)
    assert lower[0] - upper[0] == pytest.approx(offset * pitch)
    assert {base for base, _, y, _ in letters if y > 70} == {"C" if reverse else "G"}


def test_pair_says_that_the_known_motif_is_turned():
    ours, known = motif_of("1-X", "ACGT"), motif_of("MA0139.2", CTCF, alt_name="CTCF")
    assert ">CTCF (MA0139.2) (reverse complement)<" in aligned_pair_svg(ours, known, -2, reverse=True)
    assert "reverse complement" not in aligned_pair_svg(ours, known, -2)


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


def _letters(svg):
    """Base, left, top and height of each letter, from the page variant of a logo."""
    pattern = r'href="#g(.)" transform="matrix\(\S+ 0 0 (\S+) (\S+) (\S+)\)'
    return [(base, float(x), float(y), 100 * float(scale)) for base, scale, x, y in re.findall(pattern, svg)]
