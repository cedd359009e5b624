"""Options of ``motifnet scan``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from motifnet.config.reading import WholeReadingOptions
from motifnet.config.shared import (
    BackgroundName,
    BackgroundOrder,
    CircularOption,
    MaxQIfGiven,
    NetworkOptions,
    Pseudocount,
    StrandOption,
    ThreadsOption,
)
from motifnet.config.stage import Config
from motifnet.errors import InvalidValue

_P_VALUE = 1e-4  # largest p-value of a hit, unless a threshold is given


class ScanOptions(StrandOption, CircularOption, ThreadsOption):
    """Which hits to tell, and how likely they are by chance."""

    max_p: float | None = Field(
        None, gt=0, le=1, description="Largest p-value of a hit; 0.0001 if no threshold is given."
    )
    max_q: MaxQIfGiven = None
    min_score: float | None = Field(None, description="Least log-odds score of a hit in bits.")
    background: BackgroundName = "sequences"
    background_order: BackgroundOrder = 0
    coordinates: Literal["genome", "sequence"] = Field(
        "genome",
        description="Where hits in peaks are told: in the genome, once where peaks overlap, or in each peak.",
    )
    best: bool = Field(
        default=False, description="Tell the best hit of each motif in each sequence or peak alone."
    )
    overlaps: Literal["all", "best", "non-overlapping"] = Field(
        "all",
        description="Of hits of a motif that overlap, on whichever strand, tell all; the best of those that "
        "hang together; or the best, then the best of what does not overlap it, and so on.",
    )
    across_motifs: bool = Field(
        default=False, description="Let hits of different motifs stand in each other's way, too."
    )
    pseudocount: Pseudocount = 0.1

    @property
    def largest_p_value(self) -> float | None:
        """The p-value that is the threshold, if one is."""
        given = self.max_p, self.max_q, self.min_score
        return _P_VALUE if given == (None, None, None) else self.max_p

    @property
    def is_by_q_value_alone(self) -> bool:
        """Whether the q-value is the one threshold that is given."""
        return self.max_q is not None and self.max_p is None and self.min_score is None


class SlidingOptions(NetworkOptions):
    """How a trained network is slid along a genome (--network)."""

    network_length: int = Field(
        0, ge=0, description="Bases that the network sees at once; 0 takes the window that it was trained on."
    )
    stride: int = Field(
        0, ge=0, description="Bases from one window to the next; 0 takes a quarter of the length."
    )
    min_logit: float = Field(0.0, description="Least score of a site, in logits.")
    task: int = Field(1, ge=1, description="Which of several tasks the score is of, from 1.")


class ScanConfig(Config):
    """All options of ``motifnet scan``."""

    reading: WholeReadingOptions = WholeReadingOptions()
    scanning: ScanOptions = ScanOptions()
    sliding: SlidingOptions = SlidingOptions()

    @model_validator(mode="after")
    def _circles_are_sequences(self) -> ScanConfig:
        if self.scanning.circular and self.scanning.overlaps != "all":
            raise InvalidValue("overlaps", self.scanning.overlaps, "'all' with --circular")
        return self
