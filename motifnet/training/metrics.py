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


def average_precision(targets: np.ndarray, controls: np.ndarray) -> float:
    """Area under the PR curve as a sum of steps (Davis & Goadrich 2006); NaN where either is empty.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n,)
        Scores.

    Returns
    -------
    float

    Examples
    --------
    >>> average_precision(np.array([3.0, 2.0]), np.array([1.0]))
    1.0
    """
    if len(targets) == 0 or len(controls) == 0:
        return float("nan")
    true, false = _hits(targets, controls)
    return float((np.diff(true, prepend=0) * true / (true + false)).sum() / len(targets))


def curves(targets: np.ndarray, controls: np.ndarray, n_points: int = 200) -> Curves:
    """ROC and PR curves with at most about ``n_points`` points each.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n,)
        Scores; both must hold at least one.
    n_points : int
        Points kept, evenly spread along the curve.

    Returns
    -------
    Curves

    Examples
    --------
    >>> drawn = curves(np.array([3.0, 2.0]), np.array([1.0, 2.0]))
    >>> drawn.recall_of_roc.tolist(), drawn.false_positive_rate.tolist()
    ([0.0, 0.5, 1.0, 1.0], [0.0, 0.0, 0.5, 1.0])
    >>> drawn.recall.tolist(), drawn.precision.round(2).tolist()
    ([0.5, 1.0, 1.0], [1.0, 0.67, 0.5])
    """
    true, false = _hits(targets, controls)
    recall, false_positive_rate = true / len(targets), false / len(controls)
    return Curves(
        *_thinned(n_points, np.append(0, false_positive_rate), np.append(0, recall)),
        *_thinned(n_points, recall, true / (true + false)),
    )


def _hits(targets: np.ndarray, controls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Targets and controls that reach each score, from the largest score to the smallest."""
    thresholds = np.unique(np.concatenate([targets, controls]))[::-1]
    true, false = (
        len(scores) - np.searchsorted(np.sort(scores), thresholds, side="left")
        for scores in (targets, controls)
    )
    return true, false


def _thinned(n_points: int, *columns: np.ndarray) -> list[np.ndarray]:
    n = len(columns[0])
    kept = np.unique(np.linspace(0, n - 1, min(n_points, n)).round().astype(int))
    return [column[kept] for column in columns]
