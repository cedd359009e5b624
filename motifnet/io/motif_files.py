"""Motif files of every format that is registered: told by what they hold, and written whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from motifnet.errors import InvalidValue, MotifFormatError, shown

# Importing a format registers it.
from motifnet.io import motif_formats  # noqa: F401
from motifnet.io.blocks import refuse_ambiguous
from motifnet.io.jaspar_sqlite import is_sqlite, read_jaspar_sqlite
from motifnet.io.motif_format import FORMATS, NOMINAL_SITES, Held, Lines, MotifFormat, first_content
from motifnet.io.motif_formats.meme import render_meme
from motifnet.io.text import numbered_lines, write_text
from motifnet.motifs import Motif
from motifnet.motifs.matrix import UNIFORM

_CLOSE = 1e-6  # differences that are not told


def read_motifs(path: str | Path, format: str | None = None) -> list[Motif]:
    """Read motifs from a file, plain or gzip, of any known format, or from a JASPAR release as SQLite.

    Parameters
    ----------
    path : str or Path
        The name does not matter.
    format : str, optional
        Name in :data:`~motifnet.io.motif_format.FORMATS`; told by the content if not given.

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
    UnknownName
        If there is no such format.

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
    if format is None and is_sqlite(path):
        return read_jaspar_sqlite(path)
    lines = list(numbered_lines(path, "motif file", MotifFormatError))
    if not first_content(lines):
        raise MotifFormatError(path, f"is empty; expected motifs (known formats: {', '.join(FORMATS)})")
    return _whole(FORMATS[format or _told(lines, path)], lines, path)


