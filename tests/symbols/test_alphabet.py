"""Letters and codes: what is encoded comes back, and complementing is reversing the code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.symbols import DNA, UNKNOWN

CODES = st.lists(st.integers(0, UNKNOWN), max_size=30).map(lambda codes: np.array(codes, np.uint8))
PARTNER = dict(zip("ACGTN", "TGCAN", strict=True))


@given(CODES)
def test_codes_come_back_from_their_letters(codes):
    np.testing.assert_array_equal(DNA.encode(DNA.decode(codes)), codes)


@given(CODES)
def test_the_reverse_complement_is_that_of_the_letters_and_its_own_inverse(codes):
    turned = DNA.reverse_complement(codes)
    assert DNA.decode(turned) == "".join(PARTNER[letter] for letter in reversed(DNA.decode(codes)))
    np.testing.assert_array_equal(DNA.reverse_complement(turned), codes)
    assert turned.dtype == np.uint8


def test_codes_of_any_shape_are_complemented():
    assert DNA.complement(np.array([[0, 1], [3, 4]], np.uint8)).tolist() == [[3, 2], [0, 4]]


@pytest.mark.parametrize("given_as", [str, str.encode])
def test_letters_in_either_case_ambiguity_and_rna(given_as):
    assert DNA.encode(given_as("ACGTUacgtu")).tolist() == [0, 1, 2, 3, 3] * 2
    ambiguous = DNA.encode(given_as("NRYSWKMBDHVXnryswkmbdhvx"))
    assert set(ambiguous.tolist()) == {UNKNOWN}


def test_soft_masked_bases_are_unknown_where_asked():
    assert DNA.encode("ACgtnN", mask_lowercase=True).tolist() == [0, 1, 4, 4, 4, 4]
    assert DNA.encode("e", mask_lowercase=True).tolist() == [255]


def test_foreign_letters_are_found_not_guessed():
    codes = DNA.encode("ACE*GTé-.")
    assert DNA.foreign(codes).tolist() == [2, 3, 6, 7, 8]  # a gap is no unknown base
    assert DNA.foreign(DNA.encode("ACGTN")).tolist() == []
