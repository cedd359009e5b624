"""Trees of motifs with their logos, rows below each other or around a circle: where everything lies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.motifs import Motif
from motifnet.motifs.letter_heights import FIXED
from motifnet.report.drawing.logo_layout import AXIS_INK, HEIGHT, PITCH, LogoTrack

LOGO_SCALE = 22 / HEIGHT  # of a logo, to one that stands alone
TEXT_SIZE = 11  # of letters

TreeShape = Literal["linear", "radial"]

_ROW = 26  # from one leaf to the next
_GAP = 8  # between a leaf, its logo and its name
_MARGIN = 14
_DEPTH = 240  # from the root of a linear tree to its leaves
_LEAST_RADIUS = 150  # of the circle of leaves
_HOLLOW = 0.08  # of that circle, from its centre to the root
_ARC = math.radians(2)  # between points of an arc
_UPRIGHT = 90  # degrees; what is beyond is on the left, and turned around to be read
_LETTER = 0.6  # width of an average letter, of its size
_AXIS = 34  # height of the axis below a linear tree
_TICKS = 5  # marks of the axis, about
_LIMIT = "#999"

# Okabe and Ito's colours that are dark enough for a line, which differ for all readers.
_FAMILY = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a5195", "#a6761d", "#56b4e9")


class Leaf(NamedTuple):
    """A motif at the end of a branch.

    Parameters
    ----------
    motif : Motif
        As it is drawn.
    name : str
    family : int or None
        Leaves of the same family have one colour; ``None`` for those that are alone.
    shift : int
        Columns left free before the logo, by which a family is aligned.
    free : int
        Columns left free behind it.

    Examples
    --------
    >>> Leaf(Motif("A", [[8], [0], [0], [0]]), "one", shift=1).room
    13.2
    """

    motif: Motif
    name: str
    family: int | None = None
    shift: int = 0
    free: int = 0

    @property
    def room(self) -> float:
        """Length of the logo with what is left free on both sides."""
        return PITCH * LOGO_SCALE * (self.shift + self.motif.width + self.free)


class TreeLine(NamedTuple):
    """A line through points: a branch, or a limit.

    Parameters
    ----------
    points : numpy.ndarray, shape=(n, 2)
    colour : str
    dashed : bool
        Whether it is a limit.
    """

    points: np.ndarray
    colour: str = AXIS_INK
    dashed: bool = False


class PlacedLogo(NamedTuple):
    """A logo at its place.

    Parameters
    ----------
    track : LogoTrack
    x, y : float
        The middle of its left edge.
    angle : float
        Degrees that it is turned by, clockwise.
    """

    track: LogoTrack
    x: float
    y: float
    angle: float


class TreeLabel(NamedTuple):
    """A name beside its logo, turned as this is.

    Parameters
    ----------
    text : str
    x, y : float
        The middle of its first or last letter.
    angle : float
        Degrees.
    anchor : {"start", "middle", "end"}
        What of it is at the point.
    """

    text: str
    x: float
    y: float
    angle: float = 0.0
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True, eq=False)
class TreeDrawing:
    """Everything that a picture of a tree shows; lengths are in points, with y downwards.

    Parameters
    ----------
    title : str
        What a screen reader says.
    width, height : float
    lines : sequence of TreeLine
    logos : sequence of PlacedLogo
    labels : sequence of TreeLabel
    """

    title: str
    width: float
    height: float
    lines: Sequence[TreeLine]
    logos: Sequence[PlacedLogo]
    labels: Sequence[TreeLabel]


def tree_drawing(
    leaves: Sequence[Leaf],
    tree: np.ndarray,
    *,
    shape: TreeShape = "linear",
    limit: float | None = None,
) -> TreeDrawing:
    """The drawing of a tree with a logo at each leaf.

    Parameters
    ----------
    leaves : sequence of Leaf
    tree : numpy.ndarray, shape=(n - 1, 4)
        As of :func:`scipy.cluster.hierarchy.linkage`, with distances of 1 - similarity.
    shape : {"linear", "radial"}
        Leaves below each other, or around a circle.
    limit : float, optional
        Distance at which the tree was cut, drawn as a line.

    Returns
    -------
    TreeDrawing

    Raises
    ------
    InvalidValue
        If there is no leaf.

    Examples
    --------
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> leaves, tree = [Leaf(motif, "one"), Leaf(motif, "two")], np.array([[0, 1, 0.2, 2]])
    >>> drawing = tree_drawing(leaves, tree, limit=0.1)
    >>> len(drawing.logos), [line.dashed for line in drawing.lines].count(True)
    (2, 1)
    """
    if not leaves:
        raise InvalidValue("number of leaves", 0, "at least one to draw")
    logo = max(leaf.room for leaf in leaves)
    name = max(_LETTER * TEXT_SIZE * len(leaf.name) for leaf in leaves)
    frame = (_Rows if shape == "linear" else _Circle)(len(leaves), logo, name)
    nodes = _nodes(leaves, tree)
    top = max((node.distance for node in nodes), default=0.0) or 1.0
    lines = [*_branches(nodes, frame, top), *_limit_line(frame, limit, top)]
    ends = [(leaf, *frame.end(node.row)) for leaf, node in zip(leaves, nodes, strict=False)]
    labels = [frame.label(*end) for end in ends]
    axis_lines, axis_labels = frame.axis(top)
    return TreeDrawing(
        f"Tree of {len(leaves)} motifs",
        frame.width,
        frame.height,
        [*lines, *axis_lines],
        [frame.logo(*end) for end in ends],
        [*labels, *axis_labels],
    )


class _Node(NamedTuple):
    """A node of the tree: where it is, its family where all of it is of one, and what it joins."""

    row: float
    distance: float
    family: int | None
    children: tuple[_Node, ...]


def _nodes(leaves: Sequence[Leaf], tree: np.ndarray) -> list[_Node]:
    """The leaves, in their order, and what joins them."""
    from scipy.cluster.hierarchy import leaves_list

    order = leaves_list(tree) if len(tree) else [0]
    rows = dict(zip(map(int, order), range(len(leaves)), strict=True))
    nodes = [_Node(rows[i], 0.0, leaf.family, ()) for i, leaf in enumerate(leaves)]
    for left, right, distance, _ in tree.tolist():
        pair = nodes[int(left)], nodes[int(right)]
        same = pair[0].family is not None and pair[0].family == pair[1].family
        nodes.append(_Node((pair[0].row + pair[1].row) / 2, distance, pair[0].family if same else None, pair))
    return nodes


class _Rows:
    """Leaves below each other."""

    def __init__(self, n_leaves: int, logo: float, name: float) -> None:
        self.n_leaves, self._logo = n_leaves, logo
        self.width = 2 * _MARGIN + _DEPTH + 2 * _GAP + logo + name
        self.height = 2 * _MARGIN + _ROW * n_leaves + _AXIS

    def point(self, share: float, row: float) -> tuple[float, float]:
        """Where a share of the way from the leaves to the root is, in a row."""
        return _MARGIN + _DEPTH * (1 - share), _MARGIN + _ROW * (row + 0.5)

    def along(self, share: float, first: float, last: float) -> list[tuple[float, float]]:
        """A line from one row to another."""
        return [self.point(share, first), self.point(share, last)]

    def end(self, row: float) -> tuple[float, float, float]:
        """Where a leaf is, and the angle of its logo."""
        return *self.point(0, row), 0.0

    def logo(self, leaf: Leaf, x: float, y: float, angle: float) -> PlacedLogo:
        """The logo beside the leaf."""
        return PlacedLogo(_track(leaf), x + _GAP + PITCH * LOGO_SCALE * leaf.shift, y, angle)

    def label(self, leaf: Leaf, x: float, y: float, angle: float) -> TreeLabel:
        """The name beside the logo, below those of the others."""
        return TreeLabel(leaf.name, x + 2 * _GAP + self._logo, y, angle)

    def axis(self, top: float) -> tuple[list[TreeLine], list[TreeLabel]]:
        """The axis of similarities, below."""
        y = _MARGIN + _ROW * self.n_leaves + 4
        lines = [TreeLine(np.array([(_MARGIN, y), (_MARGIN + _DEPTH, y)]))]
        labels = [TreeLabel("similarity", _MARGIN + _DEPTH / 2, y + 26, 0.0, "middle")]
        for distance in _marks(top):
            x, _ = self.point(distance / top, 0)
            lines.append(TreeLine(np.array([(x, y), (x, y + 4)])))
            labels.append(TreeLabel(f"{1 - distance:.2g}", x, y + 12, 0.0, "middle"))
        return lines, labels


class _Circle:
    """Leaves around a circle, the root in its middle."""

    def __init__(self, n_leaves: int, logo: float, name: float) -> None:
        self.n_leaves = n_leaves
        self._radius = max(_LEAST_RADIUS, _ROW * n_leaves / (2 * math.pi))
        self._centre = _MARGIN + self._radius + 2 * _GAP + logo + name
        self.width = self.height = 2 * self._centre

    def _angle(self, row: float) -> float:
        return 2 * math.pi * (row + 0.5) / self.n_leaves - math.pi / 2

    def _at(self, radius: float, angle: float) -> tuple[float, float]:
        return self._centre + radius * math.cos(angle), self._centre + radius * math.sin(angle)

    def point(self, share: float, row: float) -> tuple[float, float]:
        """Where a share of the way from the leaves to the root is, in the direction of a row."""
        return self._at(self._radius * (1 - share * (1 - _HOLLOW)), self._angle(row))

    def along(self, share: float, first: float, last: float) -> list[tuple[float, float]]:
        """An arc from one row to another."""
        n_steps = max(1, math.ceil(abs(self._angle(last) - self._angle(first)) / _ARC))
        return [self.point(share, row) for row in np.linspace(first, last, n_steps + 1)]

    def end(self, row: float) -> tuple[float, float, float]:
        """Where a leaf is, and the angle of its logo."""
        return *self.point(0, row), math.degrees(self._angle(row))

    def logo(self, leaf: Leaf, x: float, y: float, angle: float) -> PlacedLogo:
        """The logo outside of the leaf; on the left, it reads towards the centre."""
        before = PITCH * LOGO_SCALE * leaf.shift
        if angle <= _UPRIGHT:
            return PlacedLogo(_track(leaf), *_beyond(x, y, angle, _GAP + before), angle)
        return PlacedLogo(_track(leaf), *_beyond(x, y, angle, _GAP + leaf.room - before), angle - 180)

    def label(self, leaf: Leaf, x: float, y: float, angle: float) -> TreeLabel:
        """The name outside of the logo."""
        x, y = _beyond(x, y, angle, 2 * _GAP + leaf.room)
        if angle <= _UPRIGHT:
            return TreeLabel(leaf.name, x, y, angle)
        return TreeLabel(leaf.name, x, y, angle - 180, "end")

    def axis(self, top: float) -> tuple[list[TreeLine], list[TreeLabel]]:
        """None: a circle has no side to put it on."""
        return [], []


def _beyond(x: float, y: float, angle: float, length: float) -> tuple[float, float]:
    """A point so far from another in a direction."""
    return x + length * math.cos(math.radians(angle)), y + length * math.sin(math.radians(angle))


def _track(leaf: Leaf) -> LogoTrack:
    scale = FIXED["information"]
    return LogoTrack(leaf.motif.letter_heights(), scale, left=0, top=-HEIGHT / 2, bases=leaf.motif.bases)


def _marks(top: float) -> Iterator[float]:
    """Distances with round numbers, from 0 to the largest."""
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1) if step * _TICKS >= top or step == 1)
    return (step * i for i in range(int(top / step + 1e-9) + 1))


def _branches(nodes: Sequence[_Node], frame: _Rows | _Circle, top: float) -> Iterator[TreeLine]:
    """A line from each node to those that it joins."""
    for node in nodes:
        colour = AXIS_INK if node.family is None else _FAMILY[node.family % len(_FAMILY)]
        for child in node.children:
            points = frame.along(node.distance / top, node.row, child.row)
            points.append(frame.point(child.distance / top, child.row))
            yield TreeLine(np.array(points), colour)


def _limit_line(frame: _Rows | _Circle, limit: float | None, top: float) -> list[TreeLine]:
    """The distance at which the tree was cut, if it is within the tree."""
    if limit is None or not 0 < limit < top:
        return []
    return [TreeLine(np.array(frame.along(limit / top, -0.5, frame.n_leaves - 0.5)), _LIMIT, dashed=True)]
