"""Hits of integer matrices in sequences: shares of the bases in threads, block after block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from motifnet.kernels import threads
from motifnet.kernels.pwm_scan.loops import AT_ONCE, fill_quads, hits_of_block
from motifnet.kernels.pwm_scan.tables import MatrixBlock, blocks_of

_SHARE = 1 << 20  # windows that a task looks at
_ROOM = 1 << 14  # hits that a buffer holds


class WindowHits(NamedTuple):
    """Hits, by window and then by matrix.

    Parameters
    ----------
    window : numpy.ndarray of int64, shape=(n,)
        Where the window begins among all codes.
    column : numpy.ndarray of int64, shape=(n,)
        Which matrix it scores enough with.
    score : numpy.ndarray of int64, shape=(n,)
        The sum of the matrix's entries.
    """

    window: np.ndarray
    column: np.ndarray
    score: np.ndarray


class Matrices:
    """Integer matrices with thresholds, made ready to be looked for.

    Parameters
    ----------
    matrices : sequence of numpy.ndarray of int, shape=(4, width)
        Rows A, C, G, T; one for each strand that is looked at.
    thresholds : numpy.ndarray of int, shape=(n_matrices,)
        Least score of a hit.

    Examples
    --------
    >>> ready = Matrices([np.array([[9, 0], [0, 9], [0, 0], [0, 0]])], np.array([18]))
    >>> codes = np.array([0, 1, 4, 0, 1], np.uint8)
    >>> ready.scan(codes, np.array([0, 5])).window.tolist()
    [0, 3]
    """

    def __init__(self, matrices: Sequence[np.ndarray], thresholds: np.ndarray) -> None:
        self._blocks = blocks_of(matrices, thresholds)
        self._n_columns = len(matrices)
        self._longest = max((block.scores.shape[1] for block in self._blocks), default=0)

    def scan(self, codes: np.ndarray, offsets: np.ndarray) -> WindowHits:
        """Every window of known bases that scores at least the threshold of a matrix.

        Parameters
        ----------
        codes : numpy.ndarray of uint8, shape=(total_length,)
        offsets : numpy.ndarray of int64, shape=(n + 1,)
            Sequence ``i`` is ``codes[offsets[i]:offsets[i + 1]]``; no window crosses its ends.

        Returns
        -------
        WindowHits
        """
        starts, stops = runs_of_known(codes, offsets)
        tasks = [partial(self._share, codes, starts, stops, begin) for begin in range(0, len(codes), _SHARE)]
        return _joined(threads.run(tasks))

    def _share(self, codes: np.ndarray, starts: np.ndarray, stops: np.ndarray, begin: int) -> WindowHits:
        """The hits among a share of the windows."""
        # Windows of the share reach into the next, and none begins there.
        end = min(begin + _SHARE, len(codes))
        reached = min(end + self._longest, len(codes))
        first, last = np.searchsorted(stops, begin, side="right"), np.searchsorted(starts, reached)
        text = _Text(
            codes[begin:reached],
            quads_of(codes[begin:reached], self._longest),
            np.maximum(starts[first:last] - begin, 0),
            np.minimum(stops[first:last], reached) - begin,
        )
        found = _joined([part for block in self._blocks for part in _hits(block, text)])
        found = _chosen(found, np.flatnonzero(found.window < end - begin))
        order = np.argsort(found.window * self._n_columns + found.column)
        return _chosen(found, order)._replace(window=found.window[order] + begin)


class _Text(NamedTuple):
    """What is looked at: codes, words of four, and runs of known bases."""

    codes: np.ndarray
    quads: np.ndarray
    starts: np.ndarray
    stops: np.ndarray


def quads_of(codes: np.ndarray, beyond: int) -> np.ndarray:
    """The word of four bases that begins at each code, and room for so many columns behind the last.

    Examples
    --------
    >>> quads_of(np.array([0, 1, 2, 3, 3], np.uint8), 0)[:2].tolist()
    [27, 111]
    """
    quads = np.zeros(len(codes) + beyond + AT_ONCE, np.uint8)
    fill_quads(np.concatenate([codes, np.zeros(3, np.uint8)]), quads)
    return quads


def runs_of_known(codes: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where runs of known bases start and stop, none of which crosses the end of a sequence.

    Examples
    --------
    >>> starts, stops = runs_of_known(np.array([0, 1, 4, 2, 3], np.uint8), np.array([0, 4, 5]))
    >>> starts.tolist(), stops.tolist()
    ([0, 3, 4], [2, 4, 5])
    """
    unknown = np.flatnonzero(codes > 3)
    starts = np.sort(np.concatenate([offsets[:-1], unknown + 1]), kind="stable")
    stops = np.sort(np.concatenate([offsets[1:], unknown]), kind="stable")
    some = stops > starts
    return starts[some], stops[some]


def _hits(block: MatrixBlock, text: _Text) -> Iterator[WindowHits]:
    """The hits of a block, a buffer at a time."""
    begin = 0
    while begin < len(text.codes):
        window, column, score = (np.empty(_ROOM, np.int64) for _ in range(3))
        n, begin = hits_of_block(
            block.tables, text.quads, text.codes, text.starts, text.stops, begin,
            block.widths, block.thresholds, block.scores, window, column, score,
        )  # fmt: skip
        yield WindowHits(window[:n], block.columns[column[:n]], score[:n])


def _chosen(found: WindowHits, chosen: np.ndarray) -> WindowHits:
    return WindowHits(*(part[chosen] for part in found))


def _joined(parts: Sequence[WindowHits]) -> WindowHits:
    nothing = np.empty(0, np.int64)
    return WindowHits(*map(np.concatenate, zip(WindowHits(nothing, nothing, nothing), *parts, strict=True)))
