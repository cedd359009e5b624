"""The cells in which three sequences are aligned: near what is likely for each two of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from motifnet.symbols.alignment import Alignment
from motifnet.symbols.posterior import MatchPosterior

SURE = 0.99
"""Posterior probability of the matches of all three between which long sequences are cut, at least: the same
convention as where pairs are cut, :data:`motifnet.hmm.pair_pieces.SURE`."""

_LEAST_PIECE = (
    400  # bases of x and y between two cuts: short enough for caches, long against what a gap depends on
)


class Width(NamedTuple):
    """How much of what is possible for two sequences belongs to a band.

    Attributes
    ----------
    least : float
        Probability of a match from which on the cells before and behind it do, and those between two of
        them in a row or a column that are near.
    near : int
        Cells between which is filled up.
    likely : float
        Probability of matches between which is filled up whatever lies between.
    margin : int
        Cells on either side of all these.
    """

    least: float
    near: int
    likely: float
    margin: int


WIDTHS = (
    Width(0.001, 10, 0.05, 1),
    Width(0.001, 10, 0.05, 0),
    Width(0.005, 3, 0.2, 0),
    Width(0.05, 1, 0.5, 0),
)
"""From wide to narrow; a piece gets the widest that it has room for.

Against bands of several times the cells, no probability of a gap of human and mouse or dog and cow changes
by more than 0.1 in the first, by more than 0.2 in the third.
"""

AXES = ((0, 1), (0, 2), (1, 2))
"""Of the three sequences, each two: x and y, x and z, y and z."""


class PairCells(NamedTuple):
    """Cells of two sequences, ascending: so many bases of the first and of the second behind.

    Attributes
    ----------
    row, column : numpy.ndarray of int64, shape=(n,)
    """

    row: np.ndarray
    column: np.ndarray

    @classmethod
    def of(cls, cells: np.ndarray) -> PairCells:
        """Those of ``shape=(n, 2)``, once each and in order."""
        width = int(cells[:, 1].max(initial=0)) + 1
        return cls(*np.divmod(np.unique(cells[:, 0] * width + cells[:, 1]), width))

    def part(self, start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Those from one cell to another, counted from the first: where rows begin, and columns."""
        rows = slice(*np.searchsorted(self.row, [start[0], stop[0] + 1]))
        row, column = self.row[rows], self.column[rows]
        inside = (column >= start[1]) & (column <= stop[1])
        n_rows = stop[0] - start[0] + 2
        indptr = np.searchsorted(row[inside] - start[0], np.arange(n_rows))
        return indptr.astype(np.int64), (column[inside] - start[1]).astype(np.int32)


