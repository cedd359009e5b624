"""Align pairs of sequences: files in, a run folder out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import numpy as np

from motifnet.config.align import GIGABYTE, AlignConfig, AligningOptions, PairReadingOptions
from motifnet.errors import InvalidValue, NotEnoughMemory, shown
from motifnet.hmm.model_file import read_learnt, read_models, write_learnt
from motifnet.hmm.pair_alignments import PairAlignments, learn_and_align
from motifnet.hmm.pair_estimates import LOG_LIKELIHOOD, MODEL_OF_ALL, N_FREE
from motifnet.hmm.pair_fit import PairFit
from motifnet.hmm.pair_learn import OF_ALL, candidate_ties, max_classes
from motifnet.hmm.pair_orient import MOST_NAMED, orient
from motifnet.hmm.pair_times import SharedProcess
from motifnet.hmm.pair_tracks import confidence_tracks
from motifnet.io.alignment_formats.mappings import references_of
from motifnet.io.alignments import write_alignments
from motifnet.io.pairs import read_pairs
from motifnet.io.posteriors import PlacedPosterior, write_confidence, write_posteriors
from motifnet.io.text import atomic_write, write_text
from motifnet.kernels.pair_hmm.cpu import Band, memory_of
from motifnet.kernels.threads import n_threads
from motifnet.report.pages.alignments import AlignmentResult, GroupEstimates, render_alignments
from motifnet.runs.folder import Output, RunFolder
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, Job, JobKind, RunArguments, RunData, begun
from motifnet.runs.outgroup import read_third, with_lineages, write_origins
from motifnet.runs.page_files import files_of_run
from motifnet.runs.strands import strand_for
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.pairs import PairedSequences
from motifnet.symbols.place import Place
from motifnet.wording import counted, listed

_MOST_UNEQUAL = 50  # times the shorter length, in a global alignment
_FILES = {
    "fasta": Output.ALIGNED_FASTA,
    "maf": Output.ALIGNED_MAF,
    "paf": Output.ALIGNED_PAF,
    "sam": Output.ALIGNED_SAM,
}
_YES_NO = {True: "yes", False: "no"}
_BYTES_OF_PAIR, _BYTES_OF_BASE = 3000, 40  # that are kept until all is written


def align(
    inputs: Paths,
    output: str | Path,
    config: AlignConfig | None = None,
    **run: Unpack[RunArguments],
) -> PairAlignments:
    """Learn a pair HMM from pairs of sequences, align them, and write a run folder.

    Parameters
    ----------
    inputs : path or sequence of path
        One or two files (see :func:`motifnet.io.pairs.read_pairs`).
    output : Path
        The run folder.
    config : AlignConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    PairAlignments
        The pairs, aligned, and the models that aligned them.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> _ = Path("pairs.tsv").write_text("name\\tx\\ty\\nenhancer\\tTTGACGTCAGGCTA\\tTTGACGTAGGCTA\\n")
    >>> found = motifnet.align("pairs.tsv", "run")
    >>> found.pairs[0].alignment.n_matches
    13
    """
    inputs = paths_of(inputs)
    check_number(inputs)
    config = _with_parameters(config or AlignConfig())
    with begun("align", output, config, {"targets": inputs}, **run) as job:
        return _run(job, inputs)


def check_number(inputs: Sequence[Path]) -> None:
    """Refuse more than two files of pairs.

    Raises
    ------
    InvalidValue
    """
    if len(inputs) > 2:
        raise InvalidValue("number of input files", len(inputs), "one file, or two")


def _with_parameters(config: AlignConfig) -> AlignConfig:
    """The options, with the file of the model of the run that they name."""
    path = config.pair_model.parameters
    if path is None or not path.is_dir():
        return config
    RunFolder(path).complete()
    return config.with_options("pair_model", parameters=path / Output.HMM)


def read_given(inputs: Sequence[Path], config: AlignConfig) -> PairedSequences:
    """The pairs of one file, or of two."""
    species = config.aligning.species
    return read_pairs(*inputs, species=(species[0], species[1]) if species else None)


def as_one_group(pairs: PairedSequences) -> tuple[PairedSequences, list[str]]:
    """The pairs as if all came about under one model, and a warning where there is reason to doubt it."""
    groups = list(pairs.by_group())
    if len(groups) < 2:
        return pairs, []
    named = listed([shown(group) for group in groups], MOST_NAMED)
    warning = f"pairs are of {len(groups)} groups ({named}), and one model is of all (--species takes two)"
    return pairs.as_one_group(), [warning]


def _again(inputs: Inputs, config: AlignConfig) -> RunData:
    """The pairs of a run that was made before, as they were read."""
    pairs = read_given(inputs["targets"], config)
    return RunData(targets=pairs.x, of_kind=pairs)


JOBS.register("align")(JobKind(AlignConfig, _again, lambda folder: read_learnt(folder / Output.HMM)))


def _run(job: Job[AlignConfig], inputs: Sequence[Path]) -> PairAlignments:
    """The same in a run that has begun."""
    job.settle("aligning", strand=strand_for(job.config.aligning.strand, targets=inputs))
    config, progress = job.config, job.progress
    options = config.aligning
    _tell_idle(config)
    path = config.pair_model.parameters
    source = candidate_ties(config.pair_model) if path is None else read_models(path)
    with job.stage("read"):
        pairs = read_given(inputs, config)
        outgroup = read_third(inputs, config, pairs)
        pairs, of_groups = (pairs, []) if outgroup is None else as_one_group(pairs)  # three lineages
    band = band_of(options)
    check_pairs(pairs, config)
    progress.log(f"{counted(len(pairs), 'pair')}, {len(pairs.x.codes):,} and {len(pairs.y.codes):,} bases")
    with job.stage("relate"):
        oriented = orient(pairs, config, band)
        oriented.warnings.extend(of_groups)
    check_memory(oriented.pairs, config, max_classes(source), band)
    run = learn_and_align(oriented, source, config, band, progress=progress, stage=job.stage)
    if outgroup is not None:
        with job.stage("tell lineages"):
            run = with_lineages(run, oriented.pairs, outgroup, config, band, progress)
    record = job.record()
    with job.results(record) as results:
        _write(results, run, options, record, job.folder.path.name)
    return run


def _tell_idle(config: AlignConfig) -> None:
    """Warn of options that others leave without effect."""
    options, of_model = config.aligning, config.pair_model
    if options.method == "viterbi":
        options.tell_idle("gamma", since="the most probable alignment weighs nothing (--method viterbi)")
    if not options.n_samples:
        options.tell_idle("seed", since="nothing is drawn (--n-samples)")
    if of_model.parameters is not None:
        of_learning = [name for name in type(of_model).model_fields if name not in ("mode", "parameters")]
        of_model.tell_idle(*of_learning, since="nothing is learnt: --parameters are used as they are")


def band_of(options: PairReadingOptions) -> Band:
    """The band that pairs are aligned in, and what of the memory each thread may keep."""
    numbers = int(options.memory_bytes / 8 / n_threads() / np.dtype(np.float64).itemsize)
    return Band(bits=options.band or -1, n_numbers=max(numbers, 1))


def check_pairs(pairs: PairedSequences, config: AlignConfig) -> None:
    """Refuse pairs of which one is many times as long as the other, and more than can be kept.

    Raises
    ------
    InvalidValue, NotEnoughMemory
    """
    lengths = zip(pairs.names, pairs.x.lengths.tolist(), pairs.y.lengths.tolist(), strict=True)
    for name, n, m in lengths:
        if config.pair_model.mode == "global" and max(n, m) > _MOST_UNEQUAL * min(n, m):
            raise InvalidValue(
                f"lengths of pair {shown(name)}",
                f"{n:,} and {m:,}",
                f"lengths within a factor of {_MOST_UNEQUAL}, or --mode semi-global or local",
            )
    kept = len(pairs) * _BYTES_OF_PAIR + (len(pairs.x.codes) + len(pairs.y.codes)) * _BYTES_OF_BASE
    if kept > config.aligning.memory_bytes:
        hint = "use more (--memory), or align a part of them at a time"
        what = f"what is kept of {len(pairs):,} pairs"
        raise NotEnoughMemory(what, kept / GIGABYTE, config.aligning.memory, hint)
    if "sam" in config.aligning.format:
        references_of([_unaligned(pairs, i) for i in range(len(pairs))])


def check_memory(pairs: PairedSequences, config: AlignConfig, n_classes: int, band: Band) -> None:
    """Refuse pairs that take too much memory where they are worked on.

    Raises
    ------
    NotEnoughMemory
    """
    most = config.aligning.memory_bytes
    for i, name in enumerate(pairs.names):
        x, y = pairs[i]
        needed = memory_of(x, y, n_classes, config.pair_model.mode, band)
        if needed > most:
            hint = "use more (--memory), or align its parts"
            raise NotEnoughMemory(f"pair {shown(name)}", needed / GIGABYTE, config.aligning.memory, hint)


def _unaligned(pairs: PairedSequences, i: int) -> Alignment:
    """A pair before it is aligned, with where its sequences lie."""
    nothing = np.zeros(0, np.uint8)
    x, y = pairs[i]
    x_place, y_place = pairs.x_places[i], pairs.y_places[i]
    return Alignment(pairs.x.names[i], pairs.y.names[i], x, y, nothing, x_place=x_place, y_place=y_place)


def _write(
    folder: Path, run: PairAlignments, options: AligningOptions, record: dict[str, object], title: str
) -> None:
    alignments = [pair.alignment for pair in run.pairs]
    for name in options.format:
        write_alignments(folder / _FILES[name], alignments, name)
    if run.samples:
        write_alignments(folder / Output.SAMPLES, run.samples, "fasta")
    write_posteriors(
        folder / Output.POSTERIORS,
        [
            PlacedPosterior(one.alignment.x_place, one.alignment.y_place, one.posterior)
            for one in run.pairs
            if one.posterior is not None
        ],
    )
    write_confidence(folder / Output.CONFIDENCE, confidence_tracks(run.pairs))
    _write_pairs(folder / Output.PAIRS, run)
    if run.origins is not None:
        write_origins(folder, run.pairs, run.origins)
    if run.fits:
        write_learnt(folder / Output.HMM, run.fits, run.pairs)
    write_text(folder / Output.REPORT, render_alignments(_result(run, record, title), files_of_run(folder)))


_COLUMNS = (
    "name",
    "x",
    "y",
    "x_length",
    "y_length",
    *(f"{side}_{what}" for side in "xy" for what in ("source", "start", "end", "strand", "source_length")),
    "y_cut",
    "group",
    "model",
    "learnt_from",
    "divergence",
    "log_odds",
    "log_likelihood",
    "n_matches",
    "identity",
    "x_coverage",
    "y_coverage",
    "x_only",
    "y_only",
    "confidence",
    "deviation",
    "edge",
)


def _write_pairs(path: Path, run: PairAlignments) -> None:
    with atomic_write(path) as file:
        file.write("\t".join(_COLUMNS) + "\n")
        rows = zip(run.pairs, run.teaches.tolist(), run.models, run.model_keys, strict=True)
        for pair, teaches, model, key in rows:
            one = pair.alignment
            likelihood = "" if pair.log_likelihood is None else f"{pair.log_likelihood:.6f}"
            cells = (
                pair.name,
                one.x_name,
                one.y_name,
                len(one.x),
                len(one.y),
                *_placed(one.x_place),
                *_placed(one.y_place),
                _cut(one.y_place),
                pair.group,
                "all" if key == OF_ALL else "group",
                _YES_NO[teaches] if run.fits else "",
                f"{1 - model.identity:.6f}",
                f"{one.score:.6f}",
                likelihood,
                one.n_matches,
                f"{one.identity:.6f}",
                *(f"{share:.6f}" for share in one.coverage),
                pair.n_x_only,
                pair.n_y_only,
                f"{pair.mean_confidence:.6f}",
                f"{pair.deviation:.1e}",
                f"{pair.edge:.1e}",
            )
            file.write("\t".join(map(str, cells)) + "\n")


def _placed(place: Place) -> tuple[object, ...]:
    """Where a sequence lies, as cells of the table."""
    length = "" if place.source_length is None else place.source_length
    return place.source, place.start, place.end, place.strand, length


def _cut(place: Place) -> int:
    """The base of a circle at which it was cut; 0 where it was not."""
    is_circle = place.source_length == place.length and place.start > 0
    return int(place.positions(np.array(0))) if is_circle else 0


def _result(run: PairAlignments, record: dict[str, object], title: str) -> AlignmentResult:
    choice = None if run.under.choice is None else run.under.choice.sentence
    told = AlignmentResult(
        title, run.pairs, warnings=run.warnings, record=record, origins=run.origins, choice=choice
    )
    shown = {
        group: {name: value for name, value in named.items() if name not in (LOG_LIKELIHOOD, N_FREE)}
        for group, named in run.estimates.items()
    }
    if len(shown) == 1:
        (of_all,) = shown.values()
        told = replace(told, parameters=of_all)
        one = run.fits.get(OF_ALL)
        if one is None:
            return told
        return replace(told, ties=one.free, log_likelihoods={"all pairs": one.log_likelihood})
    n_pairs = Counter(run.model_keys)
    return replace(
        told,
        groups=[
            GroupEstimates(group or MODEL_OF_ALL, n_pairs[group], named, *_of_fit(run.fits.get(group), group))
            for group, named in shown.items()
        ],
    )


def _of_fit(one: PairFit | SharedProcess | None, group: str) -> tuple[int | None, float | None]:
    """Free parameters and the log-likelihood of a group; that of all pairs together is not of one."""
    if one is None:
        return None, None
    return one.n_free, one.log_likelihood if group != OF_ALL else None
