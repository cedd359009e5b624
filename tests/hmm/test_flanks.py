"""Flanks are a chain whose order the data choose, and whose odds are those of its transitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.hmm.flanks import Flanks
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

UNIFORM = np.full(4, 0.25)


def drawn(order, n=60, length=100, seed=0):
    rng = np.random.default_rng(seed)
    chain = Background(UNIFORM, np.full(4**order, 4.0**-order), rng.dirichlet([1] * 4, 4**order))
    return Sequences.from_codes(chain.sample(n, length, rng))


@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_order_is_that_of_what_was_drawn(order):
    assert Flanks.learn(drawn(order)).order == order


def test_sites_tell_nothing_of_the_chain():
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, (50, 60), dtype=np.uint8)
    codes[:, 20:40] = [0, 1] * 10
    sequences, is_site = Sequences.from_codes(codes), np.zeros((50, 60), bool)
    is_site[:, 20:40] = True
    assert Flanks.learn(sequences).order > 0
    outside = Flanks.learn(sequences, is_site.ravel())
    assert outside.order == 0
    np.testing.assert_array_equal(outside.probabilities, Flanks.learn(sequences).probabilities)


@given(seed=st.integers(0, 2**32 - 1), order=st.integers(0, 2), length=st.integers(0, 6))
def test_the_likelihood_is_the_product_of_transitions(seed, order, length):
    rng = np.random.default_rng(seed)
    flanks = Flanks(rng.dirichlet([3] * 4), rng.dirichlet([3] * 4, 4**order))
    if order == 0:
        flanks = Flanks.independent(flanks.probabilities)
    codes = rng.integers(0, 5, length).astype(np.uint8)
    expected = 0.0
    for t, code in enumerate(codes.tolist()):
        if code == 4:
            continue
        context = codes[t - order : t] if t >= order else np.array([4])
        if order and (context == 4).any():
            expected += np.log(flanks.probabilities[code])
        else:
            word = int("".join(map(str, context.tolist())) or "0", 4)
            expected += np.log(flanks.transitions[word, code])
    one = Sequences.from_codes([rng.integers(0, 4, 3).astype(np.uint8), codes])
    np.testing.assert_allclose(flanks.log_likelihood(one)[1], expected, atol=1e-10)


@pytest.mark.parametrize(
    ("tables", "error"),
    [
        ((UNIFORM[:3], UNIFORM[None]), ShapeMismatch),
        ((UNIFORM, np.tile(UNIFORM, (3, 1))), ShapeMismatch),
        ((UNIFORM, np.tile(UNIFORM, (64, 1))), ShapeMismatch),
        ((UNIFORM, np.array([[0.5, 0.5, 0.0, 0.0]])), InvalidValue),
        ((UNIFORM * 2, UNIFORM[None]), InvalidValue),
    ],
)
def test_what_are_no_flanks(tables, error):
    with pytest.raises(error):
        Flanks(*tables)
