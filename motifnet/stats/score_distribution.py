"""Scores in whole steps, and their exact distribution over random words.

A score is rounded to a grid, column by column, so that there are few enough scores to know the
probability of each: it is summed up column after column (Staden 1989, CABIOS 5:89), and for a
background in which a base depends on those before it, for each context by itself.

The grid is that of the MEME Suite: the smallest entry of the matrix, rounded down to whole bits,
is step 0 of every column, and the steps of a bit are as many whole ones as give the largest
entry 1000 steps at most. So scores and p-values are those of FIMO.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.symbols.background import Background

STEPS = 1000
"""Steps between the smallest and the largest entry of a matrix, at most."""

_ROUNDING = 1e-9  # share of a step by which a threshold in bits may miss a score


@dataclass(frozen=True, eq=False)
class SteppedScores:
    """A scoring matrix in whole steps.

    Parameters
    ----------
    steps : numpy.ndarray of int64, shape=(4, width)
        Steps of each base in each column, 0 or more.
    per_bit : int
        Steps of a bit.
    lowest : int
        Bits of a column at step 0.

    Examples
    --------
    >>> grid = SteppedScores.of(np.array([[1.0, -2.5], [0.0, 1.0], [-1.0, 0.0], [-1.0, 0.0]]), steps=8)
    >>> grid.steps.tolist(), grid.per_bit, grid.lowest
    ([[8, 1], [6, 8], [4, 6], [4, 6]], 2, -3)
    >>> grid.bits(np.array([16])).tolist(), grid.at_least(1.9)
    ([2.0], 16)
    """

    steps: np.ndarray
    per_bit: int
    lowest: int

    @classmethod
    def of(cls, log_odds: np.ndarray, steps: int = STEPS) -> SteppedScores:
        """Round a matrix of bits, ``(4, width)``.

        Raises
        ------
        InvalidValue
            If an entry is infinite, or if there is no whole step to a bit.
        """
        if not np.isfinite(log_odds).all():
            raise InvalidValue("scores", "infinite", "finite ones: a pseudocount above 0")
        lowest, largest = float(np.floor(log_odds.min())), float(log_odds.max())
        if largest == log_odds.min():  # a matrix of one number needs some range, too
            lowest = float(np.floor(largest - 1))
        per_bit = int(steps // (largest - lowest))
        if per_bit < 1:
            raise InvalidValue("range of scores", f"{largest - lowest:g} bits", f"at most {steps}")
        return cls(np.rint((log_odds - lowest) * per_bit).astype(np.int64), per_bit, int(lowest))

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.steps.shape[1]

    @property
    def is_palindrome(self) -> bool:
        """Whether it scores every word and its reverse complement alike, base by base."""
        return bool((self.steps == self.steps[::-1, ::-1]).all())

    def bits(self, score: np.ndarray) -> np.ndarray:
        """Scores in bits, of sums of steps."""
        return score / self.per_bit + self.width * self.lowest

    def at_least(self, bits: float) -> int:
        """The smallest sum of steps that is worth so many bits; beyond the largest sum if there is none."""
        steps = np.ceil((bits - self.width * self.lowest) * self.per_bit - _ROUNDING)
        return int(np.clip(steps, 0, self.steps.max(0).sum() + 1))


@dataclass(frozen=True, eq=False)
class ScoreDistribution:
    """How likely a random word scores so much, or more.

    Parameters
    ----------
    survival : numpy.ndarray of float64, shape=(n_kept,)
        Probability of each score or more, up to the largest that is possible.
    first : int
        Score of the first of them; what lies below is not known where it is not 0.
    """

    survival: np.ndarray
    first: int = 0

    @property
    def n_scores(self) -> int:
        """The smallest score that is impossible, as all above it are."""
        return self.first + len(self.survival)

    @property
    def least_p_value(self) -> float:
        """p-value of the largest score: no word has a smaller one."""
        return float(self.survival[-1])

    def p_value(self, score: np.ndarray) -> np.ndarray:
        """Probability of a score as large or larger; scores beyond the largest have 0.

        Raises
        ------
        InvalidValue
            For a score below those that are known.
        """
        score = np.asarray(score)
        if self.first and (score < self.first).any():
            raise InvalidValue(
                "score", int(score.min()), f"at least {self.first}, the smallest that is known"
            )
        inside = np.clip(score - self.first, 0, len(self.survival) - 1)
        return np.where(score < self.n_scores, self.survival[inside], 0.0)

    def threshold(self, p_value: float) -> int:
        """The smallest score with at most that p-value; beyond the largest score if there is none.

        Raises
        ------
        InvalidValue
            If scores of that p-value are not known.
        """
        if self.first and p_value >= self.survival[0]:
            raise InvalidValue("p-value", p_value, f"below {self.survival[0]:g}, the largest that is known")
        return self.n_scores - int(np.searchsorted(self.survival[::-1], p_value, side="right"))

    def tail(self, p_value: float) -> ScoreDistribution:
        """What is needed of scores with at most that p-value: a fraction of the memory.

        Examples
        --------
        >>> whole = ScoreDistribution(np.array([1.0, 0.5, 0.25, 0.01]))
        >>> rare = whole.tail(0.3)
        >>> rare.first, rare.survival.tolist(), rare.threshold(0.3), whole.threshold(0.3)
        (1, [0.5, 0.25, 0.01], 2, 2)
        """
        # One score more, by which it is known that no smaller one belongs.
        first = min(max(self.threshold(p_value) - 1, self.first), self.n_scores - 1)
        return ScoreDistribution(self.survival[first - self.first :].copy(), first)


def score_distribution(steps: np.ndarray, background: Background) -> ScoreDistribution:
    """The exact distribution of the score of words of a background.

    Parameters
    ----------
    steps : numpy.ndarray of int, shape=(4, width)
        Score of each base in each column, 0 or more.
    background : Background
        A word's first base follows a context of ``order`` bases with the background's initial
        probabilities.

    Returns
    -------
    ScoreDistribution
        The probability of each score, and of that or a higher one.

    Examples
    --------
    >>> two = score_distribution(np.array([[1, 1], [0, 0], [0, 0], [0, 0]]), Background.from_gc(0.5))
    >>> two.survival.tolist(), two.threshold(0.1)
    ([1.0, 0.4375, 0.0625], 2)
    """
    # A context is what it begins with and the rest, and ends on a base; at order 0 there is but one.
    n_letters = 4 if background.order else 1
    transitions = background.transitions.reshape(n_letters, -1, 4)
    chance = background.initial.reshape(n_letters, -1, 1)
    for column in np.asarray(steps).T:
        chance = _with_column(chance, column - column.min(), transitions)
    density = np.concatenate([np.zeros(np.min(steps, axis=0).sum()), chance.sum((0, 1))])
    return ScoreDistribution(np.minimum(np.cumsum(density[::-1])[::-1], 1.0))


def _with_column(chance: np.ndarray, column: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """The chance of each context and score after one more column.

    Parameters
    ----------
    chance : numpy.ndarray, shape=(n_letters, n_rest, n_scores)
        By what the context begins with, its rest, and the score.
    column : numpy.ndarray of int, shape=(4,)
        Score of the next base.
    transitions : numpy.ndarray, shape=(n_letters, n_rest, 4)
        Probability of the next base.
    """
    n_letters, n_rest, n_scores = chance.shape
    by_base = transitions.transpose(1, 2, 0) @ chance.transpose(1, 0, 2)
    after = np.zeros((n_rest, n_letters, n_scores + column.max()))
    for base, score in enumerate(column):
        after[:, base % n_letters, score : score + n_scores] += by_base[:, base]
    return after.reshape(n_letters, n_rest, -1)
