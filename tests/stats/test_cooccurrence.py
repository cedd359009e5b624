"""Co-occurrence: the figures of scipy's distribution, and room as where sites are drawn by chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nchypergeom_fisher

from motifnet.stats.cooccurrence import cooccurrence, odds_ratio_by_room
from motifnet.stats.enrichment import log10_mid_p


@st.composite
def tables(draw):
    n = draw(st.integers(1, 60))
    first, second = draw(st.integers(0, n)), draw(st.integers(0, n))
    both = draw(st.integers(max(0, first + second - n), min(first, second)))
    return both, first, second, n


@given(table=tables(), odds_ratio=st.floats(0.2, 5))
def test_p_values_are_those_of_the_distribution(table, odds_ratio):
    both, first, second, n = table
    found = cooccurrence(both, first, second, n, odds_ratio)
    chance = nchypergeom_fisher(n, second, first, odds_ratio)
    half = chance.pmf(both) / 2
    assert 10**found.log10_p_more == pytest.approx(chance.sf(both) + half, abs=1e-6)
    assert 10**found.log10_p_fewer == pytest.approx(chance.cdf(both) - half, abs=1e-6)
    assert found.expected == pytest.approx(chance.mean(), abs=1e-5)


@given(table=tables())
def test_without_room_to_lose_it_is_the_exact_test_of_fisher(table):
    both, first, second, n = table
    found = cooccurrence(both, first, second, n)
    assert found.log10_p_more == pytest.approx(log10_mid_p(both, second, first - both, n - second), abs=1e-6)
    assert found.seen_from_other() == pytest.approx(cooccurrence(both, second, first, n), abs=1e-6)


def test_p_values_below_what_a_float_holds_are_kept():
    found = cooccurrence(4000, 4000, 4000, 10_000)
    assert -3000 < found.log10_p_more < -2500
    assert found.log10_p_fewer == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("chances", [(0.05, 0.05), (0.2, 0.01)])
def test_room_is_lost_as_where_sites_are_drawn(chances):
    """Planted sites know nothing of each other; places of chance sites are lost to any site of the other."""
    rng = np.random.default_rng(1)
    n, room, planted = 2_000_000, 0.7, (0.4, 0.25)
    one, other = (rng.random(n) < share for share in planted)
    each, other_each = (1 - (1 - chance) ** (1 / 100) for chance in chances)  # of a hundred places

    def by_chance(each, beside):
        return rng.random(n) < 1 - (1 - each) ** np.where(beside, 100 * room, 100)

    one |= by_chance(each, other)
    other |= ~other & by_chance(other_each, one)
    both, first, second = (one & other).mean(), one.mean(), other.mean()
    drawn = both * (1 - first - second + both) / ((first - both) * (second - both))
    assert odds_ratio_by_room(first, second, *chances, room) == pytest.approx(drawn, abs=0.01)
    assert drawn < 0.97


def test_what_is_there_by_chance_alone_has_an_odds_ratio():
    assert 0 < odds_ratio_by_room(0.02, 0.02, 0.05, 0.05, 0.8) <= 1
    assert odds_ratio_by_room(0.0, 0.5, 0.05, 0.05, 0.8) == 1
