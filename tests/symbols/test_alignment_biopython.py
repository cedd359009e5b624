"""Alignments of Biopython: there and back, on either strand, and of parts of sequences."""

import io

import numpy as np
import pytest
from Bio import Align
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue
from motifnet.symbols import DNA
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment
from motifnet.symbols.place import Place


@st.composite
def alignments(draw):
    """Parts of two sequences aligned, each somewhere in its source, on either strand."""
    kinds = st.lists(st.sampled_from([MATCH, X_ONLY, Y_ONLY]))
    # Of coordinates that do not move, nobody could tell the strand.
    columns = np.array([*draw(kinds), MATCH, *draw(kinds)], np.uint8)
    sides = []
    for other in (Y_ONLY, X_ONLY):
        before, behind, offset = draw(st.integers(0, 3)), draw(st.integers(0, 3)), draw(st.integers(0, 9))
        n = before + int((columns != other).sum()) + behind
        codes = np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)), np.uint8)
        strand = draw(st.sampled_from("+-"))
        sides.append(
            (codes, before, Place(draw(st.sampled_from(["chr1", "c"])), offset, offset + n, strand, 99))
        )
    (x, x_start, x_place), (y, y_start, y_place) = sides
    confidence = np.linspace(0, 1, len(columns), dtype=np.float32) if draw(st.booleans()) else None
    score = draw(st.none() | st.floats(-9, 9))
    return Alignment(
        "one", "two", x, y, columns, x_start, y_start, confidence, score, x_place=x_place, y_place=y_place
    )


@given(alignments())
def test_an_alignment_comes_back_as_it_was(alignment):
    again = Alignment.from_biopython(alignment.to_biopython())
    assert again.rows() == alignment.rows()
    assert again.homes() == alignment.homes()
    assert (again.x_name, again.y_name, again.score) == ("one", "two", alignment.score)
    for name in ("x", "y"):
        assert DNA.decode(getattr(again, name)) == DNA.decode(getattr(alignment, name))
    np.testing.assert_array_equal(again.matches, alignment.matches)
    assert (again.confidence is None) == (alignment.confidence is None)
    if alignment.confidence is not None:
        np.testing.assert_array_equal(again.confidence, alignment.confidence)


@given(alignments())
def test_biopython_sees_the_same_rows(alignment):
    theirs = alignment.to_biopython()
    assert (theirs[0], theirs[1]) == alignment.rows()


def test_an_alignment_that_biopython_made_is_taken():
    aligner = Align.PairwiseAligner(mode="local", open_gap_score=-2)
    theirs = aligner.align("TTACGTACGGA", "CCACGTCGGCC")[0]
    ours = Alignment.from_biopython(theirs)
    assert ours.rows() == (theirs[0], theirs[1])
    assert (ours.x_start, ours.y_start, ours.score) == (*theirs.coordinates[:, 0], theirs.score)
    turned = aligner.align("TTACGTACGGA", "GGCCGACGTGG", strand="-")[0]
    assert Alignment.from_biopython(turned).y_place == Place("y", 0, 11, "-", 11)
    assert Alignment.from_biopython(turned).rows() == (turned[0], turned[1])


def test_of_a_file_of_maf_the_aligned_part_is_taken():
    text = "##maf version=1\na score=1\ns hg.chr1 10 4 + 100 AC-GT\ns mm.chr2 5 5 - 50 ACTGT\n\n"
    (theirs,) = Align.parse(io.StringIO(text), "maf")
    ours = Alignment.from_biopython(theirs)
    assert ours.rows() == ("AC-GT", "ACTGT")
    assert ours.homes() == (Place("hg.chr1", 10, 14, "+", 100), Place("mm.chr2", 40, 45, "-", 50))
    assert ours.x_name == "hg.chr1:10-14"


def test_what_is_no_pair_of_sequences_is_refused():
    three = Align.Alignment(["AC", "AC", "AC"], np.array([[0, 2]] * 3))
    with pytest.raises(InvalidValue, match="sequences of an alignment is 3; expected two"):
        Alignment.from_biopython(three)
    with pytest.raises(InvalidValue, match="letter 2 of sequence y is 'E'"):
        Alignment.from_biopython(Align.Alignment(["AC", "AE"], np.array([[0, 2]] * 2)))
    with pytest.raises(InvalidValue, match="as long in x as in y"):
        Alignment.from_biopython(Align.Alignment(["ACG", "AC"], np.array([[0, 3], [0, 2]])))
