"""What several tests have in common: they are judged together, so that of many the q-value decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from motifnet.motifs import Motif
from motifnet.progress import Progress
from motifnet.stats.multiple import q_values_of_tested
from motifnet.ties.tested import TieTest, not_applicable
from motifnet.wording import counted

_MOST_PICTURED = 30  # tests, those of the smallest p-values: pages with more pictures are slow


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
    """

    subject: str
    held_out: np.ndarray | None
    seed: int
    alpha: float
    margin: float
    progress: Progress


@dataclass(frozen=True)
class Answer:
    """What data say of a tie, before it is known what else was asked.

    Parameters
    ----------
    p : float
        NaN where the test does not apply.
    told : callable
        The test with its verdict, from the q-value that decides.
    """

    p: float
    told: Callable[[float], TieTest]

    @classmethod
    def none(cls, hypothesis: str, subject: str, in_words: str, reason: str, *, n: int = 0) -> Answer:
        """That a test does not apply: see :func:`~motifnet.ties.tested.not_applicable`."""
        test = not_applicable(hypothesis, subject, in_words, reason, n=n)
        return cls(test.p, lambda q: test)


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
        for motif in motifs:
            answers.append(ask(motif))
            step.advance()
    return answers


def judge(answers: Sequence[Answer]) -> list[TieTest]:
    """Verdicts of tests that are told in one table, each by its q-value among them.

    Parameters
    ----------
    answers : sequence of Answer

    Returns
    -------
    list of TieTest
        In the same order; those of the smallest p-values have their pictures.

    Examples
    --------
    >>> from motifnet.ties.tested import decide
    >>> def answer(p):
    ...     test = replace(not_applicable("strand", "a.fa", "both strands are alike", "."), p=p)
    ...     verdict = lambda q: decide(q, None, alpha=0.05, margin=0.005)
    ...     return Answer(p, lambda q: replace(test, verdict=verdict(q)))
    >>> [f"{test.verdict}" for test in judge([answer(0.04)])]
    ['rejected']
    >>> both = judge([answer(0.04), answer(0.9)])
    >>> [f"{test.verdict}" for test in both], both[0].notes[0]
    (['undecided', 'undecided'], 'Of 2 tests together, its q-value is 0.08, which decides.')
    """
    p_values = np.array([one.p for one in answers], np.float64)
    q_values = q_values_of_tested(p_values)
    n_tested = int(np.isfinite(q_values).sum())
    rank = p_values.argsort(kind="stable").argsort()
    found = []
    for one, q, place in zip(answers, q_values.tolist(), rank.tolist(), strict=True):
        test = one.told(q)
        if n_tested > 1 and np.isfinite(q):
            note = f"Of {counted(n_tested, 'test')} together, its q-value is {q:.3g}, which decides."
            test = replace(test, notes=(*test.notes, note))
        found.append(test if place < _MOST_PICTURED else replace(test, pictures=()))
    return found
