"""Vectors read as bits, as powers of two and as letters."""

import numpy as np
import pytest
from numba import njit

from motifnet.kernels.vectors import (
    BYTES,
    HAS_TABLES,
    aligned,
    ceilings,
    chosen,
    exponents,
    load,
    load_codes,
    looked_up,
    powers_of_two,
    reaching,
    smaller,
    store,
    subtract,
    table_rows,
    where,
    width_with,
)

LANES = BYTES // 8
ONE = np.resize([0.0, 0.5, -3.25, 1e300], LANES)
OTHER = np.resize([1.0, -0.5, -3.0, 1e299], LANES)
CODES = np.resize(np.array([3, 0, 4, 2, 1, 2, 0, 3], np.uint8), LANES)


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

    array = np.resize(numbers, LANES)
    apply(array)
    assert array.tolist() == np.resize(expected, LANES).tolist()


@pytest.mark.parametrize(("operation", "expected"), [(smaller, np.minimum), (subtract, np.subtract)])
def test_numbers_are_joined_lane_by_lane(operation, expected):
    @njit
    def apply(one, other):
        store(one, 0, operation(load(one, 0), load(other, 0)))

    found = ONE.copy()
    apply(found, OTHER)
    assert found.tolist() == expected(ONE, OTHER).tolist()


def test_a_code_chooses_among_four_and_where_it_is_one_lane_by_lane():
    @njit
    def apply(codes, table, found):
        letters = load_codes(codes, 0)
        a, c = load(table[0], 0), load(table[1], 0)
        g, t, unknown = load(table[2], 0), load(table[3], 0), load(table[4], 0)
        store(found, 0, where(letters, 4, unknown, chosen(letters, a, c, g, t)))

    table, found = np.random.default_rng(0).random((5, LANES)), np.empty(LANES)
    apply(CODES, table, found)
    assert found.tolist() == table[CODES, np.arange(LANES)].tolist()


def test_numbers_that_do_not_reach_a_bound_are_left_out():
    @njit
    def apply(array, other):
        store(array, 0, reaching(load(array, 0), 0.5, load(other, 0)))

    found = ONE.copy()
    apply(found, OTHER)
    assert found.tolist() == np.where(ONE >= 0.5, OTHER, 0).tolist()


@pytest.mark.skipif(not HAS_TABLES, reason="this machine has no AVX-512")
def test_a_table_is_looked_up_by_row_and_column():
    @njit
    def apply(rows, codes, table, found):
        half = len(table) // 2
        low, high = load(table, 0), load(table, half)
        store(found, 0, looked_up(table_rows(load_codes(rows, 0)), load_codes(codes, 0), low, high))

    table, found = np.random.default_rng(1).random(16), np.empty(LANES)
    rows, columns = np.arange(LANES, dtype=np.uint8) % 4, CODES[::-1] % 4
    apply(rows, np.ascontiguousarray(columns), table, found)
    assert found.tolist() == table[4 * rows + columns].tolist()


@pytest.mark.parametrize("skipped", range(4))
def test_a_pointer_lies_on_a_boundary_within_a_vector(skipped):
    @njit
    def mark(array):
        pointer = aligned(array)
        for k in range(LANES):
            pointer[k] = 1 + k

    room = np.zeros(3 * LANES)[skipped:]
    mark(room)
    (first,) = np.flatnonzero(room == 1)
    assert first < LANES
    assert (room.ctypes.data + 8 * first) % BYTES == 0
    assert room[first : first + LANES].tolist() == list(range(1, LANES + 1))


@pytest.mark.parametrize(
    ("features", "width"),
    [("", 16), ("+sse2,-avx,-avx2", 16), ("+avx,+avx2", 32), ("+avx,+avx2,+avx512f", 64), ("+neon", 16)],
)
def test_vectors_are_as_wide_as_the_registers_of_the_machine(features, width):
    assert width_with(features) == width
