"""Targets and controls of a job that learns nothing from a part of them, as its options ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.stage import Stage, tell_all_idle
from motifnet.datasets.contrast import Contrast, contrast
from motifnet.datasets.controls import choose_controls
from motifnet.datasets.windows import read_targets
from motifnet.io.genome import opened
from motifnet.progress import Progress
from motifnet.strand import Strand
from motifnet.symbols import Sequences


def read_compared(
    targets: Sequence[Path],
    reading: ReadingOptions,
    controls: ControlOptions,
    *,
    strand: Strand,
    seed: int,
    progress: Progress,
    others: Sequence[Stage] = (),
) -> Contrast:
    """Targets and controls, read or made: all files are one set.

    Parameters
    ----------
    targets : sequence of Path
    reading : ReadingOptions
    controls : ControlOptions
    strand : Strand
        Whether a sequence and its reverse complement are the same.
    seed : int
    progress : Progress
    others : sequence of Stage
        Further options that the controls may leave without effect, which is told.

    Raises
    ------
    MotifnetError
        If a file cannot be read, or too few targets are left.
    """
    with opened(reading.genome) as genome:
        read = []
        with progress.stage("read", len(targets)) as step:
            for path in targets:
                read.append(read_targets(path, reading, genome))
                step.advance()
        maker = choose_controls(targets, read, reading, controls, genome)
        with progress.stage("controls", 1) as step:
            made = contrast(Sequences.concatenate(read), maker, strand=strand, seed=seed)
            step.advance()
        tell_all_idle(made.idle, controls, *others)
        return made
