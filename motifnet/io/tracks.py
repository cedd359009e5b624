"""Tracks of scores along a genome: bedGraph, and bigWig where pyBigWig is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import MissingExtra
from motifnet.io.hit_files import write_lines
from motifnet.io.tabix import BED_COLUMNS
from motifnet.io.text import atomic_path


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


def big_wig_library():
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
