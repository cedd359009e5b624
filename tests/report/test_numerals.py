"""Numbers as they are shown."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.report import numerals


@given(st.floats(-5000, 6))
def test_power_reads_back(log10):
    shown = numerals.power(log10).replace(",", "")
    mantissa, _, exponent = shown.partition("e")
    assert math.log10(float(mantissa)) + int(exponent or 0) == pytest.approx(log10, abs=0.05)


@pytest.mark.parametrize(
    ("log10", "shown"),
    [(-0.0, "1"), (-44.0001, "1.0e-44"), (-3.1, "7.9e-4"), (-math.inf, "0"), (math.nan, "–")],
)
def test_power_at_the_edges(log10, shown):
    assert numerals.power(log10) == shown


@pytest.mark.parametrize(
    "show", [numerals.count, numerals.decimal, numerals.percent, numerals.fold, numerals.small]
)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_a_dash(show, value):
    assert show(value) == numerals.NONE


def test_durations_take_two_units():
    shown = [
        numerals.duration(seconds).replace(numerals.SPACE, " ") for seconds in (0, 59.94, 60, 3599.6, 90_000)
    ]
    assert shown == ["0.00 s", "59.9 s", "1 min 0 s", "1 h 0 min", "25 h 0 min"]
