"""Options of ``motifnet enrich``."""

from __future__ import annotations

from pydantic import Field

from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.shared import MaxE, SeedOption, StrandOption, ThreadsOption
from motifnet.config.stage import Config


class EnrichOptions(StrandOption, SeedOption, ThreadsOption):
    """What is asked of known motifs."""

    max_site_p: float | None = Field(
        None,
        gt=0,
        lt=0.5,
        description="Largest p-value of a site; without it the best of 1e-3 to 1e-6 for "
        "each motif, which its p-value takes into account.",
    )
    max_e: MaxE = 10.0
    primary: str | None = Field(
        None, description="Motif whose distances to all others are tested; the best one if not given."
    )
    max_spacing: int = Field(
        150, ge=0, le=1000, description="Bases at most between two sites whose distance is tested."
    )


class EnrichConfig(Config):
    """All options of ``motifnet enrich``."""

    reading: ReadingOptions = ReadingOptions()
    controls: ControlOptions = ControlOptions()
    enriching: EnrichOptions = EnrichOptions()
