"""Central enrichment: shares of places counted one by one, and p-values for sequences of any lengths."""

import numpy as np
import pytest
from scipy.stats import kstest

from motifnet.stats.positional import PlacedSites, central_enrichment, windows_to_try


def drawn(rng, n, width=8, lengths=(60, 101, 240)):
    """Sites anywhere in sequences of some lengths."""
    length = rng.choice(lengths, n)
    return PlacedSites(rng.integers(0, length - width + 1), length, width)


@pytest.mark.parametrize("width", [5, 8])
@pytest.mark.parametrize("length", [5 + 8, 40, 41])
def test_shares_are_those_of_places_counted_one_by_one(width, length):
    half_widths = np.array([0, 1, 3, 10, 100])
    one = PlacedSites(np.array([0]), np.array([length]), width)
    every = np.arange(length - width + 1)
    distances = np.abs(every + width / 2 - length / 2)
    np.testing.assert_allclose(one.shares(half_widths), [(distances <= half).mean() for half in half_widths])


def test_sites_are_counted_by_the_distance_of_their_centres():
    some = PlacedSites(np.array([0, 46, 50]), np.array([100, 100, 100]), 8)
    assert some.centre_distances.tolist() == [-46, 0, 4]
    assert some.within(np.array([0, 3, 4, 46])).tolist() == [1, 1, 2, 3]


def test_p_values_are_uniform_where_sites_lie_anywhere():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        targets, controls = drawn(rng, 400), drawn(rng, 300)
        found.append(central_enrichment(targets, controls, windows_to_try(targets.length)))
    assert kstest([10**one.log10_p for one in found], "uniform").pvalue > 0.01
    assert kstest([10**one.control_log10_p for one in found], "uniform").pvalue > 0.01


def test_sites_near_the_centre_are_found_and_controls_alike_are_seen():
    rng = np.random.default_rng(1)
    centre = PlacedSites(rng.integers(40, 55, 200), np.full(200, 100), 6)
    anywhere = drawn(rng, 200, width=6, lengths=(100,))
    windows = windows_to_try(centre.length)
    found = central_enrichment(centre, anywhere, windows)
    assert found.log10_p < -30
    assert found.control_log10_p < -20
    assert found.half_width <= 10
    assert found.share > found.expected
    assert central_enrichment(centre, centre, windows).control_log10_p > -1
    assert central_enrichment(anywhere, centre, windows).control_log10_p > -1


def test_no_site_is_no_surprise():
    none = PlacedSites(np.empty(0, int), np.empty(0, int), 6)
    found = central_enrichment(none, none, np.array([5, 10]))
    assert found.log10_p > -1
    assert found.control_log10_p == 0
    assert np.isnan(found.share)
