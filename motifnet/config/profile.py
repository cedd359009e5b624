"""Options of ``motifnet profile``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from motifnet.config.reading import FileOptions
from motifnet.config.stage import Config, Stage
from motifnet.strand import Strand


class ProfileOptions(Stage):
    """How a profile HMM is learnt."""

    motif: Path | None = Field(
        None, description="Motif file whose first motif is the start; without it frequent words are."
    )
    strand: Literal[Strand.SINGLE, Strand.BOTH] = Field(
        Strand.SINGLE, description="Sites on the given strand alone, or on either."
    )
    tie: Literal["gaps", "none"] = Field(
        "gaps",
        description="What is tied: 'gaps' (one chance that a gap opens and one that it goes on for all "
        "columns), or 'none' (each column its own; the tied model is learnt as well).",
    )
    inserts: Literal["background", "shared", "own"] = Field(
        "background",
        description="Bases of insertions: as the background, with one distribution for all places, or with "
        "one for each.",
    )
    gaps: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether the profile has gaps; auto takes the model of the smallest BIC."
    )
    width: Literal["auto", "fixed"] = Field(
        "auto", description="Whether columns may be added and dropped, or stay those of the start."
    )
    max_width: int = Field(60, ge=4, le=200, description="Columns at most.")
    max_rounds: int = Field(200, ge=1, description="Rounds of Baum-Welch at most, for each model.")
    pseudocount: float = Field(0.5, gt=0, description="Sites of background added to each column.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")


class ProfileConfig(Config):
    """All options of ``motifnet profile``."""

    reading: FileOptions = FileOptions()
    profile: ProfileOptions = ProfileOptions()
