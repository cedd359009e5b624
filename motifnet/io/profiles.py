"""Profile HMMs and what they align: the model as JSON, alignments as A2M, sites as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from motifnet.errors import CheckpointError
from motifnet.io.json_models import read_json_model, write_json_model
from motifnet.io.text import atomic_write

VERSION = 1
"""Of the format of ``model.json``."""

PROFILE_SITE_COLUMNS = (
    "seq_ID", "site_Start", "site_End", "site_Strand", "posterior", "log_odds",
    "spacers", "deletions", "site_Sequence",
)  # fmt: skip
"""Columns of the table of sites of a profile."""

_MOST_OFF = 1e-6  # from one, of a row of probabilities
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Row = tuple[Probability, Probability, Probability, Probability]


class SpacerRecord(BaseModel):
    """What ``model.json`` holds of a :class:`motifnet.hmm.profile.Spacer`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: Annotated[int, Field(ge=1)]
    shortest: Annotated[int, Field(ge=0)]
    probabilities: Annotated[tuple[Probability, ...], Field(min_length=1)]


class ProfileRecord(BaseModel):
    """What ``model.json`` holds: the parameters of a :class:`motifnet.hmm.profile.ProfileHmm`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["motifnet profile"] = "motifnet profile"
    version: Literal[1] = 1
    gap_tie: Literal["gapless", "shared", "own", "spacer"]
    insert_tie: Literal["background", "shared", "own"]
    strand: Literal["single", "both"]
    background: Row
    transitions: Annotated[tuple[Row, ...], Field(min_length=1)]
    match: Annotated[tuple[Row, ...], Field(min_length=1)]
    insert: tuple[Row, ...]
    gaps: tuple[Row, ...]
    spacer: SpacerRecord | None
    digest: str | None = None

    @model_validator(mode="after")
    def _as_wide_as_each_other(self) -> ProfileRecord:
        if not len(self.match) == len(self.insert) == len(self.gaps):
            raise ValueError("match, insert and gaps must have one row for each column")
        if len(self.transitions) not in (1, 4, 16):
            raise ValueError(f"{len(self.transitions)} rows of transitions, not 1, 4 or 16")
        return self

    @model_validator(mode="after")
    def _spacer_is_between_columns(self) -> ProfileRecord:
        if (self.spacer is not None) != (self.gap_tie == "spacer"):
            raise ValueError("a spacer goes with the gap_tie 'spacer', and with no other")
        if self.spacer is not None:
            if self.spacer.before >= len(self.match):
                raise ValueError("a spacer must have a column on either side")
            if abs(sum(self.spacer.probabilities) - 1) > _MOST_OFF:
                raise ValueError("lengths of the spacer do not sum to 1")
        return self

    @model_validator(mode="after")
    def _rows_sum_to_one(self) -> ProfileRecord:
        for name, rows in (
            ("background", (self.background,)),
            ("transitions", self.transitions),
            ("match", self.match),
            ("insert", self.insert),
        ):
            for number, row in enumerate(rows, 1):
                if abs(sum(row) - 1) > _MOST_OFF:
                    raise ValueError(f"row {number} of {name} sums to {sum(row):g}, and not to 1")
        return self


class ProfileSite(NamedTuple):
    """One site of a profile.

    Parameters
    ----------
    name : str
        Of the sequence.
    start, end : int
        0-based, half-open, within the sequence as it was read.
    strand : str
        ``"+"`` or ``"-"``.
    posterior : float
        Mean probability of the matches of the site.
    log_odds : float
        Of the path against flanks alone, in bits.
    spacers : mapping of int to int
        By the 1-based column before it, the length of each insertion.
    deletions : sequence of int
        1-based columns that are deleted.
    text : str
        The bases, in the orientation of the profile.
    """

    name: str
    start: int
    end: int
    strand: str
    posterior: float
    log_odds: float
    spacers: dict[int, int]
    deletions: Sequence[int]
    text: str


def write_profile(path: str | Path, record: ProfileRecord) -> None:
    """Write a profile as JSON."""
    write_json_model(path, record)


def read_profile(path: str | Path) -> ProfileRecord:
    """Read the ``model.json`` of ``motifnet profile``.

    Raises
    ------
    MissingFile
        If there is no such file.
    CheckpointError
        If it does not hold a profile of this version, or is not as it was written.
    """
    return read_json_model(path, ProfileRecord, "motifnet profile", CheckpointError)


def write_a2m(path: str | Path, names: Sequence[str], rows: Iterable[str]) -> None:
    """Write rows of an alignment as aligned FASTA (A2M), all of one length.

    Upper-case letters and ``-`` are columns of the profile, lower-case letters and ``.`` are
    insertions between them.
    """
    with atomic_write(path) as handle:
        for name, row in zip(names, rows, strict=True):
            handle.write(f">{name}\n{row}\n")


def write_profile_sites(path: str | Path, sites: Iterable[ProfileSite]) -> None:
    """Write sites as a table with a header: see :data:`PROFILE_SITE_COLUMNS`.

    Places are 1-based and inclusive. ``spacers`` has ``column:length`` for each insertion, after
    the column that it follows.
    """
    with atomic_write(path) as handle:
        handle.write("\t".join(PROFILE_SITE_COLUMNS) + "\n")
        for site in sites:
            spacers = ",".join(f"{column}:{length}" for column, length in site.spacers.items())
            cells = (
                site.name, site.start + 1, site.end, site.strand, f"{site.posterior:.6g}",
                f"{site.log_odds:.4f}", spacers, ",".join(map(str, site.deletions)), site.text,
            )  # fmt: skip
            handle.write("\t".join(map(str, cells)) + "\n")
