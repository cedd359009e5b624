"""Compile the kernels of all commands, by small jobs with the defaults."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from motifnet.caches import kernel_folder
from motifnet.config.align import AlignConfig
from motifnet.config.enrich import EnrichConfig
from motifnet.config.train import TrainConfig
from motifnet.config.warm_up import WarmCommand, WarmUpConfig
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.errors import UnwritableFolder
from motifnet.io.fasta import write_fasta
from motifnet.io.motif_files import write_meme
from motifnet.io.text import write_text
from motifnet.progress import Progress, Silent
from motifnet.runs.align import align
from motifnet.runs.cluster import cluster
from motifnet.runs.decode import decode
from motifnet.runs.enrich import enrich
from motifnet.runs.profile import profile
from motifnet.runs.scan import scan
from motifnet.runs.train import train
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

_N_SEQUENCES, _LENGTH = 400, 100  # enough that a run finds motifs and tests them on sequences of their own
_N_SITES = 30  # sequences of a profile
_LONG = 2_000  # bases of a pair that is aligned by itself
_N_CONTIGS, _CONTIG, _PEAK = 6, 20_000, 500  # bases of each, with a peak in every second window of as many
_N_PAIRS = 40  # short pairs that are aligned together


def _train(data: Path) -> None:
    config = TrainConfig().with_options("training", max_epochs=1)
    train(data / "targets.fa", data / "trained", config.with_options("discovery", motif_db=[data / "m.meme"]))
    train(data / "peaks.bed", data / "peaks", config.with_options("reading", genome=data / "genome.fa"))


def _enrich(data: Path) -> None:
    config = EnrichConfig().with_options("controls", control=data / "controls.fa")
    enrich(data / "m.meme", data / "targets.fa", data / "with-controls", config)
    enrich(data / "m.meme", data / "targets.fa", data / "enriched")


def _scan(data: Path) -> None:
    scan(data / "m.meme", data / "targets.fa", data / "hits.bed")


def _decode(data: Path) -> None:
    decode(data / "m.meme", data / "targets.fa", data / "decoded")


def _align(data: Path) -> None:
    third = AlignConfig().with_options("aligning", outgroup=str(data / "x.fa"))
    align([data / "x.fa", data / "y.fa"], data / "aligned", third)
    align([data / "long-x.fa", data / "long-y.fa"], data / "aligned-long")


def _profile(data: Path) -> None:
    profile(data / "sites.fa", data / "profile")


def _cluster(data: Path) -> None:
    cluster(data / "m.meme", data / "families")


_JOBS: Mapping[WarmCommand, Callable[[Path], None]] = {
    "train": _train,
    "enrich": _enrich,
    "scan": _scan,
    "decode": _decode,
    "align": _align,
    "profile": _profile,
    "cluster": _cluster,
}


def warm_up(config: WarmUpConfig | None = None, progress: Progress | None = None) -> Path:
    """Compile the kernels that commands use with their defaults, and keep them for later starts.

    Each command works on a small simulated input, in a temporary folder that is removed.

    Parameters
    ----------
    config : WarmUpConfig, optional
        All options; the defaults of the command line if not given.
    progress : Progress, optional
        Told which command it is at.

    Returns
    -------
    Path
        The folder of the compiled kernels.

    Raises
    ------
    UnwritableFolder
        If there is no place to keep them, so that compiling them would be for nothing.
    """
    folder = kernel_folder()
    if folder is None:
        raise UnwritableFolder(
            Path("~/.cache/motifnet"), "no folder can be written to; NUMBA_CACHE_DIR names one"
        )
    progress = progress or Silent()
    commands = (config or WarmUpConfig()).warming.commands or tuple(_JOBS)
    with (
        tempfile.TemporaryDirectory(prefix="motifnet-") as name,
        progress.stage("commands", len(commands)) as stage,
    ):
        data = Path(name)
        _write_inputs(data)
        for command in commands:
            _JOBS[command](data)
            stage.advance(command)
    return folder


def _write_inputs(data: Path) -> None:
    planted = [Planted(motif_from_word(word), 0.6) for word in ("TGASTCAY", "CACGTGAC", "WGATAAGR")]
    background = Background.from_gc(0.45)
    made = simulate(planted, background, n_targets=_N_SEQUENCES, n_controls=0, length=_LENGTH, seed=1)
    # Of another composition, so that they are matched.
    other = simulate(
        [], Background.from_gc(0.35), n_targets=_N_SEQUENCES, n_controls=0, length=_LENGTH, seed=1
    )
    write_fasta(data / "targets.fa", made.targets)
    write_fasta(data / "controls.fa", other.targets)
    write_fasta(data / "sites.fa", made.targets.select(np.arange(_N_SITES)))
    write_meme(data / "m.meme", [one.motif for one in planted])
    short = made.targets.select(np.arange(_N_PAIRS))
    long = simulate([], background, n_targets=1, n_controls=0, length=_LONG, seed=1).targets
    for prefix, sequences in (("", short), ("long-", long)):
        write_fasta(data / f"{prefix}x.fa", sequences)
        write_fasta(data / f"{prefix}y.fa", _changed(sequences))
    genome = simulate(planted, background, n_targets=_N_CONTIGS, n_controls=0, length=_CONTIG, seed=1).targets
    write_fasta(data / "genome.fa", genome)
    peaks = [
        f"{contig}\t{start}\t{start + _PEAK}\n"
        for contig in genome.names
        for start in range(_PEAK, _CONTIG - _PEAK, 2 * _PEAK)
    ]
    write_text(data / "peaks.bed", "".join(peaks))


def _changed(sequences: Sequences) -> Sequences:
    """The same with another base in ten and without one in fifty."""
    rng = np.random.default_rng(1)
    changed = []
    for codes in (sequences[i] for i in range(len(sequences))):
        drawn = rng.integers(4, size=len(codes), dtype=np.uint8)
        other = np.where(rng.random(len(codes)) < 0.1, drawn, codes)
        changed.append(other[rng.random(len(codes)) > 0.02])
    return Sequences.from_codes(changed, sequences.names)
