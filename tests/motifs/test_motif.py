"""The motif as a value: what follows from its counts, and what is no motif."""

import dataclasses

import numpy as np
import pytest

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.motifs import Motif

COUNTS = np.array([[8, 0, 1], [0, 0, 4], [2, 0, 3], [0, 10, 0]], np.float64)
BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])


@pytest.fixture
def motif():
    return Motif("m", COUNTS, BACKGROUND, n_sites=10, alt_name="M", log10_e_value=-3.0)


def test_matrices_follow_from_counts(motif):
    assert motif.width == 3
    np.testing.assert_allclose(motif.probabilities, COUNTS / [10, 10, 8])
    padded = (COUNTS + 0.1 * BACKGROUND[:, None]) / np.array([10.1, 10.1, 8.1])
    np.testing.assert_allclose(motif.log_odds(), np.log2(padded / BACKGROUND[:, None]))
    assert motif.log_odds(0.0)[1, 0] == -np.inf
    assert motif.information[1] == pytest.approx(np.log2(1 / 0.3))
    assert motif.consensus == "ATS"


def test_sites_are_those_of_the_fullest_column_unless_said():
    assert Motif("m", COUNTS).n_sites == 10
    assert Motif("m", COUNTS, n_sites=7.5).n_sites == 7.5


def test_the_other_strand_is_an_involution_and_keeps_what_is_known(motif):
    other = motif.reverse_complement()
    np.testing.assert_array_equal(other.counts, COUNTS[::-1, ::-1])
    np.testing.assert_allclose(other.information, motif.information[::-1])
    assert other.background.tolist() == BACKGROUND[::-1].tolist()
    assert (other.name, other.n_sites, other.alt_name, other.e_value) == ("m", 10, "M", 1e-3)
    np.testing.assert_array_equal(other.reverse_complement().counts, COUNTS)


def test_a_stretch_of_columns_is_a_motif(motif):
    part = motif.columns(slice(1, 3))
    np.testing.assert_array_equal(part.counts, COUNTS[:, 1:])
    assert part.n_sites == 10


def test_a_motif_cannot_be_changed(motif):
    with pytest.raises(dataclasses.FrozenInstanceError):
        motif.name = "other"


def test_motifs_do_not_share_the_default_background():
    assert Motif("a", COUNTS).background is not Motif("b", COUNTS).background


@pytest.mark.parametrize("entry", [-1, np.nan, np.inf])
def test_counts_are_numbers_of_0_or_more(entry):
    counts = COUNTS.copy()
    counts[0, 0] = entry
    with pytest.raises(InvalidValue, match=r"counts of motif m is .*; expected counts of 0 or more"):
        Motif("m", counts)


def test_counts_are_four_rows():
    with pytest.raises(ShapeMismatch, match=r"counts of motif m has shape \(3, 4\).*Was it \(width, 4\)"):
        Motif("m", COUNTS.T)


@pytest.mark.parametrize(("log10", "value"), [(None, None), (-400.0, 0.0), (309.0, np.inf), (-2.0, 0.01)])
def test_an_e_value_that_no_float_holds_is_none_but_its_logarithm(log10, value):
    assert Motif("A", np.eye(4), log10_e_value=log10).e_value == value


def test_an_e_value_that_is_no_number_is_none():
    theirs = Motif("A", np.eye(4)).to_biopython()
    theirs.evalue = float("nan")
    assert Motif.from_biopython(theirs).log10_e_value is None
