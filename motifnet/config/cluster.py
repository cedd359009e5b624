"""Options of ``motifnet cluster``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from motifnet.config.shared import ColourOption, StrandOption, ThreadsOption
from motifnet.config.stage import Config


class ClusterOptions(StrandOption, ColourOption, ThreadsOption):
    """How motifs are grouped, and how the tree is drawn."""

    min_similarity: float = Field(
        0.7,
        gt=0,
        le=1,
        description="Least mean similarity of groups of motifs that are joined to one family; 1 is the same "
        "matrix.",
    )
    leaves: Literal["auto", "motifs", "families"] = Field(
        "auto", description="What the tree shows: motifs, families, or motifs unless they are too many."
    )


class ClusterConfig(Config):
    """All options of ``motifnet cluster``."""

    clustering: ClusterOptions = ClusterOptions()
