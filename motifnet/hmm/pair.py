"""The pair HMM: two sequences from one, with gaps of either and columns of both.

From a match, or from the beginning, a gap of X or of Y opens, or the next column comes: the end,
or a match. A gap is extended, or the next column comes. So the end takes the place of a match,
and the model reads the same from either end. Gaps of X and of Y do not touch each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols.pairs import PairedSequences

MODES = tuple(kernel.MODES)
"""Where an alignment begins and ends: at both corners; at the edges; anywhere."""

_SUM_ERROR = 1e-6  # from one, of probabilities: as files of six decimals have it


@dataclass(frozen=True, eq=False)
class PairHmm:
    """Parameters of a pair HMM.

    A base of X alone stands in a gap *of Y*, where the sequence X goes on and Y pauses; the
    rows of the arrays are named by the sequence that goes on.

    Parameters
    ----------
    match : numpy.ndarray, shape=(4, 4)
        Probability of a base of X and one of Y in a column of both; sums to 1.
    insert : numpy.ndarray, shape=(2, 4)
        Probability of a base of X, and of Y, that stands alone.
    open : numpy.ndarray, shape=(2, n_classes)
        Probability that a stretch of X alone, or of Y alone, begins after a match; one or two
        classes of gaps, such as short ones and long ones.
    extend : numpy.ndarray, shape=(2, n_classes)
        Probability that such a stretch goes on after each of its bases.
    end : float
        Probability that the next column is the end.

    Raises
    ------
    ShapeMismatch, InvalidValue
        If the arrays are no such probabilities.

    Examples
    --------
    >>> model = PairHmm.start(divergence=0.1, gap_open=0.01, gap_extend=0.6)
    >>> model.is_symmetric, model.n_classes
    (True, 1)
    """

    match: np.ndarray
    insert: np.ndarray
    open: np.ndarray
    extend: np.ndarray
    end: float = 1 / 300

    def __post_init__(self) -> None:
        for name in ("match", "insert", "open", "extend"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), np.float64))
        for name, shape in (("match", (4, 4)), ("insert", (2, 4))):
            if getattr(self, name).shape != shape:
                raise ShapeMismatch(name, getattr(self, name).shape, str(shape))
        if self.open.shape not in ((2, 1), (2, 2)) or self.extend.shape != self.open.shape:
            raise ShapeMismatch("open", self.open.shape, "(2, 1) or (2, 2), as extend")
        for name, total in (("match", self.match.sum()), ("insert", self.insert.sum(1))):
            if (getattr(self, name) < 0).any() or np.abs(np.asarray(total) - 1).max() > _SUM_ERROR:
                raise InvalidValue(name, getattr(self, name).tolist(), "probabilities that sum to 1")
        if (self.open <= 0).any() or self.open.sum() >= 1:
            raise InvalidValue("open", self.open.tolist(), "more than 0, and less than 1 together")
        if (self.extend <= 0).any() or (self.extend >= 1).any():
            raise InvalidValue("extend", self.extend.tolist(), "more than 0 and less than 1")
        if not 0 < self.end < 1:
            raise InvalidValue("end", self.end, "more than 0 and less than 1")

    @classmethod
    def start(
        cls,
        *,
        divergence: float = 0.2,
        gap_open: float = 0.02,
        gap_extend: float | tuple[float, ...] = 0.5,
        end: float = 1 / 300,
    ) -> PairHmm:
        """A symmetric model with uniform bases.

        Parameters
        ----------
        divergence : float
            Probability that the two bases of a column differ.
        gap_open : float
            Probability that a gap opens in X; the same in Y. Shared by the classes.
        gap_extend : float or tuple of float
            One for each class of gaps.
        end : float
        """
        match = np.full((4, 4), divergence / 12)
        np.fill_diagonal(match, (1 - divergence) / 4)
        extend = np.atleast_1d(np.asarray(gap_extend, np.float64))
        opening = np.full((2, len(extend)), gap_open / len(extend))
        return cls(match, np.full((2, 4), 0.25), opening, np.tile(extend, (2, 1)), end)

    @property
    def n_classes(self) -> int:
        """Classes of gaps."""
        return self.open.shape[1]

    @property
    def identity(self) -> float:
        """Probability that the two bases of a column are the same."""
        return float(np.trace(self.match))

    def swapped(self) -> PairHmm:
        """The model with X and Y in each other's place."""
        return replace(
            self, match=self.match.T, insert=self.insert[::-1], open=self.open[::-1], extend=self.extend[::-1]
        )

    @cached_property
    def is_symmetric(self) -> bool:
        """Whether the model does not know which sequence is X."""
        other = self.swapped()
        names = ("match", "insert", "open", "extend")
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in names)

    @cached_property
    def reads_both_strands(self) -> bool:
        """Whether the model says the same of both sequences on their other strands."""
        return np.array_equal(self.match, np.flip(self.match)) and np.array_equal(
            self.insert, np.fliplr(self.insert)
        )

    @cached_property
    def odds(self) -> kernel.PairOdds:
        """What the recurrences need: odds over independent sequences, one model.

        An unknown base is missing data.
        """
        after_match = 1 - self.open.sum()
        known = np.ones((5, 5))
        known[:4, :4] = self.match / np.outer(*self.insert)
        known[:4, 4] = self.match.sum(1) / self.insert[0]
        known[4, :4] = self.match.sum(0) / self.insert[1]
        close = self.open * (1 - self.extend) / after_match
        return kernel.PairOdds(
            known[None] * after_match * (1 - self.end), close[None], self.extend[None].copy()
        )

    @property
    def log_ends(self) -> float:
        """What the end of a global alignment costs, in nats."""
        return float(np.log(self.end) + np.log1p(-self.open.sum()))

    def log_independent(self, pairs: PairedSequences) -> np.ndarray:
        """Log-probability of the bases of each pair if nothing is matched, ``shape=(n,)``."""
        total = np.zeros(len(pairs))
        for sequences, insert in zip((pairs.x, pairs.y), self.insert, strict=True):
            logs = np.append(np.log(insert), 0.0)[np.minimum(sequences.codes, 4)]
            total += np.diff(np.concatenate([np.zeros(1), np.cumsum(logs)])[sequences.offsets])
        return total

    def log_odds(
        self,
        pairs: PairedSequences,
        *,
        mode: str = "global",
        band: kernel.Band = kernel.DEFAULT_BAND,
    ) -> np.ndarray:
        """Log-odds of each pair over independent sequences, in nats, ``shape=(n,)``.

        Of global alignments, of both whole sequences; of others, summed over all alignments.
        """
        which = np.zeros(len(pairs), np.int64)
        found = kernel.log_odds(self.odds, *arrays(pairs), which, mode, band)
        return found + (self.log_ends if mode == "global" else 0.0)

    def log_likelihood(self, pairs: PairedSequences, **options) -> np.ndarray:
        """Log-likelihood of each pair, in nats, ``shape=(n,)``: options as of :meth:`log_odds`."""
        return self.log_odds(pairs, **options) + self.log_independent(pairs)


def arrays(pairs: PairedSequences) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Codes and offsets of X, and of Y, as the kernels take them."""
    return (pairs.x.codes, pairs.x.offsets), (pairs.y.codes, pairs.y.offsets)
