"""Align pairs of sequences: files in, a run folder out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.config import AlignConfig, AligningOptions, PairModelOptions
from motifnet.errors import InvalidValue, NotEnoughMemory
from motifnet.hmm.model_file import read_model, write_model
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import align as align_pair
from motifnet.hmm.pair_align import sample
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.pair_times import SharedProcess, fit_times
from motifnet.hmm.rotation import rotation
from motifnet.io.alignments import write_alignments
from motifnet.io.pairs import read_pairs
from motifnet.io.posteriors import NamedPosterior, Track, overlap, write_confidence, write_posteriors
from motifnet.io.text import atomic_write
from motifnet.kernels.pair_hmm.cpu import Band, memory_of
from motifnet.kernels.threads import n_threads, use_threads
from motifnet.report.alignment_page import AlignedPair, AlignmentResult, render_alignments
from motifnet.runs.folder import Output, RunFolder
from motifnet.runs.record import Stopwatch, checksums, job_record
from motifnet.symbols import Interval, Sequences
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.pairs import PairedSequences
from motifnet.training.progress import Progress, Silent

_MOST_UNEQUAL = 50  # times the shorter length, in a global alignment
_FILES = {
    "fasta": Output.ALIGNED_FASTA,
    "maf": Output.ALIGNED_MAF,
    "paf": Output.ALIGNED_PAF,
    "sam": Output.ALIGNED_SAM,
}
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
    places : list of (Interval or None)
        Where each first sequence lies in its genome.
    rotations : list of int
        The base of each second sequence at which it was cut: 0 but for circles.
    samples : list of Alignment
    parameters : dict of str to str
        Estimates with standard errors, as they are told.
    warnings : list of str
    """

    models: list[PairHmm]
    fitted: PairFit | SharedProcess | None
    pairs: list[AlignedPair]
    places: list[Interval | None]
    rotations: list[int]
    samples: list[Alignment]
    parameters: dict[str, str]
    warnings: list[str]


