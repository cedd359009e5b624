"""Labels dealt out again: against all ways to deal them, within blocks, and their level."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import binomtest

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.stats.exchange import permutation_p


def test_it_comes_near_to_the_share_of_all_ways():
    scores = np.array([3.0, 1.0, 2.5, 0.2, 0.1, 1.2])
    labels = np.array([1, 1, 1, 0, 0, 0])
    every = [scores @ np.array(dealt) for dealt in permutations(labels)]
    p = np.mean(np.array(every) >= scores @ labels - 1e-12)
    found = permutation_p(lambda dealt: scores @ dealt + 1e-12, labels, n_exceed=10_000, most=4_000)
    assert found.p == pytest.approx(p, abs=4 * np.sqrt(p / 4_000))


def test_labels_stay_within_their_blocks():
    labels, blocks = np.array([7, 1, 8, 2, 9, 3, 4]), np.array(["b", "a", "b", "a", "b", "a", "a"])
    seen = []

    def statistic(dealt):
        seen.append(tuple(dealt))
        return 0.0

    permutation_p(statistic, labels, blocks, n_exceed=300)
    assert seen[0] == tuple(labels)
    assert all(set(np.array(dealt)[blocks == "b"]) == {7, 8, 9} for dealt in seen)
    assert all(set(np.array(dealt)[blocks == "a"]) == {1, 2, 3, 4} for dealt in seen)
    n_as_first = sum(dealt[0] == 8 for dealt in seen[1:])
    assert binomtest(n_as_first, 300, 1 / 3).pvalue > 0.001
    assert len(set(seen)) > 100


def test_rows_of_labels_stay_together():
    labels = np.arange(10).reshape(5, 2)

    def statistic(dealt):
        assert (dealt[:, 1] - dealt[:, 0] == 1).all()
        return 0.0

    assert permutation_p(statistic, labels).p == 1


def test_the_level_holds_where_blocks_differ():
    """Where the share of a label depends on the block, and so does the score, blocks are needed."""
    rng = np.random.default_rng(0)
    blocks = np.repeat(np.arange(4), 15)
    n_sets, n_rejected, n_without = 200, 0, 0
    for number in range(n_sets):
        labels = (rng.random(60) < np.array([0.2, 0.4, 0.6, 0.8])[blocks]).astype(float)
        scores = blocks + rng.standard_t(2, 60) * (1 + blocks)

        def statistic(dealt, scores=scores):
            return scores @ dealt

        n_rejected += permutation_p(statistic, labels, blocks, most=99, seed=number).p <= 0.05
        n_without += permutation_p(statistic, labels, most=99, seed=number).p <= 0.05
    assert binomtest(n_rejected, n_sets, 0.05).pvalue > 0.01
    assert n_without > 2 * n_rejected


def test_a_draw_is_that_of_its_seed_and_number():
    scores, labels = np.arange(30.0), np.arange(30) % 2
    one = permutation_p(lambda dealt: scores @ dealt, labels, seed=1)
    same = permutation_p(lambda dealt: scores @ dealt, labels, seed=1, most=one.n_draws // 2)
    assert same.null.tolist() == one.null[: same.n_draws].tolist()
    other = permutation_p(lambda dealt: scores @ dealt, labels, seed=2)
    assert other.null[:5].tolist() != one.null[:5].tolist()


def test_what_cannot_be_dealt_is_refused():
    with pytest.raises(InvalidValue, match="labels"):
        permutation_p(lambda dealt: 0.0, np.empty(0))
    with pytest.raises(ShapeMismatch, match="blocks"):
        permutation_p(lambda dealt: 0.0, np.ones(3), np.ones(2))
