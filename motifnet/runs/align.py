"""Align pairs of sequences: files in, a run folder out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np

from motifnet.config.align import AlignConfig, AligningOptions, PairModelOptions
from motifnet.errors import InvalidValue, NotEnoughMemory, shown
from motifnet.hmm.model_file import read_model, write_model
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import align as align_pair
from motifnet.hmm.pair_align import sample
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.pair_times import SharedProcess, fit_times
from motifnet.hmm.related import more_words, related
from motifnet.hmm.rotation import rotation
from motifnet.io.alignments import write_alignments
from motifnet.io.mappings import references_of
from motifnet.io.pairs import read_pairs
from motifnet.io.posteriors import (
    PlacedPosterior,
    Track,
    overlap,
    tracks_of,
    write_confidence,
    write_posteriors,
)
from motifnet.io.text import atomic_write
from motifnet.kernels.pair_hmm.cpu import Band, memory_of
from motifnet.kernels.threads import n_threads
from motifnet.progress import Progress
from motifnet.report.pages.alignments import AlignedPair, AlignmentResult, render_alignments
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Inputs, Paths, paths_of
from motifnet.runs.job import JOBS, Job, JobKind, RunArguments, RunData, begun
from motifnet.symbols import Sequences
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.pairs import PairedSequences
from motifnet.symbols.place import Place
from motifnet.wording import counted, listed, verb

_MOST_UNEQUAL = 50  # times the shorter length, in a global alignment
_FILES = {
    "fasta": Output.ALIGNED_FASTA,
    "maf": Output.ALIGNED_MAF,
    "paf": Output.ALIGNED_PAF,
    "sam": Output.ALIGNED_SAM,
}
_YES_NO = {True: "yes", False: "no"}
_SECONDS_SILENT = 5.0  # while rounds go on, before one of them is told
_MOST_NAMED = 5  # pairs of a warning
_BYTES_OF_PAIR, _BYTES_OF_BASE = 3000, 40  # that are kept until all is written
_OF_FIT = ("log-likelihood", "free parameters")
_GB = 1e9


class AlignRun(NamedTuple):
    """What a run aligned.

    Attributes
    ----------
    models : list of PairHmm
        That of each pair.
    fitted : PairFit or SharedProcess or None
        How it was learnt; ``None`` where it was given.
    pairs : list of AlignedPair
    taught : numpy.ndarray of bool, shape=(n,)
        Pairs that are more alike than chance, from which a model is learnt.
    samples : list of Alignment
    parameters : dict of str to str
        Estimates with standard errors, as they are told.
    warnings : list of str
    """

    models: list[PairHmm]
    fitted: PairFit | SharedProcess | None
    pairs: list[AlignedPair]
    taught: np.ndarray
    samples: list[Alignment]
    parameters: dict[str, str]
    warnings: list[str]


def align(
    inputs: Paths,
    output: str | Path,
    config: AlignConfig | None = None,
    **run: Unpack[RunArguments],
) -> AlignRun:
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
    if len(inputs) > 2:
        raise InvalidValue("number of input files", len(inputs), "one file, or two")
    with begun("align", output, config or AlignConfig(), {"targets": inputs}, **run) as job:
        return _run(job, inputs)


def _again(inputs: Inputs, config: AlignConfig) -> RunData:
    """The pairs of a run that was made before, as they were read."""
    pairs = read_pairs(*inputs["targets"], species=config.aligning.species or None)
    return RunData(targets=pairs.x, of_kind=pairs)


JOBS.register("align")(JobKind(AlignConfig, _again, lambda folder: read_model(folder / Output.HMM)))


def _run(job: Job[AlignConfig], inputs: Sequence[Path]) -> AlignRun:
    """The same in a run that has begun."""
    config, progress = job.config, job.progress
    options = config.aligning
    _tell_idle(config)
    given = None if config.pair_model.model is None else read_model(config.pair_model.model)
    classes = _classes(config.pair_model) if given is None else (given.n_classes,)
    ties = [PairTies.of(config.pair_model.tie, n_classes=n) for n in classes if given is None]
    with job.stage("read"):
        pairs = read_pairs(*inputs, species=options.species or None)
    band = _band(options)
    _check(pairs, config, max(classes), band)
    progress.log(f"{counted(len(pairs), 'pair')}, {len(pairs.x.codes):,} and {len(pairs.y.codes):,} bases")
    with job.stage("relate"):
        pairs, taught, warnings = _related(pairs, config, band)
    with job.stage("learn"):
        if given is None:
            models, fitted = _learnt(pairs, taught, ties, config.pair_model, band, progress)
        else:
            models, fitted = [given] * len(pairs), None
    with job.stage("align"):
        run, n_outside = _aligned(models, fitted, pairs, taught, config, band, progress)
    if n_outside and fitted is not None:
        # What the band left out did not teach either.
        told = (
            f"{counted(n_outside, 'pair')} did not stay in a band of {band.bits} bits: learning without one"
        )
        progress.log(told)
        band = band._replace(bits=-1)
        with job.stage("learn without a band"):
            models, fitted = _learnt(pairs, taught, ties, config.pair_model, band, progress)
        with job.stage("align without a band"):
            run, _ = _aligned(models, fitted, pairs, taught, config, band, progress)
    run = run._replace(warnings=[*warnings, *run.warnings])
    record = job.record()
    with job.results(record) as results:
        _write(results, run, options, record)
    return run


def _tell_idle(config: AlignConfig) -> None:
    """Warn of options that others leave without effect."""
    options, of_model = config.aligning, config.pair_model
    if options.method == "viterbi":
        options.tell_idle("gamma", since="the most probable alignment weighs nothing (--method viterbi)")
    if not options.n_samples:
        options.tell_idle("seed", since="nothing is drawn (--n-samples)")
    if of_model.mode != "global":
        options.tell_idle(
            "band", since=f"whole sequences alone are aligned in a band (--mode {of_model.mode})"
        )
    if of_model.model is not None:
        of_learning = [name for name in type(of_model).model_fields if name not in ("mode", "model")]
        of_model.tell_idle(*of_learning, since="nothing is learnt: --model is used as it is")


def _band(options: AligningOptions) -> Band:
    numbers = int(options.memory * _GB / 8 / n_threads() / np.dtype(np.float64).itemsize)
    return Band(bits=options.band or -1, n_numbers=max(numbers, 1))


def _check(pairs: PairedSequences, config: AlignConfig, n_classes: int, band: Band) -> None:
    lengths = zip(pairs.names, pairs.x.lengths.tolist(), pairs.y.lengths.tolist(), strict=True)
    for name, n, m in lengths:
        if config.pair_model.mode == "global" and max(n, m) > _MOST_UNEQUAL * min(n, m):
            raise InvalidValue(
                f"lengths of pair {shown(name)}",
                f"{n:,} and {m:,}",
                f"lengths within a factor of {_MOST_UNEQUAL}, or --mode semi-global or local",
            )
        needed = memory_of(n, m, n_classes, band)
        if needed > config.aligning.memory * _GB:
            narrower = "a narrower band (--band 40), " if config.pair_model.mode == "global" else ""
            hint = f"use more (--memory), {narrower}or align its parts"
            raise NotEnoughMemory(f"pair {shown(name)}", needed / _GB, config.aligning.memory, hint)
    kept = len(pairs) * _BYTES_OF_PAIR + (len(pairs.x.codes) + len(pairs.y.codes)) * _BYTES_OF_BASE
    if kept > config.aligning.memory * _GB:
        hint = "use more (--memory), or align a part of them at a time"
        what = f"what is kept of {len(pairs):,} pairs"
        raise NotEnoughMemory(what, kept / _GB, config.aligning.memory, hint)
    if "sam" in config.aligning.format:
        references_of([_unaligned(pairs, i) for i in range(len(pairs))])


def _unaligned(pairs: PairedSequences, i: int) -> Alignment:
    """A pair before it is aligned, with where its sequences lie."""
    nothing = np.zeros(0, np.uint8)
    places = {"x_place": pairs.x_places[i], "y_place": pairs.y_places[i]}
    return Alignment(pairs.x.names[i], pairs.y.names[i], *pairs[i], nothing, **places)


def _related(
    pairs: PairedSequences, config: AlignConfig, band: Band
) -> tuple[PairedSequences, np.ndarray, list[str]]:
    """The pairs with second sequences turned and cut as the options ask, which may teach, and what to say."""
    options, warnings = config.aligning, []
    if options.circular:
        pairs, warnings = _circles(pairs, turns=options.strand.reads_both)
    found = related(pairs, config.pair_model.mode, band)
    turned = np.flatnonzero(found.is_turned)
    if len(turned) and options.strand.reads_both and not options.circular:
        pairs = pairs.turned(turned)
        warnings.append(_turned_sentence(pairs, turned))
        taught = found.is_related | found.is_turned
    else:
        taught = found.is_related
        if len(turned):
            given, hint = (
                ("as it was cut", "a circle is turned where it clearly shares more words then")
                if options.strand.reads_both
                else ("on the given one", "--strand both turns")
            )
            warnings.append(
                f"{_named(pairs, turned)} on the other strand of the second sequence, not {given}: "
                f"not learnt from, and not turned ({hint})"
            )
    strangers = np.flatnonzero(~found.is_related & ~found.is_turned)
    if not taught.any():
        warnings.append(
            f"none of {counted(len(pairs), 'pair')} is more alike than by chance: what is learnt and aligned "
            "may mean nothing; are both files in the same order?"
        )
        return pairs, np.ones(len(pairs), bool), warnings
    if len(strangers):
        warnings.append(
            f"{_named(pairs, strangers)} no more than by chance, on either strand: not learnt from; are both "
            "files in the same order?"
        )
    return pairs, taught, warnings


def _turned_sentence(pairs: PairedSequences, turned: np.ndarray) -> str:
    return (
        f"{_named(pairs, turned)} on the other strand of the second sequence, which is turned: see y_strand "
        "in pairs.tsv"
    )


def _named(pairs: PairedSequences, chosen: np.ndarray) -> str:
    """Some pairs by name, as the beginning of a sentence about how they are alike."""
    names = listed([shown(pairs.names[i]) for i in chosen], _MOST_NAMED)
    return f"{counted(len(chosen), 'pair')} ({names}) {verb(len(chosen), 'is', 'are')} alike"


def _circles(pairs: PairedSequences, *, turns: bool) -> tuple[PairedSequences, list[str]]:
    """The pairs with each second circle cut where the first begins, turned where that strand is alike."""
    framed = [
        [place.framed(name) for place, name in zip(places, sequences.names, strict=True)]
        for places, sequences in ((pairs.x_places, pairs.x), (pairs.y_places, pairs.y))
    ]
    pairs = PairedSequences(pairs.x, pairs.y, pairs.names, *framed)
    turned = np.array([i for i in range(len(pairs)) if turns and more_words(*pairs[i]) < 0], np.int64)
    pairs = pairs.turned(turned)
    cuts = [rotation(*pairs[i], shown(name)) for i, name in enumerate(pairs.names)]
    y = Sequences.from_codes([np.roll(pairs.y[i], -cut) for i, cut in enumerate(cuts)], pairs.y.names)
    places = [place.rotated(cut) for place, cut in zip(pairs.y_places, cuts, strict=True)]
    said = [_turned_sentence(pairs, turned)] if len(turned) else []
    return PairedSequences(pairs.x, y, pairs.names, pairs.x_places, places), said


def _classes(options: PairModelOptions) -> tuple[int, ...]:
    """Classes of gaps of the models to learn."""
    return (1, 2) if options.gap_classes == "auto" else (int(options.gap_classes),)


def _learnt(
    pairs: PairedSequences,
    taught: np.ndarray,
    ties: Sequence[PairTies],
    options: PairModelOptions,
    band: Band,
    progress: Progress,
) -> tuple[list[PairHmm], PairFit | SharedProcess]:
    """The model of each pair, and how it was learnt: under the ties of the smallest BIC.

    A time of its own is learnt for every pair; what pairs share, from those that may teach.
    """
    teachers = pairs if options.divergence == "own" else pairs.select(np.flatnonzero(taught))
    candidates = []
    for one in ties:
        classes = counted(one.open.shape[1], "class", "classes")
        candidates.append(_fitted(teachers, one, options, band, _Told(progress, f"learn, {classes} of gaps")))
    fitted = min(candidates, key=lambda one: _bic(one, teachers))
    for one in candidates:
        progress.log(
            f"learnt in {len(one.history) - 1} rounds: log-likelihood {one.log_likelihood:,.2f}, "
            f"{one.n_free} free parameters" + (", kept" if one is fitted and len(candidates) > 1 else "")
        )
    if isinstance(fitted, SharedProcess):
        return [fitted.model(i) for i in range(len(pairs))], fitted
    return [fitted.model] * len(pairs), fitted


class _Told:
    """Says how learning goes on, now and then: how many rounds it takes is not known before."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress, self._what = progress, what
        self._round, self._last = 0, time.monotonic()

    def __call__(self, value: float) -> None:
        self._round += 1
        if time.monotonic() - self._last >= _SECONDS_SILENT:
            self._last = time.monotonic()
            self._progress.log(f"{self._what}: {self._round} rounds so far, log-likelihood {value:,.1f}")