class TripletBand(NamedTuple):
    """Where the paths of three sequences may go.

    Attributes
    ----------
    widths : tuple of tuple of PairCells
        Three: of x and y, x and z, y and z; for each of :data:`WIDTHS`.
    cuts : numpy.ndarray of int64, shape=(n_pieces + 1, 3)
        Cells that all paths go through, the first and the last among them.
    """

    widths: tuple[tuple[PairCells, ...], ...]
    cuts: np.ndarray

    def pieces(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Where each piece begins and ends, ``shape=(3,)`` each."""
        return pairwise(self.cuts)


def band_of(
    xy: MatchPosterior,
    xz: MatchPosterior,
    yz: MatchPosterior,
    along: tuple[Alignment, Alignment, Alignment],
) -> TripletBand:
    """The cells near the matches of each two sequences that are probable.

    Of two sequences, these are the cells before and behind each such match, and what lies between two of
    them in a row or in a column, where gaps run. So that a path leads through all of them, those of two
    alignments of x, and of two of y, are put in.

    Parameters
    ----------
    xy, xz, yz : MatchPosterior
    along : tuple of Alignment
        Global ones of x and y, of x and z, and of y and z.
    """
    path = _merged(along[0], along[1])
    # Both ways round, so that it does not matter which of the two is x.
    other = _merged(along[0].swapped(), along[2])[:, [1, 0, 2]]
    posteriors = (xy, xz, yz)
    paths = [np.concatenate([_both_ways(one[:, axis]) for one in (path, other)]) for axis in AXES]
    widths = [
        tuple(
            PairCells.of(_widened(np.concatenate([_near(posterior, width), cells]), width.margin, cells[-1]))
            for posterior, cells in zip(posteriors, paths, strict=True)
        )
        for width in WIDTHS
    ]
    return TripletBand(tuple(widths), _cuts(*posteriors, path[-1]))


def _near(posterior: MatchPosterior, width: Width) -> np.ndarray:
    """Cells at probable matches and between them, ``shape=(n, 2)``."""
    match = np.column_stack([posterior.x_position, posterior.column]).astype(np.int64)
    found = []
    for least, reach in ((width.least, width.near), (width.likely, np.inf)):
        kept = match[posterior.probability >= least]
        corners = np.concatenate([kept, kept + 1])
        found += [_between(corners, reach), _between(corners[:, ::-1], reach)[:, ::-1]]
    return np.concatenate(found)


def _widened(cells: np.ndarray, margin: int, last: np.ndarray) -> np.ndarray:
    """The cells, and those around them that are on the diagonal or next to it, up to the last cell."""
    around = np.arange(-margin, margin + 1)
    steps = np.stack(np.meshgrid(around, around), -1).reshape(-1, 2)
    steps = steps[np.abs(steps[:, 0] - steps[:, 1]) <= margin]
    found = (np.unique(cells, axis=0)[:, None] + steps).reshape(-1, 2)
    return found[((found >= 0) & (found <= last)).all(1)]


def _between(cells: np.ndarray, reach: float) -> np.ndarray:
    """The cells, and those between two of a row that are not farther from each other than ``reach``."""
    cells = cells[np.lexsort(cells.T[::-1])]
    row, column = cells.T
    n = np.append(np.where((np.diff(row) == 0) & (np.diff(column) <= reach), np.diff(column), 1), 1)
    n = np.maximum(n, 1)[: len(cells)]
    offset = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    return np.column_stack([np.repeat(row, n), np.repeat(column, n) + offset])


def _merged(xy: Alignment, xz: Alignment) -> np.ndarray:
    """The cells of a path that goes as both alignments do, ``shape=(n, 3)``: y alone goes before z alone."""
    partners = []
    for one in (xy, xz):
        of_x = np.full(len(one.x) + 1, -1, np.int64)
        of_x[one.matches[:, 0]] = one.matches[:, 1]
        of_x[-1] = len(one.y)
        partners.append(of_x)
    done = [np.maximum.accumulate(np.concatenate([[0], at[:-1] + 1])) for at in partners]
    # Before base i of x come the bases of y and z up to its partners, if it has any.
    until = [np.where(at >= 0, at, so_far) for at, so_far in zip(partners, done, strict=True)]
    n_y, n_z = (stop - so_far for stop, so_far in zip(until, done, strict=True))
    steps = n_y + n_z + 1
    which = np.repeat(np.arange(len(steps)), steps)
    k = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    y = done[0][which] + np.minimum(k, n_y[which])
    z = done[1][which] + np.clip(k - n_y[which], 0, n_z[which])
    return np.column_stack([which, y, z])


def _both_ways(path: np.ndarray) -> np.ndarray:
    """The cells of a path of two sequences, and those where the second goes first between two matches."""
    match = np.flatnonzero((np.diff(path, axis=0) > 0).all(1))
    start, stop = np.concatenate([[0], match + 1]), np.append(match, len(path) - 1)
    size = stop - start + 1
    k = np.arange(len(path)) - np.repeat(start, size)
    first, last = np.repeat(path[start], size, 0), np.repeat(path[stop], size, 0)
    of_second = np.minimum(k, (last - first)[:, 1])
    turned = np.column_stack([np.minimum(first[:, 0] + k - of_second, last[:, 0]), first[:, 1] + of_second])
    return np.concatenate([path, turned])


def _cuts(xy: MatchPosterior, xz: MatchPosterior, yz: MatchPosterior, end: np.ndarray) -> np.ndarray:
    """Cells between two columns of all three that are sure, far enough from each other, and both ends."""
    y, z, z_of_y = (_sure(one) for one in (xy, xz, yz))
    x = np.flatnonzero((y >= 0) & (z >= 0))
    x = x[z_of_y[y[x]] == z[x]]
    column = np.column_stack([x, y[x], z[x]])
    allowed = column[1:][(np.diff(column, axis=0) == 1).all(1)]
    cuts = [np.zeros(3, np.int64)]
    for cell in allowed:
        # Bases of x and of y, so that it does not matter which is which.
        if (cell - cuts[-1])[:2].sum() >= _LEAST_PIECE and (end - cell)[:2].sum() >= _LEAST_PIECE / 2:
            cuts.append(cell)
    return np.stack([*cuts, end])


def _sure(posterior: MatchPosterior) -> np.ndarray:
    """The partner of each base of the first sequence that is sure of one, else -1."""
    found = np.full(posterior.x_length, -1, np.int64)
    sure = posterior.probability >= SURE
    found[posterior.x_position[sure]] = posterior.column[sure]
    return found
