"""Motifs that are found together as a tab-separated table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from motifnet.report.tables.tsv import six_digits, tab_separated
from motifnet.wording import power

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult
    from motifnet.motifs.companion import Companion, Neighbour

_COUNTS: Mapping[str, Callable[[Companion], object]] = {
    "second": lambda one: one.name,
    "n_targets": lambda one: one.together.n_sequences,
    "with_first": lambda one: one.together.n_first,
    "with_second": lambda one: one.together.n_second,
    "with_both": lambda one: one.together.n_both,
    "expected_both": lambda one: six_digits(one.together.expected),
    "p_more": lambda one: power(one.together.log10_p_more),
    "p_fewer": lambda one: power(one.together.log10_p_fewer),
    "e_both": lambda one: power(one.together_log10_e),
}
_PLACE: Mapping[str, Callable[[Neighbour], object]] = {
    "gap": lambda place: place.gap,
    "side": lambda place: "downstream" if place.downstream else "upstream",
    "strands": lambda place: "same" if place.same_strand else "opposite",
    "sites": lambda place: place.n_here,
    "sites_around": lambda place: place.n_near,
    "expected_sites": lambda place: six_digits(place.expected),
    "p_place": lambda place: power(place.log10_p),
}


def companions_tsv(result: RunResult) -> str:
    """One row for each pair of significant motifs of a task, the better motif first.

    Parameters
    ----------
    result : RunResult
        What a run found.

    Returns
    -------
    str
        A table with a header line, which is all where there is no pair. What is said of a place is empty
        where no site of the second motif lies around one of the first.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.datasets.compose import Composition
    >>> from motifnet.discovery.results import RunResult
    >>> none, even = np.zeros(0), np.full(4, 0.25)
    >>> data = Composition(("peaks",), {"peaks": 0}, {}, 0, "none", "none", (), none, none, none, none, even)
    >>> result = RunResult("nothing", data, (), (), (), (), "Nothing was evaluated.")
    >>> companions_tsv(result).split("\\t")[:3]
    ['task', 'first', 'second']
    """
    return tab_separated(["task", "first", *_COUNTS, *_PLACE, "e_place"], _rows(result))


def _rows(result: RunResult) -> Iterator[list[object]]:
    rank_of = {found.motif.name: rank for rank, found in enumerate(result.motifs)}
    for rank, found in enumerate(result.motifs):
        for one in found.companions:
            if rank < rank_of[one.name]:
                counts = [cell(one) for cell in _COUNTS.values()]
                place = [cell(one.neighbour) if one.neighbour else "" for cell in _PLACE.values()]
                e_value = power(one.neighbour_log10_e) if one.neighbour else ""
                yield [found.task, found.motif.name, *counts, *place, e_value]
