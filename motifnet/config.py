"""Every option, declared once: type, bounds, default and one sentence.

From these models come the command-line options, the JSON schema of the workflow, the option
reference in the docs and the record that is saved with a run.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from motifnet.errors import InvalidValue

_log = logging.getLogger(__name__)

NAMES_FILE = "names a file"
"""Marks an option of text that may be the path of a file, which is then read."""

AUTO_STRAND = "auto"
"""How strands are handled: as the motifs and the sequences are that a command reads."""

_P_VALUE = 1e-4  # largest p-value of a hit, unless a threshold is given


class Stage(BaseModel):
    """A group of options: frozen, strict about names, and without infinite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def tell_idle(self, *names: str, since: str) -> None:
        """Warn of options that were chosen, though what else was chosen leaves them nothing to do.

        Parameters
        ----------
        names : str
            Of the options that have nothing to do; all of them if none is named. An option that has its
            default was not chosen.
        since : str
            Why that is so: a clause.
        """
        for name in names or type(self).model_fields:
            if getattr(self, name) != type(self).model_fields[name].default:
                _log.warning("--%s has no effect, since %s", name.replace("_", "-"), since)

    def with_options(self, stage: str, **values: object) -> Self:
        """The same with other values in one of its groups of options.

        Examples
        --------
        >>> TrainConfig().with_options("training", seed=7).training.seed
        7
        """
        return self.model_copy(update={stage: getattr(self, stage).model_copy(update=values)})


class FileOptions(Stage):
    """How files of sequences and of intervals are read."""

    degap: bool = Field(
        default=False,
        description="Take the gaps (- . *) out of aligned sequences, which are refused otherwise.",
    )
    max_skipped: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Largest share of the lines (BED) or records (FASTA) of a file that may be left out or "
        "clipped, with a warning, before the file is refused.",
    )


class ReadingOptions(FileOptions):
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
        1000, ge=0, description="Cross-fit when a task has fewer places of targets than this; 0 never does."
    )


