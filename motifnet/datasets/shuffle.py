"""Shuffled sequences: controls where there is no genome to draw from."""

from __future__ import annotations

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.kernels.shuffle import shuffle_klets
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences

_LONGEST = 6  # bases of a word: of longer ones a peak has each about once, and its only shuffle is itself


def shuffle(sequences: Given, klet: int, seed: int, copies: int = 1) -> Sequences:
    """Random sequences with the same words as the given ones.

    Every run of known bases is shuffled by itself: unknown bases stay exactly where they are, no
    base crosses them, and each run keeps the count of every word of ``klet`` bases. All orders
    that do so are equally likely among those that keep the run's first and last ``klet - 1``
    bases, which fixed counts mostly force. A run of at most ``klet`` bases stays as it is.

    Parameters
    ----------
    sequences : Sequences
        What to shuffle.
    klet : int
        Length of the words whose counts are kept: 1 keeps only the bases, 2 the dinucleotides.
    seed : int
        Every shuffle follows from the seed, the place of its sequence and the copy alone.
    copies : int
        Shuffles of each sequence.

    Returns
    -------
    Sequences
        First a shuffle of each sequence, then a second one of each, and so on; the shuffles of
        ``a`` are named ``a_shuf1``, ``a_shuf2``. They have no place in a genome.

    Raises
    ------
    InvalidValue
        If ``klet`` is not 1 to 6, or ``copies`` is less than 1.

    References
    ----------
    Altschul and Erickson (1985), Mol Biol Evol 2:526; Wilson (1996), STOC 28:296.

    Examples
    --------
    >>> shuffled = shuffle(Sequences.from_text(["ACACACNNGG"], names=["a"]), klet=2, seed=0)
    >>> shuffled.names, shuffled.text(0)
    (['a_shuf1'], 'ACACACNNGG')
    """
    sequences = as_sequences(sequences)
    if not 1 <= klet <= _LONGEST:
        raise InvalidValue("klet", klet, f"1 to {_LONGEST}")
    if copies < 1:
        raise InvalidValue("copies", copies, "1 or more")
    n_bases = len(sequences.codes)
    codes = np.empty(copies * n_bases, np.uint8)
    stream_seed = np.uint64(seed % 2**64)
    for copy in range(copies):
        copied = codes[copy * n_bases : (copy + 1) * n_bases]
        shuffle_klets(sequences.codes, sequences.offsets, klet, stream_seed, copy, copied)
    offsets = np.zeros(copies * len(sequences) + 1, np.int64)
    np.cumsum(np.tile(sequences.lengths, copies), out=offsets[1:])
    names = [f"{name}_shuf{copy + 1}" for copy in range(copies) for name in sequences.names]
    return Sequences(codes, offsets, names)
