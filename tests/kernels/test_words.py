"""Hashes and minimizers against plain Python."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.kernels.streams import below, mix, stream
from motifnet.kernels.words import base_counts, canonical_hashes, may_be_repeated, minimizers, pair_counts
from motifnet.symbols import DNA, Sequences

TEXTS = st.lists(st.text(st.sampled_from("ACGTACGTN"), max_size=40), min_size=1, max_size=6)


def reverse_complement(text):
    return DNA.decode(DNA.reverse_complement(DNA.encode(text)))


def found_minimizers(texts, *, both_strands=True, width=4, window=3):
    sequences = Sequences.from_text(texts)
    ragged = (sequences.codes, sequences.offsets, width, window, both_strands)
    words, owners, places = minimizers(*ragged)
    assert_words_are_where_they_are_said_to_be(sequences, width, words, places)
    return [set(words[owners == i].tolist()) for i in range(len(texts))]


def assert_words_are_where_they_are_said_to_be(sequences, width, words, places):
    texts = [DNA.decode(sequences.codes[place : place + width]) for place in places]
    assert all(len(text) == width and "N" not in text for text in texts)
    one_text_of = {}
    for word, text in zip(words.tolist(), texts, strict=True):
        known = one_text_of.setdefault(word, text)
        assert text in (known, reverse_complement(known))


def plain_minimizers(text, width, window):
    kept = set()
    for run in text.split("N"):
        words = [run[i : i + width] for i in range(len(run) - width + 1)]
        numbers = [
            min(int(DNA.encode(w) @ 4 ** np.arange(width)[::-1]) for w in (word, reverse_complement(word)))
            for word in words
        ]
        hashes = [int(mix(np.uint64(number))) for number in numbers]
        size = min(window, len(hashes))
        kept |= {min(hashes[i : i + size]) for i in range(len(hashes) - size + 1) if size}
    return kept


@given(TEXTS)
@settings(deadline=None)
def test_base_counts_are_those_of_the_letters(texts):
    sequences = Sequences.from_text(texts)
    counted = base_counts(sequences.codes, sequences.offsets)
    assert counted.tolist() == [[text.count(letter) for letter in "ACGTN"] for text in texts]


def test_any_other_code_counts_as_unknown():
    codes = np.array([0, 9, 255, 3, 4], np.uint8)
    assert base_counts(codes, np.array([0, 2, 5])).tolist() == [[1, 0, 0, 0, 1], [0, 0, 0, 1, 2]]


@given(TEXTS)
@settings(deadline=None)
def test_hashes_agree_exactly_for_equal_sequences_of_either_strand(texts):
    sequences = Sequences.from_text([*texts, *map(reverse_complement, texts)])
    hashes, flipped = canonical_hashes(sequences.codes, sequences.offsets, True)
    keys = [tuple(row) for row in hashes.tolist()]
    canonical = [min((t, reverse_complement(t)), key=lambda s: DNA.encode(s).tolist()) for t in texts] * 2
    for i in range(len(keys)):
        for j in range(i):
            assert (keys[i] == keys[j]) == (canonical[i] == canonical[j])
        assert flipped[i] == (sequences.text(i) != canonical[i])


@given(TEXTS)
@settings(deadline=None)
def test_minimizers_are_the_least_words_of_each_window(texts):
    assert found_minimizers(texts) == [plain_minimizers(text, 4, 3) for text in texts]


def test_minimizers_of_one_strand_differ_from_those_of_both():
    text = "ACGGTCATTGCAATGC"
    forward, backward = found_minimizers([text, reverse_complement(text)], both_strands=False)
    assert forward != backward


def test_streams_of_different_items_and_repeats_differ_and_are_even():
    starts = {
        int(stream(seed, item, repeat)) for seed in range(10) for item in range(10) for repeat in range(10)
    }
    assert len(starts) == 1000
    state = np.array([stream(0, 0, 0)], np.uint64)
    counts = np.bincount([below(state, 5) for _ in range(5000)], minlength=5)
    assert counts.min() > 900
    assert len(counts) == 5


@given(st.lists(st.integers(0, 2**64 - 1), max_size=60), st.integers(1, 40))
@settings(deadline=None)
def test_every_word_that_is_repeated_is_told(values, n_again):
    words = np.array([*values, *values[:n_again]], np.uint64)
    told = may_be_repeated(words)
    _, which, n_each = np.unique(words, return_inverse=True, return_counts=True)
    assert told[n_each[which] > 1].all()


def test_few_words_are_told_by_chance():
    words = np.random.default_rng(0).integers(0, 2**64, 50_000, dtype=np.uint64)
    assert may_be_repeated(words).mean() < 0.125


def test_pairs_are_counted_within_known_bases():
    sequences = Sequences.from_text(["ACNGTT", "", "A", "AAA"])
    counts = pair_counts(sequences.codes, sequences.offsets)
    assert counts.sum(1).tolist() == [3, 0, 0, 2]
    assert [counts[0, 1], counts[0, 11], counts[0, 15], counts[3, 0]] == [1, 1, 1, 2]
