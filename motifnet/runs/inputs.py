"""What a run reads, by role: how it is recorded, and how it is found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from motifnet.config.stage import Config
from motifnet.errors import ChangedInput, FileFormatError, InvalidValue, MissingFile, OutputIsInput
from motifnet.io.databases import JASPAR
from motifnet.io.text import first_bytes, is_same_file, sha256

Paths = str | Path | Sequence[str | Path]
"""One file, or several."""


def paths_of(given: Paths) -> list[Path]:
    """Files as a list of paths, be there one or several.

    Examples
    --------
    >>> paths_of("a.fa"), paths_of(["a.fa", Path("b.fa")])
    ([PosixPath('a.fa')], [PosixPath('a.fa'), PosixPath('b.fa')])
    """
    paths = [Path(given)] if isinstance(given, (str, Path)) else [Path(path) for path in given]
    if not paths:
        raise InvalidValue("files", "none", "one or more")
    return paths


_BY_SIZE = {"genome"}
"""Roles of files that are too large for a checksum; what was read of them has one."""


class InputFile(NamedTuple):
    """A file that a run reads.

    Parameters
    ----------
    role : str
        What it is read as: ``"targets"``, ``"motifs"``, or the name of the option that it was given by.
    path : Path
        As given; ``jaspar`` is the database of an installed package, and no file.
    n_bytes : int or None
        Its size.
    sha256 : str or None
        Its checksum in hexadecimal; not of a genome, whose size makes that slow.
    """

    role: str
    path: Path
    n_bytes: int | None = None
    sha256: str | None = None

    @classmethod
    def of(cls, role: str, path: Path) -> InputFile:
        """The file as it is now.

        Raises
        ------
        MissingFile, FileFormatError
            If it cannot be read.
        """
        if str(path) == JASPAR:
            return cls(role, path)
        first_bytes(path, "file", 0)
        checksum = None if role in _BY_SIZE else sha256(path)
        return cls(role, path, path.stat().st_size, checksum)

    def entry(self) -> dict[str, object]:
        """The file in a record, in its role."""
        values = {"path": str(self.path), "bytes": self.n_bytes, "sha256": self.sha256}
        return {name: value for name, value in values.items() if value is not None}

    def found(self, folders: Sequence[Path]) -> Path:
        """The same file, as it lies in one of some folders.

        Raises
        ------
        MissingFile
            If it lies in none of them.
        ChangedInput
            If it has changed since.
        """
        if str(self.path) == JASPAR:
            return self.path
        there = [folder / self.path for folder in folders if (folder / self.path).is_file()]
        if not there:
            raise MissingFile(folders[0] / self.path, f"file that the run read as {self.role}")
        same = (path for path in there if InputFile.of(self.role, path)[2:] == self[2:])
        path = next(same, None)
        if path is None:
            raise ChangedInput(there[0], self.role)
        return path


def named_files(given: Mapping[str, Sequence[Path]], config: Config) -> list[tuple[str, Path]]:
    """The files that a run is to read, each with its role: those it was given, and those of its options."""
    return [*((role, path) for role, paths in given.items() for path in paths), *config.files()]


def inputs_of(given: Mapping[str, Sequence[Path]], config: Config) -> list[InputFile]:
    """All files of a run: those it was given by role, and those that its options name.

    Raises
    ------
    MissingFile, FileFormatError
        If one cannot be read.
    """
    return [InputFile.of(role, path) for role, path in named_files(given, config)]


def recorded(inputs: Sequence[InputFile]) -> dict[str, list[dict[str, object]]]:
    """Inputs as ``run.json`` has them.

    Examples
    --------
    >>> recorded([InputFile("targets", Path("a.fa"), 120, "0f"), InputFile("genome", Path("g.fa"), 9000)])
    {'targets': [{'path': 'a.fa', 'bytes': 120, 'sha256': '0f'}], 'genome': [{'path': 'g.fa', 'bytes': 9000}]}
    """
    roles = dict.fromkeys(one.role for one in inputs)
    return {role: [one.entry() for one in inputs if one.role == role] for role in roles}


def read_recorded(record: Mapping[str, Any], path: Path) -> list[InputFile]:
    """The inputs in a record.

    Raises
    ------
    FileFormatError
        If the record is damaged, or by a version before inputs had roles.
    """
    found = record.get("inputs")
    if "checksums" in record and "inputs" not in record:
        raise FileFormatError(path, "is of a version before inputs had roles; make the run again")
    if not isinstance(found, dict) or not all(map(_are_entries, found.values())):
        raise FileFormatError(path, "has no inputs by their roles; expected the record of a run")
    return list(_read(found))


def _read(inputs: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[InputFile]:
    for role, entries in inputs.items():
        for entry in entries:
            yield InputFile(role, Path(entry["path"]), entry.get("bytes"), entry.get("sha256"))


def _are_entries(entries: object) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("path"), str)
        and isinstance(entry.get("bytes", 0), int)
        and isinstance(entry.get("sha256", ""), str)
        for entry in entries
    )


def check_apart(output: Path, inputs: Sequence[Path]) -> None:
    """Refuse to write where something is read.

    Parameters
    ----------
    output : Path
        A file to write, whether it is there or not.
    inputs : sequence of Path

    Raises
    ------
    OutputIsInput
        If it is one of the inputs, under whatever name.
    """
    for path in inputs:
        if path.exists() and is_same_file(path, output):
            raise OutputIsInput(output, path)


class Inputs:
    """The files of a run where they are now, each as it was.

    Parameters
    ----------
    files : sequence of InputFile
    folders : sequence of Path
        Where relative paths may begin: first that in which the run was made.
    """

    def __init__(self, files: Sequence[InputFile], folders: Sequence[Path]) -> None:
        self._files, self._folders = files, folders

    def __getitem__(self, role: str) -> list[Path]:
        """The files of a role; none where the run had no such.

        Raises
        ------
        MissingFile, ChangedInput
            If one is gone, or has changed since.
        """
        return [one.found(self._folders) for one in self._files if one.role == role]

    def place(self) -> Callable[[Path], Path]:
        """Where each file is now, by its path as it was given."""
        now: dict[Path, list[InputFile]] = {}
        for one in self._files:
            now.setdefault(one.path, []).append(one)

        def found(path: Path) -> Path:
            # A file may have several roles, of which one may be without a checksum.
            return [one.found(self._folders) for one in now.get(path, ())][-1] if path in now else path

        return found
