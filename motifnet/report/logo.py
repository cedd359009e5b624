"""Sequence logos: written directly as SVG, and painted as PNG and PDF.

A direct SVG takes a tenth of a millisecond and is the same bytes for the same motif. Letters are
outlines, not text, so a logo looks the same where the font is missing. A page with many logos
holds the outlines and the axes once (:func:`glyph_definitions`) and its logos refer to them
(``shared=True``); there the style sheet owns the colours. PNG and PDF show the same drawing:
see :mod:`motifnet.report.painting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from motifnet.errors import UnknownName
from motifnet.motifs import Motif
from motifnet.report.glyphs import BASES, OUTLINES, colours
from motifnet.report.layout import (
    BOTTOM,
    DPI,
    HEIGHT,
    INSET,
    LABEL,
    LEFT,
    NUMBER,
    NUMBER_DOWN,
    PITCH,
    POSITION_DOWN,
    POSITION_SIZE,
    POSITIONS,
    RIGHT,
    SCALE_SIZE,
    SCALES,
    TICK,
    TOP,
    Kind,
    Track,
    scale,
    ticks,
)
from motifnet.report.markup import describe, escape

FORMATS = ("svg", "png", "pdf")

_GAP = 22  # between the two logos of a pair: holds the name of the second
_AXIS_STYLE = 'class="axis" fill="none" stroke="#555"'


def logo_svg(
    motif: Motif,
    *,
    kind: Kind = "information",
    scheme: str = "classic",
    positions: bool = True,
    shared: bool = False,
) -> str:
    """A logo as one ``<svg>`` element.

    Parameters
    ----------
    motif : Motif
        The motif.
    kind : {"information", "probability"}
        What the height of a column is; the axis is fixed at 0 to 2 bits, or 0 to 1.
    scheme : str
        Colours: ``"classic"`` or ``"colour-blind-safe"``; see :data:`motifnet.report.glyphs.SCHEMES`.
    positions : bool
        Whether to number the columns.
    shared : bool
        Refer to the outlines of :func:`glyph_definitions`, which the page must hold; the default
        is a drawing that stands alone.

    Raises
    ------
    UnknownName
        If there is no such kind of logo or no such scheme.

    Examples
    --------
    >>> svg = logo_svg(Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]]))
    >>> svg.count("<path fill="), svg.startswith("<svg xmlns")
    (3, True)
    """
    track = Track(motif, kind)
    body = _axis_of(track, shared=shared) + _letters(track, _openings(scheme, shared=shared))
    bottom = track.bottom + BOTTOM
    if positions:
        body += _position_numbers(motif.width)
        bottom += POSITIONS
    title = f"Logo of {motif.name}"
    return _drawing(LEFT + PITCH * motif.width + RIGHT, bottom, title, body, shared=shared)


def aligned_pair_svg(
    ours: Motif,
    known: Motif,
    offset: int,
    *,
    reverse: bool = False,
    scheme: str = "classic",
    shared: bool = False,
) -> str:
    """Our logo above that of a known motif, columns aligned, the shared columns shaded.

    Parameters
    ----------
    ours : Motif
        Drawn above, as it is.
    known : Motif
        Drawn below, reverse-complemented if ``reverse``.
    offset : int
        Column of ``ours`` where the first column of the (oriented) known motif lies; may be negative.
    reverse : bool
        Whether the known motif must be reverse-complemented to fit ours.
    scheme : str
        Colours of the letters.
    shared : bool
        Refer to the outlines of :func:`glyph_definitions`.

    Raises
    ------
    UnknownName
        If there is no such scheme.
    """
    first = min(0, offset)
    upper = Track(ours, "information", column=-first, top=TOP)
    oriented = known.reverse_complement() if reverse else known
    lower = Track(oriented, "information", column=offset - first, top=TOP + HEIGHT + _GAP)
    label = f"{display_name(known)}{' (reverse complement)' if reverse else ''}"
    openings = _openings(scheme, shared=shared)
    body = _overlap(upper, lower) + "".join(
        _axis_of(track, shared=shared) + _letters(track, openings) for track in (upper, lower)
    )
    body += _text(lower.x(0), lower.top - 7, label, size=11, weight=600)
    columns = max(track.column + track.motif.width for track in (upper, lower))
    title = f"Logo of {ours.name} above that of {label}"
    width = LEFT + PITCH * columns + RIGHT
    return _drawing(width, lower.top + HEIGHT + BOTTOM, title, body, shared=shared)


def display_name(motif: Motif) -> str:
    """The name of a database motif with its protein first where it has one: ``CTCF (MA0139.2)``."""
    if not motif.alt_name or motif.alt_name == motif.name:
        return motif.name
    return f"{motif.alt_name} ({motif.name})"


def glyph_definitions() -> str:
    """The hidden ``<svg>`` that a page with ``shared`` logos must hold once.

    The letters have the classes ``base-A`` to ``base-T``, by which the style sheet colours them.
    """
    letters = "".join(f'<path id="g{b}" class="base-{b}" d="{OUTLINES[b]}"/>' for b in BASES)
    axes = "".join(f'<g id="axis-{kind}" class="scale">{_axis(kind)}</g>' for kind in SCALES)
    return f'<svg width="0" height="0" aria-hidden="true" class="glyphs"><defs>{letters}{axes}</defs></svg>'


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
    format : {"svg", "png", "pdf"}
        SVG is written directly; PNG and PDF are painted by matplotlib.
    kind : {"information", "probability"}
        What the height of a column is.
    scheme : str
        Colours of the letters.
    dpi : int
        Pixels an inch of a PNG.

    Raises
    ------
    UnknownName
        If there is no such format, kind of logo or scheme.

    Examples
    --------
    >>> logo_bytes(Motif("A", [[8], [0], [0], [0]]), format="svg")[:4]
    b'<svg'
    """
    if format not in FORMATS:
        raise UnknownName("logo format", format, FORMATS)
    if format == "svg":
        return logo_svg(motif, kind=kind, scheme=scheme).encode()
    from motifnet.report.painting import paint

    return paint(motif, format=format, kind=kind, palette=colours(scheme), dpi=dpi)


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

    The other parameters and the errors are those of :func:`logo_bytes`.
    """
    path = Path(path)
    chosen = format if format is not None else path.suffix.removeprefix(".").lower()
    path.write_bytes(logo_bytes(motif, format=chosen, kind=kind, scheme=scheme, dpi=dpi))


def _letters(track: Track, openings: Sequence[str]) -> str:
    """The letters of a motif."""
    wide = f"{(PITCH - 2 * INSET) / 100:g}".lstrip("0")  # glyphs are 100 wide
    return "".join(
        f'{openings[base]}matrix({wide} 0 0 {height / 100:.3g} {x:g} {y:.4g})"/>'
        for base, x, y, height in track.letters()
    )


def _axis_of(track: Track, *, shared: bool) -> str:
    """The vertical axis with its label, and a base line below the motif."""
    left, bottom = track.axis, track.bottom
    if shared:
        axis = f'<use href="#axis-{track.kind}" x="{left:g}" y="{track.top}"/>'
    else:
        axis = f'<g transform="translate({left:g} {track.top})">{_axis(track.kind)}</g>'
    return f'{axis}<path {_AXIS_STYLE} d="M{left:g} {bottom}H{track.x(track.motif.width):g}"/>'


@lru_cache
def _axis(kind: Kind) -> str:
    """A vertical axis whose top is at (0, 0)."""
    _, label = scale(kind)
    rows = ticks(kind)
    numbers = "".join(_text(-NUMBER, y + NUMBER_DOWN, str(value), anchor="end") for value, y in rows)
    marks = "".join(f"M-{TICK} {y}h{TICK}" for _, y in rows)
    turned = f'transform="rotate(-90 -{LABEL} {HEIGHT // 2})"'
    named = _text(-LABEL, HEIGHT / 2, label, anchor="middle", attributes=turned)
    return f'<path {_AXIS_STYLE} d="{marks}M0 0V{HEIGHT}"/>{numbers}{named}'


@lru_cache
def _position_numbers(width: int) -> str:
    """1-based numbers under the columns of a logo that stands alone."""
    y = TOP + HEIGHT + POSITION_DOWN
    return "".join(
        _text(LEFT + PITCH * (column + 0.5), y, str(column + 1), anchor="middle", size=POSITION_SIZE)
        for column in range(width)
    )


def _overlap(upper: Track, lower: Track) -> str:
    """A shade behind the columns that both motifs have."""
    start = max(upper.column, lower.column)
    stop = min(upper.column + upper.motif.width, lower.column + lower.motif.width)
    if stop <= start:
        return ""
    x, height = LEFT + PITCH * start, lower.top + HEIGHT - upper.top
    return (
        f'<rect class="overlap" fill="#888" fill-opacity="0.1" x="{x}" y="{upper.top}" '
        f'width="{PITCH * (stop - start)}" height="{height}"/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: int = SCALE_SIZE,
    weight: int = 400,
    attributes: str = "",
) -> str:
    heavy = f' font-weight="{weight}"' if weight != 400 else ""
    turned = f" {attributes}" if attributes else ""
    place = f'x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text {place}{heavy}{turned}>{escape(text)}</text>"


def _drawing(width: float, height: float, title: str, body: str, *, shared: bool) -> str:
    """The ``<svg>`` around the parts; one that stands alone names its fonts and its namespace."""
    alone = (
        ""
        if shared
        else 'xmlns="http://www.w3.org/2000/svg" font-family="Helvetica, Arial, sans-serif" fill="#333" '
    )
    return (
        f'<svg {alone}class="logo" role="img" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">{describe(title)}{body}</svg>'
    )


@lru_cache
def _openings(scheme: str, *, shared: bool) -> tuple[str, ...]:
    """The beginning of the element of each base, up to the transformation that places it."""
    if shared:
        return tuple(f'<use href="#g{base}" transform="' for base in BASES)
    return tuple(
        f'<path fill="{colour}" d="{OUTLINES[base]}" transform="'
        for base, colour in zip(BASES, colours(scheme), strict=True)
    )
