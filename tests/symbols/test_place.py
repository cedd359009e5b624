"""Where sequences lie: parts, strands, circles, and what they are called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue
from motifnet.symbols.place import Place, name_of_part


@st.composite
def places(draw):
    """Places in a source, some of which go across the origin of a circle."""
    source_length = draw(st.integers(1, 30))
    start, length = draw(st.integers(0, source_length - 1)), draw(st.integers(1, source_length))
    return Place("source", start, start + length, draw(st.sampled_from("+-")), source_length)


def letters(place):
    """The positions of a place, as its sequence is read, one by one."""
    forward = [position % place.source_length for position in range(place.start, place.end)]
    return forward if place.strand == "+" else forward[::-1]


@given(places(), st.data())
def test_positions_parts_and_turns_are_those_of_the_letters(place, data):
    assert place.positions(np.arange(place.length)).tolist() == letters(place)
    assert letters(place.turned()) == letters(place)[::-1]
    first = data.draw(st.integers(0, place.length - 1))
    stop = data.draw(st.integers(first + 1, place.length))
    part = place.part(first, stop)
    assert letters(part) == letters(place)[first:stop]
    assert 0 <= part.start < place.source_length


@given(places())
def test_a_circle_is_crossed_where_positions_jump(place):
    jumps = [
        i for i, step in enumerate(np.diff(letters(place)), 1) if abs(step) > 1 and place.source_length > 2
    ]
    if place.crossing is not None and place.source_length > 2:
        assert jumps == [place.crossing]
    else:
        assert jumps == []


@given(st.integers(1, 20), st.integers(0, 19), st.sampled_from("+-"))
def test_a_circle_that_is_cut_begins_at_the_cut(length, cut, strand):
    whole = Place("circle", 0, length, strand, length)
    cut %= length
    assert letters(whole.rotated(cut)) == letters(whole)[cut:] + letters(whole)[:cut]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", Place("plain", 0, 10, "+", 10)),
        ("chr1:100-110", Place("chr1", 100, 110)),
        ("chr1:101-110(-)", Place("chr1", 100, 110, "-")),
        ("chr1:100-110(-)", Place("chr1", 100, 110, "-")),
        ("chr1:101-110/rc", Place("chr1", 100, 110, "-")),
        ("chr1:100-110:-", Place("chr1", 100, 110, "-")),
        ("chr1:100-110:-1", Place("chr1", 100, 110, "-")),
        ("chr1:c110-101", Place("chr1", 100, 110, "-")),
        ("range=chr1:101-110 strand=-", Place("chr1", 100, 110, "-")),
        ("chr1:100-110 -", Place("chr1", 100, 110, "-")),
        ("chr1:100-900", Place("chr1:100-900", 0, 10, "+", 10)),
    ],
)
def test_names_tell_places(name, expected):
    place = Place.named(name, 10)
    assert place == expected
    assert place.framed(name) == Place(name, 0, 10, "+", 10)
    assert place.turned().framed(name) == Place(name, 0, 10, "-", 10)
    assert name_of_part(name, place, 0, 10) == name
    assert name_of_part(name, place.turned(), 0, 10) != name


@pytest.mark.parametrize(
    "wrong", [("a", 2, 1), ("a", -1, 2), ("a", 0, 2, "."), ("a", 0, 3, "+", 2), ("a", 5, 6, "+", 4)]
)
def test_what_is_no_place_is_refused(wrong):
    with pytest.raises(InvalidValue, match=r"place in a|strand"):
        Place(*wrong)


@pytest.mark.parametrize("cut", range(0, 12, 3))
def test_a_place_without_bases_lies_in_its_circle(cut):
    circle = Place.whole("c", 12).rotated(cut)
    for at in range(13):
        place = circle.part(at, at)
        assert place.start == place.end
        assert 0 <= place.start <= 12
        assert place.start % 12 == (cut + at) % 12
