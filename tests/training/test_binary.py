"""Targets against controls: what is not asked weighs nothing, and targets weigh as much as controls."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from torch import nan
from toy import toy_dataset

from motifnet.models.baselines import CompositionClassifier
from motifnet.stats.scores import auroc
from motifnet.symbols import Sequences
from motifnet.training.evaluate import HeldOut
from motifnet.training.targets import TARGETS
from motifnet.training.targets.binary import learnt_scores, separation

BINARY = TARGETS["binary"]
EVEN = torch.ones(2, 2)


def plain(logits, labels, weights):
    """The same, one label at a time."""
    total, n = 0.0, 0
    for row, answers in zip(logits.tolist(), labels.tolist(), strict=True):
        for task, (logit, label) in enumerate(zip(row, answers, strict=True)):
            if not math.isnan(label):
                probability = 1 / (1 + math.exp(-logit))
                nats = -math.log(probability if label == 1 else 1 - probability)
                total, n = total + weights[int(label), task].item() * nats, n + 1
    return total / max(n, 1)


def test_the_loss_is_the_weighted_mean_over_what_was_asked():
    logits = torch.tensor([[0.5, -2.0], [3.0, 0.1], [-1.0, 1.0]])
    labels = torch.tensor([[1.0, 0.0], [nan, 1.0], [0.0, nan]])
    weights = torch.tensor([[0.7, 2.0], [1.5, 0.2]])
    loss = BINARY.loss(logits, labels, weights)
    assert loss.item() == pytest.approx(plain(logits, labels, weights))


def test_what_is_not_asked_has_no_gradient():
    logits = torch.tensor([[5.0, -5.0], [1.0, 2.0]], requires_grad=True)
    labels = torch.tensor([[nan, 1.0], [0.0, nan]])
    BINARY.loss(logits, labels, EVEN).backward()
    assert logits.grad[0, 0] == logits.grad[1, 1] == 0
    assert (logits.grad[[0, 1], [1, 0]] != 0).all()


def test_where_nothing_was_asked_the_loss_is_0():
    logits = torch.zeros(3, 2, requires_grad=True)
    loss = BINARY.loss(logits, torch.full((3, 2), nan), EVEN)
    loss.backward()
    assert loss == 0
    assert (logits.grad == 0).all()


def test_extreme_and_half_precision_logits_stay_finite():
    logits = torch.tensor([[300.0, -300.0]], dtype=torch.bfloat16)
    loss = BINARY.loss(logits, torch.tensor([[0.0, 1.0]]), EVEN)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(300, rel=1e-2)


def test_targets_and_controls_of_a_task_weigh_alike():
    labels = torch.tensor([[1.0, nan], [0.0, 0.0], [0.0, 1.0], [0.0, 1.0], [nan, 1.0]])
    weights = BINARY.weights(labels)
    for task, (n_controls, n_targets) in enumerate([(3, 1), (1, 3)]):
        assert weights[0, task] * n_controls == pytest.approx(weights[1, task].item() * n_targets)
        total = weights[0, task] * n_controls + weights[1, task] * n_targets
        assert total.item() / (n_controls + n_targets) == pytest.approx(1)


def test_no_skill_is_ln_2_however_unequal_the_numbers():
    labels = torch.tensor([[1.0]] * 3 + [[0.0]] * 40)
    loss = BINARY.loss(torch.zeros(43, 1), labels, BINARY.weights(labels))
    assert loss.item() == pytest.approx(math.log(2))


def test_a_task_without_targets_has_finite_weights():
    assert BINARY.weights(torch.zeros(4, 1)).isfinite().all()


def test_an_epoch_draws_two_controls_a_target_afresh():
    dataset = toy_dataset(n=60)
    train = np.arange(120)[~dataset.is_target | (np.arange(120) % 6 == 0)]
    drawn = [BINARY.drawn(dataset, train, np.random.default_rng(epoch)) for epoch in range(2)]
    for some in drawn:
        assert dataset.is_target[some].sum() == dataset.is_target[train].sum() == 10
        assert len(set(some)) == len(some) == 30
    assert set(drawn[0]) != set(drawn[1])


def separated(targets, controls, **baselines):
    """Figures of scores that are log-odds as well."""
    chance = dict.fromkeys(("gc_auroc", "length_auroc", "composition_auroc"), 0.5)
    return separation("a", targets, controls, log_odds=(targets, controls), **(chance | baselines))


def test_areas_are_those_of_their_curves():
    rng = np.random.default_rng(0)
    found = separated(rng.normal(1, 1, 300), rng.normal(0, 1, 900))
    roc, *_ = found.charts
    area = np.trapezoid(roc.lines[0].y, roc.lines[0].x)
    assert area == pytest.approx(found["auroc"], abs=2e-3)
    assert (found["n_targets"], found["n_controls"], found["no_skill_auprc"]) == (300, 900, 0.25)
    assert [one.name for one in found.columns] == [
        "n_targets", "n_controls", "auroc", "gc_auroc", "length_auroc", "composition_auroc",
        "auprc", "no_skill_auprc", "brier", "no_skill_brier",
    ]  # fmt: skip


def test_a_baseline_that_does_too_well_is_doubted():
    scores = np.arange(4.0), np.arange(3.0)
    assert separated(*scores, gc_auroc=0.6).doubts == ()
    doubted = separated(*scores, length_auroc=0.7)
    assert [one.name for one in doubted.figures if one.is_doubtful] == ["length_auroc"]
    assert len(doubted.doubts) == 1


def test_skill_is_told_of_held_out_sequences_alone():
    dataset = toy_dataset(n=30)
    scores = np.full((60, 1), np.nan, np.float32)
    scores[[0, 1, 30, 31, 32], 0] = [2, 1, 0, -1, 1.5]
    found = BINARY.metrics(dataset, HeldOut(scores, scores, np.where(np.isnan(scores[:, 0]), -1, 0)), 0)
    assert (found["n_targets"], found["n_controls"]) == (2, 3)
    assert found["auroc"] == pytest.approx(5 / 6)


def test_a_baseline_is_learnt_from_what_the_network_learnt_from():
    """And judged by what it did not see: a label that composition tells, and one that it cannot."""
    rng = np.random.default_rng(0)
    shares = [[0.1, 0.4, 0.4, 0.1]] * 60 + [[0.25] * 4] * 60
    texts = ["".join(rng.choice(list("ACGT"), 60, p=p)) for p in shares]
    dataset = toy_dataset(n=60)
    for told, least, most in ((True, 0.95, 1), (False, 0.2, 0.8)):
        order = np.arange(120) if told else rng.permutation(120)
        known = dataclasses.replace(dataset, sequences=Sequences.from_text([texts[i] for i in order]))
        which = np.arange(120) % 4 - 1  # three rounds, and sequences that none held out
        held = HeldOut(np.where(which < 0, np.nan, 0)[:, None], np.zeros((120, 1)), which)
        scores = learnt_scores(CompositionClassifier(), known, held)
        np.testing.assert_array_equal(np.isnan(scores), which < 0)
        area = BINARY.metrics(known, held, 0)["composition_auroc"]
        assert least <= area <= most
        is_target = known.labels[:, 0] == 1
        assert area == auroc(scores[is_target & (which >= 0)], scores[~is_target & (which >= 0)])


def test_baselines_are_asked_of_what_tests_count():
    """Sequences of G that tests leave out are told by each baseline; the others by none."""
    rng = np.random.default_rng(0)
    even = ["".join(rng.permutation(list("ACGT" * 15))) for _ in range(80)]
    rich = ["".join(rng.choice(list("CG"), 90)) for _ in range(40)]
    dataset = toy_dataset(n=60)
    sequences = Sequences.from_text([*rich, *even[:20], *even[20:]])
    counted = (np.arange(120) >= 40)[:, None]
    one = HeldOut(np.zeros((120, 1)), np.zeros((120, 1)), np.arange(120) % 3)
    every = dataclasses.replace(dataset, sequences=sequences)
    some = dataclasses.replace(every, counted=counted)
    told, without = (BINARY.metrics(data, one, 0) for data in (every, some))
    assert (without["n_targets"], without["n_controls"]) == (20, 60)
    for name in ("gc_auroc", "length_auroc", "composition_auroc"):
        assert told[name] > 0.75
        assert without[name] < 0.7
    assert told.doubts
    assert not without.doubts


def test_rounds_are_compared_by_the_controls_that_tests_count():
    """Shuffles of one round alone would move its quantiles."""
    dataset = toy_dataset(n=60)
    which = np.arange(120) % 2
    held = HeldOut(np.zeros((120, 1)), np.zeros((120, 1)), which)
    counted = np.ones((120, 1), bool)
    counted[(which == 0) & ~dataset.is_target & (np.arange(120) % 3 > 0)] = False
    some = dataclasses.replace(dataset, counted=counted)
    scores = learnt_scores(CompositionClassifier(), some, held)
    for number in (0, 1):
        asked = (which == number) & ~dataset.is_target & counted[:, 0]
        assert abs(np.median(scores[asked]) - 0.5) < 0.05


@pytest.mark.parametrize("missing", [1, 0])
def test_nothing_is_said_where_tests_count_none_of_a_kind(missing):
    dataset = toy_dataset(n=30)
    some = dataclasses.replace(dataset, counted=dataset.labels != missing)
    held = HeldOut(np.zeros((60, 1)), np.zeros((60, 1)), np.arange(60) % 2)
    found = BINARY.metrics(some, held, 0)
    assert (found["n_targets"], found["n_controls"]) == ((0, 30) if missing else (30, 0))
    assert all(math.isnan(found[name]) for name in ("auroc", "auprc", "brier", "gc_auroc", "length_auroc"))
    assert found.charts == ()
    told = "tests count {} held-out targets and {} controls".format(*((0, 30) if missing else (30, 0)))
    assert found.told(found.headline, "{:.3f}".format) == f"not judged, since {told}"
    assert found.doubts == (f"{told}: nothing is judged.",)
    assert [one.name for one in found.columns] == [
        one.name for one in BINARY.metrics(dataset, held, 0).columns
    ]


def test_a_round_without_targets_teaches_no_baseline():
    dataset = toy_dataset(n=30)
    held = HeldOut(np.zeros((60, 1)), np.zeros((60, 1)), np.where(dataset.is_target, 0, -1))
    assert np.isnan(learnt_scores(CompositionClassifier(), dataset, held)).all()
