"""Targets and controls of a run, as its options ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from motifnet.config.stage import tell_all_idle
from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Composed, compose
from motifnet.datasets.controls import choose_controls
from motifnet.datasets.windows import read_targets
from motifnet.errors import InvalidValue
from motifnet.io.genome import Genome, opened
from motifnet.progress import Progress, Silent
from motifnet.symbols import Sequences


def read(targets: Sequence[Path], config: TrainConfig, progress: Progress | None = None) -> Composed:
    """Read target files, make controls, clean and split.

    Parameters
    ----------
    targets : sequence of Path
        One task each.
    config : TrainConfig
        All options.
    progress : Progress, optional
        Told what is going on.
    """
    tasks = _task_names(targets)
    progress = progress or Silent()
    with opened(config.reading.genome) as genome:
        read_ones = {}
        with progress.stage("read", len(tasks)) as step:
            for task, path in zip(tasks, targets, strict=True):
                read_ones[task] = read_targets(path, config.reading, genome)
                step.advance()
        with progress.stage("controls and parts", 1) as step:
            composed = _composed(read_ones, targets, config, genome)
            step.advance()
        return composed


def _composed(
    read_ones: Mapping[str, Sequences], targets: Sequence[Path], config: TrainConfig, genome: Genome | None
) -> Composed:
    """The sequences of all tasks with controls, in parts."""
    composed = compose(
        read_ones,
        choose_controls(targets, list(read_ones.values()), config.reading, config.controls, genome),
        config.split,
        min_length=config.model.filter_width,
        strand=config.model.settled_strand,
        seed=config.training.seed,
    )
    tell_all_idle(composed.idle, config.controls)
    return composed


def _task_names(targets: Sequence[Path]) -> list[str]:
    """Each file's name without its endings; two files of one name would be one task."""
    names = [path.name.removesuffix(".gz").rsplit(".", 1)[0] for path in targets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidValue("target files", twice[0], "files of different names: each names a task")
    return names
