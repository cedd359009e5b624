"""Positions anywhere: waves that are orthonormal over any number of places, levels, and peaks."""

import numpy as np
import pytest
from scipy.special import log_ndtr
from scipy.stats import binomtest, chi2, kstest

from motifnet.errors import InvalidValue
from motifnet.stats import uniform_positions as module
from motifnet.stats.positional import PlacedSites
from motifnet.stats.uniform_positions import crowd_of, uniform_positions

WIDTH = 8


def drawn(rng, n, lengths=(9, 11, 60, 101, 240)):
    """Sites anywhere in sequences of some lengths, of which one has but two places."""
    length = rng.choice(lengths, n)
    return PlacedSites(rng.integers(0, length - WIDTH + 1), length, WIDTH)


@pytest.mark.parametrize("n_places", [1, 2, 3, 4, 5, 40])
def test_one_site_has_a_statistic_whose_mean_is_its_number_of_waves(n_places):
    """Over all places: each wave has a mean square of 1, and the distance from the centre a mean of 0."""
    found = [
        uniform_positions(PlacedSites(np.array([start]), np.array([n_places + WIDTH - 1]), WIDTH))
        for start in range(n_places)
    ]
    assert np.mean([each.statistic for each in found]) == pytest.approx(min(4, n_places - 1), abs=1e-9)
    spread = module._Spread(np.array([n_places]))
    shares = (np.arange(n_places) + 0.5) / n_places
    z = [spread.towards_the_centre(share[None]) for share in shares]
    assert np.mean(z) == pytest.approx(0, abs=1e-9)
    assert np.var(z) == pytest.approx(1 if n_places > 2 else 0, abs=1e-9)


def test_the_p_value_of_a_few_sites_is_the_share_of_all_places():
    lengths = np.array([12, 9, 15])
    n_places = lengths - WIDTH + 1
    every = np.stack(np.meshgrid(*map(np.arange, n_places), indexing="ij"), -1).reshape(-1, 3)
    spread = module._Spread(n_places)
    shares = (every + 0.5) / n_places
    for start in (np.array([2, 1, 3]), np.array([0, 0, 7])):
        found = uniform_positions(PlacedSites(start, lengths, WIDTH))
        own = (start + 0.5) / n_places
        for log10_p, statistic in (
            (found.log10_p, spread.waves),
            (found.central_log10_p, spread.towards_the_centre),
        ):
            p = np.mean([statistic(each) >= statistic(own) - 1e-9 for each in shares])
            assert 10**log10_p == pytest.approx(p, rel=0.6)


def test_statistics_are_sums_one_by_one():
    rng = np.random.default_rng(0)
    sites = drawn(rng, 1_200)
    n_places = sites.length - WIDTH + 1
    shares = (sites.start + 0.5) / n_places
    waves = [np.sqrt(2) * np.cos(np.pi * j * shares[n_places > j]) for j in (1, 2, 3, 4)]
    expected = sum(wave.sum() ** 2 / len(wave) for wave in waves)
    found = uniform_positions(sites)
    assert found.statistic == pytest.approx(expected)
    assert 10**found.log10_p == pytest.approx(chi2(4).sf(expected))
    distances = [np.abs(2 * (np.arange(m) + 0.5) / m - 1) for m in n_places]
    z = (sum(map(np.mean, distances)) - np.abs(2 * shares - 1).sum()) / np.sqrt(sum(map(np.var, distances)))
    assert found.central_log10_p == pytest.approx(log_ndtr(-z) / np.log(10))
    assert found.centrality == pytest.approx(np.abs(2 * shares - 1).mean())
    assert (found.n, found.exact) == (1_200, False)


def test_p_values_are_uniform_where_many_sites_lie_anywhere():
    rng = np.random.default_rng(1)
    found = [uniform_positions(drawn(rng, 1_000)) for _ in range(400)]
    assert kstest([10**each.log10_p for each in found], "uniform").pvalue > 0.01
    assert kstest([10**each.central_log10_p for each in found], "uniform").pvalue > 0.01


def test_the_level_holds_where_a_few_sites_lie_anywhere():
    rng = np.random.default_rng(2)
    found = [uniform_positions(drawn(rng, 15), seed=number) for number in range(200)]
    assert all(each.exact for each in found)
    for p in ([10**each.log10_p for each in found], [10**each.central_log10_p for each in found]):
        assert binomtest(int((np.array(p) <= 0.1).sum()), 200, 0.1).pvalue > 0.01


@pytest.mark.parametrize("n", [200, 2_000])
def test_what_crowds_is_found_where_it_does(n):
    rng = np.random.default_rng(3)
    length = rng.integers(150, 400, n)
    anywhere = rng.integers(0, length - WIDTH + 1)
    near = (length - WIDTH) // 2 + rng.normal(12, 9, n).round().astype(int)
    some = rng.random(n) < 0.5
    peaked = PlacedSites(np.where(some, near, anywhere), length, WIDTH)
    found = uniform_positions(peaked)
    assert max(found.log10_p, found.central_log10_p) < (-3.9 if n == 200 else -30)
    peak = crowd_of(peaked)
    assert peak.share == pytest.approx(0.5, abs=0.1)
    assert peak.mode == pytest.approx(12, abs=3)
    assert peak.scale == pytest.approx(9, abs=3)


def test_sites_at_one_end_are_not_anywhere_but_not_central():
    rng = np.random.default_rng(4)
    ends = PlacedSites(rng.integers(0, 30, 2_000), np.full(2_000, 200), WIDTH)
    found = uniform_positions(ends)
    assert found.log10_p < -100
    assert found.central_log10_p > -1e-6
    assert found.centrality > 0.8


def test_sites_at_a_single_place_are_a_crowd_of_no_width():
    peak = crowd_of(PlacedSites(np.full(50, 46), np.full(50, 100), WIDTH))
    assert peak.share > 0.95
    assert peak.mode == pytest.approx(0, abs=1e-6)
    assert peak.scale == 0.5


def test_sequences_of_one_place_tell_nothing():
    alone = PlacedSites(np.zeros(1_500, int), np.full(1_500, WIDTH), WIDTH)
    found = uniform_positions(alone)
    assert (found.statistic, found.log10_p) == (0, 0)
    assert found.central_log10_p == pytest.approx(np.log10(0.5))


def test_what_is_no_place_is_refused():
    none = PlacedSites(np.empty(0, int), np.empty(0, int), WIDTH)
    outside = PlacedSites(np.array([3, 93]), np.array([100, 100]), WIDTH)
    for what in (uniform_positions, crowd_of):
        with pytest.raises(InvalidValue, match="number of sites"):
            what(none)
        with pytest.raises(InvalidValue, match="93; expected 0 to 92"):
            what(outside)
