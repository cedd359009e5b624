"""Rank known motifs by enrichment: motifs and sequences in, a run folder out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import numpy as np

from motifnet.config.enrich import EnrichConfig
from motifnet.datasets.baselines import gc_score, length_score, told_baselines
from motifnet.datasets.contrast import Contrast
from motifnet.errors import InvalidValue, shown
from motifnet.io.databases import Database, load_database
from motifnet.io.text import write_text
from motifnet.motifs import Motif
from motifnet.progress import Progress, Silent
from motifnet.report.pages.enrichment import EnrichmentResult, render_enrichment
from motifnet.report.tables.enrichment import central_tsv, enrichment_tsv, spacing_tsv
from motifnet.runs.compared import read_compared
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, Job, JobKind, RunArguments, RunData, begun, digest_of
from motifnet.runs.memory import check_memory
from motifnet.runs.page_files import files_of_run
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
    targets: Paths,
    output: str | Path,
    config: EnrichConfig | None = None,
    **run: Unpack[RunArguments],
) -> EnrichmentResult:
    """Test known motifs for enrichment, position and spacing, and write a run folder.

    Parameters
    ----------
    motif_source : str or Path
        Motifs in any known format, a run folder, or ``"jaspar"``.
    targets : path or sequence of path
        FASTA, BED or narrowPeak files; all of them are one set.
    output : Path
        The run folder.
    config : EnrichConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    EnrichmentResult
        What was compared, and the motifs, the most enriched first.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> how = SimulateConfig().with_options("simulation", motif=("TGASTCA:0.7",), n_targets=200, length=60)
    >>> made = motifnet.simulate("made", how)
    >>> found = motifnet.enrich("made/motifs.meme", "made/targets.fa", "run")
    >>> found.ranked[0].motif.name, found.ranked[0].enrichment.n_targets
    ('TGASTCA', 200)
    """
    motif_source, targets = motif_file(Path(motif_source)), paths_of(targets)
    inputs = {"motifs": [motif_source], "targets": targets}
    with begun("enrich", output, config or EnrichConfig(), inputs, **run) as job:
        return _enriched(job, motif_source, targets)


def _enriched(job: Job[EnrichConfig], motif_source: Path, targets: Sequence[Path]) -> EnrichmentResult:
    """The same in a run that has begun."""
    progress = job.progress
    with job.stage("read"):
        database = load_database(motif_source)
        _check_primary(job.config.enriching.primary, database)
        asked = job.config.enriching.strand
        job.settle("enriching", strand=strand_for(asked, database.motifs, motif_source, targets))
        config = job.config
        compared = _compared(targets, config, progress)
    job.uses(_digest(compared))
    motifs, warnings = _fitting(database.motifs, compared.sequences)
    _tell(database, compared, progress)
    check_memory(
        f"testing {len(motifs):,} motifs in {len(compared.sequences):,} sequences",
        _BYTES_OF_SITE * len(motifs) * len(compared.sequences),
        "test parts of the motifs, or fewer sequences",
    )
    scorer = _scorer(motifs, compared, config)
    with job.stage("enrich"):
        ranked = _ranked(scorer, compared, config, progress)
    with job.stage("space"):
        spaced = _spaced(scorer, ranked, compared, config, progress)
    record = job.record()
    warnings = [
        *compared.warnings,
        *warnings,
        *_out_of_reach(ranked, config),
        *_too_few(compared, len(motifs), config),
        *_baseline_warnings(compared),
        *_primary_warnings(config.enriching.primary, spaced),
    ]
    result = EnrichmentResult(job.folder.path.name, database.name, compared, ranked, spaced, warnings, record)
    with job.results(record) as results:
        _write(results, result)
    return result


def _again(inputs: Inputs, config: EnrichConfig) -> RunData:
    """The targets and controls of a run that was made before."""
    compared = _compared(inputs["targets"], config, Silent())
    sequences, is_target = compared.sequences, compared.is_target
    return RunData(sequences.select(is_target), sequences.select(~is_target), _digest(compared), compared)


def _digest(compared: Contrast) -> str:
    return digest_of(compared.sequences.codes, compared.sequences.offsets, compared.is_target)


JOBS.register("enrich")(JobKind(EnrichConfig, _again))


def _check_primary(primary: str | None, database: Database) -> None:
    names = {name for motif in database.motifs for name in (motif.name, motif.alt_name) if name}
    if primary is not None and primary not in names:
        near = difflib.get_close_matches(primary, sorted(names), n=NAMED, cutoff=0)
        raise InvalidValue("primary", primary, f"a motif of {database.name}, such as {', '.join(near)}")


def _compared(targets: Sequence[Path], config: EnrichConfig, progress: Progress) -> Contrast:
    """Targets and controls, read or made."""
    options = config.enriching
    return read_compared(
        targets,
        config.reading,
        config.controls,
        strand=options.strand,
        seed=options.seed,
        progress=progress,
        others=[options],
    )


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
    for sentence in compared.notes:
        progress.log(sentence)


def _scorer(motifs: Sequence[Motif], compared: Contrast, config: EnrichConfig) -> Scorer:
    """Against the bases of targets and controls together, so that neither is favoured."""
    strand = config.enriching.strand
    background = Background.fit(compared.sequences, 0, strand_symmetric=strand.reads_both)
    return Scorer(motifs, background, strand=strand)


def _ranked(scorer: Scorer, compared: Contrast, config: EnrichConfig, progress: Progress) -> list[Enriched]:
    options = config.enriching
    return rank_by_enrichment(
        scorer,
        compared.sequences,
        compared.is_target,
        _p_values(config),
        log10_e=float(np.log10(options.max_e)),
        progress=progress,
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
    return spacings(
        scorer,
        primary,
        ranked,
        targets,
        max_gap=options.max_spacing,
        log10_e=float(np.log10(options.max_e)),
        progress=progress,
    )


def _p_values(config: EnrichConfig) -> tuple[float, ...]:
    """Those of a site among which each motif has its threshold."""
    given = config.enriching.max_site_p
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
    }
    for name, text in texts.items():
        write_text(folder / name, text)
    write_text(folder / Output.REPORT, render_enrichment(result, files_of_run(folder)))
