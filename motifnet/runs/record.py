"""The record of a run: what was asked, of what, with which versions, how long it took."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from motifnet import __version__
from motifnet.config import Stage, TrainConfig
from motifnet.datasets.compose import Dataset
from motifnet.io.text import sha256

# Options that change only what is done with finished pieces, or where they are made.
_LATER_OPTIONS = ("threads", "device", "compile", "e_value", "motif_db")
_PACKAGES = ("biopython", "memelite", "numba", "numpy", "pyfaidx", "scipy", "torch")


class Stopwatch:
    """Seconds of the stages of a run.

    Examples
    --------
    >>> watch = Stopwatch()
    >>> with watch.stage("read"):
    ...     pass
    >>> list(watch.seconds)
    ['read']
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 3)


def versions() -> dict[str, str]:
    """Versions of motifnet, Python and the packages that results depend on."""
    return {
        "motifnet": __version__,
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in _PACKAGES},
    }


def checksums(paths: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each input file, by its path as given."""
    return {str(path): sha256(path) for path in paths}


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


def job_record(
    config: Stage, *, command: Sequence[str], inputs: Mapping[str, str], seconds: Mapping[str, float]
) -> dict[str, object]:
    """The content of ``run.json`` that every job has.

    Parameters
    ----------
    config : Stage
        All options, defaults included.
    command : sequence of str
        The command line.
    inputs : mapping of str to str
        Path to SHA-256.
    seconds : mapping of str to float
        Wall time of each stage.
    """
    return {
        "command": shlex.join(command),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "seconds": dict(seconds),
        "versions": versions(),
        "checksums": dict(inputs),
        "config": config.model_dump(mode="json"),
    }
