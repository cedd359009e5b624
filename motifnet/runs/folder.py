"""The folder of a run: never half written, never lost without being asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from motifnet.errors import CheckpointError, RunExists, UnwritableFolder
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint
from motifnet.io.text import writing

_WORK = ".work"
_NEW = ".new"
FINISHED_BY = "run.json"
"""The file that a finished run has, written last."""


class RunFolder:
    """A folder in which a run is made.

    What is finished of a run that is going on lies in a hidden folder, from which an interrupted
    run is resumed; the results appear at the end, all at once.

    Parameters
    ----------
    path : str or Path
        The folder.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._work = self.path / _WORK

    @property
    def is_finished(self) -> bool:
        """Whether it holds a finished run."""
        return (self.path / FINISHED_BY).is_file()

    @property
    def is_interrupted(self) -> bool:
        """Whether it holds a run that was interrupted."""
        return self._work.is_dir()

    def check(self, *, overwrite: bool, resume: bool) -> None:
        """Whether a run may begin here; nothing is changed.

        Raises
        ------
        RunExists
            If it would destroy a run that it was not asked to destroy.
        UnwritableFolder
            If it cannot be written to.
        """
        self._check_writable()
        if self.is_finished and not overwrite:
            raise RunExists(self.path, "a finished run", "use --overwrite to replace it, or another folder")
        if self.is_interrupted and not (overwrite or resume):
            raise RunExists(
                self.path,
                "an interrupted run",
                "use --resume to go on with it, or --overwrite to begin again",
            )
        if not (self.is_finished or self.is_interrupted) and self.path.is_dir() and any(self.path.iterdir()):
            raise RunExists(self.path, "files that are no run of motifnet", "choose another folder")

    def _check_writable(self) -> None:
        nearest = self.path
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise UnwritableFolder(self.path, f"{nearest} is a file")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise UnwritableFolder(self.path, f"no permission to write in {nearest}")

    def begin(self, identity: Mapping[str, Any], *, overwrite: bool, resume: bool) -> None:
        """Make the folder, or go on in it.

        Parameters
        ----------
        identity : mapping
            What a resumed run must have in common with the interrupted one: options, inputs.
        overwrite : bool
            Begin again where the interrupted run was another.
        resume : bool
            Go on with what is there.

        Raises
        ------
        RunExists
            If the interrupted run had other options or inputs.
        """
        if self.is_interrupted and resume:
            changed = self._changed(identity)
            if not changed:
                return
            if not overwrite:
                raise RunExists(
                    self.path,
                    f"an interrupted run that had another {', '.join(changed)}",
                    "resume with the same, or use --overwrite to begin again",
                )
        with suppress(FileNotFoundError):
            shutil.rmtree(self._work)
        with writing(self.path):
            self._work.mkdir(parents=True)
        self.save("identity", {"identity": dict(identity)})

    def _changed(self, identity: Mapping[str, Any]) -> list[str]:
        """What an interrupted run does not have in common with this one."""
        kept = self.load("identity")
        before = {} if kept is None else kept["identity"]
        return sorted(name for name in {*identity, *before} if identity.get(name) != before.get(name))

    def load(self, name: str) -> dict[str, Any] | None:
        """A finished piece of work; ``None`` if there is none that can be used."""
        path = self._work / f"{name}.pt"
        if not path.is_file():
            return None
        try:
            return load_checkpoint(path, name)
        except CheckpointError:
            return None  # it can be made again, as any piece can

    def save(self, name: str, content: dict[str, Any]) -> None:
        """Keep a finished piece of work."""
        save_checkpoint(self._work / f"{name}.pt", name, content)

    @contextmanager
    def results(self) -> Iterator[Path]:
        """A folder to write results to; they replace those of an older run when all are written."""
        new = self._work / _NEW
        with suppress(FileNotFoundError):
            shutil.rmtree(new)
        with writing(self.path):
            new.mkdir()
            yield new
            self._publish(new)
        shutil.rmtree(self._work)

    def _publish(self, new: Path) -> None:
        """Move results to their place; the file that says that they are complete comes last."""
        with suppress(FileNotFoundError):
            (self.path / FINISHED_BY).unlink()
        for old in self.path.iterdir():
            if old.name != _WORK:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for item in sorted(new.iterdir(), key=lambda item: item.name == FINISHED_BY):
            os.replace(item, self.path / item.name)
