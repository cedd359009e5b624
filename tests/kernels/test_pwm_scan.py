"""Hits of integer matrices against a plain look at every window, and the keeping of the best."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.kernels import overlaps, threads
from motifnet.kernels.pwm_scan import cpu, reference
from motifnet.kernels.pwm_scan.cpu import Matrices
from motifnet.symbols import Sequences

TEXTS = st.lists(st.text(st.sampled_from("ACGTACGTACGTN"), max_size=40), min_size=1, max_size=6)
MATRICES = st.lists(
    st.integers(1, 14).flatmap(lambda width: hnp.arrays(np.int64, (4, width), elements=st.integers(0, 1000))),
    min_size=1,
    max_size=5,
)


def listed(found):
    return list(zip(*(column.tolist() for column in found), strict=True))


def thresholds_within(matrices, share):
    """Thresholds a share of the way from the least to the most that each matrix can score, and beyond."""
    least, most = (np.array([getattr(m, name)(0).sum() for m in matrices]) for name in ("min", "max"))
    return np.ceil(least + share * (most - least)).astype(np.int64)


def planted(matrices, n, seed, unknown=0.02):
    """Random codes with the best word of each matrix here and there, and some unknown bases."""
    rng = np.random.default_rng(seed)
    codes = rng.choice(5, n, p=[*[(1 - unknown) / 4] * 4, unknown]).astype(np.uint8)
    for matrix in matrices:
        for start in rng.integers(0, n - matrix.shape[1], n // 1000):
            codes[start : start + matrix.shape[1]] = matrix.argmax(0)
    return codes


@given(TEXTS, MATRICES, st.sampled_from([0.0, 0.3, 0.6, 0.9, 1.0, 1.01]))
def test_hits_are_those_of_the_definition(texts, matrices, share):
    sequences, thresholds = Sequences.from_text(texts), thresholds_within(matrices, share)
    expected = reference.scan(matrices, thresholds, sequences.codes, sequences.offsets)
    assert listed(Matrices(matrices, thresholds).scan(sequences.codes, sequences.offsets)) == expected


@pytest.mark.parametrize("largest", [3, 1000, 1_000_000])
@pytest.mark.parametrize("n_matrices", [1, 64, 65, 130])
def test_any_number_of_matrices_of_any_width_on_any_grid(n_matrices, largest):
    rng = np.random.default_rng(n_matrices)
    matrices = [rng.integers(0, largest + 1, (4, rng.integers(1, 61))) for _ in range(n_matrices)]
    thresholds = thresholds_within(matrices, 0.85)
    codes, offsets = planted(matrices, 1500, 1), np.array([0, 700, 701, 701, 1500])
    found = listed(Matrices(matrices, thresholds).scan(codes, offsets))
    assert found == reference.scan(matrices, thresholds, codes, offsets)
    assert len({column for _, column, _ in found}) > n_matrices // 4


@settings(max_examples=10)
@given(st.integers(1, 300), st.integers(1, 3))
def test_neither_shares_nor_buffers_nor_threads_change_anything(share, n_threads):
    rng = np.random.default_rng(share)
    matrices = [rng.integers(0, 100, (4, width)) for width in (3, 9, 20)]
    thresholds = thresholds_within(matrices, 0.6)
    codes, offsets = planted(matrices, 2000, share), np.array([0, 900, 2000])
    whole = listed(Matrices(matrices, thresholds).scan(codes, offsets))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cpu, "_SHARE", share)
        patch.setattr(cpu, "_ROOM", 64 + share)
        patch.setattr(threads, "_chosen", [n_threads])
        assert listed(Matrices(matrices, thresholds).scan(codes, offsets)) == whole
    assert whole


def test_scores_of_negative_entries_and_codes_beyond_unknown():
    matrix = np.array([[5, -5], [-5, 5], [-9, -9], [-9, -9]])
    codes = np.array([0, 1, 0, 255, 1, 0, 1], np.uint8)
    found = Matrices([matrix], np.array([10])).scan(codes, np.array([0, 7]))
    assert listed(found) == [(0, 0, 10), (5, 0, 10)]


def test_nothing_to_look_for_or_in():
    matrix = np.ones((4, 3), np.int64)
    empty = np.empty(0, np.uint8)
    assert listed(Matrices([], np.empty(0)).scan(np.zeros(9, np.uint8), np.array([0, 9]))) == []
    assert listed(Matrices([matrix], np.array([3])).scan(empty, np.array([0]))) == []
    assert listed(Matrices([matrix], np.array([3])).scan(np.zeros(2, np.uint8), np.array([0, 2]))) == []
    assert len(Matrices([matrix], np.array([3])).scan(np.zeros(3, np.uint8), np.array([0, 3])).window) == 1


STRETCHES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(1, 8)), max_size=25)


def overlap(one, other):
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


@given(STRETCHES, st.randoms(use_true_random=False))
def test_kept_stretches_are_those_of_the_greedy_rule(stretches, random):
    listed_ones = sorted((group, start, start + length) for group, start, length in stretches)
    order = list(range(len(listed_ones)))
    random.shuffle(order)
    kept = []
    for i in order:
        if not any(overlap(listed_ones[i], listed_ones[j]) for j in kept):
            kept.append(i)
    group, start, end = np.array(listed_ones, np.int64).reshape(-1, 3).T.copy()
    chain = overlaps.chains(start, end, group)
    assert np.flatnonzero(overlaps.apart(start, end, chain, np.array(order, np.int64))).tolist() == sorted(
        kept
    )
    for i, one in enumerate(listed_ones):
        for j, other in enumerate(listed_ones):
            assert not overlap(one, other) or chain[i] == chain[j]
    rises = np.flatnonzero(np.diff(chain))
    assert all(not overlap(listed_ones[j], listed_ones[i + 1]) for i in rises for j in range(i + 1))
