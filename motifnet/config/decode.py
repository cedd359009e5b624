"""Options of ``motifnet decode``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from motifnet.config.reading import ReadingOptions
from motifnet.config.stage import Config, Stage
from motifnet.errors import InvalidValue
from motifnet.strand import Strand


class DecodingOptions(Stage):
    """How sites are decoded."""

    sites: Literal["any", "zoops", "oops"] = Field(
        "any",
        description="Sites of a sequence: any number; zero or one of each motif; one of each motif.",
    )
    strand: Literal[Strand.AUTO, Strand.BOTH, Strand.SINGLE] = Field(
        Strand.AUTO,
        description="Look for sites on both strands, or on the given one alone; auto is 'both', and 'single' "
        "for RNA and motifs of one strand.",
    )
    tie: Literal["strand", "none"] = Field(
        "strand",
        description="What is tied: 'strand' (one matrix for both strands), or 'none' (one for each, which "
        "differ once they are refined).",
    )
    decoding: Literal["posterior", "viterbi"] = Field(
        "posterior",
        description="Sites whose posterior probability reaches --threshold, or those of the likeliest path, "
        "which do not overlap.",
    )
    threshold: float = Field(
        0.5, gt=0, le=1, description="Least posterior probability of a site, on either strand."
    )
    rate: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Rate of each motif: sites a base ('any') or share of sequences with one ('zoops'); "
        "learnt from the sequences if not given.",
    )
    background_order: int = Field(
        2, ge=0, le=3, description="Bases before a base that matter to it in the background."
    )
    refine: int = Field(
        0, ge=0, description="Rounds of Baum-Welch at most that refine the motifs; 0 leaves them as they are."
    )
    pseudocount: float = Field(1.0, ge=0, description="Sites of background added to a motif in each round.")
    bedgraph: bool = Field(
        default=False, description="Write the posterior probability of each base as a track as well."
    )
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")

    @model_validator(mode="after")
    def _several_sites_in_a_path(self) -> DecodingOptions:
        if self.decoding == "viterbi" and self.sites != "any":
            raise InvalidValue("decoding", self.decoding, "'posterior' where --sites is not 'any'")
        return self


class DecodeConfig(Config):
    """All options of ``motifnet decode``."""

    reading: ReadingOptions = ReadingOptions()
    decoding: DecodingOptions = DecodingOptions()
