"""Sequence logos of one motif: written directly as SVG, and drawn by logomaker as PNG and PDF.

A page with many logos holds the outlines of the letters and the axes once
(:func:`~motifnet.report.drawing.logo_svg.glyph_definitions`) and its logos refer to them
(``shared=True``); there the style sheet owns the colours. PNG and PDF show the same drawing as
SVG. Several motifs in one picture: :mod:`motifnet.report.drawing.logo_set`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motifnet.errors import UnknownName
from motifnet.motifs import Motif
from motifnet.motifs.letter_heights import Kind, fitted_scale
from motifnet.motifs.logo_letters import colours
from motifnet.motifs.matrix import checked
from motifnet.report.drawing.logo_layout import (
    BOTTOM,
    DPI,
    POSITIONS,
    RIGHT,
    Drawing,
    LogoTrack,
    logo_tracks,
    position_numbers,
)
from motifnet.report.drawing.logo_svg import svg

FORMATS = ("svg", "png", "pdf")


def logo_svg(
    motif: Motif,
    *,
    kind: Kind = "information",
    scheme: str = "classic",
    positions: bool = True,
    shared: bool = False,
    scale: float = 1,
) -> str:
    """A logo as one ``<svg>`` element.

    Parameters
    ----------
    motif : Motif
        The motif.
    kind : {"information", "probability", "log-odds"}
        What the height of a letter is; see :meth:`motifnet.motifs.motif.Motif.letter_heights`. The
        axis is fixed at 0 to 2 bits, or 0 to 1; that of log-odds fits the letters.
    scheme : str
        Colours: ``"classic"`` or ``"colour-blind-safe"``; see :data:`motifnet.motifs.logo_letters.SCHEMES`.
    positions : bool
        Whether to number the columns.
    shared : bool
        Refer to the outlines of :func:`~motifnet.report.drawing.logo_svg.glyph_definitions`, which the page
        must hold; the default is a drawing that stands alone.
    scale : float
        How large it is shown.

    Returns
    -------
    str
        An ``<svg>`` element.

    Raises
    ------
    UnknownName
        If there is no such kind of logo or no such scheme.

    Examples
    --------
    >>> drawn = logo_svg(Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]]))
    >>> drawn.count("<path fill="), drawn.startswith("<svg xmlns")
    (3, True)
    """
    return svg(logo_drawing(motif, kind=kind, positions=positions), scheme=scheme, shared=shared, scale=scale)


def logo_drawing(
    motif: Motif,
    *,
    kind: Kind = "information",
    positions: bool = True,
    first_position: int = 1,
    small_sample_correction: bool = False,
) -> Drawing:
    """The drawing of a logo, for :func:`drawing_bytes`.

    Parameters
    ----------
    motif : Motif
        The motif.
    kind : {"information", "probability", "log-odds"}
        What the height of a letter is.
    positions : bool
        Whether to number the columns.
    first_position : int
        Number of the first column.
    small_sample_correction : bool
        See :meth:`motifnet.motifs.motif.Motif.letter_heights`.

    Returns
    -------
    Drawing

    Raises
    ------
    UnknownName
        If there is no such kind of logo.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> logo_drawing(motif).title, logo_drawing(motif, positions=False).texts
    ('Logo of A', ())
    """
    (track,) = logo_tracks([motif], kind, small_sample_correction=small_sample_correction)
    return _single(track, f"Logo of {motif.name}", first_position if positions else None)


def contribution_drawing(values: np.ndarray, name: str, *, first_position: int = 1) -> Drawing:
    """The drawing of a logo of signed numbers, such as the contributions of bases to a prediction.

    Parameters
    ----------
    values : numpy.ndarray, shape=(4, width)
        Heights of the letters; those below 0 hang from the base line, upside down.
    name : str
        What the numbers are of, for the title.
    first_position : int
        Number of the first column.

    Returns
    -------
    Drawing

    Raises
    ------
    ShapeMismatch
        If ``values`` is not ``(4, width)``.

    Examples
    --------
    >>> drawing = contribution_drawing([[1, 0], [0, -0.4], [0, 0], [0, 0]], "chr1:10-12")
    >>> [letter.height > 0 for letter in drawing.tracks[0].letters()]
    [True, False]
    """
    values = checked(values, f"contributions of {name}")
    track = LogoTrack.single(values, fitted_scale([values], "contribution"))
    return _single(track, f"Contributions of the bases of {name}", first_position)


def drawing_bytes(drawing: Drawing, *, format: str, scheme: str = "classic", dpi: int = DPI) -> bytes:
    """A drawing as the bytes of a file: the same bytes for the same drawing.

    Parameters
    ----------
    drawing : Drawing
        One logo or many.
    format : {"svg", "png", "pdf"}
        SVG is written directly; the letters of PNG and PDF are logomaker's.
    scheme : str
        Colours of the letters.
    dpi : int
        Pixels an inch of a PNG.

    Returns
    -------
    bytes

    Raises
    ------
    UnknownName
        If there is no such format or scheme.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> drawing_bytes(logo_drawing(motif), format="pdf")[:4]
    b'%PDF'
    """
    if format not in FORMATS:
        raise UnknownName("logo format", format, FORMATS)
    if format == "svg":
        return svg(drawing, scheme=scheme).encode()
    from motifnet.report.drawing.logo_painting import paint_logos

    return paint_logos(drawing, format=format, palette=colours(scheme), dpi=dpi)


def logo_bytes(
    motif: Motif,
    *,
    format: str,
    kind: Kind = "information",
    scheme: str = "classic",
    dpi: int = DPI,
) -> bytes:
    """A logo as the bytes of a file: the same bytes for the same motif.

    Parameters
    ----------
    motif : Motif
        The motif.
    kind : {"information", "probability", "log-odds"}
        What the height of a letter is.
    format, scheme, dpi
        As in :func:`drawing_bytes`.

    Returns
    -------
    bytes

    Raises
    ------
    UnknownName
        If there is no such format, kind of logo or scheme.

    Examples
    --------
    >>> logo_bytes(Motif("A", [[8], [0], [0], [0]]), format="svg")[:4]
    b'<svg'
    """
    return drawing_bytes(logo_drawing(motif, kind=kind), format=format, scheme=scheme, dpi=dpi)


def save_logo(
    motif: Motif,
    path: str | Path,
    *,
    format: str | None = None,
    kind: Kind = "information",
    scheme: str = "classic",
    dpi: int = DPI,
) -> None:
    """Write a logo to a file; the format is that of the file name's suffix unless given.

    Parameters
    ----------
    motif : Motif
    path : str or Path
    format : {"svg", "png", "pdf"}, optional
        That of the ending of the path if not given.
    kind : {"information", "probability", "log-odds"}
        What the height of a letter is.
    scheme, dpi
        As in :func:`drawing_bytes`.

    Raises
    ------
    UnknownName
        If there is no such format, kind of logo or scheme.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> save_logo(motif, "logo.svg")
    """
    path = Path(path)
    chosen = format if format is not None else path.suffix.removeprefix(".").lower()
    path.write_bytes(logo_bytes(motif, format=chosen, kind=kind, scheme=scheme, dpi=dpi))


def _single(track: LogoTrack, title: str, first_position: int | None) -> Drawing:
    """A drawing of one logo, with numbers below it unless there is no first one."""
    width, bottom = track.x(track.width) + RIGHT, track.bottom + BOTTOM
    if first_position is None:
        return Drawing(title, width, bottom, [track])
    return Drawing(title, width, bottom + POSITIONS, [track], position_numbers(track, first_position))
