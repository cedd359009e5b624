"""Scores along a genome: tracks as bedGraph, and bigWig where pyBigWig is installed; sites as BED."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np

from motifnet.errors import MissingExtra
from motifnet.io.hit_files import write_lines
from motifnet.io.tabix import BED_COLUMNS
from motifnet.io.text import atomic_path
from motifnet.symbols import Interval

_LEAST = -700.0  # logit whose exponential is finite


class Segments(NamedTuple):
    """Stretches of a contig, each with a score.

    Parameters
    ----------
    contig : str
    start, end : numpy.ndarray of int64, shape=(n,)
        0-based, half-open; in order, without overlaps.
    score : numpy.ndarray of float32, shape=(n,)
    """

    contig: str
    start: np.ndarray
    end: np.ndarray
    score: np.ndarray


class TrackSite(NamedTuple):
    """Where the score of a network stays high.

    Parameters
    ----------
    where : Interval
    score : float
        The largest, a logit.
    summit : int
        Middle of the stretch that has it, from the start of the site.
    """

    where: Interval
    score: float
    summit: int


def bedgraph_lines(parts: Iterable[Segments]) -> Iterator[str]:
    """Segments as lines of bedGraph, without their ends.

    Examples
    --------
    >>> list(bedgraph_lines([Segments("chr1", np.array([0]), np.array([8]), np.array([0.5]))]))
    ['chr1\\t0\\t8\\t0.5']
    """
    for part in parts:
        for start, end, score in zip(
            part.start.tolist(), part.end.tolist(), part.score.tolist(), strict=True
        ):
            yield f"{part.contig}\t{start}\t{end}\t{score:.5g}"


def site_lines(found: Iterable[TrackSite], *, narrow: bool = False) -> Iterator[str]:
    """Sites as lines of BED, with the logit in column 7, or of narrowPeak, without their ends.

    The score is 1,000 times the probability where targets and controls are equally frequent.

    Parameters
    ----------
    found : iterable of TrackSite
        In the order of their places.
    narrow : bool
        Write narrowPeak, whose last column is the summit.

    Examples
    --------
    >>> list(site_lines([TrackSite(Interval("chr1", 50, 90), 2.0, 17)], narrow=True))
    ['chr1\\t50\\t90\\tsite_1\\t881\\t.\\t2.0000\\t-1\\t-1\\t17']
    """
    for number, site in enumerate(found, 1):
        score = round(1000 / (1 + math.exp(-max(site.score, _LEAST))))
        more = f"\t-1\t-1\t{site.summit}" if narrow else ""
        chrom, start, end, strand = site.where
        yield f"{chrom}\t{start}\t{end}\tsite_{number}\t{score}\t{strand}\t{site.score:.4f}{more}"


def write_bedgraph(path: str | Path, parts: Iterable[Segments], *, index: bool = False) -> None:
    """Write a track as bedGraph: see :func:`~motifnet.io.hit_files.write_lines`."""
    write_lines(path, bedgraph_lines(parts), BED_COLUMNS, index=index)


def write_bigwig(path: str | Path, contigs: Mapping[str, int], parts: Iterable[Segments]) -> None:
    """Write a track as bigWig.

    Parameters
    ----------
    path : str or Path
    contigs : mapping of str to int
        Their lengths, in order.
    parts : iterable of Segments
        In that order.

    Raises
    ------
    MissingExtra
        If pyBigWig is not installed.
    """
    library = big_wig_library()
    with atomic_path(path) as temporary, library.open(str(temporary), "w") as file:
        file.addHeader(list(contigs.items()))
        for part in parts:
            if len(part.start):
                names = [part.contig] * len(part.start)
                values = part.score.astype(np.float64).tolist()
                file.addEntries(names, part.start.tolist(), ends=part.end.tolist(), values=values)


def big_wig_library() -> ModuleType:
    """The package that writes bigWig.

    Raises
    ------
    MissingExtra
        If it is not installed.
    """
    try:
        import pyBigWig
    except ImportError as problem:
        raise MissingExtra("pyBigWig", "bigwig", "a track as bigWig") from problem
    return pyBigWig
