"""Sequences prepared for scoring motifs along them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.kernels import sites
from motifnet.symbols import Sequences

_NO_SITE = -1e4  # bits; below every threshold


class Scored(NamedTuple):
    """Sequences prepared for scoring.

    Parameters
    ----------
    sequences : Sequences
        The sequences.
    triples : numpy.ndarray of uint8, shape=(total_length,)
        Look-up rows: see :func:`motifnet.kernels.sites.triples`.
    """

    sequences: Sequences
    triples: np.ndarray

    @classmethod
    def of(cls, sequences: Sequences) -> Scored:
        """Prepare sequences."""
        return cls(sequences, sites.triples(sequences.codes, sequences.offsets))

    def step(self, log_odds: np.ndarray, prior: float, *, both_strands: bool) -> sites.ZoopsStep:
        """One expectation step: see :func:`motifnet.kernels.sites.zoops_step`."""
        return sites.zoops_step(
            self.sequences.codes,
            self.triples,
            self.sequences.offsets,
            log_odds,
            prior,
            both_strands=both_strands,
        )

    def best(self, weights: np.ndarray, *, both_strands: bool) -> sites.BestSites:
        """The best window of each sequence; an unknown base adds nothing to its score.

        See :func:`motifnet.kernels.sites.best_sites`.
        """
        return sites.best_sites(self.triples, self.sequences.offsets, weights, both_strands=both_strands)

    def best_known(self, log_odds: np.ndarray, *, both_strands: bool) -> sites.BestSites:
        """The best window without an unknown base, where there is one: what counts as a site.

        What is masked is no site, however low the threshold.
        """
        return sites.best_sites(
            self.triples,
            self.sequences.offsets,
            log_odds,
            both_strands=both_strands,
            unknown=_NO_SITE,
        )

    def masked(self, log_odds: np.ndarray, threshold: float, core: slice, *, both_strands: bool) -> Scored:
        """The same with the sites of a motif made unknown: see :func:`~motifnet.kernels.sites.mask_sites`."""
        given = self.sequences
        codes = sites.mask_sites(
            given.codes, given.offsets, log_odds, threshold, core, both_strands=both_strands
        )
        return Scored.of(Sequences(codes, given.offsets, given.names, given.intervals))

    def counts(self, found: sites.BestSites, chosen: np.ndarray, width: int, flank: int) -> np.ndarray:
        """Counts of bases around sites: see :func:`motifnet.kernels.sites.count_bases`."""
        return sites.count_bases(self.sequences.codes, self.sequences.offsets, found, chosen, width, flank)
