"""Sequences below each other, each a line as long as it is, with what lies along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.report.drawing.plot import Plot, nice_ticks, svg_text, tick_label

N_COLOURS = 6
"""Kinds of things that have a colour of their own; further ones share the last."""

_WIDTH = 1000
_ROW, _TALL = 30, 22  # pixels: a strip, and what stands on its line
_LETTER, _WIDEST = 6.4, 300  # of a name, and of all names
_AXIS, _LEGEND = 40, 22


class Layer(NamedTuple):
    """What lies along a sequence, as steps.

    Parameters
    ----------
    colour : int
        From 1.
    edges : numpy.ndarray, shape=(n + 1,)
        Ends of the steps, in bases from the start of the strip.
    heights : numpy.ndarray, shape=(n,)
        From 0 to 1, or from 0 to -1 below the line; nothing is drawn at 0.
    """

    colour: int
    edges: np.ndarray
    heights: np.ndarray


class SequenceStrip(NamedTuple):
    """A sequence.

    Parameters
    ----------
    name : str
        What is written above it.
    length : float
        Bases.
    layers : sequence of Layer
    """

    name: str
    length: float
    layers: Sequence[Layer]


def strips_chart(
    strips: Sequence[SequenceStrip],
    title: str,
    description: str,
    legend: Sequence[str] = (),
    x_label: str = "bp",
) -> str:
    """Strips, all on one scale.

    Parameters
    ----------
    strips : sequence of SequenceStrip
        From the top.
    title, description : str
        What a screen reader says.
    legend : sequence of str
        Names of the colours.
    x_label : str
        Name of the axis.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> layer = Layer(1, np.array([2, 8, 9, 12]), np.array([1, 0, -1]))
    >>> drawn = strips_chart([SequenceStrip("peak", 20, [layer])], "Sites", "One sequence.", ["GATA"])
    >>> drawn.count('<path class="strip s1"'), ">peak</text>" in drawn
    (1, True)
    """
    longest = max((strip.length for strip in strips), default=1.0)
    above = _LEGEND if legend else 0
    left = 16 + min(_LETTER * max((len(strip.name) for strip in strips), default=0), _WIDEST)
    height = above + _ROW * len(strips) + _AXIS
    plot = Plot((0, longest), (0, 1), _WIDTH, height, left=left, right=30, top=above, bottom=_AXIS)
    is_two_sided = any((layer.heights < 0).any() for strip in strips for layer in strip.layers)
    tall = _TALL / 2 if is_two_sided else _TALL
    rows = [_row(plot, strip, above + _ROW * i + 4 + tall, tall) for i, strip in enumerate(strips)]
    body = _legend(legend) + "".join(rows) + _axis(plot, longest, x_label)
    return plot.drawing(title, description, body, "chart strips")


def _row(plot: Plot, strip: SequenceStrip, base: float, tall: float) -> str:
    line = f'<path class="axis" d="M{plot.x(0):.1f} {base}H{plot.x(strip.length):.1f}"/>'
    areas = "".join(_area(plot, layer, base, tall) for layer in strip.layers)
    return areas + line + svg_text(plot.left - 8, base + 1, strip.name, "tick end")


def _area(plot: Plot, layer: Layer, base: float, tall: float) -> str:
    """Each run of steps that are not 0, closed on the line."""
    path, is_open = "", False
    edges = layer.edges.tolist()
    for left, right, height in zip(edges, edges[1:], layer.heights.tolist(), strict=False):
        if not height:
            path += f"V{base}Z" if is_open else ""
            is_open = False
            continue
        path += "" if is_open else f"M{plot.x(left):.1f} {base}"
        path += f"V{base - tall * height:.1f}H{max(plot.x(right), plot.x(left) + 0.5):.1f}"
        is_open = True
    path += f"V{base}Z" if is_open else ""
    return f'<path class="strip s{min(layer.colour, N_COLOURS)}" d="{path}"/>' if path else ""


def _legend(names: Sequence[str]) -> str:
    parts, x = [], 8.0
    for number, name in enumerate(names, start=1):
        parts.append(
            f'<rect class="strip s{min(number, N_COLOURS)}" x="{x:.1f}" y="3" width="12" height="10"/>'
        )
        parts.append(svg_text(x + 17, 12, name, "label"))
        x += 40 + 8.4 * len(name)
    return "".join(parts)


def _axis(plot: Plot, longest: float, label: str) -> str:
    y = plot.height - plot.bottom + 4
    ticks = [value for value in nice_ticks(0, longest, 6) if value <= longest]
    marks = "".join(f'<path class="axis" d="M{plot.x(value):.1f} {y}v4"/>' for value in ticks)
    numbers = "".join(svg_text(plot.x(value), y + 16, tick_label(value), "tick middle") for value in ticks)
    line = f'<path class="axis" d="M{plot.x(0):.1f} {y}H{plot.x(longest):.1f}"/>'
    return line + marks + numbers + svg_text(plot.x(longest / 2), y + 32, label, "label middle")
