"""The IUPAC word of a matrix: the word that made it, whichever strand it is read on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.motifs import consensus, matrix

BASES = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
COMPLEMENT = dict(zip("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN", strict=True))
# No two bases alike, since of equals the first is taken, and that is not the first on both strands.
COLUMNS = hnp.arrays(np.float64, (4, 3), elements=st.integers(0, 10_000), unique=True)


def column(letter):
    return np.array([base in BASES[letter] for base in "ACGT"]) / len(BASES[letter])


@given(st.text(st.sampled_from(list(BASES)), min_size=1, max_size=10))
def test_a_word_comes_back_from_its_matrix(word):
    assert consensus(np.stack([column(letter) for letter in word], axis=1)) == word


@given(COLUMNS)
def test_the_other_strand_reads_the_complement(counts):
    probability = matrix.probabilities(counts)
    word = consensus(probability)
    turned = consensus(matrix.reverse_complement(probability))
    assert turned == "".join(COMPLEMENT[letter] for letter in reversed(word))


@pytest.mark.parametrize(
    ("shares", "letter"),
    [
        ([0.50, 0.25, 0.25, 0.00], "A"),  # half of the column and twice the next
        ([0.50, 0.26, 0.24, 0.00], "M"),
        ([0.49, 0.24, 0.27, 0.00], "R"),
        ([0.40, 0.10, 0.10, 0.40], "W"),
        ([0.40, 0.30, 0.25, 0.05], "V"),
        ([0.40, 0.30, 0.20, 0.10], "N"),  # the fourth is too frequent to be left out
        ([0.25, 0.25, 0.25, 0.25], "N"),
    ],
)
def test_where_one_letter_ends_and_the_next_begins(shares, letter):
    assert consensus(np.array(shares)[:, None]) == letter
