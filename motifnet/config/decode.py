"""Options of ``motifnet decode``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from motifnet.config.reading import WholeReadingOptions
from motifnet.config.shared import (
    BackgroundOrder,
    Pseudocount,
    RefineOption,
    RoundsOption,
    StrandOption,
    ThreadsOption,
)
from motifnet.config.stage import Config
from motifnet.errors import InvalidValue


class DecodingOptions(StrandOption, RefineOption, RoundsOption, ThreadsOption):
    """How sites are decoded."""

    sites: Literal["any", "clusters", "zoops", "oops"] = Field(
        "any",
        description="Sites of a sequence: any number, none of which overlap; any number of each motif, in "
        "clusters in which they may overlap; zero or one of each motif; one of each motif.",
    )
    followed: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="Share of sites that another one of the same motif follows in a cluster.",
    )
    max_step: int = Field(
        60, ge=1, description="Bases from the start of a site to that of the next one of a cluster, at most."
    )
    strand_tie: Literal["tied", "untied"] = Field(
        "tied",
        description="One matrix for both strands ('tied'), or one for each, which differ once they are "
        "refined.",
    )
    decoding: Literal["posterior", "viterbi"] = Field(
        "posterior",
        description="Sites whose posterior probability reaches --min-posterior, or those of the likeliest "
        "path, which do not overlap.",
    )
    min_posterior: float = Field(
        0.5, gt=0, le=1, description="Least posterior probability of a site, on either strand."
    )
    rate: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Rate of each motif: sites a base ('any') or share of sequences with one ('zoops'); "
        "learnt from the sequences if not given.",
    )
    known_sites: Path | None = Field(
        None,
        description="BED of known sites, with names of motifs in column 4: from them is learnt how frequent "
        "sites are, how far scores can be believed, and at which distances sites follow each other.",
    )
    background_order: BackgroundOrder = 2
    pseudocount: Pseudocount = 0.5
    bedgraph: bool = Field(
        default=False, description="Write the posterior probability of each base as a track as well."
    )

    @model_validator(mode="after")
    def _several_sites_in_a_path(self) -> DecodingOptions:
        if self.decoding == "viterbi" and self.sites != "any":
            raise InvalidValue("decoding", self.decoding, "'posterior' where --sites is not 'any'")
        return self

    @model_validator(mode="after")
    def _goes_together(self) -> DecodingOptions:
        if self.refine and self.known_sites is not None:
            raise InvalidValue(
                "refine", self.refine, "no --refine with --known-sites, which says how sharp motifs are"
            )
        if self.known_sites is not None and self.sites not in ("any", "clusters"):
            raise InvalidValue("sites", self.sites, "'any' or 'clusters' with --known-sites")
        if self.refine and self.sites == "clusters":
            raise InvalidValue("sites", self.sites, "'any', 'zoops' or 'oops' with --refine")
        return self


class DecodeConfig(Config):
    """All options of ``motifnet decode``."""

    reading: WholeReadingOptions = WholeReadingOptions()
    decoding: DecodingOptions = DecodingOptions()
