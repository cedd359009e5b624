"""Masks and counts of sites against plain loops over all windows."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.kernels import sites
from motifnet.symbols import DNA, UNKNOWN, Sequences

TEXTS = st.lists(st.text(st.sampled_from("ACGTACGTN"), max_size=20), min_size=1, max_size=5)
# Quarters add up exactly in single precision, so that even equal scores can be compared.
WEIGHTS = st.integers(1, 8).flatmap(
    lambda width: hnp.arrays(np.float64, (4, width), elements=st.integers(-12, 12).map(lambda x: x / 4))
)


class Window(NamedTuple):
    """One window on one strand, as the oracles see it."""

    score: float
    position: int
    reverse: bool


def windows(codes, weights, both_strands):
    """Every window of a sequence, leftmost first and the forward strand before the reverse."""
    width = weights.shape[1]
    found = []
    for position in range(len(codes) - width + 1):
        word = codes[position : position + width]
        for reverse in [False, True][: 1 + both_strands]:
            read = DNA.reverse_complement(word) if reverse else word
            score = sum(weights[code, column] for column, code in enumerate(read) if code != UNKNOWN)
            found.append(Window(float(score), position, reverse))
    return found


@given(TEXTS, WEIGHTS, st.integers(-4, 12), st.booleans(), st.data())
def test_every_site_and_only_sites_are_masked(texts, weights, threshold, both_strands, data):
    width = weights.shape[1]
    first = data.draw(st.integers(0, width - 1))
    last = data.draw(st.integers(first + 1, width))
    sequences = Sequences.from_text(texts)
    before = sequences.codes.copy()
    chosen = np.array([data.draw(st.booleans()) for _ in texts])
    masked = sites.mask_sites(
        sequences.codes,
        sequences.offsets,
        chosen,
        weights,
        threshold,
        slice(first, last),
        both_strands=both_strands,
    )
    np.testing.assert_array_equal(sequences.codes, before)
    for i in range(len(texts)):
        expected = sequences[i].copy()
        for window in windows(sequences[i], weights, both_strands):
            if chosen[i] and window.score >= threshold:
                columns = np.arange(first, last)
                places = width - 1 - columns if window.reverse else columns
                expected[window.position + places] = UNKNOWN
        np.testing.assert_array_equal(masked[sequences.offsets[i] : sequences.offsets[i + 1]], expected)


@given(TEXTS, WEIGHTS, st.integers(0, 4), st.randoms(use_true_random=False))
def test_bases_around_sites_are_counted_in_the_orientation_of_the_motif(texts, weights, flank, random):
    width = weights.shape[1]
    sequences = Sequences.from_text(texts)
    best = [
        max(windows(codes, weights, True), key=lambda window: window.score, default=Window(0.0, -1, False))
        for codes in map(sequences.__getitem__, range(len(texts)))
    ]
    position, reverse = (np.array([getattr(one, name) for one in best]) for name in ("position", "reverse"))
    chosen = np.array([random.random() < 0.7 for _ in texts]) & (position >= 0)
    counts = sites.count_bases(sequences.codes, sequences.offsets, position, reverse, chosen, width, flank)
    expected = np.zeros((4, width + 2 * flank))
    for i in np.flatnonzero(chosen):
        # Unknown bases stand for what lies beyond the ends, and count nowhere.
        around = DNA.encode("N" * flank + texts[i] + "N" * flank)[position[i] :][: width + 2 * flank]
        for column, code in enumerate(DNA.reverse_complement(around) if reverse[i] else around):
            if code != UNKNOWN:
                expected[code, column] += 1
    np.testing.assert_array_equal(counts, expected)


def test_any_code_above_that_of_unknown_is_unknown():
    beyond = np.full((256, 2), 100.0)  # what lies behind the five rows of weights
    beyond[:5] = [[1, 0], [0, 1], [0, 0], [0, 0], [0, 0]]
    codes = np.array([0, 1, 9, 255, 9], np.uint8)
    offsets, chosen = np.array([0, 5]), np.array([0])
    masked = sites._mask_sites(codes, offsets, chosen, beyond[:5], 2.0, 0, 2, True)
    assert masked.tolist() == [4, 4, 9, 255, 9]


@given(TEXTS, st.integers(1, 4), st.booleans(), st.randoms(use_true_random=False))
def test_a_window_that_is_left_out_takes_its_own_bases_along(texts, n_sites, reverse, random):
    """By estimating again without it, in plain Python."""
    sequences = Sequences.from_text([text + "ACGT" for text in texts])
    width, n = 3, len(sequences)
    background = np.array([0.3, 0.2, 0.2, 0.3])
    position = np.array([random.randrange(length - width + 1) for length in sequences.lengths])
    weight = np.array([random.choice([1.0, 0.5, -0.25]) for _ in range(n)])

    def window(i):
        codes = sequences[i][position[i] : position[i] + width]
        return np.where(codes[::-1] < 4, 3 - codes[::-1].astype(int), 4) if reverse else codes

    shares = np.array([[random.random() + 0.1 for _ in range(width)] for _ in range(4)])
    counts = n_sites * shares / shares.sum(0) + background[:, None]
    probabilities = counts / (n_sites + 1)
    probabilities[:, 1] = background  # tells nothing
    change = sites.change_if_left_out(
        sequences.codes,
        sequences.offsets,
        position[:, None],
        np.full((n, 1), reverse),
        probabilities[None],
        background,
        np.array([float(n_sites)]),
        weight,
    )
    for i in range(n):
        expected = 0.0
        for column, base in enumerate(window(i)):
            if base > 3 or column == 1:
                continue
            left = max(counts[base, column] - weight[i], background[base])
            total = max(n_sites + 1 - weight[i], 1.0)
            expected += np.log2(left / total) - np.log2(probabilities[base, column])
        assert change[i, 0] == pytest.approx(expected)


def test_a_sequence_without_a_window_does_not_change():
    change = sites.change_if_left_out(
        np.zeros(2, np.uint8),
        np.array([0, 2]),
        np.array([[-1]]),
        np.array([[False]]),
        np.full((1, 4, 3), 0.25),
        np.full(4, 0.25),
        np.ones(1),
        np.ones(1),
    )
    assert change.tolist() == [[0.0]]
