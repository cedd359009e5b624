"""Intervals are 0-based and half-open, and are read from headers of either convention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.symbols import Interval

PLACES = st.builds(
    lambda chrom, start, length, strand: Interval(chrom, start, start + length, strand),
    st.sampled_from(["chr1", "2", "chrUn_KI270302v1", "scaffold|7"]),
    st.integers(0, 60),
    st.integers(1, 20),
    st.sampled_from("+-."),
)


@given(PLACES)
def test_an_interval_is_read_back_from_its_own_text(place):
    assert Interval.from_header(str(place), place.length) == place
    assert Interval.from_header(f"peak_1 {place} score=3", place.length) == place


@given(PLACES)
def test_a_1_based_header_is_told_by_the_length(place):
    header = f"{place.chrom}:{place.start + 1:,}-{place.end:,}"
    assert Interval.from_header(header, place.length) == place._replace(strand=".")


@given(PLACES, PLACES)
def test_intervals_overlap_where_they_share_a_base(one, other):
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    assert one.overlaps(other) == other.overlaps(one) == (one.chrom == other.chrom and bool(shared))


@pytest.mark.parametrize(
    ("header", "length"),
    [
        ("peak7", 100),
        ("chr1:100-900", 100),
        ("chr1:200-100", 100),
        ("chr1:0-99", 100),  # 1-based, but there is no base 0
        ("chr1:-5-95", 100),
        ("", 0),
    ],
)
def test_a_header_that_fits_no_convention_has_no_coordinates(header, length):
    assert Interval.from_header(header, length) is None
