"""Rank known motifs by enrichment: motifs and sequences in, a run folder out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from motifnet.config import EnrichConfig
from motifnet.datasets.baselines import gc_score, length_score, told_baselines
from motifnet.datasets.contrast import Contrast, contrast
from motifnet.datasets.controls import choose_controls
from motifnet.datasets.windows import read_targets
from motifnet.errors import InvalidValue, shown
from motifnet.io.databases import Database, load_database
from motifnet.io.genome import Genome
from motifnet.kernels.threads import use_threads
from motifnet.motifs import Motif
from motifnet.progress import Progress, Silent
from motifnet.report.pages.enrichment import EnrichmentResult, render_enrichment
from motifnet.report.tables.enrichment import central_tsv, enrichment_tsv, spacing_tsv
from motifnet.runs.folder import Output, RunFolder
from motifnet.runs.memory import check_memory
from motifnet.runs.record import Stopwatch, checksums, job_record, write_text
from motifnet.runs.sources import motif_file
from motifnet.runs.strands import strand_for
from motifnet.scanning.best_sites import Scorer
from motifnet.scanning.enriched import GRID, Enriched, rank_by_enrichment
from motifnet.scanning.out_of_reach import told_out_of_reach
from motifnet.scanning.spaced import Spacing, spacings
from motifnet.stats.enrichment import too_few_to_tell
from motifnet.stats.scores import auroc
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.wording import NAMED, counted, listed, verb

_SIGNIFICANT = 0.05  # E-value that every comparison should be able to give
_BYTES_OF_SITE = 4  # of its place, which half of the sequences have at most


def enrich(
    motif_source: str | Path,
    targets: Sequence[Path],
    output: Path,
    config: EnrichConfig,
    *,
    overwrite: bool = False,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> EnrichmentResult:
    """Test known motifs for enrichment, position and spacing, and write a run folder.

    Parameters
    ----------
    motif_source : str or Path
        Motifs in any known format, a run folder, or ``"jaspar"``.
    targets : sequence of Path
        FASTA, BED or narrowPeak files; all of them are one set.
    output : Path
        The run folder.
    config : EnrichConfig
        All options.
    overwrite : bool
        Replace a run that is already there.
    command : sequence of str
        The command line, for the record.
    progress : Progress, optional
        Told what is going on.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.
    """
    with RunFolder(output).taken(overwrite=overwrite) as folder:
        return _enriched(
            motif_file(Path(motif_source)), targets, folder, config, command, progress or Silent()
        )


def _enriched(
    motif_source: Path,
    targets: Sequence[Path],
    folder: RunFolder,
    config: EnrichConfig,
    command: Sequence[str],
    progress: Progress,
) -> EnrichmentResult:
    """The same in a folder that is taken."""
    use_threads(config.enriching.threads)
    watch = Stopwatch()
    with watch.stage("read"):
        inputs = checksums(_inputs(motif_source, targets, config))
        database = load_database(motif_source)
        _check_primary(config.enriching.primary, database)
        config = _with_strand(config, database, motif_source, targets)
        compared = _compared(targets, config)
    motifs, warnings = _fitting(database.motifs, compared.sequences)
    _tell(database, compared, progress)
    check_memory(
        f"testing {len(motifs):,} motifs in {len(compared.sequences):,} sequences",
        _BYTES_OF_SITE * len(motifs) * len(compared.sequences),
        "test parts of the motifs, or fewer sequences",
    )
    scorer = _scorer(motifs, compared, config)
    with watch.stage("enrich"):
        ranked = _ranked(scorer, compared, config, progress)
    with watch.stage("space"):
        spaced = _spaced(scorer, ranked, compared, config, progress)
    record = job_record(config, command=command, inputs=inputs, seconds=watch.seconds)
    warnings = [
        *compared.warnings,
        *warnings,
        *_out_of_reach(ranked, config),
        *_too_few(compared, len(motifs), config),
        *_baseline_warnings(compared),
        *_primary_warnings(config.enriching.primary, spaced),
    ]
    result = EnrichmentResult(folder.path.name, database.name, compared, ranked, spaced, warnings, record)
    with folder.results(record) as results:
        _write(results, result)
    return result


def _with_strand(
    config: EnrichConfig, database: Database, motif_source: Path, targets: Sequence[Path]
) -> EnrichConfig:
    """The options, of which the strand is known."""
    strand = strand_for(config.enriching.strand, "both", database.motifs, motif_source, targets)
    return config.with_options("enriching", strand=strand)


def _inputs(motif_source: Path, targets: Sequence[Path], config: EnrichConfig) -> list[Path]:
    """All files that a run reads, but for the genome, whose size makes a checksum slow."""
    known = [] if str(motif_source) == "jaspar" else [motif_source]
    optional = [config.controls.control, config.controls.blacklist]
    return [*known, *targets, *(path for path in optional if path is not None)]


def _check_primary(primary: str | None, database: Database) -> None:
    names = {name for motif in database.motifs for name in (motif.name, motif.alt_name) if name}
    if primary is not None and primary not in names:
        near = difflib.get_close_matches(primary, sorted(names), n=NAMED, cutoff=0)
        raise InvalidValue("primary", primary, f"a motif of {database.name}, such as {', '.join(near)}")


def _compared(targets: Sequence[Path], config: EnrichConfig) -> Contrast:
    """Targets and controls, read or made."""
    with ExitStack() as stack:
        genome = None
        if config.reading.genome is not None:
            genome = stack.enter_context(Genome(config.reading.genome))
        read = [read_targets(path, config.reading, genome) for path in targets]
        maker = choose_controls(targets, read, config.reading, config.controls, genome)
        if config.controls.control is not None:
            config.enriching.tell_idle("seed", since="controls are given, and nothing else is drawn")
        both_strands = config.enriching.strand == "both"
        return contrast(_together(read), maker, both_strands=both_strands, seed=config.enriching.seed)


def _together(parts: Sequence[Sequences]) -> Sequences:
    return parts[0] if len(parts) == 1 else Sequences.concatenate(parts)


def _fitting(motifs: Sequence[Motif], sequences: Sequences) -> tuple[list[Motif], list[str]]:
    """The motifs that some sequence has room for, and what to say of the others."""
    longest = int(sequences.lengths.max(initial=0))
    fitting = [motif for motif in motifs if motif.width <= longest]
    wider = [shown(motif.name) for motif in motifs if motif.width > longest]
    if not fitting:
        least = min(motif.width for motif in motifs)
        raise InvalidValue("width of the narrowest motif", least, f"at most {longest}, the longest sequence")
    if not wider:
        return fitting, []
    are = f"{counted(len(wider), 'motif')} {verb(len(wider), 'is', 'are')}"
    return fitting, [f"{are} wider than all sequences ({longest} bases) and left out: {listed(wider)}."]


def _tell(database: Database, compared: Contrast, progress: Progress) -> None:
    progress.log(f"motifs: {len(database.motifs):,} of {database.name}")
    progress.log(f"{compared.n_targets:,} targets")
    for reason, n in compared.removed.items():
        progress.log(f"left out: {n:,} {reason}")
    progress.log(f"controls: {compared.source}")
    for sentence in (*compared.notes, *compared.warnings):
        progress.log(sentence)


def _scorer(motifs: Sequence[Motif], compared: Contrast, config: EnrichConfig) -> Scorer:
    """Against the bases of targets and controls together, so that neither is favoured."""
    both_strands = config.enriching.strand == "both"
    background = Background.fit(compared.sequences, 0, strand_symmetric=both_strands)
    return Scorer(motifs, background, both_strands=both_strands)


def _ranked(scorer: Scorer, compared: Contrast, config: EnrichConfig, progress: Progress) -> list[Enriched]:
    options = config.enriching
    with progress.stage("test", len(scorer.motifs)) as stage:
        return rank_by_enrichment(
            scorer,
            compared.sequences,
            compared.is_target,
            _p_values(config),
            log10_e=float(np.log10(options.max_e)),
            advance=stage.advance,
        )


def _spaced(
    scorer: Scorer, ranked: Sequence[Enriched], compared: Contrast, config: EnrichConfig, progress: Progress
) -> list[Spacing]:
    """Spacings to the primary; to none where none was asked for and nothing is enriched."""
    options = config.enriching
    primary = next((one for one in ranked if options.primary in (one.motif.name, one.motif.alt_name)), None)
    if options.primary is None and ranked[0].log10_e <= np.log10(options.max_e):
        primary = ranked[0]
    if primary is None:
        return []
    targets = compared.sequences.select(compared.is_target)
    with progress.stage(f"space around {shown(primary.motif.name)}", len(ranked)) as stage:
        return spacings(
            scorer,
            primary,
            ranked,
            targets,
            max_gap=options.max_gap,
            log10_e=float(np.log10(options.max_e)),
            advance=stage.advance,
        )


def _p_values(config: EnrichConfig) -> tuple[float, ...]:
    """Those of a site among which each motif has its threshold."""
    given = config.enriching.site_p_value
    return GRID if given is None else (given,)


def _out_of_reach(ranked: Sequence[Enriched], config: EnrichConfig) -> list[str]:
    loosest = max(_p_values(config))
    beyond = sorted((one for one in ranked if one.least_p_value > loosest), key=lambda one: one.index)
    motifs, best = [one.motif for one in beyond], [one.least_p_value for one in beyond]
    return told_out_of_reach(motifs, best, f"a p-value of {loosest:g} or less", len(ranked))


def _too_few(compared: Contrast, n_motifs: int, config: EnrichConfig) -> list[str]:
    most = min(_SIGNIFICANT, config.enriching.max_e)
    told = too_few_to_tell(compared.n_targets, compared.n_controls, n_motifs, most)
    return [] if told is None else [told]


def _baseline_warnings(compared: Contrast) -> list[str]:
    scores = [score(compared.sequences) for score in (gc_score, length_score)]
    areas = [auroc(values[compared.is_target], values[~compared.is_target]) for values in scores]
    return told_baselines(*areas)


def _primary_warnings(primary: str | None, spaced: Sequence[Spacing]) -> list[str]:
    if primary is None or spaced:
        return []
    return [f"no spacing was tested: no site of {primary} in the targets has one of a motif around it."]


def _write(folder: Path, result: EnrichmentResult) -> None:
    """Everything but the record."""
    texts = {
        Output.ENRICHMENT: enrichment_tsv(result.ranked),
        Output.CENTRAL: central_tsv(result.ranked),
        Output.SPACING: spacing_tsv(result.spacings),
        Output.REPORT: render_enrichment(result),
    }
    for name, text in texts.items():
        write_text(folder / name, text)
