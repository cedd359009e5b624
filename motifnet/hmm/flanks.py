"""The flanks of sites: a Markov chain of bases, whose order the data choose.

Upstream regions are rich in A and T, and in runs of them. Against bases that are drawn one by one, such
runs look like a motif; against a chain of their own neighbourhood they do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.stats.bic import bic
from motifnet.symbols import Sequences
from motifnet.symbols.alphabet import UNKNOWN
from motifnet.symbols.background import Background, word_counts

LARGEST_ORDER = 2
"""Of a chain: one more has 192 parameters, and takes what a motif is told by for its own."""


@dataclass(frozen=True, eq=False)
class Flanks:
    """A Markov chain that emits what is no site.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4,)
        Of each base, regardless of its neighbours; of a base whose neighbours are unknown.
    transitions : numpy.ndarray, shape=(4**order, 4)
        Probability of the next base after each word.

    Raises
    ------
    ShapeMismatch
        If a table has another shape.
    InvalidValue
        If a row is no distribution in which every base has a chance.

    Examples
    --------
    >>> alternating = Sequences.from_text(["ACACACACACACACACACAC"] * 9)
    >>> Flanks.learn(alternating).order
    1
    >>> Flanks.learn(alternating, np.ones(len(alternating.codes), bool)).order
    0
    """

    probabilities: np.ndarray
    transitions: np.ndarray
    _weights: WeakKeyDictionary[Sequences, np.ndarray] = field(
        default_factory=WeakKeyDictionary, init=False, repr=False
    )

    def __post_init__(self) -> None:
        for name, shape in (("probabilities", (4,)), ("transitions", (4**self.order, 4))):
            table = np.asarray(getattr(self, name), np.float64)
            if table.shape != shape or self.order > LARGEST_ORDER:
                raise ShapeMismatch(name, table.shape, f"{shape}, of order {LARGEST_ORDER} at most")
            if (table <= 0).any() or not np.allclose(table.sum(-1), 1, atol=1e-6):
                raise InvalidValue(name, "no distribution", "probabilities of more than 0 that sum to 1")
            object.__setattr__(self, name, table)

    @classmethod
    def independent(cls, probabilities: np.ndarray) -> Flanks:
        """Bases that do not depend on each other."""
        return cls(probabilities, np.asarray(probabilities)[None])

    @classmethod
    def learn(
        cls, sequences: Sequences, is_site: np.ndarray | None = None, *, strand_symmetric: bool = False
    ) -> Flanks:
        """The chain of the smallest Bayesian information criterion, of order 2 at most.

        Parameters
        ----------
        sequences : Sequences
        is_site : numpy.ndarray of bool, optional, shape=(total_length,)
            Bases that belong to sites, and tell nothing of how bases depend on those before them. The
            composition is that of all sequences, since too little may lie outside.
        strand_symmetric : bool
            Count both strands.
        """
        whole = Background.fit(sequences, strand_symmetric=strand_symmetric).probabilities
        codes = sequences.codes if is_site is None else np.where(is_site, np.uint8(UNKNOWN), sequences.codes)
        outside = Sequences(codes, sequences.offsets, sequences.names)
        order = _order(word_counts(outside, LARGEST_ORDER + 1))
        if order == 0:
            return cls.independent(whole)
        return cls(whole, Background.fit(outside, order, strand_symmetric=strand_symmetric).transitions)

    @property
    def n_free(self) -> int:
        """Free parameters."""
        return 3 * len(self.transitions)

    @property
    def order(self) -> int:
        """How many bases before a base matter to it."""
        return (len(self.transitions) - 1).bit_length() // 2

    def log_weights(self, sequences: Sequences) -> np.ndarray:
        """Logarithm of how much likelier each base is by itself than after the bases before it.

        Odds against :attr:`probabilities` times these are odds against the chain.

        Returns
        -------
        numpy.ndarray, shape=(total_length,)
            0 for a base that is unknown, and for one before which one is unknown or not there.

        Examples
        --------
        >>> chain = np.full((4, 4), 0.25)
        >>> chain[0] = [0.4, 0.1, 0.25, 0.25]
        >>> two = Sequences.from_text(["AAC", "A"])
        >>> np.exp(Flanks(np.full(4, 0.25), chain).log_weights(two)).round(3).tolist()
        [1.0, 0.625, 2.5, 1.0]
        """
        if sequences not in self._weights:
            self._weights[sequences] = self._weighed(sequences)
        return self._weights[sequences]

    def log_likelihood(self, sequences: Sequences) -> np.ndarray:
        """Log-likelihood of each sequence under the chain alone, in nats, ``shape=(n,)``."""
        known = np.append(np.log(self.probabilities), 0.0)[sequences.codes] - self.log_weights(sequences)
        return np.diff(np.concatenate([[0.0], np.cumsum(known)])[sequences.offsets])

    def _weighed(self, sequences: Sequences) -> np.ndarray:
        codes = sequences.codes
        weights = np.zeros(len(codes))
        if self.order == 0:
            return weights
        inside = np.arange(len(codes)) - np.repeat(sequences.offsets[:-1], sequences.lengths)
        known, word = (inside >= self.order) & (codes < UNKNOWN), np.zeros(len(codes), np.int64)
        for back in range(self.order, 0, -1):
            before = np.roll(codes, back)
            known &= before < UNKNOWN
            word = 4 * word + before
        here = codes[known]
        weights[known] = np.log(self.probabilities)[here] - np.log(self.transitions)[word[known], here]
        return weights


def _order(words: np.ndarray) -> int:
    """The order of the chain with the smallest criterion, from the counts of the longest words."""
    n_words = int(words.sum())
    if n_words == 0:
        return 0
    criteria = []
    for order in range(LARGEST_ORDER + 1):
        counts = words.reshape(-1, 4 ** (order + 1)).sum(0).reshape(-1, 4)
        share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
        likelihood = float((counts * np.log(np.where(counts > 0, share, 1))).sum())
        criteria.append(bic(likelihood, n_free=3 * 4**order, n_observations=n_words))
    return int(np.argmin(criteria))
