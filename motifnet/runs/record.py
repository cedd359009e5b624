"""The record of a run: what was asked, of what, with which versions, how long it took."""

from __future__ import annotations

import importlib.metadata
import platform
import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from motifnet import __version__
from motifnet.config import Stage
from motifnet.io.text import atomic_write, sha256
from motifnet.runs.folder import json_text

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


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write values as JSON."""
    write_text(path, json_text(content))


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all."""
    with atomic_write(path) as handle:
        handle.write(text)