def align(
    inputs: Sequence[Path],
    output: Path,
    config: AlignConfig,
    *,
    overwrite: bool = False,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> AlignRun:
    """Learn a pair HMM from pairs of sequences, align them, and write a run folder.

    Parameters
    ----------
    inputs : sequence of Path
        One or two files (see :func:`motifnet.io.pairs.read_pairs`).
    output : Path
        The run folder.
    config : AlignConfig
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
    if len(inputs) > 2:
        raise InvalidValue("number of input files", len(inputs), "one file, or two")
    with RunFolder(output).taken(overwrite=overwrite) as folder:
        return _run(inputs, folder, config, command, progress or Silent())


def _run(
    inputs: Sequence[Path], folder: RunFolder, config: AlignConfig, command: Sequence[str], progress: Progress
) -> AlignRun:
    """The same in a folder that is taken."""
    options = config.aligning
    use_threads(options.threads)
    watch = Stopwatch()
    given = None if config.pair_model.model is None else read_model(config.pair_model.model)
    classes = _classes(config.pair_model) if given is None else (given.n_classes,)
    ties = [PairTies.of(config.pair_model.tie, n_classes=n) for n in classes if given is None]
    with watch.stage("read"):
        sums = checksums(inputs)
        pairs = read_pairs(*inputs, species=options.species or None)
        pairs, rotations = _cut(pairs) if options.circular else (pairs, [0] * len(pairs))
    band = _band(options)
    _check(pairs, config, max(classes), band)
    progress.log(f"{len(pairs):,} pairs, {len(pairs.x.codes):,} and {len(pairs.y.codes):,} bases")
    with watch.stage("learn"):
        if given is None:
            models, fitted = _learnt(pairs, ties, config.pair_model, band, progress)
        else:
            models, fitted = [given] * len(pairs), None
    with watch.stage("align"):
        run = _aligned(models, fitted, pairs, rotations, config, band)
    record = job_record(config, command=command, inputs=sums, seconds=watch.seconds)
    with folder.results(record) as results:
        _write(results, run, options, record)
    return run


def _band(options: AligningOptions) -> Band:
    numbers = int(options.memory * _GB / 8 / n_threads() / np.dtype(np.float64).itemsize)
    return Band(bits=options.band or -1, n_numbers=max(numbers, 1))


def _check(pairs: PairedSequences, config: AlignConfig, n_classes: int, band: Band) -> None:
    lengths = zip(pairs.names, pairs.x.lengths.tolist(), pairs.y.lengths.tolist(), strict=True)
    for name, n, m in lengths:
        if config.pair_model.mode == "global" and max(n, m) > _MOST_UNEQUAL * min(n, m):
            raise InvalidValue(
                f"lengths of pair {name}",
                f"{n:,} and {m:,}",
                f"lengths within a factor of {_MOST_UNEQUAL}, or --mode semi-global or local",
            )
        needed = memory_of(n, m, n_classes, band)
        if needed > config.aligning.memory * _GB:
            raise NotEnoughMemory(f"pair {name}", needed / _GB, config.aligning.memory)


def _cut(pairs: PairedSequences) -> tuple[PairedSequences, list[int]]:
    """The pairs with each second circle cut where the first begins, and where that is.

    The name says so, for its positions are counted from the cut.
    """
    cuts = [rotation(*pairs[i], name) for i, name in enumerate(pairs.names)]
    names = [f"{name}_cut{cut}" if cut else name for name, cut in zip(pairs.y.names, cuts, strict=True)]
    y = Sequences.from_codes([np.roll(pairs.y[i], -cut) for i, cut in enumerate(cuts)], names)
    return PairedSequences(pairs.x, y, pairs.names), cuts


def _classes(options: PairModelOptions) -> tuple[int, ...]:
    """Classes of gaps of the models to learn."""
    return (1, 2) if options.gap_classes == "auto" else (int(options.gap_classes),)


def _learnt(
    pairs: PairedSequences,
    ties: Sequence[PairTies],
    options: PairModelOptions,
    band: Band,
    progress: Progress,
) -> tuple[list[PairHmm], PairFit | SharedProcess]:
    """The model of each pair, and how it was learnt: under the ties of the smallest BIC."""
    candidates = [_fitted(pairs, one, options, band) for one in ties]
    fitted = min(candidates, key=lambda one: _bic(one, pairs))
    for one in candidates:
        progress.log(
            f"learnt in {len(one.history) - 1} rounds: log-likelihood {one.log_likelihood:,.2f}, "
            f"{one.n_free} free parameters" + (", kept" if one is fitted and len(candidates) > 1 else "")
        )
    if isinstance(fitted, SharedProcess):
        return [fitted.model(i) for i in range(len(pairs))], fitted
    return [fitted.model] * len(pairs), fitted


def _bic(fitted: PairFit | SharedProcess, pairs: PairedSequences) -> float:
    """Bayesian information criterion (Schwarz 1978, Ann Stat 6:461); a base is an observation."""
    n_bases = len(pairs.x.codes) + len(pairs.y.codes)
    return fitted.n_free * math.log(n_bases) - 2 * fitted.log_likelihood


def _fitted(
    pairs: PairedSequences, ties: PairTies, options: PairModelOptions, band: Band
) -> PairFit | SharedProcess:
    how = FitOptions(
        mode=options.mode,
        substitution=options.substitution,
        pseudocount=options.pseudocount,
        max_rounds=options.max_rounds,
        tolerance=options.tolerance,
        band=band,
    )
    return fit(pairs, ties, how) if options.divergence == "shared" else fit_times(pairs, ties, how)


def _aligned(
    models: list[PairHmm],
    fitted: PairFit | SharedProcess | None,
    pairs: PairedSequences,
    rotations: list[int],
    config: AlignConfig,
    band: Band,
) -> AlignRun:
    options, mode = config.aligning, config.pair_model.mode
    generator = np.random.default_rng(options.seed)
    found, samples, n_exact = [], [], 0
    for i, name in enumerate(pairs.names):
        names = pairs.x.names[i], pairs.y.names[i]
        model = models[i]
        one = align_pair(
            model, *pairs[i], *names, method=options.method, gamma=options.gamma, mode=mode, band=band
        )
        alone = PairedSequences(pairs.x.select([i]), pairs.y.select([i]), [name])
        likelihood = (
            None if mode != "global" else one.alignment.score + float(model.log_independent(alone)[0])
        )
        found.append(AlignedPair(name, one.alignment, one.posterior, likelihood))
        n_exact += one.is_exact and len(pairs.x[i]) * len(pairs.y[i]) > band.exact_cells and mode == "global"
        samples += [
            sample(model, *pairs[i], *names, generator=generator, band=band) for _ in range(options.n_samples)
        ]
    warnings = []
    if n_exact and band.bits >= 0:
        warnings.append(
            f"{n_exact:,} pairs did not fit a band of {band.bits} bits, such as those with very long gaps; "
            "all their cells were worked on"
        )
    if fitted is None and _asks_to_learn(config.pair_model):
        warnings.append("--model is used as it is; options of learning, such as --tie, change nothing")
    if fitted is not None and not fitted.converged:
        warnings.append("learning stopped at --max-rounds, before it was done")
    places = pairs.x.intervals or [None] * len(pairs)
    return AlignRun(models, fitted, found, places, rotations, samples, _parameters(models, fitted), warnings)


def _asks_to_learn(options: PairModelOptions) -> bool:
    """Whether an option of learning was chosen."""
    of_use = {"mode", "model"}
    chosen = options.model_dump(exclude=of_use)
    return chosen != PairModelOptions().model_dump(exclude=of_use)


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
        [NamedPosterior(one.alignment.x_name, one.alignment.y_name, one.posterior) for one in run.pairs],
    )
    write_confidence(folder / Output.CONFIDENCE, _tracks(run))
    _write_pairs(folder / Output.PAIRS, run)
    if isinstance(run.fitted, PairFit):
        write_model(folder / Output.HMM, run.fitted)
    with atomic_write(folder / Output.REPORT) as file:
        file.write(render_alignments(_result(run, record)))


def _tracks(run: AlignRun) -> list[Track]:
    """Confidence along each first sequence: in the genome where its place there is known.

    Where that would give a place two values, by the names of the sequences, and then of the pairs.
    """
    confidences = [pair.alignment.x_confidence for pair in run.pairs]
    by_place = [_placed(*each) for each in zip(run.pairs, run.places, confidences, strict=True)]
    by_sequence = [
        Track(pair.alignment.x_name, 0, values) for pair, values in zip(run.pairs, confidences, strict=True)
    ]
    by_pair = [Track(pair.name, 0, values) for pair, values in zip(run.pairs, confidences, strict=True)]
    return next((each for each in (by_place, by_sequence) if overlap(each) is None), by_pair)


def _placed(pair: AlignedPair, place: Interval | None, values: np.ndarray) -> Track:
    if place is None:
        return Track(pair.alignment.x_name, 0, values)
    return Track(place.chrom, place.start, values[::-1] if place.strand == "-" else values)


_COLUMNS = (
    "name",
    "x",
    "y",
    "x_length",
    "y_length",
    "y_cut",
    "divergence",
    "log_odds",
    "log_likelihood",
    "n_matches",
    "identity",
    "x_only",
    "y_only",
    "confidence",
)


def _write_pairs(path: Path, run: AlignRun) -> None:
    with atomic_write(path) as file:
        file.write("\t".join(_COLUMNS) + "\n")
        for pair, cut, model in zip(run.pairs, run.rotations, run.models, strict=True):
            one = pair.alignment
            likelihood = "" if pair.log_likelihood is None else f"{pair.log_likelihood:.6f}"
            cells = (
                pair.name,
                one.x_name,
                one.y_name,
                len(one.x),
                len(one.y),
                cut,
                f"{1 - model.identity:.6f}",
                f"{one.score:.6f}",
                likelihood,
                one.n_matches,
                f"{one.identity:.6f}",
                pair.n_x_only,
                pair.n_y_only,
                f"{pair.mean_confidence:.6f}",
            )
            file.write("\t".join(map(str, cells)) + "\n")


def _result(run: AlignRun, record: dict[str, object]) -> AlignmentResult:
    free = {} if run.fitted is None else run.fitted.free
    likelihoods = {} if run.fitted is None else {"all pairs": run.fitted.log_likelihood}
    shown = {name: value for name, value in run.parameters.items() if name not in _OF_FIT}
    return AlignmentResult("Alignments", run.pairs, shown, free, likelihoods, run.warnings, record)
