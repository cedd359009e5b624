"""Every option, declared once: type, bounds, default and one sentence.

From these models come the command-line options, the JSON schema of the workflow, the option
reference in the docs and the record that is saved with a run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from motifnet.errors import InvalidValue


class Stage(BaseModel):
    """A group of options: frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadingOptions(Stage):
    """What to read, and how."""

    genome: Path | None = Field(None, description="Genome FASTA (plain or bgzip) that BED files refer to.")
    window: int = Field(
        200,
        ge=0,
        description="Bases around the summit (narrowPeak) or centre (BED) of a peak; 0 keeps "
        "intervals as they are.",
    )
    mask_lowercase: bool = Field(default=False, description="Read soft-masked (lower-case) bases as unknown.")


class ControlOptions(Stage):
    """What the targets are compared with."""

    control: Path | None = Field(
        None, description="Control sequences (FASTA, or BED with --genome); without it controls are made."
    )
    blacklist: Path | None = Field(None, description="BED of regions that no control may overlap.")
    controls_per_target: int = Field(
        0, ge=0, le=100, description="Controls made for each target; 0 chooses by the number of targets."
    )
    shuffle_klet: int = Field(
        2, ge=1, le=6, description="Length of the words whose counts a shuffled control keeps (FASTA input)."
    )


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
        0.2, gt=0, lt=0.5, description="Share of sequences held out for the final test."
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
        1000, ge=0, description="Cross-fit when a task has fewer targets than this; 0 never does."
    )


class ModelOptions(Stage):
    """Which network, under which ties."""

    model: str = Field("shallow", description="Model family: 'shallow' finds motifs, 'deep' predicts best.")
    strand: Literal["tied", "augment", "conjoined", "single"] = Field(
        "tied",
        description="How the two strands are handled: one filter for both, random flips in training, "
        "both strands "
        "averaged, or the given strand alone (RNA).",
    )
    pool: Literal["logsumexp", "max"] = Field(
        "logsumexp", description="How the scores along a sequence become one."
    )
    n_filters: int = Field(16, ge=1, le=4096, description="Filters of the first layer.")
    filter_width: int = Field(24, ge=4, le=64, description="Width of a filter in bases.")


class TrainingOptions(Stage):
    """How the network is fitted."""

    max_epochs: int = Field(20, ge=1, description="Epochs at most.")
    patience: int = Field(3, ge=1, description="Epochs without a better validation loss before stopping.")
    batch_size: int = Field(256, ge=1, description="Sequences a step.")
    learning_rate: float = Field(0.01, gt=0, description="Largest learning rate.")
    weight_decay: float = Field(
        1e-4, ge=0, description="Decoupled weight decay of AdamW, on the free parameters."
    )
    epoch_size: int = Field(20_000, ge=1, description="Sequences an epoch draws at most, afresh each time.")
    device: str = Field("auto", description="'auto', 'cpu', 'cuda' or 'cuda:N'.")
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto",
        description="Arithmetic of the network; auto is bfloat16 mixed precision on a GPU that has it.",
    )
    compile: bool = Field(default=False, description="Compile the network with torch.compile.")
    seed: int = Field(0, ge=0, description="Seed of every random choice.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")


class DiscoveryOptions(Stage):
    """How filters become motifs."""

    n_motifs: int = Field(10, ge=1, le=200, description="Motifs to look for at most.")
    min_width: int = Field(6, ge=3, description="Smallest width of a motif.")
    max_width: int = Field(30, ge=3, le=60, description="Largest width of a motif.")
    site_fpr: float = Field(
        0.05,
        gt=0,
        lt=0.5,
        description="Largest share of control sequences that the site threshold may let through.",
    )
    refine: Literal["none", "hmm"] = Field(
        "none",
        description="Refine the motifs that filters gave by a motif HMM, on the training sequences.",
    )
    e_value: float = Field(0.05, gt=0, description="Largest E-value of a significant motif.")
    motif_db: tuple[Path, ...] = Field(
        (), description="Known motifs to name ours by (MEME, JASPAR or TRANSFAC format), or 'jaspar'."
    )

    @model_validator(mode="after")
    def _widths_in_order(self) -> DiscoveryOptions:
        if self.min_width > self.max_width:
            raise InvalidValue("min_width", self.min_width, f"at most max_width ({self.max_width})")
        return self


class TrainConfig(Stage):
    """All options of ``motifnet train``."""

    reading: ReadingOptions = ReadingOptions()
    controls: ControlOptions = ControlOptions()
    split: SplitOptions = SplitOptions()
    model: ModelOptions = ModelOptions()
    training: TrainingOptions = TrainingOptions()
    discovery: DiscoveryOptions = DiscoveryOptions()


