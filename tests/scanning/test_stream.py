"""A stream of pieces has the hits of the whole."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scanned import listed, small_scanner

from motifnet.scanning import background_of, pieces_of, scan_stream
from motifnet.scanning.hits import joined
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

TEXTS = st.lists(st.text(st.sampled_from("ACGTACGTACGTN"), max_size=60), min_size=1, max_size=4)


@given(TEXTS, st.integers(1, 70))
def test_hits_do_not_depend_on_the_size_of_pieces(texts, size):
    scanner, sequences = small_scanner(), Sequences.from_text(texts)
    thresholds = scanner.thresholds(p_value=0.1)
    parts = list(scan_stream(scanner, pieces_of(sequences, size), thresholds))
    assert listed(joined([part.hits for part in parts])) == listed(scanner.scan(sequences, thresholds))
    whole = scanner.n_windows(sequences.codes, sequences.offsets)
    np.testing.assert_array_equal(sum(part.n_windows for part in parts), whole)


@given(TEXTS, st.integers(1, 70))
def test_a_circle_goes_on_at_its_beginning(texts, size):
    scanner, sequences = small_scanner(), Sequences.from_text(texts)
    thresholds = scanner.thresholds(p_value=0.1)
    twice = Sequences.from_text([2 * text for text in texts])
    around = scanner.scan(twice, thresholds)
    length = sequences.lengths[around.sequence]
    around = around.select((around.start < length) & (around.end - around.start <= length))
    parts = list(scan_stream(scanner, pieces_of(sequences, size), thresholds, circular=True))
    assert listed(joined([part.hits for part in parts])) == listed(around)


def test_windows_of_a_circle_are_as_many_as_its_bases():
    scanner = small_scanner()
    sequences = Sequences.from_text(["ACGTTGCATGACC", "ACGTT"])
    parts = list(scan_stream(scanner, pieces_of(sequences), scanner.thresholds(p_value=1.0), circular=True))
    assert [part.n_windows.tolist() for part in parts] == [[26, 26, 13, 26], [10, 0, 5, 0]]


@pytest.mark.parametrize("order", [0, 1, 3])
@given(texts=TEXTS, size=st.integers(1, 70), strand_symmetric=st.booleans())
def test_the_background_of_pieces_is_that_of_the_whole(order, texts, size, strand_symmetric):
    sequences = Sequences.from_text(texts)
    assume(set("".join(texts)) - {"N"})
    streamed = background_of(pieces_of(sequences, size), order, strand_symmetric=strand_symmetric)
    whole = Background.fit(sequences, order, strand_symmetric=strand_symmetric)
    for name in ("probabilities", "initial", "transitions"):
        np.testing.assert_array_equal(getattr(streamed, name), getattr(whole, name))


def test_pieces_are_of_the_size_asked_for():
    pieces = list(pieces_of(Sequences.from_text(["ACGTA", "", "AC"]), 2))
    assert [(piece.sequence, len(piece.codes), piece.is_last) for piece in pieces] == [
        (0, 2, False), (0, 2, False), (0, 1, True), (1, 0, True), (2, 2, True),
    ]  # fmt: skip
