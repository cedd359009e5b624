"""Shades of probability: the same steps in a dot-plot and in the letters of an alignment."""

from __future__ import annotations

import numpy as np

BOUNDS = (0.02, 0.1, 0.5, 0.75, 0.9, 0.99)
"""Least probability of each shade but the first, which is no colour at all."""

OPACITIES = (0, 0.12, 0.25, 0.42, 0.6, 0.78, 1)
"""Of each shade in a dot-plot, that which is no colour first; ``styles/shades.css`` has the same."""


def shade(probability: np.ndarray) -> np.ndarray:
    """The shade of each probability: 0 for none, to ``len(BOUNDS)`` for the strongest.

    Parameters
    ----------
    probability : numpy.ndarray

    Returns
    -------
    numpy.ndarray of int, of the same shape

    Examples
    --------
    >>> shade(np.array([0.0, 0.02, 0.6, 1.0])).tolist()
    [0, 1, 3, 6]
    """
    # In the precision of the bounds, so that 0.9 as a float32 is as large as 0.9.
    return np.searchsorted(np.array(BOUNDS, np.float32), np.asarray(probability, np.float32), side="right")
