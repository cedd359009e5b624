"""Sequences laid end to end have the hits of each, and the best of each is the best of all its hits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned import listed, small_scanner

from motifnet.io.fasta_stream import Stretch
from motifnet.scanning import Layout, best_in_stream, best_of_sequences, circles, pieces_of, scan_stream
from motifnet.scanning.hits import joined
from motifnet.symbols import DNA, Sequences

TEXTS = st.lists(st.text(st.sampled_from("ACGTACGTACGTN"), max_size=40), min_size=1, max_size=6)


def cut(texts, size):
    """The stretches of sequences, cut every so many bases."""
    codes = DNA.encode("".join(f"N{text}" for text in texts))
    begins = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
    for start in range(0, len(codes), size):
        inside = begins[(begins >= start) & (begins < start + size)]
        yield Stretch(codes[start : start + size], inside - start)


@given(TEXTS, st.integers(1, 70))
def test_hits_end_to_end_are_those_of_each_sequence(texts, size):
    scanner, sequences, layout = small_scanner(), Sequences.from_text(texts), Layout()
    thresholds = scanner.thresholds(p_value=0.1)
    parts = scan_stream(scanner, layout.pieces(cut(texts, size)), thresholds)
    found, n_windows = zip(*((layout.located(part), part.n_windows) for part in parts), strict=True)
    assert listed(joined(found)) == listed(scanner.scan(sequences, thresholds))
    np.testing.assert_array_equal(sum(n_windows), scanner.n_windows(sequences.codes, sequences.offsets))


@given(TEXTS, st.integers(1, 70))
def test_circles_are_the_pieces_of_each_sequence(texts, size):
    scanner, sequences = small_scanner(), Sequences.from_text(texts)
    thresholds = scanner.thresholds(p_value=0.1)
    found, wanted = (
        [part.hits for part in scan_stream(scanner, pieces, thresholds, circular=True)]
        for pieces in (circles(cut(texts, size)), pieces_of(sequences))
    )
    assert listed(joined(found)) == listed(joined(wanted))


@given(TEXTS, st.lists(st.integers(0, 60), max_size=5))
def test_the_best_is_that_of_each_motif_in_each_sequence_wherever_hits_are_cut(texts, cuts):
    scanner, sequences = small_scanner(), Sequences.from_text(texts)
    hits = scanner.scan(sequences, scanner.thresholds(p_value=0.3))
    wanted = {}
    for hit in listed(hits):
        key, rank = (hit[0], hit[3]), (hit[7], -hit[6], hit[1], hit[4])
        wanted[key] = min(wanted.get(key, (rank, hit)), (rank, hit))
    best = sorted((hit for _, hit in wanted.values()), key=lambda hit: (hit[0], hit[1], hit[3], hit[4]))
    assert listed(best_of_sequences(hits)) == best
    parts = [hits.select(some) for some in np.split(np.arange(hits.n), sorted(cuts))]
    assert listed(joined(list(best_in_stream(parts)))) == best


def test_no_sequences_have_no_hits():
    layout = Layout()
    assert [len(piece.codes) for piece in layout.pieces([])] == [0]
    assert list(circles([])) == []
    with pytest.raises(StopIteration):
        next(circles([]))
