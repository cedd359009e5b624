"""Logos of a finished run or of any motif file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from motifnet.errors import InvalidValue, MotifFormatError
from motifnet.io.motif_files import read_motifs
from motifnet.io.text import atomic_write, writing
from motifnet.motifs import Motif
from motifnet.report.layout import Kind
from motifnet.report.logo import logo_bytes
from motifnet.runs.folder import Output


def draw_logos(
    source: Path,
    output: Path,
    formats: Sequence[str],
    *,
    kind: Kind = "information",
    reverse_complement: bool = False,
    scheme: str = "classic",
    dpi: int = 300,
) -> list[Path]:
    """Draw one logo a motif and format.

    Parameters
    ----------
    source : Path
        A run folder, or a file of motifs in any known format.
    output : Path
        Folder for the logos; made if it is not there.
    formats : sequence of str
        ``"svg"``, ``"png"``, ``"pdf"``.
    kind, scheme, dpi
        As in :func:`motifnet.report.logo.logo_bytes`.
    reverse_complement : bool
        Draw the other strand.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    MissingFile, MotifFormatError
        If there are no motifs to read.
    """
    motifs = _motifs(source)
    names = _file_names(motifs)
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
    paths = []
    for motif, name in zip(motifs, names, strict=True):
        drawn = motif.reverse_complement() if reverse_complement else motif
        for format in formats:
            paths.append(output / f"{name}.{format}")
            with atomic_write(paths[-1], "wb") as handle:
                handle.write(logo_bytes(drawn, format=format, kind=kind, scheme=scheme, dpi=dpi))
    return paths


def _motifs(source: Path) -> list[Motif]:
    if not source.is_dir():
        return read_motifs(source)
    if not (source / Output.MEME).is_file():
        raise MotifFormatError(
            source, f"is a folder without {Output.MEME}; give a run folder or a motif file"
        )
    return read_motifs(source / Output.MEME)


def _file_names(motifs: Sequence[Motif]) -> list[str]:
    """Names that every file system takes, one for each motif."""
    names = [re.sub(r"[^\w.+-]", "_", motif.name) for motif in motifs]
    twice = {name for name in names if names.count(name) > 1}
    if "" in names:
        raise InvalidValue("name of a motif", "", "a name for its file")
    return [f"{name}_{i}" if name in twice else name for i, name in enumerate(names, 1)]
