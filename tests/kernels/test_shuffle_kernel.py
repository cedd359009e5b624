"""Exact counts, uniformity over all shuffles, and unknown bases that stay: laws and an oracle."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.datasets.shuffle import shuffle
from motifnet.errors import InvalidValue
from motifnet.symbols import Sequences

DNA_TEXT = st.text(st.sampled_from("ACGT"), max_size=60)
TEXT_WITH_GAPS = st.text(st.sampled_from("ACGTACGTN"), max_size=60)


def klets(text, k):
    return Counter(text[i : i + k] for i in range(len(text) - k + 1))


def all_shuffles(text, k):
    """Every order with the same k-let counts and the same first and last words, by search."""
    left = klets(text, k)
    found = set()

    def extend(prefix):
        if len(prefix) == len(text):
            found.add(prefix)
            return
        for letter in "ACGT":
            word = (prefix + letter)[-k:]
            if left[word] > 0:
                left[word] -= 1
                extend(prefix + letter)
                left[word] += 1

    extend(text[: k - 1])
    return sorted(found)


@given(st.lists(DNA_TEXT, min_size=1, max_size=5), st.integers(1, 6), st.integers(0, 2**64 - 1))
@settings(deadline=None)
def test_every_word_keeps_its_count_and_the_ends_stay(texts, k, seed):
    shuffled = shuffle(Sequences.from_text(texts), k, seed)
    for i, text in enumerate(texts):
        new = shuffled.text(i)
        assert klets(new, k) == klets(text, k)
        assert Counter(new) == Counter(text)
        assert new[: k - 1] == text[: k - 1]
        assert new[len(new) - k + 1 :] == text[len(text) - k + 1 :]


@given(TEXT_WITH_GAPS, st.integers(1, 6), st.integers(0, 100))
@settings(deadline=None)
def test_unknown_bases_stay_and_each_run_keeps_its_own_words(text, k, seed):
    new = shuffle(Sequences.from_text([text]), k, seed).text(0)
    runs, new_runs = text.split("N"), new.split("N")
    assert [len(run) for run in runs] == [len(run) for run in new_runs]
    for run, new_run in zip(runs, new_runs, strict=True):
        assert klets(run, k) == klets(new_run, k)


@pytest.mark.parametrize(
    ("text", "k", "n_shuffles"),
    [
        ("ACAGATCAGTCATGA", 2, 240),
        ("AACGTGG", 1, 420),
        ("ACAGATCAGTCATGACAGACAG", 3, 60),
        ("ACACAGATAC", 2, 12),
    ],
)
def test_all_shuffles_are_equally_likely(text, k, n_shuffles):
    from scipy.stats import chisquare

    every = all_shuffles(text, k)
    assert len(every) == n_shuffles
    n = 200 * n_shuffles
    shuffled = shuffle(Sequences.from_text([text] * n), k, seed=1)
    counts = Counter(shuffled.text(i) for i in range(n))
    assert set(counts) == set(every)
    assert chisquare([counts[one] for one in every]).pvalue > 1e-3


def test_copies_are_independent_draws_in_order_of_the_copy():
    two = Sequences.from_text(["ACGTACCGGATATTC" * 3, "GATTACAGATTACA"], names=["a", "b"])
    shuffled = shuffle(two, 2, seed=3, copies=3)
    assert shuffled.names == ["a_shuf1", "b_shuf1", "a_shuf2", "b_shuf2", "a_shuf3", "b_shuf3"]
    assert len({shuffled.text(i) for i in (0, 2, 4)}) == 3
    once = shuffle(two, 2, seed=3)
    assert [once.text(i) for i in range(2)] == [shuffled.text(i) for i in range(2)]


def test_a_shuffle_follows_from_seed_and_place_and_not_from_its_neighbours():
    rng = np.random.default_rng(0)
    one = Sequences.from_codes([rng.integers(0, 4, 100) for _ in range(4)])
    other = Sequences.from_codes([rng.integers(0, 4, 30), rng.integers(0, 4, 300), one[2]])
    assert shuffle(one, 2, seed=5).text(2) == shuffle(other, 2, seed=5).text(2)
    assert shuffle(one, 2, seed=5).text(2) != shuffle(one, 2, seed=6).text(2)


def test_no_sequences_give_no_shuffles():
    assert len(shuffle(Sequences.from_text([]), 2, seed=0, copies=2)) == 0


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"klet": 7}, "klet is 7; expected 1 to 6"),
    ({"klet": 0}, "klet is 0; expected 1 to 6"),
    ({"klet": 2, "copies": 0}, "copies is 0; expected 1 or more"),
])  # fmt: skip
def test_what_cannot_be_shuffled_is_said(arguments, sentence):
    with pytest.raises(InvalidValue, match=sentence):
        shuffle(Sequences.from_text(["ACGT"]), seed=0, **arguments)
