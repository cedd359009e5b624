"""Simulated data on disk: targets, controls, the planted motifs and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from motifnet.datasets.simulate import Planted, PlantedSite, simulate
from motifnet.io.fasta import write_fasta
from motifnet.io.motif_files import write_meme
from motifnet.io.text import atomic_write, writing
from motifnet.symbols.background import Background


def files(output: Path) -> list[Path]:
    """What a simulation writes to a folder or, if it makes no controls, removes: those of other targets."""
    return [output / name for name in ("targets.fa", "controls.fa", "truth.tsv", "motifs.meme")]


def write_simulated(
    output: Path,
    planted: Sequence[Planted],
    background: Background,
    *,
    n_targets: int,
    n_controls: int,
    length: int | tuple[int, int],
    seed: int,
) -> list[PlantedSite]:
    """Simulate and write; returns the truth.

    Parameters are those of :func:`motifnet.datasets.simulate.simulate`. Those of an older one are replaced.
    """
    made = simulate(planted, background, n_targets=n_targets, n_controls=n_controls, length=length, seed=seed)
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
    write_fasta(output / "targets.fa", made.targets)
    if n_controls:
        write_fasta(output / "controls.fa", made.controls)
    else:
        (output / "controls.fa").unlink(missing_ok=True)
    write_meme(output / "motifs.meme", [one.motif for one in planted])
    with atomic_write(output / "truth.tsv") as handle:
        handle.write("\t".join(PlantedSite._fields) + "\n")
        handle.writelines("\t".join(map(str, row)) + "\n" for row in made.truth)
    return made.truth
