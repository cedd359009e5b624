"""Trees of motifs with their logos, rows below each other or around a circle, as SVG and PNG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from motifnet.errors import InvalidValue, UnknownName
from motifnet.motifs import Motif
from motifnet.report.glyphs import BASES, colours
from motifnet.report.heights import FIXED, heights
from motifnet.report.layout import HEIGHT, PITCH, Track
from motifnet.report.markup import describe, escape
from motifnet.report.vector import glyph_definitions, letters

FORMATS = ("svg", "png")

_ROW = 26  # from one leaf to the next
_SCALE = 22 / HEIGHT  # of a logo
_GAP = 8  # between a leaf, its logo and its name
_MARGIN = 14
_DEPTH = 240  # from the root of a linear tree to its leaves
_LEAST_RADIUS = 150  # of the circle of leaves
_HOLLOW = 0.08  # of that circle, from its centre to the root
_ARC = math.radians(2)  # between points of an arc
_UPRIGHT = 90  # degrees; what is beyond is on the left, and turned around to be read
_LETTER = 0.6  # width of an average letter, of its size
_SIZE = 11  # of letters
_DOWN = 0.36  # from the middle of a letter to its base line, of its size
_AXIS = 34  # height of the axis below a linear tree
_TICKS = 5  # marks of the axis, about
_INK, _LIMIT = "#555", "#999"
_MOST_PIXELS = 6_000  # of a side of a picture
_POINTS = 72  # of an inch

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
    """

    motif: Motif
    name: str
    family: int | None = None
    shift: int = 0
    free: int = 0

    @property
    def room(self) -> float:
        """Length of the logo with what is left free on both sides."""
        return PITCH * _SCALE * (self.shift + self.motif.width + self.free)


class Line(NamedTuple):
    """A line through points, ``(n, 2)``, which is a limit and no branch if ``dashed``."""

    points: np.ndarray
    colour: str = _INK
    dashed: bool = False


class PlacedLogo(NamedTuple):
    """A logo whose middle on the left is at a point, turned by so many degrees clockwise."""

    track: Track
    x: float
    y: float
    angle: float


class Label(NamedTuple):
    """A name in the middle of whose first or last letter is a point, turned as its logo."""

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
    lines : sequence of Line
    logos : sequence of PlacedLogo
    labels : sequence of Label
    """

    title: str
    width: float
    height: float
    lines: Sequence[Line]
    logos: Sequence[PlacedLogo]
    labels: Sequence[Label]


def tree_drawing(
    leaves: Sequence[Leaf],
    tree: np.ndarray,
    *,
    shape: Literal["linear", "radial"] = "linear",
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

    Raises
    ------
    InvalidValue
        If there is no leaf.
    """
    if not leaves:
        raise InvalidValue("number of leaves", 0, "at least one to draw")
    logo = max(leaf.room for leaf in leaves)
    name = max(_LETTER * _SIZE * len(leaf.name) for leaf in leaves)
    frame = (_Rows if shape == "linear" else _Circle)(len(leaves), logo, name)
    nodes = _nodes(leaves, tree)
    top = max((node.distance for node in nodes), default=0.0) or 1.0
    lines = [*_branches(nodes, frame, top), *_limit_line(frame, limit, top)]
    ends = [(leaf, *frame.end(node.row)) for leaf, node in zip(leaves, nodes, strict=False)]
    labels = [frame.label(*end) for end in ends]
    if shape == "linear":
        axis_lines, axis_labels = frame.axis(top)
        lines, labels = lines + axis_lines, labels + axis_labels
    return TreeDrawing(
        f"Tree of {len(leaves)} motifs",
        frame.width,
        frame.height,
        lines,
        [frame.logo(*end) for end in ends],
        labels,
    )


def tree_svg(drawing: TreeDrawing, *, scheme: str = "classic", shared: bool = False) -> str:
    """A tree as one ``<svg>`` element.

    Parameters
    ----------
    drawing : TreeDrawing
    scheme : str
        Colours of the letters.
    shared : bool
        Refer to the outlines of :func:`motifnet.report.vector.glyph_definitions`, which the page
        must hold; the default is a drawing that stands alone.

    Raises
    ------
    UnknownName
        If there is no such scheme.
    """
    width, height = f"{drawing.width:.6g}", f"{drawing.height:.6g}"
    parts = [_line_svg(line) for line in drawing.lines]
    parts += [_logo_svg(logo) for logo in drawing.logos]
    parts += [_label_svg(label) for label in drawing.labels]
    alone = "" if shared else 'xmlns="http://www.w3.org/2000/svg" font-family="Helvetica, Arial, sans-serif" '
    return (
        f'<svg {alone}class="tree" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{describe(drawing.title)}'
        f"{'' if shared else _own_definitions(scheme)}{''.join(parts)}</svg>"
    )


