"""Groups of sequences: linking those that share words, and dealing groups to parts."""

from __future__ import annotations

import numpy as np

from motifnet.kernels.compiling import compiled


@compiled
def link_words(words, owners, common, largest, parent, size):
    """Join the sequences that share a word, in a forest of sets (union-find).

    Each owner of a word is joined to the owner before it, so that time is linear in the words
    however common they are, and where a set is full the next owners begin another one.

    Parameters
    ----------
    words : numpy.ndarray of uint64, shape=(n_words,)
        Sorted.
    owners : numpy.ndarray of int32, shape=(n_words,)
        The sequence of each word, ascending within equal words.
    common : int
        Words of more sequences than this link nothing.
    largest : numpy.ndarray of int32, shape=(n_strata,)
        Sets do not grow beyond this many sequences of a stratum.
    parent : numpy.ndarray of int32, shape=(n,)
        The forest, updated in place: begin with ``arange(n)``.
    size : numpy.ndarray of int32, shape=(n, n_strata)
        Sequences of each stratum in the set of each root, updated in place: begin with a one in
        the column of each sequence's stratum.
    """
    start = 0
    while start < len(words):
        stop = start + 1
        n_owners = 1
        while stop < len(words) and words[stop] == words[start]:
            n_owners += owners[stop] != owners[stop - 1]
            stop += 1
        if 1 < n_owners <= common:
            for i in range(start + 1, stop):
                _join(owners[i - 1], owners[i], largest, parent, size)
        start = stop


@compiled
def _root(parent, i):
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def _join(one, other, largest, parent, size):
    one, other = _root(parent, one), _root(parent, other)
    if one == other:
        return
    n_one, n_other = 0, 0
    for s in range(len(largest)):
        if size[one, s] + size[other, s] > largest[s]:
            return
        n_one += size[one, s]
        n_other += size[other, s]
    if n_one < n_other:
        one, other = other, one
    parent[other] = one
    for s in range(len(largest)):
        size[one, s] += size[other, s]


@compiled
def number_sets(parent):
    """The number of each item's set, counted in order of first appearance, ``shape=(n,)``."""
    number = np.full(len(parent), -1, np.int64)
    group = np.empty(len(parent), np.int64)
    n_sets = 0
    for i in range(len(parent)):
        root = _root(parent, i)
        if number[root] < 0:
            number[root] = n_sets
            n_sets += 1
        group[i] = number[root]
    return group


def deal_groups(sizes, order, asked, part):
    """Deal groups to parts, each to where it is missed most.

    Parameters
    ----------
    sizes : numpy.ndarray of float64, shape=(n_groups, n_strata)
        How many sequences of each stratum (a kind that should be spread evenly) a group has.
    order : numpy.ndarray of int64, shape=(n_free,)
        The groups to deal, in order.
    asked : numpy.ndarray of float64, shape=(n_parts, n_strata)
        Sequences that each part should still get; a part that asks for nothing gets nothing.
    part : numpy.ndarray of uint8, shape=(n_groups,)
        Filled for the groups of ``order``.

    Notes
    -----
    What is missed is weighted by the share of the stratum that the group holds. The last
    groups go to the parts that are still empty, so that no part stays so.
    """
    empty = asked.sum(1) > 0
    # Array expressions stay out of the compiled loop: they would take it seconds to compile.
    _deal(sizes, order, asked.copy(), np.maximum(asked.sum(0), 1e-9), empty, empty.copy(), part)


@compiled
def _deal(sizes, order, missing, total, empty, open_parts, part):
    """Deal as :func:`deal_groups` says; ``missing`` and ``empty`` are worked on."""
    n_parts, n_strata = missing.shape
    n_empty = 0
    for p in range(n_parts):
        n_empty += empty[p]
    for i in range(len(order)):
        group = order[i]
        forced = len(order) - i <= n_empty
        best, most = -1, -np.inf
        for p in range(n_parts):
            if not open_parts[p] or (forced and not empty[p]):
                continue
            worth = 0.0
            for s in range(n_strata):
                worth += sizes[group, s] / total[s] * missing[p, s] / total[s]
            if worth > most:
                best, most = p, worth
        part[group] = best
        n_empty -= empty[best]
        empty[best] = False
        for s in range(n_strata):
            missing[best, s] -= sizes[group, s]
