"""Clusters of sequences that look alike, or that overlap: what shares a stretch of bases stays together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.datasets.dealing import group_sizes
from motifnet.datasets.independent import chains
from motifnet.kernels.groups import link_words, number_sets
from motifnet.kernels.words import may_be_repeated, minimizers
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences

WORD = 31
"""Bases of a word that look-alikes share: longer than a motif, too long to be shared by chance."""

# Of so many words in a row one is kept, that of the least hash, as in minimap2: any 40 bases in common hold
# the same one. A longer row would keep fewer words in memory and miss shorter stretches.
_WINDOW = 10
# Words of more sequences than this are the first to be cut: copies of one peak are fewer, repeats of a genome
# are more. A convention, which decides only where a cluster that is too large is cut first.
_COMMON = 32
_BUCKET = 1 << 22  # words sorted at once: some tens of megabytes


class Clusters(NamedTuple):
    """Clusters of look-alikes, and what they were before the largest were cut.

    Parameters
    ----------
    groups : numpy.ndarray of int64, shape=(n,)
        The cluster of each sequence, numbered from 0 in order of appearance.
    whole : numpy.ndarray of int64, shape=(n,)
        The same if no cluster were too large: each is one or more of the clusters.
    """

    groups: np.ndarray
    whole: np.ndarray


def cluster_sequences(
    sequences: Given,
    *,
    largest: int | np.ndarray,
    strata: np.ndarray | None = None,
    strand: Strand = Strand.BOTH,
) -> Clusters:
    """Clusters of sequences that share an exact stretch of bases, by single linkage.

    Two sequences are linked when they share a minimizer: a word of 31 bases with the least hash
    among 10 consecutive ones. Any 40 bases in common are found, and most of 31 or more. Such a
    word is so much longer than a motif that sites of one strong motif link nothing, and a
    million sequences of 200 bases hold none twice by chance, where words of 16 bases would link
    each of them to many. Repeats of the genome may chain together more than a part can hold.
    Such a cluster is linked anew and stops growing at ``largest``, first by words of at most 32
    sequences, so that copies of one peak stay together rather than all that hold a repeat.
    Sequences of fewer than 31 bases are alike only when they are equal, which cleaning takes
    care of. Sequences whose coordinates overlap are linked before all others, and stay together however
    many they are: what they share is not likeness but the same bases.

    Parameters
    ----------
    sequences : Sequences
        What to cluster.
    largest : int or numpy.ndarray of int, shape=(n_strata,)
        Most sequences of each stratum in a cluster.
    strata : numpy.ndarray of int, shape=(n,), optional
        Kind of each sequence; all are of one if not given.
    strand : Strand
        Take a word and its reverse complement as one, where it reads both.

    Returns
    -------
    Clusters
        The clusters, and what they were before they were cut.

    Examples
    --------
    >>> stretch = "ACGGTCATTGCAATGCCGTATTGACCTGAACGTTAGCAGGCT"
    >>> some = Sequences.from_text([stretch, "T" * 40, "GGG" + stretch])
    >>> cluster_sequences(some, largest=10).groups.tolist()
    [0, 1, 0]
    """
    sequences = as_sequences(sequences)
    n = len(sequences)
    strata = np.zeros(n, np.int64) if strata is None else strata
    n_strata = max(int(strata.max(initial=0)) + 1, np.size(largest))
    largest = np.full(n_strata, largest, np.int32)
    words, owners, _ = minimizers(sequences.codes, sequences.offsets, WORD, _WINDOW, strand.reads_both)
    # A word that no other sequence holds links nothing; nearly all of those of random sequences are such.
    repeated = may_be_repeated(words)
    words, owners = words[repeated], owners[repeated]
    unlimited = np.full(n_strata, n, np.int32)
    parent = np.arange(n, dtype=np.int32)
    size = (strata[:, None] == np.arange(n_strata)).astype(np.int32)
    _link_overlapping(sequences, unlimited, parent, size)
    overlapping = parent.copy()
    _link(words, owners, n, unlimited, parent, size.copy())
    whole = number_sets(parent)
    sizes = group_sizes(whole, strata, int(whole.max(initial=-1)) + 1, n_strata)
    anew = np.any(sizes > largest, axis=1)[whole]
    if not anew.any():
        return Clusters(whole, whole)
    # No set of overlapping sequences is cut by this: the whole of it lies in one that is linked anew.
    parent[anew] = overlapping[anew]
    inside = anew[owners]
    for common in (_COMMON, n):
        _link(words[inside], owners[inside], common, largest, parent, size)
    return Clusters(number_sets(parent), whole)


def _link_overlapping(
    sequences: Sequences, largest: np.ndarray, parent: np.ndarray, size: np.ndarray
) -> None:
    """Link sequences whose coordinates overlap: their chain is a word that they share."""
    if sequences.intervals is not None:
        chain = chains(sequences.intervals).astype(np.uint64)
        _link(chain, np.arange(len(chain), dtype=np.int32), len(chain), largest, parent, size)


def _link(
    words: np.ndarray,
    owners: np.ndarray,
    common: int,
    largest: np.ndarray,
    parent: np.ndarray,
    size: np.ndarray,
) -> None:
    """Link the owners of each word, whatever the order of the words: see :func:`link_words`."""
    n_buckets = 1 << max(0, int(np.ceil(np.log2(max(len(words), 1) / _BUCKET))))
    # Sorting bucket by bucket keeps memory low. The low bits are even; the high ones are not,
    # since a minimizer is the least of several hashes.
    for bucket in range(n_buckets):
        chosen = np.flatnonzero((words & np.uint64(n_buckets - 1)) == bucket)
        chosen = chosen[np.argsort(words[chosen], kind="stable")]
        link_words(words[chosen], owners[chosen], common, largest, parent, size)
