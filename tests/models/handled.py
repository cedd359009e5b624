"""Options of networks by how they handle strands, in the one word that a network has for it."""

from __future__ import annotations

from motifnet.config.train import ModelOptions
from motifnet.strand import Strand


def handled(strand: str, **options) -> ModelOptions:
    """Options of a network that handles strands so: ``single``, or one of the ways to read both."""
    if strand == Strand.SINGLE:
        return ModelOptions(strand=Strand.SINGLE, **options)
    return ModelOptions(strand_model=strand, **options)
