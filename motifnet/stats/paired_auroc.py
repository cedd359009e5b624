"""Areas under ROC curves as means over sequences, so that two of them can be compared as losses are."""

from __future__ import annotations

import numpy as np


def auroc_values(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Values of sequences whose mean is the AUROC, and whose spread is that of its estimate.

    The structural components of DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44:837): of a target the
    share of controls that it lies above, of a control that of targets that lie above it. Components weigh
    as their class does, so that the standard error of the mean of all values is that of the AUROC; for
    sequences in clusters as well (Obuchowski 1997, Biometrics 53:567).

    Parameters
    ----------
    scores : numpy.ndarray of float, shape=(n,)
    labels : numpy.ndarray of float, shape=(n,)
        1 for a target, 0 for a control, NaN for neither, whose value is the AUROC itself.

    Returns
    -------
    numpy.ndarray of float64, shape=(n,)
        NaN throughout where there are no targets or no controls.

    Examples
    --------
    >>> scores, labels = np.array([2.0, 3.0, 1.0, 2.0]), np.array([1, 1, 0, 0])
    >>> auroc_values(scores, labels).tolist(), float(auroc_values(scores, labels).mean())
    ([0.625, 1.125, 1.125, 0.625], 0.875)
    """
    is_target, is_control = labels == 1, labels == 0
    n_targets, n_controls = int(is_target.sum()), int(is_control.sum())
    if not n_targets or not n_controls:
        return np.full(len(scores), np.nan)
    above = _share_below(scores[is_target], scores[is_control])
    below = 1 - _share_below(scores[is_control], scores[is_target])
    area = float(above.mean())
    values = np.full(len(scores), area)
    values[is_target] += (above - area) * len(scores) / n_targets
    values[is_control] += (below - area) * len(scores) / n_controls
    return values


def _share_below(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Of each score the share of others that lie below it; what is equal counts half."""
    ranked = np.sort(others)
    below, up_to = (np.searchsorted(ranked, scores, side) for side in ("left", "right"))
    return (below + up_to) / (2 * len(ranked))
