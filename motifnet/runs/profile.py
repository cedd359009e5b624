"""Learn a profile HMM of sites with gaps: sequences in, a run folder out."""

from __future__ import annotations

import logging
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np

from motifnet.config.profile import ProfileConfig, ProfileOptions
from motifnet.datasets.names import named_apart
from motifnet.errors import FastaFormatError, MotifFormatError, TooFewSequences, shown
from motifnet.hmm.profile import GapTie, ProfileAlignment
from motifnet.hmm.profile_search import LEAST_LENGTH, LEAST_SEQUENCES, ProfileChoice, learn
from motifnet.hmm.profile_sites import rows, sites
from motifnet.io.fasta import read_fasta
from motifnet.io.motif_files import read_motifs, write_meme
from motifnet.io.profiles import read_profile, write_a2m, write_profile, write_profile_sites
from motifnet.io.skipped import Skipped
from motifnet.io.text import atomic_write, write_text
from motifnet.motifs import Motif
from motifnet.progress import Progress
from motifnet.report.drawing.profile_logo import GapTracks, SpacerTrack, profile_logo_bytes
from motifnet.report.pages.profile import MOST_ROWS, ProfileModel, ProfileResult, render_profile
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Inputs
from motifnet.runs.job import JOBS, Job, JobKind, RunArguments, RunData, begun
from motifnet.runs.page_files import files_of_run
from motifnet.runs.sources import with_motifs_of_runs
from motifnet.runs.strands import strand_for
from motifnet.symbols import Sequences

_log = logging.getLogger(__name__)
_LOGOS = {"svg": Output.LOGO_SVG, "png": Output.LOGO_PNG}
GAPS_IN_WORDS: dict[GapTie, str] = {
    "gapless": "without gaps",
    "shared": "gaps tied",
    "own": "gaps of each column",
    "spacer": "two blocks, a spacer",
}
"""The models that are compared, in words."""
NO_SITE = "no site"
"""What stands for sequences that are background alone."""


class ProfileRun(NamedTuple):
    """What a run learnt.

    Parameters
    ----------
    choice : ProfileChoice
        The models that were compared, and the one chosen.
    motif : Motif
        The match columns; between two blocks, as many of background as the spacer has bases most often.
    sequences : Sequences
        What was read.
    aligned : ProfileAlignment
        Their sites.
    """

    choice: ProfileChoice
    motif: Motif
    sequences: Sequences
    aligned: ProfileAlignment


def profile(
    source: str | Path,
    output: str | Path,
    config: ProfileConfig | None = None,
    **run: Unpack[RunArguments],
) -> ProfileRun:
    """Learn a profile HMM from unaligned sequences, and write a run folder.

    Parameters
    ----------
    source : str or Path
        FASTA file of sequences with one site each, with any flanks.
    output : Path
        The run folder.
    config : ProfileConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    ProfileRun
        The profile, and the sequences aligned to it.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> from motifnet.config.simulate import SimulateConfig
    >>> how = SimulateConfig().with_options("simulation", motif=("TGACGTCATT",), n_targets=40, length=16)
    >>> made = motifnet.simulate("made", how)
    >>> gapless = ProfileConfig().with_options("profile", gaps="never")
    >>> learnt = motifnet.profile("made/targets.fa", "run", gapless)
    >>> len(learnt.aligned.found)
    40
    """
    source = Path(source)
    config = with_motifs_of_runs(config or ProfileConfig(), "profile", "start")
    with begun("profile", output, config, {"targets": [source]}, **run) as job:
        return _profiled(job, source)


def _profiled(job: Job[ProfileConfig], source: Path) -> ProfileRun:
    """The same in a run that has begun."""
    job.settle("profile", strand=strand_for(job.config.profile.strand, targets=[source]))
    options = job.config.profile
    with job.stage("read"):
        start = None if options.start is None else _first_motif(options.start)
        sequences = _read(source, start, job.config)
    _tell_idle(options)
    job.progress.log(f"{len(sequences):,} sequences of {len(sequences.codes):,} bases")
    with job.stage("learn"):
        choice = _learnt(sequences, start, options, job.progress)
    for sentence in choice.warnings:
        _log.warning(sentence)
    aligned = choice.chosen.model.align(sequences)
    motif = choice.chosen.model.motif("profile", float(aligned.found.sum()))
    run = ProfileRun(choice, motif, sequences, aligned)
    record = job.record()
    with job.results(record) as results:
        write_profile(results / Output.HMM, choice.chosen.model.record())
        write_profile_sites(results / Output.SITES, sites(aligned, sequences))
        _write_drawn(results, run)
        page = _page(run, job.folder.path.name, record)
        write_text(results / Output.REPORT, render_profile(page, files_of_run(results)))
    return run


