"""Curves and areas of a score that should be high on targets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Curves(NamedTuple):
    """ROC and PR at every threshold, thinned for drawing.

    Parameters
    ----------
    false_positive_rate, recall_of_roc : numpy.ndarray, shape=(n_points,)
        The ROC curve, from (0, 0) to (1, 1).
    recall, precision : numpy.ndarray, shape=(n_points,)
        The PR curve.
    """

    false_positive_rate: np.ndarray
    recall_of_roc: np.ndarray
    recall: np.ndarray
    precision: np.ndarray


def _hits(targets: np.ndarray, controls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Targets and controls at or above each distinct score, best first."""
    scores = np.concatenate([targets, controls])
    is_target = np.concatenate([np.ones(len(targets)), np.zeros(len(controls))])
    order = np.argsort(-scores, kind="stable")
    last_of_ties = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    true = np.cumsum(is_target[order])[last_of_ties]
    return true, last_of_ties + 1 - true


def average_precision(targets: np.ndarray, controls: np.ndarray) -> float:
    """Area under the PR curve as a sum of steps (Davis & Goadrich 2006); NaN where either is empty.

    Examples
    --------
    >>> average_precision(np.array([3.0, 2.0]), np.array([1.0]))
    1.0
    """
    if len(targets) == 0 or len(controls) == 0:
        return float("nan")
    true, false = _hits(targets, controls)
    gained = np.diff(true, prepend=0) / len(targets)
    return float((gained * true / (true + false)).sum())


def curves(targets: np.ndarray, controls: np.ndarray, n_points: int = 200) -> Curves:
    """ROC and PR curves with at most about ``n_points`` points each.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n,)
        Scores; both must hold at least one.
    n_points : int
        Points kept, evenly spread along the curve.
    """
    true, false = _hits(targets, controls)
    keep = np.unique(np.linspace(0, len(true) - 1, min(n_points, len(true))).round().astype(int))
    recall = true[keep] / len(targets)
    return Curves(
        np.concatenate([[0.0], false[keep] / len(controls)]),
        np.concatenate([[0.0], recall]),
        recall,
        true[keep] / (true + false)[keep],
    )