def _whole(known: MotifFormat, lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a file, if they are as many as the matrices that begin in it."""
    motifs = known.parse(lines, path)
    n_heads = known.n_heads(lines)
    if len(motifs) != n_heads:
        raise MotifFormatError(
            path, f"has {n_heads} matrices, of which {len(motifs)} can be read; expected to read every one"
        )
    return motifs


def _told(lines: Lines, path: Path) -> str:
    """The name of the format that the lines of a file are of."""
    for name in FORMATS:
        if FORMATS[name].matches(lines):
            return name
    refuse_ambiguous(lines, path)
    raise MotifFormatError(
        path,
        f"begins with {shown(first_content(lines), 40)!r}, as no known motif format does "
        f"(known: {', '.join(FORMATS)})",
    )


def format_of(path: str | Path) -> str:
    """The name of the format that a file to be written has by its ending.

    Returns
    -------
    str
        Name in :data:`~motifnet.io.motif_format.FORMATS`.

    Raises
    ------
    InvalidValue
        If no format has that ending.

    Examples
    --------
    >>> format_of("motifs.tf.gz")
    'transfac'
    """
    suffix = Path(str(path).removesuffix(".gz")).suffix.lower()
    for name in FORMATS:
        if suffix in FORMATS[name].suffixes:
            return name
    known = ", ".join(FORMATS[name].suffixes[0] for name in FORMATS)
    raise InvalidValue("ending of the output", suffix, f"one of {known}, or the name of a format")


def bases_of(motifs: Sequence[Motif]) -> str:
    """The letters of motifs: those of RNA if all are of RNA.

    Examples
    --------
    >>> bases_of([Motif("a", [[1], [0], [0], [0]], alphabet="RNA")])
    'ACGU'
    """
    return "ACGU" if motifs and all(motif.alphabet == "RNA" for motif in motifs) else "ACGT"


def render_motifs(motifs: Sequence[Motif], format: str = "meme", bases: str | None = None) -> str:
    """Motifs as the text of a file.

    Parameters
    ----------
    motifs : sequence of Motif
    format : str
        Name in :data:`~motifnet.io.motif_format.FORMATS`.
    bases : {"ACGT", "ACGU"}, optional
        The letters of DNA, or those of RNA; those of the motifs if not given.

    Returns
    -------
    str
        Whole lines.

    Raises
    ------
    UnknownName
        If there is no such format.

    Examples
    --------
    >>> gata = Motif("GATA", [[0, 9, 0, 9], [0, 0, 0, 0], [9, 0, 0, 0], [0, 0, 9, 0]])
    >>> print(render_motifs([gata], "jaspar", "ACGU"), end="")
    >GATA
    A [ 0 9 0 9 ]
    C [ 0 0 0 0 ]
    G [ 9 0 0 0 ]
    U [ 0 0 9 0 ]
    """
    return FORMATS[format].render(motifs, bases or bases_of(motifs))


def losses(motifs: Sequence[Motif], format: str, bases: str | None = None) -> list[str]:
    """What the motifs have that a format cannot hold, in words.

    Parameters
    ----------
    motifs : sequence of Motif
    format : str
        Name in :data:`~motifnet.io.motif_format.FORMATS`.
    bases : {"ACGT", "ACGU"}, optional
        The letters that they are to be written in; those of the motifs if not given.

    Returns
    -------
    list of str
        None where a reader gets back all that was written.

    Raises
    ------
    UnknownName
        If there is no such format.

    Examples
    --------
    >>> losses([Motif("a", [[9], [0], [0], [0]], alt_name="CTCF", log10_e_value=-9.0)], "uniprobe")
    ['second names', 'numbers of sites', 'E-values']
    """
    holds = FORMATS[format].holds
    lost = {
        "second names": Held.ALT_NAME not in holds and any(motif.alt_name for motif in motifs),
        "counts that differ between columns": Held.COUNTS not in holds and any(map(_is_uneven, motifs)),
        "numbers of sites": any(_loses_sites(motif, holds) for motif in motifs),
        "E-values": Held.E_VALUE not in holds and any(motif.log10_e_value is not None for motif in motifs),
        "backgrounds": any(_loses_background(motif, motifs[0], holds) for motif in motifs),
        "letters of RNA": _loses_letters(motifs, holds, bases),
        "that they are of one strand": _loses_strand(motifs, holds, bases or bases_of(motifs)),
    }
    return [what for what, is_lost in lost.items() if is_lost]


def _is_uneven(motif: Motif) -> bool:
    return bool(np.ptp(motif.counts.sum(0)) > _CLOSE * motif.n_sites)


def _loses_sites(motif: Motif, holds: Held) -> bool:
    """Whether a reader would take another number of sites than the motif has."""
    if Held.N_SITES in holds:
        return False
    told = motif.counts.sum(0).max() if Held.COUNTS in holds else NOMINAL_SITES
    return abs(told - motif.n_sites) > _CLOSE * motif.n_sites


def _loses_background(motif: Motif, first: Motif, holds: Held) -> bool:
    """Whether a reader would take another background; a file has one, that of its first motif."""
    told = first.background if Held.BACKGROUND in holds else UNIFORM
    return not np.allclose(told, motif.background, atol=_CLOSE)


def _loses_letters(motifs: Sequence[Motif], holds: Held, bases: str | None) -> bool:
    """Whether motifs of RNA would be read as DNA, where that was not asked for."""
    if (bases or bases_of(motifs)) == "ACGU":
        return Held.BASES not in holds
    return bases is None and any(motif.alphabet == "RNA" for motif in motifs)


def _loses_strand(motifs: Sequence[Motif], holds: Held, bases: str) -> bool:
    """Whether a motif of one strand would be read as one of both."""
    single = [motif.single_stranded for motif in motifs]
    if Held.BASES in holds and bases == "ACGU":
        return False
    return any(single) and not (Held.STRANDS in holds and all(single))


def write_motifs(path: str | Path, motifs: Sequence[Motif], format: str = "meme") -> None:
    """Write motifs to a file.

    Parameters
    ----------
    path : str or Path
        Compressed if it ends in ``.gz``.
    motifs : sequence of Motif
        None gives a well-formed file without motifs.
    format : str
        Name in :data:`~motifnet.io.motif_format.FORMATS`.

    Raises
    ------
    UnknownName
        If there is no such format.

    Examples
    --------
    >>> import numpy as np
    >>> write_motifs("gata.meme", [Motif("GATA", np.eye(4)[:, [2, 0, 3, 0]] * 20)])
    >>> read_motifs("gata.meme")[0].consensus
    'GATA'
    """
    write_text(path, render_motifs(motifs, format))


def write_meme(
    path: str | Path,
    motifs: Sequence[Motif],
    *,
    single_stranded: bool | None = None,
    remarks: Sequence[str] = (),
) -> None:
    """Write motifs in MEME format.

    Parameters
    ----------
    path : str or Path
    motifs : sequence of Motif
    single_stranded : bool, optional
        Whether the motifs are of one strand; if not given, they themselves tell.
    remarks : sequence of str, optional
        A line on each motif, which stands before it as a comment.

    Examples
    --------
    >>> import numpy as np
    >>> write_meme("gata.meme", [Motif("GATA", np.eye(4)[:, [2, 0, 3, 0]] * 20)], single_stranded=True)
    >>> read_motifs("gata.meme")[0].single_stranded
    True
    """
    text = render_meme(motifs, bases_of(motifs), single_stranded=single_stranded, remarks=remarks)
    write_text(path, text)
