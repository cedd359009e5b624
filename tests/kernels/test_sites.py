"""Scores along sequences, EM steps, masks and counts against plain sums over all windows."""

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
SINGLE = 2e-6  # relative error of sums in single precision


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


def prepared(texts):
    sequences = Sequences.from_text(texts)
    return sequences, sites.triples(sequences.codes, sequences.offsets)


@given(TEXTS)
def test_triples_end_with_their_sequence(texts):
    _, triple_codes = prepared(texts)
    expected = [
        int(DNA.encode((text + "NN")[i : i + 3]) @ [25, 5, 1]) for text in texts for i in range(len(text))
    ]
    assert triple_codes.tolist() == expected


@given(WEIGHTS, st.lists(st.integers(0, 4), min_size=9, max_size=9))
def test_tables_hold_the_sum_over_three_columns(weights, codes):
    found = sites.tables(weights)
    assert found.shape == (-(-weights.shape[1] // 3), sites.TRIPLES)
    assert found.dtype == np.float32
    codes = np.array(codes[: 3 * len(found)])
    rows = codes.reshape(-1, 3) @ [25, 5, 1]
    expected = sum(weights[code, j] for j, code in enumerate(codes[: weights.shape[1]]) if code != UNKNOWN)
    assert sum(found[t, row] for t, row in enumerate(rows)) == expected


@given(TEXTS, WEIGHTS, st.booleans())
def test_the_best_site_is_the_first_best_of_all_windows(texts, weights, both_strands):
    sequences, triple_codes = prepared(texts)
    found = sites.best_sites(triple_codes, sequences.offsets, weights, both_strands=both_strands)
    nowhere = Window(-np.inf, -1, False)
    for i, one in enumerate(zip(*found, strict=True)):
        every = windows(sequences[i], weights, both_strands)
        assert one == max(every, key=lambda window: window.score, default=nowhere)


@given(TEXTS, hnp.arrays(np.float64, (4, 5), elements=st.floats(-20, 20)))
def test_the_other_strand_has_the_same_best_scores(texts, weights):
    turned = [DNA.decode(DNA.reverse_complement(DNA.encode(text))) for text in texts]
    scores = []
    for given_texts in (texts, turned):
        sequences, triple_codes = prepared(given_texts)
        found = sites.best_sites(triple_codes, sequences.offsets, weights, both_strands=True)
        scores.append(found.score)
    np.testing.assert_allclose(scores[0], scores[1], rtol=SINGLE, atol=20 * SINGLE)


class Expected(NamedTuple):
    """A ZOOPS step as an explicit sum over all windows."""

    counts: np.ndarray
    posterior: float
    log_ratio: float


def zoops(codes, weights, prior, both_strands):
    counts = np.zeros(weights.shape)
    every = windows(codes, weights, both_strands)
    if not every:
        return Expected(counts, 0.0, 0.0)
    likelihood = np.exp([window.score for window in every])
    mixture = 1 - prior + prior * likelihood.mean()
    for window, share in zip(every, prior * likelihood / len(every) / mixture, strict=True):
        word = codes[window.position : window.position + weights.shape[1]]
        for column, code in enumerate(DNA.reverse_complement(word) if window.reverse else word):
            if code != UNKNOWN:
                counts[code, column] += share
    return Expected(counts, prior * likelihood.mean() / mixture, float(np.log(mixture)))


@given(TEXTS, WEIGHTS, st.sampled_from([0.005, 0.3, 0.95]), st.booleans())
def test_an_em_step_is_a_sum_over_all_windows(texts, weights, prior, both_strands):
    sequences, triple_codes = prepared(texts)
    found = sites.zoops_step(
        sequences.codes, triple_codes, sequences.offsets, weights, prior, both_strands=both_strands
    )
    expected = [zoops(sequences[i], weights, prior, both_strands) for i in range(len(texts))]
    np.testing.assert_allclose(found.posterior, [one.posterior for one in expected], rtol=1e-5)
    np.testing.assert_allclose(found.log_ratio, [one.log_ratio for one in expected], rtol=1e-5, atol=1e-6)
    # Windows of a weight below 1e-4 are left out of the counts.
    n_windows = sum(len(windows(sequences[i], weights, both_strands)) for i in range(len(texts)))
    counts = sum(one.counts for one in expected)
    np.testing.assert_allclose(found.counts, counts, rtol=1e-5, atol=1e-4 * n_windows)


def test_an_em_step_survives_scores_of_any_size():
    sequences, triple_codes = prepared(["A" * 40, "C" * 40, "N" * 40])
    weights = np.repeat([[400.0], [-400.0], [0.0], [0.0]], 10, axis=1)
    found = sites.zoops_step(
        sequences.codes, triple_codes, sequences.offsets, weights, 0.5, both_strands=False
    )
    np.testing.assert_allclose(found.posterior, [1, 0, 0.5])
    np.testing.assert_allclose(found.log_ratio, [4000 + np.log(0.5), np.log(0.5), 0], rtol=1e-6, atol=1e-9)


def test_sequences_longer_than_the_first_buffer_are_summed_whole():
    rng = np.random.default_rng(0)
    sequences = Sequences.from_codes([rng.integers(0, 4, n, dtype=np.uint8) for n in (30, 1500, 40)])
    weights = rng.normal(size=(4, 4))
    found = sites.zoops_step(
        sequences.codes,
        sites.triples(sequences.codes, sequences.offsets),
        sequences.offsets,
        weights,
        0.2,
        both_strands=True,
    )
    expected = [zoops(sequences[i], weights, 0.2, True) for i in range(3)]
    np.testing.assert_allclose(found.posterior, [one.posterior for one in expected], rtol=1e-5)


@given(TEXTS, WEIGHTS, st.integers(-4, 12), st.booleans(), st.data())
def test_every_site_and_only_sites_are_masked(texts, weights, threshold, both_strands, data):
    width = weights.shape[1]
    first = data.draw(st.integers(0, width - 1))
    last = data.draw(st.integers(first + 1, width))
    sequences, _ = prepared(texts)
    before = sequences.codes.copy()
    masked = sites.mask_sites(
        sequences.codes, sequences.offsets, weights, threshold, slice(first, last), both_strands=both_strands
    )
    np.testing.assert_array_equal(sequences.codes, before)
    for i in range(len(texts)):
        expected = sequences[i].copy()
        for window in windows(sequences[i], weights, both_strands):
            if window.score >= threshold:
                columns = np.arange(first, last)
                places = width - 1 - columns if window.reverse else columns
                expected[window.position + places] = UNKNOWN
        np.testing.assert_array_equal(masked[sequences.offsets[i] : sequences.offsets[i + 1]], expected)


@given(TEXTS, WEIGHTS, st.integers(0, 4), st.randoms(use_true_random=False))
def test_bases_around_sites_are_counted_in_the_orientation_of_the_motif(texts, weights, flank, random):
    width = weights.shape[1]
    sequences, triple_codes = prepared(texts)
    found = sites.best_sites(triple_codes, sequences.offsets, weights, both_strands=True)
    chosen = np.array([random.random() < 0.7 for _ in texts]) & (found.position >= 0)
    counts = sites.count_bases(sequences.codes, sequences.offsets, found, chosen, width, flank)
    expected = np.zeros((4, width + 2 * flank))
    for i in np.flatnonzero(chosen):
        # Unknown bases stand for what lies beyond the ends, and count nowhere.
        around = DNA.encode("N" * flank + texts[i] + "N" * flank)[found.position[i] :][: width + 2 * flank]
        for column, code in enumerate(DNA.reverse_complement(around) if found.reverse[i] else around):
            if code != UNKNOWN:
                expected[code, column] += 1
    np.testing.assert_array_equal(counts, expected)


@pytest.mark.parametrize("both_strands", [True, False])
def test_nothing_is_found_in_no_sequences(both_strands):
    sequences, triple_codes = prepared([])
    weights = np.ones((4, 3))
    assert (
        len(sites.best_sites(triple_codes, sequences.offsets, weights, both_strands=both_strands).score) == 0
    )
    step = sites.zoops_step(
        sequences.codes, triple_codes, sequences.offsets, weights, 0.5, both_strands=both_strands
    )
    assert step.counts.sum() == 0