def tree_bytes(drawing: TreeDrawing, *, format: str, scheme: str = "classic", dpi: int = 150) -> bytes:
    """A tree as the bytes of a file: the same bytes for the same tree.

    Parameters
    ----------
    drawing : TreeDrawing
    format : {"svg", "png"}
    scheme : str
        Colours of the letters.
    dpi : int
        Pixels an inch of a PNG; fewer where a side would have more than 6,000 pixels.

    Raises
    ------
    UnknownName
        If there is no such format or scheme.
    """
    if format not in FORMATS:
        raise UnknownName("format of a tree", format, FORMATS)
    if format == "svg":
        return tree_svg(drawing, scheme=scheme).encode()
    from motifnet.report.tree_painting import paint

    most = _MOST_PIXELS * _POINTS / max(drawing.width, drawing.height)
    return paint(drawing, palette=colours(scheme), scale=_SCALE, dpi=min(dpi, most))


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
        return PlacedLogo(_track(leaf), x + _GAP + PITCH * _SCALE * leaf.shift, y, angle)

    def label(self, leaf: Leaf, x: float, y: float, angle: float) -> Label:
        """The name beside the logo, below those of the others."""
        return Label(leaf.name, x + 2 * _GAP + self._logo, y, angle)

    def axis(self, top: float) -> tuple[list[Line], list[Label]]:
        """The axis of similarities, below."""
        y = _MARGIN + _ROW * self.n_leaves + 4
        lines = [Line(np.array([(_MARGIN, y), (_MARGIN + _DEPTH, y)]))]
        labels = [Label("similarity", _MARGIN + _DEPTH / 2, y + 26, 0.0, "middle")]
        for distance in _marks(top):
            x, _ = self.point(distance / top, 0)
            lines.append(Line(np.array([(x, y), (x, y + 4)])))
            labels.append(Label(f"{1 - distance:.2g}", x, y + 12, 0.0, "middle"))
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
        before = PITCH * _SCALE * leaf.shift
        if angle <= _UPRIGHT:
            return PlacedLogo(_track(leaf), *_beyond(x, y, angle, _GAP + before), angle)
        return PlacedLogo(_track(leaf), *_beyond(x, y, angle, _GAP + leaf.room - before), angle - 180)

    def label(self, leaf: Leaf, x: float, y: float, angle: float) -> Label:
        """The name outside of the logo."""
        x, y = _beyond(x, y, angle, 2 * _GAP + leaf.room)
        if angle <= _UPRIGHT:
            return Label(leaf.name, x, y, angle)
        return Label(leaf.name, x, y, angle - 180, "end")


def _beyond(x: float, y: float, angle: float, length: float) -> tuple[float, float]:
    """A point so far from another in a direction."""
    return x + length * math.cos(math.radians(angle)), y + length * math.sin(math.radians(angle))


def _track(leaf: Leaf) -> Track:
    return Track(heights(leaf.motif), FIXED["information"], left=0, top=-HEIGHT / 2, bases=leaf.motif.bases)


def _marks(top: float) -> Iterator[float]:
    """Distances with round numbers, from 0 to the largest."""
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1) if step * _TICKS >= top or step == 1)
    return (step * i for i in range(int(top / step + 1e-9) + 1))


def _branches(nodes: Sequence[_Node], frame: _Rows | _Circle, top: float) -> Iterator[Line]:
    """A line from each node to those that it joins."""
    for node in nodes:
        colour = _INK if node.family is None else _FAMILY[node.family % len(_FAMILY)]
        for child in node.children:
            points = frame.along(node.distance / top, node.row, child.row)
            points.append(frame.point(child.distance / top, child.row))
            yield Line(np.array(points), colour)


def _limit_line(frame: _Rows | _Circle, limit: float | None, top: float) -> list[Line]:
    """The distance at which the tree was cut, if it is within the tree."""
    if limit is None or not 0 < limit < top:
        return []
    return [Line(np.array(frame.along(limit / top, -0.5, frame.n_leaves - 0.5)), _LIMIT, dashed=True)]


def _line_svg(line: Line) -> str:
    path = "L".join(f"{x:.2f} {y:.2f}" for x, y in line.points)
    dashes = ' stroke-dasharray="4 4"' if line.dashed else ""
    return f'<path d="M{path}" fill="none" stroke="{line.colour}"{dashes}/>'


def _logo_svg(logo: PlacedLogo) -> str:
    turned = f" rotate({logo.angle:.2f})" if logo.angle else ""
    place = f"translate({logo.x:.2f} {logo.y:.2f}){turned} scale({_SCALE:.4g})"
    return f'<g transform="{place}">{letters(logo.track, shared=True)}</g>'


def _label_svg(label: Label) -> str:
    turned = f' transform="rotate({label.angle:.2f} {label.x:.2f} {label.y:.2f})"' if label.angle else ""
    return (
        f'<text x="{label.x:.2f}" y="{label.y:.2f}" dy="{_DOWN}em" font-size="{_SIZE}" '
        f'text-anchor="{label.anchor}"{turned}>{escape(label.text)}</text>'
    )


def _own_definitions(scheme: str) -> str:
    """The letters and their colours, for a drawing that stands alone."""
    rules = "".join(
        f".base-{base}{{fill:{colour}}}" for base, colour in zip(BASES, colours(scheme), strict=True)
    )
    return f"<style>{rules}text{{fill:#333}}</style>{glyph_definitions()}"
