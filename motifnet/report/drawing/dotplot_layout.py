"""Dot-plots: two sequences as the axes, the posterior of their matches as shades, the alignment as a path.

The longer sequence is drawn as at most :data:`MOST_CELLS` cells. A cell of several bases shows the most
probable match within it. Bases that one sequence has alone are seen where the path runs along an axis, and,
however short the stretch, in a strip beside each axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from motifnet.report.drawing.plot import nice_ticks
from motifnet.report.drawing.shades import shade
from motifnet.report.numerals import count, percent, plural
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment, Runs
from motifnet.symbols.posterior import MatchPosterior

MOST_CELLS = 280
"""Cells along the longer sequence."""

AXES = {X_ONLY: 0, Y_ONLY: 1}
"""Along which axis each kind of bases alone lie."""

ALONE = {X_ONLY: "bases of x alone", Y_ONLY: "bases of y alone"}
"""Words of the legend."""

POSTERIOR_WORDS = "posterior from"

_SIDE = 420  # pixels of the longer sequence
_SHORTEST_SIDE = 140
_LETTER = 7  # width of a letter of a label
_SHORTEST_NAME = 8


@dataclass(frozen=True)
class DotPlot:
    """What is drawn, whatever draws it.

    Parameters
    ----------
    alignment : Alignment
    posterior : MatchPosterior, optional
        Of the same two sequences.

    Examples
    --------
    >>> dots = DotPlot(Alignment.from_rows("ACG-T", "A-GTT"))
    >>> dots.lengths, [corner.tolist() for corner in dots.path]
    ((4, 4), [[0, 1, 2, 3, 3, 4], [0, 1, 1, 2, 3, 4]])
    """

    alignment: Alignment
    posterior: MatchPosterior | None = None

    @property
    def lengths(self) -> tuple[int, int]:
        """Bases along each axis, at least 1."""
        return max(1, len(self.alignment.x)), max(1, len(self.alignment.y))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels; equal scales unless one sequence is far longer."""
        longest = max(self.lengths)
        width, height = (max(_SHORTEST_SIDE, _SIDE * length / longest) for length in self.lengths)
        return width, height

    @property
    def ticks(self) -> list[list[float]]:
        """Where the ticks of each axis are, in bases."""
        return [
            nice_ticks(0, length, 5 if pixels > _SIDE / 2 else 3)
            for length, pixels in zip(self.lengths, self.size, strict=True)
        ]

    @property
    def steps(self) -> tuple[int, int]:
        """Bases along each side of a cell."""
        x, y = (
            math.ceil(length * _SIDE / (MOST_CELLS * pixels))
            for length, pixels in zip(self.lengths, self.size, strict=True)
        )
        return x, y

    @property
    def edges(self) -> list[np.ndarray]:
        """Where the cells along each axis begin and end, in bases."""
        return [
            np.append(np.arange(0, length, step), length)
            for length, step in zip(self.lengths, self.steps, strict=True)
        ]

    @cached_property
    def shades(self) -> np.ndarray:
        """Shade of each cell, ``shape=(n_cells_of_y, n_cells_of_x)``."""
        n_cells = [len(edges) - 1 for edges in self.edges]
        largest = np.zeros(n_cells[::-1], np.float32)
        if self.posterior is not None:
            x_step, y_step = self.steps
            cell = (self.posterior.column // y_step, self.posterior.x_position // x_step)
            np.maximum.at(largest, cell, self.posterior.probability)
        return shade(largest)

    @property
    def path(self) -> tuple[np.ndarray, np.ndarray]:
        """Corners of the alignment's path, in bases."""
        x, y = _advance(self.alignment.runs())
        return self.alignment.x_start + x, self.alignment.y_start + y

    def gaps(self, kind: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Both ends, in bases, of the pieces of the path in which one sequence has bases alone."""
        x, y = self.path
        for i in np.flatnonzero(self.alignment.runs().kind == kind).tolist():
            yield (int(x[i]), int(y[i])), (int(x[i + 1]), int(y[i + 1]))

    def alone(self, kind: int) -> np.ndarray:
        """Shade, for each cell along x or y, of the share of its bases that are aligned to a gap."""
        axis = AXES[kind]
        columns = self.alignment.columns
        own = columns[(columns == MATCH) | (columns == kind)]
        start = (self.alignment.x_start, self.alignment.y_start)[axis]
        cell = (start + np.flatnonzero(own == kind)) // self.steps[axis]
        sizes = np.diff(self.edges[axis])
        return shade(np.bincount(cell, minlength=len(sizes)) / sizes)

    @property
    def labels(self) -> tuple[str, str]:
        """Words beside the axes, as long as these allow."""
        names = (self.alignment.x_name, self.alignment.y_name)
        strands = (self.alignment.x_place.strand, self.alignment.y_place.strand)
        rests = [f"{', reverse complement' if strand == '-' else ''} (bp)" for strand in strands]
        x, y = (
            f"{_short(name, int(pixels / _LETTER) - len(rest))}{rest}"
            for name, rest, pixels in zip(names, rests, self.size, strict=True)
        )
        return x, y

    @property
    def title(self) -> str:
        """What the plot shows."""
        return f"Dot-plot of {self.alignment.x_name} and {self.alignment.y_name}"

    @property
    def description(self) -> str:
        """The alignment in words."""
        alone = [count(int(np.count_nonzero(self.alignment.columns == kind))) for kind in (X_ONLY, Y_ONLY)]
        same = percent(self.alignment.identity)
        return (
            f"{plural(self.alignment.n_matches, 'pair')} of bases aligned, {same} of them the same; "
            f"{alone[0]} bases of the first sequence and {alone[1]} of the second are alone."
        )


def _advance(runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    """Bases of x and of y before each run, and after the last."""
    x, y = (
        np.concatenate([[0], np.cumsum(np.where(runs.kind == other, 0, runs.length))])
        for other in (Y_ONLY, X_ONLY)
    )
    return x, y


def _short(name: str, n_letters: int) -> str:
    n_letters = max(n_letters, _SHORTEST_NAME)
    return name if len(name) <= n_letters else f"{name[: n_letters - 1]}…"
