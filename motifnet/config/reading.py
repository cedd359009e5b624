"""Options that several commands share: how files are read, and what targets are compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from motifnet.config.stage import Short, Stage


class FileOptions(Stage):
    """How files of sequences and of intervals are read."""

    degap: bool = Field(
        default=False,
        description="Take the gaps (- . *) out of aligned sequences, which are refused otherwise.",
    )
    max_skipped: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Largest share of the lines (BED) or records (FASTA) of a file that may be left out or "
        "clipped, with a warning, before the file is refused.",
    )


Window = Annotated[
    int,
    Field(
        ge=0,
        description="Bases around the summit (narrowPeak) or centre (BED) of a peak; 0 keeps intervals as "
        "they are.",
    ),
]


class ReadingOptions(FileOptions):
    """What to read, and how."""

    genome: Annotated[Path | None, Short("g")] = Field(
        None, description="Genome FASTA (plain, gzip or bgzip) that BED files refer to."
    )
    window: Window = 200
    mask_lowercase: bool = Field(default=False, description="Read soft-masked (lower-case) bases as unknown.")


class WholeReadingOptions(ReadingOptions):
    """What to look for sites in, and how it is read."""

    window: Window = 0


class ControlOptions(Stage):
    """What the targets are compared with."""

    control: Path | None = Field(
        None, description="Control sequences (FASTA, or BED with --genome); without it controls are made."
    )
    match_controls: bool = Field(
        default=True,
        description="Where GC content alone tells targets from the controls that are given, or length if "
        "means differ by more than a twentieth, use those that match targets in composition, and shuffles "
        "of the targets that none matches; if fewer than ten targets have a match, what is made without "
        "--control.",
    )
    blacklist: Path | None = Field(None, description="BED of regions that no control may overlap.")
    controls_per_target: int = Field(
        0, ge=0, le=100, description="Controls made for each target; 0 chooses by the number of targets."
    )
    shuffle_klet: int = Field(
        0,
        ge=0,
        le=6,
        description="Length of the words whose counts a shuffled control keeps (FASTA input); 0 chooses: 3 "
        "beside given controls that match targets, 2 without any.",
    )
