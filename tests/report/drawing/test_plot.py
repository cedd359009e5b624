"""Axes: few ticks, on round numbers, inside."""

from hypothesis import given
from hypothesis import strategies as st

from motifnet.report.drawing.plot import nice_ticks


@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e6), st.integers(2, 8))
def test_ticks_lie_inside_and_are_few(low, span, n):
    ticks = nice_ticks(low, low + span, n)
    assert len(ticks) <= 2 * n
    assert all(low - 1e-6 * span <= value <= low + span * (1 + 1e-6) for value in ticks)
