"""Trees of motifs with their logos as SVG and PNG."""

from __future__ import annotations

from motifnet.errors import UnknownName
from motifnet.motifs.logo_letters import colours
from motifnet.report.drawing.glyphs import BASES
from motifnet.report.drawing.logo_layout import INK, POINTS
from motifnet.report.drawing.logo_svg import STANDALONE, glyph_definitions, letters
from motifnet.report.drawing.tree_layout import (
    LOGO_SCALE,
    TEXT_SIZE,
    PlacedLogo,
    TreeDrawing,
    TreeLabel,
    TreeLine,
)
from motifnet.report.escaping import describe, escape

FORMATS = ("svg", "png")

_DOWN = 0.36  # from the middle of a letter to its base line, of its size
_MOST_PIXELS = 6_000  # of a side of a picture


def tree_svg(drawing: TreeDrawing, *, scheme: str = "classic", shared: bool = False) -> str:
    """A tree as one ``<svg>`` element.

    Parameters
    ----------
    drawing : TreeDrawing
    scheme : str
        Colours of the letters.
    shared : bool
        Refer to the outlines of :func:`motifnet.report.drawing.logo_svg.glyph_definitions`, which the page
        must hold; the default is a drawing that stands alone.

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
    >>> import numpy as np
    >>> from motifnet.motifs import Motif
    >>> from motifnet.report.drawing.tree_layout import Leaf, tree_drawing
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> leaves, tree = [Leaf(motif, "one"), Leaf(motif, "two")], np.array([[0, 1, 0.2, 2]])
    >>> drawing = tree_drawing(leaves, tree)
    >>> ">one</text>" in tree_svg(drawing, shared=True)
    True
    """
    width, height = f"{drawing.width:.6g}", f"{drawing.height:.6g}"
    parts = [_line_svg(line) for line in drawing.lines]
    parts += [_logo_svg(logo) for logo in drawing.logos]
    parts += [_label_svg(label) for label in drawing.labels]
    alone = "" if shared else f"{STANDALONE} "
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

    Returns
    -------
    bytes

    Raises
    ------
    UnknownName
        If there is no such format or scheme.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.motifs import Motif
    >>> from motifnet.report.drawing.tree_layout import Leaf, tree_drawing
    >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
    >>> leaves, tree = [Leaf(motif, "one"), Leaf(motif, "two")], np.array([[0, 1, 0.2, 2]])
    >>> drawing = tree_drawing(leaves, tree)
    >>> tree_bytes(drawing, format="png", dpi=20)[1:4]
    b'PNG'
    """
    if format not in FORMATS:
        raise UnknownName("format of a tree", format, FORMATS)
    if format == "svg":
        return tree_svg(drawing, scheme=scheme).encode()
    from motifnet.report.drawing.tree_painting import paint_tree

    most = _MOST_PIXELS * POINTS / max(drawing.width, drawing.height)
    return paint_tree(drawing, palette=colours(scheme), dpi=min(dpi, most))


def _line_svg(line: TreeLine) -> str:
    path = "L".join(f"{x:.2f} {y:.2f}" for x, y in line.points)
    dashes = ' stroke-dasharray="4 4"' if line.dashed else ""
    return f'<path d="M{path}" fill="none" stroke="{line.colour}"{dashes}/>'


def _logo_svg(logo: PlacedLogo) -> str:
    turned = f" rotate({logo.angle:.2f})" if logo.angle else ""
    place = f"translate({logo.x:.2f} {logo.y:.2f}){turned} scale({LOGO_SCALE:.4g})"
    return f'<g transform="{place}">{letters(logo.track, shared=True)}</g>'


def _label_svg(label: TreeLabel) -> str:
    turned = f' transform="rotate({label.angle:.2f} {label.x:.2f} {label.y:.2f})"' if label.angle else ""
    return (
        f'<text x="{label.x:.2f}" y="{label.y:.2f}" dy="{_DOWN}em" font-size="{TEXT_SIZE}" '
        f'text-anchor="{label.anchor}"{turned}>{escape(label.text)}</text>'
    )


def _own_definitions(scheme: str) -> str:
    """The letters and their colours, for a drawing that stands alone."""
    rules = "".join(
        f".base-{base}{{fill:{colour}}}" for base, colour in zip(BASES, colours(scheme), strict=True)
    )
    return f"<style>{rules}text{{fill:{INK}}}</style>{glyph_definitions()}"
