"""Sites of one motif that come in clusters and may overlap: sums over all paths through places of sites.

A path goes from place to place; what lies between is background. Places whose odds are too small to matter
are left out by the caller, so that few are left. They fall into runs that are too far apart to know of each
other, and each run is summed by itself. Sums are logarithms: in a run of many sites they would overflow.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.kernels.compiling import compiled

_CONTEXT = 3  # bases before a base that the background may look back at
_NEVER = -1e300  # logarithm of no chance: finite, so that sums and differences of such are numbers


class SitePlaces(NamedTuple):
    """Where sites may be, by start.

    Attributes
    ----------
    begin : numpy.ndarray of int64, shape=(n,)
        Where the sequence of each begins among all codes.
    start : numpy.ndarray of int64, shape=(n,)
        Where the site starts among all codes.
    strand : numpy.ndarray of int64, shape=(n,)
    log_odds : numpy.ndarray, shape=(n,)
        Of its bases as a site against as background, in nats.
    """

    begin: np.ndarray
    start: np.ndarray
    strand: np.ndarray
    log_odds: np.ndarray


class ClusterWeights(NamedTuple):
    """What paths weigh, in logarithms.

    Attributes
    ----------
    width : int
    fresh : float
        Of a site on one strand where nothing is, against a base of background.
    stay : float
        Of a base of background between clusters.
    last : float
        That no other site follows.
    follows : numpy.ndarray, shape=(2, most + 1)
        That one follows on the same strand and on the other one, by the distance of starts, of which 0 is
        not used.
    shared : numpy.ndarray, shape=(n_strands, n_strands, width, width)
        Sum over bases of what two states emit together over the background: of the strands of both sites,
        their distance, and the column of the second.
    context : numpy.ndarray, shape=(625,)
        Of a base after the three before it, over the base by itself.
    """

    width: int
    fresh: float
    stay: float
    last: float
    follows: np.ndarray
    shared: np.ndarray
    context: np.ndarray


class ClusterSums(NamedTuple):
    """What is summed over all paths.

    Attributes
    ----------
    posterior : numpy.ndarray, shape=(n,)
        Probability of a site at each place.
    gains : numpy.ndarray, shape=(n,)
        Logarithm of all paths over that without a site: of a run, at its first place, and 0 elsewhere.
    """

    posterior: np.ndarray
    gains: np.ndarray


class RunPairs(NamedTuple):
    """The places of a run that may follow each other.

    Attributes
    ----------
    first : numpy.ndarray of int64, shape=(n + 1,)
        Pairs ``first[j]`` to ``first[j + 1] - 1`` end in place ``j``.
    earlier : numpy.ndarray of int64, shape=(n_pairs,)
        The place they begin in.
    weight : numpy.ndarray, shape=(n_pairs,)
        Of the second site and all that is emitted since the start of the first, over that as background.
    """

    first: np.ndarray
    earlier: np.ndarray
    weight: np.ndarray


@compiled
def cluster_sums(codes, places, weights):
    """Sums over all paths: see :class:`ClusterSums`.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
        All sequences end to end; 4 is unknown.
    places : SitePlaces
    weights : ClusterWeights
    """
    n, reach = len(places.start), max(weights.width, weights.follows.shape[1] - 1)
    posterior, gains, first = np.zeros(n), np.zeros(n), 0
    while first < n:
        last = first + 1
        while (
            last < n
            and places.begin[last] == places.begin[first]
            and places.start[last] - places.start[last - 1] <= reach
        ):
            last += 1
        gains[first] = _sum_run(codes, places, first, last, weights, posterior)
        first = last
    return ClusterSums(posterior, gains)


@compiled
def _sum_run(codes, places, first, last, weights, posterior):
    """Find the posterior probabilities of a run; returns its gain.

    A base is in two sites at most. So a site that overlaps the one before knows by how much, and has a sum of
    its own for each pair; one that does not has one sum, ``apart``.
    """
    start, width, n = places.start[first:last], weights.width, last - first
    pairs = _pairs_of(codes, places, first, last, weights)
    begin = places.log_odds[first:last] + weights.fresh
    end = weights.last - width * weights.stay
    free, to = _forward(start, begin, pairs, end, width)
    from_apart, from_pair = _backward(start, begin, pairs, end, width, weights.follows.shape[1] - 1)
    for j in range(n):
        chance = math.exp(free[j] + begin[j] + from_apart[j] - free[n])
        for p in range(pairs.first[j], pairs.first[j + 1]):
            overlaps = start[j] - start[pairs.earlier[p]] < width
            chance += math.exp(to[p] + (from_pair[p] if overlaps else from_apart[j]) - free[n])
        posterior[first + j] = chance
    return free[n]


@compiled
def _pairs_of(codes, places, first, last, weights):
    start, most, n = places.start[first:last], weights.follows.shape[1] - 1, last - first
    firsts, i, n_pairs = np.zeros(n + 1, np.int64), 0, 0
    for j in range(n):
        while start[j] - start[i] > most:
            i += 1
        earlier = i
        while start[earlier] < start[j]:
            n_pairs += 1
            earlier += 1
        firsts[j + 1] = n_pairs
    begins, weight = np.empty(n_pairs, np.int64), np.empty(n_pairs)
    for j in range(n):
        for p in range(firsts[j], firsts[j + 1]):
            # All that start before it and near enough are next to each other, up to the first of its start.
            i = _first_of_start(start, j) - (firsts[j + 1] - p)
            begins[p] = i
            weight[p] = _weight_of_pair(codes, places, first + i, first + j, weights)
    return RunPairs(firsts, begins, weight)


@compiled
def _first_of_start(start, j):
    while j > 0 and start[j - 1] == start[j]:
        j -= 1
    return j


@compiled
def _weight_of_pair(codes, places, i, j, weights):
    """Of a site at place ``j`` that follows one at ``i``, with what both emit together where they overlap."""
    one, other, distance = places.strand[i], places.strand[j], places.start[j] - places.start[i]
    is_other = 0 if one == other else 1
    weight = weights.follows[is_other, distance] + places.log_odds[j] - distance * weights.stay
    for column in range(weights.width - distance):
        at = places.start[j] + column
        if codes[at] < 4:
            word = 0
            for back in range(_CONTEXT, -1, -1):
                word = word * 5 + (codes[at - back] if at - back >= places.begin[j] else 4)
            weight += weights.context[word] - weights.shared[one, other, distance, column]
    return weight


@compiled
def _forward(start, begin, pairs, end, width):
    """Sums over the paths to each place.

    Returns
    -------
    free : numpy.ndarray, shape=(n + 1,)
        To the point before each place, where nothing is, and to the end of the run.
    to : numpy.ndarray, shape=(n_pairs,)
        With a site at the second place of each pair that follows the one at the first.
    """
    n = len(start)
    free, to = np.zeros(n + 1), np.empty(len(pairs.weight))
    # With a site at each place that does not overlap the one before it, and with any.
    apart, any_way = np.zeros(n), np.zeros(n)
    # The same with one that does, and that starts where the first of a pair does or before.
    overlapping = np.empty(len(pairs.weight))
    total, ended = 0.0, 0
    for j in range(n):
        while start[ended] + width <= start[j]:
            total = _added(total, any_way[ended] + end)
            ended += 1
        free[j] = total
        apart[j], any_overlapping = total + begin[j], _NEVER
        for p in range(pairs.first[j], pairs.first[j + 1]):
            i = pairs.earlier[p]
            if start[j] - start[i] >= width:
                to[p] = any_way[i] + pairs.weight[p]
                apart[j] = _added(apart[j], to[p])
            else:
                before, q = apart[i], _last_from(start, pairs, i, start[j] - width)
                if q >= pairs.first[i] and start[i] - start[pairs.earlier[q]] < width:
                    before = _added(before, overlapping[q])
                to[p] = before + pairs.weight[p]
                any_overlapping = _added(any_overlapping, to[p])
                overlapping[p] = any_overlapping
        any_way[j] = _added(apart[j], any_overlapping)
    while ended < n:
        total = _added(total, any_way[ended] + end)
        ended += 1
    free[n] = total
    return free, to


@compiled
def _last_from(start, pairs, i, most):
    """The last of the pairs that end in a place of which the first starts at ``most`` or before.

    Where there is none, it is the one before the first of them.
    """
    low, high = pairs.first[i], pairs.first[i + 1]
    while low < high:
        middle = (low + high) // 2
        if start[pairs.earlier[middle]] <= most:
            low = middle + 1
        else:
            high = middle
    return low - 1


@compiled
def _backward(start, begin, pairs, end, width, most):
    """Sums over the paths from each place on.

    Returns
    -------
    from_apart : numpy.ndarray, shape=(n,)
        From a site at each place that does not overlap the one before it.
    from_pair : numpy.ndarray, shape=(n_pairs,)
        From the second site of each pair, if both overlap.
    """
    n = len(start)
    onward = np.zeros(n + 1)  # from a point behind the place before each, where nothing is
    from_apart, from_pair = np.empty(n), np.empty(len(pairs.weight))
    behind = last = (
        n  # the first places that start where the site at hand has ended, and too far to follow it
    )
    for i in range(n - 1, -1, -1):
        while start[behind - 1] >= start[i] + width:
            behind -= 1
        while start[last - 1] > start[i] + most:
            last -= 1
        total, q, j = end + onward[behind], pairs.first[i + 1] - 1, last - 1
        # Those that follow are added from the last one on, and what comes before the site is told its sum
        # once all are in that start where it has ended.
        while j > i and start[j] > start[i]:
            while _overlaps(start, pairs, q, i, width) and start[j] < start[pairs.earlier[q]] + width:
                from_pair[q] = total
                q -= 1
            p = pairs.first[j] + i - pairs.earlier[pairs.first[j]]
            ahead = from_pair[p] if start[j] - start[i] < width else from_apart[j]
            total = _added(total, pairs.weight[p] + ahead)
            j -= 1
        while _overlaps(start, pairs, q, i, width):
            from_pair[q] = total
            q -= 1
        from_apart[i] = total
        onward[i] = _added(onward[i + 1], begin[i] + from_apart[i])
    return from_apart, from_pair


@compiled
def _overlaps(start, pairs, q, i, width):
    """Whether a number is that of a pair that ends in a place, and its sites overlap."""
    return q >= pairs.first[i] and start[i] - start[pairs.earlier[q]] < width


@compiled
def _added(one, other):
    """Logarithm of the sum of two numbers that are given by theirs."""
    if one < other:
        one, other = other, one
    return one + math.log1p(math.exp(other - one))
