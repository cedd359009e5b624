"""Simulated data as a run: targets, controls, the planted motifs and the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Unpack

from motifnet.config.simulate import SimulateConfig, SimulateOptions
from motifnet.datasets.simulate import Planted, PlantedSite, Simulated, motif_from_word
from motifnet.datasets.simulate import simulate as draw
from motifnet.errors import InvalidValue
from motifnet.io.fasta import write_fasta
from motifnet.io.motif_files import read_motifs, write_meme
from motifnet.io.text import atomic_write, write_text
from motifnet.motifs import Motif
from motifnet.report.pages.simulation import SimulationResult, render_simulation
from motifnet.runs.backgrounds import background_named, is_learnt
from motifnet.runs.folder import Output
from motifnet.runs.inputs import Inputs
from motifnet.runs.job import JOBS, JobKind, RunArguments, RunData, begun, digest_of
from motifnet.runs.page_files import files_of_run
from motifnet.runs.sources import with_motifs_of_runs
from motifnet.runs.strands import strand_for
from motifnet.symbols.background import Background


def simulate(
    output: str | Path, config: SimulateConfig | None = None, **run: Unpack[RunArguments]
) -> Simulated:
    """Make random sequences with planted motifs, and write a run folder.

    Parameters
    ----------
    output : str or Path
        The run folder.
    config : SimulateConfig, optional
        All options; the defaults of the command line if not given.
    run : RunArguments
        ``overwrite``, ``command``, ``progress``.

    Returns
    -------
    Simulated
        Targets, controls and the truth.

    Raises
    ------
    MotifnetError
        If an input or an option is wrong; nothing has been written then.

    Examples
    --------
    >>> import motifnet
    >>> how = SimulateConfig().with_options("simulation", motif=("TGASTCA:0.7",), n_targets=20)
    >>> made = motifnet.simulate("made", how)
    >>> len(made.targets), len(made.truth)
    (20, 14)
    """
    config = with_motifs_of_runs(config or SimulateConfig(), "simulation", "motif_file")
    with begun("simulate", output, config, {}, **run) as job:
        _tell_idle(job.config.simulation)  # before the strand is settled: of what was asked for
        with job.stage("read"):
            given = _given(job.config.simulation)
            asked = job.config.simulation.strand
            job.settle("simulation", strand=strand_for(asked, given, job.config.simulation.motif_file))
            options = job.config.simulation
            planted = list(_planted(given, options))
        with job.stage("simulate"):
            made = _drawn(planted, options)
        job.uses(_digest(made))
        record = job.record()
        with job.results(record) as results:
            _write(results, made, planted)
            lengths = dict(zip(made.targets.names, made.targets.lengths.tolist(), strict=True))
            page = SimulationResult(
                job.folder.path.name, planted, lengths, made.truth, len(made.controls), record
            )
            write_text(results / Output.REPORT, render_simulation(page, files_of_run(results)))
    return made


def _again(inputs: Inputs, config: SimulateConfig) -> RunData:
    """The sequences of a run that was made before, drawn again."""
    options = config.simulation
    made = _drawn(list(_planted(_given(options), options)), options)
    return RunData(made.targets, made.controls if len(made.controls) else None, _digest(made), made)


def _digest(made: Simulated) -> str:
    """A change of what draws them is told as well, be it of motifnet or of numpy."""
    return digest_of(made.targets.codes, made.targets.offsets, made.controls.codes, made.controls.offsets)


JOBS.register("simulate")(JobKind(SimulateConfig, _again))


def _drawn(planted: list[Planted], options: SimulateOptions) -> Simulated:
    return draw(
        planted,
        _background(options),
        n_targets=options.n_targets,
        n_controls=options.n_controls,
        length=options.length if options.max_length is None else (options.length, options.max_length),
        seed=options.seed,
    )


def _background(options: SimulateOptions) -> Background:
    if options.background is None:
        return Background.from_gc(options.gc)
    return background_named(
        options.background, options.background_order, strand_symmetric=options.strand.reads_both
    )


def _given(options: SimulateOptions) -> list[Motif]:
    """The motifs of the file that is to be planted."""
    return [] if options.motif_file is None else read_motifs(options.motif_file)


def _planted(given: Sequence[Motif], options: SimulateOptions) -> Iterator[Planted]:
    """The motifs to plant: words, then those of the file."""
    how = options.model_dump(include={"position", "strand"})
    for text in options.motif:
        word, share = _word_and_share(text, options.share)
        yield Planted(motif_from_word(word), share, **how)
    for motif in given:
        yield Planted(motif, options.share, **how)


def _word_and_share(text: str, share: float) -> tuple[str, float]:
    word, _, own = text.partition(":")
    try:
        return word, float(own) if own else share
    except ValueError:
        raise InvalidValue("motif", text, "WORD or WORD:SHARE, such as TGASTCA:0.6") from None


def _tell_idle(options: SimulateOptions) -> None:
    """Warn of options that others leave without effect."""
    if options.background is None:
        options.tell_idle("background_order", since="no --background is given")
    else:
        options.tell_idle("gc", since="the background is that of --background")
        if not is_learnt(options.background):
            since = f"the background {options.background!r} is not learnt"
            options.tell_idle("background_order", since=since)
    if not options.motif and options.motif_file is None:
        options.tell_idle("share", "position", "strand", since="nothing is planted (--motif, --motif-file)")


def _write(folder: Path, made: Simulated, planted: list[Planted]) -> None:
    write_fasta(folder / Output.TARGETS, made.targets)
    if len(made.controls):
        write_fasta(folder / Output.CONTROLS, made.controls)
    write_meme(folder / Output.MEME, [one.motif for one in planted])
    with atomic_write(folder / Output.TRUTH) as file:
        file.write("\t".join(PlantedSite._fields) + "\n")
        file.writelines("\t".join(map(str, row)) + "\n" for row in made.truth)
