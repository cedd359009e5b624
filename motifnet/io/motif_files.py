"""Motif files of every format that is registered: told by what they hold, and written whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from motifnet.errors import MotifFormatError

# Importing a format registers it.
from motifnet.io import jaspar, meme, pfm, transfac  # noqa: F401
from motifnet.io.formats import FORMATS, first_content
from motifnet.io.meme import render_meme
from motifnet.io.text import atomic_write, numbered_lines
from motifnet.motifs import Motif


def read_motifs(path: str | Path) -> list[Motif]:
    """Read motifs from a file, plain or gzip, of any known format.

    Parameters
    ----------
    path : str or Path
        The format is told by the content; the name does not matter.

    Returns
    -------
    list of Motif
        In the order of the file.

    Raises
    ------
    MissingFile
        If there is no such file.
    MotifFormatError
        If it is of no known format, or does not follow its format.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "gata")
    ...     _ = path.write_text(">GATA\\nA [0 9 0 9]\\nC [0 0 0 0]\\nG [9 0 0 0]\\nT [0 0 9 0]\\n")
    ...     motifs = read_motifs(path)
    >>> motifs[0].name, motifs[0].consensus
    ('GATA', 'GATA')
    """
    path = Path(path)
    lines = list(numbered_lines(path, "motif file", MotifFormatError))
    first = first_content(lines)
    known = ", ".join(FORMATS)
    if not first:
        raise MotifFormatError(path, f"is empty; expected motifs (known formats: {known})")
    for name in FORMATS:
        if FORMATS[name].matches(lines):
            return FORMATS[name].parse(lines, path)
    raise MotifFormatError(
        path, f"begins with {first[:40]!r}, as no known motif format does (known: {known})"
    )


def write_motifs(path: str | Path, motifs: Sequence[Motif], format: str = "meme") -> None:
    """Write motifs to a file.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    motifs : sequence of Motif
        None gives a well-formed file without motifs.
    format : str
        Name in :data:`~motifnet.io.formats.FORMATS`.

    Raises
    ------
    UnknownName
        If there is no such format.
    """
    text = FORMATS[format].render(motifs)
    with atomic_write(path) as handle:
        handle.write(text)


def write_meme(path: str | Path, motifs: Sequence[Motif], *, strands: str = "+ -") -> None:
    """Write motifs in MEME format.

    Parameters
    ----------
    path : str or Path
    motifs : sequence of Motif
    strands : {"+ -", "+"}
        ``"+"`` for motifs of RNA or of one strand alone.
    """
    with atomic_write(path) as handle:
        handle.write(render_meme(motifs, strands))
