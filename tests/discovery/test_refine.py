"""Contrastive EM: it climbs, recovers what was planted, and finds nothing in nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import BACKGROUND, likeness, scored

from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery.refine import Refined, contrastive_em, from_seed, recentred, refine
from motifnet.motifs import matrix
from motifnet.symbols import DNA, UNKNOWN

WORD = "CCGGAAGTGA"


def started(word, width=16):
    return Refined(from_seed(DNA.encode(word), width, BACKGROUND), 0.4)


@pytest.fixture(scope="module")
def planted():
    return scored([WORD])


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


def net_log_ratio(refined, targets, controls):
    """Mean log-likelihood ratio of targets, less that of controls."""
    log_odds = np.log(refined.probabilities / BACKGROUND[:, None])
    ours, theirs = (
        part.step(log_odds, refined.prior, both_strands=True).log_ratio.mean() for part in (targets, controls)
    )
    return ours - theirs


@pytest.mark.parametrize("seed", ["CCGGAA", "GGAAGT", "AAGTGA"])
def test_em_climbs(planted, seed):
    current = started(seed)
    heights = [net_log_ratio(current, *planted)]
    for _ in range(6):
        current = contrastive_em(*planted, current, BACKGROUND, n_steps=1, n_settle=1, both_strands=True)
        heights.append(net_log_ratio(current, *planted))
    assert heights[2] > heights[1] > heights[0] + 1
    # What is subtracted for the controls makes the last steps no exact ascent.
    assert heights[-1] > 0.99 * max(heights)


@pytest.mark.parametrize("seed", ["CCGGAA", "TTCCGG", "AAGTGA", "GGANGT"])
def test_the_planted_motif_comes_back_whole_from_a_piece_of_it(planted, seed):
    refined = refine(*planted, started(seed), BACKGROUND, n_steps=15, both_strands=True)
    assert likeness(refined.probabilities, WORD) > 0.99
    assert refined.prior == pytest.approx(0.6, abs=0.08)
    information = matrix.information(refined.probabilities, BACKGROUND)
    assert (information > 1.5).sum() == len(WORD)
    assert (information < 0.1).sum() == 16 - len(WORD)


def test_a_degenerate_column_is_estimated():
    word = "CCGGAWGTNA"
    refined = refine(*scored([word]), started("CCGGAA"), BACKGROUND, n_steps=15, both_strands=True)
    expected = motif_from_word(word).probabilities
    inside = matrix.trim(matrix.information(refined.probabilities, BACKGROUND), 0.5, 1)
    found = refined.probabilities[:, inside]
    assert found.shape == expected.shape
    informative = [0, 1, 2, 3, 4, 5, 6, 7, 9]
    np.testing.assert_allclose(found[:, informative], expected[:, informative], atol=0.12)


@pytest.mark.parametrize("seed", ["CCGGAA", "CATAAC"])
def test_a_motif_off_the_centre_of_its_seed_comes_into_the_window(seed):
    word = "CCGGAAGTGATCGCATAAC"
    planted = scored([word])
    begun = contrastive_em(*planted, started(seed, 20), BACKGROUND, n_steps=15, n_settle=3, both_strands=True)
    refined = refine(*planted, started(seed, 20), BACKGROUND, n_steps=15, both_strands=True)
    before, after = (
        int((matrix.information(one.probabilities, BACKGROUND) > 1.5).sum()) for one in (begun, refined)
    )
    # Each move of the window brings in half of what is outside, so the last column may be missing.
    assert before <= 14
    assert after >= len(word) - 1
    assert likeness(refined.probabilities, word) > 0.96


def test_given_strand_alone_keeps_its_orientation():
    planted = scored([WORD], strand="+")
    refined = refine(*planted, started("GGAAGT"), BACKGROUND, n_steps=15, both_strands=False)
    inside = matrix.trim(matrix.information(refined.probabilities, BACKGROUND), 0.5, 1)
    assert DNA.decode(refined.probabilities[:, inside].argmax(0).astype(np.uint8)) == WORD


@pytest.mark.parametrize("seed", ["TGACTCA", "CACGTG", "AAAAAA", "GATNNNNATC"])
def test_nothing_is_found_where_there_is_nothing(seed):
    refined = refine(*scored(seed=11), started(seed), BACKGROUND, n_steps=15, both_strands=True)
    assert refined.is_flat(BACKGROUND)


def test_what_controls_hold_as_well_is_no_motif(planted):
    targets, _ = planted
    refined = refine(targets, targets, started("CCGGAA"), BACKGROUND, n_steps=15, both_strands=True)
    assert refined.is_flat(BACKGROUND)


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
    assert Refined(flat, 0.1).is_flat(BACKGROUND)