def _bic(fitted: PairFit | SharedProcess, pairs: PairedSequences) -> float:
    """Bayesian information criterion (Schwarz 1978, Ann Stat 6:461); a base is an observation."""
    n_bases = len(pairs.x.codes) + len(pairs.y.codes)
    return fitted.n_free * math.log(n_bases) - 2 * fitted.log_likelihood


def _fitted(
    pairs: PairedSequences,
    ties: PairTies,
    options: PairModelOptions,
    band: Band,
    told: Callable[[float], None],
) -> PairFit | SharedProcess:
    how = FitOptions(
        mode=options.mode,
        substitution=options.substitution,
        pseudocount=options.pseudocount,
        max_rounds=options.max_rounds,
        tolerance=options.tolerance,
        band=band,
    )
    learn = fit if options.divergence == "shared" else fit_times
    return learn(pairs, ties, how, progress=told)


def _aligned(
    models: list[PairHmm],
    fitted: PairFit | SharedProcess | None,
    pairs: PairedSequences,
    taught: np.ndarray,
    config: AlignConfig,
    band: Band,
    progress: Progress,
) -> tuple[AlignRun, int]:
    """What was aligned, and of how many pairs a band had left out alignments that count."""
    options, mode = config.aligning, config.pair_model.mode
    generator = np.random.default_rng(options.seed)
    found, samples, n_exact, n_outside, n_untold = [], [], 0, 0, 0
    with progress.stage("align pairs", len(pairs)) as stage:
        for i, name in enumerate(pairs.names):
            names, model = (pairs.x.names[i], pairs.y.names[i]), models[i]
            places = {"x_place": pairs.x_places[i], "y_place": pairs.y_places[i]}
            one = align_pair(
                model, *pairs[i], *names, method=options.method, gamma=options.gamma, mode=mode, band=band
            )
            likelihood = (
                one.alignment.score + float(model.log_independent(pairs.select([i]))[0])
                if mode == "global"
                else None
            )
            alignment = replace(one.alignment, **places)
            found.append(AlignedPair(name, alignment, one.posterior, likelihood, one.deviation))
            n_exact += (
                one.is_exact and len(pairs.x[i]) * len(pairs.y[i]) > band.exact_cells and mode == "global"
            )
            n_outside += one.is_whole is False
            n_untold += one.is_whole is None
            drawn_in = band._replace(bits=-1) if one.is_exact else band
            samples += [
                replace(sample(model, *pairs[i], *names, generator=generator, band=drawn_in), **places)
                for _ in range(options.n_samples)
            ]
            stage.advance()
    warnings = []
    if n_exact and band.bits >= 0:
        warnings.append(
            f"{counted(n_exact, 'pair')} did not fit a band of {band.bits} bits, such as those with very "
            "long gaps; all their cells were worked on"
        )
    if fitted is not None and not fitted.converged:
        warnings.append("learning stopped at --max-rounds, before it was done")
    if overlap(_tracks_by_place(found)) is not None:
        warnings.append(
            "first sequences overlap in their sources: confidence.bedgraph is along each by itself, by its "
            "name or that of its pair"
        )
    if n_untold:
        warnings.append(
            f"{counted(n_untold, 'pair')} of more than {band.compared_cells:,} cells: the band of each is "
            "checked from both ends, but not against all cells, so that a stretch which changed its place "
            "may be missed (--band 0 works on all cells)"
        )
    run = AlignRun(models, fitted, found, taught, samples, _parameters(models, fitted), warnings)
    return run, n_outside


