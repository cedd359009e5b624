"""What several tests have in common: they are judged together, so that of many the q-value decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from motifnet.motifs import Motif
from motifnet.progress import Progress
from motifnet.stats.held_out import HeldOutGain, sequences_needed
from motifnet.stats.multiple import q_values_of_tested
from motifnet.ties.tested import Gain, TieTest, TieVerdict, not_applicable, unless_rejected
from motifnet.wording import counted

_MOST_PICTURED = 30  # tests, those of the smallest p-values: pages with more pictures are slow


Once = Callable[[str, Callable[[], "Answer"]], "Answer"]


def afresh(name: str, make: Callable[[], Answer]) -> Answer:
    """Make an answer, of which nothing is kept: the default of every library function."""
    return make()


class Asking(NamedTuple):
    """How a tie is asked about in a set of sequences.

    Parameters
    ----------
    subject : str
        What the sequences are called.
    held_out : numpy.ndarray of bool, shape=(n_targets,), or None
        Which of them judge, or are looked at.
    seed : int
    alpha, margin : float
        See :func:`~motifnet.ties.tested.decide`.
    progress : Progress
    once : callable
        Makes the answer of a name, or finds it among those kept of a run that was interrupted.
    """

    subject: str
    held_out: np.ndarray | None
    seed: int
    alpha: float
    margin: float
    progress: Progress
    once: Once = afresh


@dataclass(frozen=True)
class Answer:
    """What data say of a tie, before it is known what else was asked.

    Parameters
    ----------
    rejected : TieTest
        The test, if its q-value among all that were asked rejects the tie.
    otherwise : TieTest
        The test, if it does not.
    """

    rejected: TieTest
    otherwise: TieTest

    @property
    def p(self) -> float:
        """The p-value; NaN where the test does not apply."""
        return self.otherwise.p

    @classmethod
    def of(cls, told: Callable[[TieVerdict], TieTest], gain: Gain | None, margin: float) -> Answer:
        """Of a test that applies.

        Parameters
        ----------
        told : callable
            The test with a verdict.
        gain, margin
            See :func:`~motifnet.ties.tested.decide`.
        """
        return cls(told(TieVerdict.REJECTED), told(unless_rejected(gain, margin)))

    @classmethod
    def none(cls, hypothesis: str, subject: str, in_words: str, reason: str, *, n: int = 0) -> Answer:
        """That a test does not apply: see :func:`~motifnet.ties.tested.not_applicable`."""
        test = not_applicable(hypothesis, subject, in_words, reason, n=n)
        return cls(test, test)


def bounded_gain(found: HeldOutGain, possible: float, margin: float, *, per: str = "sequence") -> Gain:
    """A gain on held-out data whose interval ends no lower than what a test leaves possible.

    Parameters
    ----------
    found : HeldOutGain
    possible : float
        Nats that the test leaves possible, which fall with the number of observations; may be infinite.
    margin : float
        See :func:`~motifnet.ties.tested.decide`.
    per : str
        What the nats are of.

    Examples
    --------
    >>> from motifnet.stats.held_out import paired_gain
    >>> none = paired_gain(np.zeros(40), np.zeros(40))
    >>> bounded_gain(none, 0.02, margin=0.005)
    Gain(mean=0.0, low=0.0, high=0.02, n=40, n_needed=160, per='sequence')
    """
    high = max(found.high, possible)
    if high < margin:
        return Gain(found.mean, found.low, high, found.n, per=per)
    needed = sequences_needed(found, margin)
    if math.isfinite(possible):
        needed = max(needed, math.ceil(found.n * possible / margin))
    return Gain(found.mean, found.low, high, found.n, needed if needed > found.n else None, per)


def of_each(motifs: Sequence[Motif], how: Asking, ask: Callable[[Motif], Answer]) -> list[Answer]:
    """What data say of each motif, in their order; progress is told.

    Parameters
    ----------
    motifs : sequence of Motif
    how : Asking
    ask : callable
        Makes the answer of one.
    """
    answers = []
    with how.progress.stage("test motifs", len(motifs)) as step:
        for i, motif in enumerate(motifs):
            answers.append(how.once(f"motif {i}", partial(ask, motif)))
            step.advance()
    return answers


def judge(answers: Sequence[Answer], alpha: float) -> list[TieTest]:
    """Verdicts of tests that are told in one table, each by its q-value among them.

    Parameters
    ----------
    answers : sequence of Answer
    alpha : float
        Largest q-value that rejects.

    Returns
    -------
    list of TieTest
        In the same order; those of the smallest p-values have their pictures.

    Examples
    --------
    >>> def answer(p):
    ...     test = replace(not_applicable("strand", "a.fa", "both strands are alike", "."), p=p)
    ...     return Answer.of(lambda verdict: replace(test, verdict=verdict), None, margin=0.005)
    >>> [f"{test.verdict}" for test in judge([answer(0.04)], alpha=0.05)]
    ['rejected']
    >>> both = judge([answer(0.04), answer(0.9)], alpha=0.05)
    >>> [f"{test.verdict}" for test in both], both[0].notes[0]
    (['undecided', 'undecided'], 'Of 2 tests together, its q-value is 0.08, which decides.')
    """
    p_values = np.array([one.p for one in answers], np.float64)
    q_values = q_values_of_tested(p_values)
    n_tested = int(np.isfinite(q_values).sum())
    rank = p_values.argsort(kind="stable").argsort()
    found = []
    for one, q, place in zip(answers, q_values.tolist(), rank.tolist(), strict=True):
        test = one.rejected if q <= alpha else one.otherwise
        if n_tested > 1 and np.isfinite(q):
            note = f"Of {counted(n_tested, 'test')} together, its q-value is {q:.3g}, which decides."
            test = replace(test, notes=(*test.notes, note))
        found.append(test if place < _MOST_PICTURED else replace(test, pictures=()))
    return found
