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
        The PR curve, from the fewest hits to all.
    """

    false_positive_rate: np.ndarray
    recall_of_roc: np.ndarray
    recall: np.ndarray
    precision: np.ndarray


def _together(targets: np.ndarray, controls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    truth = np.repeat([1, 0], [len(targets), len(controls)])
    return truth, np.concatenate([targets, controls])


def average_precision(targets: np.ndarray, controls: np.ndarray) -> float:
    """Area under the PR curve as a sum of steps (Davis & Goadrich 2006); NaN where either is empty.

    Examples
    --------
    >>> average_precision(np.array([3.0, 2.0]), np.array([1.0]))
    1.0
    """
    from sklearn.metrics import average_precision_score

    if len(targets) == 0 or len(controls) == 0:
        return float("nan")
    return float(average_precision_score(*_together(targets, controls)))


def curves(targets: np.ndarray, controls: np.ndarray, n_points: int = 200) -> Curves:
    """ROC and PR curves with at most about ``n_points`` points each.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n,)
        Scores; both must hold at least one.
    n_points : int
        Points kept, evenly spread along the curve.
    """
    from sklearn.metrics import precision_recall_curve, roc_curve

    truth, scores = _together(targets, controls)
    false_positive_rate, recall_of_roc, _ = roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(truth, scores)
    # From the largest threshold to the smallest, without the end point at no hits that scikit-learn adds.
    return Curves(
        *_thinned(n_points, false_positive_rate, recall_of_roc),
        *_thinned(n_points, recall[-2::-1], precision[-2::-1]),
    )


def _thinned(n_points: int, *columns: np.ndarray) -> list[np.ndarray]:
    n = len(columns[0])
    kept = np.unique(np.linspace(0, n - 1, min(n_points, n)).round().astype(int))
    return [column[kept] for column in columns]
