"""Drawings of logos as SVG, written directly.

A logo takes a tenth of a millisecond and is the same bytes for the same motif. Letters are
outlines, not text, so a logo looks the same where the font is missing.
"""

from __future__ import annotations

from functools import lru_cache

from motifnet.motifs.letter_heights import FIXED, Scale
from motifnet.motifs.logo_letters import colours
from motifnet.report.drawing.glyphs import OUTLINES
from motifnet.report.drawing.logo_layout import (
    AXIS_INK,
    HEIGHT,
    INK,
    INSET,
    LABEL,
    NUMBER,
    NUMBER_DOWN,
    PITCH,
    SHADE,
    SHADE_OPACITY,
    TICK,
    Box,
    Drawing,
    LogoTrack,
    Text,
    further_digits,
)
from motifnet.report.escaping import describe, escape

FONTS = "Helvetica, Arial, sans-serif"
STANDALONE = f'xmlns="http://www.w3.org/2000/svg" font-family="{FONTS}"'
"""Attributes of a drawing that is a file of its own."""

_AXIS_STYLE = f'class="axis" fill="none" stroke="{AXIS_INK}"'
_ALONE = f'{STANDALONE} fill="{INK}" '
_SHARED = {scale: f"axis-{kind}" for kind, scale in FIXED.items()}  # axes that a page holds once


def svg(drawing: Drawing, *, scheme: str = "classic", shared: bool = False, scale: float = 1) -> str:
    """A drawing as one ``<svg>`` element.

    Parameters
    ----------
    drawing : Drawing
        What to show.
    scheme : str
        Colours of the letters.
    shared : bool
        Refer to the outlines of :func:`glyph_definitions`, which the page must hold; the default
        is a drawing that stands alone, with its fonts and its namespace.
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
    >>> drawing = Drawing("nothing", 72, 36, [])
    >>> svg(drawing, shared=True)
    '<svg class="logo" role="img" width="72" height="36" viewBox="0 0 72 36"><title>nothing</title></svg>'
    """
    parts = [_shade(box) for box in drawing.shades]
    parts += [
        _axis_of(track, shared=shared) + letters(track, scheme=scheme, shared=shared)
        for track in drawing.tracks
    ]
    parts += [_text(text) for text in drawing.texts]
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    shown = f'width="{scale * drawing.width:g}" height="{scale * drawing.height:g}"'
    return (
        f'<svg {"" if shared else _ALONE}class="logo" role="img" {shown} '
        f'viewBox="0 0 {width} {height}">{describe(drawing.title)}{"".join(parts)}</svg>'
    )


def glyph_definitions() -> str:
    """The hidden ``<svg>`` that a page with ``shared`` logos must hold once.

    The letters have the classes ``base-A`` to ``base-T``, by which the style sheet colours them; U has
    that of T.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> 'id="gA" class="base-A"' in glyph_definitions()
    True
    """
    letters = "".join(
        f'<path id="g{base}" class="base-{base.replace("U", "T")}" d="{OUTLINES[base]}"/>'
        for base in OUTLINES
    )
    axes = "".join(f'<g id="{name}" class="scale">{_axis(scale)}</g>' for scale, name in _SHARED.items())
    return f'<svg width="0" height="0" aria-hidden="true" class="glyphs"><defs>{letters}{axes}</defs></svg>'


def letters(track: LogoTrack, *, scheme: str = "classic", shared: bool = False) -> str:
    """The letters of a logo, without its axis.

    Parameters
    ----------
    track : LogoTrack
    scheme, shared
        As in :func:`svg`.

    Returns
    -------
    str
        Elements of SVG.

    Examples
    --------
    >>> import numpy as np
    >>> track = LogoTrack(np.array([[2.0], [0], [0], [0]]), FIXED["information"], left=0, top=0)
    >>> letters(track, shared=True)
    '<use href="#gA" transform="matrix(.17 0 0 0.6 0.5 0)"/>'
    """
    openings = _openings(scheme, track.bases, shared=shared)
    wide = f"{(PITCH - 2 * INSET) / 100:g}".lstrip("0")  # glyphs are 100 wide
    return "".join(
        f'{openings[base]}matrix({wide} 0 0 {height / 100:.3g} {x:g} {y:.4g})"/>'
        for base, x, y, height in track.letters()
    )


def _axis_of(track: LogoTrack, *, shared: bool) -> str:
    """The vertical axis with its label, and the base line of the logo."""
    left, name = track.axis, _SHARED.get(track.scale)
    if shared and name is not None:
        axis = f'<use href="#{name}" x="{left:g}" y="{track.top:g}"/>'
    else:
        axis = f'<g transform="translate({left:g} {track.top:g})">{_axis(track.scale)}</g>'
    return f'{axis}<path {_AXIS_STYLE} d="M{left:g} {track.base_line:g}H{track.x(track.width):g}"/>'


@lru_cache
def _axis(scale: Scale) -> str:
    """A vertical axis whose top is at (0, 0)."""
    rows = [(value, HEIGHT * (scale.top - value) / (scale.top - scale.bottom)) for value in scale.values]
    numbers = "".join(_text(Text(-NUMBER, y + NUMBER_DOWN, f"{value:g}", "end")) for value, y in rows)
    marks = "".join(f"M-{TICK} {y:g}h{TICK}" for _, y in rows)
    left = -LABEL - further_digits(scale)
    turned = f'transform="rotate(-90 {left:g} {HEIGHT // 2})"'
    named = _text(Text(left, HEIGHT / 2, scale.label, "middle"), turned)
    return f'<path {_AXIS_STYLE} d="{marks}M0 0V{HEIGHT}"/>{numbers}{named}'


def _shade(box: Box) -> str:
    """A rectangle behind the logos."""
    return (
        f'<rect class="overlap" fill="{SHADE}" fill-opacity="{SHADE_OPACITY:g}" x="{box.x:g}" y="{box.y:g}" '
        f'width="{box.width:g}" height="{box.height:g}"/>'
    )


def _text(text: Text, attributes: str = "") -> str:
    heavy = ' font-weight="600"' if text.bold else ""
    turned = f" {attributes}" if attributes else ""
    place = f'x="{text.x:g}" y="{text.y:g}" font-size="{text.size}" text-anchor="{text.anchor}"'
    return f"<text {place}{heavy}{turned}>{escape(text.text)}</text>"


@lru_cache
def _openings(scheme: str, bases: str, *, shared: bool) -> tuple[str, ...]:
    """The beginning of the element of each base, up to the transformation that places it."""
    if shared:
        return tuple(f'<use href="#g{base}" transform="' for base in bases)
    return tuple(
        f'<path fill="{colour}" d="{OUTLINES[base]}" transform="'
        for base, colour in zip(bases, colours(scheme), strict=True)
    )
