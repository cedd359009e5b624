"""Where motifs are read from: finished runs with what they know of sites, and motif files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from motifnet.errors import MotifFormatError
from motifnet.io.motif_files import read_motifs
from motifnet.io.sites_table import read_sites_tsv
from motifnet.motifs import Motif
from motifnet.motifs.merge import PlacedText
from motifnet.runs.folder import Output, RunFolder

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
    if not path.is_dir():
        return path
    RunFolder(path).complete()
    for name in _MOTIF_FILES:
        if (path / name).is_file():
            return path / name
    raise MotifFormatError(path, f"is a folder without {Output.MEME}; give a run folder or a motif file")


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
    return Source(path, motifs, read_sites_tsv(table, _data_of(RunFolder(path))))


def _data_of(folder: RunFolder) -> str:
    """What the sequences of a run were read from, as one word that other data do not have."""
    sums = folder.record.get("checksums")
    if not isinstance(sums, dict):
        return str(folder.path.resolve())
    return " ".join(sorted(map(str, sums.values())))
