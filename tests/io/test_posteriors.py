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
    NamedPosterior,
    Track,
    read_posteriors,
    write_confidence,
    write_posteriors,
)
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


@given(st.lists(DENSE, max_size=3))
def test_what_was_written_reads_back(tmp_path_factory, matrices):
    path = tmp_path_factory.mktemp("posteriors") / "out.tsv.gz"
    given_pairs = [NamedPosterior(f"x{i}", f"y{i}", posterior_of(dense)) for i, dense in enumerate(matrices)]
    write_posteriors(path, given_pairs)
    lengths = {f"{axis}{i}": n for i, m in enumerate(matrices) for axis, n in zip("xy", m.shape, strict=True)}
    again = read_posteriors(path, lengths=lengths)
    kept = [pair for pair in given_pairs if len(pair.posterior.column)]  # no entry, no row
    assert [pair[:2] for pair in again] == [pair[:2] for pair in kept]
    for (*_, ours), (*_, theirs) in zip(kept, again, strict=True):
        np.testing.assert_array_equal(theirs.indptr, ours.indptr)
        np.testing.assert_array_equal(theirs.column, ours.column)
        np.testing.assert_allclose(theirs.probability, ours.probability, rtol=1e-5)
        assert theirs.y_length == ours.y_length


def test_the_table_is_0_based_and_has_a_header(tmp_path):
    pair = NamedPosterior("human 1", "mouse", posterior_of(np.array([[0, 0.5], [1, 0]], np.float32)))
    write_posteriors(tmp_path / "out", [pair])
    assert (tmp_path / "out").read_text() == HEADER + "human_1\tmouse\t0\t1\t0.5\nhuman_1\tmouse\t1\t0\t1\n"


def test_lengths_that_are_not_given_end_with_the_last_entry(tmp_path):
    path = written(tmp_path, gzip.compress((HEADER + "a\tb\t3\t1\t0.5\r\n\r\n").encode()))
    ((_, _, found),) = read_posteriors(path)
    assert (found.x_length, found.y_length) == (4, 2)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", " line 1: begins with ''; expected x_name y_name x_position y_position probability"),
        ("a\tb\n", " line 1: begins with 'a\\tb'; expected x_name"),
        (HEADER + "a\tb\t0\t1\n", " line 2: has 4 columns; expected 5"),
        (HEADER + "a\tb\t0\t-1\t0.5\n", " line 2: y_position ('-1') is not a whole number from 0"),
        (HEADER + "a\tb\t0\t1\t1.5\n", " line 2: probability ('1.5') is not between 0 and 1"),
        (HEADER + "a\tb\t0\t1\tx\n", " line 2: probability ('x') is not between 0 and 1"),
    ],
)
def test_what_is_no_table_of_posteriors_is_refused(tmp_path, content, problem):
    path = written(tmp_path, content)
    with pytest.raises(AlignmentFormatError) as caught:
        read_posteriors(path)
    assert str(caught.value).startswith(f"{path}{problem}")


def test_a_position_beyond_the_sequence_is_refused(tmp_path):
    path = written(tmp_path, HEADER + "a\tb\t5\t1\t0.5\n")
    with pytest.raises(
        AlignmentFormatError, match=r"position 5 of 'a' is beyond its end; expected less than 5"
    ):
        read_posteriors(path, lengths={"a": 5})


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
