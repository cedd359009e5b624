"""Greedy search: every planted motif once, and then no more."""

import numpy as np
import pytest
from planted import BACKGROUND, contrast, likeness, sequences

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.discovery import search as module
from motifnet.discovery.search import search
from motifnet.motifs import Motif
from motifnet.motifs.compare import similarity
from motifnet.strand import Strand
from motifnet.symbols import DNA
from motifnet.symbols.background import Background
from motifnet.ties.of_filters import ALL_FREE

WORDS = ["CCGGAAGTGA", "GATAAGRC", "TTGGCNNNNTCCA"]


def found_in(targets, controls, *, n_motifs=6, width=16, strand=Strand.BOTH):
    rng = np.random.default_rng(0)
    return search(
        targets, controls, BACKGROUND, n_motifs=n_motifs, width=width, site_fpr=0.05, strand=strand, rng=rng
    )


@pytest.fixture(scope="module")
def three():
    return sequences(WORDS, share=0.4, n=300, length=100)


def test_three_planted_motifs_are_found_once_each_and_no_others(three):
    found = found_in(*three)
    assert len(found) == 3
    matched = np.array([[likeness(one.probabilities, word) for word in WORDS] for one in found])
    assert sorted(matched.argmax(1)) == [0, 1, 2]
    assert (matched.max(1) > 0.97).all()
    for one in found:
        assert one.probabilities.shape == (4, 16)
        assert one.prior == pytest.approx(0.4, abs=0.1)
        assert one.z > 8
        assert set(one.seed) <= set("ACGTN")


def test_no_more_motifs_than_asked(three):
    assert len(found_in(*three, n_motifs=2)) == 2


def test_a_shifted_copy_of_what_was_taken_is_not(monkeypatch):
    planted = contrast(["CCGGAAGTGA"], share=0.4)
    grown = [
        module.Candidate(0.8 * motif_from_word(word).probabilities + 0.05, 0.4, 0.0, word)
        for word in ("NCCGGAAGTGA", "CCGGAAGTGAN")
    ]
    how = module._How(BACKGROUND, 11, 1.0, Strand.BOTH)
    grown = [one._replace(z=its.z) for one, its in zip(grown, how.separations(planted, grown), strict=True)]
    monkeypatch.setattr(module, "_grown", lambda *_, **__: grown)
    taken, left = module._round(planted, [], 6, how, rng=np.random.default_rng(0), ties=ALL_FREE)
    best = max(grown, key=lambda one: one.z)
    assert [one.seed for one in taken] == [best.seed]
    shadows = [its.z for its in how.separations(left, grown)]
    assert all(z < 0.8 * min(one.z for one in grown) for z in shadows)


@pytest.mark.parametrize("seed", range(3))
def test_next_to_nothing_is_found_in_noise(seed):
    found = found_in(*sequences(n=200, seed=100 + seed))
    # The search only proposes; what it overfits is left to the held-out test.
    assert len(found) <= 5
    assert all(one.prior < 0.1 for one in found)


def test_what_targets_and_controls_share_is_not_found(three):
    targets, _ = three
    halves = targets.select(np.arange(0, 300, 2)), targets.select(np.arange(1, 300, 2))
    found = found_in(*halves)
    assert all(likeness(one.probabilities, word) < 0.9 for one in found for word in WORDS)


def test_a_site_at_the_end_of_every_sequence_is_found_whole():
    targets, controls = sequences(n=200)
    codes = targets.codes.reshape(200, -1)
    codes[:120, -6:] = [1, 2, 2, 0, 0, 2]
    codes[120:, :6] = DNA.reverse_complement(codes[0, -6:])
    found = found_in(targets, controls, n_motifs=1, width=14)
    assert likeness(found[0].probabilities, "CGGAAG") > 0.97


def test_the_same_is_found_again_bit_for_bit(three):
    first, second = (found_in(*three, n_motifs=2) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.probabilities, other.probabilities)
        assert one[1:] == other[1:]


def test_large_sets_are_sampled_and_small_ones_are_not(three):
    targets, _ = three
    rng = np.random.default_rng(0)
    assert module._sample(targets, len(targets.codes), rng) is targets
    some = module._sample(targets, 5000, rng)
    assert 5000 <= len(some.codes) < 5000 + 100
    place = [targets.names.index(name) for name in some.names]
    assert place == sorted(place)


def test_where_no_word_of_weak_columns_is_enriched_a_stretch_is_a_seed(monkeypatch):
    motif = Motif("weak", np.full((4, 12), 8.0) + 60 * np.eye(4)[[2, 1, 0, 2, 1, 1, 0, 0, 2, 2, 1, 1]].T)
    planted, background = Planted(motif, share=0.3), Background.from_gc(0.5)
    made = simulate([planted], background, n_targets=200, n_controls=200, length=200, seed=7)

    def likest():
        found = found_in(made.targets, made.controls, n_motifs=10)
        return max(
            (
                similarity(one.probabilities, motif.probabilities, BACKGROUND, strand=Strand.BOTH)
                for one in found
            ),
            default=0.0,
        )

    assert likest() > 0.9
    monkeypatch.setattr(module, "_FEW_BASES", 0)
    assert likest() < 0.9
