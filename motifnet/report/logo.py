"""Sequence logos: written directly as SVG, and through logomaker as PNG and PDF.

A direct SVG takes a tenth of a millisecond and is the same bytes for the same motif. Letters are
outlines, not text, so a logo looks the same where the font is missing. A page with many logos
holds the outlines and the axes once (:func:`glyph_definitions`) and its logos refer to them
(``shared=True``); there the style sheet owns the colours.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from motifnet.errors import UnknownName
from motifnet.motifs import Motif
from motifnet.report.glyphs import BASES, OUTLINES, colours
from motifnet.report.markup import describe, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind = Literal["information", "probability"]

# Largest height of a column and the label of the axis, for each kind of logo. The axis is fixed,
# so that a weak motif looks weak beside a strong one.
_SCALES = {"information": (2, "bits"), "probability": (1, "probability")}
FORMATS = ("svg", "png", "pdf")

_PITCH = 18  # width of a column, in the units of the drawing
_HEIGHT = 60  # height of the whole scale
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 4, 6, 6
_POSITIONS = 12  # height of the row of position numbers
_GAP = 22  # between the two logos of a pair: holds the name of the second
_VISIBLE = 0.6  # a letter lower than this, a fiftieth of a bit, is not drawn
_INSET = 0.5  # free space on either side of a letter
_AXIS_STYLE = 'class="axis" fill="none" stroke="#555"'


def _scale(kind: str) -> tuple[int, str]:
    """Top and label of the axis of a kind of logo."""
    if kind not in _SCALES:
        raise UnknownName("kind of logo", kind, _SCALES)
    return _SCALES[kind]


def heights(motif: Motif, kind: Kind = "information") -> np.ndarray:
    """Heights of the letters of a logo, ``(4, width)``.

    The height of a letter is its probability, times the information of its column where ``kind``
    is ``"information"`` (Schneider and Stephens 1990). That information is measured against equal
    bases whatever the background of the motif, since only then 2 bits are the most that a column
    can have and logos of different data sets can be compared by eye.

    Parameters
    ----------
    motif : Motif
        The motif.
    kind : {"information", "probability"}
        Bits, or plain probabilities.

    Raises
    ------
    UnknownName
        If there is no such kind of logo.

    Examples
    --------
    >>> heights(Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])).tolist()
    [[2.0, 0.5], [0.0, 0.5], [0.0, 0.0], [0.0, 0.0]]
    """
    _scale(kind)
    probability = motif.probabilities
    if kind == "probability":
        return probability
    safe = np.where(probability > 0, probability, 1)
    bits = 2 + (probability * np.log2(safe)).sum(0)
    return probability * np.maximum(bits, 0)


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
    track = _Track(motif, kind, column=0, top=_TOP)
    body = track.axis(shared=shared) + track.letters(_openings(scheme, shared=shared))
    bottom = _TOP + _HEIGHT + _BOTTOM
    if positions:
        body += _position_numbers(motif.width)
        bottom += _POSITIONS
    title = f"Logo of {motif.name}"
    return _drawing(_LEFT + _PITCH * motif.width + _RIGHT, bottom, title, body, shared=shared)


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
    upper = _Track(ours, "information", column=-first, top=_TOP)
    oriented = known.reverse_complement() if reverse else known
    lower = _Track(oriented, "information", column=offset - first, top=_TOP + _HEIGHT + _GAP)
    label = f"{display_name(known)}{' (reverse complement)' if reverse else ''}"
    openings = _openings(scheme, shared=shared)
    body = _overlap(upper, lower) + "".join(
        track.axis(shared=shared) + track.letters(openings) for track in (upper, lower)
    )
    body += _text(lower.x(0), lower.top - 7, label, size=11, weight=600)
    columns = max(track.column + track.motif.width for track in (upper, lower))
    title = f"Logo of {ours.name} above that of {label}"
    width = _LEFT + _PITCH * columns + _RIGHT
    return _drawing(width, lower.top + _HEIGHT + _BOTTOM, title, body, shared=shared)


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
    axes = "".join(f'<g id="axis-{kind}" class="scale">{_axis(kind)}</g>' for kind in _SCALES)
    return f'<svg width="0" height="0" aria-hidden="true" class="glyphs"><defs>{letters}{axes}</defs></svg>'


def logo_bytes(
    motif: Motif,
    *,
    format: str,
    kind: Kind = "information",
    scheme: str = "classic",
    dpi: int = 200,
) -> bytes:
    """A logo as the bytes of a file: the same bytes for the same motif.

    Parameters
    ----------
    motif : Motif
        The motif.
    format : {"svg", "png", "pdf"}
        SVG is written directly; PNG and PDF are drawn by logomaker.
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
    return _matplotlib_bytes(motif, format, kind, colours(scheme), dpi)


def save_logo(
    motif: Motif,
    path: str | Path,
    *,
    format: str | None = None,
    kind: Kind = "information",
    scheme: str = "classic",
    dpi: int = 200,
) -> None:
    """Write a logo to a file; the format is that of the file name's suffix unless given.

    The other parameters and the errors are those of :func:`logo_bytes`.
    """
    path = Path(path)
    chosen = format if format is not None else path.suffix.removeprefix(".").lower()
    path.write_bytes(logo_bytes(motif, format=chosen, kind=kind, scheme=scheme, dpi=dpi))


