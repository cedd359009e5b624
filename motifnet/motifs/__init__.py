"""Motifs as values: matrices, sites, consensus, comparison, merging. No files and no training here."""

from motifnet.motifs.consensus import consensus
from motifnet.motifs.motif import Motif
from motifnet.motifs.sites import Site, Sites

__all__ = ["Motif", "Site", "Sites", "consensus"]
