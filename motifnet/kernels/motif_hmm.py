"""Forward, backward and best path of an HMM whose motifs are chains between stretches of background.

A chain of a motif is passed through from its first state to its last, so the model is a renewal
process: at each point between two bases it either emits one base of the background or a whole
site. With likelihoods relative to that of background alone, the sum over all paths to a point obeys

    forward[t] = forward[t - 1] + sum over motifs and strands of odds[t - width] * forward[t - width]

which costs the same for every width. Here ``odds[s]`` is the weight of a site times the odds of
the bases from ``s`` on. No term is negative: nothing underflows, and what grows is divided by
powers of two, which is exact.

The odds of a window are a product of a few look-ups, of words of four letters in base five: A, C,
G, T and unknown. An unknown base is missing: it has odds 1 in every state, and a site may cover
it. Sites lie wholly inside of their sequence. A base of the background depends on the bases
before it, as far as they are known, whichever states emitted those.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from motifnet.kernels import threads

WORD = 4
"""Letters of a word: a base, and as many before it as a background of order 3 looks back at."""

_LETTERS = 5
_BLOCK = 1 << 13  # bases whose odds are kept at once
_TASK = 1 << 20  # bases of the sequences that a thread takes at once
_CELL = 16  # bases between two looks at the scale, at most
_LARGE = 2.0**100  # sums are rescaled from here on
_FIRST_HITS = 1 << 10
_STRETCH = 64  # bases looked through at once for a hit
_LOOKED_UP = 3  # tables looked up in one pass, so that a motif has so many at least
_FEW_SITES = 1e-3  # expected number of sites of a motif that hardly ever has two
_NEGLIGIBLE = 1e-6  # probability of no site, beside that of one or more


class Chains(NamedTuple):
    """Motifs as look-up tables.

    Parameters
    ----------
    widths : numpy.ndarray of int64, shape=(n_motifs,)
    first : numpy.ndarray of int64, shape=(n_motifs + 1,)
        Tables ``first[m]`` to ``first[m + 1] - 1`` are those of motif ``m``.
    tables : numpy.ndarray, shape=(n_strands, n_tables, 625)
        Odds of each word in four states of a motif, over independent bases.
    context : numpy.ndarray, shape=(625,)
        Probability of the last base of each word by itself, over that after the three before it.
    """

    widths: np.ndarray
    first: np.ndarray
    tables: np.ndarray
    context: np.ndarray


class Sums(NamedTuple):
    """What is summed over all paths.

    Parameters
    ----------
    log_odds : numpy.ndarray, shape=(n,)
        Log-likelihood of each sequence less that under background alone, in nats, up to the
        constant factor that the caller has taken out of all paths.
    n_sites : numpy.ndarray, shape=(n, n_motifs)
        Expected number of sites.
    present : numpy.ndarray, shape=(n, n_motifs)
        Probability of at least one site, or with any number of sites 0 if it was not asked for.
        Those above 1 - 1e-6 may be given as 1. Where 1e-3 sites or less are expected, their
        number is given: it is never too small, and too large by about 1e-6 at most unless
        sites of the motif cluster.
    words : numpy.ndarray, shape=(n_strands, n_tables, 625)
        Expected number of times that each look-up was of a site; zero unless asked for.
    hits : Hits
        Sites whose posterior probability, of both strands together, reaches the threshold; or
        those that are marked.
    """

    log_odds: np.ndarray
    n_sites: np.ndarray
    present: np.ndarray
    words: np.ndarray
    hits: Hits


class Hits(NamedTuple):
    """Sites, by sequence and start.

    Parameters
    ----------
    sequence, start, motif, strand : numpy.ndarray of int64, shape=(n_hits,)
        The strand is the likelier, or that of the mark.
    posterior : numpy.ndarray, shape=(n_hits, n_strands)
        Probability of a site that starts here, on each strand.
    """

    sequence: np.ndarray
    start: np.ndarray
    motif: np.ndarray
    strand: np.ndarray
    posterior: np.ndarray


def chains(emissions: Sequence[np.ndarray], independent: np.ndarray, conditional: np.ndarray) -> Chains:
    """The look-up tables of motifs.

    Parameters
    ----------
    emissions : sequence of numpy.ndarray, shape=(n_strands, width, 4)
        Probability of each base in each state of each motif, in the order of the sequence: the
        second row is a site on the reverse strand.
    independent : numpy.ndarray, shape=(4,)
        Probability of each base of the background by itself.
    conditional : numpy.ndarray, shape=(5, 5, 5, 5)
        Probability of the last base after the three before it, of which 4 is unknown.
    """
    tables = [_word_tables(one / independent) for one in emissions]
    context = np.ones(conditional.shape)
    context[..., :4] = independent / conditional[..., :4]
    return Chains(
        np.array([one.shape[1] for one in emissions]),
        np.cumsum([0, *(one.shape[1] for one in tables)]),
        np.ascontiguousarray(np.concatenate(tables, axis=1)),
        np.ascontiguousarray(context.ravel()),
    )


def _word_tables(odds: np.ndarray) -> np.ndarray:
    """Odds of the words in each four columns, ``shape=(n_strands, n_tables, 625)``."""
    n_strands, width, _ = odds.shape
    n_tables = max(_LOOKED_UP, -(-width // WORD))
    padded = np.ones((n_strands, n_tables * WORD, _LETTERS))
    padded[:, :width, :4] = odds
    columns = padded.reshape(n_strands, n_tables, WORD, _LETTERS)
    words = np.einsum("sta,stb,stc,std->stabcd", *(columns[:, :, place] for place in range(WORD)))
    return words.reshape(n_strands, n_tables, -1)


def base_counts(words: np.ndarray, chains: Chains) -> list[np.ndarray]:
    """Expected counts of bases in the states of each motif, from those of look-ups.

    The adjoint of a product of look-ups, in logarithms: a base counts as often as the words that
    hold it were looked up.

    Returns
    -------
    list of numpy.ndarray, shape=(n_strands, width, 4)
    """
    n_strands, n_tables, _ = words.shape
    by_letter = words.reshape(n_strands, n_tables, *(_LETTERS,) * WORD)
    others = [tuple(2 + other for other in range(WORD) if other != place) for place in range(WORD)]
    counts = np.stack([by_letter.sum(axis)[..., :4] for axis in others], axis=2)
    return [
        counts[:, first:last].reshape(n_strands, -1, 4)[:, :width]
        for first, last, width in zip(chains.first[:-1], chains.first[1:], chains.widths, strict=True)
    ]


def sum_over_paths(
    codes: np.ndarray,
    offsets: np.ndarray,
    chains: Chains,
    weights: np.ndarray,
    absent: np.ndarray | None = None,
    *,
    threshold: float = math.inf,
    marks: np.ndarray | None = None,
    counting: bool = False,
    presence: bool = True,
) -> Sums:
    """Posterior probabilities of sites, and what follows from them.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(total_length,)
    offsets : numpy.ndarray of int64, shape=(n + 1,)
    chains : Chains
    weights : numpy.ndarray, shape=(n_motifs,)
        Of a site on each strand, relative to a path without it.
    absent : numpy.ndarray, optional, shape=(n_motifs,)
        If given, a sequence has one site of each motif at most, none with this weight, and
        ``weights`` is shared among the places; each motif is on its own, whatever the others
        do. Without it a sequence has any number of sites, none of which overlap.
    threshold : float
        Least posterior probability of a hit, on either strand: a palindrome's site is as likely
        on one as on the other.
    marks : numpy.ndarray of int16, optional, shape=(total_length,)
        From :func:`best_path`: what it marks are the hits, whatever the threshold.
    counting : bool
        Count look-ups.
    presence : bool
        Find the probability of at least one site, which takes a sweep for each motif of which
        more than 1e-3 sites are expected.
    """
    single = absent is not None
    tables = chains.tables if single else _weighted(chains, weights)
    tasks = [
        partial(
            _sum_over_paths,
            codes,
            offsets,
            first,
            last,
            chains.widths,
            chains.first,
            tables,
            chains.context,
            weights,
            absent if single else np.zeros(len(weights)),
            single,
            threshold,
            np.empty(0, np.int16) if marks is None else marks,
            counting,
            presence,
        )
        for first, last in threads.shares(offsets, _TASK)
    ]
    return _joined(threads.run(tasks))


def best_path(codes: np.ndarray, offsets: np.ndarray, chains: Chains, weights: np.ndarray) -> np.ndarray:
    """The likeliest path through each sequence (Viterbi 1967), with any number of sites.

    Parameters
    ----------
    codes, offsets, chains, weights
        As for :func:`sum_over_paths`.

    Returns
    -------
    numpy.ndarray of int16, shape=(total_length,)
        Where a site starts, 1 + its motif * n_strands + its strand; 0 elsewhere.
    """
    marks, tables = np.zeros(len(codes), np.int16), _weighted(chains, weights)
    tasks = [
        partial(
            _best_path,
            codes,
            offsets,
            first,
            last,
            chains.widths,
            chains.first,
            tables,
            chains.context,
            marks,
        )
        for first, last in threads.shares(offsets, _TASK)
    ]
    threads.run(tasks)
    return marks


def sum_of_words(codes: np.ndarray, offsets: np.ndarray, table: np.ndarray) -> np.ndarray:
    """The sum of what a table says of the word that ends at each base, for each sequence.

    Parameters
    ----------
    codes, offsets
        As for :func:`sum_over_paths`.
    table : numpy.ndarray, shape=(625,)

    Returns
    -------
    numpy.ndarray of float64, shape=(n,)
    """
    return _sum_of_words(codes, offsets, table)


@njit(cache=True, nogil=True)
def _sum_of_words(codes, offsets, table):
    sums = np.zeros(len(offsets) - 1)
    for i in range(len(sums)):
        word = len(table) - 1
        for place in range(offsets[i], offsets[i + 1]):
            word = word % _LETTERS ** (WORD - 1) * _LETTERS + codes[place]
            sums[i] += table[word]
    return sums


def _weighted(chains: Chains, weights: np.ndarray) -> np.ndarray:
    """The tables with the weight of each motif in its first."""
    tables = chains.tables.copy()
    tables[:, chains.first[:-1]] *= weights[:, None]
    return tables


def _joined(parts: Sequence[tuple[np.ndarray, ...]]) -> Sums:
    """The results of all tasks, in the order of the sequences."""
    log_odds, n_sites, present, words, places, posterior = zip(*parts, strict=True)
    place, probability = np.concatenate(places), np.concatenate(posterior)
    order = np.lexsort(place.T[::-1])
    return Sums(
        np.concatenate(log_odds),
        np.concatenate(n_sites),
        np.concatenate(present),
        np.sum(words, axis=0),
        Hits(*place[order].T, probability[order]),
    )


# A sequence without any path has a likelihood of 0, by which the caller knows it.
@njit(cache=True, nogil=True, error_model="numpy")
def _sum_over_paths(
    codes,
    offsets,
    first_sequence,
    last_sequence,
    widths,
    first,
    tables,
    context,
    weights,
    absent,
    single,
    threshold,
    marks,
    counting,
    presence,
):
    n_motifs, n_strands, widest = len(widths), len(tables), widths.max()
    n_rows = last_sequence - first_sequence
    log_odds = np.zeros(n_rows)
    n_sites, present = np.zeros((n_rows, n_motifs)), np.zeros((n_rows, n_motifs))
    counts = np.zeros_like(tables)
    places, posteriors, n_hits = np.empty((_FIRST_HITS, 4), np.int64), np.empty((_FIRST_HITS, n_strands)), 0

    longest = _longest(offsets, first_sequence, last_sequence)
    n_most, room = max(longest - 1, 0) // _BLOCK + 1, min(_BLOCK, longest)
    words, letters, products = _scratch(room, widest, tables)
    odds = np.empty((n_motifs, n_strands, room))
    # What lies before the block goes in front of it.
    both, forward = np.zeros((n_motifs, widest + room)), np.zeros(widest + room)
    ahead, scales = np.zeros(room + widest), np.empty(room // _CELL + 1, np.int64)
    kept_both, kept_forward = np.empty((n_most, n_motifs, widest)), np.empty((n_most, widest))
    kept_value, kept_scale = np.empty(n_most), np.empty(n_most, np.int64)
    totals = np.empty(n_motifs)

    for i in range(first_sequence, last_sequence):
        begin, end = offsets[i], offsets[i + 1]
        if end == begin:
            continue
        row, n_blocks, n = i - first_sequence, (end - begin - 1) // _BLOCK + 1, 0
        value, scale = 1.0, np.int64(0)
        both[:, :widest], forward[:widest] = 0, 0
        totals[:] = 0
        # The first sweep goes up, and keeps what is needed to go through each block again.
        for block in range(n_blocks):
            low = begin + block * _BLOCK
            n = min(_BLOCK, end - low)
            _spell(codes, begin, end, low, n + widest, letters, words)
            _window_odds(words, n, end - low, widths, first, tables, context, products, odds)
            if single:
                for m in range(n_motifs):
                    for strand in range(n_strands):
                        totals[m] += _total(odds[m, strand, :n])
                continue
            _join_strands(odds, n, widest, both)
            kept_both[block], kept_forward[block] = both[:, :widest], forward[:widest]
            kept_value[block], kept_scale[block] = value, scale
            value, scale = _forward(both, widths, widest, n, forward, value, scale, scales)
            if block < n_blocks - 1:
                _to_front(both, forward, n, widest)

        if single:
            for m in range(n_motifs):
                n_places = n_strands * max(end - begin - widths[m] + 1, 0)
                share = weights[m] / n_places if n_places else 0.0
                total = absent[m] + share * totals[m] if n_places else 1.0
                log_odds[row] += math.log(total)
                present[row, m] = share * totals[m] / total
                totals[m] = share / total
        else:
            log_odds[row] = math.log(value) + scale * math.log(2.0)

        # The second sweep goes down; the last block is still there.
        ahead_scale = np.int64(0)
        ahead[n : n + widest] = 0
        ahead[n] = 1
        for block in range(n_blocks - 1, -1, -1):
            low = begin + block * _BLOCK
            if block < n_blocks - 1:
                beyond = ahead[:widest].copy()
                n = _BLOCK
                ahead[n : n + widest] = beyond
                _spell(codes, begin, end, low, n + widest, letters, words)
                _window_odds(words, n, end - low, widths, first, tables, context, products, odds)
                if not single:
                    both[:, :widest], forward[:widest] = kept_both[block], kept_forward[block]
                    _join_strands(odds, n, widest, both)
                    _forward(both, widths, widest, n, forward, kept_value[block], kept_scale[block], scales)
            if single:
                _weigh(odds, totals, n)
            else:
                ahead_scale = _backward(
                    odds, both, widths, n, forward, scales, ahead, ahead_scale, value, scale
                )
            for m in range(n_motifs):
                for strand in range(n_strands):
                    posterior = odds[m, strand, :n]
                    n_sites[row, m] += _total(posterior)
                    if counting:
                        _count(posterior, words, first[m], first[m + 1], counts[strand])
            if threshold <= 1 or len(marks):
                places, posteriors, n_hits = _collect(
                    odds, n, i, low, low - begin, threshold, marks, places, posteriors, n_hits
                )

        if presence and not single:
            present[row] = n_sites[row]
            sought = n_sites[row] > _FEW_SITES
            values, powers, fronts = (
                np.ones(n_motifs),
                np.zeros(n_motifs, np.int64),
                np.zeros((n_motifs, widest)),
            )
            # A third sweep goes up, without one motif at a time; the first block is still there.
            for block in range(n_blocks):
                if not sought.any():
                    break
                low = begin + block * _BLOCK
                n = min(_BLOCK, end - low)
                if block > 0:
                    both[:, :widest] = kept_both[block]
                    _spell(codes, begin, end, low, n + widest, letters, words)
                    _window_odds(words, n, end - low, widths, first, tables, context, products, odds)
                    _join_strands(odds, n, widest, both)
                _leave_out_each(both, widths, n, forward, scales, sought, values, powers, fronts)
                for m in np.flatnonzero(sought):
                    if block == n_blocks - 1:
                        present[row, m] = 1 - math.ldexp(values[m] / value, powers[m] - scale)
                    elif _is_negligible(fronts[m], powers[m], kept_forward[block + 1], kept_scale[block + 1]):
                        present[row, m], sought[m] = 1, False
    return log_odds, n_sites, present, counts, places[:n_hits], posteriors[:n_hits]


@njit(cache=True, nogil=True)
def _longest(offsets, first_sequence, last_sequence):
    longest = 0
    for i in range(first_sequence, last_sequence):
        longest = max(longest, offsets[i + 1] - offsets[i])
    return longest


@njit(cache=True, nogil=True)
def _scratch(room, widest, tables):
    """Room for the words of a block, its letters, and products over windows."""
    n_letters = room + widest + _LOOKED_UP * WORD + 2 * WORD
    return np.empty(n_letters, np.uint16), np.empty(n_letters + WORD, np.uint8), np.empty((2, n_letters))


@njit(cache=True, nogil=True)
def _spell(codes, begin, end, low, n, letters, words):
    """The words of the bases from ``low - 3`` on; what is outside of the sequence is unknown."""
    lead = WORD - 1
    letters[:] = 4
    start, stop = max(begin, low - lead), min(end, low + n)
    letters[start - low + lead : stop - low + lead] = codes[start:stop]
    for t in range(len(words)):
        words[t] = np.uint16(letters[t] * 125 + letters[t + 1] * 25 + letters[t + 2] * 5 + letters[t + 3])


@njit(cache=True, nogil=True)
def _window_odds(words, n, left, widths, first, tables, context, products, odds):
    """Odds of a site of each motif on each strand at each of ``n`` starts."""
    lead = WORD - 1
    depends = _is_not_one(context)
    for m in range(len(widths)):
        n_starts = min(n, max(left - widths[m] + 1, 0))
        if depends:
            _window_products(words, context, n_starts, widths[m], products)
        for strand in range(len(tables)):
            out = odds[m, strand, :n_starts]
            odds[m, strand, n_starts:n] = 0
            its = tables[strand, first[m] : first[m + 1]]
            _look_up_three(
                out, words[lead:], words[lead + WORD :], words[lead + 2 * WORD :], its[0], its[1], its[2]
            )
            for table in range(_LOOKED_UP, len(its)):
                _look_up(out, words[lead + WORD * table :], its[table])
            if depends:
                for s in range(n_starts):
                    out[s] *= products[0, s]


@njit(cache=True, nogil=True)
def _is_not_one(table):
    n = 0
    for place in range(len(table)):
        n += table[place] != 1
    return n > 0


@njit(cache=True, nogil=True)
def _look_up_three(out, one, two, three, table_one, table_two, table_three):
    for s in range(len(out)):
        out[s] = table_one[one[s]] * table_two[two[s]] * table_three[three[s]]


@njit(cache=True, nogil=True)
def _look_up(out, words, table):
    for s in range(len(out)):
        out[s] *= table[words[s]]


@njit(cache=True, nogil=True)
def _window_products(words, context, n, width, products):
    """Product of what the context makes of the bases of each window of a width, in ``products[0]``.

    A window is the end of one stretch of as many bases and the beginning of the next, so that
    two multiplications do for any width (van Herk 1992).
    """
    out, bases = products[0], products[1]
    for t in range(n + width - 1):
        bases[t] = context[words[t]]
    for low in range(0, n, width):
        end = 1.0
        for t in range(low + width - 1, low - 1, -1):
            end *= bases[t]
            out[t] = end
        beginning = 1.0
        for t in range(low + 1, min(low + width, n)):
            beginning *= bases[t + width - 1]
            out[t] *= beginning


@njit(cache=True, nogil=True)
def _join_strands(odds, n, widest, both):
    for m in range(len(odds)):
        out = both[m, widest : widest + n]
        out[:] = odds[m, 0, :n]
        for strand in range(1, odds.shape[1]):
            row = odds[m, strand, :n]
            for s in range(n):
                out[s] += row[s]


@njit(cache=True, nogil=True)
def _weigh(odds, weights, n):
    for m in range(len(weights)):
        for strand in range(odds.shape[1]):
            row = odds[m, strand, :n]
            for s in range(n):
                row[s] *= weights[m]


@njit(cache=True, nogil=True)
def _scaled(numbers, first, last, exponent):
    factor = math.ldexp(1.0, -exponent)
    for t in range(first, last):
        numbers[t] *= factor


@njit(cache=True, nogil=True)
def _leave_out_each(both, widths, n, forward, scales, sought, values, powers, fronts):
    """Sums over the paths through a block without a motif, for each motif that is sought.

    Motifs of one width move a path alike, so they are one row; a motif is taken out of its row.
    ``values``, ``powers`` and ``fronts`` are, of each motif, the sum to the first point, the power
    of two taken out of it, and the sums to the points before; they become those of the next block.
    """
    widest, distinct = widths.max(), np.unique(widths)
    rows = np.zeros((len(distinct), widest + n))
    for m in range(len(widths)):
        rows[np.searchsorted(distinct, widths[m])] += both[m, : widest + n]
    for m in np.flatnonzero(sought):
        row = rows[np.searchsorted(distinct, widths[m])]
        whole = row.copy()
        row -= both[m, : widest + n]
        forward[:widest] = fronts[m]
        values[m], powers[m] = _forward(rows, distinct, widest, n, forward, values[m], powers[m], scales)
        fronts[m] = forward[n : n + widest]
        row[:] = whole


@njit(cache=True, nogil=True)
def _is_negligible(part, power, whole, whole_power):
    """Whether some of the paths weigh next to nothing beside all, at every point looked back to.

    From here on both obey one recursion, in which the part has no larger terms: it stays so.
    """
    return (part * math.ldexp(1 / _NEGLIGIBLE, power - whole_power) <= whole).all()


@njit(cache=True, nogil=True)
def _to_front(both, forward, n, widest):
    """Keep the last of a block where the next one looks back to."""
    for m in range(len(both)):
        both[m, :widest] = both[m, n : n + widest].copy()
    forward[:widest] = forward[n : n + widest].copy()


@njit(cache=True, nogil=True)
def _forward(both, widths, widest, n, forward, value, scale, scales):
    """Sums over the paths to each point of a block.

    ``value`` is the sum to the first point, and what is returned that to the first of the next
    block. ``scales`` is the power of two that was taken out, in each cell.
    """
    for low in range(0, n, _CELL):
        if value > _LARGE:
            exponent = np.int64(math.frexp(value)[1])
            value = math.ldexp(value, -exponent)
            scale += exponent
            # Whole cells, so that a cell has one scale.
            cell = max(0, low - widest) // _CELL
            _scaled(forward, 0 if low < widest else widest + cell * _CELL, widest + low, exponent)
            for earlier in range(cell, low // _CELL):
                scales[earlier] += exponent
        scales[low // _CELL] = scale
        # Unsigned, since the compiler then need not think of places that count from the end.
        for t in range(np.uint64(widest + low), np.uint64(widest + min(low + _CELL, n))):
            forward[t] = value
            gain = 0.0
            for m in range(len(widths)):
                start = t + np.uint64(1) - np.uint64(widths[m])
                gain += both[m, start] * forward[start]
            value += gain
    return value, scale


@njit(cache=True, nogil=True)
def _backward(odds, both, widths, n, forward, scales, ahead, scale, total, total_scale):
    """Turn the odds of a block into posterior probabilities.

    ``ahead`` holds the sums over the paths from each point on; those beyond the block are given.
    """
    widest, done = widths.max(), n
    taken = scales[(n - 1) // _CELL]
    value = ahead[n]
    for low in range((n - 1) // _CELL * _CELL, -1, -_CELL):
        high = min(low + _CELL, n)
        if value > _LARGE or scales[low // _CELL] != taken:
            _posterior(
                odds, widths, high, done, forward, ahead, math.ldexp(1 / total, taken + scale - total_scale)
            )
            done, taken = high, scales[low // _CELL]
            exponent = np.int64(math.frexp(value)[1])
            scale += exponent
            _scaled(ahead, high, high + widest, exponent)
            value = ahead[high]
        for t in range(np.uint64(high), np.uint64(low), -1):
            gain = 0.0
            for m in range(len(widths)):
                start = t - np.uint64(1)
                gain += both[m, start + np.uint64(widest)] * ahead[start + np.uint64(widths[m])]
            value += gain
            ahead[t - np.uint64(1)] = value
    _posterior(odds, widths, 0, done, forward, ahead, math.ldexp(1 / total, taken + scale - total_scale))
    return scale


@njit(cache=True, nogil=True)
def _posterior(odds, widths, low, high, forward, ahead, share):
    """Turn the odds of sites that start in a stretch of one scale into posterior probabilities."""
    widest = widths.max()
    for m in range(len(widths)):
        before, after = forward[widest + low : widest + high], ahead[widths[m] + low : widths[m] + high]
        for strand in range(odds.shape[1]):
            out = odds[m, strand, low:high]
            for t in range(len(out)):
                out[t] *= before[t] * (after[t] * share)


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _total(numbers):
    total = 0.0
    for t in range(len(numbers)):
        total += numbers[t]
    return total


@njit(cache=True, nogil=True)
def _count(posterior, words, first, last, counts):
    """Add the posterior probability of each site to its look-ups."""
    for table in range(first, last):
        its, looked_up = counts[table], words[WORD - 1 + WORD * (table - first) :]
        for s in range(len(posterior)):
            its[looked_up[s]] += posterior[s]


@njit(cache=True, nogil=True)
def _collect(odds, n, sequence, low, start, threshold, marks, places, posteriors, n_hits):
    """Append the hits of a block, each with its strand: that of its mark, or the likelier."""
    n_motifs, n_strands, _ = odds.shape
    marked = marks[low : low + n]
    for m in range(n_motifs):
        forward, reverse, label = odds[m, 0, :n], odds[m, n_strands - 1, :n], 1 + m * n_strands
        # Without a second strand the first must not count twice.
        least = threshold if n_strands > 1 else 2 * threshold
        for at in range(0, n, _STRETCH):
            to = min(at + _STRETCH, n)
            if len(marked) == 0 and _n_reaching(forward[at:to], reverse[at:to], least) == 0:
                continue
            for s in range(at, to):
                strand = marked[s] - label if len(marked) else np.int16(reverse[s] > forward[s])
                is_marked = len(marked) > 0 and 0 <= strand < n_strands
                if is_marked or (len(marked) == 0 and forward[s] + reverse[s] >= least):
                    if n_hits == len(posteriors):
                        places, posteriors = _twice_the_room(places), _twice_the_room(posteriors)
                    places[n_hits, 0], places[n_hits, 1] = sequence, start + s
                    places[n_hits, 2], places[n_hits, 3] = m, strand
                    posteriors[n_hits] = odds[m, :, s]
                    n_hits += 1
    return places, posteriors, n_hits


@njit(cache=True, nogil=True)
def _twice_the_room(rows):
    larger = np.empty((2 * len(rows), rows.shape[1]), rows.dtype)
    larger[: len(rows)] = rows
    return larger


@njit(cache=True, nogil=True)
def _n_reaching(forward, reverse, least):
    n = 0
    for s in range(len(forward)):
        n += forward[s] + reverse[s] >= least
    return n


@njit(cache=True, nogil=True)
def _best_path(codes, offsets, first_sequence, last_sequence, widths, first, tables, context, marks):
    n_motifs, n_strands, widest = len(widths), len(tables), widths.max()
    longest = _longest(offsets, first_sequence, last_sequence)
    room = min(_BLOCK, longest)
    words, letters, products = _scratch(room, widest, tables)
    odds = np.empty((n_motifs, n_strands, room))
    # One row for each motif on each strand, with what lies before the block in front of it.
    rows, forward = np.zeros((n_motifs * n_strands, widest + room)), np.zeros(widest + room)
    row_widths = np.repeat(widths, n_strands)
    came = np.empty(longest + 1, np.int16)
    for i in range(first_sequence, last_sequence):
        begin, end = offsets[i], offsets[i + 1]
        rows[:, :widest], forward[:widest] = 0, 0
        value = 1.0
        for low in range(begin, end, _BLOCK):
            n = min(_BLOCK, end - low)
            _spell(codes, begin, end, low, n + widest, letters, words)
            _window_odds(words, n, end - low, widths, first, tables, context, products, odds)
            for row in range(len(rows)):
                rows[row, widest : widest + n] = odds[row // n_strands, row % n_strands, :n]
            value = _best_forward(rows, row_widths, n, forward, value, came[low - begin :])
            _to_front(rows, forward, n, widest)
        point = end - begin
        while point > 0:
            if came[point] > 0:
                row = came[point] - 1
                point -= row_widths[row]
                marks[begin + point] = 1 + row
            else:
                point -= 1


@njit(cache=True, nogil=True)
def _best_forward(rows, widths, n, forward, value, came):
    """The largest of the paths to each point, and the row of the site that it came by, from 1."""
    widest = widths.max()
    for low in range(0, n, _CELL):
        if value > _LARGE:
            exponent = np.int64(math.frexp(value)[1])
            value = math.ldexp(value, -exponent)
            _scaled(forward, low, widest + low, exponent)
        for t in range(np.uint64(widest + low), np.uint64(widest + min(low + _CELL, n))):
            forward[t] = value
            label = 0
            for row in range(len(widths)):
                start = t + np.uint64(1) - np.uint64(widths[row])
                reached = rows[row, start] * forward[start]
                if reached > value:
                    value, label = reached, 1 + row
            came[t + np.uint64(1) - np.uint64(widest)] = label
    return value
