"""``motifnet simulate``."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from motifnet.cli.command import Command, InputPath, OutputPath, overwrite_option
from motifnet.cli.wording import warn


def _writes(parameters) -> list[Path]:
    from motifnet.runs.simulate import files

    return files(parameters["output"])


@click.command(
    cls=Command,
    writes=_writes,
    makes_run=False,
    name="simulate",
)
@click.option("-o", "--output", required=True, type=OutputPath(), help="Folder to write to.")
@click.option(
    "-m",
    "--motif",
    "motifs",
    multiple=True,
    help="IUPAC word to plant, as WORD or WORD:SHARE of targets. Can be given several times.",
)
@click.option(
    "--motif-file",
    type=InputPath(),
    help="Motifs to plant, all of a file of any known format.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    default=0.8,
    show_default=True,
    help="Share of targets that get a motif without a share of its own.",
)
@click.option(
    "-n",
    "--n-targets",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="Sequences with planted motifs.",
)
@click.option("--n-controls", type=click.IntRange(0), default=0, show_default=True, help="Sequences without.")
@click.option(
    "--length", type=click.IntRange(1), default=200, show_default=True, help="Length of a sequence."
)
@click.option("--max-length", type=click.IntRange(1), help="Draw lengths from --length to this.")
@click.option("--gc", type=click.FloatRange(0.01, 0.99), default=0.42, show_default=True, help="GC content.")
@click.option(
    "--background",
    type=InputPath(),
    help="FASTA to take the background from, instead of --gc.",
)
@click.option(
    "--order",
    type=click.IntRange(0, 5),
    default=2,
    show_default=True,
    help="Order of the Markov chain fitted to --background.",
)
@click.option(
    "--position",
    type=click.Choice(["uniform", "centred"]),
    default="uniform",
    show_default=True,
    help="Where sites lie.",
)
@click.option(
    "--strand",
    type=click.Choice(["both", "+"]),
    default="both",
    show_default=True,
    help="Strand of the sites.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of every random choice."
)
@overwrite_option
def command(
    output: Path,
    motifs: tuple[str, ...],
    motif_file: Path | None,
    share: float,
    n_targets: int,
    n_controls: int,
    length: int,
    max_length: int | None,
    gc: float,
    background: Path | None,
    order: int,
    position: str,
    strand: str,
    seed: int,
) -> None:
    """Make random sequences with planted motifs, and the truth about every site.

    Writes targets.fa, controls.fa (if asked for), motifs.meme and truth.tsv (0-based, half-open).
    """
    from motifnet.datasets.simulate import Planted, motif_from_word
    from motifnet.io.fasta import read_fasta
    from motifnet.io.motif_files import read_motifs
    from motifnet.runs.simulate import write_simulated
    from motifnet.symbols.background import Background

    _tell_idle(has_background=background is not None, has_motifs=bool(motifs or motif_file))
    words = [_word_and_share(text, share) for text in motifs]
    wanted = [(motif_from_word(word), part) for word, part in words]
    if motif_file is not None:
        wanted += [(motif, share) for motif in read_motifs(motif_file)]
    truth = write_simulated(
        output,
        [Planted(motif, part, position=position, strand=strand) for motif, part in wanted],
        Background.from_gc(gc) if background is None else Background.fit(read_fasta(background), order),
        n_targets=n_targets,
        n_controls=n_controls,
        length=length if max_length is None else (length, max_length),
        seed=seed,
    )
    click.echo(f"{n_targets} targets with {len(truth)} sites in {output}")


def _tell_idle(*, has_background: bool, has_motifs: bool) -> None:
    """Warn of options that were given, though others leave them nothing to do."""
    idle = dict.fromkeys(["gc"], "the background is that of --background") if has_background else {}
    if not has_background:
        idle["order"] = "no --background is given"
    if not has_motifs:
        idle |= dict.fromkeys(["share", "position", "strand"], "nothing is planted (--motif, --motif-file)")
    given = click.get_current_context().get_parameter_source
    warn(
        f"--{name} has no effect, since {why}"
        for name, why in idle.items()
        if given(name) is ParameterSource.COMMANDLINE
    )


def _word_and_share(text: str, share: float) -> tuple[str, float]:
    word, _, own = text.partition(":")
    if not own:
        return word, share
    try:
        return word, float(own)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not WORD or WORD:SHARE, such as TGASTCA:0.6", param_hint="--motif"
        ) from None
