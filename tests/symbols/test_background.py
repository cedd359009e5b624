"""Counts against plain Python, and models that give back what they were fitted to."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue
from motifnet.symbols import DNA, Sequences
from motifnet.symbols import background as module
from motifnet.symbols.background import Background, word_counts


def has_base(texts):
    """Whether some letter is a known base."""
    return bool(set("".join(texts)) & set("ACGT"))


TEXTS = st.lists(st.text(st.sampled_from("ACGTN"), max_size=20), max_size=6)


def plain_counts(texts, width):
    counts = Counter(text[i : i + width] for text in texts for i in range(len(text) - width + 1))
    words = ("".join("ACGT"[i] for i in index) for index in np.ndindex((4,) * width))
    return [counts[word] for word in words]


@given(TEXTS, st.integers(1, 4))
def test_word_counts_are_those_of_the_letters(texts, width):
    assert word_counts(Sequences.from_text(texts), width).tolist() == plain_counts(texts, width)


@pytest.mark.parametrize("chunk", [1, 2, 7])
def test_counts_do_not_depend_on_the_chunk(monkeypatch, chunk):
    texts = ["ACGTNACCA", "", "G", "TTGACA"]
    monkeypatch.setattr(module, "_CHUNK", chunk)
    assert word_counts(Sequences.from_text(texts), 3).tolist() == plain_counts(texts, 3)


@given(TEXTS.filter(has_base), st.integers(0, 3))
def test_a_symmetric_model_gives_both_strands_one_probability(texts, order):
    sequences = Sequences.from_text(texts)
    assume(word_counts(sequences, order + 1).any())
    turned = Sequences.from_codes([DNA.reverse_complement(sequences[i]) for i in range(len(sequences))])
    one, other = Background.fit(sequences, order), Background.fit(turned, order)
    np.testing.assert_array_equal(one.transitions, other.transitions)
    np.testing.assert_array_equal(one.probabilities, one.probabilities[::-1])
    assert one.order == order


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_what_is_sampled_fits_the_model(order):
    rng = np.random.default_rng(order)
    rows = rng.dirichlet(np.ones(4), size=4**order)
    first = Background(np.full(4, 0.25), np.full(4**order, 4.0**-order), rows)
    sampled = Sequences.from_codes(list(first.sample(200, 1000, rng)))
    again = Background.fit(sampled, order, strand_symmetric=False)
    seen = again.initial > 0.01
    np.testing.assert_allclose(again.transitions[seen], rows[seen], atol=0.04)


def test_a_sample_shorter_than_the_order_is_cut():
    assert Background.fit(Sequences.from_text(["ACGT"]), 3).sample(5, 2, np.random.default_rng(0)).shape == (
        5,
        2,
    )


def test_a_word_never_seen_is_followed_by_any_base():
    model = Background.fit(Sequences.from_text(["AAAC"]), 1, strand_symmetric=False, pseudocount=0)
    np.testing.assert_allclose(model.transitions[2], [0.75, 0.25, 0, 0])


def test_gc_is_given_back():
    np.testing.assert_allclose(Background.from_gc(0.4).probabilities, [0.3, 0.2, 0.2, 0.3])


def test_what_makes_no_model_is_said():
    with pytest.raises(InvalidValue, match="order is 9; expected 0 to 8"):
        Background.fit(Sequences.from_text(["ACGT"]), 9)
    with pytest.raises(InvalidValue, match=r"gc is 1[.]5; expected a share between 0 and 1"):
        Background.from_gc(1.5)
    for pseudocount in (0, 1):
        with pytest.raises(
            InvalidValue, match="words to learn a background from is 0; expected sequences with a"
        ):
            Background.fit(Sequences.from_text(["NN"]), pseudocount=pseudocount)
    with pytest.raises(InvalidValue, match="expected sequences with 3 known bases in a row"):
        Background.fit(Sequences.from_text(["ACNGT"]), 2)
