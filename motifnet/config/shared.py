"""Options that several commands have, each declared here once: its type, its bounds and its sentence.

An option that has one default wherever it stands is a group, which a stage inherits. One whose work differs
from command to command is a type, and the stage that has it says its default.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from motifnet.config.stage import NAMES_FILE, OF_THE_RUN, Short, Stage
from motifnet.strand import Strand

JASPAR = "jaspar"
"""What is given in the place of a file of motifs for the database of the installed package."""

FORMAT = "Format to write; where --output is a file, its ending tells it as well."
"""The sentence of ``--format``, whose words are those of each command."""

BothOrSingle = Annotated[
    Literal[Strand.AUTO, Strand.BOTH, Strand.SINGLE],
    Field(
        description="Both strands, or the given one alone; auto is 'both', and 'single' for RNA and for "
        "motifs of one strand."
    ),
]
_MAX_E = Field(gt=0, description="Largest E-value of what is told as found.")
_MAX_Q = Field(gt=0, le=1, description="Largest q-value of what is told as found.")
MaxE = Annotated[float, _MAX_E]
MaxEIfGiven = Annotated[float | None, _MAX_E]
MaxQ = Annotated[float, _MAX_Q]
MaxQIfGiven = Annotated[float | None, _MAX_Q]
Pseudocount = Annotated[
    float, Field(ge=0, description="Sites of background added to each column of a motif.")
]
_BACKGROUND = Field(
    description="Background: 'uniform', shares of A, C, G, T such as 0.3,0.2,0.2,0.3, that of the file of "
    "'motifs', of the 'sequences' or of the 'genome', or a file, of words and their probabilities or FASTA "
    "to learn it from."
)
BackgroundName = Annotated[str, NAMES_FILE, _BACKGROUND]
BackgroundNameIfGiven = Annotated[str | None, NAMES_FILE, _BACKGROUND]
BackgroundOrder = Annotated[
    int,
    Field(ge=0, le=5, description="Bases before a base that matter to it, in a background that is learnt."),
]


class ThreadsOption(Stage):
    """How many threads compute."""

    threads: Annotated[int, Short("j"), OF_THE_RUN] = Field(
        0, ge=0, description="CPU threads; 0 takes what the machine has."
    )


_SEED = "Seed of all random choices of data and models; samples that only measure are the same in all runs."


class SeedOption(Stage):
    """Where random numbers come from."""

    seed: Annotated[int, OF_THE_RUN] = Field(0, ge=0, description=_SEED)


class StrandOption(Stage):
    """Which strands are looked at."""

    strand: BothOrSingle = Strand.AUTO


class NetworkOptions(Stage):
    """Where a network is computed."""

    device: str = Field("auto", description="'auto', 'cpu', 'cuda' or 'cuda:N'.")
    batch_size: int = Field(256, ge=1, description="Sequences that the network takes at once.")


class RoundsOption(Stage):
    """How long is learnt."""

    max_rounds: int = Field(
        200, ge=1, description="Rounds of expectation and maximisation at most, for each model."
    )


class RefineOption(Stage):
    """Whether motifs are refined."""

    refine: bool = Field(
        default=False,
        description="Refine the motifs by Baum-Welch, under a motif HMM of the sequences they are found in.",
    )


class CircularOption(Stage):
    """Whether sequences have ends."""

    circular: bool = Field(
        default=False, description="Sequences are circles: what reaches the end goes on at the beginning."
    )


class OtherStrandOption(Stage):
    """On which strand motifs are shown."""

    reverse_complement: bool = Field(default=False, description="Take the other strand of each motif.")


class ColourOption(Stage):
    """What letters look like."""

    colour_blind_safe: bool = Field(default=False, description="Colours that differ for all readers.")
