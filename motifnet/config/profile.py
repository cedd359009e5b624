"""Options of ``motifnet profile``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from motifnet.config.reading import FileOptions
from motifnet.config.shared import BothOrSingle, Pseudocount, RoundsOption, ThreadsOption
from motifnet.config.stage import Config
from motifnet.errors import InvalidValue
from motifnet.strand import Strand


class ProfileOptions(RoundsOption, ThreadsOption):
    """How a profile HMM is learnt."""

    start: Path | None = Field(
        None,
        description="Motif file or run folder whose first motif is the start; without it frequent words are, "
        "and pairs of words that like some distances.",
    )
    strand: BothOrSingle = Strand.SINGLE
    gap_tie: Literal["shared", "own"] = Field(
        "shared",
        description="One chance that a gap opens and one that it goes on for all columns ('shared'), or each "
        "column its 'own'; the tied model is learnt as well.",
    )
    inserts: Literal["background", "shared", "own"] = Field(
        "background",
        description="Bases of insertions: as the background, with one distribution for all places, or with "
        "one for each.",
    )
    gaps: Literal["auto", "always", "never", "spacer"] = Field(
        "auto",
        description="Whether the profile has gaps: in all columns ('always'), in none ('never'), or a spacer "
        "of varying length between two blocks of columns; auto takes the model of the smallest BIC.",
    )
    width: Literal["auto", "fixed"] = Field(
        "auto", description="Whether columns may be added and dropped, or stay those of the start."
    )
    max_columns: int = Field(60, ge=4, le=200, description="Columns at most.")
    pseudocount: Pseudocount = 0.5

    @model_validator(mode="after")
    def _no_base_is_impossible(self) -> ProfileOptions:
        if self.pseudocount == 0:
            raise InvalidValue("pseudocount", 0, "more than 0, since a base that was not seen may come")
        return self


class ProfileConfig(Config):
    """All options of ``motifnet profile``."""

    reading: FileOptions = FileOptions()
    profile: ProfileOptions = ProfileOptions()
