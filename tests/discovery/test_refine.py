"""Contrastive EM: it climbs, recovers what was planted, and finds nothing in nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import BACKGROUND, contrast, likeness, sequences

from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery.refine import Refined, contrastive_em, from_seed, placed, recentred, refine
from motifnet.discovery.scored import ScoredContrast
from motifnet.motifs import consensus, matrix
from motifnet.strand import Strand
from motifnet.symbols import DNA, UNKNOWN
from motifnet.ties import TIES

WORD = "CCGGAAGTGA"


def started(*words, width=16):
    seeds = [from_seed(DNA.encode(word), width, BACKGROUND) for word in words]
    return Refined(np.stack(seeds), np.full(len(seeds), 0.4))


@pytest.fixture(scope="module")
def planted():
    return contrast([WORD])


@given(st.text(st.sampled_from("ACGTN"), min_size=1, max_size=14), st.integers(1, 14))
def test_a_seed_stands_in_the_middle_and_the_rest_is_background(word, width):
    probability = from_seed(DNA.encode(word), width, BACKGROUND)
    np.testing.assert_allclose(probability.sum(0), 1)
    start = (width - len(word)) // 2
    for column in range(width):
        inside = 0 <= column - start < len(word)
        code = DNA.encode(word)[column - start] if inside else UNKNOWN
        if code == UNKNOWN:
            np.testing.assert_allclose(probability[:, column], BACKGROUND)
        else:
            assert probability[:, column].argmax() == code


def net_log_ratio(refined, contrast):
    """Mean log-likelihood ratio of targets, less that of controls, under the ZOOPS mixture."""
    log_odds = np.log(refined.probabilities / BACKGROUND[:, None])
    log_ratio = contrast.both.log_ratio(log_odds, strand=Strand.BOTH)
    mixture = np.logaddexp(np.log1p(-refined.prior), np.log(refined.prior) + log_ratio)
    ours, theirs = contrast.split(mixture[:, 0])
    return ours.mean() - theirs.mean()


@pytest.mark.parametrize("seed", ["CCGGAA", "GGAAGT", "AAGTGA"])
def test_em_climbs(planted, seed):
    current = started(seed)
    heights = [net_log_ratio(current, planted)]
    for _ in range(6):
        current = contrastive_em(planted, current, BACKGROUND, n_steps=1, n_settle=1, strand=Strand.BOTH)
        heights.append(net_log_ratio(current, planted))
    assert heights[2] > heights[1] > heights[0] + 1
    # What is subtracted for the controls makes the last steps no exact ascent.
    assert heights[-1] > 0.99 * max(heights)


@pytest.mark.parametrize("seed", ["CCGGAA", "TTCCGG", "AAGTGA", "GGANGT"])
def test_the_planted_motif_comes_back_whole_from_a_piece_of_it(planted, seed):
    refined = refine(planted, started(seed), BACKGROUND, n_steps=15, strand=Strand.BOTH)
    assert likeness(refined.probabilities[0], WORD) > 0.99
    assert refined.prior[0] == pytest.approx(0.6, abs=0.08)
    information = matrix.information(refined.probabilities[0], BACKGROUND)
    assert (information > 1.5).sum() == len(WORD)
    assert (information < 0.1).sum() == 16 - len(WORD)


def test_a_degenerate_column_is_estimated():
    word = "CCGGAWGTNA"
    refined = refine(contrast([word]), started("CCGGAA"), BACKGROUND, n_steps=15, strand=Strand.BOTH)
    expected = motif_from_word(word).probabilities
    inside = matrix.trim(matrix.information(refined.probabilities[0], BACKGROUND), 0.5, 1)
    found = refined.probabilities[0][:, inside]
    assert found.shape == expected.shape
    informative = [0, 1, 2, 3, 4, 5, 6, 7, 9]
    np.testing.assert_allclose(found[:, informative], expected[:, informative], atol=0.12)


@pytest.mark.parametrize("seed", ["CCGGAA", "CATAAC"])
def test_a_motif_off_the_centre_of_its_seed_comes_into_the_window(seed):
    word = "CCGGAAGTGATCGCATAAC"
    planted = contrast([word])
    start = started(seed, width=20)
    begun = contrastive_em(planted, start, BACKGROUND, n_steps=15, n_settle=3, strand=Strand.BOTH)
    refined = refine(planted, start, BACKGROUND, n_steps=15, strand=Strand.BOTH)
    before, after = (
        int((matrix.information(one.probabilities[0], BACKGROUND) > 1.5).sum()) for one in (begun, refined)
    )
    # Each move of the window brings in half of what is outside, so the last column may be missing.
    assert before <= 14
    assert after >= len(word) - 1
    assert likeness(refined.probabilities[0], word) > 0.96


def test_given_strand_alone_keeps_its_orientation():
    planted = contrast([WORD], strand=Strand.SINGLE)
    refined = refine(planted, started("GGAAGT"), BACKGROUND, n_steps=15, strand=Strand.SINGLE)
    inside = matrix.trim(matrix.information(refined.probabilities[0], BACKGROUND), 0.5, 1)
    assert DNA.decode(refined.probabilities[0][:, inside].argmax(0).astype(np.uint8)) == WORD


def test_nothing_is_found_where_there_is_nothing():
    start = started("TGACTCA", "CACGTG", "AAAAAA", "GATNNNNATC")
    refined = refine(contrast(seed=11), start, BACKGROUND, n_steps=15, strand=Strand.BOTH)
    assert refined.is_flat(BACKGROUND).all()


def test_several_seeds_are_refined_as_each_would_be_alone(planted):
    words = ["CCGGAA", "TGACTCA", "AAGTGA"]
    how = {"background": BACKGROUND, "n_steps": 15, "strand": Strand.BOTH}
    together = refine(planted, started(*words), **how)
    for i, word in enumerate(words):
        alone = refine(planted, started(word), **how)
        np.testing.assert_allclose(together.probabilities[i], alone.probabilities[0], atol=1e-3)
        assert together.prior[i] == pytest.approx(alone.prior[0], abs=1e-3)


def test_what_controls_hold_as_well_is_no_motif():
    targets, _ = sequences([WORD])
    same = ScoredContrast.of(targets, targets)
    refined = refine(same, started("CCGGAA"), BACKGROUND, n_steps=15, strand=Strand.BOTH)
    assert refined.is_flat(BACKGROUND).all()


@given(st.integers(1, 6), st.data())
def test_recentring_moves_the_information_to_the_middle(n_informative, data):
    width = 15
    first = data.draw(st.integers(0, width - n_informative))
    probability = np.repeat(BACKGROUND[:, None], width, axis=1)
    probability[:, first : first + n_informative] = np.eye(4)[:, [2]]
    moved, shift = recentred(probability, BACKGROUND)
    now = np.flatnonzero(matrix.information(moved, BACKGROUND) > 0.1)
    assert len(now) == n_informative
    assert abs(now.mean() - (width - 1) / 2) <= 0.5
    assert now[0] == first - shift
    if n_informative % 2:  # otherwise the middle is between two columns, and rounding decides
        assert recentred(moved, BACKGROUND)[1] == 0


def test_a_flat_matrix_stays_where_it_is():
    flat = np.repeat(BACKGROUND[:, None], 9, axis=1)
    moved, shift = recentred(flat, BACKGROUND)
    assert shift == 0
    np.testing.assert_array_equal(moved, flat)
    assert Refined(flat[None], np.array([0.1])).is_flat(BACKGROUND).all()


@pytest.mark.parametrize("word", ["TGACGT", "ACGTCA", "TGACGTCA"])
def test_a_word_is_placed_where_its_tie_keeps_most_of_it(word):
    tie = TIES["palindrome"](14)
    found = placed(from_seed(DNA.encode(word), 14, BACKGROUND), BACKGROUND, tie)
    assert np.array_equal(found, tie.expand(tie.project(found)))
    assert consensus(found)[5:9] == "ACGT"
    assert found[DNA.encode("T")[0], 3] > 0.5


def test_a_step_under_a_tie_pools_the_counts_of_both_readings():
    tie = TIES["palindrome"](12)
    planted = contrast(["TGACGTCA"])
    seed = placed(from_seed(DNA.encode("TGACG"), 12, BACKGROUND), BACKGROUND, tie)
    start = Refined(seed[None], np.array([0.4]))
    found = refine(planted, start, BACKGROUND, n_steps=8, strand=Strand.BOTH, tie=tie)
    turned = found.probabilities[:, ::-1, ::-1]
    np.testing.assert_allclose(found.probabilities, turned, atol=1e-12)
    assert likeness(found.probabilities[0], "TGACGTCA") > 0.95