def _parameters(models: list[PairHmm], fitted: PairFit | SharedProcess | None) -> dict[str, str]:
    """Estimates as they are told, with standard errors where they are known."""
    if isinstance(fitted, SharedProcess):
        told = {"median substitutions a site": f"{np.median(fitted.times):.4f}"}
        told |= _of_gaps("gaps for each substitution", fitted.gap_rates, None)
        return told | _of_gaps("gap extension", fitted.extend, None) | _of_fit(fitted)
    model = models[0]
    errors = {} if fitted is None else fitted.standard_errors
    told = {"identity of matched bases": f"{model.identity:.4f}"}
    told |= _of_gaps("gap opening", model.open, errors.get("open"))
    told |= _of_gaps("gap extension", model.extend, errors.get("extend"))
    if fitted is None:
        return told
    if fitted.time is not None:
        told["substitutions a site"] = f"{fitted.time:.4f}"
    return told | _of_fit(fitted)


def _of_gaps(word: str, array: np.ndarray, errors: np.ndarray | None) -> dict[str, str]:
    """A number of the gaps of each sequence and class."""
    told = {}
    for side, letter in enumerate("xy"):
        for k in range(array.shape[1]):
            label = f"{word}, {letter} alone" + (f", class {k + 1}" if array.shape[1] > 1 else "")
            error = np.nan if errors is None else errors[side, k]
            told[label] = f"{array[side, k]:.5f}" + (f" ± {error:.5f}" if np.isfinite(error) else "")
    return told


