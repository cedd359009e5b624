"""Removing sequences that teach nothing, or that would sit on both sides of a split."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.datasets.baselines import base_counts
from motifnet.kernels.words import canonical_hashes, may_be_repeated
from motifnet.strand import Strand
from motifnet.symbols.given import Given, as_sequences


class Cleaned(NamedTuple):
    """What is left of a set of sequences.

    Parameters
    ----------
    kept : numpy.ndarray of int64, shape=(n_kept,)
        Indices of the sequences that stay, ascending.
    removed : dict of str to int
        Reason to number of sequences; reasons that removed nothing are left out.
    original : numpy.ndarray of int64, shape=(n,)
        For each sequence the index of the kept one that is the same; -1 if removed otherwise.
    """

    kept: np.ndarray
    removed: dict[str, int]
    original: np.ndarray


def clean(sequences: Given, min_length: int = 1, *, strand: Strand = Strand.BOTH) -> Cleaned:
    """Drop empty, short, unknown and repeated sequences; of equal ones the first stays.

    Sequences are equal when the 128-bit hashes of their codes are: among a billion sequences the
    chance that two different ones agree is below 1e-20.

    Parameters
    ----------
    sequences : Sequences
        What to clean.
    min_length : int
        Known bases that a sequence needs.
    strand : Strand
        Take a sequence and its reverse complement as equal, where it reads both.

    Returns
    -------
    Cleaned
        Kept indices, counts of what was removed, and for duplicates what they are duplicates of.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> some = Sequences.from_text(["AACC", "GGTT", "", "NNNN", "AC", "AACC"])
    >>> clean(some, min_length=3).removed  # doctest: +NORMALIZE_WHITESPACE
    {'empty': 1, 'only unknown bases': 1, 'too short': 1, 'duplicate': 1,
     'reverse-complement duplicate': 1}
    """
    sequences = as_sequences(sequences)
    n_known = base_counts(sequences)[:, :4].sum(1)
    empty = sequences.lengths == 0
    unknown = (n_known == 0) & ~empty
    short = (n_known < min_length) & ~empty & ~unknown
    candidates = np.flatnonzero(~(empty | unknown | short))
    hashes, flipped = canonical_hashes(sequences.codes, sequences.offsets, strand.reads_both)
    original = np.full(len(sequences), -1, np.int64)
    original[candidates] = candidates[_first_equal(hashes[candidates])]
    repeats = candidates[original[candidates] != candidates]
    same_strand = flipped[repeats] == flipped[original[repeats]]
    removed = {
        "empty": empty.sum(),
        "only unknown bases": unknown.sum(),
        "too short": short.sum(),
        "duplicate": same_strand.sum(),
        "reverse-complement duplicate": (~same_strand).sum(),
    }
    kept = candidates[original[candidates] == candidates]
    return Cleaned(kept, {reason: int(count) for reason, count in removed.items() if count}, original)


def _first_equal(hashes: np.ndarray) -> np.ndarray:
    """For each row, ``shape=(n, 2)``, the index of the first row equal to it, ``shape=(n,)``."""
    first = np.arange(len(hashes))
    several = np.flatnonzero(may_be_repeated(hashes[:, 0]))
    hashes = hashes[several]
    # lexsort is stable, so that the first of a run of equal rows is the first of all.
    order = np.lexsort((hashes[:, 1], hashes[:, 0]))
    begins = np.ones(len(order), bool)
    begins[1:] = (hashes[order[1:]] != hashes[order[:-1]]).any(1)
    first[several[order]] = several[order[begins][np.cumsum(begins) - 1]]
    return first
