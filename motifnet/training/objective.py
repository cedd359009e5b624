"""What training minimises."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from motifnet.registry import Registry

OBJECTIVES: Registry = Registry("objective")


@OBJECTIVES.register("binary")
def binary_cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross-entropy of targets against controls, over what was asked.

    Parameters
    ----------
    logits : Tensor, shape=(batch, n_tasks)
    labels : Tensor, shape=(batch, n_tasks)
        1 target, 0 control, NaN not asked.
    weights : Tensor, shape=(2, n_tasks)
        Weight of a control and of a target in each task: see :func:`balanced_weights`.

    Returns
    -------
    Tensor, shape=()
        Nats a label. Where nothing was asked, 0.
    """
    asked = ~labels.isnan()
    truth = torch.where(asked, labels, 0.0)
    weight = torch.where(truth > 0, weights[1], weights[0]) * asked
    loss = functional.binary_cross_entropy_with_logits(logits.float(), truth, weight, reduction="sum")
    return loss / asked.sum().clamp(min=1)


def balanced_weights(labels: Tensor) -> Tensor:
    """Weights under which targets and controls of a task count alike, ``(2, n_tasks)``.

    They average to 1 over the labels, so that a loss of ln 2 means no skill in every data set.

    Parameters
    ----------
    labels : Tensor, shape=(n, n_tasks)
    """
    counts = torch.stack([(labels == value).sum(0) for value in (0, 1)]).clamp(min=1)
    return counts.sum(0) / (2 * counts).to(torch.float32)
