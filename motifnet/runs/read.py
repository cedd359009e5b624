"""Targets and controls of a run, as its options ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Composed, compose
from motifnet.datasets.controls import choose_controls
from motifnet.datasets.windows import read_targets
from motifnet.errors import InvalidValue
from motifnet.io.genome import opened


def read(targets: Sequence[Path], config: TrainConfig) -> Composed:
    """Read target files, make controls, clean and split.

    Parameters
    ----------
    targets : sequence of Path
        One task each.
    config : TrainConfig
        All options.
    """
    tasks = _task_names(targets)
    with opened(config.reading.genome) as genome:
        read_ones = {
            task: read_targets(path, config.reading, genome)
            for task, path in zip(tasks, targets, strict=True)
        }
        return compose(
            read_ones,
            choose_controls(targets, list(read_ones.values()), config.reading, config.controls, genome),
            config.split,
            min_length=config.model.filter_width,
            strand=config.model.settled_strand,
            seed=config.training.seed,
        )


def _task_names(targets: Sequence[Path]) -> list[str]:
    """Each file's name without its endings; two files of one name would be one task."""
    names = [path.name.removesuffix(".gz").rsplit(".", 1)[0] for path in targets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidValue("target files", twice[0], "files of different names: each names a task")
    return names
