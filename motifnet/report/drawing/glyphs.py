"""The letters of a logo as SVG draws them: outlines in a box of 100 by 100.

The outlines are those of DejaVu Sans Bold, each letter stretched to fill its box. They stand
here as text, so that drawing a logo needs no font and no matplotlib. To make the table anew::

    from motifnet.report.drawing.glyphs import outline
    table = {base: outline(base) for base in "ACGTU"}
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

BASES = "ACGT"

OUTLINES: Mapping[str, str] = {
    "A": (
        "M69.27 81.78L30.81 81.78L24.74 100L0 100L35.33 0L64.67 0L100 100L75.28 100L69.27 81.78Z"
        "M36.95 63.22L63.08 63.22L50.03 23.45L36.95 63.22Z"
    ),
    "C": (
        "M100 92.83Q91.64 96.39 82.59 98.18Q73.54 100 63.69 100Q34.32 100 17.16 86.53Q0 73.06 0 50.03"
        "Q0 26.92 17.16 13.47Q34.32 0 63.69 0Q73.54 0 82.59 1.818Q91.64 3.615 100 7.168L100 27.1"
        "Q91.56 22.39 83.37 20.2Q75.18 18.01 66.14 18.01Q49.91 18.01 40.61 26.54"
        "Q31.34 35.05 31.34 50.03Q31.34 64.95 40.61 73.48Q49.91 81.99 66.14 81.99"
        "Q75.18 81.99 83.37 79.8Q91.56 77.59 100 72.88L100 92.83Z"
    ),
    "G": (
        "M100 90.95Q89.91 95.48 79.07 97.75Q68.22 100 56.66 100Q30.52 100 15.26 86.53Q0 73.06 0 50.03"
        "Q0 26.73 15.53 13.37Q31.08 0 58.14 0Q68.56 0 78.1 1.818Q87.67 3.615 96.15 7.168L96.15 27.1"
        "Q87.4 22.54 78.75 20.29Q70.1 18.01 61.41 18.01Q45.32 18.01 36.6 26.32Q27.88 34.6 27.88 50.03"
        "Q27.88 65.32 36.28 73.66Q44.69 81.99 60.15 81.99Q64.37 81.99 67.97 81.51"
        "Q71.58 81.02 74.45 79.98L74.45 61.27L57.98 61.27L57.98 44.6L100 44.6L100 90.95Z"
    ),
    "T": "M0 0L100 0L100 19.5L64.02 19.5L64.02 100L36.05 100L36.05 19.5L0 19.5L0 0Z",
    "U": (
        "M0 0L29.92 0L29.92 58.8Q29.92 70.95 34.62 76.18Q39.32 81.4 49.96 81.4Q60.68 81.4 65.38 76.18"
        "Q70.08 70.95 70.08 58.8L70.08 0L100 0L100 58.8Q100 79.63 87.64 89.83Q75.3 100 49.96 100"
        "Q24.7 100 12.34 89.83Q0 79.63 0 58.8L0 0Z"
    ),
}


def outline(letter: str) -> str:
    """SVG path data of a letter that fills the box from (0, 0) to (100, 100), y downwards.

    Parameters
    ----------
    letter : str

    Returns
    -------
    str

    Examples
    --------
    >>> outline("T")
    'M0 0L100 0L100 19.5L64.02 19.5L64.02 100L36.05 100L36.05 19.5L0 19.5L0 0Z'
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    commands = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CLOSEPOLY: "Z"}
    path = TextPath((0, 0), letter, size=1000, prop=FontProperties(family="DejaVu Sans", weight="bold"))
    segments = [(commands[code], xy.reshape(-1, 2)) for xy, code in path.iter_segments(simplify=False)]
    # A closing command carries a point of no meaning, which must not stretch the box.
    points = np.concatenate([xy for command, xy in segments if command != "Z"])
    low, high = points.min(0), points.max(0)
    return "".join(
        "Z" if command == "Z" else command + _coordinates(100 * (xy - low) / (high - low))
        for command, xy in segments
    )


def _coordinates(points: np.ndarray) -> str:
    """Points with y upwards as the numbers of a path with y downwards."""
    return " ".join(f"{x:.4g} {100 - y:.4g}" for x, y in points)
