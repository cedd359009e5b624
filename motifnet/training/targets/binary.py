"""Targets against controls: the logit of the probability that a sequence is a target."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from motifnet.datasets.baselines import SUSPICIOUS, gc_score, length_score, told_baselines
from motifnet.datasets.compose import Dataset
from motifnet.stats.scores import auroc
from motifnet.training.evaluate import quantiles
from motifnet.training.metrics import Curves, average_precision, curves
from motifnet.training.target import TARGETS, Target
from motifnet.training.task_metrics import Figure, Line, ShareChart, TaskMetrics

# Controls that an epoch draws for each target: more make an epoch longer, and classes less even.
# A convention.
_CONTROLS_AN_EPOCH = 2
_UNIT = np.array([0.0, 1.0])


class Binary(Target):
    """1 for a target of the task, 0 for a control.

    Targets and controls weigh alike, and tell a network's skill by AUROC and AUPRC, beside what GC
    content and length alone would achieve.

    Examples
    --------
    >>> binary, labels = Binary(), torch.tensor([[1.0], [0.0], [0.0]])
    >>> round(binary.loss(torch.zeros(3, 1), labels, binary.weights(labels)).item(), 3)
    0.693
    """

    labels = "1 (a sequence of the task's file), 0 (a control) or not a number (not asked)"

    def is_valid(self, labels: np.ndarray) -> np.ndarray:
        """Which labels are 0 or 1."""
        return (labels == 0) | (labels == 1)

    def weights(self, labels: Tensor) -> Tensor:
        """Weights under which targets and controls of a task count alike, ``(2, n_tasks)``.

        They average to 1 over the labels, so that a loss of ln 2 means no skill in every data set.
        """
        counts = torch.stack([(labels == value).sum(0) for value in (0, 1)]).clamp(min=1)
        return counts.sum(0) / (2 * counts).to(torch.float32)

    def loss(self, outputs: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Weighted cross-entropy of targets against controls, in nats a label."""
        asked = ~labels.isnan()
        truth = torch.where(asked, labels, 0.0)
        weight = torch.where(truth > 0, weights[1], weights[0]) * asked
        loss = functional.binary_cross_entropy_with_logits(outputs.float(), truth, weight, reduction="sum")
        return loss / asked.sum().clamp(min=1)

    def drawn(self, dataset: Dataset, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """All targets and, of controls, which may be many, a few afresh for each target."""
        is_target = dataset.is_target[train]
        targets, controls = train[is_target], train[~is_target]
        controls = rng.permutation(controls)[: _CONTROLS_AN_EPOCH * len(targets)]
        return rng.permutation(np.concatenate([targets, controls]))

    def contrast(self, labels: np.ndarray) -> np.ndarray:
        """The labels themselves."""
        return labels

    def comparable(self, outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Quantiles among the controls: see :func:`motifnet.training.evaluate.quantiles`."""
        return quantiles(outputs, labels)

    def metrics(self, dataset: Dataset, scores: np.ndarray, task: int) -> TaskMetrics:
        """AUROC and AUPRC, with their curves and baselines: see :func:`separation`."""
        judged = ~np.isnan(scores[:, task])
        is_target, is_control = (judged & (dataset.labels[:, task] == value) for value in (1, 0))
        baselines = (score(dataset.sequences) for score in (gc_score, length_score))
        gc_auroc, length_auroc = (
            _either_way(auroc(baseline[is_target], baseline[is_control])) for baseline in baselines
        )
        ours, theirs = scores[is_target, task], scores[is_control, task]
        return separation(dataset.tasks[task], ours, theirs, gc_auroc=gc_auroc, length_auroc=length_auroc)


def separation(
    task: str, targets: np.ndarray, controls: np.ndarray, *, gc_auroc: float, length_auroc: float
) -> TaskMetrics:
    """How well scores set targets apart from controls.

    Parameters
    ----------
    task : str
        Its name.
    targets, controls : numpy.ndarray, shape=(n,)
        Scores; both must hold at least one.
    gc_auroc, length_auroc : float
        AUROC of GC content alone and of length alone, in the direction that helps: at least 0.5.

    Returns
    -------
    TaskMetrics

    Examples
    --------
    >>> found = separation("a", np.array([3, 2]), np.array([1, 2]), gc_auroc=0.7, length_auroc=0.5)
    >>> [(figure.name, round(figure.value, 2)) for figure in found.figures[2:5]]
    [('auroc', 0.88), ('auprc', 0.83), ('no_skill_auprc', 0.5)]
    >>> len(found.doubts), [chart.title for chart in found.charts]
    (1, ['ROC curve', 'Precision-recall curve'])
    """
    share = len(targets) / (len(targets) + len(controls))
    return TaskMetrics(
        task=task,
        figures=(
            Figure("n_targets", "Held-out targets", len(targets)),
            Figure("n_controls", "Held-out controls", len(controls)),
            Figure("auroc", "AUROC", auroc(targets, controls)),
            Figure("auprc", "AUPRC", average_precision(targets, controls)),
            Figure("no_skill_auprc", "No-skill AUPRC", share, "auprc"),
            Figure("gc_auroc", "GC content alone", gc_auroc, "auroc", SUSPICIOUS),
            Figure("length_auroc", "Length alone", length_auroc, "auroc", SUSPICIOUS),
        ),
        headline="held-out AUROC {auroc} (GC alone {gc_auroc}, length alone {length_auroc})",
        charts=_charts(curves(targets, controls), share),
        doubts=tuple(told_baselines(gc_auroc, length_auroc)),
    )


def _charts(drawn: Curves, share: float) -> tuple[ShareChart, ShareChart]:
    """ROC and precision-recall curves, each beside that of a coin, where so large a share are targets."""
    roc = ShareChart(
        title="ROC curve",
        description="AUROC of the network {auroc}, of GC content alone {gc_auroc}, of length alone "
        "{length_auroc}; a coin has 0.5.",
        x_label="false-positive rate",
        y_label="recall (true-positive rate)",
        lines=(
            Line(drawn.false_positive_rate, drawn.recall_of_roc, "network (AUROC {auroc})", is_ours=True),
            Line(_UNIT, _UNIT, "no skill (0.500)", is_ours=False),
        ),
    )
    pr = ShareChart(
        title="Precision-recall curve",
        description="AUPRC of the network {auprc}; a coin has {no_skill_auprc}, the share of targets.",
        x_label="recall",
        y_label="precision",
        lines=(
            Line(drawn.recall, drawn.precision, "network (AUPRC {auprc})", is_ours=True),
            Line(_UNIT, np.array([share, share]), "no skill ({no_skill_auprc})", is_ours=False),
        ),
    )
    return roc, pr


def _either_way(area: float) -> float:
    return max(area, 1 - area)


TARGETS.register("binary")(Binary())
