"""Options of ``motifnet convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from motifnet.config.stage import Config, Stage


class ConvertOptions(Stage):
    """Which motifs are converted, and what is done to them."""

    name: tuple[str, ...] = Field(
        (), description="Motifs to take, by first or second name; * and ? stand for any letters."
    )
    only: Path | None = Field(None, description="File of names of motifs to take.")
    reverse_complement: bool = Field(default=False, description="Write the other strand.")
    trim: float = Field(
        0.0, ge=0, le=2, description="Cut ends whose columns bring less information than this, in bits."
    )
    pseudocount: float = Field(0.0, ge=0, description="Sites of background added to each column.")
    background: str | None = Field(
        None,
        description="Background to take instead of that of the input: 'uniform', or shares of A, C, G, T "
        "such as 0.3,0.2,0.2,0.3.",
    )
    alphabet: Literal["auto", "dna", "rna"] = Field(
        "auto", description="Letters to write: T, U, or those of the input."
    )


class ConvertConfig(Config):
    """All options of ``motifnet convert``."""

    converting: ConvertOptions = ConvertOptions()
