"""Where motifs are read from: finished runs with what they know of sites, and motif files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from motifnet.config.shared import JASPAR
from motifnet.config.stage import Config
from motifnet.errors import FileFormatError, MotifFormatError
from motifnet.io.motif_files import read_motifs
from motifnet.io.sites_table import read_sites_tsv
from motifnet.motifs import Motif
from motifnet.motifs.merge import PlacedText
from motifnet.runs.folder import Output, RunFolder
from motifnet.runs.inputs import read_recorded

Options = TypeVar("Options", bound=Config)

_MOTIF_FILES = (Output.MEME, Output.FAMILY_MOTIFS, Output.PROFILE_MOTIF)  # of train, cluster, profile


@dataclass(frozen=True, eq=False)
class Source:
    """Motifs that come together.

    Parameters
    ----------
    path : Path
        The run folder or motif file.
    motifs : list of Motif
        None for a run that found none.
    sites : mapping of str to sequence of PlacedText
        Sites by the name of their motif, where they are known.
    """

    path: Path
    motifs: list[Motif]
    sites: Mapping[str, Sequence[PlacedText]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """That of the folder or file."""
        return self.path.resolve().name


def motif_file(path: Path) -> Path:
    """The file of motifs that a path stands for: that of a run folder, of whatever command, or itself.

    Raises
    ------
    MotifFormatError
        If it is a folder, but not that of a run.
    """
    if not path.is_dir() or str(path) == JASPAR:
        return path
    RunFolder(path).complete()
    found = found_motifs(path)
    if found is None:
        raise MotifFormatError(path, f"is a folder without {Output.MEME}; give a run folder or a motif file")
    return found


def with_motifs_of_runs(config: Options, stage: str, option: str) -> Options:
    """The options, with the files of motifs of the run folders that one of them names.

    Raises
    ------
    MotifFormatError
        If it names a folder that is none of a run.
    """
    given = getattr(getattr(config, stage), option)
    if given is None:
        return config
    found = tuple(map(motif_file, given)) if isinstance(given, tuple) else motif_file(given)
    return config.with_options(stage, **{option: found})


def found_motifs(folder: Path) -> Path | None:
    """The file of the motifs that a run found, of whatever command; ``None`` if it wrote none."""
    return next((folder / name for name in _MOTIF_FILES if (folder / name).is_file()), None)


def read_source(path: Path) -> Source:
    """The motifs of a run folder with their sites, or of a motif file of any known format.

    Raises
    ------
    MissingFile, FileFormatError
        If there is nothing to read, or it cannot be read.
    """
    motifs = read_motifs(motif_file(path))
    table = path / Output.SITES
    if not path.is_dir() or not table.is_file():
        return Source(path, motifs)
    return Source(path, motifs, read_sites_tsv(table, data_of(RunFolder(path))))


def data_of(folder: RunFolder) -> str:
    """What the sequences of a run were read from, as one word that other data do not have.

    Raises
    ------
    FileFormatError
        If the record of the run is damaged.
    """
    path = folder.path / Output.RECORD
    sums = [one.sha256 for one in read_recorded(folder.record, path) if one.sha256 is not None]
    if not sums:
        raise FileFormatError(path, "has no checksums of its inputs; expected the record of a run")
    return " ".join(sorted(sums))
