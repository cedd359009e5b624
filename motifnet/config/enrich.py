"""Options of ``motifnet enrich``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.stage import Config, Stage
from motifnet.strand import Strand


class EnrichOptions(Stage):
    """What is asked of known motifs."""

    site_p_value: float | None = Field(
        None,
        gt=0,
        lt=0.5,
        description="p-value of a window from which it is a site; without it the best of 1e-3 to 1e-6 for "
        "each motif, which its p-value takes into account.",
    )
    strand: Literal[Strand.AUTO, Strand.BOTH, Strand.SINGLE] = Field(
        Strand.AUTO,
        description="Look for sites on both strands, or on the given one alone; auto is 'both', and 'single' "
        "for RNA and motifs of one strand.",
    )
    max_e: float = Field(
        10.0, gt=0, description="Largest E-value of a motif, or of a spacing, in the report; tables have all."
    )
    primary: str | None = Field(
        None, description="Motif whose distances to all others are tested; the best one if not given."
    )
    max_gap: int = Field(
        150, ge=0, le=1000, description="Bases at most between two sites whose distance is tested."
    )
    seed: int = Field(0, ge=0, description="Seed of every random choice.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")


class EnrichConfig(Config):
    """All options of ``motifnet enrich``."""

    reading: ReadingOptions = ReadingOptions()
    controls: ControlOptions = ControlOptions()
    enriching: EnrichOptions = EnrichOptions()
