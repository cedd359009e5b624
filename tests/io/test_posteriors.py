"""Posteriors as a table that reads back, and confidence as bedGraph that keeps every base."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.errors import AlignmentFormatError, InvalidValue
from motifnet.io.posteriors import (
    COLUMNS,
    PlacedPosterior,
    Track,
    read_posteriors,
    tracks_of,
    write_confidence,
    write_posteriors,
)
from motifnet.symbols.place import Place
from motifnet.symbols.posterior import MatchPosterior

HEADER = "\t".join(COLUMNS) + "\n"


def posterior_of(dense):
    x, y = np.nonzero(dense)
    return MatchPosterior.from_triples(x, y, dense[x, y], x_length=dense.shape[0], y_length=dense.shape[1])


def written(folder, content):
    path = folder / "in"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


DENSE = arrays(
    np.float32, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.floats(0, 1, width=32)
)


def placed(dense, i, strands="++", start=0):
    x, y = (
        Place(f"{axis}{i}", start, start + n, strand, 1000)
        for axis, n, strand in zip("xy", dense.shape, strands, strict=True)
    )
    return PlacedPosterior(x, y, posterior_of(dense))


def entries(pair):
    """Entries by position in the sources."""
    x, y, posterior = pair
    at = zip(x.positions(posterior.x_position).tolist(), y.positions(posterior.column).tolist(), strict=True)
    return dict(zip(at, posterior.probability.tolist(), strict=True))


@given(st.lists(DENSE, max_size=3), st.sampled_from(["++", "+-", "-+", "--"]), st.sampled_from([0, 700]))
def test_what_was_written_reads_back(tmp_path_factory, matrices, strands, start):
    path = tmp_path_factory.mktemp("posteriors") / "out.tsv.gz"
    pairs = [placed(dense, i, strands, start) for i, dense in enumerate(matrices)]
    write_posteriors(path, pairs)
    again = read_posteriors(path)
    kept = [pair for pair in pairs if len(pair.posterior.column)]  # no entry, no row
    assert [(pair.x.source, pair.y.source) for pair in again] == [
        (pair.x.source, pair.y.source) for pair in kept
    ]
    for ours, theirs in zip(kept, again, strict=True):
        assert entries(theirs) == pytest.approx(entries(ours), rel=1e-5)
        assert theirs.x.strand == theirs.y.strand == "+"
        assert ours.x.start <= theirs.x.start < theirs.x.end <= ours.x.end


def test_the_table_is_0_based_and_has_a_header(tmp_path):
    dense = np.array([[0, 0.5], [1, 0]], np.float32)
    pair = PlacedPosterior(Place.whole("human 1", 2), Place("mouse", 90, 92, "-", 100), posterior_of(dense))
    write_posteriors(tmp_path / "out", [pair])
    assert (tmp_path / "out").read_text() == HEADER + "human_1\tmouse\t0\t90\t0.5\nhuman_1\tmouse\t1\t91\t1\n"


def test_places_reach_from_the_first_entry_to_the_last(tmp_path):
    path = written(tmp_path, gzip.compress((HEADER + "a\tb\t3\t1\t0.5\r\na\tb\t5\t1\t0.5\r\n\r\n").encode()))
    ((x, y, found),) = read_posteriors(path)
    assert (x, y) == (Place("a", 3, 6), Place("b", 1, 2))
    assert (found.x_length, found.y_length) == (3, 1)


def test_values_across_the_origin_of_a_circle_are_two_tracks():
    values = np.arange(5.0)
    one, other = tracks_of(Place("c", 7, 12, "+", 10), values)
    assert (one.start, one.values.tolist(), other.start, other.values.tolist()) == (7, [0, 1, 2], 0, [3, 4])
    one, other = tracks_of(Place("c", 7, 12, "-", 10), values)
    assert (one.start, one.values.tolist(), other.start, other.values.tolist()) == (7, [4, 3, 2], 0, [1, 0])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", " line 1: begins with ''; expected x_name y_name x_position y_position probability"),
        ("a\tb\n", " line 1: begins with 'a b'; expected x_name"),
        (HEADER + "a\tb\t0\t1\n", " line 2: has 4 columns; expected 5"),
        (HEADER + "a\tb\t0\t-1\t0.5\n", " line 2: y_position ('-1') is not a whole number from 0"),
        (HEADER + "a\tb\t0\t1\t1.5\n", " line 2: probability ('1.5') is not between 0 and 1"),
        (HEADER + "a\tb\t0\t1\tx\n", " line 2: probability ('x') is not between 0 and 1"),
        (HEADER + "a\tb\t0\t1\tnan\n", " line 2: probability ('nan') is not between 0 and 1"),
        (HEADER + "a\tb\t" + "9" * 30 + "\t1\t1\n", " line 2: x_position ('9999"),
        (
            HEADER + "a\tb\t0\t1\t1\na\tb\t" + "9" * 17 + "\t1\t1\n",
            ": positions of a and b span 100,000,000,",
        ),
        (HEADER + "a\tb\t0\t1\t1\na\tb\t0\t1\t1\n", " line 3: tells bases 0 and 1 of a pair again"),
        (HEADER + "a\t\t0\t1\t1\n", " line 2: y_name is empty"),
    ],
)
def test_what_is_no_table_of_posteriors_is_refused(tmp_path, content, problem):
    path = written(tmp_path, content)
    with pytest.raises(AlignmentFormatError) as caught:
        read_posteriors(path)
    assert str(caught.value).startswith(f"{path}{problem}")


VALUES = arrays(np.float32, st.integers(0, 40), elements=st.sampled_from([0, 0.5, 0.50004, 0.9, 1, np.nan]))


@given(VALUES, st.sampled_from([0, 1000]))
def test_bedgraph_keeps_the_value_of_every_base(tmp_path_factory, values, first):
    path = tmp_path_factory.mktemp("tracks") / "out.bedgraph"
    write_confidence(path, [Track("human", first, values)])
    again = np.full(len(values), np.nan)
    last = (first, None)
    for line in path.read_text().splitlines():
        name, start, end, value = line.split("\t")
        assert name == "human"
        assert int(start) >= last[0]
        assert (int(start), value) != last  # neighbours with one value are one line
        again[int(start) - first : int(end) - first] = float(value)
        last = (int(end), value)
    np.testing.assert_allclose(again, values, atol=5.1e-4)


def test_one_place_has_one_value(tmp_path):
    tracks = [Track("a", 4, np.ones(2)), Track("a", 0, np.ones(5))]
    with pytest.raises(InvalidValue, match="tracks is 'a at 4'; expected one value for each place"):
        write_confidence(tmp_path / "out", tracks)
    assert not (tmp_path / "out").exists()
    write_confidence(
        tmp_path / "out", [Track("a", 5, np.ones(2)), Track("a", 0, np.ones(5)), tracks[0]._replace(name="b")]
    )
    assert (tmp_path / "out").read_text().splitlines() == ["a\t0\t5\t1", "a\t5\t7\t1", "b\t4\t6\t1"]
