"""Holding out: what learns never sees what judges, and every sequence judges as often as it should."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from toy import toy_dataset

from motifnet.config.train import SplitOptions
from motifnet.datasets.compose import needs_cross_fit
from motifnet.datasets.split import TEST, TRAIN, VALIDATION
from motifnet.errors import TooFewSequences
from motifnet.stats.scores import auroc
from motifnet.training.evaluate import by_fold, by_part, everything, held_out, quantiles


@pytest.fixture(scope="module")
def dataset():
    """Two tasks; a part in three is held out, and three sequences after each other are a group."""
    made = toy_dataset(n=60, n_tasks=2)
    part = np.array([TRAIN, VALIDATION, TEST], np.uint8)[np.arange(120) % 3]
    return dataclasses.replace(made, part=part, groups=np.arange(120) // 3)


def number_of_round(one):
    """A way to learn: what it says of every sequence is the smallest sequence that it was not shown."""
    shown = np.concatenate([*one.parts, [-1]])
    unseen = np.setdiff1d(np.arange(121), shown).min()
    return lambda chosen: np.full((len(chosen), 2), unseen, np.float32)


def test_small_sets_are_cross_fitted(dataset):
    asked = int(dataset.n_counted().min())
    assert needs_cross_fit(dataset, SplitOptions(cross_fit_below=asked + 1))
    assert not needs_cross_fit(dataset, SplitOptions(cross_fit_below=asked))
    assert not needs_cross_fit(dataset, SplitOptions(cross_fit_below=0))
    counted = dataset.counted.copy()
    counted[np.flatnonzero(dataset.labels[:, 0] == 1)[0], 0] = False
    smaller = dataclasses.replace(dataset, counted=counted)
    assert needs_cross_fit(smaller, SplitOptions(cross_fit_below=asked))


def test_a_part_is_held_out_once(dataset):
    (one,) = by_part(dataset)
    np.testing.assert_array_equal(one.held, dataset.indices(TEST))
    np.testing.assert_array_equal(one.parts.train, dataset.indices(TRAIN))
    np.testing.assert_array_equal(one.parts.shaping, one.parts.train)
    np.testing.assert_array_equal(one.parts.validation, dataset.indices(VALIDATION))
    found = held_out(dataset, [one], number_of_round)
    np.testing.assert_array_equal(found.round == 0, dataset.part == TEST)
    np.testing.assert_array_equal(np.isnan(found.scores[:, 0]), dataset.part != TEST)
    assert (found.scores[one.held] == 2).all()


def test_folds_hold_out_every_sequence_once_with_its_group(dataset):
    rounds = by_fold(dataset, SplitOptions(n_folds=5), seed=3)
    assert [one.name for one in rounds] == [f"fold{i}" for i in range(1, 11)]  # more, as there are few
    for one, following in zip(rounds, [*rounds[1:], rounds[0]], strict=True):
        np.testing.assert_array_equal(one.parts.validation, following.held)
        together = np.concatenate([one.parts.train, one.parts.validation])
        np.testing.assert_array_equal(np.sort(together), one.parts.shaping)
        np.testing.assert_array_equal(np.sort(np.concatenate([one.parts.shaping, one.held])), np.arange(120))
        assert not set(dataset.groups[one.held]) & set(dataset.groups[one.parts.shaping])
    found = held_out(dataset, rounds, number_of_round)
    assert not np.isnan(found.scores).any()
    for number, one in enumerate(rounds):
        np.testing.assert_array_equal(np.flatnonzero(found.round == number), one.held)
        assert (found.scores[one.held] == one.held.min()).all()


def test_folds_are_scaled_each_by_itself(dataset):
    rounds = by_fold(dataset, SplitOptions(n_folds=5))
    seen = []

    def scale(scores, labels):
        seen.append(labels)
        return scores - scores

    found = held_out(dataset, rounds, number_of_round, scale)
    assert (found.scores == 0).all()
    for labels, one in zip(seen, rounds, strict=True):
        np.testing.assert_array_equal(labels, dataset.labels[one.held])


def test_all_sequences_learn_where_none_is_held_out(dataset):
    whole = everything(dataset)
    np.testing.assert_array_equal(whole.shaping, np.arange(120))
    np.testing.assert_array_equal(whole.validation, dataset.indices(VALIDATION))
    np.testing.assert_array_equal(np.sort(np.concatenate(whole[1:])), np.arange(120))


def test_too_few_groups_are_refused(dataset):
    pair = dataclasses.replace(dataset, groups=np.arange(120) % 2)
    with pytest.raises(TooFewSequences, match=r"groups of sequences to cross-fit over: 2 .* at least 3"):
        by_fold(pair, SplitOptions())


@given(hnp.arrays(np.float32, (12, 1), elements=st.integers(-5, 5)))
def test_quantiles_keep_the_order_of_a_fold(scores):
    labels = (np.arange(12) % 3 == 0).astype(np.float32)[:, None]
    found = quantiles(scores, labels)[:, 0]
    for i in range(12):
        for j in range(12):
            if scores[i, 0] > scores[j, 0]:
                assert found[i] > found[j]


@pytest.mark.parametrize("targets_first", [True, False])
def test_equal_scores_have_no_skill(targets_first):
    labels = np.repeat(np.float32([targets_first, not targets_first]), 10)[:, None]
    found = quantiles(np.zeros((20, 1), np.float32), labels)[:, 0]
    assert auroc(found[labels[:, 0] == 1], found[labels[:, 0] == 0]) == 0.5


def test_quantiles_make_folds_of_other_scale_comparable():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.float32([1, 0]), 100)[:, None]
    scores = rng.normal(labels, 1).astype(np.float32)
    np.testing.assert_array_equal(quantiles(scores, labels), quantiles(8 * scores - 100, labels))
