"""Similarities of all pairs: the compiled loops give what the plain definition does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.kernels.motif_pairs import similarities
from motifnet.kernels.threads import use_threads
from motifnet.motifs import compare, matrix

NUMBERS = st.integers(0, 2**32 - 1)


def random_motifs(seed, n):
    rng = np.random.default_rng(seed)
    return [matrix.probabilities(rng.integers(0, 9, (4, rng.integers(1, 9)))) for _ in range(n)]


@given(NUMBERS, st.integers(0, 6), st.booleans())
def test_the_same_as_the_definition(seed, n, both_strands):
    motifs = random_motifs(seed, n)
    expected = compare.similarities(motifs, both_strands=both_strands)
    found = similarities(motifs, both_strands=both_strands)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_columns_that_say_nothing_resemble_nothing():
    flat = np.full((4, 3), 0.25)
    assert similarities([flat, np.eye(4)])[0, 1] == 0


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_the_same_with_any_number_of_threads(n_threads):
    motifs = random_motifs(0, 40)
    use_threads(n_threads)
    try:
        np.testing.assert_array_equal(similarities(motifs), similarities(motifs).T)
        np.testing.assert_allclose(similarities(motifs), compare.similarities(motifs), atol=1e-12)
    finally:
        use_threads(0)
