"""Alignments: what holds of every one, and the texts that they become."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.symbols import DNA
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment, Runs
from motifnet.symbols.place import Place

FIELDS = ("x_name", "y_name", "x_start", "y_start", "x_place", "y_place", "score")
ARRAYS = ("x", "y", "columns", "confidence")


@st.composite
def alignments(draw, strands="+-"):
    """Alignments with free ends, unknown bases, on either strand, with or without confidence."""
    columns = np.array(draw(st.lists(st.integers(0, 2), max_size=30)), np.uint8)
    free = [draw(st.integers(0, 4)) for _ in range(4)]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_x, n_y = np.count_nonzero(columns != Y_ONLY), np.count_nonzero(columns != X_ONLY)
    x_length, y_length = int(free[0] + n_x + free[1]), int(free[2] + n_y + free[3])
    places = [
        Place(name, start, start + length, draw(st.sampled_from(strands)), start + length + 5)
        for name, start, length in (("one", draw(st.integers(0, 9)), x_length), ("two", 3, y_length))
    ]
    return Alignment(
        "one",
        "two",
        rng.integers(0, 5, x_length).astype(np.uint8),
        rng.integers(0, 5, y_length).astype(np.uint8),
        columns,
        x_start=free[0],
        y_start=free[2],
        confidence=draw(st.sampled_from([None, rng.random(len(columns), np.float32)])),
        score=draw(st.sampled_from([None, 12.5])),
        x_place=places[0],
        y_place=places[1],
    )


def assert_same(found, expected, *, but_not=()):
    for name in FIELDS:
        assert name in but_not or getattr(found, name) == getattr(expected, name), name
    for name in set(ARRAYS) - set(but_not):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)


def walked(alignment):
    """Each column as the pair of positions in it, one at a time; ``None`` for a gap."""
    x, y = alignment.x_start, alignment.y_start
    for kind in alignment.columns:
        yield (None if kind == Y_ONLY else x, None if kind == X_ONLY else y)
        x, y = x + (kind != Y_ONLY), y + (kind != X_ONLY)


@given(alignments())
def test_matches_and_ends_are_those_of_a_walk_along_the_columns(alignment):
    places = list(walked(alignment))
    assert alignment.matches.tolist() == [list(pair) for pair in places if None not in pair]
    assert alignment.n_matches == len(alignment.matches)
    assert alignment.x_end == alignment.x_start + sum(x is not None for x, _ in places)
    assert alignment.y_end == alignment.y_start + sum(y is not None for _, y in places)


@given(alignments())
def test_rows_hold_the_bases_of_their_columns(alignment):
    x_row, y_row = alignment.rows()
    places = list(walked(alignment))
    assert x_row == "".join("-" if x is None else DNA.decode(alignment.x[x : x + 1]) for x, _ in places)
    assert y_row == "".join("-" if y is None else DNA.decode(alignment.y[y : y + 1]) for _, y in places)
    same = sum(a == b and a in "ACGT" for a, b in zip(x_row, y_row, strict=True))
    assert alignment.n_identical == same
    if alignment.n_matches:
        assert alignment.identity == same / alignment.n_matches
    else:
        assert np.isnan(alignment.identity)


@given(alignments())
def test_rows_read_back(alignment):
    parts = {"x_place": alignment.x_part, "y_place": alignment.y_part}
    again = Alignment.from_rows(*alignment.rows(), "one", "two", **parts)
    assert_same(
        again,
        alignment,
        but_not=("x", "y", "x_start", "y_start", "x_place", "y_place", "confidence", "score"),
    )
    assert (again.x_part, again.y_part) == (alignment.x_part, alignment.y_part)
    assert again.rows() == alignment.rows()
    assert (again.x_start, again.y_start) == (0, 0)


@given(alignments(), st.booleans())
def test_a_cigar_has_the_columns_in_order(alignment, extended):
    operations = "".join(
        int(n) * operation for n, operation in re.findall(r"(\d+)(.)", alignment.cigar(extended=extended))
    )
    expected = []
    for kind, a, b in zip(alignment.columns, *alignment.rows(), strict=True):
        match = ("=" if a == b != "N" else "X") if extended else "M"
        expected.append({MATCH: match, X_ONLY: "D", Y_ONLY: "I"}[kind])
    assert operations == "".join(expected)
    runs = re.findall(r"\d+(.)", alignment.cigar(extended=extended))
    assert all(a != b for a, b in pairwise(runs))


@given(alignments())
def test_swapping_twice_changes_nothing(alignment):
    assert_same(alignment.swapped().swapped(), alignment)


@given(alignments())
def test_swapping_trades_rows_and_positions(alignment):
    swapped = alignment.swapped()
    assert swapped.rows() == alignment.rows()[::-1]
    assert swapped.matches.tolist() == alignment.matches[:, ::-1].tolist()
    assert (swapped.x_name, swapped.y_name) == ("two", "one")
    assert (swapped.x_part, swapped.y_part) == (alignment.y_part, alignment.x_part)


@given(alignments())
def test_turning_reads_both_sequences_from_the_other_end(alignment):
    turned = alignment.turned()
    rows = [DNA.decode(DNA.reverse_complement(DNA.encode(row.replace("-", "N")))) for row in alignment.rows()]
    assert [row.replace("-", "N") for row in turned.rows()] == rows
    for one, other in ((alignment.x_part, turned.x_part), (alignment.y_part, turned.y_part)):
        assert one == other.turned()
    assert_same(turned.turned(), alignment)


@given(alignments())
def test_a_part_holds_the_bases_of_its_place(alignment):
    place, part = alignment.y_place, alignment.y_part
    source = np.full(place.source_length, 4, np.uint8)
    source[place.start : place.end] = (
        alignment.y if place.strand == "+" else DNA.reverse_complement(alignment.y)
    )
    found = source[part.start : part.end]
    found = found if part.strand == "+" else DNA.reverse_complement(found)
    assert found.tolist() == alignment.y[alignment.y_start : alignment.y_end].tolist()
    positions = place.positions(np.arange(alignment.y_start, alignment.y_end))
    assert sorted(positions.tolist()) == list(range(part.start, part.end))


@given(alignments())
def test_trimming_keeps_the_matches_and_ends_with_them(alignment):
    trimmed = alignment.trimmed()
    assert trimmed.matches.tolist() == alignment.matches.tolist()
    assert set(trimmed.columns[[0, -1]] if len(trimmed.columns) else []) <= {MATCH}
    assert bool(len(trimmed.columns)) == bool(alignment.n_matches)
    if alignment.confidence is not None:
        both = alignment.columns == MATCH
        np.testing.assert_array_equal(
            trimmed.confidence[trimmed.columns == MATCH], alignment.confidence[both]
        )


@given(alignments())
def test_confidence_along_x(alignment):
    expected = np.full(len(alignment.x), np.nan, np.float32)
    if alignment.confidence is not None:
        for (x, _), value in zip(walked(alignment), alignment.confidence, strict=True):
            if x is not None:
                expected[x] = value
    np.testing.assert_array_equal(alignment.x_confidence, expected)


@given(alignments(), st.booleans())
def test_matches_become_an_alignment_with_x_before_y(alignment, local):
    made = Alignment.from_matches(alignment.matches, alignment.x, alignment.y, local=local)
    assert made.matches.tolist() == alignment.matches.tolist()
    kinds = made.columns.astype(int)
    assert not np.any((kinds[:-1] == Y_ONLY) & (kinds[1:] == X_ONLY))
    if local:
        assert_same(made.trimmed(), made)
        assert made.n_matches or not len(kinds)
    else:
        assert (made.x_start, made.x_end, made.y_start, made.y_end) == (
            *(0, len(alignment.x)),
            *(0, len(alignment.y)),
        )


@pytest.mark.parametrize(
    ("matches", "culprit"),
    [
        ([(1, 1), (1, 2)], "(1, 2)"),
        ([(1, 1), (2, 0)], "(2, 0)"),
        ([(0, 4)], "(0, 4)"),
        ([(-1, 0), (2, 2)], "(-1, 0)"),
    ],
)
def test_matches_that_do_not_increase_are_refused(matches, culprit):
    codes = np.zeros(4, np.uint8)
    with pytest.raises(InvalidValue) as caught:
        Alignment.from_matches(matches, codes, codes)
    assert str(caught.value) == f"match is {culprit}; expected positions that increase, within 4 and 4 bases"


def test_columns_in_which_both_have_a_gap_are_left_out():
    alignment = Alignment.from_rows("A-.CG", "A-TcN")
    assert alignment.rows() == ("A-CG", "ATCN")
    assert alignment.n_identical == 2


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        (
            {"y_place": Place.whole("two", 99)},
            ShapeMismatch,
            "y_place has shape (99,); expected (2,), the length of its sequence",
        ),
        ({"columns": np.array([0, 3], np.uint8)}, InvalidValue, "columns is 3; expected kinds from 0 to 2"),
        ({"x_start": 2}, InvalidValue, "aligned part of x is '2 to 4'; expected a part of its 3 bases"),
        ({"y_start": -1}, InvalidValue, "aligned part of y is '-1 to 1'; expected a part of its 2 bases"),
        (
            {"confidence": np.ones(3, np.float32)},
            ShapeMismatch,
            "confidence has shape (3,); expected (2,), one for a column",
        ),
    ],
)
def test_what_cannot_be_is_refused(change, error, sentence):
    right = {"x": DNA.encode("ACG"), "y": DNA.encode("AC"), "columns": np.zeros(2, np.uint8)}
    Alignment("x", "y", **right)
    with pytest.raises(error) as caught:
        Alignment("x", "y", **right | change)
    assert str(caught.value) == sentence


def test_rows_that_are_no_alignment_are_refused():
    with pytest.raises(ShapeMismatch, match=r"y_row has shape \(2,\); expected \(3,\), the length of x_row"):
        Alignment.from_rows("ACG", "AC")
    with pytest.raises(InvalidValue, match="letter 2 of y_row is 'E'; expected a base or a gap"):
        Alignment.from_rows("ACG", "AEG")


@given(st.lists(st.integers(0, 2)))
def test_runs_are_maximal_and_make_the_values_again(values):
    runs = Runs.of(np.array(values, int))
    assert np.repeat(runs.kind, runs.length).tolist() == values
    assert runs.start.tolist() == np.cumsum([0, *runs.length])[:-1].tolist()
    assert (runs.length > 0).all()
    assert (runs.kind[1:] != runs.kind[:-1]).all()
