"""Similarities of all pairs: the compiled loops give what the plain definition does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.kernels.motif_pairs import TASKS, first_alike, similarities
from motifnet.kernels.threads import use_threads
from motifnet.motifs import compare, matrix
from motifnet.strand import Strand

NUMBERS = st.integers(0, 2**32 - 1)


def random_motifs(seed, n):
    rng = np.random.default_rng(seed)
    return [matrix.probabilities(rng.integers(0, 9, (4, rng.integers(1, 9)))) for _ in range(n)]


@given(NUMBERS, st.integers(0, 6), st.sampled_from([Strand.BOTH, Strand.SINGLE]))
def test_the_same_as_the_definition(seed, n, strand):
    motifs = random_motifs(seed, n)
    expected = compare.similarities(motifs, strand=strand)
    found = similarities(motifs, strand=strand)
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


@pytest.mark.parametrize("strand", [Strand.BOTH, Strand.SINGLE])
def test_the_first_alike_is_the_first_that_is_like_none_before_it(strand):
    rng = np.random.default_rng(3)
    motifs = [rng.dirichlet([0.3] * 4, rng.integers(3, 9)).T for _ in range(40)]
    motifs += [motif[::-1, ::-1] for motif in motifs[:10]] + motifs[10:20]
    table = similarities(motifs, strand=strand)
    firsts, expected = [], []
    for i in range(len(motifs)):
        expected.append(next((j for j in firsts if table[i, j] >= 0.6), i))
        firsts += [i] if expected[-1] == i else []
    found = first_alike(motifs, 0.6, strand=strand)
    assert found.tolist() == expected
    assert len(firsts) < len(motifs)


def test_every_part_that_was_compared_is_told():
    told = []
    similarities([np.eye(4)[:, [0, 1, 2]]] * 3, advance=lambda: told.append(1))
    assert len(told) == TASKS