class DecodingOptions(Stage):
    """How sites are decoded."""

    sites: Literal["any", "zoops", "oops"] = Field(
        "any",
        description="Sites of a sequence: any number; zero or one of each motif; one of each motif.",
    )
    strand: Literal["tied", "untied", "single"] = Field(
        "tied",
        description="One matrix for both strands, one matrix for each (they differ once refined), or the "
        "given strand alone (RNA).",
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


class DecodeConfig(Stage):
    """All options of ``motifnet decode``."""

    reading: ReadingOptions = ReadingOptions()
    decoding: DecodingOptions = DecodingOptions()


class PairModelOptions(Stage):
    """Which pair HMM, under which ties."""

    mode: Literal["global", "semi-global", "local"] = Field(
        "global",
        description="Align whole sequences; overlapping ones, whose ends hang over freely; or their best "
        "parts.",
    )
    tie: tuple[str, ...] = Field(
        ("lineages",),
        description="What is tied: 'gaps' (opening, extension and bases of gaps of both sequences), 'match' "
        "(a column of A and C is as likely as one of C and A), 'lineages' (both), 'open', 'extend', "
        "'insert', 'strand' (bases as their complements), 'none', or a file of groups.",
    )
    gap_classes: Literal["auto", "1", "2"] = Field(
        "auto",
        description="Classes of gaps; with 2, short and long gaps have their own chances. auto learns both "
        "models and takes that of the smaller BIC.",
    )
    substitution: Literal["full", "jc69", "k80", "hky85"] = Field(
        "full", description="How matched bases differ: a free table, or a substitution model."
    )
    divergence: Literal["shared", "own"] = Field(
        "shared",
        description="One divergence for all pairs, or a time for each under rates that all share (with a "
        "substitution model).",
    )
    model: Path | None = Field(
        None, description="model.json of an earlier run, used as it is; without it a model is learnt."
    )
    max_rounds: int = Field(200, ge=1, description="Rounds of expectation and maximisation at most.")
    tolerance: float = Field(
        1e-3, gt=0, description="Learning stops when a round gains less than this, in nats."
    )
    pseudocount: float = Field(0.1, ge=0, description="Added to every expected count.")

    @model_validator(mode="after")
    def _times_need_rates(self) -> PairModelOptions:
        if self.divergence == "own":
            if self.substitution == "full" or self.mode != "global":
                raise InvalidValue(
                    "divergence", "own", "'shared' without a substitution model, or if not global"
                )
            if self.model is not None:
                raise InvalidValue("divergence", "own", "'shared' with a model that is given")
        return self


class AligningOptions(Stage):
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
    circular: bool = Field(
        default=False,
        description="The sequences are circles: rotate the second to begin where the first does.",
    )
    species: tuple[str, ...] = Field(
        (), description="Names of the two sequences to take from a FASTA or MAF file with more."
    )
    format: tuple[Literal["fasta", "maf", "paf", "sam"], ...] = Field(
        ("fasta", "maf", "paf"), description="How alignments are written: 'fasta', 'maf', 'paf' or 'sam'."
    )
    n_samples: int = Field(
        0, ge=0, le=1000, description="Alignments of each pair to draw from the posterior."
    )
    band: int = Field(
        60,
        ge=0,
        description="Cells that hold less than 2 ** -BAND of the best are left out of long pairs; 0 "
        "leaves out none.",
    )
    memory: float = Field(2.0, gt=0, description="Memory to use at most, in GB.")
    seed: int = Field(0, ge=0, description="Seed of every random choice.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")

    @model_validator(mode="after")
    def _two_species(self) -> AligningOptions:
        if self.species and len(self.species) != 2:
            raise InvalidValue(
                "species", list(self.species), "two names, such as --species hg18 --species mm9"
            )
        return self


class AlignConfig(Stage):
    """All options of ``motifnet align``."""

    pair_model: PairModelOptions = PairModelOptions()
    aligning: AligningOptions = AligningOptions()

    @model_validator(mode="after")
    def _samples_are_global(self) -> AlignConfig:
        if self.aligning.n_samples and self.pair_model.mode != "global":
            raise InvalidValue("n_samples", self.aligning.n_samples, "0 where --mode is not 'global'")
        return self


class ProfileOptions(Stage):
    """How a profile HMM is learnt."""

    motif: Path | None = Field(
        None, description="Motif file whose first motif is the start; without it frequent words are."
    )
    strand: Literal["single", "both"] = Field(
        "single", description="Sites on the given strand alone, or on either."
    )
    tie: Literal["gaps", "none"] = Field(
        "gaps",
        description="What is tied: 'gaps' (one chance that a gap opens and one that it goes on for all "
        "columns), or 'none' (each column its own; the tied model is learnt as well).",
    )
    inserts: Literal["background", "shared", "own"] = Field(
        "background",
        description="Bases of insertions: as the background, with one distribution for all places, or with "
        "one for each.",
    )
    gaps: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether the profile has gaps; auto takes the model of the smallest BIC."
    )
    width: Literal["auto", "fixed"] = Field(
        "auto", description="Whether columns may be added and dropped, or stay those of the start."
    )
    max_width: int = Field(60, ge=4, le=200, description="Columns at most.")
    max_rounds: int = Field(200, ge=1, description="Rounds of Baum-Welch at most, for each model.")
    pseudocount: float = Field(0.5, gt=0, description="Sites of background added to each column.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")


class ProfileConfig(Stage):
    """All options of ``motifnet profile``."""

    profile: ProfileOptions = ProfileOptions()
