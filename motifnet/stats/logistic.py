"""Logistic regression: the log-odds of two classes as a weighted sum of features."""

from __future__ import annotations

import numpy as np

# Weights are held down as if each had a standard deviation of 1 before any row was seen, features having one,
# too: little where there are rows enough, and it keeps weights finite where a feature tells classes apart.
_RIDGE = 1.0
_MOST_STEPS = 50
_ENOUGH = 1e-6  # a change of weights that is too small to go on for


def log_odds_weights(features: np.ndarray, is_target: np.ndarray) -> np.ndarray:
    """Weights of features under which targets have the highest log-odds, ``shape=(n_features,)``.

    Newton's method for the penalised likelihood (Hastie, Tibshirani and Friedman 2009, sec. 4.4), where both
    classes are given the same weight in all. A feature that is the same in all rows has weight 0.

    Parameters
    ----------
    features : numpy.ndarray, shape=(n, n_features)
    is_target : numpy.ndarray of bool, shape=(n,)

    Returns
    -------
    numpy.ndarray, shape=(n_features,)
        Of features as they were given. ``features @ weights`` lacks a constant, which no order of rows and no
        difference between them depends on.

    Examples
    --------
    >>> features = np.array([[0.0, 5], [1, 5], [2, 5], [3, 5]])
    >>> weights = log_odds_weights(features, np.array([False, True, False, True]))
    >>> bool(weights[0] > 0), float(weights[1])
    (True, 0.0)
    """
    spread = features.std(0)
    varies = spread > 1e-9 * np.abs(features).max(0, initial=0)
    scaled = (features[:, varies] - features[:, varies].mean(0)) / spread[varies]
    rows = np.column_stack([np.ones(len(features)), scaled])
    penalty = np.diag([0.0] + [_RIDGE] * scaled.shape[1])
    share = is_target.mean()
    weight_of_row = np.where(is_target, 0.5 / share, 0.5 / (1 - share))
    found = np.zeros(rows.shape[1])
    for _ in range(_MOST_STEPS):
        step = _newton_step(rows, is_target, weight_of_row, penalty, found)
        found = found + step
        if np.abs(step).max() < _ENOUGH:
            break
    weights = np.zeros(features.shape[1])
    weights[varies] = found[1:] / spread[varies]
    return weights


def _newton_step(
    rows: np.ndarray, is_target: np.ndarray, weight_of_row: np.ndarray, penalty: np.ndarray, at: np.ndarray
) -> np.ndarray:
    probability = 1 / (1 + np.exp(-np.clip(rows @ at, -30, 30)))
    slope = rows.T @ (weight_of_row * (is_target - probability)) - penalty @ at
    curved = weight_of_row * probability * (1 - probability)
    bent = (rows * curved[:, None]).T @ rows + penalty
    return np.linalg.solve(bent, slope)
