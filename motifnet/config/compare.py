"""Options of ``motifnet compare``."""

from __future__ import annotations

from pydantic import Field

from motifnet.config.shared import MaxEIfGiven, MaxQ, Pseudocount, StrandOption
from motifnet.config.stage import Config


class CompareOptions(StrandOption):
    """Which motifs match, and what is written of them."""

    max_q: MaxQ = 0.5
    max_e: MaxEIfGiven = None
    min_overlap: int = Field(
        1, ge=1, description="Fewest columns that a match shares; all of a narrower motif."
    )
    max_matches: int = Field(0, ge=0, description="Matches of a motif at most, the best ones; 0 lists all.")
    pseudocount: Pseudocount = 0.1


class CompareConfig(Config):
    """All options of ``motifnet compare``."""

    comparing: CompareOptions = CompareOptions()
