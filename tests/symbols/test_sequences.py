"""Ragged sequences against plain Python lists of texts."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motifnet.symbols import UNKNOWN, Interval, Sequences
from motifnet.symbols import sequences as module

TEXTS = st.lists(st.text(st.sampled_from("ACGTN"), max_size=12), max_size=8)
MARGINS = st.integers(0, 5)


def texts_of(sequences):
    return [sequences.text(i) for i in range(len(sequences))]


def placed(texts, chrom="chr1"):
    intervals = [Interval(chrom, 10 * i, 10 * i + len(text)) for i, text in enumerate(texts)]
    codes = Sequences.from_text(texts)
    return Sequences(codes.codes, codes.offsets, [f"{chrom}_{i}" for i in range(len(texts))], intervals)


@given(TEXTS)
def test_texts_come_back_with_their_lengths(texts):
    sequences = Sequences.from_text(texts)
    assert texts_of(sequences) == texts
    assert sequences.lengths.tolist() == [len(text) for text in texts]
    assert list(sequences.names) == [f"seq{i + 1}" for i in range(len(texts))]


@given(TEXTS, st.data(), st.sampled_from([1, 5, module._CHUNK]))
def test_selecting_is_indexing_in_chunks_of_any_size(texts, data, chunk):
    index = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=10) if texts else st.just([]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", chunk)
        chosen = placed(texts).select(np.array(index, np.int64))
    assert texts_of(chosen) == [texts[i] for i in index]
    assert chosen.names == [f"chr1_{i}" for i in index]
    assert [where.start for where in chosen.intervals] == [10 * i for i in index]


@given(TEXTS, st.randoms(use_true_random=False))
def test_a_mask_selects_what_its_indices_select(texts, random):
    mask = np.array([random.random() < 0.5 for _ in texts], bool)
    sequences = Sequences.from_text(texts)
    assert texts_of(sequences.select(mask)) == texts_of(sequences.select(np.flatnonzero(mask)))
    assert sequences.select(mask).intervals is None


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_parts_are_joined_in_order(parts):
    joined = Sequences.concatenate([Sequences.from_text(texts) for texts in parts])
    assert texts_of(joined) == [text for texts in parts for text in texts]
    assert joined.intervals is None


def test_what_has_no_place_has_none_beside_what_has_one():
    joined = Sequences.concatenate([Sequences.from_text(["AC", "G"]), placed(["TTT"])])
    assert joined.intervals == [None, None, Interval("chr1", 0, 3)]
    assert joined.names == ["seq1", "seq2", "chr1_0"]


@given(TEXTS, MARGINS, st.sampled_from([1, 5, module._CHUNK]))
def test_flanks_are_unknown_bases_on_both_sides(texts, margin, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", chunk)
        flanked = placed(texts).flanked(margin)
    flank = "N" * margin
    assert texts_of(flanked) == [flank + text + flank for text in texts]
    assert flanked.names == placed(texts).names


@given(TEXTS, MARGINS)
@example(["", ""], 2)  # not a single base to take
def test_a_padded_batch_holds_the_flanked_sequences_and_then_unknown_bases(texts, margin):
    sequences = Sequences.from_text(texts)
    order = np.arange(len(texts))[::-1]
    codes, lengths = sequences.padded(order, margin)
    longest = max(map(len, texts), default=0)
    assert codes.shape == (len(texts), longest + 2 * margin)
    assert codes.dtype == np.uint8
    assert lengths.tolist() == [len(texts[i]) + 2 * margin for i in order]
    flanked = sequences.flanked(margin)
    for row, length, i in zip(codes, lengths, order, strict=True):
        np.testing.assert_array_equal(row[:length], flanked[i])
        assert (row[length:] == UNKNOWN).all()


def test_one_sequence_is_a_view():
    sequences = Sequences.from_text(["ACG", "TT"])
    assert np.shares_memory(sequences[1], sequences.codes)


@pytest.mark.parametrize("chunk", [1, 3, 4, 100])
def test_chunks_cover_every_sequence_once(monkeypatch, chunk):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    offsets = np.array([0, 2, 2, 9, 10, 10, 13])
    ranges = list(module._chunks(offsets))
    assert [i for first, last in ranges for i in range(first, last)] == list(range(6))
    assert all(offsets[last] - offsets[first] <= chunk or last == first + 1 for first, last in ranges)
