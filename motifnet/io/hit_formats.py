"""What a file format of hits is, and the formats: BED, narrowPeak, GFF3, a table, bedGraph.

A format turns hits, which come in order, into lines. It registers itself in :data:`HIT_FORMATS`; nothing
else needs to know of it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import log10
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from motifnet.errors import InvalidValue
from motifnet.io.tabix import BED_COLUMNS, Columns
from motifnet.registry import Registry

FIMO_COLUMNS = (
    "motif_id", "motif_alt_id", "sequence_name", "start", "stop", "strand", "score", "p-value", "q-value",
    "matched_sequence",
)  # fmt: skip
"""Columns of the table of hits: those of FIMO."""

_MOST = 1000  # largest score of a BED line
_KEPT = 1 << 16  # scores whose numbers are kept as text: more than a hundred motifs have
_SMALLEST = 1e-300  # p-value that a logarithm is taken of at least
_ALLOWED = " :/()+|*.[]-_"  # what a value of GFF3 may hold besides letters and digits


class PlacedHit(NamedTuple):
    """A hit as it is written.

    Parameters
    ----------
    contig : str
    start, end : int
        0-based, half-open.
    name, alt_name : str
        Of the motif.
    strand : {"+", "-"}
    score : float
        Log-odds in bits.
    p_value : float
    q_value : float
        NaN for formats that have no use for it.
    word : str
        The bases, in the orientation of the motif; empty for formats that have no use for them.
    motif : int
        Number of the motif, from 0, among those that are looked for: several may have one name.
    """

    contig: str
    start: int
    end: int
    name: str
    alt_name: str
    strand: str
    score: float
    p_value: float
    q_value: float
    word: str
    motif: int


@dataclass(frozen=True)
class HitFormat:
    """A file format of hits.

    Parameters
    ----------
    suffixes : tuple of str
        The endings of its files.
    render : callable
        Hits, in order, as lines without their ends.
    columns : Columns
        Where the lines tell their places, for an index.
    header : tuple of str
        Lines before the first hit.
    has_q_values, has_words : bool
        Whether it tells these.
    """

    suffixes: tuple[str, ...]
    render: Callable[[Iterable[PlacedHit]], Iterator[str]]
    columns: Columns
    header: tuple[str, ...] = ()
    has_q_values: bool = False
    has_words: bool = False


HIT_FORMATS: Registry[HitFormat] = Registry("hit format")
"""Formats by name."""


def hit_format_of(path: str | Path) -> str:
    """The name of the format that a file to be written has by its ending.

    Raises
    ------
    InvalidValue
        If no format has that ending.

    Examples
    --------
    >>> hit_format_of("hits.bed.gz"), hit_format_of("hits.gff")
    ('bed', 'gff3')
    """
    suffix = Path(str(path).removesuffix(".gz")).suffix.lower()
    for name in HIT_FORMATS:
        if suffix in HIT_FORMATS[name].suffixes:
            return name
    known = ", ".join(HIT_FORMATS[name].suffixes[0] for name in HIT_FORMATS)
    raise InvalidValue("ending of the output", suffix, f"one of {known}, or a --format")


def rendered(name: str, hits: Iterable[PlacedHit]) -> Iterator[str]:
    """The lines of a file, without their ends.

    Examples
    --------
    >>> hit = PlacedHit("chr1", 9, 13, "GATA", "", "-", 8.0, 0.00390625, 0.5, "GATA", 0)
    >>> list(rendered("bed", [hit]))
    ['chr1\\t9\\t13\\tGATA\\t24\\t-\\t8.0000\\t0.00391']
    """
    format = HIT_FORMATS[name]
    yield from format.header
    yield from format.render(hits)


def _bed(hits: Iterable[PlacedHit]) -> Iterator[str]:
    for contig, start, end, name, _, strand, score, p_value, _, _, _ in hits:
        yield f"{contig}\t{start}\t{end}\t{name}{_bed_rest(strand, score, p_value)}"


# Many hits have one score: writing the numbers takes longer than all else that is done with a hit.
@lru_cache(_KEPT)
def _bed_rest(strand: str, score: float, p_value: float) -> str:
    return f"\t{_bed_score(p_value)}\t{strand}\t{score:.4f}\t{p_value:.3g}"


def _narrow_peak(hits: Iterable[PlacedHit]) -> Iterator[str]:
    for contig, start, end, name, _, strand, score, p_value, q_value, _, _ in hits:
        rest = _narrow_peak_rest(strand, score, p_value, q_value)
        yield f"{contig}\t{start}\t{end}\t{name}{rest}\t{(end - start) // 2}"


@lru_cache(_KEPT)
def _narrow_peak_rest(strand: str, score: float, p_value: float, q_value: float) -> str:
    logs = f"{_minus_log10(p_value):.4f}\t{_minus_log10(q_value):.4f}"
    return f"\t{_bed_score(p_value)}\t{strand}\t{score:.4f}\t{logs}"


def _gff3(hits: Iterable[PlacedHit]) -> Iterator[str]:
    for hit in hits:
        alias = f"Alias={_escaped(hit.alt_name)};" if hit.alt_name else ""
        yield (
            f"{_escaped(hit.contig)}\tmotifnet\tTF_binding_site\t{hit.start + 1}\t{hit.end}\t{hit.score:.4f}"
            f"\t{hit.strand}\t.\tName={_escaped(hit.name)};{alias}p_value={hit.p_value:.3g};"
            f"q_value={hit.q_value:.3g};sequence={hit.word}"
        )


def _table(hits: Iterable[PlacedHit]) -> Iterator[str]:
    for contig, start, end, name, alt_name, strand, score, p_value, q_value, word, _ in hits:
        numbers = _table_numbers(score, p_value, q_value)
        yield f"{name}\t{alt_name}\t{contig}\t{start + 1}\t{end}\t{strand}{numbers}\t{word}"


@lru_cache(_KEPT)
def _table_numbers(score: float, p_value: float, q_value: float) -> str:
    return f"\t{score:.6g}\t{p_value:.3g}\t{q_value:.3g}"


def _bedgraph(hits: Iterable[PlacedHit]) -> Iterator[str]:
    """At each base, -log10 of the smallest p-value of a hit that covers it."""
    for contig, of_contig in groupby(hits, lambda hit: hit.contig):
        for start, end, value in highest(
            (hit.start, hit.end, _minus_log10(hit.p_value)) for hit in of_contig
        ):
            yield f"{contig}\t{start}\t{end}\t{value:.3f}"


def highest(stretches: Iterable[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """The largest value at each base that stretches cover, as stretches that do not overlap.

    Parameters
    ----------
    stretches : iterable of tuple
        Start, end and value, by start.

    Examples
    --------
    >>> list(highest([(0, 5, 1.0), (3, 9, 2.0), (4, 6, 1.0)]))
    [(0, 3, 1.0), (3, 9, 2.0)]
    """
    covering: list[tuple[float, int]] = []  # what covers the base that was reached: -value and end
    begin, value = 0, 0.0
    for start, end, height in stretches:
        for at, after in _settled(covering, start):
            if value:
                yield begin, at, value
            begin, value = at, after
        heapq.heappush(covering, (-height, end))
        if height > value:
            if value and begin < start:
                yield begin, start, value
            begin, value = start, height
    for at, after in _settled(covering, None):
        if value:
            yield begin, at, value
        begin, value = at, after


def _settled(covering: list[tuple[float, int]], until: int | None) -> Iterator[tuple[int, float]]:
    """Where the largest value falls before a place, and to what; ``None`` is the end."""
    while covering and (until is None or covering[0][1] <= until):
        height, at = heapq.heappop(covering)
        while covering and covering[0][1] <= at:
            heapq.heappop(covering)
        after = -covering[0][0] if covering else 0.0
        if after != -height:
            yield at, after


def _bed_score(p_value: float) -> int:
    return min(round(10 * _minus_log10(p_value)), _MOST)


def _minus_log10(p_value: float) -> float:
    return abs(log10(max(p_value, _SMALLEST)))  # of 1 it is 0, not -0


def _escaped(text: str) -> str:
    return quote(text, safe=_ALLOWED)


def _registered(name: str, suffixes: Sequence[str], render: Callable, columns: Columns, **more: Any) -> None:
    HIT_FORMATS.register(name)(HitFormat(tuple(suffixes), render, columns, **more))


_registered("bed", [".bed"], _bed, BED_COLUMNS)
_registered("narrowpeak", [".narrowpeak"], _narrow_peak, BED_COLUMNS, has_q_values=True)
_registered(
    "gff3", [".gff3", ".gff"], _gff3, Columns(1, 4, 5, is_zero_based=False), header=("##gff-version 3",),
    has_q_values=True, has_words=True,
)  # fmt: skip
_registered(
    "tsv", [".tsv", ".txt"], _table, Columns(3, 4, 5, is_zero_based=False, n_skipped=1),
    header=("\t".join(FIMO_COLUMNS),), has_q_values=True, has_words=True,
)  # fmt: skip
_registered("bedgraph", [".bedgraph", ".bdg"], _bedgraph, BED_COLUMNS)