def _of_fit(fitted: PairFit | SharedProcess) -> dict[str, str]:
    told = {}
    if fitted.rates is not None and fitted.rates.kappa != 1:
        told["transitions over transversions"] = f"{fitted.rates.kappa:.3f}"
    return told | {
        _OF_FIT[0]: f"{fitted.log_likelihood:.4f}",
        _OF_FIT[1]: str(fitted.n_free),
    }


def _write(folder: Path, run: AlignRun, options: AligningOptions, record: dict[str, object]) -> None:
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
    write_confidence(folder / Output.CONFIDENCE, _tracks(run))
    _write_pairs(folder / Output.PAIRS, run)
    if isinstance(run.fitted, PairFit):
        write_model(folder / Output.HMM, run.fitted)
    with atomic_write(folder / Output.REPORT) as file:
        file.write(render_alignments(_result(run, record)))


def _tracks(run: AlignRun) -> list[Track]:
    """Confidence along each first sequence: in the genome where its place there is known.

    Where that would give a place two values, by the names of the sequences, or of the pairs, or of
    numbered pairs.
    """
    by_place = _tracks_by_place(run.pairs)
    confidences = [(pair, pair.alignment.x_confidence) for pair in run.pairs]
    by_sequence = [Track(pair.alignment.x_name, 0, values) for pair, values in confidences]
    by_pair = [Track(pair.name, 0, values) for pair, values in confidences]
    numbered = [Track(f"{pair.name}#{i}", 0, values) for i, (pair, values) in enumerate(confidences, 1)]
    choices = (by_place, by_sequence, by_pair)
    return next((each for each in choices if overlap(each) is None), numbered)


def _tracks_by_place(pairs: Sequence[AlignedPair]) -> list[Track]:
    return [
        track for pair in pairs for track in tracks_of(pair.alignment.x_place, pair.alignment.x_confidence)
    ]


_COLUMNS = (
    "name",
    "x",
    "y",
    "x_length",
    "y_length",
    *(f"{side}_{what}" for side in "xy" for what in ("source", "start", "end", "strand", "source_length")),
    "y_cut",
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
)


def _write_pairs(path: Path, run: AlignRun) -> None:
    with atomic_write(path) as file:
        file.write("\t".join(_COLUMNS) + "\n")
        for pair, taught, model in zip(run.pairs, run.taught.tolist(), run.models, strict=True):
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
                "" if run.fitted is None else _YES_NO[taught],
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


def _result(run: AlignRun, record: dict[str, object]) -> AlignmentResult:
    free = {} if run.fitted is None else run.fitted.free
    likelihoods = {} if run.fitted is None else {"all pairs": run.fitted.log_likelihood}
    shown = {name: value for name, value in run.parameters.items() if name not in _OF_FIT}
    return AlignmentResult("Alignments", run.pairs, shown, free, likelihoods, run.warnings, record)
