"""Options of ``motifnet simulate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from motifnet.config.stage import Config, Short, Stage
from motifnet.strand import Strand


class SimulateOptions(Stage):
    """What is planted, in what."""

    motif: Annotated[tuple[str, ...], Short("m")] = Field(
        (), description="IUPAC word to plant, as WORD or WORD:SHARE of targets."
    )
    motif_file: Path | None = Field(None, description="Motifs to plant, all of a file of any known format.")
    share: float = Field(
        0.8, ge=0, le=1, description="Share of targets that get a motif without a share of its own."
    )
    n_targets: Annotated[int, Short("n")] = Field(1000, ge=1, description="Sequences with planted motifs.")
    n_controls: int = Field(0, ge=0, description="Sequences without.")
    length: int = Field(200, ge=1, description="Length of a sequence.")
    max_length: int | None = Field(None, ge=1, description="Draw lengths from --length to this.")
    gc: float = Field(0.42, ge=0.01, le=0.99, description="GC content.")
    background: Path | None = Field(None, description="FASTA to take the background from, instead of --gc.")
    order: int = Field(2, ge=0, le=5, description="Order of the Markov chain fitted to --background.")
    position: Literal["uniform", "centred"] = Field("uniform", description="Where sites lie.")
    strand: Literal[Strand.BOTH, Strand.SINGLE] = Field(
        Strand.BOTH, description="Strand of the sites: either, or the given one alone."
    )
    seed: int = Field(0, ge=0, description="Seed of every random choice.")


class SimulateConfig(Config):
    """All options of ``motifnet simulate``."""

    simulation: SimulateOptions = SimulateOptions()
