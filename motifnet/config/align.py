"""Options of ``motifnet align``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from motifnet.config.shared import (
    FORMAT,
    CircularOption,
    RoundsOption,
    SeedOption,
    StrandOption,
    ThreadsOption,
)
from motifnet.config.stage import NAMES_FILE, Config, Stage
from motifnet.errors import InvalidValue

GIGABYTE = 1e9
"""Bytes of a gigabyte, as memory is told."""


class GapClassesOption(Stage):
    """How many kinds of gaps a pair HMM has."""

    gap_classes: Literal["auto", "1", "2"] = Field(
        "auto",
        description="Classes of gaps; with 2, short and long gaps have their own chances. auto learns both "
        "models and takes that of the smaller BIC.",
    )


class PairModelOptions(RoundsOption, GapClassesOption):
    """Which pair HMM, under which ties."""

    mode: Literal["global", "semi-global", "local"] = Field(
        "global",
        description="Align whole sequences; overlapping ones, whose ends hang over freely; or their best "
        "parts.",
    )
    pair_tie: Annotated[tuple[str, ...], NAMES_FILE] = Field(
        ("lineages",),
        description="What is tied: 'gaps' (opening, extension and bases of gaps of both sequences), 'match' "
        "(a column of A and C is as likely as one of C and A), 'lineages' (both), 'open', 'extend', "
        "'insert', 'strand' (bases as their complements), 'none', or a file of groups.",
    )
    substitution: Literal["full", "jc69", "k80", "hky85"] = Field(
        "full", description="How matched bases differ: a free table, or a substitution model."
    )
    divergence: Literal["shared", "own"] = Field(
        "shared",
        description="One divergence for all pairs, or a time for each under rates that all share (with a "
        "substitution model).",
    )
    parameters: Path | None = Field(
        None,
        description="An earlier run, or its model.json, whose pair HMM is used as it is; without it one is "
        "learnt.",
    )
    tolerance: float = Field(
        1e-3, gt=0, description="Learning stops when a round gains less than this, in nats."
    )
    prior_count: float = Field(0.1, ge=0, description="Added to every expected count.")

    @model_validator(mode="after")
    def _times_need_rates(self) -> PairModelOptions:
        if self.divergence == "own":
            if self.substitution == "full" or self.mode != "global":
                raise InvalidValue(
                    "divergence", "own", "'shared' without a substitution model, or if not global"
                )
            if self.parameters is not None:
                raise InvalidValue("divergence", "own", "'shared' with --parameters")
        return self


class PairReadingOptions(StrandOption, CircularOption):
    """Which sequences are paired, on which strand, and how much work a pair may be."""

    species: tuple[str, ...] = Field(
        (), description="Names of the two sequences to take from a FASTA or MAF file with more."
    )
    band: int = Field(
        60,
        ge=0,
        description="Long pairs are worked on where alignments may go: until what is at the edge of that is "
        "less than 2 ** -BAND probable; 0 works on all cells.",
    )
    memory: float = Field(2.0, gt=0, description="Memory to use at most, in GB.")

    @property
    def memory_bytes(self) -> float:
        """Memory to use at most, in bytes."""
        return self.memory * GIGABYTE

    @model_validator(mode="after")
    def _two_species(self) -> PairReadingOptions:
        if self.species and len(self.species) != 2:
            raise InvalidValue(
                "species", list(self.species), "two names, such as --species hg18 --species mm9"
            )
        return self


class AligningOptions(PairReadingOptions, SeedOption, ThreadsOption):
    """How pairs are aligned, and what is written."""

    method: Literal["mea", "viterbi"] = Field(
        "mea",
        description="The alignment of maximum expected accuracy, or the single most probable one.",
    )
    gamma: float = Field(
        3.0,
        gt=0,
        description="What a matched base is worth against one alone in an alignment of maximum expected "
        "accuracy.",
    )
    format: tuple[Literal["fasta", "maf", "paf", "sam"], ...] = Field(
        ("fasta", "maf", "paf"), min_length=1, description=FORMAT
    )
    n_samples: int = Field(
        0, ge=0, le=1000, description="Alignments of each pair to draw from the posterior."
    )
    outgroup: Annotated[str | None, NAMES_FILE] = Field(
        None,
        description="A third sequence for each pair, which tells in which lineage a gap came about: a FASTA "
        "file, or the name of a species in a MAF file, or in a FASTA file with --species.",
    )


class AlignConfig(Config):
    """All options of ``motifnet align``."""

    pair_model: PairModelOptions = PairModelOptions()
    aligning: AligningOptions = AligningOptions()

    @model_validator(mode="after")
    def _samples_are_global(self) -> AlignConfig:
        if self.aligning.n_samples and self.pair_model.mode != "global":
            raise InvalidValue("n_samples", self.aligning.n_samples, "0 where --mode is not 'global'")
        return self

    @model_validator(mode="after")
    def _lineages_are_global_and_shared(self) -> AlignConfig:
        if self.aligning.outgroup is not None:
            for name, needed in (("mode", "global"), ("divergence", "shared")):
                if (given := getattr(self.pair_model, name)) != needed:
                    raise InvalidValue(name, given, f"{needed!r} with --outgroup")
        return self
