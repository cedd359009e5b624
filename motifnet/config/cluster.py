"""Options of ``motifnet cluster``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from motifnet.config.stage import Config, Stage
from motifnet.strand import Strand


class ClusterOptions(Stage):
    """How motifs are grouped, and how the tree is drawn."""

    min_similarity: float = Field(
        0.7,
        gt=0,
        le=1,
        description="Least mean similarity of groups of motifs that are joined to one family; 1 is the same "
        "matrix.",
    )
    strand: Literal[Strand.AUTO, Strand.BOTH, Strand.SINGLE] = Field(
        Strand.AUTO,
        description="Motifs may be reverse-complemented to fit, or not; auto is 'both', and 'single' for RNA "
        "and motifs of one strand.",
    )
    leaves: Literal["auto", "motifs", "families"] = Field(
        "auto", description="What the tree shows: motifs, families, or motifs unless they are too many."
    )
    colour_blind_safe: bool = Field(default=False, description="Colours that differ for all readers.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")


class ClusterConfig(Config):
    """All options of ``motifnet cluster``."""

    clustering: ClusterOptions = ClusterOptions()
