"""The folder of a run: one run at a time, never half written, never lost without being asked."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from motifnet.errors import CheckpointError, FileFormatError, RunExists, UnwritableFolder, shown
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint
from motifnet.io.text import atomic_write, json_text, reading, writing
from motifnet.runs.lock import locked

_log = logging.getLogger(__name__)
_WORK = ".work"
_LOCK = "lock"
_NEW = "new"
_JOURNAL = "publication.json"
_IDENTITY = "identity"


class Output(StrEnum):
    """Names of files of run folders. A run is free to write others: what it wrote, its record says."""

    REPORT = "report.html"
    TARGETS = "targets.fa"
    CONTROLS = "controls.fa"
    TRUTH = "truth.tsv"
    MEME = "motifs.meme"
    JASPAR = "motifs.jaspar"
    REPEATS = "repeats.meme"
    MOTIFS = "motifs.tsv"
    COMPANIONS = "companions.tsv"
    MATCHES = "matches.tsv"
    SITES_BED = "sites.bed"
    SITES = "sites.tsv"
    SEQUENCES = "sequences.tsv"
    TRACK = "posterior.bedgraph"
    METRICS = "metrics.json"
    MODEL = "model.pt"
    ALIGNED_FASTA = "alignments.fa"
    ALIGNED_MAF = "alignments.maf"
    ALIGNED_PAF = "alignments.paf"
    ALIGNED_SAM = "alignments.sam"
    SAMPLES = "samples.fa"
    PAIRS = "pairs.tsv"
    GAPS = "gaps.tsv"
    LINEAGES = "lineages.tsv"
    POSTERIORS = "posteriors.tsv"
    CONFIDENCE = "confidence.bedgraph"
    HMM = "model.json"
    A2M = "alignment.fa"
    PROFILE_MOTIF = "motif.meme"
    LOGO_SVG = "logo.svg"
    LOGO_PNG = "logo.png"
    LOGOS = "logos"
    FAMILIES = "families.tsv"
    FAMILY_MOTIFS = "families.meme"
    REPRODUCIBILITY = "reproducibility.tsv"
    TREE_SVG = "tree.svg"
    TREE_PNG = "tree.png"
    RADIAL_SVG = "tree-radial.svg"
    RADIAL_PNG = "tree-radial.png"
    ENRICHMENT = "enrichment.tsv"
    CENTRAL = "central.tsv"
    SPACING = "spacing.tsv"
    TIE_TESTS = "tests.tsv"
    TIE_TESTS_JSON = "tests.json"
    FIGURES = "figures"
    RECORD = "run.json"  # the last to appear: a run that has it is finished


class RunFolder:
    """A folder in which a run is made.

    What is finished of a run that is going on lies in a hidden folder, from which an interrupted
    run is resumed; the results appear at the end, all at once. Only files that a run wrote, by its own
    record, are ever replaced or removed.

    Parameters
    ----------
    path : str or Path
        The folder.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._work = self.path / _WORK
        self._identity: dict[str, str] | None = None

    @property
    def is_finished(self) -> bool:
        """Whether it holds a finished run of motifnet."""
        return bool(self.record)

    @property
    def is_interrupted(self) -> bool:
        """Whether it holds a run of motifnet that was interrupted, and can be resumed."""
        return (self._work / f"{_IDENTITY}.pt").is_file()

    @property
    def outputs(self) -> list[str]:
        """The files of a finished run, by its record: paths within the folder, with ``/``."""
        record = self.record
        names = record.get("outputs", [])
        recorded = [*(names if isinstance(names, list) else []), *([Output.RECORD.value] if record else [])]
        return [name for name in dict.fromkeys(recorded) if isinstance(name, str) and _is_within(name)]

    @property
    def record(self) -> dict[str, Any]:
        """The record of the finished run that lies here; empty if there is none that can be read."""
        path = self.path / Output.RECORD
        try:
            with reading(path):
                record = json.loads(path.read_bytes())
        except FileFormatError:
            return {}
        its_own = isinstance(record, dict) and isinstance(record.get("versions"), dict)
        return record if its_own and "motifnet" in record["versions"] else {}

    @contextmanager
    def taken(self, *, overwrite: bool, resume: bool = False) -> Iterator[RunFolder]:
        """Have the folder for one run, which nobody else works in as long as the context lasts.

        A publication that a killed run had begun is finished first. Afterwards nothing is left of a
        run that came to no end, unless it can be resumed.

        Parameters
        ----------
        overwrite : bool
            Replace a run that is already there.
        resume : bool
            Go on with an interrupted run.

        Raises
        ------
        FolderInUse
            If another run is going on in it.
        RunExists
            If it would destroy a run that it was not asked to destroy, or stands among other files.
        UnwritableFolder
            If it cannot be written to.
        """
        self._check_writable()
        made = [folder for folder in (self.path, *self.path.parents) if not os.path.lexists(folder)]
        try:
            with locked(self._work / _LOCK, self.path):
                self._complete_publication()
                self._check_free(overwrite=overwrite, resume=resume)
                try:
                    yield self
                finally:
                    self._remove_unfinished()
        finally:
            for folder in (self._work, *made):
                with suppress(OSError):  # it holds something now
                    folder.rmdir()

    def _check_writable(self) -> None:
        nearest = self.path
        while not os.path.lexists(nearest) and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise UnwritableFolder(self.path, f"{nearest} is a file")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise UnwritableFolder(self.path, f"no permission to write in {nearest}")

    def _check_free(self, *, overwrite: bool, resume: bool) -> None:
        if self.is_interrupted and not (overwrite or resume):
            hint = "use --resume to go on with it, or --overwrite to begin again"
            raise RunExists(self.path, "an interrupted run", hint)
        if self.is_finished and not overwrite:
            both = "with --resume --overwrite the run that was to replace it goes on"
            hint = both if self.is_interrupted else "use --overwrite to replace it, or another folder"
            raise RunExists(self.path, "a finished run", hint)
        if not (self.is_finished or self.is_interrupted) and self._holds_files():
            raise RunExists(self.path, "files that are no run of motifnet", "choose another folder")

    def _holds_files(self) -> bool:
        """Whether there is anything but work of a run that cannot be resumed."""
        return any(path.name != _WORK for path in self.path.iterdir())

    def _remove_unfinished(self) -> None:
        """Leave what a resumed run needs, and nothing else; not even that once results are published."""
        if (self._work / _JOURNAL).exists():
            return  # the next run finishes the publication
        kept = {_LOCK} | ({path.name for path in self._work.glob("*.pt")} if self.is_interrupted else set())
        for path in self._work.iterdir():
            if path.name not in kept:
                _remove(path)

    def begin(self, identity: Mapping[str, str], *, overwrite: bool, resume: bool) -> None:
        """Begin a run that can be resumed once a piece of it is finished, or go on with one.

        Parameters
        ----------
        identity : mapping of str to str
            What a resumed run must have in common with the interrupted one: options, data.
        overwrite : bool
            Begin again where the interrupted run was another.
        resume : bool
            Go on with what is there.

        Raises
        ------
        RunExists
            If the interrupted run had other options or data.
        """
        if self.is_interrupted and resume:
            changed = self._changed(identity)
            if not changed:
                return
            if not overwrite:
                state = f"an interrupted run that differs in {', '.join(changed)}"
                hint = "resume with the same, or use --overwrite to begin again"
                raise RunExists(self.path, state, hint)
            differs = ", ".join(changed)
            _log.warning("the interrupted run in %s differs in %s; this one begins again", self.path, differs)
        for path in self._work.glob("*.pt"):
            path.unlink()
        self._identity = dict(identity)

    def _changed(self, identity: Mapping[str, str]) -> list[str]:
        """What an interrupted run does not have in common with this one."""
        kept = self.load(_IDENTITY)
        if kept is None:
            return ["a record of itself that can be read"]
        before = kept["identity"]
        return sorted(name for name in {*identity, *before} if identity.get(name) != before.get(name))

    def load(self, name: str) -> dict[str, Any] | None:
        """A finished piece of work; ``None`` if there is none that can be used, which is said."""
        path = self._work / f"{name}.pt"
        if not path.is_file():
            return None
        try:
            return load_checkpoint(path, name)
        except CheckpointError as problem:
            _log.warning("%s; it is made again", problem)
            return None

    def save(self, name: str, content: dict[str, Any]) -> None:
        """Keep a finished piece of work; with the first of them, what the run is."""
        if self._identity is not None:
            save_checkpoint(self._work / f"{_IDENTITY}.pt", _IDENTITY, {"identity": self._identity})
            self._identity = None
        save_checkpoint(self._work / f"{name}.pt", name, content)

    @contextmanager
    def results(self, record: Mapping[str, object]) -> Iterator[Path]:
        """A folder to write results to; they replace those of an older run when all are written.

        Parameters
        ----------
        record : mapping of str to object
            What ``run.json`` is to say beside the files that were written, which it gets as ``outputs``.

        Raises
        ------
        RunExists
            If a result would replace a file that no run of motifnet wrote.
        """
        new = self._work / _NEW
        _remove(new)
        with writing(self.path):
            new.mkdir()
        yield new
        with writing(self.path):
            names = sorted(_written(new))
            with atomic_write(new / Output.RECORD, durable=True) as handle:
                handle.write(json_text({**record, "outputs": [*names, Output.RECORD.value]}))
            self._publish([*names, Output.RECORD.value])

    def _publish(self, names: Sequence[str]) -> None:
        """Put the new results into the place of the older ones.

        What is to be done is written down first, and is done by steps that can be repeated: a run that is
        killed between two of them is published by the next that comes to the folder.
        """
        old = self.outputs
        self._check_foreign(names, old)
        with atomic_write(self._work / _JOURNAL, durable=True) as handle:
            handle.write(json_text({"old": old, "new": list(names)}))
        with _undisturbed():
            self._complete_publication()

    def _check_foreign(self, names: Sequence[str], old: Sequence[str]) -> None:
        """Raise if something stands where a result goes that no run put there."""
        for name in names:
            parents = _parents(self.path, name)
            blocked = [parent for parent in parents if parent.is_symlink() or parent.is_file()]
            target = self.path / name
            is_foreign = os.path.lexists(target) and (name not in old or target.is_dir())
            if name.endswith("/"):
                is_foreign = target.is_symlink() or target.is_file()
            if blocked or is_foreign:
                found = (blocked or [target])[0]
                where = shown(found.relative_to(self.path))
                is_folder = found.is_dir() and not found.is_symlink()
                state = f"{where}, a folder" if is_folder else f"{where}, which no run of motifnet wrote"
                raise RunExists(self.path, state, "move it away, or choose another folder")

    def complete(self) -> None:
        """Finish the publication of a run that was killed in the midst of it, before its results are read.

        Raises
        ------
        FolderInUse
            If it is going on just now.
        UnwritableFolder
            If the folder cannot be written to.
        """
        if (self._work / _JOURNAL).is_file():
            with locked(self._work / _LOCK, self.path):
                self._complete_publication()
            with suppress(OSError):
                self._work.rmdir()

    def _complete_publication(self) -> None:
        """Finish a publication that has begun, if there is one.

        Raises
        ------
        UnwritableFolder
            If files cannot be moved; what is left to do is done the next time.
        """
        journal = self._work / _JOURNAL
        if not journal.is_file():
            return
        with reading(journal, CheckpointError):
            plan = json.loads(journal.read_bytes())
            old, new = (list(filter(_is_within, plan[name])) for name in ("old", "new"))
        with writing(self.path):
            # The record goes first and comes last: with it, a folder is whole.
            if (self._work / _NEW / Output.RECORD).exists():
                (self.path / Output.RECORD).unlink(missing_ok=True)
            for name in old:
                if name not in new and not _leads_elsewhere(self.path, name):
                    _remove_file(self.path, name)
            for name in new:
                if _leads_elsewhere(self.path, name):
                    raise UnwritableFolder(self.path / PurePosixPath(name).parts[0], "it is a link")
                source, target = self._work / _NEW / name, self.path / name
                if name.endswith("/"):
                    target.mkdir(parents=True, exist_ok=True)
                elif source.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(source, target)
            for path in self._work.iterdir():
                if path.name not in (_LOCK, _JOURNAL):
                    _remove(path)
            journal.unlink()


def _written(folder: Path) -> Iterator[str]:
    """The files below a folder and, with ``/`` at their end, the folders that hold nothing."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir():
            yield name
        elif not any(path.iterdir()):
            yield f"{name}/"


def _is_within(name: str) -> bool:
    """Whether a name that was read from a file stays within its folder."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and path.parts[0] != _WORK


def _parents(folder: Path, name: str) -> list[Path]:
    """The folders within ``folder`` that a file lies in; ``folder`` itself may be a link of the user's."""
    return [folder / parent for parent in PurePosixPath(name).parents][:-1]


def _leads_elsewhere(folder: Path, name: str) -> bool:
    return any(parent.is_symlink() for parent in _parents(folder, name))


def _remove_file(folder: Path, name: str) -> None:
    """Remove a file, and the folders within ``folder`` that are empty without it."""
    with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        (folder / name).unlink()
    for place in [folder / name, *_parents(folder, name)]:
        with suppress(OSError):  # it holds other files, or is gone
            place.rmdir()


def _remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals that end a program wait for the few moments that files are moved."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    usual = {
        number: signal.signal(number, lambda number, _: waiting.append(number))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
        for sent in waiting:
            signal.raise_signal(sent)
