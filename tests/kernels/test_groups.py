"""Linking and dealing against plain Python."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.kernels.groups import deal_groups, link_words, number_sets


def linked(pairs, n, *, common=10, largest=10):
    """Sets of sequences from (word, owner) pairs."""
    words, owners = zip(*sorted(pairs), strict=True)
    parent, size = np.arange(n, dtype=np.int32), np.ones((n, 1), np.int32)
    most = np.array([largest], np.int32)
    link_words(np.array(words, np.uint64), np.array(owners, np.int32), common, most, parent, size)
    return number_sets(parent).tolist()


def plain_components(pairs, n):
    labels = list(range(n))
    for _ in range(n):
        for word, owner in pairs:
            for other_word, other in pairs:
                if word == other_word:
                    labels[owner] = labels[other] = min(labels[owner], labels[other])
    first = {}
    return [first.setdefault(label, len(first)) for label in labels]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), min_size=1, max_size=14))
@settings(deadline=None)
def test_sets_are_the_connected_components(pairs):
    assert linked(pairs, 7) == plain_components(pairs, 7)


def test_a_common_word_links_nothing():
    pairs = [(0, owner) for owner in range(5)] + [(1, 0), (1, 1)]
    assert linked(pairs, 5, common=4) == [0, 0, 1, 2, 3]


def test_a_word_twice_in_one_sequence_counts_once():
    assert linked([(0, 0), (0, 0), (0, 1)], 2, common=2) == [0, 0]


def test_sets_stop_growing_at_the_largest_size():
    chain = [(i, i) for i in range(9)] + [(i, i + 1) for i in range(9)]
    sizes = np.bincount(linked(chain, 10, largest=3))
    assert sizes.max() == 3


def test_owners_of_a_common_word_fill_one_set_after_the_other():
    assert linked([(0, owner) for owner in range(9)], 9, largest=3) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=40),
    st.lists(st.integers(0, 1), min_size=10, max_size=10),
    st.lists(st.integers(1, 5), min_size=2, max_size=2),
)
@settings(deadline=None)
def test_no_set_outgrows_any_stratum(pairs, strata, largest):
    words, owners = (np.array(column) for column in zip(*sorted(pairs), strict=True))
    parent, size = np.arange(10, dtype=np.int32), np.eye(2, dtype=np.int32)[strata]
    link_words(
        words.astype(np.uint64), owners.astype(np.int32), 10, np.array(largest, np.int32), parent, size
    )
    groups = number_sets(parent)
    for stratum, most in enumerate(largest):
        assert np.bincount(groups[np.array(strata) == stratum], minlength=1).max() <= most


def deal(sizes, asked):
    part = np.full(len(sizes), 255, np.uint8)
    deal_groups(np.array(sizes, float), np.arange(len(sizes)), np.array(asked, float), part)
    return part.tolist()


def test_groups_go_where_they_are_missed_most():
    assert deal([[7], [2], [1]], [[7], [1], [2]]) == [0, 2, 1]


def test_no_part_that_asks_stays_empty_and_none_that_does_not_gets_any():
    assert sorted(deal([[100], [1], [1]], [[70], [10], [20]])) == [0, 1, 2]
    assert deal([[5], [5]], [[10], [0], [0]]) == [0, 0]
