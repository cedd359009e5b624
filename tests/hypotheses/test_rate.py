"""One rate for all pairs? Rejected where times spread, and not where columns, gaps or bases vary alone."""

import math

import numpy as np
import pytest

from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hypotheses.rate_test import rate
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties.tested import NullDistribution, TieTest, TieVerdict
from tests.benchmarks.gapped_pairs import Law, drawn

_SHORT = (60, 140)


@pytest.fixture(scope="module")
def spread() -> PairedSequences:
    return drawn(Law(spread=0.5), 30, seed=1, columns=_SHORT)


@pytest.fixture(scope="module")
def found(spread: PairedSequences) -> TieTest:
    return rate(spread)


def test_times_that_spread_are_found_and_told(found: TieTest):
    assert found.verdict is TieVerdict.REJECTED
    assert found.effect.low < math.sqrt(math.expm1(0.5**2)) < found.effect.high
    assert found.gain.mean > 0
    assert "Pairs diverged unlike each other" in found.sentence


def test_the_picture_shows_the_slowest_and_the_fastest_pairs(found: TieTest, spread: PairedSequences):
    null, times = found.pictures
    assert isinstance(null, NullDistribution)
    assert null.observed > null.draws.max()
    assert set(times.names) <= set(spread.names)
    assert np.all(np.diff(times.values[:, 0]) <= 0)
    assert np.all((times.values[:, 1] < times.values[:, 0]) & (times.values[:, 0] < times.values[:, 2]))
    assert times.values[0, 0] > times.under_tie > times.values[-1, 0]


def test_which_sequence_is_x_is_of_no_account(found: TieTest, spread: PairedSequences):
    other = rate(spread.swapped())
    assert math.isclose(found.statistic, other.statistic, rel_tol=1e-3)
    assert math.isclose(found.effect.value, other.effect.value, rel_tol=1e-2)


def test_rates_of_columns_and_lengths_of_gaps_that_vary_within_pairs_are_no_rates_of_pairs():
    one = rate(drawn(Law(shape=0.5, power=1.7), 40, seed=2, columns=_SHORT))
    assert one.p > 0.02
    assert one.effect.low < 0.1


def test_pairs_that_came_twice_are_left_out(found: TieTest, spread: PairedSequences):
    other = rate(spread.select(np.repeat(np.arange(len(spread)), 2)))
    assert other.n == found.n == len(spread)
    assert other.notes[0] == "30 pairs like others left out."
    assert other.statistic == found.statistic


def test_four_pairs_are_refused(spread: PairedSequences):
    with pytest.raises(TooFewSequences, match="pairs unlike each other: 4 sequences; at least 5"):
        rate(spread.select(np.arange(4)))


def test_pairs_that_are_too_short_to_be_cut_are_not_asked():
    found = rate(drawn(Law(), 20, seed=3, columns=(8, 12)))
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert "can be cut into pieces of 10 columns" in found.sentence


def test_pairs_that_are_the_same_are_not_asked():
    same = drawn(Law(), 20, seed=4, columns=_SHORT)
    found = rate(PairedSequences(same.x, same.x, same.names))
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert "0 columns differ" in found.sentence


@pytest.mark.slow
@pytest.mark.parametrize("law", [Law(), Law(shape=0.5, power=1.7)])
def test_it_keeps_its_level(law: Law):
    # Of tests at 5%, more than 10 of 100 are seen once in 80 times.
    p = [rate(drawn(law, 60, seed)).p for seed in range(100)]
    assert np.sum(np.array(p) <= 0.05) <= 10


def test_a_level_below_all_p_values_of_draws_is_refused(spread: PairedSequences):
    with pytest.raises(InvalidValue, match="alpha"):
        rate(spread, alpha=1e-4)
