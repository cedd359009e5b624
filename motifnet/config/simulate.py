"""Options of ``motifnet simulate``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from motifnet.config.shared import BackgroundNameIfGiven, BackgroundOrder, SeedOption, StrandOption
from motifnet.config.stage import Config


class SimulateOptions(StrandOption, SeedOption):
    """What is planted, in what."""

    motif: tuple[str, ...] = Field((), description="IUPAC word to plant, as WORD or WORD:SHARE of targets.")
    motif_file: Path | None = Field(
        None, description="Motifs to plant, all of a file of any known format or of a run folder."
    )
    share: float = Field(
        0.8, ge=0, le=1, description="Share of targets that get a motif without a share of its own."
    )
    n_targets: int = Field(1000, ge=1, description="Sequences with planted motifs.")
    n_controls: int = Field(0, ge=0, description="Sequences without.")
    length: int = Field(200, ge=1, description="Length of a sequence.")
    max_length: int | None = Field(None, ge=1, description="Draw lengths from --length to this.")
    gc: float = Field(0.42, ge=0.01, le=0.99, description="GC content of a background without --background.")
    background: BackgroundNameIfGiven = None
    background_order: BackgroundOrder = 2
    position: Literal["uniform", "centred"] = Field("uniform", description="Where sites lie.")


class SimulateConfig(Config):
    """All options of ``motifnet simulate``."""

    simulation: SimulateOptions = SimulateOptions()
