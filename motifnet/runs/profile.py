"""Learn a profile HMM of sites with gaps: sequences in, a run folder out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.config import ProfileConfig, ProfileOptions
from motifnet.datasets.names import named_apart
from motifnet.errors import FastaFormatError, MotifFormatError, TooFewSequences, shown
from motifnet.hmm.profile import Fitted, ProfileAlignment
from motifnet.hmm.profile_search import LEAST_LENGTH, LEAST_SEQUENCES, Choice, learn
from motifnet.hmm.profile_sites import rows, sites
from motifnet.io.fasta import read_fasta
from motifnet.io.motif_files import read_motifs, write_meme
from motifnet.io.profiles import write_a2m, write_profile, write_profile_sites
from motifnet.io.skipped import Skipped
from motifnet.io.text import atomic_write
from motifnet.kernels.threads import use_threads
from motifnet.motifs import Motif
from motifnet.progress import Progress, Silent
from motifnet.report.drawing.profile_logo import GapTracks, profile_logo_bytes
from motifnet.runs.folder import Output, RunFolder
from motifnet.runs.record import Stopwatch, checksums, job_record
from motifnet.symbols import Sequences

_LOGOS = {"svg": Output.LOGO_SVG, "png": Output.LOGO_PNG}
_TIES = {"gaps": "shared", "none": "own"}


class ProfileRun(NamedTuple):
    """What a run learnt.

    Parameters
    ----------
    choice : Choice
        The models that were compared, and the one chosen.
    motif : Motif
        The match columns.
    sequences : Sequences
        What was read.
    aligned : ProfileAlignment
        Their sites.
    """

    choice: Choice
    motif: Motif
    sequences: Sequences
    aligned: ProfileAlignment


def profile(
    source: Path,
    output: Path,
    config: ProfileConfig,
    *,
    overwrite: bool = False,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> ProfileRun:
    """Learn a profile HMM from unaligned sequences, and write a run folder.

    Parameters
    ----------
    source : Path
        FASTA file of sequences with one site each, with any flanks.
    output : Path
        The run folder.
    config : ProfileConfig
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
        return _run(source, folder, config, command, progress or Silent())


def _run(
    source: Path, folder: RunFolder, config: ProfileConfig, command: Sequence[str], progress: Progress
) -> ProfileRun:
    """The same in a folder that is taken."""
    options = config.profile
    use_threads(options.threads)
    watch = Stopwatch()
    with watch.stage("read"):
        inputs = checksums([source, *([options.motif] if options.motif else [])])
        sequences = named_apart(read_fasta(source, degap=config.reading.degap))
        start = None if options.motif is None else _first_motif(options.motif)
    sequences = _long_enough(sequences, source, start, config.reading.max_skipped)
    _tell_idle(options)
    progress.log(f"{len(sequences):,} sequences of {len(sequences.codes):,} bases")
    with watch.stage("learn"):
        choice = _learnt(sequences, start, options)
    aligned = choice.chosen.model.align(sequences)
    motif = choice.chosen.model.motif("profile", float(aligned.found.sum()))
    run = ProfileRun(choice, motif, sequences, aligned)
    record = job_record(config, command=command, inputs=inputs, seconds=watch.seconds)
    with folder.results(record) as results:
        write_profile(results / Output.HMM, choice.chosen.model.record())
        write_profile_sites(results / Output.SITES, sites(aligned, sequences))
        _write_drawn(results, run)
    return run


def _tell_idle(options: ProfileOptions) -> None:
    """Warn of options that others leave without effect."""
    if options.gaps == "never":
        options.tell_idle("tie", "inserts", since="the profile has no gaps (--gaps never)")
    if options.width == "fixed":
        options.tell_idle("max_width", since="columns stay those of the start (--width fixed)")


def _first_motif(path: Path) -> Motif:
    motifs = read_motifs(path)
    if not motifs:
        raise MotifFormatError(path, "holds no motif; expected one or more")
    return motifs[0]


def _long_enough(sequences: Sequences, source: Path, start: Motif | None, max_skipped: float) -> Sequences:
    """The sequences that can hold a site; the others are left out, and counted."""
    least = max(LEAST_LENGTH, 0 if start is None else start.width)
    skipped = Skipped(source, FastaFormatError, "records", largest_share=max_skipped)
    skipped.seen(len(sequences))
    is_short = sequences.lengths < least
    for _ in range(int((sequences.lengths == 0).sum())):
        skipped.noted("records have no bases, and are left out")
    for i in np.flatnonzero(is_short & (sequences.lengths > 0)).tolist():
        size = f"sequence {shown(sequences.names[i])!r} has {sequences.lengths[i]} bases"
        skipped.left_out(FastaFormatError(source, f"{size}; expected {least} or more, for a site"))
    skipped.finish()
    kept = sequences.select(~is_short) if is_short.any() else sequences
    if len(kept) < LEAST_SEQUENCES:
        raise TooFewSequences(str(source), len(kept), LEAST_SEQUENCES)
    return kept


def _learnt(sequences: Sequences, start: Motif | None, options: ProfileOptions) -> Choice:
    return learn(
        sequences,
        start=None if start is None else start.probabilities.T,
        tie=_TIES[options.tie],
        insert=options.inserts,
        strand=options.strand,
        gaps=options.gaps,
        fixed_width=options.width == "fixed",
        max_width=options.max_width,
        pseudocount=options.pseudocount,
        max_rounds=options.max_rounds,
    )


def _write_drawn(folder: Path, run: ProfileRun) -> None:
    """The alignment, the motif and its logos."""
    sequences, aligned, chosen = run.sequences, run.aligned, run.choice.chosen
    names = [sequences.names[i] for i in np.flatnonzero(aligned.found)]
    write_a2m(folder / Output.A2M, names, rows(aligned, sequences))
    write_meme(folder / Output.PROFILE_MOTIF, [run.motif], single_stranded=chosen.model.strand == "single")
    for format, name in _LOGOS.items():
        with atomic_write(folder / name, "wb") as handle:
            handle.write(profile_logo_bytes(run.motif, _tracks(chosen), format=format))


def _tracks(fitted: Fitted) -> GapTracks:
    """The gaps of a profile as they are drawn."""
    return GapTracks(fitted.deleted, fitted.opened, fitted.mean_insert)
