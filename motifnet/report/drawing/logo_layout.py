"""Where the parts of logos lie: the one drawing that SVG, PNG and PDF show.

Lengths are in points, with y downwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motifnet.motifs import Motif
from motifnet.motifs.letter_heights import Kind, Scale, scale_of

PITCH = 18  # width of a column
HEIGHT = 60  # height of the whole scale
LEFT, RIGHT, TOP, BOTTOM = 30, 4, 6, 6
POSITIONS = 12  # height of the row of position numbers
INSET = 0.5  # free space on either side of a letter
TICK = 3  # length of a mark on the axis
NUMBER, NUMBER_DOWN = 5, 3.5  # from the axis to its numbers, and from a mark to the base line of its number
LABEL = 17  # from the axis to the base line of its label, where numbers are of one digit
DIGIT = 6  # more for each further digit
POSITION_DOWN = 12  # from the base line of the logo to that of the position numbers
SCALE_SIZE, POSITION_SIZE, NAME_SIZE = 10, 9, 11  # of letters, on the axis, below and above the columns
DPI = 200  # pixels an inch of a picture, unless told otherwise
POINTS = 72  # of an inch
INK, AXIS_INK = "#333", "#555"  # of words and numbers, and of lines
SHADE = "#888"  # behind columns that logos share
SHADE_OPACITY = 0.1
_VISIBLE = 0.6  # a letter lower than this, a fiftieth of a bit, is not drawn
_AXIS_GAP = 3  # between the axis and the first column


def further_digits(scale: Scale) -> float:
    """Points that the numbers of an axis need, more than numbers of one digit do.

    Parameters
    ----------
    scale : Scale

    Returns
    -------
    float

    Examples
    --------
    >>> further_digits(Scale(0, 2, "bits")), further_digits(Scale(-10, 0, "log-odds", step=5))
    (0, 12)
    """
    return DIGIT * (scale.n_digits - 1)


class Letter(NamedTuple):
    """A letter of a logo.

    Parameters
    ----------
    base : int
        Code of its base.
    x, y : float
        Its left edge, and where its top is.
    height : float
        Negative for a letter that stands on its head, so that its top is its lower edge.
    """

    base: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, eq=False)
class LogoTrack:
    """One logo at its place in a drawing.

    Parameters
    ----------
    heights : numpy.ndarray, shape=(4, width)
        Of the letters; those of negative height hang below the base line.
    scale : Scale
        What the heights are measured by.
    left : float
        Left edge of the first column.
    top : float
        Upper edge of the scale.
    bases : str
        The letters of the rows: ``"ACGT"`` or ``"ACGU"``.

    Examples
    --------
    >>> track = LogoTrack.single(np.array([[2, 0.5], [0, 0.5], [0, 0], [0, 0]]), Scale(0, 2, "bits"))
    >>> [(letter.base, letter.y, letter.height) for letter in track.letters()]
    [(0, 6.0, 60.0), (0, 51.0, 15.0), (1, 36.0, 15.0)]
    """

    heights: np.ndarray
    scale: Scale
    left: float = LEFT
    top: float = TOP
    bases: str = "ACGT"

    @classmethod
    def single(cls, heights: np.ndarray, scale: Scale, bases: str = "ACGT") -> LogoTrack:
        """A logo as the first of a drawing, with room for its axis."""
        return cls(heights, scale, left=LEFT + further_digits(scale), bases=bases)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.heights.shape[1]

    def x(self, column: float) -> float:
        """Left edge of a column."""
        return self.left + PITCH * column

    def y(self, value: float) -> float:
        """How far down a height reaches."""
        bottom, top = self.scale.bottom, self.scale.top
        return self.top + HEIGHT * (top - value) / (top - bottom)

    @property
    def axis(self) -> float:
        """Where the vertical axis is."""
        return self.left - _AXIS_GAP

    @property
    def base_line(self) -> float:
        """Where the letters stand, or hang from."""
        return self.y(0)

    @property
    def bottom(self) -> float:
        """Lower edge of the scale."""
        return self.top + HEIGHT

    @property
    def visible(self) -> np.ndarray:
        """The heights, ``(4, width)``, 0 for letters that are too low to be seen."""
        least = _VISIBLE * (self.scale.top - self.scale.bottom) / HEIGHT
        return np.where(np.abs(self.heights) >= least, self.heights, 0)

    def letters(self) -> Iterator[Letter]:
        """The letters that can be seen, in each column the largest farthest from the base line."""
        share = self.visible.T * (HEIGHT / (self.scale.top - self.scale.bottom))
        columns = zip(np.abs(share).argsort(1, kind="stable").tolist(), share.tolist(), strict=True)
        for column, (order, row) in enumerate(columns):
            x, above, below = self.x(column) + INSET, self.base_line, self.base_line
            for base in order:
                if row[base] > 0:
                    above -= row[base]
                    yield Letter(base, x, above, row[base])
                elif row[base] < 0:
                    below -= row[base]
                    yield Letter(base, x, below, row[base])


class Text(NamedTuple):
    """Text whose base line begins, is centred or ends at a point.

    Parameters
    ----------
    x, y : float
        The point.
    text : str
        What it says.
    anchor : {"start", "middle", "end"}
        What of it is at the point.
    size : int
        Of its letters.
    bold : bool
        Whether it is a heading.
    """

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: int = SCALE_SIZE
    bold: bool = False


class Box(NamedTuple):
    """A rectangle.

    Parameters
    ----------
    x, y : float
        Its upper left corner.
    width, height : float
    """

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, eq=False)
class Drawing:
    """Everything that a picture of logos shows.

    Parameters
    ----------
    title : str
        What a screen reader says.
    width, height : float
        Of the picture.
    tracks : sequence of LogoTrack
        The logos.
    texts : sequence of Text
        Position numbers and names; the numbers on the axes belong to the tracks.
    shades : sequence of Box
        What lies behind the logos.
    """

    title: str
    width: float
    height: float
    tracks: Sequence[LogoTrack]
    texts: Sequence[Text] = ()
    shades: Sequence[Box] = ()


def logo_tracks(
    motifs: Sequence[Motif], kind: Kind, *, small_sample_correction: bool = False
) -> list[LogoTrack]:
    """Tracks of motifs on the same scale, each at the place of a single logo.

    Parameters
    ----------
    motifs : sequence of Motif
    kind, small_sample_correction
        As in :meth:`motifnet.motifs.motif.Motif.letter_heights`.

    Returns
    -------
    list of LogoTrack

    Raises
    ------
    UnknownName
        If there is no such kind of logo.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> (track,) = logo_tracks([motif], "probability")
    >>> track.width, track.scale.label
    (2, 'probability')
    """
    drawn = [motif.letter_heights(kind, small_sample_correction=small_sample_correction) for motif in motifs]
    scale = scale_of(kind, drawn)
    return [LogoTrack.single(one, scale, motif.bases) for one, motif in zip(drawn, motifs, strict=True)]


def position_numbers(track: LogoTrack, first: int = 1) -> list[Text]:
    """Numbers under the columns of a logo.

    Parameters
    ----------
    track : LogoTrack
    first : int
        Of the first column.

    Returns
    -------
    list of Text

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> (track,) = logo_tracks([motif], "information")
    >>> [number.text for number in position_numbers(track, first=-1)]
    ['-1', '0']
    """
    y = track.bottom + POSITION_DOWN
    return [
        Text(track.x(column + 0.5), y, str(first + column), "middle", POSITION_SIZE)
        for column in range(track.width)
    ]
