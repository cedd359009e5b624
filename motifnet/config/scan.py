"""Options of ``motifnet scan``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from motifnet.config.reading import ReadingOptions
from motifnet.config.stage import NAMES_FILE, Config, Stage
from motifnet.errors import InvalidValue
from motifnet.strand import Strand

_P_VALUE = 1e-4  # largest p-value of a hit, unless a threshold is given


class ScanReadingOptions(ReadingOptions):
    """What to scan, and how it is read."""

    window: int = Field(
        0,
        ge=0,
        description="Bases around the summit (narrowPeak) or centre (BED) of a peak; 0 takes all of it.",
    )


class ScanOptions(Stage):
    """Which hits to tell, and how likely they are by chance."""

    p_value: float | None = Field(
        None, gt=0, le=1, description="Largest p-value of a hit; 0.0001 if no threshold is given."
    )
    q_value: float | None = Field(
        None, gt=0, le=1, description="Largest q-value of a hit, among all windows of its motif."
    )
    score: float | None = Field(None, description="Least log-odds score of a hit in bits.")
    background: Annotated[str, NAMES_FILE] = Field(
        "sequences",
        description="Background of scores and p-values: that of the 'sequences' that are scanned, of the "
        "'genome', 'uniform', that of the file of 'motifs', or a file of words and their probabilities.",
    )
    background_order: int = Field(
        0, ge=0, le=3, description="Bases before a base that matter to it in a background that is learnt."
    )
    strand: Literal[Strand.AUTO, Strand.BOTH, Strand.SINGLE] = Field(
        Strand.AUTO,
        description="Look on both strands, or on the given one alone; auto is 'both', and 'single' for RNA "
        "and motifs of one strand.",
    )
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
    circular: bool = Field(
        default=False, description="Sequences are circles: a hit may end beyond the end, at the beginning."
    )
    pseudocount: float = Field(0.1, ge=0, description="Sites of background added to each motif.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")

    @property
    def largest_p_value(self) -> float | None:
        """The p-value that is the threshold, if one is."""
        given = self.p_value, self.q_value, self.score
        return _P_VALUE if given == (None, None, None) else self.p_value

    @property
    def is_by_q_value_alone(self) -> bool:
        """Whether the q-value is the one threshold that is given."""
        return self.q_value is not None and self.p_value is None and self.score is None


class SlidingOptions(Stage):
    """How a trained network is slid along a genome (--model)."""

    length: int = Field(
        0, ge=0, description="Bases that the network sees at once; 0 takes the window that it was trained on."
    )
    stride: int = Field(
        0, ge=0, description="Bases from one window to the next; 0 takes a quarter of the length."
    )
    threshold: float = Field(0.0, description="Least score of a site, in logits.")
    task: int = Field(1, ge=1, description="Which of several tasks the score is of, from 1.")
    device: str = Field("auto", description="'auto', 'cpu', 'cuda' or 'cuda:N'.")
    batch_size: int = Field(512, ge=1, description="Windows that the network takes at once.")


class ScanConfig(Config):
    """All options of ``motifnet scan``."""

    reading: ScanReadingOptions = ScanReadingOptions()
    scanning: ScanOptions = ScanOptions()
    sliding: SlidingOptions = SlidingOptions()

    @model_validator(mode="after")
    def _circles_are_sequences(self) -> ScanConfig:
        if self.scanning.circular and self.scanning.overlaps != "all":
            raise InvalidValue("overlaps", self.scanning.overlaps, "'all' with --circular")
        return self
