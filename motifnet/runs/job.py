"""The frame of every job that makes a run folder; a job itself says only what is particular to it."""

from __future__ import annotations

import hashlib
import logging
import shlex
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar

import numpy as np

from motifnet import __version__
from motifnet.config.stage import Config
from motifnet.errors import RunExists
from motifnet.kernels.threads import use_threads
from motifnet.progress import Progress, Silent
from motifnet.registry import Registry
from motifnet.runs.folder import RunFolder
from motifnet.runs.inputs import Inputs, check_apart, inputs_of, named_files, recorded
from motifnet.runs.versions import versions
from motifnet.symbols import Sequences

_log = logging.getLogger(__name__)

Options = TypeVar("Options", bound=Config)


class RunArguments(TypedDict, total=False):
    """What every function takes that makes a run folder, beside what is its own.

    Attributes
    ----------
    overwrite : bool
        Replace a run that is already there; refused otherwise.
    command : sequence of str
        The command line, for the record.
    progress : Progress
        Told what is going on; nothing is if not given.
    """

    overwrite: bool
    command: Sequence[str]
    progress: Progress


class RunData(NamedTuple):
    """What a run was made of, as it is read again from its inputs.

    Parameters
    ----------
    targets, controls : Sequences, optional
        What was asked about, and what it was compared with.
    digest : str, optional
        What tells the sequences from others: see :func:`digest_of`.
    of_kind : object, optional
        What the job itself works on: the :class:`~motifnet.datasets.compose.Composed` of ``train``, the
        :class:`~motifnet.datasets.contrast.Contrast` of ``enrich``, the pairs of ``align``.
    """

    targets: Sequences | None = None
    controls: Sequences | None = None
    digest: str | None = None
    of_kind: Any = None


class JobKind(NamedTuple):
    """What leads from a run folder back to what the run was made of.

    Parameters
    ----------
    config : type of Config
        All options of the job.
    read : callable
        Reads the inputs under the options, as the job itself does.
    read_model : callable, optional
        Reads the model from the run folder.
    """

    config: type[Config]
    read: Callable[[Inputs, Any], RunData]
    read_model: Callable[[Path], Any] | None = None


JOBS: Registry[JobKind] = Registry("job")
"""Jobs that make run folders, by name; each is registered by its module in :mod:`motifnet.runs`."""


