"""The chance of a best offset, against every outcome of small queries."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.stats import best_offset
from motifnet.stats.best_offset import survival_of_best


def by_enumeration(columns, lowest, length):
    """P(best >= score) for each positive score, from all outcomes of the columns under each offset."""
    width, n = columns.shape
    survival = []
    for score in range(1, width * (lowest + n - 1) + 1):
        none = 1.0
        for first in range(1 - length, width):
            under = columns[max(first, 0) : min(first + length, width)]
            reached = [
                np.prod([column[k] for column, k in zip(under, outcome, strict=True)])
                for outcome in product(range(n), repeat=len(under))
                if sum(outcome) + lowest * len(under) >= score
            ]
            none *= 1 - sum(reached)
        survival.append(1 - none)
    return survival


@st.composite
def queries(draw):
    width, n = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    weights = np.array(draw(st.lists(st.integers(0, 9), min_size=width * n, max_size=width * n)))
    weights = weights.reshape(width, n) + (np.arange(n) == 0)
    return weights / weights.sum(axis=1, keepdims=True), -draw(st.integers(0, n - 1))


@given(queries(), st.sets(st.integers(1, 6), min_size=1))
def test_it_is_that_of_all_outcomes(query, lengths):
    columns, lowest = query
    found = survival_of_best(columns, lowest, lengths)
    assert set(found) == lengths
    for length in lengths:
        np.testing.assert_allclose(found[length], by_enumeration(columns, lowest, length), atol=1e-12)


@pytest.mark.parametrize("block", [1, 7, 48, 200])
def test_the_size_of_the_blocks_changes_nothing(monkeypatch, block):
    columns = np.random.default_rng(1).dirichlet(np.ones(101), size=14)
    usual = survival_of_best(columns, -60, [5, 14, 20])
    monkeypatch.setattr(best_offset, "_BLOCK", block)
    for length, survival in survival_of_best(columns, -60, [5, 14, 20]).items():
        np.testing.assert_allclose(survival, usual[length], rtol=1e-9)


def test_the_smallest_tails_keep_their_digits():
    columns = np.tile([1 - 1e-9, *[0] * 9, 1e-9], (30, 1))
    (survival,) = survival_of_best(columns, 0, [30]).values()
    assert survival[-1] == pytest.approx(1e-270, rel=1e-9, abs=0)
