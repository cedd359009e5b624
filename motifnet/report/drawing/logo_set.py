"""Logos side by side, each under its name: aligned pairs, stacked families and small multiples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from motifnet.errors import InvalidValue
from motifnet.motifs import Motif
from motifnet.motifs.letter_heights import Kind
from motifnet.report.display_names import display_name
from motifnet.report.drawing.logo_layout import (
    BOTTOM,
    HEIGHT,
    NAME_SIZE,
    PITCH,
    POSITIONS,
    RIGHT,
    TOP,
    Box,
    Drawing,
    LogoTrack,
    Text,
    logo_tracks,
    position_numbers,
)
from motifnet.report.drawing.logo_svg import svg

_NAME = 22  # height of the row of a name, between a logo and the next
_NAME_UP = 7  # from the base line of a name to the logo
_FIRST_NAME = 12  # height of the row of a name above all logos
_LETTER = 0.62  # width of an average letter of a name, of its size
_ROW = _FIRST_NAME + TOP + HEIGHT + POSITIONS + BOTTOM + _NAME_UP  # of small multiples
_BETWEEN = 14  # from one small multiple to the next


def aligned_pair(
    first: Motif,
    second: Motif,
    offset: int,
    *,
    reverse: bool = False,
    scheme: str = "classic",
    flank: int | None = None,
    shared: bool = False,
    scale: float = 1,
) -> str:
    """A logo above that of another motif, columns aligned, the shared columns shaded, as SVG.

    Parameters
    ----------
    first : Motif
        Drawn above, as it is and without its name.
    second : Motif
        Drawn below under its name, reverse-complemented if ``reverse``.
    offset : int
        Column of ``first`` where the first column of the (oriented) second motif lies; may be negative.
    reverse : bool
        Whether the second motif must be reverse-complemented to fit the first.
    scheme : str
        Colours of the letters.
    flank : int, optional
        Columns of the second motif that are drawn beyond either end of the first; all if not given.
    shared : bool
        Refer to the outlines of :func:`motifnet.report.drawing.logo_svg.glyph_definitions`.
    scale : float
        How large it is shown.

    Returns
    -------
    str
        An ``<svg>`` element.

    Raises
    ------
    UnknownName
        If there is no such scheme.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> aligned_pair(motif, motif, offset=1).count("<path fill=")
    6
    """
    (below,), name = _oriented([second], [reverse]), _name(second, reverse=reverse)
    drawn = beside(first.width, second.width, offset, flank)
    if len(drawn) < second.width:
        name = f"{name}, columns {drawn.start + 1} to {drawn.stop} of {second.width}"
        below, offset = below.columns(slice(drawn.start, drawn.stop)), offset + drawn.start
    names = [_name(first, reverse=False), name]
    drawing = _stacked([first, below], [0, offset], names, "information", name_first=False)
    return svg(drawing, scheme=scheme, shared=shared, scale=scale)


def stacked(
    motifs: Sequence[Motif],
    offsets: Sequence[int],
    reverses: Sequence[bool],
    *,
    kind: Kind = "information",
    scheme: str = "classic",
    shared: bool = False,
) -> str:
    """The logos of a family below each other, columns aligned, those that all share shaded, as SVG.

    Parameters
    ----------
    motifs : sequence of Motif
        From the top.
    offsets : sequence of int
        Column, of any that all are counted from, where the first column of each (oriented) motif lies.
    reverses : sequence of bool
        Whether each motif must be reverse-complemented to fit the others.
    kind : {"information", "probability", "log-odds"}
        What the height of a letter is.
    scheme : str
        Colours of the letters.
    shared : bool
        Refer to the outlines of :func:`motifnet.report.drawing.logo_svg.glyph_definitions`.

    Returns
    -------
    str
        An ``<svg>`` element.

    Raises
    ------
    InvalidValue
        If there is no motif.
    UnknownName
        If there is no such kind of logo or no such scheme.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> stacked([motif, motif, motif], [0, 1, -1], [False, True, False]).count("<path fill=")
    9
    """
    return svg(stack_drawing(motifs, offsets, reverses, kind=kind), scheme=scheme, shared=shared)


def beside(first_width: int, second_width: int, offset: int, flank: int | None) -> range:
    """The columns of a motif that lie beside another, or not far from its ends.

    Parameters
    ----------
    first_width, second_width : int
        Of the other, and of the motif.
    offset : int
        Column of the other where the first column of the motif lies.
    flank : int, optional
        Columns beyond either end of the other; all of them if not given.

    Returns
    -------
    range

    Examples
    --------
    >>> beside(8, 20, -4, flank=3), beside(8, 20, -4, flank=None)
    (range(1, 15), range(0, 20))
    """
    if flank is None:
        return range(second_width)
    return range(max(0, -offset - flank), min(second_width, first_width - offset + flank))


def stack_drawing(
    motifs: Sequence[Motif],
    offsets: Sequence[int],
    reverses: Sequence[bool],
    *,
    kind: Kind = "information",
    small_sample_correction: bool = False,
    name_first: bool = True,
) -> Drawing:
    """The logos of a family below each other, columns aligned, those that all share shaded.

    Parameters
    ----------
    motifs, offsets, reverses, kind
        As in :func:`stacked`.
    small_sample_correction : bool
        See :meth:`motifnet.motifs.motif.Motif.letter_heights`.
    name_first : bool
        Whether the first motif has its name above it, as the others have.

    Returns
    -------
    Drawing

    Raises
    ------
    InvalidValue
        If there is no motif.
    UnknownName
        If there is no such kind of logo.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> drawing = stack_drawing([motif, motif], [0, 1], [False, False])
    >>> [track.left for track in drawing.tracks], drawing.shades[0].width
    ([30, 48], 18)
    """
    if not motifs:
        raise InvalidValue("number of motifs", 0, "at least one to draw")
    names = [_name(motif, reverse=turned) for motif, turned in zip(motifs, reverses, strict=True)]
    oriented = _oriented(motifs, reverses)
    correction = small_sample_correction
    return _stacked(oriented, offsets, names, kind, small_sample_correction=correction, name_first=name_first)


def _stacked(
    motifs: Sequence[Motif],
    offsets: Sequence[int],
    names: Sequence[str],
    kind: Kind,
    *,
    small_sample_correction: bool = False,
    name_first: bool,
) -> Drawing:
    """Motifs as they are oriented below each other, each under its name."""
    singles = logo_tracks(motifs, kind, small_sample_correction=small_sample_correction)
    top = TOP + (_FIRST_NAME if name_first else 0)
    tracks = [
        replace(track, left=track.left + PITCH * (offset - min(offsets)), top=top + row * (HEIGHT + _NAME))
        for row, (track, offset) in enumerate(zip(singles, offsets, strict=True))
    ]
    headings = [_heading(track, name) for track, name in zip(tracks, names, strict=True)]
    rooms = map(_room, motifs, names)
    return Drawing(
        f"Logo of {' above that of '.join(names)}",
        max(track.left + room for track, room in zip(tracks, rooms, strict=True)) + RIGHT,
        tracks[-1].bottom + BOTTOM,
        tracks,
        headings if name_first else headings[1:],
        _overlap(tracks),
    )


def small_multiples_drawing(
    motifs: Sequence[Motif],
    *,
    kind: Kind = "information",
    n_columns: int = 4,
    first_position: int = 1,
    small_sample_correction: bool = False,
) -> Drawing:
    """Many logos in one picture, in rows, each under its name and all on the same scale.

    Parameters
    ----------
    motifs : sequence of Motif
        In the order of reading.
    kind : {"information", "probability", "log-odds"}
        What the height of a letter is.
    n_columns : int
        Logos in a row.
    first_position : int
        Number of the first column of each motif.
    small_sample_correction : bool
        See :meth:`motifnet.motifs.motif.Motif.letter_heights`.

    Returns
    -------
    Drawing

    Raises
    ------
    InvalidValue
        If there is no motif.
    UnknownName
        If there is no such kind of logo.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> len({track.top for track in small_multiples_drawing([motif] * 5, n_columns=2).tracks})
    3
    """
    if not motifs:
        raise InvalidValue("number of motifs", 0, "at least one to draw")
    names = [_name(motif, reverse=False) for motif in motifs]
    singles = logo_tracks(motifs, kind, small_sample_correction=small_sample_correction)
    pitch = singles[0].left + max(map(_room, motifs, names)) + RIGHT + _BETWEEN
    first = TOP + _FIRST_NAME
    tracks = [
        replace(track, left=track.left + pitch * (i % n_columns), top=first + _ROW * (i // n_columns))
        for i, track in enumerate(singles)
    ]
    texts = [_heading(track, name) for track, name in zip(tracks, names, strict=True)]
    texts += [text for track in tracks for text in position_numbers(track, first_position)]
    width = pitch * min(n_columns, len(motifs)) - _BETWEEN
    height = tracks[-1].bottom + POSITIONS + BOTTOM
    return Drawing(f"Logos of {len(motifs)} motifs", width, height, tracks, texts)


def _oriented(motifs: Sequence[Motif], reverses: Sequence[bool]) -> list[Motif]:
    """The motifs, those that must be turned reverse-complemented."""
    return [
        motif.reverse_complement() if turned else motif
        for motif, turned in zip(motifs, reverses, strict=True)
    ]


def _name(motif: Motif, *, reverse: bool) -> str:
    return f"{display_name(motif)}{' (reverse complement)' if reverse else ''}"


def _heading(track: LogoTrack, name: str) -> Text:
    return Text(track.x(0), track.top - _NAME_UP, name, size=NAME_SIZE, bold=True)


def _room(motif: Motif, name: str) -> float:
    """Points that the columns of a motif take, or its name if that is longer."""
    return max(PITCH * motif.width, _LETTER * NAME_SIZE * len(name))


def _overlap(tracks: Sequence[LogoTrack]) -> list[Box]:
    """A shade behind the columns that all logos have, if there are several."""
    start = max(track.x(0) for track in tracks)
    stop = min(track.x(track.width) for track in tracks)
    if stop <= start or len(tracks) == 1:
        return []
    return [Box(start, tracks[0].top, stop - start, tracks[-1].bottom - tracks[0].top)]