class Job(Generic[Options]):
    """A run that is being made: its folder, its options, a clock, and its record.

    Attributes
    ----------
    folder : RunFolder
        Taken for this run alone.
    config : Config
        All options; what they leave open is settled on the way.
    progress : Progress
        Told what is going on.
    seconds : dict of str to float
        Wall time of each stage so far.
    overwrite, resume : bool
        Whether the run may replace another, and whether it goes on with one that was interrupted.
    """

    def __init__(
        self,
        kind: str,
        folder: RunFolder,
        config: Options,
        command: Sequence[str],
        progress: Progress,
        *,
        overwrite: bool = False,
        resume: bool = False,
    ) -> None:
        self.folder, self.config, self.progress = folder, config, progress
        self.overwrite, self.resume = overwrite, resume
        self.seconds: dict[str, float] = {}
        self._record: dict[str, object] = {"job": kind, "command": shlex.join(command)}
        self._checksums: dict[str, str] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time that the context lasts to that of a stage."""
        began = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 3)

    def settle(self, stage: str, **values: object) -> None:
        """Replace options that were left open by what they come to; the record has these."""
        self.config = self.config.with_options(stage, **values)

    def reads(self, inputs: Mapping[str, Sequence[Path]]) -> None:
        """Note which files are read, by role; those that options name are noted as well."""
        self._record["directory"] = str(Path.cwd())
        files = inputs_of(inputs, self.config)
        self._record["inputs"] = recorded(files)
        for role in dict.fromkeys(one.role for one in files):
            self._checksums[role] = " ".join(str(one.sha256) for one in files if one.role == role)

    def uses(self, digest: str) -> None:
        """Note the digest of the sequences that are worked on, which tells whether a genome has changed."""
        self._record["data"] = digest

    def keep(self, *, but: Collection[str] = ()) -> None:
        """From here on keep what is finished, by which the run can be resumed; or go on with what was kept.

        An interrupted run must have been of the same job, version, files, options, and sequences (data), so
        that a changed genome counts.

        Parameters
        ----------
        but : collection of str
            Options, and files that they name, on which nothing that is kept depends.

        Raises
        ------
        RunExists
            If the interrupted run was another.
        """
        if self.resume and not self.folder.is_interrupted:
            _log.warning(
                "--resume has no effect, since no run was interrupted in %s; this one begins",
                self.folder.path,
            )
        options = {
            f"--{name.replace('_', '-')}": repr(value)
            for stage in self.config.model_dump().values()
            for name, value in stage.items()
            if name not in but
        }
        files = {f"file of {role}": digest for role, digest in self._checksums.items() if role not in but}
        whole = {name: str(self._record[name]) for name in ("job", "data")}
        identity = {**whole, "motifnet": __version__, **files, **options}
        self.folder.begin(identity, overwrite=self.overwrite, resume=self.resume)

    def record(self, **its_own: object) -> dict[str, object]:
        """The content of ``run.json`` so far, with what the job has to say beside that."""
        return its_own | {
            **self._record,
            "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "seconds": dict(self.seconds),
            "versions": versions(),
            "config": self.config.model_dump(mode="json"),
        }

    def results(self, record: Mapping[str, object]) -> AbstractContextManager[Path]:
        """A folder to write results to, which are published together with the record.

        See :meth:`RunFolder.results`.
        """
        return self.folder.results(record)


@contextmanager
def begun(
    kind: str,
    output: str | Path,
    config: Options,
    inputs: Mapping[str, Sequence[Path]],
    *,
    overwrite: bool = False,
    resume: bool = False,
    command: Sequence[str] = (),
    progress: Progress | None = None,
) -> Iterator[Job[Options]]:
    """Have a folder for a run as long as the context lasts: checked, locked, its inputs known.

    Parameters
    ----------
    kind : str
        Name in :data:`JOBS`.
    output : str or Path
        The run folder.
    config : Config
        All options.
    inputs : mapping of str to sequence of Path
        Files to read, by role, beside those that options name.
    overwrite, command, progress
        See :class:`RunArguments`.
    resume : bool
        Go on with an interrupted run.

    Raises
    ------
    MissingFile, FileFormatError
        If an input cannot be read.
    OutputIsInput
        If the run would replace what it reads.
    FolderInUse, RunExists, UnwritableFolder
        If no run can be made there: see :meth:`RunFolder.taken`.
    """
    with RunFolder(output).taken(overwrite=overwrite, resume=resume) as folder, _noting_what_is_kept(folder):
        if config.threads is not None:
            use_threads(config.threads)
        job = Job(kind, folder, config, command, progress or Silent(), overwrite=overwrite, resume=resume)
        read = [path for _, path in named_files(inputs, config)]
        for name in folder.outputs:
            check_apart(folder.path / name, read)
        with job.stage("read"):
            job.reads(inputs)
        yield job


@contextmanager
def _noting_what_is_kept(folder: RunFolder) -> Iterator[None]:
    """Let whatever ends a run early say how to go on with it, once there is something to go on with."""
    ended_early = True
    try:
        yield
        ended_early = False
    finally:
        problem = sys.exc_info()[1]
        is_told = isinstance(problem, RunExists)  # which says how to go on itself
        if ended_early and problem is not None and not is_told and folder.is_interrupted:
            problem.add_note("what is finished is kept: go on with --resume")


def digest_of(*arrays: np.ndarray) -> str:
    """SHA-256 of arrays, in hexadecimal.

    Examples
    --------
    >>> digest_of(np.zeros(2, np.uint8)) == digest_of(np.zeros(3, np.uint8))
    False
    """
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
