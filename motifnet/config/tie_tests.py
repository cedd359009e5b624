"""Options of ``motifnet test``: those of all its hypotheses, and those of each."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from motifnet.config.align import GapClassesOption, PairReadingOptions
from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.shared import SeedOption, StrandOption, ThreadsOption
from motifnet.config.stage import Config, Stage
from motifnet.errors import InvalidValue

LEAST_ALPHA = 0.001
"""Smallest level of tests by draws, whose p-values may end at 1.4e-4: below, nothing could be rejected."""


class TieTestOptions(SeedOption, ThreadsOption):
    """When a tie is rejected, and when it is justified."""

    alpha: float = Field(
        0.05,
        ge=LEAST_ALPHA,
        lt=0.5,
        description="Chance at which a tie that holds is rejected; of several in one table, the share of "
        "false ones among those rejected (q-value).",
    )
    margin: float = Field(
        0.005,
        gt=0,
        description="Nats of a held-out sequence, pair or site that untying may gain for the tie to be "
        "justified.",
    )


class StrandTestConfig(Config):
    """All options of ``motifnet test strand``."""

    reading: ReadingOptions = ReadingOptions()
    controls: ControlOptions = ControlOptions()
    testing: TieTestOptions = TieTestOptions()


class PositionOptions(StrandOption):
    """Where sites are, and from where that is told."""

    origin: int | None = Field(
        None,
        ge=0,
        description="Base of the sequences, from 0, that distances are told from, such as that of a start of "
        "transcription; the centre of each if not given.",
    )


class PositionTestConfig(Config):
    """All options of ``motifnet test position``."""

    reading: ReadingOptions = ReadingOptions()
    controls: ControlOptions = ControlOptions()
    placing: PositionOptions = PositionOptions()
    testing: TieTestOptions = TieTestOptions()


GAP_PARAMETERS = ("open", "extend")
"""What may be tied between the gaps of two sequences: how often they open, and how long they get."""


class GapTieOptions(GapClassesOption):
    """Which tie between the gaps of two sequences is tested."""

    gap_parameters: tuple[str, ...] = Field(
        GAP_PARAMETERS,
        description="What is tied: 'open' (how often gaps open), 'extend' (how long they get), or both, as "
        "open,extend.",
    )
    piece: int = Field(
        1000,
        ge=100,
        description="Columns of the pieces that pairs are cut into where they are too few for a test.",
    )

    @field_validator("gap_parameters", mode="after")
    @classmethod
    def _known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """Each name once; several may stand in one word, with commas between."""
        names = [name.strip() for word in given for name in word.split(",")]
        unknown = [name for name in names if name not in GAP_PARAMETERS]
        if unknown or not names:
            raise InvalidValue("gap_parameters", ",".join(names), f"some of {', '.join(GAP_PARAMETERS)}")
        return tuple(name for name in GAP_PARAMETERS if name in names)


class IndelTestConfig(Config):
    """All options of ``motifnet test indel``."""

    pairs: PairReadingOptions = PairReadingOptions()
    gaps: GapTieOptions = GapTieOptions()
    testing: TieTestOptions = TieTestOptions()


class RateOptions(Stage):
    """What the rates of pairs are compared by."""

    rate_piece: int = Field(
        50,
        ge=10,
        description="Columns of the pieces that pairs are cut into, to see how rates vary within pairs; "
        "fewer where pairs are short.",
    )


class RateTestConfig(Config):
    """All options of ``motifnet test rate``."""

    pairs: PairReadingOptions = PairReadingOptions()
    rate: RateOptions = RateOptions()
    testing: TieTestOptions = TieTestOptions()


class PalindromeTestConfig(Config):
    """All options of ``motifnet test palindrome``."""

    reading: ReadingOptions = ReadingOptions()
    testing: TieTestOptions = TieTestOptions()


class EmissionsTestConfig(Config):
    """All options of ``motifnet test emissions``."""

    reading: ReadingOptions = ReadingOptions()
    testing: TieTestOptions = TieTestOptions()


class OrientationOptions(Stage):
    """What sites lie along."""

    anchor: Path | None = Field(
        None,
        description="BED of what sites may lie along, such as starts of transcription, with strands in "
        "column 6. It is needed.",
    )
    max_distance: int = Field(
        2_000,
        ge=0,
        description="Bases at most from the centre of a sequence to the 5' end of its nearest anchor.",
    )


class OrientationTestConfig(Config):
    """All options of ``motifnet test orientation``."""

    reading: ReadingOptions = ReadingOptions()
    anchoring: OrientationOptions = OrientationOptions()
    testing: TieTestOptions = TieTestOptions()


class ExperimentsTestConfig(Config):
    """All options of ``motifnet test experiments``, which needs no controls."""

    reading: ReadingOptions = ReadingOptions()
    sites: StrandOption = StrandOption()
    testing: TieTestOptions = TieTestOptions()


class UntyingOptions(Stage):
    """Which ties of a network are taken away, and how often it is trained."""

    untie: tuple[str, ...] = Field(
        (),
        description="Tie to take away: 'strand', 'position', 'tasks' or 'columns'; each that the network "
        "has, by itself, if not given.",
    )
    n_seeds: int = Field(
        3,
        ge=1,
        le=100,
        description="Networks with the tie, and without it, whose losses are averaged; their seeds are "
        "counted up from that of the run.",
    )


class ModelTestConfig(Config):
    """All options of ``motifnet test model``."""

    untying: UntyingOptions = UntyingOptions()
    testing: TieTestOptions = TieTestOptions()
