"""A trained network slid along a genome: a score for every stretch, and the sites where it is high."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import torch

from motifnet.io.genome import Genome
from motifnet.io.tracks import Segments, TrackSite
from motifnet.models.network import Network
from motifnet.symbols import UNKNOWN, Interval

_AT_ONCE = 1 << 20  # bases read at once: a megabyte of codes
_MOST_UNKNOWN = 0.5  # share of unknown bases of a window, beyond which it has no score: a convention


class Window(NamedTuple):
    """How a network is slid along.

    Parameters
    ----------
    length : int
        Bases that it sees at once.
    stride : int
        Bases from one window to the next; the last one of a contig ends with it.
    """

    length: int
    stride: int


def track(
    model: Network,
    genome: Genome,
    contig: str,
    window: Window,
    *,
    task: int = 0,
    batch_size: int = 512,
    mask_lowercase: bool = False,
) -> Iterator[Segments]:
    """The logits of windows along a contig.

    The score of a window is that of the bases which are nearer to its middle than to that of any
    other. Windows of which more than half is unknown have none, and their bases are left out.

    Parameters
    ----------
    model : Network
        On any device, in evaluation mode.
    genome : Genome
    contig : str
    window : Window
    task : int
        Which output is the score, from 0.
    batch_size : int
        Windows that the network takes at once.
    mask_lowercase : bool
        Read soft-masked (lower-case) bases as unknown.
    """
    size = genome.contigs[contig]
    starts = window_starts(size, window)
    edges = segment_edges(starts, size, window)
    at_once = max(_AT_ONCE // window.stride, 1)
    for first in range(0, len(starts), at_once):
        some = starts[first : first + at_once]
        low, high = int(some[0]), min(int(some[-1]) + window.length, size)
        codes = genome.stretch(contig, low, high, mask_lowercase=mask_lowercase)
        places = some[:, None] - low + np.arange(min(window.length, size))
        score = _logits(model, codes, places, task, batch_size)
        known = np.isfinite(score)
        begin, end = edges[first : first + len(some)], edges[first + 1 : first + len(some) + 1]
        yield Segments(contig, begin[known], end[known], score[known])


def window_starts(size: int, window: Window) -> np.ndarray:
    """Where windows begin on a contig of so many bases, ``shape=(n,)``: one at least.

    Examples
    --------
    >>> window_starts(25, Window(length=10, stride=6)).tolist()
    [0, 6, 12, 15]
    """
    last = max(size - window.length, 0)
    return np.unique(np.append(np.arange(0, last + 1, window.stride), last))


def segment_edges(starts: np.ndarray, size: int, window: Window) -> np.ndarray:
    """Where the bases of each window begin, and those of the last end, ``shape=(n + 1,)``.

    Examples
    --------
    >>> segment_edges(np.array([0, 6, 12, 15]), 25, Window(length=10, stride=6)).tolist()
    [0, 8, 14, 18, 25]
    """
    middle = starts + window.length // 2
    return np.concatenate([[0], (middle[:-1] + middle[1:]) // 2, [size]])


def track_sites(parts: Iterable[Segments], threshold: float) -> Iterator[TrackSite]:
    """Stretches whose score is nowhere below a threshold.

    Parameters
    ----------
    parts : iterable of Segments
        In order.
    threshold : float

    Examples
    --------
    >>> part = Segments("chr1", np.array([0, 8, 14]), np.array([8, 14, 20]), np.array([1.0, 3.0, -1.0]))
    >>> list(track_sites([part], 0.5))
    [TrackSite(where=Interval(chrom='chr1', start=0, end=14, strand='.'), score=3.0, summit=11)]
    """
    waiting: TrackSite | None = None
    for one in _high(parts, threshold):
        if waiting is None or (one.where.chrom, one.where.start) != (waiting.where.chrom, waiting.where.end):
            if waiting is not None:
                yield waiting
            waiting = one
        else:
            waiting = _united(waiting, one)
    if waiting is not None:
        yield waiting


def _high(parts: Iterable[Segments], threshold: float) -> Iterator[TrackSite]:
    """Each segment that reaches the threshold."""
    for part in parts:
        for i in np.flatnonzero(part.score >= threshold).tolist():
            start, end = int(part.start[i]), int(part.end[i])
            yield TrackSite(Interval(part.contig, start, end), float(part.score[i]), (end - start) // 2)


def _united(site: TrackSite, following: TrackSite) -> TrackSite:
    whole = site.where._replace(end=following.where.end)
    if site.score >= following.score:
        return site._replace(where=whole)
    return TrackSite(whole, following.score, following.where.start - whole.start + following.summit)


def _logits(model: Network, codes: np.ndarray, places: np.ndarray, task: int, batch_size: int) -> np.ndarray:
    """The logit of each window, ``shape=(n,)``; NaN where too much is unknown."""
    found = np.full(len(places), np.nan, np.float32)
    unknown = np.concatenate([[0], np.cumsum(codes >= UNKNOWN)])
    share = (unknown[places[:, -1] + 1] - unknown[places[:, 0]]) / places.shape[1]
    chosen = np.flatnonzero(share <= _MOST_UNKNOWN)
    for first in range(0, len(chosen), batch_size):
        some = chosen[first : first + batch_size]
        found[some] = _of_batch(model, codes[places[some]])[:, task]
    return found


@torch.no_grad()
def _of_batch(model: Network, codes: np.ndarray) -> np.ndarray:
    """Logits of windows, ``(batch, n_tasks)``, with unknown bases around each, as in training."""
    margin = model.width // 2
    padded = np.pad(codes, ((0, 0), (margin, margin)), constant_values=UNKNOWN)
    device = next(model.parameters()).device
    lengths = torch.full((len(padded),), padded.shape[1], device=device)
    return model(torch.from_numpy(padded).to(device), lengths).float().cpu().numpy()
