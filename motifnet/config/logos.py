"""Options of ``motifnet logos``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from motifnet.config.shared import FORMAT, ColourOption, OtherStrandOption
from motifnet.config.stage import Config


class LogoOptions(OtherStrandOption, ColourOption):
    """How logos are drawn."""

    kind: Literal["information", "probability", "log-odds"] = Field(
        "information",
        description="Height of a letter: its share of the information of its column in bits, its "
        "probability, or log2(probability / background), below the line where that is negative.",
    )
    format: tuple[Literal["svg", "png", "pdf"], ...] = Field(("svg",), min_length=1, description=FORMAT)
    together: Literal["no", "grid", "stack"] = Field(
        "no",
        description="A file for each motif, one picture of all in rows, or one of all below each other, "
        "aligned to the first.",
    )
    n_columns: int = Field(4, ge=1, le=50, description="Motifs in a row of --together grid.")
    small_sample_correction: bool = Field(
        default=False,
        description="Take from the information of each column what it would have by chance in so few sites.",
    )
    first_position: int = Field(1, description="Number of the first column.")
    dpi: int = Field(300, ge=50, le=1200, description="Resolution of PNG, in pixels an inch.")


class LogoConfig(Config):
    """All options of ``motifnet logos``."""

    logos: LogoOptions = LogoOptions()
