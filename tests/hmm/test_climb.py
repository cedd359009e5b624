"""How the climb of a likelihood tells how far it is."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motifnet.hmm import estimate
from motifnet.hmm.estimate import climb
from motifnet.progress import Silent


class Heard(Silent):
    """Keeps what is said."""

    def __init__(self):
        self.said = []

    def log(self, text):
        self.said.append(text)


def test_rounds_are_told_with_their_number(monkeypatch):
    monkeypatch.setattr(estimate, "_SECONDS_SILENT", 0)
    heard = Heard()
    estimate.climb(
        0.0,
        lambda x: (-((x - 2) ** 2), x),
        lambda x, _: (x + 2) / 2,
        least_gain=1,
        max_rounds=9,
        progress=heard,
        what="profile",
    )
    assert heard.said == [
        "profile: 1 round so far, log-likelihood -1.0",
        "profile: 2 rounds so far, log-likelihood -0.2",
    ]


@given(st.floats(0.05, 0.95), st.floats(1, 1e6), st.floats(1e-6, 0.5))
def test_rounds_that_shrink_by_a_share_end_when_it_is_said(share, gain, least):
    gains = gain * share ** np.arange(200)
    n_all = int(np.argmax(gains < least)) + 1  # the first that gains too little is the last
    climbed = np.concatenate([[0.0], np.cumsum(gains)])
    for done in range(2, min(n_all, 12)):
        assert abs(estimate.rounds_left(climbed[: done + 1], least) - (n_all - done)) <= 1
    assert estimate.rounds_left([0, 1], 0.1) == np.inf
    assert estimate.rounds_left([0, 1, 3, 7], 0.1) == np.inf


def test_time_left_is_told(monkeypatch):
    monkeypatch.setattr(estimate, "_SECONDS_SILENT", 0)
    monkeypatch.setattr(estimate.time, "monotonic", iter(range(0, 1000, 10)).__next__)
    heard = Heard()
    climb(0.0, lambda x: (-((x - 2) ** 2), x), slow(0.1), least_gain=1e-3, max_rounds=5, progress=heard)
    *_, before, last = heard.said
    assert re.fullmatch(r"learn: 4 rounds so far, log-likelihood -1\.7, about 1\d s left of this", before)
    assert re.fullmatch(r"learn: 5 rounds so far, log-likelihood -1\.4", last)  # there are no more


def slow(share: float):
    """Rounds that go a share of what is left of the way to two."""
    return lambda x, _: x + share * (2 - x)


def beyond(one: float, other: float, factor: float) -> float:
    return one + factor * (other - one)


@given(st.floats(0.05, 1.0), st.floats(-50, 50))
def test_going_beyond_climbs_to_the_same_place_in_fewer_rounds(share, start):
    def objective(x):
        calls.append(x)
        return -((x - 2) ** 2), x

    found, n_calls = [], []
    for how in (None, beyond):
        calls = []
        found.append(climb(start, objective, slow(share), least_gain=1e-9, max_rounds=999, beyond=how))
        n_calls.append(len(calls))
        assert np.all(np.diff(found[-1].objective) >= -1e-9)
        assert found[-1].converged
        # A pure round, which goes a share of the way, gains the less than a tolerance at the end.
        assert abs(found[-1].state - 2) <= np.sqrt(1e-9 / (1 - (1 - share) ** 2)) + 1e-12
    assert n_calls[1] <= 2 * n_calls[0] + 4
    if share < 0.2 and abs(start - 2) > 1:
        assert n_calls[1] < 0.6 * n_calls[0]


def test_what_lies_beyond_and_is_worse_is_taken_back():
    """An objective that falls off behind its top, where rounds reach it."""

    def cliff(x):
        return (x if x <= 2 else -x), x

    found = climb(0.0, cliff, slow(0.5), least_gain=1e-6, max_rounds=99, beyond=beyond)
    assert np.all(np.diff(found.objective) >= 0)
    assert 2 - 1e-5 < found.state <= 2


@given(st.floats(0.05, 0.9), st.floats(0, 0.5), st.sampled_from([None, beyond]))
def test_what_ends_a_climb_is_settled(share, leak, how):
    """An objective that seems less than it is, by as much as its state has moved since the round before."""
    seen = [0.0]

    def rough(x):
        missed, seen[0] = leak * abs(x - seen[0]), x
        return -((x - 2) ** 2) - missed, "rough"

    def settled(x, value, counts):
        assert counts == "rough"
        asked.append(x)
        return -((x - 2) ** 2), "settled"

    asked = []
    found = climb(
        -9.0,
        rough,
        slow(share),
        least_gain=1e-6,
        max_rounds=999,
        beyond=how,
        settled=settled,
        keeps_ties=False,
    )
    assert found.counts == "settled"
    assert found.converged
    assert found.objective[-1] == -((found.state - 2) ** 2)
    assert len(asked) < len(found.objective)
    few = climb(-9.0, rough, slow(share), least_gain=1e-6, max_rounds=2, settled=settled)
    assert few.counts == "settled"
