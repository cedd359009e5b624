"""Pairs of sequences with a true alignment and a posterior around it, made by chance."""

import numpy as np

from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment
from motifnet.symbols.posterior import MatchPosterior


def pair_of(n_columns, *, seed=0, insertion=(0, 0), **fields):
    """An alignment with gaps by chance, and with ``insertion``: where bases of y are added, and how many.

    Columns that are near a gap are unsure, and their matches have a less probable neighbour.
    """
    rng = np.random.default_rng(seed)
    columns = rng.choice([MATCH, X_ONLY, Y_ONLY], n_columns, p=[0.94, 0.03, 0.03]).astype(np.uint8)
    columns[[0, -1]] = MATCH
    columns = np.insert(columns, insertion[0], np.full(insertion[1], Y_ONLY, np.uint8))
    n_x, n_y = np.count_nonzero(columns != Y_ONLY), np.count_nonzero(columns != X_ONLY)
    near_gap = np.convolve(columns != MATCH, np.ones(5))[2:-2] > 0
    confidence = np.where(near_gap, 0.6, 0.999).astype(np.float32)
    x, y = (rng.integers(0, 4, n).astype(np.uint8) for n in (n_x, n_y))
    alignment = Alignment("human", "mouse", x, y, columns, confidence=confidence, **fields)
    return alignment, posterior_around(alignment)


def posterior_around(alignment):
    """The confidence of each match, and the rest of it a base to the right."""
    sure = alignment.confidence[alignment.columns == MATCH]
    beside = alignment.matches + np.array([0, 1])
    kept = beside[:, 1] < len(alignment.y)
    places = np.concatenate([alignment.matches, beside[kept]])
    return MatchPosterior.from_triples(
        *places.T,
        np.concatenate([sure, 1 - sure[kept]]),
        x_length=len(alignment.x),
        y_length=len(alignment.y),
    )
