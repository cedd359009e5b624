"""Motifs as values: matrices, consensus, comparison, merging. No files and no training here."""

from motifnet.motifs.consensus import consensus
from motifnet.motifs.motif import Motif

__all__ = ["Motif", "consensus"]
