"""Options of ``motifnet convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from motifnet.config.shared import BackgroundName, OtherStrandOption, Pseudocount
from motifnet.config.stage import Config


class ConvertOptions(OtherStrandOption):
    """Which motifs are converted, and what is done to them."""

    name: tuple[str, ...] = Field(
        (), description="Motifs to take, by first or second name; * and ? stand for any letters."
    )
    only: Path | None = Field(None, description="File of names of motifs to take.")
    trim: float = Field(
        0.0, ge=0, le=2, description="Cut ends whose columns bring less information than this, in bits."
    )
    pseudocount: Pseudocount = 0.0
    background: BackgroundName = "motifs"
    alphabet: Literal["auto", "dna", "rna"] = Field(
        "auto", description="Letters to write: T, U, or those of the input."
    )


class ConvertConfig(Config):
    """All options of ``motifnet convert``."""

    converting: ConvertOptions = ConvertOptions()
