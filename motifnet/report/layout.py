"""Where the parts of a logo lie: the one drawing that SVG, PNG and PDF show.

Lengths are in points, with y downwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from motifnet.errors import UnknownName
from motifnet.motifs import Motif

Kind = Literal["information", "probability"]

# Largest height of a column and the label of the axis, for each kind of logo. The axis is fixed,
# so that a weak motif looks weak beside a strong one.
SCALES = {"information": (2, "bits"), "probability": (1, "probability")}

PITCH = 18  # width of a column
HEIGHT = 60  # height of the whole scale
LEFT, RIGHT, TOP, BOTTOM = 30, 4, 6, 6
POSITIONS = 12  # height of the row of position numbers
INSET = 0.5  # free space on either side of a letter
TICK = 3  # length of a mark on the axis
NUMBER, NUMBER_DOWN = 5, 3.5  # from the axis to its numbers, and from a mark to the base line of its number
LABEL = 17  # from the axis to the base line of its label
POSITION_DOWN = 12  # from the base line of the logo to that of the position numbers
SCALE_SIZE, POSITION_SIZE = 10, 9  # of letters, on the axis and below the columns
DPI = 200  # pixels an inch of a picture, unless told otherwise
_VISIBLE = 0.6  # a letter lower than this, a fiftieth of a bit, is not drawn
_AXIS_GAP = 3  # between the axis and the first column


def scale(kind: str) -> tuple[int, str]:
    """Top and label of the axis of a kind of logo.

    Raises
    ------
    UnknownName
        If there is no such kind.
    """
    if kind not in SCALES:
        raise UnknownName("kind of logo", kind, SCALES)
    return SCALES[kind]


def ticks(kind: Kind) -> list[tuple[int, int]]:
    """Numbers on the axis, and how far below its top each lies."""
    top, _ = scale(kind)
    return [(value, HEIGHT - HEIGHT * value // top) for value in range(top + 1)]


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
    scale(kind)
    probability = motif.probabilities
    if kind == "probability":
        return probability
    safe = np.where(probability > 0, probability, 1)
    bits = 2 + (probability * np.log2(safe)).sum(0)
    return probability * np.maximum(bits, 0)


class Letter(NamedTuple):
    """A letter of a logo: the code of its base, its left and upper edge, and its height."""

    base: int
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Track:
    """A motif at its place in a drawing.

    Parameters
    ----------
    motif : Motif
        The motif.
    kind : {"information", "probability"}
        What the height of a column is.
    column : int
        Columns between the axis of the drawing and the motif.
    top : int
        Upper edge of the scale.
    """

    motif: Motif
    kind: Kind
    column: int = 0
    top: int = TOP

    def x(self, column: float) -> float:
        """Left edge of a column of the motif."""
        return LEFT + PITCH * (self.column + column)

    @property
    def axis(self) -> float:
        """Where the vertical axis is."""
        return self.x(0) - _AXIS_GAP

    @property
    def bottom(self) -> int:
        """Where the base line is."""
        return self.top + HEIGHT

    def letters(self) -> Iterator[Letter]:
        """The letters that can be seen, in each column the largest on top."""
        top, _ = scale(self.kind)
        share = heights(self.motif, self.kind).T * (HEIGHT / top)
        columns = zip(share.argsort(1, kind="stable").tolist(), share.tolist(), strict=True)
        for column, (order, row) in enumerate(columns):
            y = self.bottom
            for base in order:
                if row[base] >= _VISIBLE:
                    y -= row[base]
                    yield Letter(base, self.x(column) + INSET, y, row[base])
