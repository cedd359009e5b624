"""Pairs of near numbers against a plain loop."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.kernels.pairing import nearest_pairs

numbers = st.lists(st.integers(0, 40), min_size=1, max_size=25)


def plain_pairs(wanted, order, offered, largest):
    free, taken = set(range(len(offered))), [-1] * len(wanted)
    for one in order:
        near = [(abs(offered[i] - wanted[one]), i) for i in free if abs(offered[i] - wanted[one]) <= largest]
        if near:
            free.remove(min(near)[1])
            taken[one] = min(near)[1]
    return taken


@given(numbers, numbers, st.integers(0, 10), st.randoms())
@settings(deadline=None)
def test_each_takes_the_nearest_that_is_left(wanted, offered, largest, random):
    order = random.sample(range(len(wanted)), len(wanted))
    ascending = np.sort(np.array(offered, float))
    is_free = np.ones(len(offered), bool)
    taken = nearest_pairs(np.array(wanted, float), np.array(order), ascending, is_free, float(largest))
    plain = plain_pairs(wanted, order, ascending, largest)
    # Of equal numbers either may be taken: what counts is how far the pair is apart.
    apart = [None if i < 0 else abs(ascending[i] - one) for i, one in zip(taken, wanted, strict=True)]
    assert apart == [None if i < 0 else abs(ascending[i] - one) for i, one in zip(plain, wanted, strict=True)]
    got = taken[taken >= 0]
    assert len(set(got.tolist())) == len(got)
    assert set(np.flatnonzero(~is_free)) == set(got.tolist())


def test_what_is_taken_already_stays_taken():
    offered, is_free = np.array([1.0, 2.0, 3.0]), np.array([True, False, True])
    taken = nearest_pairs(np.array([2.1, 2.2, 2.3]), np.arange(3), offered, is_free, 5.0)
    assert taken.tolist() == [2, 0, -1]
