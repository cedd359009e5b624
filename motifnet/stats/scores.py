"""Scores of targets against scores of controls: AUROC, thresholds, signed likelihood ratios."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Threshold(NamedTuple):
    """A score from which a sequence counts as a hit, and how well it separates.

    Parameters
    ----------
    score : float
        The threshold.
    target_hits, control_hits : int
        Sequences at or above it.
    z : float
        Signed root of the likelihood ratio of that table: see :func:`signed_root`.
    """

    score: float
    target_hits: int
    control_hits: int
    z: float


def signed_root(
    target_hits: np.ndarray, n_targets: int, control_hits: np.ndarray, n_controls: int
) -> np.ndarray:
    """Signed root of the likelihood-ratio statistic of 2 x 2 tables.

    About standard normal where targets and controls do not differ, also for rare hits and for
    unequal numbers of targets and controls, where the usual z of two proportions is far too
    large (Wilks 1938; Cox & Hinkley 1974, sec. 9.3).

    Parameters
    ----------
    target_hits, control_hits : numpy.ndarray
        Hits of each table.
    n_targets, n_controls : int
        Margins of all tables.

    Returns
    -------
    numpy.ndarray of float64
        Positive where hits are more frequent among targets.
    """
    a, c = np.asarray(target_hits, np.float64), np.asarray(control_hits, np.float64)
    b, d = n_targets - a, n_controls - c
    total = n_targets + n_controls
    hits, misses = a + c, b + d

    def term(observed: np.ndarray, margin: float, of: np.ndarray) -> np.ndarray:
        expected = margin * of / total
        safe = np.where(observed > 0, observed, 1)
        return np.where(observed > 0, observed * np.log(safe / np.where(expected > 0, expected, 1)), 0)

    g = 2 * (
        term(a, n_targets, hits)
        + term(b, n_targets, misses)
        + term(c, n_controls, hits)
        + term(d, n_controls, misses)
    )
    return np.sign(a * n_controls - c * n_targets) * np.sqrt(np.maximum(g, 0))


def best_threshold(
    targets: np.ndarray, controls: np.ndarray, max_fpr: float = 1.0, least: float = -np.inf
) -> Threshold:
    """The threshold that separates targets from controls best.

    Parameters
    ----------
    targets, controls : numpy.ndarray, shape=(n,)
        Scores.
    max_fpr : float
        Largest share of controls that may be hits.
    least : float
        Least score of a hit.
    """
    order = np.unique(targets[np.isfinite(targets) & (targets >= least)])
    if len(order) == 0:
        return Threshold(np.inf, 0, 0, 0.0)
    target_hits = len(targets) - np.searchsorted(np.sort(targets), order, side="left")
    control_hits = len(controls) - np.searchsorted(np.sort(controls), order, side="left")
    z = signed_root(target_hits, len(targets), control_hits, len(controls))
    z = np.where(control_hits <= max_fpr * len(controls), z, -np.inf)
    best = int(np.argmax(z))
    if not np.isfinite(z[best]):
        return Threshold(np.inf, 0, 0, 0.0)
    return Threshold(float(order[best]), int(target_hits[best]), int(control_hits[best]), float(z[best]))


def auroc(targets: np.ndarray, controls: np.ndarray) -> float:
    """Area under the ROC curve: the chance that a target scores above a control, ties a half.

    NaN where either is empty. Minus infinity is a score like any other.

    Examples
    --------
    >>> auroc(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.875
    """
    if len(targets) == 0 or len(controls) == 0:
        return float("nan")
    ranked = np.sort(controls)
    below = np.searchsorted(ranked, targets, side="left")
    up_to = np.searchsorted(ranked, targets, side="right")
    return float((below + up_to).mean() / (2 * len(controls)))
