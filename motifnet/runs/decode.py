"""Decode sites of given motifs: motifs and sequences in, a run folder out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np

from motifnet.config.decode import DecodeConfig, DecodingOptions
from motifnet.config.reading import ReadingOptions
from motifnet.datasets.names import named_apart
from motifnet.datasets.windows import holds_peaks, read_targets, tell_idle_reading
from motifnet.errors import InvalidValue, shown
from motifnet.hmm.known_sites import Lesson, taught
from motifnet.hmm.motif_hmm import Decoding, MotifHMM, Refinement, StrandTie, leaving_background, refine
from motifnet.hmm.site_clusters import ClusterHMM
from motifnet.io.bed import read_bed
from motifnet.io.databases import load_database
from motifnet.io.decoded import (
    DecodedMotif,
    write_decoded_bed,
    write_decoded_tsv,
    write_sequences_tsv,
    write_track,
)
from motifnet.io.genome import opened
from motifnet.io.motif_files import write_meme
from motifnet.io.text import write_text
from motifnet.motifs import Motif, matrix
from motifnet.progress import Progress, Silent
from motifnet.report.pages.posteriors import (
    MOST_BASES,
    MOST_TRACKS,
    PosteriorResult,
    PosteriorTrack,
    render_posteriors,
)
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, Job, JobKind, RunArguments, RunData, begun, digest_of
from motifnet.runs.page_files import files_of_run
from motifnet.runs.sources import motif_file
from motifnet.runs.strands import strand_for
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences
from motifnet.symbols.background import Background
from motifnet.wording import counted, listed, verb

_log = logging.getLogger(__name__)

_RATE_ROUNDS = 50
_LEARNT_FROM = 1 << 24  # bases from which rates and motifs are learnt, if there are more
_PIECE = 1 << 16  # bases of a stretch of these
_TRACK_LEAST = 0.01  # posterior probability of a site that shows in a track


class DecodedRun(NamedTuple):
    """What a run decoded.

    Parameters
    ----------
    model : MotifHMM or ClusterHMM
        With the rates, and the motifs if they were refined.
    sequences : Sequences
        What was read.
    decoded : Decoding
        The sites.
    """

    model: MotifHMM | ClusterHMM
    sequences: Sequences
    decoded: Decoding


def decode(
    motifs: str | Path,
    targets: Paths,
    output: str | Path,
    config: DecodeConfig | None = None,
    **run: Unpack[RunArguments],
) -> DecodedRun:
    """Find the sites of motifs by a hidden Markov model, and write a run folder.

    Parameters
    ----------
    motifs : str or Path
        A motif file of any known format, a run folder, or ``jaspar``.
    targets : path or sequence of path
        FASTA, BED or narrowPeak files.
    output : Path
        The run folder.
    config : DecodeConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    DecodedRun
        The model, the sequences, and the sites in them.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> how = SimulateConfig().with_options("simulation", motif=("TGASTCAC:0.7",), n_targets=50, length=60)
    >>> made = motifnet.simulate("made", how)
    >>> found = motifnet.decode("made/motifs.meme", "made/targets.fa", "run")
    >>> 25 < len(found.decoded.sites[0]) < 45
    True
    """
    file, targets = motif_file(Path(motifs)), paths_of(targets)
    inputs = {"motifs": [file], "targets": targets}
    with begun("decode", output, config or DecodeConfig(), inputs, **run) as job:
        return _decoded(job, file, targets)


def _decoded(job: Job[DecodeConfig], file: Path, targets: Sequence[Path]) -> DecodedRun:
    """The same in a run that has begun."""
    progress = job.progress
    with job.stage("read"):
        motifs = _motifs(file)
        asked = job.config.decoding.strand
        job.settle("decoding", strand=strand_for(asked, motifs, file, targets))
        config = job.config
        sequences = _sequences(targets, config.reading, progress)
    job.uses(_digest(sequences))
    _check_widths(motifs, sequences)
    _tell_idle(config, targets)
    progress.log(f"{len(motifs)} motifs, {len(sequences):,} sequences of {len(sequences.codes):,} bases")
    with job.stage("learn"):
        model = _learnt(motifs, sequences, config.decoding, progress)
    with job.stage("decode"):
        options = config.decoding
        decoded = _decode(model, sequences, options, progress)
    run = DecodedRun(model, sequences, decoded)
    warnings = _without_sites(run, options)
    for sentence in warnings:
        _log.warning(sentence)
    record = job.record()
    with job.results(record) as results:
        _write(results, run, options)
        page = PosteriorResult(
            job.folder.path.name,
            model.motifs,
            decoded.sites,
            decoded.posterior,
            decoded.n_sites,
            decoded.present,
            _tracks(run),
            warnings,
            record,
        )
        write_text(results / Output.REPORT, render_posteriors(page, files_of_run(results)))
    return run


def _decode(
    model: MotifHMM | ClusterHMM, sequences: Sequences, options: DecodingOptions, progress: Progress
) -> Decoding:
    if isinstance(model, ClusterHMM):
        return model.decode(sequences, threshold=options.min_posterior, progress=progress)
    viterbi = options.decoding == "viterbi"
    return model.decode(sequences, threshold=options.min_posterior, viterbi=viterbi, progress=progress)


def _shown_in_tracks(model: MotifHMM | ClusterHMM, sequences: Sequences) -> Decoding:
    """Sites that are probable enough to be seen."""
    if isinstance(model, ClusterHMM):
        return model.decode(sequences, threshold=_TRACK_LEAST)
    return model.decode(sequences, threshold=_TRACK_LEAST, presence=False)


def _tracks(run: DecodedRun) -> list[PosteriorTrack]:
    """The sequences that the model tells best from background, each around its most probable site."""
    best = np.argsort(-run.decoded.log_odds, kind="stable")
    best = best[run.sequences.lengths[best] > 0][:MOST_TRACKS]
    some = run.sequences.select(np.sort(best))
    shown = _shown_in_tracks(run.model, some)
    tables = [np.zeros((len(run.model.motifs), int(length) + 1)) for length in some.lengths]
    for i, (sites, posterior) in enumerate(zip(shown.sites, shown.posterior, strict=True)):
        for at, start, probability in zip(
            sites.index.tolist(), sites.start.tolist(), posterior.tolist(), strict=True
        ):
            tables[at][i, start] += probability
            tables[at][i, start + sites.width] -= probability
    tracks = []
    for name, table in zip(some.names, tables, strict=True):
        covered = np.minimum(table.cumsum(1)[:, :-1], 1)
        last = max(covered.shape[1] - MOST_BASES, 0)
        start = min(max(int(covered.max(0).argmax()) - MOST_BASES // 2, 0), last)
        tracks.append(PosteriorTrack(name, start, covered[:, start : start + MOST_BASES]))
    return tracks


def _tell_idle(config: DecodeConfig, targets: Sequence[Path]) -> None:
    """Warn of options that others, or the input, leave without effect."""
    options, reading = config.decoding, config.reading
    if options.sites == "oops":
        options.tell_idle("rate", since="with --sites oops every sequence has one site of each motif")
    if options.known_sites is not None:
        options.tell_idle(
            "background_order", since="known sites are scored against single bases (--known-sites)"
        )
    if options.sites != "clusters":
        options.tell_idle("followed", "max_step", since="sites do not come in clusters (--sites clusters)")
    if options.decoding == "viterbi":
        options.tell_idle(
            "min_posterior", since="the sites of the likeliest path are told (--decoding viterbi)"
        )
    if not options.refine:
        options.tell_idle("pseudocount", "max_rounds", since="no motif is refined (--refine)")
        options.tell_idle("strand_tie", since="matrices of the strands differ once refined alone (--refine)")
    if options.strand is Strand.SINGLE:
        options.tell_idle("strand_tie", since="the given strand alone is looked at (--strand single)")
    tell_idle_reading(reading, targets)
    if not any(map(holds_peaks, targets)):
        reading.tell_idle("genome", since="all input is FASTA")


def _without_sites(run: DecodedRun, options: DecodingOptions) -> list[str]:
    """Name the motifs of which no place is probable enough, with the sites that are expected of each."""
    expected = run.decoded.n_sites.sum(0)
    without = [i for i, sites in enumerate(run.decoded.sites) if not len(sites)]
    if not without:
        return []
    least = f"of --min-posterior {options.min_posterior:g}"
    what = "on the likeliest path" if options.decoding == "viterbi" else least
    names = [f"{shown(run.model.motifs[i].name)} ({expected[i]:.2g} expected)" for i in without]
    have = verb(len(without), "has", "have")
    of_all = counted(len(expected), "motif")
    return [f"{len(without)} of {of_all} {have} no site {what}: {listed(names)}"]


def _again(inputs: Inputs, config: DecodeConfig) -> RunData:
    """The sequences of a run that was made before."""
    sequences = _sequences(inputs["targets"], config.reading, Silent())
    return RunData(targets=sequences, digest=_digest(sequences))


def _digest(sequences: Sequences) -> str:
    return digest_of(sequences.codes, sequences.offsets)


JOBS.register("decode")(JobKind(DecodeConfig, _again))


def _motifs(path: Path) -> list[Motif]:
    motifs = load_database(path).motifs
    names = [motif.name for motif in motifs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidValue(f"name of a motif in {path}", twice[0], "a name of its own for each motif")
    return motifs


def _sequences(targets: Sequence[Path], options: ReadingOptions, progress: Progress) -> Sequences:
    parts = []
    with opened(options.genome) as genome, progress.stage("read", len(targets)) as step:
        for path in targets:
            parts.append(read_targets(path, options, genome))
            step.advance()
    return named_apart(Sequences.concatenate(parts))


def _check_widths(motifs: Sequence[Motif], sequences: Sequences) -> None:
    longest = int(sequences.lengths.max(initial=0))
    for motif in motifs:
        if motif.width > longest:
            raise InvalidValue(
                f"width of motif {motif.name}", motif.width, f"at most {longest}, the longest sequence"
            )


def _learnt(
    motifs: Sequence[Motif], sequences: Sequences, options: DecodingOptions, progress: Progress
) -> MotifHMM | ClusterHMM:
    """The model with what it learns from the sequences: background, rates, and motifs if asked."""
    order = options.background_order if options.known_sites is None else 0
    background = Background.fit(sequences, order, strand_symmetric=options.strand.reads_both)
    rates = None if options.rate is None or options.sites == "oops" else [options.rate] * len(motifs)
    model = MotifHMM.from_motifs(
        motifs,
        background,
        rates=rates,
        density="any" if options.sites == "clusters" else options.sites,
        strand=_strand_tie(options),
    )
    some = _some(sequences)
    if options.known_sites is not None:
        return _taught(model, sequences, some, options.known_sites, options, progress)
    if options.sites == "clusters":
        return _clustered(model, some, options, progress)
    if options.rate is None and options.sites != "oops":
        model = refine(model, some, max_rounds=_RATE_ROUNDS, emissions=False, progress=progress).model
    if options.refine:
        return _refined(model, some, options, progress)
    return model


def _clustered(model: MotifHMM, some: Sequences, options: DecodingOptions, progress: Progress) -> ClusterHMM:
    """The model whose sites come in clusters."""
    if options.rate is None:
        model = _with_own_rates(model, some, progress)
    # Of all sites, a share follows another one; the others begin a cluster.
    model = model.with_rates(model.rates * (1 - options.followed))
    return ClusterHMM.anywhere(model, options.followed, options.max_step)


def _with_own_rates(model: MotifHMM, some: Sequences, progress: Progress) -> MotifHMM:
    """The model with the rate of each motif as if it were alone."""
    rates = []
    for m, rate in enumerate(model.rates.tolist()):
        alone = model.alone(m, rate)
        alone = refine(alone, some, max_rounds=_RATE_ROUNDS, emissions=False, progress=progress).model
        rates.append(float(alone.rates[0]))
    return model.with_rates(leaving_background(rates))


def _taught(
    model: MotifHMM,
    sequences: Sequences,
    some: Sequences,
    path: Path,
    options: DecodingOptions,
    progress: Progress,
) -> MotifHMM | ClusterHMM:
    """The model with what known sites teach; of motifs without any, rates are learnt as without them."""
    known = _known_sites(path, model.motifs)
    if options.rate is None:
        model = _with_own_rates(model, some, progress)
    found = taught(model, sequences, known, followed=options.followed, most=options.max_step)
    without = [motif.name for motif, one in zip(model.motifs, found.lessons, strict=True) if one is None]
    if len(without) == len(model.motifs):
        raise InvalidValue(
            f"sites of {path} in the sequences",
            0,
            "one or more: contigs of the BED are names of sequences, or of the genome they are from",
        )
    for motif, lesson in zip(model.motifs, found.lessons, strict=True):
        if lesson is not None:
            progress.log(_lesson_in_words(motif.name, lesson))
    if not without:
        options.tell_idle("rate", "followed", since="known sites of all motifs tell it (--known-sites)")
    else:
        names = listed([shown(name) for name in without])
        _log.warning(f"{path} has no site in the sequences of {names}, whose rate is learnt without")
    return found.clustered(sequences) if options.sites == "clusters" else found.model


def _known_sites(path: Path, motifs: Sequence[Motif]) -> dict[str, list[Interval]]:
    """Known sites by name of motif."""
    names = {motif.name for motif in motifs}
    known: dict[str, list[Interval]] = {}
    others: set[str] = set()
    for peak in read_bed(path):
        if peak.name in names:
            known.setdefault(peak.name, []).append(peak.interval)
        else:
            others.add(peak.name)
    if not known:
        raise InvalidValue(f"names in column 4 of {path}", listed(sorted(others)[:3]), "names of motifs")
    return known


def _lesson_in_words(name: str, lesson: Lesson) -> str:
    return (
        f"{shown(name)}: {counted(lesson.n_sites, 'known site')}, one in {1 / lesson.rate:,.0f} bases; "
        f"log-odds count {lesson.sharpness:.2f}; {lesson.neighbours.followed:.0%} are followed by another"
    )


def _refined(model: MotifHMM, some: Sequences, options: DecodingOptions, progress: Progress) -> MotifHMM:
    refined = refine(
        model, some, max_rounds=options.max_rounds, pseudocount=options.pseudocount, progress=progress
    )
    progress.log(_told(refined))
    return refined.model


def _strand_tie(options: DecodingOptions) -> StrandTie:
    """What the matrices of the two strands have in common."""
    if not options.strand.reads_both:
        return "single"
    return "tied" if options.strand_tie == "tied" else "untied"


def _some(sequences: Sequences) -> Sequences:
    """Evenly spaced stretches of the sequences, if they are long, that are enough to learn from."""
    if len(sequences.codes) <= _LEARNT_FROM:
        return sequences
    first, last = sequences.offsets[:-1].tolist(), sequences.offsets[1:].tolist()
    begins = [at for begin, end in zip(first, last, strict=True) for at in range(begin, end, _PIECE)]
    ends = [
        min(at + _PIECE, end)
        for begin, end in zip(first, last, strict=True)
        for at in range(begin, end, _PIECE)
    ]
    every = -(-len(sequences.codes) // _LEARNT_FROM)
    return Sequences.from_codes([sequences.codes[begins[i] : ends[i]] for i in range(0, len(begins), every)])


def _told(refined: Refinement) -> str:
    n_rounds, gain = len(refined.objective) - 1, refined.objective[-1] - refined.objective[0]
    why = "nothing more to gain" if refined.converged else "more rounds would gain more"
    return f"refined in {n_rounds} rounds: {gain:,.1f} nats gained, {why}"


def _write(folder: Path, run: DecodedRun, options: DecodingOptions) -> None:
    model, sequences, decoded = run
    found = _named(model, decoded)
    write_decoded_bed(folder / Output.SITES_BED, found)
    write_decoded_tsv(folder / Output.SITES, found)
    write_sequences_tsv(
        folder / Output.SEQUENCES,
        sequences,
        model.motifs,
        decoded.log_odds,
        decoded.n_sites,
        decoded.present,
    )
    if options.bedgraph:
        shown = _shown_in_tracks(model, sequences)
        write_track(folder / Output.TRACK, _named(model, shown), independent=options.sites != "any")
    if isinstance(model, MotifHMM) and options.refine:
        single_stranded = not options.strand.reads_both
        write_meme(folder / Output.MEME, _refined_motifs(model), single_stranded=single_stranded)


def _named(model: MotifHMM | ClusterHMM, decoded: Decoding) -> list[DecodedMotif]:
    parts = zip(model.motifs, decoded.sites, decoded.posterior, strict=True)
    return [DecodedMotif(*part) for part in parts]


def _refined_motifs(model: MotifHMM) -> list[Motif]:
    """The motifs as they are in the model; untied, that of each strand by itself."""
    if model.strand != "untied":
        return [_emitted(motif, one[0].T) for motif, one in zip(model.motifs, model.emissions, strict=True)]
    return [
        _emitted(replace(motif, name=f"{motif.name}_{strand}"), matrix_of_strand)
        for motif, one in zip(model.motifs, model.emissions, strict=True)
        for strand, matrix_of_strand in (
            ("forward", one[0].T),
            ("reverse", matrix.reverse_complement(one[1].T)),
        )
    ]


def _emitted(motif: Motif, probabilities: np.ndarray) -> Motif:
    return replace(motif, counts=probabilities * motif.n_sites)
