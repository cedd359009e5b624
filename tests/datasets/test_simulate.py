"""The truth table tells what the sequences hold."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.errors import InvalidValue
from motifnet.motifs import Motif
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

EVEN = Background.from_gc(0.5)


def text_at(targets, site):
    codes = targets[targets.names.index(site.sequence)][site.start : site.end]
    return DNA.decode(codes if site.strand == "+" else DNA.reverse_complement(codes))


@given(st.integers(0, 50), st.integers(0, 3), st.sampled_from(["uniform", "centred"]))
@settings(deadline=None, max_examples=30)
def test_every_site_of_the_truth_is_there_and_none_overlap(seed, most, position):
    planted = [
        Planted(motif_from_word("TGACTCA"), 0.7, (0, most), position),
        Planted(motif_from_word("CACNNGTG"), 1.0, (1, 2), position),
    ]
    made = simulate(planted, EVEN, n_targets=20, n_controls=5, length=(30, 60), seed=seed)
    assert len(made.targets) == 20
    assert len(made.controls) == 5
    for site in made.truth:
        assert text_at(made.targets, site) == site.text
        assert re.fullmatch("TGACTCA|CAC..GTG", site.text)
    for one in made.truth:
        others = [site for site in made.truth if site.sequence == one.sequence and site is not one]
        assert not any(one.start < other.end and other.start < one.end for other in others)


def test_share_strand_and_number_of_sites_are_as_asked():
    planted = [
        Planted(motif_from_word("TGACTCA"), 0.3, strand=Strand.SINGLE),
        Planted(motif_from_word("GGGCGG"), 0.5, (2, 2)),
    ]
    made = simulate(planted, EVEN, n_targets=1000, n_controls=0, length=100)
    of_first = [site for site in made.truth if site.motif == "TGACTCA"]
    of_second = [site for site in made.truth if site.motif == "GGGCGG"]
    assert len({site.sequence for site in of_first}) == len(of_first) == 300
    assert {site.strand for site in of_first} == {"+"}
    assert len(of_second) == 1000
    assert 400 < sum(site.strand == "-" for site in of_second) < 600


def test_centred_sites_lie_about_the_centre_and_uniform_ones_anywhere():
    for position, spread in (("centred", 10), ("uniform", 93 / np.sqrt(12))):
        planted = [Planted(motif_from_word("TGACTCA"), position=position, spread=10)]
        made = simulate(planted, EVEN, n_targets=2000, n_controls=0, length=100)
        centres = np.array([(site.start + site.end) / 2 for site in made.truth])
        assert abs(centres.mean() - 50) < 2
        assert abs(centres.std() - spread) < 1


def test_sites_are_drawn_from_the_matrix():
    counts = np.array([[70, 10], [10, 20], [10, 30], [10, 40]])
    made = simulate([Planted(Motif("m", counts))], EVEN, n_targets=5000, n_controls=0, length=20)
    drawn = np.stack([DNA.encode(site.text) for site in made.truth])
    seen = np.stack([(drawn == base).mean(0) for base in range(4)])
    np.testing.assert_allclose(seen, counts / 100, atol=0.03)


def test_controls_hold_the_background_alone():
    model = Background.fit(Sequences.from_text(["ACACACACGT" * 100]), 1)
    made = simulate([], model, n_targets=0, n_controls=300, length=200)
    np.testing.assert_allclose(Background.fit(made.controls, 1).transitions, model.transitions, atol=0.02)
    assert made.truth == []


def test_all_follows_from_the_seed_and_controls_leave_targets_alone():
    planted = [Planted(motif_from_word("TGACTCA"))]
    one, other = (simulate(planted, EVEN, n_targets=9, n_controls=n, length=50, seed=3) for n in (2, 7))
    assert one.truth == other.truth
    np.testing.assert_array_equal(one.targets.codes, other.targets.codes)
    assert simulate(planted, EVEN, n_targets=9, n_controls=2, length=50, seed=4).truth != one.truth


@pytest.mark.parametrize(
    ("planted", "length", "sentence"),
    [
        (Planted(motif_from_word("TGACTCA")), 5, "length is 5; expected 7 or more, to hold TGACTCA"),
        (Planted(motif_from_word("TG"), 1.5), 5, "share of TG is 1[.]5; expected 0 to 1"),
        (Planted(motif_from_word("TG"), 1, (2, 1)), 5, "n_sites of TG is"),
        (
            Planted(motif_from_word("TG"), position="centred", spread=0),
            5,
            "spread of TG is 0; expected more than 0",
        ),
        (Planted(motif_from_word("TG")), (9, 5), "length is"),
    ],
)
def test_what_cannot_be_simulated_is_said(planted, length, sentence):
    with pytest.raises(InvalidValue, match=sentence):
        simulate([planted], EVEN, n_targets=1, n_controls=1, length=length)


@pytest.mark.parametrize("word", ["", "TGX", "T-G"])
def test_a_motif_is_a_word_of_iupac_letters(word):
    with pytest.raises(InvalidValue, match="expected a word of IUPAC letters"):
        motif_from_word(word)
