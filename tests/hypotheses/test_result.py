"""Verdicts: support needs an interval, and rejection a small p-value."""

import itertools
import math

import pytest

from motifnet.ties.tested import Gain, TieVerdict, decide, not_applicable, told_needed

NARROW, WIDE = Gain(0.0, -0.001, 0.001, 9_000), Gain(0.0, -0.02, 0.02, 90, 1440)


def verdict(p, gain, alpha=0.05, margin=0.005):
    return decide(p, gain, alpha=alpha, margin=margin)


@pytest.mark.parametrize(
    "gain", [None, WIDE, Gain(0, math.nan, math.nan, 1), Gain(0, -math.inf, math.inf, 1)]
)
@pytest.mark.parametrize("p", [0.06, 0.5, 1.0])
def test_a_large_p_value_is_no_support(p, gain):
    assert verdict(p, gain) is TieVerdict.UNDECIDED


@pytest.mark.parametrize("gain", [None, NARROW, WIDE])
@pytest.mark.parametrize("p", [0, 1e-300, 0.05])
def test_what_is_rejected_stays_so_however_little_there_is_to_gain(p, gain):
    assert verdict(p, gain) is TieVerdict.REJECTED


def test_an_interval_below_the_margin_supports():
    assert verdict(0.3, NARROW) is TieVerdict.JUSTIFIED
    assert verdict(0.3, NARROW._replace(high=0.005)) is TieVerdict.UNDECIDED
    assert verdict(0.3, WIDE, margin=0.03) is TieVerdict.JUSTIFIED


def test_a_larger_level_never_saves_a_tie_and_a_larger_margin_never_costs_one():
    for p, gain in itertools.product((0.001, 0.03, 0.2), (None, NARROW, WIDE)):
        rejected = [verdict(p, gain, alpha=alpha) is TieVerdict.REJECTED for alpha in (0.0001, 0.01, 0.1)]
        assert rejected == sorted(rejected)
        justified = [verdict(p, gain, margin=margin) is TieVerdict.JUSTIFIED for margin in (1e-4, 0.01, 1)]
        assert justified == sorted(justified)


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan, math.inf])
def test_no_probability(p):
    with pytest.raises(ValueError, match="a p-value of"):
        verdict(p, NARROW)


def test_what_is_lacking_is_told_without_a_zero_below_zero():
    assert "about 1,440 held-out sequences" in told_needed(WIDE, 0.005)
    told = told_needed(Gain(0.0, -0.00001, 0.02, 9), 0.005)
    assert "-0.0 " not in told
    assert "-0.0000" not in told
    assert "-1e-05 to 0.02 nats" in told


def test_where_nothing_can_be_asked_there_are_no_numbers():
    found = not_applicable("strand", "a", "b", "None.", n=3)
    assert math.isnan(found.p)
    assert (found.effect, found.gain, found.n, found.pictures) == (None, None, 3, ())
