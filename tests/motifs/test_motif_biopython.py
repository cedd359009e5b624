"""Motifs of Biopython: there and back."""

import io

import numpy as np
import pytest
from Bio import motifs
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.errors import InvalidValue
from motifnet.motifs import Motif

_counts = st.integers(1, 12).flatmap(lambda width: arrays(float, (4, width), elements=st.floats(0, 1e4)))
_names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)
_motifs = st.builds(
    Motif,
    _names,
    _counts,
    background=st.just(np.array([0.3, 0.2, 0.2, 0.3])),
    n_sites=st.floats(1, 1e4),
    alt_name=_names | st.just(""),
    log10_e_value=st.none() | st.floats(-300, 3),
    alphabet=st.sampled_from(["DNA", "RNA"]),
)


@given(_motifs)
def test_a_motif_comes_back_as_it_was(motif):
    again = Motif.from_biopython(motif.to_biopython())
    np.testing.assert_array_equal(again.counts, motif.counts)
    np.testing.assert_array_equal(again.background, motif.background)
    for name in ("name", "n_sites", "alphabet", "single_stranded"):
        assert getattr(again, name) == getattr(motif, name)
    assert again.log10_e_value == pytest.approx(motif.log10_e_value)
    assert again.alt_name == motif.alt_name


def test_biopython_computes_with_it():
    theirs = Motif(
        "GATA", [[0, 9, 0, 9], [0, 0, 0, 0], [9, 0, 0, 1], [1, 1, 10, 0]], [0.3, 0.2, 0.2, 0.3]
    ).to_biopython()
    assert str(theirs.consensus) == "GATA"
    assert str(theirs.reverse_complement().consensus) == "TATC"
    assert theirs.background == {"A": 0.3, "C": 0.2, "G": 0.2, "T": 0.3}
    assert Motif.from_biopython(theirs.reverse_complement(), "turned").consensus == "TATC"


@pytest.mark.parametrize(
    ("format", "text", "name", "alt_name"),
    [
        ("jaspar", ">MA0139.1 CTCF\nA [1 2]\nC [3 4]\nG [5 6]\nT [7 8]\n", "MA0139.1", "CTCF"),
        (
            "transfac",
            "AC  M00001\nXX\nID  V$MYOD_01\nXX\nP0      A      C      G      T\n"
            "01      1      3      5      7      N\n02      2      4      6      8      N\nXX\n//\n",
            "M00001",
            "",
        ),
    ],
)
def test_motifs_of_its_readers_keep_their_names(format, text, name, alt_name):
    (theirs,) = motifs.parse(io.StringIO(text), format)
    ours = Motif.from_biopython(theirs)
    assert (ours.name, ours.alt_name) == (name, alt_name)
    assert ours.counts.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert Motif.from_biopython(theirs, "mine", single_stranded=True).single_stranded


@pytest.mark.parametrize(
    ("theirs", "sentence"),
    [
        (motifs.Motif("ACGT"), "counts of the motif is 'none'"),
        (motifs.Motif("AB", counts={"A": [1], "B": [2]}), "counts of the motif is 'of AB'"),
    ],
)
def test_what_is_no_motif_of_dna_is_refused(theirs, sentence):
    with pytest.raises(InvalidValue, match=sentence):
        Motif.from_biopython(theirs)
