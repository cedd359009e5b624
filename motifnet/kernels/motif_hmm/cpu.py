"""The motif HMM over arrays: the loops, dealt to threads."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from motifnet.kernels import threads
from motifnet.kernels.motif_hmm.blocks import SequenceText, sums_of_words
from motifnet.kernels.motif_hmm.path import mark_best_paths
from motifnet.kernels.motif_hmm.sums import SitePrior, SumsRequest, sums_of_paths, sums_of_places
from motifnet.kernels.motif_hmm.tables import Chains, weighted

_TASK = 1 << 20  # bases of the sequences that a thread takes at once: a few hundredths of a second of work


class PathSums(NamedTuple):
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
    hits : PathHits
        Sites whose posterior probability, of both strands together, reaches the threshold; or
        those that are marked.
    """

    log_odds: np.ndarray
    n_sites: np.ndarray
    present: np.ndarray
    words: np.ndarray
    hits: PathHits


class PathHits(NamedTuple):
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
    advance: Callable[[], None] = lambda: None,
) -> PathSums:
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
    advance : callable
        Called after each of :func:`n_shares` shares of the sequences.
    """
    request = SumsRequest(threshold, np.empty(0, np.int16) if marks is None else marks, counting, presence)
    if absent is None:
        sums_of = partial(sums_of_paths, chains=weighted(chains, weights), request=request)
    else:
        sums_of = partial(sums_of_places, chains=chains, prior=SitePrior(weights, absent), request=request)
    tasks = [
        partial(sums_of, SequenceText(codes, offsets, first, last))
        for first, last in threads.shares(offsets, _TASK)
    ]
    return _joined(threads.run(tasks, advance))


def n_shares(offsets: np.ndarray) -> int:
    """Shares in which sequences are gone through, about a million bases each."""
    return len(threads.shares(offsets, _TASK))


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
    marks, chains = np.zeros(len(codes), np.int16), weighted(chains, weights)
    tasks = [
        partial(mark_best_paths, SequenceText(codes, offsets, first, last), chains, marks)
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
    return sums_of_words(codes, offsets, table)


def _joined(parts: Sequence[tuple[tuple[np.ndarray, ...], np.ndarray, np.ndarray]]) -> PathSums:
    """The results of all tasks, in the order of the sequences."""
    sums, places, posteriors = zip(*parts, strict=True)
    log_odds, n_sites, present, words = zip(*sums, strict=True)
    place, probability = np.concatenate(places), np.concatenate(posteriors)
    order = np.lexsort(place.T[::-1])
    sequence, start, motif, strand = place[order].T
    return PathSums(
        np.concatenate(log_odds),
        np.concatenate(n_sites),
        np.concatenate(present),
        np.sum(words, axis=0),
        PathHits(sequence, start, motif, strand, probability[order]),
    )
