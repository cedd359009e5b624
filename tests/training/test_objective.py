"""Objectives: what is not asked weighs nothing, and targets weigh as much as controls."""

import math

import pytest
import torch
from torch import nan

from motifnet.training.objective import OBJECTIVES, balanced_weights, binary_cross_entropy

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
    loss = binary_cross_entropy(logits, labels, weights)
    assert loss.item() == pytest.approx(plain(logits, labels, weights))


def test_what_is_not_asked_has_no_gradient():
    logits = torch.tensor([[5.0, -5.0], [1.0, 2.0]], requires_grad=True)
    labels = torch.tensor([[nan, 1.0], [0.0, nan]])
    binary_cross_entropy(logits, labels, EVEN).backward()
    assert logits.grad[0, 0] == logits.grad[1, 1] == 0
    assert (logits.grad[[0, 1], [1, 0]] != 0).all()


def test_where_nothing_was_asked_the_loss_is_0():
    logits = torch.zeros(3, 2, requires_grad=True)
    loss = binary_cross_entropy(logits, torch.full((3, 2), nan), EVEN)
    loss.backward()
    assert loss == 0
    assert (logits.grad == 0).all()


def test_extreme_and_half_precision_logits_stay_finite():
    logits = torch.tensor([[300.0, -300.0]], dtype=torch.bfloat16)
    loss = binary_cross_entropy(logits, torch.tensor([[0.0, 1.0]]), EVEN)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(300, rel=1e-2)


def test_targets_and_controls_of_a_task_weigh_alike():
    labels = torch.tensor([[1.0, nan], [0.0, 0.0], [0.0, 1.0], [0.0, 1.0], [nan, 1.0]])
    weights = balanced_weights(labels)
    for task, (n_controls, n_targets) in enumerate([(3, 1), (1, 3)]):
        assert weights[0, task] * n_controls == pytest.approx(weights[1, task].item() * n_targets)
        total = weights[0, task] * n_controls + weights[1, task] * n_targets
        assert total.item() / (n_controls + n_targets) == pytest.approx(1)


def test_no_skill_is_ln_2_however_unequal_the_numbers():
    labels = torch.tensor([[1.0]] * 3 + [[0.0]] * 40)
    loss = binary_cross_entropy(torch.zeros(43, 1), labels, balanced_weights(labels))
    assert loss.item() == pytest.approx(math.log(2))


def test_a_task_without_targets_has_finite_weights():
    assert balanced_weights(torch.zeros(4, 1)).isfinite().all()


def test_the_registry_holds_the_objectives():
    assert list(OBJECTIVES) == ["binary"]
    for name in OBJECTIVES:
        loss = OBJECTIVES[name](torch.zeros(2, 1), torch.tensor([[1.0], [0.0]]), torch.ones(2, 1))
        assert loss.shape == ()
        assert loss.isfinite()
