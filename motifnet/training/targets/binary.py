"""Targets against controls: the logit of the probability that a sequence is a target."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from motifnet.datasets.baselines import SUSPICIOUS, gc_score, length_score, told_baselines
from motifnet.datasets.compose import Dataset
from motifnet.stats.scores import auroc
from motifnet.training.evaluate import HeldOut, quantiles
from motifnet.training.metrics import Calibration, Curves, average_precision, calibration, curves
from motifnet.training.target import TARGETS, Target
from motifnet.training.task_metrics import Figure, Line, ShareChart, TaskMetrics
from motifnet.wording import counted

# Controls that an epoch draws for each target: more make an epoch longer, and classes less even.
# A convention.
_CONTROLS_AN_EPOCH = 2
_UNIT = np.array([0.0, 1.0])
# Sequences that composition is learnt from at most: thousands for each of its weights.
_ENOUGH = 100_000
_NO_SKILL_BRIER = 0.25  # of who always says a half


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

    def metrics(self, dataset: Dataset, held: HeldOut, task: int) -> TaskMetrics:
        """AUROC and AUPRC, with their curves and baselines, and the Brier score: see :func:`separation`.

        Network and baselines are asked of the same sequences: those that were held out, and that tests count.
        """
        from motifnet.models.baselines import CompositionClassifier

        judged = ~np.isnan(held.scores[:, task])
        is_target, is_control = (judged & (dataset.tested_labels[:, task] == value) for value in (1, 0))
        baselines = (score(dataset.sequences) for score in (gc_score, length_score))
        gc_auroc, length_auroc = (
            _either_way(auroc(baseline[is_target], baseline[is_control])) for baseline in baselines
        )
        composition = learnt_scores(CompositionClassifier(), dataset, held, task, most=_ENOUGH)
        learnt = ~np.isnan(composition)
        return separation(
            dataset.tasks[task],
            held.scores[is_target, task],
            held.scores[is_control, task],
            log_odds=(held.outputs[is_target, task], held.outputs[is_control, task]),
            gc_auroc=gc_auroc,
            length_auroc=length_auroc,
            composition_auroc=auroc(composition[is_target & learnt], composition[is_control & learnt]),
        )


def learnt_scores(
    estimator: Any, dataset: Dataset, held: HeldOut, task: int = 0, *, most: int | None = None
) -> np.ndarray:
    """What an estimator of scikit-learn says of sequences, learnt in the same rounds as a network.

    Parameters
    ----------
    estimator : estimator over sequences
        Such as :class:`motifnet.models.baselines.GappedKmerClassifier`; it is cloned for each round.
    dataset : Dataset
    held : HeldOut
        Of which the rounds count.
    task : int
        Column of the labels.
    most : int, optional
        Sequences that it learns from in a round at most, drawn by chance; all if not given.

    Returns
    -------
    numpy.ndarray of float32, shape=(n,)
        Comparable across sequences, as those of a network: quantiles among the controls of a round that tests
        count. NaN for a sequence that was never held out, or in a round that lacked targets or controls of
        the task to learn from.

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.models.baselines import CompositionClassifier
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.training.evaluate import by_part, held_out
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> held = held_out(dataset, by_part(dataset), lambda _: lambda chosen: np.zeros((len(chosen), 1)))
    >>> scores = learnt_scores(CompositionClassifier(), dataset, held)
    >>> int((~np.isnan(scores)).sum()) == len(dataset.indices(2))
    True
    """
    from sklearn.base import clone

    scores = np.full(len(dataset), np.nan, np.float32)
    labels, tested = dataset.labels[:, task], dataset.tested_labels[:, task]
    for shaping, held_out in held.rounds():
        learnt_from = shaping[~np.isnan(labels[shaping])]
        if most is not None and len(learnt_from) > most:
            learnt_from = np.random.default_rng(0).choice(learnt_from, most, replace=False)
        if len(np.unique(labels[learnt_from])) < 2:
            continue
        learnt = clone(estimator).fit(dataset.sequences.select(learnt_from), labels[learnt_from])
        found = learnt.decision_function(dataset.sequences.select(held_out)).astype(np.float32)
        scores[held_out] = quantiles(found[:, None], tested[held_out, None])[:, 0]
    return scores


def separation(
    task: str,
    targets: np.ndarray,
    controls: np.ndarray,
    *,
    log_odds: tuple[np.ndarray, np.ndarray],
    gc_auroc: float,
    length_auroc: float,
    composition_auroc: float,
) -> TaskMetrics:
    """How well scores set targets apart from controls.

    Parameters
    ----------
    task : str
        Its name.
    targets, controls : numpy.ndarray, shape=(n,)
        Scores. Where there is none of either there are no figures but their numbers, and a doubt says so.
    log_odds : tuple of two numpy.ndarray, shape=(n,)
        The same as log-odds, where as many targets as controls are expected.
    gc_auroc, length_auroc : float
        AUROC of GC content alone and of length alone, in the direction that helps: at least 0.5.
    composition_auroc : float
        AUROC of a linear model of words of two letters, learnt from what the network learnt from.

    Returns
    -------
    TaskMetrics

    Examples
    --------
    >>> scores = np.array([3, 2]), np.array([1, 2])
    >>> baselines = {"gc_auroc": 0.7, "length_auroc": 0.5, "composition_auroc": 0.6}
    >>> found = separation("a", *scores, log_odds=scores, **baselines)
    >>> [(figure.name, round(figure.value, 2)) for figure in found.figures[2:6]]
    [('auroc', 0.88), ('auprc', 0.83), ('brier', 0.33), ('no_skill_auprc', 0.5)]
    >>> len(found.doubts), [chart.title for chart in found.charts]
    (1, ['ROC curve', 'Precision-recall curve', 'Calibration'])
    """
    n_targets, n_controls = len(targets), len(controls)
    has_both = bool(n_targets and n_controls)
    share = n_targets / (n_targets + n_controls) if has_both else math.nan
    calibrated = calibration(*log_odds) if has_both else None
    figures = (
        Figure("n_targets", "Held-out targets", n_targets),
        Figure("n_controls", "Held-out controls", n_controls),
        Figure("auroc", "AUROC", auroc(targets, controls)),
        Figure("auprc", "AUPRC", average_precision(targets, controls)),
        Figure("brier", "Brier score", calibrated.brier if calibrated else math.nan),
        Figure("no_skill_auprc", "No-skill AUPRC", share, "auprc"),
        Figure("no_skill_brier", "No-skill Brier score", _NO_SKILL_BRIER, "brier"),
        Figure("gc_auroc", "GC content alone", gc_auroc, "auroc", SUSPICIOUS),
        Figure("length_auroc", "Length alone", length_auroc, "auroc", SUSPICIOUS),
        Figure("composition_auroc", "Composition alone", composition_auroc, "auroc"),
    )
    if calibrated is None:
        what = f"tests count {counted(n_targets, 'held-out target')} and {counted(n_controls, 'control')}"
        return TaskMetrics(
            task, figures, f"not judged, since {what}", doubts=(f"{what}: nothing is judged.",)
        )
    return TaskMetrics(
        task=task,
        figures=figures,
        headline="held-out AUROC {auroc} (GC alone {gc_auroc}, length alone {length_auroc})",
        charts=(*_charts(curves(targets, controls), share), _calibration_chart(calibrated)),
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


def _calibration_chart(calibrated: Calibration) -> ShareChart:
    """What share are targets among those of which so much is said."""
    return ShareChart(
        title="Calibration",
        description="Among sequences of which the network says about as much, the share of targets, where "
        "targets and controls weigh alike; Brier score {brier}, where {no_skill_brier} is no skill.",
        x_label="probability that the network gives",
        y_label="share of targets",
        lines=(
            Line(calibrated.said, calibrated.found, "network (Brier {brier})", is_ours=True),
            Line(_UNIT, _UNIT, "as it is said", is_ours=False),
        ),
    )


def _either_way(area: float) -> float:
    return max(area, 1 - area)


TARGETS.register("binary")(Binary())
