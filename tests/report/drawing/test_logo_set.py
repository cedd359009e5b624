"""Several logos in one picture: aligned columns, names, shades, rows of small multiples."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from factory import CTCF, motif_of
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.errors import InvalidValue
from motifnet.motifs import Motif
from motifnet.report.drawing.logo import drawing_bytes
from motifnet.report.drawing.logo_layout import HEIGHT, PITCH
from motifnet.report.drawing.logo_set import aligned_pair, small_multiples_drawing, stack_drawing, stacked
from motifnet.report.drawing.logo_svg import svg

_counts = st.integers(1, 40).flatmap(lambda width: arrays(float, (4, width), elements=st.floats(0, 1e6)))
_motifs = st.builds(Motif, st.text(), _counts, alt_name=st.text())


@given(_motifs, _motifs, st.integers(-50, 50), st.booleans())
def test_any_pair_gives_well_formed_xml(first, second, offset, reverse):
    assert ET.fromstring(aligned_pair(first, second, offset, reverse=reverse)).tag.endswith("svg")


@pytest.mark.parametrize("offset", [-3, 0, 2])
@pytest.mark.parametrize("reverse", [False, True])
def test_columns_of_a_pair_are_aligned(offset, reverse):
    first, second = motif_of("first", "ACGTTGCA", noise=0), motif_of("second", "GGGGGG", noise=0)
    drawing = stack_drawing([first, second], [0, offset], [False, reverse])
    upper, lower = (list(track.letters()) for track in drawing.tracks)
    assert (len(upper), len(lower)) == (8, 6)
    assert lower[0].x - upper[0].x == offset * PITCH
    assert {letter.base for letter in lower} == {1 if reverse else 2}


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(-9, 9), st.booleans()), min_size=1, max_size=5))
def test_a_stack_fits_its_picture_and_shades_what_all_share(members):
    motifs = [motif_of("a name of a motif", "ACGTACGTACGT"[:width]) for width, _, _ in members]
    _, offsets, reverses = zip(*members, strict=True)
    drawing = stack_drawing(motifs, offsets, reverses)
    for (_, offset, _), track in zip(members, drawing.tracks, strict=True):
        assert track.x(0) - drawing.tracks[0].x(0) == PITCH * (offset - offsets[0])
        assert 0 < track.axis < track.x(track.width) <= drawing.width
        assert track.bottom <= drawing.height
    assert drawing.width > 100  # names of narrow motifs have room
    shared = set.intersection(*(set(range(at, at + width)) for width, at, _ in members))
    shaded = sum(box.width for box in drawing.shades) / PITCH
    assert shaded == (len(shared) if len(members) > 1 else 0)


def test_rows_of_a_stack_do_not_overlap():
    drawing = stack_drawing([motif_of("m", "ACGT")] * 3, [0, 1, -1], [False] * 3)
    tops = [track.top for track in drawing.tracks]
    assert all(later - earlier > HEIGHT for earlier, later in pairwise(tops))
    assert len(drawing.texts) == 3


def test_a_pair_says_that_the_second_motif_is_turned():
    ours, known = motif_of("1-X", "ACGT"), motif_of("MA0139.2", CTCF, alt_name="CTCF")
    assert ">CTCF (MA0139.2) (reverse complement)<" in aligned_pair(ours, known, -2, reverse=True)
    assert "reverse complement" not in aligned_pair(ours, known, -2)


def test_a_stack_names_every_motif_and_is_the_same_each_time():
    motifs = [motif_of(f"<m{i}>", "TGASTCA") for i in range(3)]
    text = stacked(motifs, [0, 0, 1], [False, True, False])
    assert re.findall(r'font-weight="600">([^<]+)<', text) == [
        "&lt;m0&gt;", "&lt;m1&gt; (reverse complement)", "&lt;m2&gt;",
    ]  # fmt: skip
    assert text == stacked(motifs, [0, 0, 1], [False, True, False])


def test_log_odds_of_a_stack_are_on_one_scale():
    sharp, weak = motif_of("a", "ACGT", noise=0), motif_of("b", "NNNN")
    scales = {
        track.scale for track in stack_drawing([sharp, weak], [0, 0], [False] * 2, kind="log-odds").tracks
    }
    assert len(scales) == 1


@given(st.lists(st.integers(1, 30), min_size=1, max_size=11), st.integers(1, 5))
def test_small_multiples_lie_in_rows_and_never_overlap(widths, n_columns):
    motifs = [motif_of("a name that is rather long", "A" * width) for width in widths]
    drawing = small_multiples_drawing(motifs, n_columns=n_columns)
    boxes = np.array([(t.axis, t.top, t.x(t.width), t.bottom) for t in drawing.tracks])
    assert (boxes[:, 2:] <= [drawing.width, drawing.height]).all()
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert other[0] >= one[2] or other[2] <= one[0] or other[1] >= one[3]
    assert len({top for _, top, *_ in boxes.tolist()}) == -(-len(widths) // n_columns)


def test_numbers_of_small_multiples_begin_where_they_are_told():
    text = svg(small_multiples_drawing([motif_of("m", "ACG")] * 2, first_position=-1))
    assert re.findall(r'font-size="9" text-anchor="middle">([^<]+)<', text) == ["-1", "0", "1"] * 2


@pytest.mark.parametrize(("format", "signature"), [("png", b"\x89PNG\r\n"), ("pdf", b"%PDF")])
def test_pictures_of_several_motifs_are_the_same_each_time(format, signature):
    motifs = [motif_of(f"costs $5 and {i}", "TGASTCA") for i in range(3)]
    for drawing in (small_multiples_drawing(motifs), stack_drawing(motifs, [0, 1, 2], [False] * 3)):
        content = drawing_bytes(drawing, format=format, dpi=60)
        assert content.startswith(signature)
        assert content == drawing_bytes(drawing, format=format, dpi=60)


def test_no_motif_is_refused():
    with pytest.raises(InvalidValue, match="number of motifs is 0; expected at least one to draw"):
        stacked([], [], [])
    with pytest.raises(InvalidValue, match="number of motifs is 0; expected at least one to draw"):
        small_multiples_drawing([])
