"""Options of ``motifnet compare``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from motifnet.config.stage import Config, Stage
from motifnet.strand import Strand


class CompareOptions(Stage):
    """Which motifs match, and what is written of them."""

    max_q: float = Field(0.5, gt=0, le=1, description="Largest q-value of a match.")
    max_e: float | None = Field(None, gt=0, description="Largest E-value of a match; any if not given.")
    min_overlap: int = Field(
        1, ge=1, description="Fewest columns that a match shares; all of a narrower motif."
    )
    most: int = Field(0, ge=0, description="Matches of a motif at most, the best ones; 0 lists all.")
    strand: Literal[Strand.AUTO, Strand.BOTH, Strand.SINGLE] = Field(
        Strand.AUTO,
        description="Compare with both strands of the known motifs, or the given one alone; auto is 'both', "
        "and 'single' for RNA and motifs of one strand.",
    )
    pseudocount: float = Field(0.1, ge=0, description="Sites of background added to each column.")


class CompareConfig(Config):
    """All options of ``motifnet compare``."""

    comparing: CompareOptions = CompareOptions()
