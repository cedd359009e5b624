"""Distributions of scores against the scores of all words."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.errors import InvalidValue
from motifnet.stats.score_distribution import STEPS, SteppedScores, score_distribution
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

STEPPED = st.integers(1, 4).flatmap(
    lambda width: hnp.arrays(np.int64, (4, width), elements=st.integers(0, 9))
)
LOG_ODDS = st.integers(1, 8).flatmap(
    lambda width: hnp.arrays(np.float64, (4, width), elements=st.floats(-15, 2, allow_subnormal=False))
)


def background(order, seed):
    """A background that treats neither strand nor context alike."""
    text = Sequences.from_codes([np.random.default_rng(seed).choice(4, 200, p=[0.1, 0.2, 0.3, 0.4])])
    return Background.fit(text, order, strand_symmetric=False)


def chance_of(word, model):
    """Probability of a word after a context of the background."""
    total = 0.0
    for number, context in enumerate(product(range(4), repeat=model.order)):
        chance, letters = model.initial[number], list(context)
        for base in word:
            row = sum(
                4**place * letter
                for place, letter in enumerate(reversed(letters[len(letters) - model.order :]))
            )
            chance *= model.transitions[row, base]
            letters.append(base)
        total += chance
    return total


@given(STEPPED, st.integers(0, 2), st.integers(0, 3))
def test_the_distribution_is_that_of_all_words(steps, order, seed):
    width = steps.shape[1] if order < 2 else min(steps.shape[1], 2)
    steps, model = steps[:, :width], background(order, seed)
    words = list(product(range(4), repeat=width))
    score = np.array([steps[list(word), range(width)].sum() for word in words])
    chance = np.array([chance_of(word, model) for word in words])
    known = score_distribution(steps, model)
    assert len(known.survival) == steps.max(0).sum() + 1
    for s in range(len(known.survival)):
        np.testing.assert_allclose(known.survival[s], chance[score >= s].sum(), rtol=1e-10)


def test_order_three_against_all_words():
    steps, model = np.random.default_rng(3).integers(0, 50, (4, 3)), background(3, 7)
    words = list(product(range(4), repeat=3))
    score = np.array([steps[list(word), range(3)].sum() for word in words])
    chance = np.array([chance_of(word, model) for word in words])
    p_value = score_distribution(steps, model).p_value(score)
    np.testing.assert_allclose(p_value, [chance[score >= s].sum() for s in score], rtol=1e-10)


@given(STEPPED, st.floats(1e-6, 1))
def test_the_threshold_is_the_smallest_score_with_that_p_value(steps, p_value):
    known = score_distribution(steps, background(0, 1))
    least = known.threshold(p_value)
    assert known.p_value(least) <= p_value
    assert least == 0 or known.p_value(least - 1) > p_value


def test_a_p_value_that_no_word_reaches():
    known = score_distribution(np.eye(4, dtype=np.int64), Background.from_gc(0.5))
    assert known.threshold(1e-9) == 5
    assert known.p_value(np.array([5, 99])).tolist() == [0, 0]
    assert known.p_value(-3) == 1


@given(LOG_ODDS)
def test_rounding_is_within_half_a_step_a_column(log_odds):
    grid = SteppedScores.of(log_odds)
    assert 0 <= grid.steps.min() <= grid.steps.max() <= STEPS + 1
    word = np.zeros(grid.width, int)
    exact, total = log_odds[word, range(grid.width)].sum(), grid.steps[word, range(grid.width)].sum()
    assert abs(grid.bits(total) - exact) <= (0.5 * grid.width + 1e-6) / grid.per_bit


@given(LOG_ODDS, st.integers(-50, 9000))
def test_bits_and_steps_are_each_others_inverse(log_odds, total):
    grid = SteppedScores.of(log_odds)
    largest = int(grid.steps.max(0).sum())
    assert grid.at_least(float(grid.bits(total))) == min(max(total, 0), largest + 1)


def test_a_palindrome_reads_the_same_on_both_strands():
    half = np.random.default_rng(0).normal(size=(4, 3))
    assert SteppedScores.of(np.concatenate([half, half[::-1, ::-1]], 1)).is_palindrome
    assert not SteppedScores.of(half).is_palindrome


@pytest.mark.parametrize(
    ("log_odds", "message"),
    [
        (np.array([[0.0, -np.inf]] * 4), "scores is 'infinite'; expected finite ones"),
        (np.array([[0.0, -2000.0]] * 4), "range of scores is '2000 bits'; expected at most 1000"),
    ],
)
def test_scores_that_no_grid_holds(log_odds, message):
    with pytest.raises(InvalidValue, match=message):
        SteppedScores.of(log_odds)


def test_one_number_everywhere_has_a_grid():
    assert (SteppedScores.of(np.zeros((4, 2))).bits(np.array([2 * STEPS])) == 0).all()
