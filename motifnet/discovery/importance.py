"""How much a network needs each motif: what it loses on held-out sequences without the motif's filters."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from motifnet.datasets.compose import Dataset
from motifnet.discovery.results import Importance
from motifnet.models.network import Network
from motifnet.stats.evenly import evenly
from motifnet.stats.scores import auroc
from motifnet.training.fit import predict

# Held-out sequences of a kind that are asked at most: with so many, a difference of two AUROCs is known to
# a thousandth or two, and more would only take longer.
_LARGEST = 2000
_ENOUGH = 500  # of a kind that set the intercept, whose error of 0.1 then costs a thousandth of the log-loss


def importances(
    model: Network,
    dataset: Dataset,
    filters: Sequence[Sequence[str]],
    tasks: Sequence[int],
    *,
    shaping: np.ndarray,
    held: np.ndarray,
) -> list[Importance]:
    """What a network loses without the filters of each motif in turn.

    A filter without weights gives every sequence the same: in the shallow family that is to take it out
    of the sum, in others what comes after it sees a constant. The constant would shift all logits, so
    that the intercept is set anew, to the one of the smallest log-loss on the sequences that shaped the
    motifs; so it is for the whole network, with which each is compared. Nothing is trained again: of two
    motifs that say the same, the network may need either, and lose little without one.

    Parameters
    ----------
    model : Network
        Trained; its outputs are logits.
    dataset : Dataset
        With 1 for a target, 0 for a control, NaN for neither.
    filters : sequence of sequence of str
        Of each motif, those that it was read from, such as ``"filter3"``.
    tasks : sequence of int
        Of each motif, the column that its task has.
    shaping : numpy.ndarray of int
        Sequences that set the intercept.
    held : numpy.ndarray of int
        Sequences that took no part in training; those that tests count are asked.

    Returns
    -------
    list of Importance
        NaN where a task has no target or no control among the sequences.

    Examples
    --------
    >>> from motifnet.config.train import ModelOptions
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.models.build import build
    >>> from motifnet.symbols.background import Background
    >>> word = motif_from_word("CCGGAAGTGA")
    >>> made = simulate([Planted(word)], Background.from_gc(0.5), n_targets=100, n_controls=100, length=50)
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls)).dataset
    >>> model = build(ModelOptions(n_filters=2, filter_width=10), 1)
    >>> model.set_filters(torch.from_numpy(word.log_odds()[None]) / 2, torch.tensor([-3.0]))
    >>> every, filters = np.arange(200), [["filter1"], ["filter2"]]
    >>> one, other = importances(model, dataset, filters, [0, 0], shaping=every, held=every)
    >>> one.auroc > 0.3, one.log_loss > 0.1, abs(other.auroc) < 0.1
    (True, True, True)
    """
    lost: list[Importance] = []
    asked = {task: _Asked.of(dataset, task, shaping, held) for task in set(tasks)}
    whole = {task: one.skill(model) for task, one in asked.items()}
    for some, task in zip(filters, tasks, strict=True):
        without = asked[task].skill(_without(model, some))
        lost.append(Importance(whole[task].auroc - without.auroc, without.log_loss - whole[task].log_loss))
    return lost


def mean_importance(parts: Sequence[Importance | None], weights: Sequence[int]) -> Importance:
    """What the networks of several folds lose on the average.

    Parameters
    ----------
    parts : sequence of Importance, optional
        Of each fold; ``None`` of one that did not find the motif, whose network loses nothing.
    weights : sequence of int
        Of each fold, such as the number of targets that it holds out.

    Examples
    --------
    >>> mean_importance([Importance(0.2, 0.1), None], [30, 10])
    Importance(auroc=0.15, log_loss=0.075)
    """
    values = [one or Importance(0.0, 0.0) for one in parts]
    return Importance(*np.average(values, axis=0, weights=weights).tolist())


def _without(model: Network, filters: Sequence[str]) -> Network:
    """A copy in which some filters say nothing."""
    silent = copy.deepcopy(model)
    places = [int(name.removeprefix("filter")) - 1 for name in filters]
    nothing = torch.zeros_like(silent.filters[places])
    silent.set_filters(nothing, nothing.new_zeros(len(places)), places=places)
    return silent


class _Skill(NamedTuple):
    """How well a network tells targets from controls, its intercept set."""

    auroc: float
    log_loss: float


class _Asked(NamedTuple):
    """The sequences of a task: those that set the intercept, and those held out; targets, then controls."""

    dataset: Dataset
    task: int
    shaping: tuple[np.ndarray, np.ndarray]
    held: tuple[np.ndarray, np.ndarray]

    @classmethod
    def of(cls, dataset: Dataset, task: int, shaping: np.ndarray, held: np.ndarray) -> _Asked:
        counted = held[dataset.counted[held, task]]
        settling, asked = _sides(dataset, task, shaping, _ENOUGH), _sides(dataset, task, counted, _LARGEST)
        return cls(dataset, task, settling, asked)

    def skill(self, model: Network) -> _Skill:
        if not all(len(side) for side in (*self.shaping, *self.held)):
            return _Skill(float("nan"), float("nan"))
        intercept = _best_intercept(*self._logits(model, self.shaping))
        targets, controls = self._logits(model, self.held)
        return _Skill(auroc(targets, controls), _log_loss(targets + intercept, controls + intercept))

    def _logits(self, model: Network, sides: tuple[np.ndarray, np.ndarray]) -> list[np.ndarray]:
        logits = predict(model, self.dataset, np.concatenate(sides))[:, self.task].astype(np.float64)
        return np.split(logits, [len(sides[0])])


def _sides(dataset: Dataset, task: int, indices: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Targets and controls among some sequences; of many, evenly spaced ones."""
    targets, controls = (indices[dataset.labels[indices, task] == value] for value in (1, 0))
    return evenly(targets, most), evenly(controls, most)


def _log_loss(targets: np.ndarray, controls: np.ndarray) -> float:
    """In nats, targets and controls weighing the same."""
    return float((np.logaddexp(0, -targets).mean() + np.logaddexp(0, controls).mean()) / 2)


def _best_intercept(targets: np.ndarray, controls: np.ndarray) -> float:
    """What added to all logits gives the smallest log-loss."""
    from scipy.optimize import brentq
    from scipy.special import expit

    def slope(intercept: float) -> float:
        return float(expit(controls + intercept).mean() - expit(-targets - intercept).mean())

    # Beyond the largest logit the one mean is above, and the other below, a half.
    end = 1 + max(np.abs(targets).max(), np.abs(controls).max())
    return float(brentq(slope, -end, end))
