"""From a run folder back to what the run was made of: its data, its model, its motifs."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from motifnet import runs
from motifnet.config.stage import Config, refused
from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Composed, needs_cross_fit
from motifnet.datasets.split import PARTS, TRAIN, VALIDATION
from motifnet.errors import ChangedInput, FileFormatError, NotOfRun
from motifnet.io.databases import load_database
from motifnet.io.motif_files import read_motifs
from motifnet.motifs import Motif
from motifnet.runs.folder import Output, RunFolder
from motifnet.runs.inputs import Inputs, read_recorded
from motifnet.runs.job import JOBS, JobKind, RunData
from motifnet.runs.sources import found_motifs
from motifnet.symbols import Sequences


class Run:
    """A finished run, of whatever job: what it says of itself, and what it was made of.

    What is asked for is read when it is asked for. Files are looked for where they were, then from the
    folder that Python runs in; one that has changed since is refused.

    Attributes
    ----------
    path : Path
        The run folder.
    job : str
        The command that made it, such as ``"train"``.
    record : mapping
        ``run.json``.
    config : Config
        All options, as they were settled.
    inputs : Inputs
        The files that it read, by role.
    """

    def __init__(self, folder: RunFolder) -> None:
        # A folder stays where it is, wherever Python goes.
        self.path, self.record = folder.path.absolute(), folder.record
        self._source = self.path / Output.RECORD
        self.job = str(self.record.get("job", ""))
        self._kind = _kind_of(self.job, self._source)
        self.inputs = Inputs(
            read_recorded(self.record, self._source),
            [Path(str(self.record.get("directory", "."))), Path.cwd()],
        )
        self.config = _config_of(self._kind, self.record, self._source)

    @cached_property
    def data(self) -> RunData:
        """What the run worked on, read again as the run read it.

        Raises
        ------
        MissingFile
            If an input is gone.
        ChangedInput
            If an input has changed since, be it a genome.
        """
        data = self._kind.read(self.inputs, self.config.with_files(self.inputs.place()))
        if data.digest is not None and data.digest != self.record.get("data"):
            # All but genomes have checksums, and were compared.
            genomes = self.inputs["genome"]
            if genomes:
                raise ChangedInput(genomes[0], "genome")
            raise FileFormatError(
                self._source,
                "is of other sequences than this version makes of the same files; make the run again",
            )
        return data

    @property
    def targets(self) -> Sequences:
        """The sequences that were asked about; the first ones of pairs.

        Raises
        ------
        NotOfRun
            If the run read motifs alone.
        MissingFile, ChangedInput
            As for :attr:`data`.
        """
        return self._asked("targets", self.data.targets)

    @property
    def controls(self) -> Sequences:
        """What targets were compared with.

        Raises
        ------
        NotOfRun
            If they were not compared with anything.
        MissingFile, ChangedInput
            As for :attr:`data`.
        """
        return self._asked("controls", self.data.controls)

    @property
    def parts(self) -> dict[str, np.ndarray]:
        """Indices of the sequences of each part, targets and controls, in those of the data set.

        Of a run that was judged by a cross-fit there is no test part: the model has learnt from all
        sequences but those for validation, which told when to stop.

        Raises
        ------
        NotOfRun
            If nothing was split.
        MissingFile, ChangedInput
            As for :attr:`data`.
        """
        if not isinstance(self.data.of_kind, Composed) or not isinstance(self.config, TrainConfig):
            raise NotOfRun(self.path, self.job, "parts")
        dataset = self.data.of_kind.dataset
        if not needs_cross_fit(dataset, self.config.split):
            return {name: dataset.indices(part) for part, name in enumerate(PARTS)}
        learnt = np.flatnonzero(dataset.part != VALIDATION)
        return {PARTS[TRAIN]: learnt, PARTS[VALIDATION]: dataset.indices(VALIDATION)}

    @property
    def model(self) -> Any:
        """What was learnt: a network, a profile HMM, a pair HMM, or what pairs share that have times.

        Where groups of pairs have models of their own, it is a dict of these by group.

        Raises
        ------
        NotOfRun
            If runs of this kind learn none.
        MissingFile, FileFormatError
            If this one has written none, or it cannot be read.
        """
        if self._kind.read_model is None:
            raise NotOfRun(self.path, self.job, "model")
        return self._kind.read_model(self.path)

    @property
    def motifs(self) -> list[Motif]:
        """The motifs that were found; where none were, those that were given.

        Raises
        ------
        NotOfRun
            If there were neither.
        MissingFile, ChangedInput, MotifFormatError
            If they cannot be read.
        """
        found = found_motifs(self.path)
        if found is not None:
            return read_motifs(found)
        given = self.inputs["motifs"]
        if not given:
            raise NotOfRun(self.path, self.job, "motifs")
        return [motif for path in given for motif in load_database(path).motifs]

    def _asked(self, what: str, sequences: Sequences | None) -> Sequences:
        if sequences is None:
            raise NotOfRun(self.path, self.job, what)
        return sequences

    def __repr__(self) -> str:
        return f"<run of motifnet {self.job} in {self.path}>"


def read_run(path: str | Path) -> Run:
    """A finished run, from its folder alone.

    Parameters
    ----------
    path : str or Path
        The folder that a command of motifnet made.

    Returns
    -------
    Run
        With ``targets``, ``controls``, ``parts``, ``model`` and ``motifs``, as far as its kind has them.

    Raises
    ------
    FileFormatError
        If there is no finished run, or its record is damaged or by another version.

    Examples
    --------
    >>> import motifnet
    >>> made = motifnet.simulate("made")
    >>> run = motifnet.read_run("made")
    >>> run.job, len(run.targets)
    ('simulate', 1000)
    """
    folder = RunFolder(path)
    folder.complete()
    if folder.is_interrupted and not folder.is_finished:
        raise FileFormatError(folder.path, "holds a run that was interrupted; go on with it first (--resume)")
    if not folder.is_finished:
        raise FileFormatError(folder.path, "holds no finished run of motifnet; give a run folder")
    return Run(folder)


def _kind_of(job: str, source: Path) -> JobKind:
    """What is known of the kind of a run, whose module is imported for it."""
    module = job.replace(" ", "_")
    if module in {one.name for one in pkgutil.iter_modules(runs.__path__)}:
        importlib.import_module(f"{runs.__name__}.{module}")
    if job not in JOBS:
        raise FileFormatError(source, f"is of no job of this version ({job or 'none'}); make the run again")
    return JOBS[job]


def _config_of(kind: JobKind, record: dict[str, Any], source: Path) -> Config:
    try:
        return kind.config.model_validate(record.get("config"))
    except ValidationError as problem:
        raise FileFormatError(
            source, f"has options that this version does not take: {refused(problem)}"
        ) from None
