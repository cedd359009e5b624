"""Pairs of sequences: as many of each, and either may come first."""

import pytest

from motifnet.errors import ShapeMismatch
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences

X, Y = Sequences.from_text(["ACG", "TT"]), Sequences.from_text(["A", "CCC"])


def test_a_pair_has_one_of_each():
    pairs = PairedSequences(X, Y, ["p", "q"])
    assert len(pairs) == 2
    assert [codes.tolist() for codes in pairs[1]] == [[3, 3], [1, 1, 1]]
    assert [codes.tolist() for codes in pairs.swapped()[1]] == [[1, 1, 1], [3, 3]]
    assert pairs.swapped().names == ["p", "q"]


@pytest.mark.parametrize(
    ("y", "names", "sentence"),
    [
        (
            Sequences.from_text(["A"]),
            ["p", "q"],
            "y has shape (1,); expected (2,), one for each sequence of x",
        ),
        (Y, ["p"], "names has shape (1,); expected (2,), one for each sequence of x"),
    ],
)
def test_unequal_numbers_are_refused(y, names, sentence):
    with pytest.raises(ShapeMismatch) as caught:
        PairedSequences(X, y, names)
    assert str(caught.value) == sentence