def _page(run: ProfileRun, title: str, record: dict[str, object]) -> ProfileResult:
    no_site = run.choice.no_site
    models = [
        ProfileModel(NO_SITE, 0, 0, no_site, -2 * no_site, is_chosen=False),
        *(
            ProfileModel(
                GAPS_IN_WORDS[one.model.gap_tie],
                one.model.width,
                one.model.n_free,
                one.log_likelihood,
                one.bic,
                one is run.choice.chosen,
            )
            for one in run.choice.models
        ),
    ]
    found, aligned = sites(run.aligned, run.sequences), rows(run.aligned, run.sequences)
    drawn = islice(zip(found, aligned, strict=True), MOST_ROWS)
    return ProfileResult(
        title,
        run.motif,
        _gaps(run),
        _spacer(run),
        models,
        list(drawn),
        len(run.sequences),
        int(run.aligned.found.sum()),
        warnings=run.choice.warnings,
        record=record,
    )


def _gaps(run: ProfileRun) -> GapTracks:
    """Gaps of each column of the motif; those of a spacer are drawn by themselves."""
    chosen = run.choice.chosen
    if chosen.model.spacer is None:
        return GapTracks(chosen.deleted, chosen.opened, chosen.mean_insert)
    return GapTracks(*3 * [np.zeros(run.motif.width)])


def _spacer(run: ProfileRun) -> SpacerTrack | None:
    spacer = run.choice.chosen.model.spacer
    if spacer is None:
        return None
    lengths, shares = spacer.lengths.tolist(), spacer.probabilities.tolist()
    return SpacerTrack(spacer.before, spacer.commonest, run.motif.width, lengths, shares)


def _read(source: Path, start: Motif | None, config: ProfileConfig) -> Sequences:
    """The sequences that can hold a site."""
    sequences = named_apart(read_fasta(source, degap=config.reading.degap))
    return _long_enough(sequences, source, start, config.reading.max_skipped)


def _again(inputs: Inputs, config: ProfileConfig) -> RunData:
    """The sequences of a run that was made before."""
    (source,) = inputs["targets"]
    start = None if config.profile.start is None else _first_motif(config.profile.start)
    return RunData(targets=_read(source, start, config))


JOBS.register("profile")(JobKind(ProfileConfig, _again, lambda folder: read_profile(folder / Output.HMM)))


def _tell_idle(options: ProfileOptions) -> None:
    """Warn of options that others leave without effect."""
    if options.gaps == "never":
        options.tell_idle("gap_tie", "inserts", since="the profile has no gaps (--gaps never)")
    if options.width == "fixed":
        options.tell_idle("max_columns", since="columns stay those of the start (--width fixed)")


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


def _learnt(
    sequences: Sequences, start: Motif | None, options: ProfileOptions, progress: Progress
) -> ProfileChoice:
    return learn(
        sequences,
        start=None if start is None else start.probabilities.T,
        tie=options.gap_tie,
        insert=options.inserts,
        strand=options.strand,
        gaps=options.gaps,
        fixed_width=options.width == "fixed",
        max_width=options.max_columns,
        pseudocount=options.pseudocount,
        max_rounds=options.max_rounds,
        progress=progress,
    )


def _write_drawn(folder: Path, run: ProfileRun) -> None:
    """The alignment, the motif and its logos."""
    sequences, aligned, chosen = run.sequences, run.aligned, run.choice.chosen
    names = [sequences.names[i] for i in np.flatnonzero(aligned.found).tolist()]
    write_a2m(folder / Output.A2M, names, rows(aligned, sequences))
    write_meme(folder / Output.PROFILE_MOTIF, [run.motif], single_stranded=not chosen.model.strand.reads_both)
    for format, name in _LOGOS.items():
        with atomic_write(folder / name, "wb") as handle:
            handle.write(profile_logo_bytes(run.motif, _spacer(run) or _gaps(run), format=format))
