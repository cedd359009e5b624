"""The folder of a run: never half written, never lost without being asked."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from motifnet.errors import CheckpointError, RunExists, UnwritableFolder
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint
from motifnet.io.text import writing

_WORK = ".work"
_IDENTITY = "identity"


class Output(StrEnum):
    """What a run writes into its folder: all that ``--overwrite`` may replace."""

    REPORT = "report.html"
    MEME = "motifs.meme"
    JASPAR = "motifs.jaspar"
    MOTIFS = "motifs.tsv"
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
    RECORD = "run.json"  # the last to appear: a run that has it is finished


class RunFolder:
    """A folder in which a run is made.

    What is finished of a run that is going on lies in a hidden folder, from which an interrupted
    run is resumed; the results appear at the end, all at once. Files that a run does not write
    are never touched.

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
        """Whether it holds a finished run of motifnet."""
        try:
            record = json.loads((self.path / Output.RECORD).read_text())
        except (OSError, ValueError):
            return False
        return isinstance(record, dict) and "motifnet" in record.get("versions", {})

    @property
    def is_interrupted(self) -> bool:
        """Whether it holds a run of motifnet that was interrupted."""
        return (self._work / f"{_IDENTITY}.pt").is_file()

    def check(self, *, overwrite: bool, resume: bool) -> None:
        """Whether a run may begin here; nothing is changed.

        Raises
        ------
        RunExists
            If it would destroy a run that it was not asked to destroy, or other files.
        UnwritableFolder
            If it cannot be written to.
        """
        self._check_writable()
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
        return self.path.is_dir() and any(path.name != _WORK for path in self.path.iterdir())

    def _check_writable(self) -> None:
        nearest = self.path
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise UnwritableFolder(self.path, f"{nearest} is a file")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise UnwritableFolder(self.path, f"no permission to write in {nearest}")

    def begin(self, identity: Mapping[str, str], *, overwrite: bool, resume: bool) -> None:
        """Make the folder, or go on in it.

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
        _remove(self._work)
        with writing(self.path):
            self._work.mkdir(parents=True)
        self.save(_IDENTITY, {"identity": dict(identity)})

    def _changed(self, identity: Mapping[str, str]) -> list[str]:
        """What an interrupted run does not have in common with this one."""
        kept = self.load(_IDENTITY)
        if kept is None:
            return ["a record of itself that can be read"]
        before = kept["identity"]
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
        new = self._work / "new"
        _remove(new)
        with writing(self.path):
            new.mkdir(parents=True)
            yield new
            self._publish(new)
        _remove(self._work)

    def _publish(self, new: Path) -> None:
        """Move the older results aside and the new ones in, or leave everything as it was."""
        old = self._work / "old"
        _remove(old)
        old.mkdir()
        with ExitStack() as undo:
            undo.callback(_move, Output, old, self.path)
            _move(reversed(Output), self.path, old)
            undo.callback(_move, reversed(Output), self.path, new)
            _move(Output, new, self.path)
            undo.pop_all()


def _move(names: Iterable[str], source: Path, target: Path) -> None:
    """Move what there is of some names, one after the other."""
    for name in names:
        if os.path.lexists(source / name):
            os.replace(source / name, target / name)


def _remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
