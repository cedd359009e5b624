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
    from sklearn.metrics import precision_recall_curve, roc_curve

    labels, scores = _together(targets, controls)
    false_positive_rate, recall_of_roc, _ = roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(labels, scores)
    # Scikit-learn's runs from all to none, and ends in a point that stands for no threshold.
    return Curves(
        *_thinned(n_points, false_positive_rate, recall_of_roc),
        *_thinned(n_points, recall[-2::-1], precision[-2::-1]),
    )


class Calibration(NamedTuple):
    """How often what is said to be likely is so, targets and controls weighing alike.

    Parameters
    ----------
    said, found : numpy.ndarray, shape=(n_bins,)
        Mean probability of the sequences of a bin, and the share of targets among them.
    brier : float
        Mean squared distance of probabilities from what is so (Brier 1950): 0.25 without skill, 0 at best.
    """

    said: np.ndarray
    found: np.ndarray
    brier: float


def calibration(targets: np.ndarray, controls: np.ndarray, n_bins: int = 10, fewest: int = 20) -> Calibration:
    """How far the probabilities of a network can be taken at their word.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n,)
        Log-odds that each is a target, where as many targets as controls are expected; both must hold at
        least one.
    n_bins : int
        Bins of equal width.
    fewest : int
        Sequences of a bin, at least, all of one weight: the share of targets among fewer is mostly chance,
        and is left out.

    Returns
    -------
    Calibration

    Examples
    --------
    >>> sure = calibration(np.array([9.0, 9.0, -9.0]), np.array([-9.0] * 30), fewest=1)
    >>> sure.said.round(2).tolist(), sure.found.round(2).tolist(), round(sure.brier, 3)
    ([0.0, 1.0], [0.25, 1.0], 0.167)
    """
    from scipy.special import expit
    from sklearn.metrics import brier_score_loss

    labels, scores = _together(targets, controls)
    probabilities = expit(scores.astype(np.float64))
    weights = np.where(labels == 1, 1 / len(targets), 1 / len(controls))
    # Both kinds weigh alike, which scikit-learn's calibration_curve cannot be told.
    bins = np.minimum((probabilities * n_bins).astype(int), n_bins - 1)
    weight, squares, said, found = (
        np.bincount(bins, one, n_bins)
        for one in (weights, weights**2, weights * probabilities, weights * labels)
    )
    many = weight**2 >= fewest * squares  # sequences of one weight that would tell as much (Kish 1965)
    many &= weight > 0
    brier = brier_score_loss(labels, probabilities, sample_weight=weights)
    return Calibration(said[many] / weight[many], found[many] / weight[many], float(brier))


def _together(targets: np.ndarray, controls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels of 1 and 0, and the scores."""
    return np.repeat([1, 0], [len(targets), len(controls)]), np.concatenate([targets, controls])


def _thinned(n_points: int, *columns: np.ndarray) -> list[np.ndarray]:
    n = len(columns[0])
    kept = np.unique(np.linspace(0, n - 1, min(n_points, n)).round().astype(int))
    return [column[kept] for column in columns]