@dataclass(frozen=True)
class _Track:
    """A motif at its place in a drawing: ``column`` columns from the axis, ``top`` from above."""

    motif: Motif
    kind: Kind
    column: int
    top: int

    def x(self, column: float) -> float:
        """Left edge of a column of the motif."""
        return _LEFT + _PITCH * (self.column + column)

    def letters(self, openings: Sequence[str]) -> str:
        """The letters, in each column the largest on top."""
        top, _ = _scale(self.kind)
        share = heights(self.motif, self.kind).T * (_HEIGHT / top)
        wide = f"{(_PITCH - 2 * _INSET) / 100:g}".lstrip("0")  # glyphs are 100 wide
        parts = []
        for column, (order, row) in enumerate(
            zip(share.argsort(1, kind="stable").tolist(), share.tolist(), strict=True)
        ):
            x, y = f"{self.x(column) + _INSET:g}", self.top + _HEIGHT
            for base in order:
                height = row[base]
                if height >= _VISIBLE:
                    y -= height
                    parts.append(f'{openings[base]}matrix({wide} 0 0 {height / 100:.3g} {x} {y:.4g})"/>')
        return "".join(parts)

    def axis(self, *, shared: bool) -> str:
        """The vertical axis with its label, and a base line below the motif."""
        left, bottom = self.x(0) - 3, self.top + _HEIGHT
        if shared:
            axis = f'<use href="#axis-{self.kind}" x="{left}" y="{self.top}"/>'
        else:
            axis = f'<g transform="translate({left} {self.top})">{_axis(self.kind)}</g>'
        return f'{axis}<path {_AXIS_STYLE} d="M{left} {bottom}H{self.x(self.motif.width)}"/>'


@lru_cache
def _axis(kind: Kind) -> str:
    """A vertical axis whose top is at (0, 0)."""
    top, label = _scale(kind)
    rows = [(value, _HEIGHT - _HEIGHT * value // top) for value in range(top + 1)]
    numbers = "".join(_text(-5, y + 3.5, str(value), anchor="end") for value, y in rows)
    ticks = "".join(f"M-3 {y}h3" for _, y in rows)
    turned = f'transform="rotate(-90 -17 {_HEIGHT // 2})"'
    named = _text(-17, _HEIGHT / 2, label, anchor="middle", attributes=turned)
    return f'<path {_AXIS_STYLE} d="{ticks}M0 0V{_HEIGHT}"/>{numbers}{named}'


@lru_cache
def _position_numbers(width: int) -> str:
    """1-based numbers under the columns of a logo that stands alone."""
    y = _TOP + _HEIGHT + 12
    return "".join(
        _text(_LEFT + _PITCH * (column + 0.5), y, str(column + 1), anchor="middle", size=9)
        for column in range(width)
    )


def _overlap(upper: _Track, lower: _Track) -> str:
    """A shade behind the columns that both motifs have."""
    start = max(upper.column, lower.column)
    stop = min(upper.column + upper.motif.width, lower.column + lower.motif.width)
    if stop <= start:
        return ""
    x, height = _LEFT + _PITCH * start, lower.top + _HEIGHT - upper.top
    return (
        f'<rect class="overlap" fill="#888" fill-opacity="0.1" x="{x}" y="{upper.top}" '
        f'width="{_PITCH * (stop - start)}" height="{height}"/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: int = 10,
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


def _matplotlib_bytes(motif: Motif, format: str, kind: Kind, palette: Sequence[str], dpi: int) -> bytes:
    # A bare Figure with its own canvas leaves pyplot, its backend and its list of figures alone.
    import logomaker
    import pandas as pd
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(0.6 + 0.25 * motif.width, 1.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    logomaker.Logo(
        pd.DataFrame(heights(motif, kind).T, columns=list(BASES)),
        ax=axes,
        color_scheme=dict(zip(BASES, palette, strict=True)),
        font_name="DejaVu Sans",
        font_weight="bold",
        vpad=0.0,
        show_spines=False,
    )
    _style_axes(axes, kind, motif.width)
    # Dates and version strings would make the same logo different bytes.
    unstamped = (
        {"CreationDate": None, "Producer": None, "Creator": None} if format == "pdf" else {"Software": None}
    )
    buffer = io.BytesIO()
    figure.savefig(buffer, format=format, dpi=dpi, metadata=unstamped)
    return buffer.getvalue()


def _style_axes(axes: Axes, kind: Kind, width: int) -> None:
    """The same axis as the direct SVG: fixed scale, named, numbered from 1."""
    top, label = _scale(kind)
    axes.set_ylim(0, top)
    axes.set_yticks(range(top + 1))
    axes.set_ylabel(label, fontsize=8)
    axes.set_xticks(range(width), [str(column + 1) for column in range(width)])
    axes.tick_params(labelsize=7, length=2)
    axes.tick_params(axis="x", length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(True)
        axes.spines[side].set_linewidth(0.6)
