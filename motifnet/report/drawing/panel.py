"""A chart as the marks that it is made of, which is written as SVG and painted as PNG alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

INK, MUTED = "#1c2530", "#5a6672"
"""Colours of text: those of the style sheet of a page, by day."""

_GRID, _OURS, _OTHER = "#eceff2", "#24628a", "#808a96"

N_SERIES = 4
"""Lines that have a colour of their own; further ones share the last."""

# Colours that differ for readers who see no red or green, all dark enough for a line.
_SERIES = (_OURS, "#c8641b", "#8a3fa0", "#2e7d54")


class Look(NamedTuple):
    """How marks of a class look where no style sheet of a page says it: in a file of their own.

    Parameters
    ----------
    fill, stroke : str or None
        Colours.
    fill_opacity : float
    width : float
        Of the stroke, in pixels.
    dashes : tuple of int
        Lengths of the strokes and of the gaps between them; an unbroken stroke if empty.
    """

    fill: str | None = None
    stroke: str | None = None
    fill_opacity: float = 1
    width: float = 1
    dashes: tuple[int, ...] = ()

    @property
    def css(self) -> str:
        """The same as declarations of a style sheet.

        Examples
        --------
        >>> Look(stroke="#000000", dashes=(2, 3)).css
        'fill:none;stroke:#000000;stroke-width:1;stroke-dasharray:2 3'
        """
        said = [f"fill:{self.fill or 'none'}"]
        if self.fill_opacity != 1:
            said.append(f"fill-opacity:{self.fill_opacity:g}")
        if self.stroke:
            said += [f"stroke:{self.stroke}", f"stroke-width:{self.width:g}"]
        if self.dashes:
            said.append("stroke-dasharray:" + " ".join(map(str, self.dashes)))
        return ";".join(said)


LOOKS = {
    "axis": Look(stroke=MUTED),
    "grid": Look(stroke=_GRID),
    "centre": Look(stroke=INK, dashes=(2, 3)),
    "margin": Look(stroke=_OTHER, width=1.5, dashes=(5, 4)),
    "negligible": Look(_OTHER, fill_opacity=0.2),
    "observed": Look(_OURS, fill_opacity=0.5),
    "expected": Look(_OTHER, _OTHER, fill_opacity=0.12, width=1.5),
    "observed-at": Look(stroke=_OURS, width=2),
    "whisker": Look(stroke=_OURS, width=2),
    "dot": Look(_OURS),
    **{f"series l{i}": Look(stroke=colour, width=2) for i, colour in enumerate(_SERIES, 1)},
    **{f"band l{i}": Look(colour, fill_opacity=0.16) for i, colour in enumerate(_SERIES, 1)},
    **{f"dot l{i}": Look(colour) for i, colour in enumerate(_SERIES, 1)},
}
"""Of every class of marks; the style sheet of pages has the same, and those by night."""


class Area(NamedTuple):
    """A filled shape.

    Parameters
    ----------
    css : str
        In :data:`LOOKS`.
    points : numpy.ndarray, shape=(n, 2)
        Corners.
    """

    css: str
    points: np.ndarray


class Stroke(NamedTuple):
    """A line through points; parameters as of :class:`Area`."""

    css: str
    points: np.ndarray


class Dot(NamedTuple):
    """A disc around a point."""

    css: str
    x: float
    y: float


class Caption(NamedTuple):
    """Text.

    Parameters
    ----------
    text : str
    x, y : float
        A point of its base line.
    css : str
        ``"tick"`` or ``"label"``, with ``"middle"`` or ``"end"`` where that is what is at the point.
    turned : bool
        Whether it is read upwards.
    """

    text: str
    x: float
    y: float
    css: str = "label"
    turned: bool = False


Mark = Area | Stroke | Dot | Caption

DOT_RADIUS = 3.5
"""Pixels."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A chart, whatever draws it; lengths are pixels, with y downwards.

    Parameters
    ----------
    title, description : str
        What a screen reader says: what it is, and what it shows.
    width, height : float
    marks : list of Mark
        From behind.
    """

    title: str
    description: str
    width: float
    height: float
    marks: list[Mark]
