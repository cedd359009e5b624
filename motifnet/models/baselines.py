"""What can be learnt of sequences without any motif or network: linear models of their words.

They are scikit-learn's estimators over sequences, and what a network has to beat. Composition is what
controls should match; gapped words hold what a motif is made of, without where it ends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler, normalize
from sklearn.utils.validation import check_is_fitted

from motifnet.errors import InvalidValue
from motifnet.kernels.words import pair_counts
from motifnet.symbols import Sequences
from motifnet.symbols.alphabet import UNKNOWN
from motifnet.symbols.given import Given, as_sequences

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_CHUNK = 256  # sequences whose words are counted at once
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # of Fibonacci hashing: 2^64 over the golden ratio


class OfSequences(BaseEstimator):
    """An estimator whose input is sequences, and no matrix of numbers.

    Examples
    --------
    >>> OfSequences().__sklearn_tags__().input_tags.string
    True
    """

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn should know of the input."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.no_validation = True
        return tags


class CompositionFeatures(TransformerMixin, OfSequences):
    """Shares of the words of two letters, of both strands as one, and the logarithm of the length.

    Examples
    --------
    >>> CompositionFeatures().transform(["ACGT", "GGGG"]).shape
    (2, 17)
    """

    def fit(self, X: Given, y: Any = None) -> CompositionFeatures:
        """Nothing is learnt.

        Parameters
        ----------
        X : sequences
            See :func:`motifnet.symbols.given.as_sequences`.
        y : object
            Not looked at.

        Returns
        -------
        CompositionFeatures
        """
        return self

    def transform(self, X: Given) -> np.ndarray:
        """Features of sequences.

        Parameters
        ----------
        X : sequences

        Returns
        -------
        numpy.ndarray, shape=(n, 17)
        """
        sequences = as_sequences(X)
        forward = pair_counts(sequences.codes, sequences.offsets).reshape(len(sequences), 4, 4)
        reverse = forward.transpose(0, 2, 1)[:, ::-1, ::-1]
        counts = (forward + reverse).reshape(len(sequences), 16)
        shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
        return np.column_stack([shares, np.log1p(sequences.lengths)])


class GappedKmers(TransformerMixin, OfSequences):
    """Counts of words with gaps, hashed, of both strands as one, each row of length 1.

    A word has ``n_letters`` letters within ``width`` bases, the others may be anything, as in
    gkm-SVM (Ghandi et al. 2014). Words are hashed into ``n_features`` columns, so that some share one.

    Parameters
    ----------
    width : int
        Bases of a window.
    n_letters : int
        Letters of a word.
    n_features : int
        Columns: a power of two.
    both_strands : bool
        Count a word and its reverse complement as one.

    Examples
    --------
    >>> GappedKmers(width=4, n_letters=3, n_features=64).fit_transform(["ACGT", "GGGGA"]).shape
    (2, 64)
    """

    def __init__(
        self, width: int = 8, n_letters: int = 6, n_features: int = 1 << 14, *, both_strands: bool = True
    ) -> None:
        self.width = width
        self.n_letters = n_letters
        self.n_features = n_features
        self.both_strands = both_strands

    def fit(self, X: Given, y: Any = None) -> GappedKmers:
        """Check the parameters; nothing is learnt.

        Parameters
        ----------
        X : sequences
            See :func:`motifnet.symbols.given.as_sequences`.
        y : object
            Not looked at.

        Returns
        -------
        GappedKmers

        Raises
        ------
        InvalidValue
            If words do not fit into their windows, or columns are no power of two.
        """
        self._check()
        return self

    def _check(self) -> None:
        if not 1 <= self.n_letters <= self.width <= 12:
            raise InvalidValue("n_letters", self.n_letters, f"1 to width ({self.width}), which is 12 at most")
        if self.n_features < 2 or self.n_features & (self.n_features - 1):
            raise InvalidValue("n_features", self.n_features, "a power of two, such as 16384")

    def transform(self, X: Given) -> csr_matrix:
        """Features of sequences.

        Parameters
        ----------
        X : sequences

        Returns
        -------
        scipy.sparse.csr_matrix of float32, shape=(n, n_features)
        """
        from scipy.sparse import csr_matrix, vstack

        self._check()
        sequences = as_sequences(X)
        counted = [self._counted(part) for part in _chunks(sequences)]
        empty = csr_matrix((0, self.n_features), dtype=np.float32)
        rows = vstack([empty, *counted], format="csr")
        return normalize(rows, copy=False) if len(sequences) else rows

    def _counted(self, sequences: Sequences) -> csr_matrix:
        """How often each hashed word is in each sequence."""
        from scipy.sparse import csr_matrix

        bits = np.uint64(64 - (self.n_features.bit_length() - 1))
        total = csr_matrix((len(sequences), self.n_features), dtype=np.float32)
        for kept in combinations(range(1, self.width), self.n_letters - 1):
            # The first letter is always kept: a word that begins later is one of a later window.
            offsets = np.array((0, *kept))
            starts, rows = _windows(sequences, int(offsets[-1]) + 1)
            bases = sequences.codes[starts[:, None] + offsets].astype(np.uint64)
            known = (bases < UNKNOWN).all(1)
            words = _canonical(bases[known], offsets, both_strands=self.both_strands)
            columns = ((words * _SPREAD) >> bits).astype(np.int32)
            ones = np.ones(len(columns), np.float32)
            total = total + csr_matrix((ones, (rows[known], columns)), total.shape)
        return total


class _LinearOfWords(ClassifierMixin, OfSequences, ABC):
    """A logistic regression of features of sequences, in which both classes weigh alike."""

    def fit(self, X: Given, y: np.ndarray) -> Any:
        """Learn.

        Parameters
        ----------
        X : sequences
            See :func:`motifnet.symbols.given.as_sequences`.
        y : array-like, shape=(n,)
            Their classes.

        Returns
        -------
        The estimator itself.
        """
        self.pipeline_ = self._pipeline().fit(as_sequences(X), y)
        self.classes_ = self.pipeline_.classes_
        return self

    def predict_proba(self, X: Given) -> np.ndarray:
        """Probabilities of the classes, ``(n, n_classes)``.

        Parameters
        ----------
        X : sequences

        Returns
        -------
        numpy.ndarray, shape=(n, n_classes)
        """
        check_is_fitted(self)
        return self.pipeline_.predict_proba(as_sequences(X))

    def decision_function(self, X: Given) -> np.ndarray:
        """Log-odds of the second class against the first, ``(n,)``.

        Parameters
        ----------
        X : sequences

        Returns
        -------
        numpy.ndarray, shape=(n,)
        """
        check_is_fitted(self)
        return self.pipeline_.decision_function(as_sequences(X))

    def predict(self, X: Given) -> np.ndarray:
        """The likeliest class of each sequence, ``(n,)``.

        Parameters
        ----------
        X : sequences

        Returns
        -------
        numpy.ndarray, shape=(n,)
        """
        check_is_fitted(self)
        return self.pipeline_.predict(as_sequences(X))

    @abstractmethod
    def _pipeline(self) -> Pipeline:
        """The features and the regression, not yet fitted."""


class CompositionClassifier(_LinearOfWords):
    """Classes told apart by the composition of sequences and their lengths.

    Parameters
    ----------
    C : float
        Inverse of how strongly weights are held down.

    Examples
    --------
    >>> rich, poor = ["GGCGCCGT"] * 20, ["ATATTACA"] * 20
    >>> baseline = CompositionClassifier().fit([*rich, *poor], [1] * 20 + [0] * 20)
    >>> baseline.predict(["GCGCGCTT", "ATATTTAC"]).tolist()
    [1, 0]
    """

    def __init__(self, C: float = 1.0) -> None:
        self.C = C

    def _pipeline(self) -> Pipeline:
        linear = LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000)
        return make_pipeline(CompositionFeatures(), StandardScaler(), linear)


class GappedKmerClassifier(_LinearOfWords):
    """Classes told apart by words with gaps: see :class:`GappedKmers`.

    Parameters
    ----------
    width, n_letters, n_features, both_strands
        As in :class:`GappedKmers`.
    C : float
        Inverse of how strongly weights are held down.

    Examples
    --------
    >>> baseline = GappedKmerClassifier(width=6, n_letters=4)
    >>> baseline = baseline.fit(["TTGATAAGTT"] * 20 + ["TTGTATAGTT"] * 20, [1] * 20 + [0] * 20)
    >>> baseline.predict(["CCTTATCACC", "CCGTATAGCC"]).tolist()
    [1, 0]
    """

    def __init__(
        self,
        width: int = 8,
        n_letters: int = 6,
        n_features: int = 1 << 14,
        *,
        both_strands: bool = True,
        C: float = 10.0,
    ) -> None:
        self.width = width
        self.n_letters = n_letters
        self.n_features = n_features
        self.both_strands = both_strands
        self.C = C

    def _pipeline(self) -> Pipeline:
        words = GappedKmers(self.width, self.n_letters, self.n_features, both_strands=self.both_strands)
        return make_pipeline(words, LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000))


def _chunks(sequences: Sequences) -> Iterator[Sequences]:
    for first in range(0, len(sequences), _CHUNK):
        yield sequences.select(np.arange(first, min(first + _CHUNK, len(sequences))))


def _windows(sequences: Sequences, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each window begins, and the sequence that it is of."""
    rows = np.repeat(np.arange(len(sequences)), sequences.lengths)
    left = sequences.offsets[1:][rows] - np.arange(len(rows))  # bases to the end of the sequence
    starts = np.flatnonzero(left >= width)
    return starts, rows[starts]


def _canonical(bases: np.ndarray, offsets: np.ndarray, *, both_strands: bool) -> np.ndarray:
    """A number for each word with its gaps; that of its reverse complement too, where both strands count."""
    words = _numbered(bases, offsets)
    if not both_strands:
        return words
    turned = _numbered(3 - bases[:, ::-1], offsets[-1] - offsets[::-1])
    return np.minimum(words, turned)


def _numbered(bases: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """A word as a number to the base of 5, in which a gap is 0."""
    number = np.zeros(len(bases), np.uint64)
    for place, offset in enumerate(offsets):
        number += (bases[:, place] + np.uint64(1)) * np.uint64(5) ** np.uint64(offset)
    return number