class ModelOptions(Stage):
    """Which network, under which ties."""

    model: str = Field("shallow", description="Model family: 'shallow' finds motifs, 'deep' predicts best.")
    strand: Literal["auto", "tied", "augment", "conjoined", "single"] = Field(
        AUTO_STRAND,
        description="How the two strands are handled: one filter for both ('tied'), random flips in "
        "training, both strands averaged, or the given strand alone; auto is 'tied', and 'single' for RNA.",
    )
    pool: Literal["logsumexp", "max"] = Field(
        "logsumexp", description="How the scores along a sequence become one."
    )
    n_filters: int = Field(16, ge=1, le=4096, description="Filters of the first layer.")
    filter_width: int = Field(24, ge=4, le=64, description="Width of a filter in bases.")

    @property
    def tie(self) -> str:
        """How a network handles strands: ``"tied"``, where that was left open."""
        return "tied" if self.strand == AUTO_STRAND else self.strand


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
    repeats: int = Field(
        1,
        ge=1,
        le=100,
        description="Runs with seeds of their own, counted up from --seed: the first gives the motifs, all "
        "of them tell how often each is found again.",
    )
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
        (), description="Known motifs to name ours by (a file of any known format), or 'jaspar'."
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
    strand: Literal["auto", "tied", "untied", "single"] = Field(
        AUTO_STRAND,
        description="One matrix for both strands ('tied'), one matrix for each (they differ once refined), "
        "or the given strand alone; auto is 'tied', and 'single' for RNA and motifs of one strand.",
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


class ConvertOptions(Stage):
    """Which motifs are converted, and what is done to them."""

    name: tuple[str, ...] = Field(
        (), description="Motifs to take, by first or second name; * and ? stand for any letters."
    )
    only: Path | None = Field(None, description="File of names of motifs to take.")
    reverse_complement: bool = Field(default=False, description="Write the other strand.")
    trim: float = Field(
        0.0, ge=0, le=2, description="Cut ends whose columns bring less information than this, in bits."
    )
    pseudocount: float = Field(0.0, ge=0, description="Sites of background added to each column.")
    background: str | None = Field(
        None,
        description="Background to take instead of that of the input: 'uniform', or shares of A, C, G, T "
        "such as 0.3,0.2,0.2,0.3.",
    )
    alphabet: Literal["auto", "dna", "rna"] = Field(
        "auto", description="Letters to write: T, U, or those of the input."
    )


class ConvertConfig(Stage):
    """All options of ``motifnet convert``."""

    converting: ConvertOptions = ConvertOptions()


class LogoOptions(Stage):
    """How logos are drawn."""

    kind: Literal["information", "probability", "log-odds"] = Field(
        "information",
        description="Height of a letter: its share of the information of its column in bits, its "
        "probability, or log2(probability / background), below the line where that is negative.",
    )
    together: Literal["no", "grid", "stack"] = Field(
        "no",
        description="A file for each motif, one picture of all in rows, or one of all below each other, "
        "aligned to the first.",
    )
    n_columns: int = Field(4, ge=1, le=50, description="Motifs in a row of --together grid.")
    reverse_complement: bool = Field(default=False, description="Draw the other strand.")
    colour_blind_safe: bool = Field(default=False, description="Colours that differ for all readers.")
    small_sample_correction: bool = Field(
        default=False,
        description="Take from the information of each column what it would have by chance in so few sites.",
    )
    first_position: int = Field(1, description="Number of the first column.")
    dpi: int = Field(300, ge=50, le=1200, description="Resolution of PNG, in pixels an inch.")


class LogoConfig(Stage):
    """All options of ``motifnet logos``."""

    logos: LogoOptions = LogoOptions()


class CompareOptions(Stage):
    """Which motifs match, and what is written of them."""

    max_q: float = Field(0.5, gt=0, le=1, description="Largest q-value of a match.")
    max_e: float | None = Field(None, gt=0, description="Largest E-value of a match; any if not given.")
    min_overlap: int = Field(
        1, ge=1, description="Fewest columns that a match shares; all of a narrower motif."
    )
    most: int = Field(0, ge=0, description="Matches of a motif at most, the best ones; 0 lists all.")
    strand: Literal["auto", "both", "single"] = Field(
        AUTO_STRAND,
        description="Compare with both strands of the known motifs, or the given one alone; auto is 'both', "
        "and 'single' for RNA and motifs of one strand.",
    )
    pseudocount: float = Field(0.1, ge=0, description="Sites of background added to each column.")


class CompareConfig(Stage):
    """All options of ``motifnet compare``."""

    comparing: CompareOptions = CompareOptions()


class ClusterOptions(Stage):
    """How motifs are grouped, and how the tree is drawn."""

    min_similarity: float = Field(
        0.7,
        gt=0,
        le=1,
        description="Least mean similarity of groups of motifs that are joined to one family; 1 is the same "
        "matrix.",
    )
    strand: Literal["auto", "both", "single"] = Field(
        AUTO_STRAND,
        description="Motifs may be reverse-complemented to fit, or not; auto is 'both', and 'single' for RNA "
        "and motifs of one strand.",
    )
    leaves: Literal["auto", "motifs", "families"] = Field(
        "auto", description="What the tree shows: motifs, families, or motifs unless they are too many."
    )
    colour_blind_safe: bool = Field(default=False, description="Colours that differ for all readers.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")


class ClusterConfig(Stage):
    """All options of ``motifnet cluster``."""

    clustering: ClusterOptions = ClusterOptions()


class EnrichOptions(Stage):
    """What is asked of known motifs."""

    site_p_value: float | None = Field(
        None,
        gt=0,
        lt=0.5,
        description="p-value of a window from which it is a site; without it the best of 1e-3 to 1e-6 for "
        "each motif, which its p-value takes into account.",
    )
    strand: Literal["auto", "both", "single"] = Field(
        AUTO_STRAND,
        description="Look for sites on both strands, or on the given one alone; auto is 'both', and 'single' "
        "for RNA and motifs of one strand.",
    )
    max_e: float = Field(
        10.0, gt=0, description="Largest E-value of a motif, or of a spacing, in the report; tables have all."
    )
    primary: str | None = Field(
        None, description="Motif whose distances to all others are tested; the best one if not given."
    )
    max_gap: int = Field(
        150, ge=0, le=1000, description="Bases at most between two sites whose distance is tested."
    )
    seed: int = Field(0, ge=0, description="Seed of every random choice.")
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes what the machine has.")


class EnrichConfig(Stage):
    """All options of ``motifnet enrich``."""

    reading: ReadingOptions = ReadingOptions()
    controls: ControlOptions = ControlOptions()
    enriching: EnrichOptions = EnrichOptions()


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
    strand: Literal["auto", "both", "single"] = Field(
        AUTO_STRAND,
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


class ScanConfig(Stage):
    """All options of ``motifnet scan``."""

    reading: ScanReadingOptions = ScanReadingOptions()
    scanning: ScanOptions = ScanOptions()
    sliding: SlidingOptions = SlidingOptions()

    @model_validator(mode="after")
    def _circles_are_sequences(self) -> ScanConfig:
        if self.scanning.circular and self.scanning.overlaps != "all":
            raise InvalidValue("overlaps", self.scanning.overlaps, "'all' with --circular")
        return self


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
    strand: Literal["both", "single"] = Field(
        "both",
        description="Turn second sequences that are more alike on their other strand, or only tell them.",
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

    reading: FileOptions = FileOptions()
    profile: ProfileOptions = ProfileOptions()
