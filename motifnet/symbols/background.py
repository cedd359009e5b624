"""Background: a probability model of bases, in which a base depends on the few before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.symbols.given import Given, as_sequences

_CHUNK = 1 << 22  # words counted at once
LARGEST_ORDER = 8
"""Of a model: its table has 4**9 entries."""


@dataclass(frozen=True, eq=False)
class Background:
    """A Markov model of bases.

    Words are numbered in base four: the word of codes ``(a, b)`` is ``4 * a + b``.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4,)
        Probability of each base, regardless of its neighbours.
    initial : numpy.ndarray, shape=(4**order,)
        Probability that a sequence begins with each word of ``order`` bases.
    transitions : numpy.ndarray, shape=(4**order, 4)
        Probability of the next base after each word.

    Examples
    --------
    >>> from motifnet.symbols.sequences import Sequences
    >>> model = Background.fit(Sequences.from_text(["AACCAACC"]), order=0)
    >>> model.order, model.probabilities.round(2).tolist()
    (0, [0.25, 0.25, 0.25, 0.25])
    >>> model.sample(2, 5, np.random.default_rng(0)).shape
    (2, 5)
    """

    probabilities: np.ndarray
    initial: np.ndarray
    transitions: np.ndarray

    @property
    def order(self) -> int:
        """How many bases before a base matter to it."""
        return _order(len(self.initial))

    @classmethod
    def from_gc(cls, gc: float) -> Background:
        """Independent bases with a share ``gc`` of G and C.

        Raises
        ------
        InvalidValue
            If the share is not between 0 and 1.
        """
        if not 0 <= gc <= 1:
            raise InvalidValue("gc", gc, "a share between 0 and 1")
        probabilities = np.array([1 - gc, gc, gc, 1 - gc]) / 2
        return cls(probabilities, np.ones(1), probabilities[None])

    @classmethod
    def fit(
        cls, sequences: Given, order: int = 0, *, strand_symmetric: bool = True, pseudocount: float = 1.0
    ) -> Background:
        """The model of the words that sequences hold.

        Words with an unknown base do not count.

        Parameters
        ----------
        sequences : Sequences
            What to learn from.
        order : int
            0 to 8.
        strand_symmetric : bool
            Count both strands, so that a word is as likely as its reverse complement.
        pseudocount : float
            Added to the count of every word of ``order + 1`` bases.

        Raises
        ------
        InvalidValue
            If the order is out of bounds, or if there is no word to count.
        """
        sequences = as_sequences(sequences)
        if not 0 <= order <= LARGEST_ORDER:
            raise InvalidValue("order", order, f"0 to {LARGEST_ORDER}")
        counts, bases = word_counts(sequences, order + 1), word_counts(sequences, 1)
        return cls.from_counts(counts, bases, strand_symmetric=strand_symmetric, pseudocount=pseudocount)

    @classmethod
    def from_counts(
        cls, words: np.ndarray, bases: np.ndarray, *, strand_symmetric: bool = True, pseudocount: float = 1.0
    ) -> Background:
        """The model of words that were counted: see :func:`word_counts`.

        Parameters
        ----------
        words : numpy.ndarray, shape=(4 ** (order + 1),)
            Count of every word.
        bases : numpy.ndarray, shape=(4,)
            Count of every base.
        strand_symmetric, pseudocount
            As in :meth:`fit`.

        Raises
        ------
        InvalidValue
            If no word was counted: pseudocounts alone would be a background of nothing.

        Examples
        --------
        >>> counts = np.array([6, 1, 1, 2])
        >>> Background.from_counts(counts, counts, pseudocount=0).probabilities.tolist()
        [0.4, 0.1, 0.1, 0.4]
        """
        if not np.any(words):
            known = f"{_order(len(words))} known bases in a row" if len(words) > 4 else "a known base"
            raise InvalidValue("words to learn a background from", 0, f"sequences with {known}")
        words, bases = (
            _both(counts, strand_symmetric=strand_symmetric) + pseudocount for counts in (words, bases)
        )
        rows = words.reshape(-1, 4)
        total = rows.sum(1, keepdims=True)
        probabilities = bases / bases.sum()
        # A word that was never seen is followed by what follows any word.
        transitions = np.where(total > 0, rows / np.where(total > 0, total, 1), probabilities)
        return cls(probabilities, total[:, 0] / total.sum(), transitions)

    def sample(self, n: int, length: int, rng: np.random.Generator) -> np.ndarray:
        """Random sequences.

        Parameters
        ----------
        n, length : int
            How many, and how long.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        numpy.ndarray of uint8, shape=(n, length)
            Codes.
        """
        word = rng.choice(len(self.initial), size=n, p=self.initial)
        codes = np.empty((n, max(length, self.order)), np.uint8)
        for place in range(self.order):
            codes[:, place] = word >> 2 * (self.order - 1 - place) & 3
        steps = np.cumsum(self.transitions, axis=1)[:, :3]
        for place in range(self.order, length):
            base = (rng.random(n)[:, None] >= steps[word]).sum(1)
            codes[:, place] = base
            word = (4 * word + base) % len(self.initial)
        return codes[:, :length]


def word_counts(sequences: Given, width: int) -> np.ndarray:
    """How often each word of known bases occurs, ``shape=(4**width,)``.

    Examples
    --------
    >>> from motifnet.symbols.sequences import Sequences
    >>> word_counts(Sequences.from_text(["AAC", "ANA"]), 2)[:2].tolist()
    [1, 1]
    """
    sequences = as_sequences(sequences)
    counts = np.zeros(4**width, np.int64)
    n_starts = len(sequences.codes) - width + 1
    for start in range(0, n_starts, _CHUNK):
        stop = min(start + _CHUNK, n_starts)
        word = np.zeros(stop - start, np.int32)
        whole = _within_one_sequence(sequences.offsets, start, stop, width)
        for shift in range(width):
            letter = sequences.codes[start + shift : stop + shift]
            word = 4 * word + letter
            whole &= letter < 4
        counts += np.bincount(word[whole], minlength=len(counts))
    return counts


def _within_one_sequence(offsets: np.ndarray, start: int, stop: int, width: int) -> np.ndarray:
    """Whether the words that begin from ``start`` to ``stop`` cross no end of a sequence."""
    whole = np.ones(stop - start, bool)
    first, last = np.searchsorted(offsets, (start + 1, stop + width - 1))
    ends = offsets[first:last]
    for back in range(1, width):
        crossing = ends - back - start
        whole[crossing[(crossing >= 0) & (crossing < len(whole))]] = False
    return whole


def _both(counts: np.ndarray, *, strand_symmetric: bool) -> np.ndarray:
    """Counts of words, with those of the other strand added where asked."""
    if not strand_symmetric:
        return counts
    width = _order(len(counts))
    table = counts.reshape((4,) * width)
    # The reverse complement of a word has its letters in reverse order and each code reversed.
    return (table + np.flip(table.transpose())).ravel()


def _order(n_words: int) -> int:
    return (n_words.bit_length() - 1) // 2
