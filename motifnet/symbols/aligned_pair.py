"""A pair of sequences, aligned, with what is known of how sure that is."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.symbols.alignment import X_ONLY, Y_ONLY, Alignment
from motifnet.symbols.posterior import MatchPosterior


class AlignedPair(NamedTuple):
    """One pair of sequences, aligned.

    Parameters
    ----------
    name : str
    alignment : Alignment
    posterior : MatchPosterior or None
    log_likelihood : float or None
        Of the two sequences, in nats, summed over all alignments.
    deviation : float
        How far from one the probabilities of all that a base may stand in sum, at most.
    edge : float
        The most that is expected to stand in a block of cells at the edge of those that were worked on; 0
        where these are all.
    group : str
        What the pair is of, such as ``hg18 and mm9``; empty where nothing is known.

    Examples
    --------
    >>> from motifnet.symbols import DNA
    >>> matches = np.array([[0, 0], [1, 1], [3, 2]])
    >>> alignment = Alignment.from_matches(matches, DNA.encode("ACGT"), DNA.encode("ACT"), "x", "y")
    >>> AlignedPair("one", alignment).n_x_only
    1
    """

    name: str
    alignment: Alignment
    posterior: MatchPosterior | None = None
    log_likelihood: float | None = None
    deviation: float = math.nan
    edge: float = math.nan
    group: str = ""

    @property
    def n_x_only(self) -> int:
        """Bases of x that are aligned to a gap."""
        return int(np.count_nonzero(self.alignment.columns == X_ONLY))

    @property
    def n_y_only(self) -> int:
        """Bases of y that are aligned to a gap."""
        return int(np.count_nonzero(self.alignment.columns == Y_ONLY))

    @property
    def mean_confidence(self) -> float:
        """Mean posterior probability of the columns; ``nan`` where it is not known."""
        confidence = self.alignment.confidence
        return math.nan if confidence is None or not len(confidence) else float(confidence.mean())
