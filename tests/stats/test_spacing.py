"""The most surprising place: found where it was planted, not found where sites only gather."""

import numpy as np
import pytest

from motifnet.stats.spacing import best_place

N_PLACES = 200


def counted(rng, n, shares, strand_share=0.5):
    """Sites at random places on random strands."""
    counts = np.zeros((2, len(shares)), int)
    np.add.at(counts, ((rng.random(n) > strand_share).astype(int), rng.choice(len(shares), n, p=shares)), 1)
    return counts


@pytest.mark.parametrize("strand_share", [0.5, 1.0])
def test_chance_is_seldom_surprising(strand_share):
    rng = np.random.default_rng(0)
    shares = np.full(N_PLACES, 1 / N_PLACES)
    found = [best_place(counted(rng, 300, shares, strand_share), shares).log10_p for _ in range(300)]
    assert np.mean(np.array(found) < np.log10(0.05)) <= 0.08


def test_a_crowd_without_a_distance_is_not_surprising():
    rng = np.random.default_rng(1)
    shares = np.full(N_PLACES, 1 / N_PLACES)
    crowd = np.exp(-np.abs(np.arange(N_PLACES) - 100) / 15)
    found = [best_place(counted(rng, 1000, crowd / crowd.sum()), shares).log10_p for _ in range(100)]
    assert np.mean(np.array(found) < np.log10(0.05)) <= 0.1


def test_a_planted_place_and_strand_are_found():
    rng = np.random.default_rng(2)
    shares = np.full(N_PLACES, 1 / N_PLACES)
    counts = counted(rng, 300, shares)
    counts[1, 42] += 25
    found = best_place(counts, shares)
    assert (found.strand, found.place, found.n_sites) == (1, 42, 325)
    assert found.log10_p < -10


def test_places_that_few_sequences_have_are_rarer_by_chance():
    shares = np.concatenate([np.full(50, 0.002), np.full(50, 0.018)])
    counts = np.zeros((2, 100), int)
    counts[0, [10, 90]] = 6
    counts[:, ::3] += 1
    found = best_place(counts, shares)
    assert found.place == 10


def test_no_site_is_no_surprise():
    assert best_place(np.zeros((2, 10), int), np.zeros(10)).log10_p == 0
