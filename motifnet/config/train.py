"""Options of ``motifnet train``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.shared import (
    MaxE,
    NetworkOptions,
    SeedOption,
    StrandOption,
    ThreadsOption,
)
from motifnet.config.stage import Config, Stage
from motifnet.errors import InvalidValue
from motifnet.strand import Strand


class SplitOptions(Stage):
    """Which sequences train, which choose, which judge."""

    split: Literal["auto", "chromosome", "similarity"] = Field(
        "auto",
        description="How to split: whole chromosomes, or clusters of similar sequences; auto takes "
        "chromosomes "
        "where they are known.",
    )
    validation_fraction: float = Field(
        0.1, gt=0, lt=0.5, description="Share of sequences that choose when to stop."
    )
    test_fraction: float = Field(
        0.3, gt=0, lt=0.5, description="Share of sequences held out for the final test."
    )
    validation_chroms: tuple[str, ...] = Field(
        (), description="Chromosomes for validation, instead of a share."
    )
    test_chroms: tuple[str, ...] = Field((), description="Chromosomes for the test, instead of a share.")
    n_folds: int = Field(
        5,
        ge=3,
        le=20,
        description="Folds of the cross-fit that replaces the held-out part on small sets; very small "
        "ones take more.",
    )
    cross_fit_below: int = Field(
        1000, ge=0, description="Cross-fit when a task has fewer places of targets than this; 0 never does."
    )


class ModelOptions(StrandOption):
    """Which network, under which ties."""

    family: str = Field(
        "shallow", description="Family of networks: 'shallow' finds motifs, 'deep' predicts best."
    )
    strand_model: Literal[Strand.TIED, Strand.AUGMENT, Strand.CONJOINED] = Field(
        Strand.TIED,
        description="How a network reads both strands: one filter for both ('tied'), random flips in "
        "training ('augment'), or both averaged ('conjoined').",
    )
    tie: tuple[str, ...] = Field(
        (),
        description="Symmetry that filters obey, as NAME, NAME:FILTERS for so many of them, and with "
        "arguments, as in inverted_repeat,spacer=3:4; the reference lists the names.",
    )
    family_option: tuple[str, ...] = Field(
        (),
        description="An option that the family alone has, as NAME=VALUE, such as dropout=0.2; the "
        "reference lists them.",
    )
    n_filters: int = Field(16, ge=1, le=4096, description="Filters of the first layer.")
    filter_width: int = Field(24, ge=4, le=64, description="Width of a filter in bases.")

    @property
    def settled_strand(self) -> Strand:
        """How a network handles strands: the given one alone, or both in one of three ways."""
        return Strand.SINGLE if self.strand is Strand.SINGLE else Strand(self.strand_model)


class TrainingOptions(NetworkOptions, SeedOption, ThreadsOption):
    """How the network is fitted."""

    target: str = Field(
        "binary", description="Kind of the labels: 'binary' is a target of the task, or a control."
    )
    max_epochs: int = Field(20, ge=1, description="Epochs at most.")
    patience: int = Field(3, ge=1, description="Epochs without a better validation loss before stopping.")
    learning_rate: float = Field(0.01, gt=0, description="Largest learning rate.")
    weight_decay: float = Field(
        1e-4, ge=0, description="Decoupled weight decay of AdamW, on the free parameters."
    )
    epoch_size: int = Field(20_000, ge=1, description="Sequences an epoch draws at most, afresh each time.")
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto",
        description="Arithmetic of the network; auto is bfloat16 mixed precision on a GPU that has it.",
    )
    compile: bool = Field(default=False, description="Compile the network with torch.compile.")
    repeats: int = Field(
        1,
        ge=1,
        le=100,
        description="Runs with seeds of their own, counted up from --seed: the first gives the motifs, all "
        "of them tell how often each is found again.",
    )


class DiscoveryOptions(Stage):
    """How filters become motifs."""

    n_motifs: int = Field(30, ge=1, le=200, description="Motifs to look for at most.")
    min_width: int = Field(6, ge=3, description="Smallest width of a motif.")
    max_width: int = Field(30, ge=3, le=60, description="Largest width of a motif.")
    site_fpr: float = Field(
        0.05,
        gt=0,
        lt=0.5,
        description="Largest share of control sequences that the site threshold may let through.",
    )
    max_e: MaxE = 0.05
    test_ties: bool = Field(
        default=False,
        description="Test whether the strand and the place matter, and which motifs are palindromes; the "
        "report has the verdicts.",
    )
    keep_repeats: bool = Field(
        default=False,
        description="Count repeats, low complexity and composition as motifs, instead of setting them apart.",
    )
    motif_db: tuple[Path, ...] = Field(
        (),
        description="Known motifs to name ours by (a file of any known format, a run folder, or 'jaspar').",
    )

    @model_validator(mode="after")
    def _widths_in_order(self) -> DiscoveryOptions:
        if self.min_width > self.max_width:
            raise InvalidValue("min_width", self.min_width, f"at most max_width ({self.max_width})")
        return self


class DrawingOptions(Stage):
    """What is drawn of the motifs beside the report."""

    logo_format: tuple[Literal["svg", "png", "pdf"], ...] = Field(
        ("svg",), min_length=1, description="Formats of the logos: 'svg', 'png' or 'pdf'."
    )


class TrainConfig(Config):
    """All options of ``motifnet train``.

    Parameters
    ----------
    reading : ReadingOptions
        How files are read.
    controls : ControlOptions
        What targets are compared with.
    split : SplitOptions
        Which sequences are held out.
    model : ModelOptions
        The network.
    training : TrainingOptions
        How it is trained.
    discovery : DiscoveryOptions
        How motifs are sought, refined and judged.
    drawing : DrawingOptions
        What is drawn of them.

    Examples
    --------
    >>> quick = TrainConfig().with_options("training", max_epochs=2)
    >>> quick.training.max_epochs, quick == TrainConfig(training=TrainingOptions(max_epochs=2))
    (2, True)
    """

    reading: ReadingOptions = ReadingOptions()
    controls: ControlOptions = ControlOptions()
    split: SplitOptions = SplitOptions()
    model: ModelOptions = ModelOptions()
    training: TrainingOptions = TrainingOptions()
    discovery: DiscoveryOptions = DiscoveryOptions()
    drawing: DrawingOptions = DrawingOptions()

    @model_validator(mode="after")
    def _ties_reach_the_motifs(self) -> TrainConfig:
        """Refuse what would let go of a tie on the way from a filter to its motif."""
        if not self.model.tie:
            return self
        if self.model.filter_width > self.discovery.max_width:
            raise InvalidValue(
                "filter_width",
                self.model.filter_width,
                f"at most --max-width ({self.discovery.max_width}) with --tie, since a tied motif is not cut",
            )
        return self
