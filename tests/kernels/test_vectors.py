"""Vectors read as bits and as powers of two."""

import numpy as np
import pytest
from numba import njit

from motifnet.kernels.vectors import (
    ceilings,
    exponents,
    flipped,
    load,
    powers_of_two,
    smaller,
    store,
    subtract,
)

ONE = np.array([0.0, 0.5, -3.25, 1e300])
OTHER = np.array([1.0, -0.5, -3.0, 1e299])


@pytest.mark.parametrize(
    ("operation", "numbers", "expected"),
    [
        (exponents, [1.0, 0.75, 2.0**-1000, 0.0], [1, 0, -999, -1022]),
        (powers_of_two, [0.0, -1022.0, 1023.0, 7.0], [1, 2.0**-1022, 2.0**1023, 128]),
        (ceilings, [-1.5, 2.0, -(2.0**40), 0.1], [-1, 2, -(2.0**40), 1]),
    ],
)
def test_powers_of_two_are_exact(operation, numbers, expected):
    @njit
    def apply(array):
        store(array, 0, operation(load(array, 0)))

    array = np.array(numbers)
    apply(array)
    assert array.tolist() == expected


@pytest.mark.parametrize(("operation", "expected"), [(smaller, np.minimum), (subtract, np.subtract)])
def test_numbers_are_joined_lane_by_lane(operation, expected):
    @njit
    def apply(one, other):
        store(one, 0, operation(load(one, 0), load(other, 0)))

    found = ONE.copy()
    apply(found, OTHER)
    assert found.tolist() == expected(ONE, OTHER).tolist()


def test_bits_that_differ_turn_one_number_into_another():
    @njit
    def apply(one, mask, bits):
        store(one, 0, flipped(load(one, 0), load(mask, 0), load(bits, 0)))

    found, chosen = ONE.copy(), np.array([-1, 0, -1, 0])
    bits = ONE.view(np.int64) ^ OTHER.view(np.int64)
    apply(found, chosen.view(np.float64), bits.view(np.float64))
    assert found.tolist() == np.where(chosen, OTHER, ONE).tolist()
