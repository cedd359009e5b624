"""What is told of a run of ``motifnet train``, and what a resumed one must have in common with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from motifnet import __version__
from motifnet.config import TrainConfig
from motifnet.datasets.compose import Dataset
from motifnet.runs.record import job_record

# Options that change only what is done with finished pieces, or where they are made.
_LATER_OPTIONS = ("threads", "device", "compile", "e_value", "motif_db", "repeats")


def inputs_of(targets: Sequence[Path], config: TrainConfig) -> list[Path]:
    """All files that a run reads, but for the genome, whose size makes a checksum slow."""
    optional = [config.controls.control, config.controls.blacklist, *config.discovery.motif_db]
    return [*targets, *(path for path in optional if path is not None and str(path) != "jaspar")]


def identity(dataset: Dataset, config: TrainConfig) -> dict[str, str]:
    """What a resumed run must have in common with the interrupted one.

    The sequences as they are trained on, so that a changed genome counts as well as a changed
    file; the version; and every option that what is kept depends on.
    """
    digest = hashlib.sha256()
    for array in (dataset.sequences.codes, dataset.sequences.offsets, dataset.labels, dataset.part):
        digest.update(np.ascontiguousarray(array).data)
    options = {
        f"--{name.replace('_', '-')}": repr(value)
        for stage in config.model_dump().values()
        for name, value in stage.items()
        if name not in _LATER_OPTIONS
    }
    return {"sequences": digest.hexdigest(), "motifnet": __version__, **options}


def record(
    config: TrainConfig,
    *,
    command: Sequence[str],
    inputs: Mapping[str, str],
    device: str,
    seconds: Mapping[str, float],
) -> dict[str, object]:
    """The content of ``run.json`` of ``motifnet train``.

    Parameters
    ----------
    config, command, inputs, seconds
        As for :func:`job_record`.
    device : str
        What the network ran on.
    """
    its_own = {"device": device, "seed": config.training.seed}
    return its_own | job_record(config, command=command, inputs=inputs, seconds=seconds)
