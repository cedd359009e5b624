"""Matrices: laws of the reverse complement, probabilities, information, and trimming against search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.errors import ShapeMismatch
from motifnet.motifs import matrix

WIDTHS = st.integers(1, 8)
COUNTS = WIDTHS.flatmap(lambda width: hnp.arrays(np.float64, (4, width), elements=st.integers(0, 50)))
BACKGROUNDS = hnp.arrays(np.float64, 4, elements=st.floats(0.05, 1)).map(lambda row: row / row.sum())


@given(COUNTS, BACKGROUNDS, st.sampled_from([0.0, 0.1, 2.0]))
def test_columns_of_probabilities_sum_to_one(counts, background, pseudocount):
    found = matrix.probabilities(counts, background, pseudocount)
    np.testing.assert_allclose(found.sum(0), 1)
    empty = counts.sum(0) == 0
    np.testing.assert_allclose(found[:, empty], np.repeat(background[:, None], empty.sum(), axis=1))


def test_pseudocounts_are_sites_of_background():
    counts = np.array([[3.0], [1.0], [0.0], [0.0]])
    found = matrix.probabilities(counts, np.array([0.4, 0.1, 0.1, 0.4]), 4.0)
    np.testing.assert_allclose(found[:, 0], np.array([3 + 1.6, 1 + 0.4, 0.4, 1.6]) / 8)


@given(COUNTS, BACKGROUNDS)
def test_information_is_the_mean_log_odds(counts, background):
    probability = matrix.probabilities(counts, background)
    bits = matrix.log_odds(probability, background)
    expected = np.where(probability > 0, probability * np.where(probability > 0, bits, 0), 0).sum(0)
    found = matrix.information(probability, background)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert (found > -1e-12).all()


def test_information_of_columns_one_knows():
    columns = np.array([[1, 0.5, 0.25], [0, 0.5, 0.25], [0, 0, 0.25], [0, 0, 0.25]])
    np.testing.assert_allclose(matrix.information(columns), [2, 1, 0])
    np.testing.assert_allclose(matrix.log_odds(columns)[:, 1], [1, 1, -np.inf, -np.inf])


@given(COUNTS, BACKGROUNDS)
def test_the_reverse_complement_is_an_involution_and_keeps_information(counts, background):
    np.testing.assert_array_equal(matrix.reverse_complement(matrix.reverse_complement(counts)), counts)
    given_strand = matrix.information(matrix.probabilities(counts, background), background)
    turned = matrix.probabilities(matrix.reverse_complement(counts), background[::-1])
    other_strand = matrix.information(turned, background[::-1])
    np.testing.assert_allclose(other_strand, given_strand[::-1], atol=1e-12)


def best_gain(bits, least, min_width):
    """The largest information above ``least`` of any stretch that is wide enough."""
    width = len(bits)
    stretches = [(i, j) for i in range(width) for j in range(i + min(min_width, width), width + 1)]
    return max(float(np.sum(bits[i:j] - least)) for i, j in stretches if j > i)


@given(hnp.arrays(np.float64, st.integers(1, 12), elements=st.integers(0, 8).map(lambda x: x / 4)), WIDTHS)
def test_trimming_keeps_the_stretch_with_the_most_information_above_the_limit(bits, min_width):
    kept = matrix.trim(bits, 0.5, min_width)
    assert kept.stop - kept.start >= min(min_width, len(bits))
    assert np.sum(bits[kept] - 0.5) == pytest.approx(best_gain(bits, 0.5, min_width))


@pytest.mark.parametrize(
    ("bits", "stretch"),
    [
        ([0, 2, 0.1, 0.3, 0], (1, 4)),  # grown to the side that says more
        ([0, 0.1, 0.2, 0.1, 0, 0], (1, 4)),  # nothing strong: about the peak
        ([0.4, 0, 0, 0, 0], (0, 3)),
        ([0, 0, 0, 0, 0.4], (2, 5)),
        ([2, 2, 0, 2], (0, 4)),  # a gap that what lies beyond is worth
        ([0.6, 0, 0, 2, 2, 2], (3, 6)),  # and one that it is not
    ],
)
def test_what_trimming_leaves(bits, stretch):
    kept = matrix.trim(np.array(bits, np.float64), 0.5, 3)
    assert (kept.start, kept.stop) == stretch


def test_a_matrix_of_another_shape_is_refused():
    assert matrix.checked([[1], [2], [3], [4]]).dtype == np.float64
    with pytest.raises(ShapeMismatch, match=r"counts has shape \(7, 4\); expected \(4, width\). Was it"):
        matrix.checked(np.ones((7, 4)), "counts")
    for shape in [(4,), (4, 0), (5, 3), (1, 4, 3)]:
        with pytest.raises(ShapeMismatch, match=r"expected \(4, width\)$"):
            matrix.checked(np.ones(shape))
