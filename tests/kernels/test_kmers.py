"""Presence of words against plain Python on texts."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue
from motifnet.kernels.kmers import half_words, presence
from motifnet.symbols import DNA, Sequences

TEXTS = st.lists(st.text(st.sampled_from("ACGTACGTN"), max_size=25), max_size=6)
HALVES = [1, 2, 3]


def reverse_complement(text):
    return DNA.decode(DNA.reverse_complement(DNA.encode(text)))


def plain_presence(texts, half, gap, both_strands):
    """In how many texts each word stands, by its two halves."""
    counts = Counter()
    for text in texts:
        ends = range(2 * half + gap, len(text) + 1)
        pairs = ((text[end - 2 * half - gap : end - half - gap], text[end - half : end]) for end in ends)
        words = {left + right for left, right in pairs if "N" not in left + right}
        if both_strands:
            words = {min(word, reverse_complement(word)) for word in words}
        counts.update(words)
    return counts


def found_presence(texts, half, gap, both_strands):
    sequences = Sequences.from_text(texts)
    n_first = len(texts) // 2
    found = presence(
        half_words(sequences.codes, sequences.offsets, half),
        sequences.offsets,
        half,
        gap,
        n_first=n_first,
        both_strands=both_strands,
    )
    assert found.sum(1).tolist() == [
        plain_presence(part, half, gap, both_strands).total() for part in (texts[:n_first], texts[n_first:])
    ]
    words = ("".join(letters) for letters in product("ACGT", repeat=2 * half))
    return Counter({word: int(count) for word, count in zip(words, found.sum(0), strict=True) if count})


@given(TEXTS, st.sampled_from(HALVES), st.integers(0, 4), st.booleans())
def test_presence_is_that_of_the_texts(texts, half, gap, both_strands):
    expected = plain_presence(texts, half, gap, both_strands)
    assert found_presence(texts, half, gap, both_strands) == expected


@given(TEXTS, st.sampled_from(HALVES), st.integers(0, 4))
def test_both_strands_count_alike(texts, half, gap):
    turned = [reverse_complement(text) for text in texts]
    assert found_presence(turned, half, gap, True) == found_presence(texts, half, gap, True)


@pytest.mark.parametrize(
    ("text", "half", "gap", "words"),
    [
        ("ACGTACGT", 1, 0, {"AC", "CG", "GT", "TA"}),  # once each, however often
        ("ACNNGT", 2, 2, {"ACGT"}),  # what stands in the gap does not matter
        ("ACNGT", 1, 0, {"AC", "GT"}),
        ("ANGT", 2, 0, set()),
        ("ACG", 2, 0, set()),
        ("ACGT", 2, 0, {"ACGT"}),  # a word that fills the sequence
        ("", 1, 0, set()),
    ],
)
def test_words_of_a_text(text, half, gap, words):
    assert set(found_presence([text], half, gap, False)) == words


def test_a_word_does_not_reach_into_the_next_sequence():
    assert set(found_presence(["AC", "GT"], 2, 0, False)) == set()
    assert set(found_presence(["AC", "GT"], 1, 0, False)) == {"AC", "GT"}


def test_counts_have_one_entry_a_word():
    none = np.zeros(0, np.int16)
    assert presence(none, np.zeros(1, np.int64), 2, 1, n_first=0, both_strands=True).shape == (2, 256)


def test_a_word_is_the_largest_that_its_number_can_be():
    assert half_words(np.full(7, 3, np.uint8), np.array([0, 7]), 7)[-1] == 4**7 - 1
    for half in (0, 8):
        with pytest.raises(InvalidValue, match=f"bases of a half is {half}; expected 1 to 7"):
            half_words(np.zeros(9, np.uint8), np.array([0, 9]), half)
