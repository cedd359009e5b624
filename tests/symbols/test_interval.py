"""Intervals are 0-based and half-open, and are read from headers of either convention."""

import time

import numpy as np
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


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("mm10_ct_0 range=chr1:1001-1100 5'pad=0 3'pad=0 strand=+ repeatMasking=none", "chr1:1000-1100(+)"),
        ("mm10_ct_0 range=chr1:1001-1100 5'pad=0 3'pad=0 strand=- repeatMasking=none", "chr1:1000-1100(-)"),
        ("chr1:1001-1100/rc", "chr1:1000-1100(-)"),
        ("chr1:1001-1100(-)", "chr1:1000-1100(-)"),
        ("chr1:1000-1100(-)", "chr1:1000-1100(-)"),
        ("chr1:1000-1100:-", "chr1:1000-1100(-)"),
        ("chr1:1001-1100:+", "chr1:1000-1100(+)"),
        ("chr1:1000-1100:-1", "chr1:1000-1100(-)"),
        ("chr1:1000-1100 -", "chr1:1000-1100(-)"),
        ("chr1:1000-1100 strand=-", "chr1:1000-1100(-)"),
        ("Fos::Jun::chr1:1000-1100(+)", "chr1:1000-1100(+)"),
        ("HLA-A*01:01:01:01:1-100", "HLA-A*01:01:01:01:0-100"),
        ("HLA-A*01:01:01:01:1-100/rc", "HLA-A*01:01:01:01:0-100(-)"),
        ("NC_000001.11:c1100-1001", "NC_000001.11:1000-1100(-)"),
        ("chr1:1000-1100 a gene - with a promoter", "chr1:1000-1100"),
        ("chr1:1000-1100(.)", "chr1:1000-1100"),
    ],
)
def test_the_headers_of_programs(header, expected):
    assert str(Interval.from_header(header, 100)) == expected


@pytest.mark.parametrize(
    "header",
    [
        "chr1:1000-1100_mutated",
        "chr1:1000-1100/RC",
        "chr1:1000-1100:3-40",
        "chr1:1000-1100;strand=-",
        "chr1:1000-1100(-) strand=+",
        "range=chr1:1000-1100",  # of UCSC, which counts from 1
        "chr1:1000-1100/rc",  # of samtools, which does as well
        "chr1:1000-110099999999999999999999",
    ],
)
def test_what_is_not_understood_gives_no_place_but_looks_like_one(header):
    assert Interval.from_header(header, 100) is None
    assert Interval.is_named_in(header)


@pytest.mark.parametrize("header", ["x:" * 50_000 + "1-", "chr1:" + "9" * 100_000 + "-1", "a:1-" * 30_000])
def test_headers_of_any_length_are_searched_in_one_pass(header):
    began = time.process_time()
    for _ in range(5):
        Interval.from_header(header, 100)
        Interval.is_named_in(header)
    assert time.process_time() - began < 2


@given(PLACES, st.integers(0, 19), st.integers(0, 19), st.booleans())
def test_a_part_of_a_sequence_lies_where_its_bases_are(place, one, other, reverse):
    start, end = sorted((one % (place.length + 1), other % (place.length + 1)))
    genome = np.arange(100)
    taken = genome[place.start : place.end]
    if place.strand == "-":
        taken = taken[::-1]
    part = place.part(start, end, reverse=reverse)
    assert sorted(taken[start:end]) == genome[part.start : part.end].tolist()
    assert part.strand == ("-" if reverse != (place.strand == "-") else "+")


@pytest.mark.parametrize(
    "words", ["Reversed:", "reverse complement", "revcomp", "rev_comp of it", "(rc)", "REVERSE"]
)
def test_a_sequence_that_was_turned_from_an_unknown_strand_has_no_place(words):
    assert Interval.from_header(f"chr1:481-580 {words}", 100) is None
    assert Interval.from_header(f"chr1:481-580 strand=- {words}", 100) == Interval("chr1", 480, 580, "-")


@pytest.mark.parametrize("words", ["forward", "source=arc", "reviewed", "near RCN3"])
def test_other_words_do_not_take_the_place_away(words):
    assert Interval.from_header(f"chr1:481-580 {words}", 100) == Interval("chr1", 480, 580)
