"""Tests that stand in one table are judged together."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from motifnet.hypotheses.judging import Answer, judge
from motifnet.ties.tested import Intervals, TieVerdict, not_applicable

PICTURE = Intervals(["a"], np.zeros((1, 3)), 0.0, "nats", "what is seen")


def answer(p: float) -> Answer:
    test = replace(not_applicable("strand", "a.fa", "both strands are alike", "."), p=p, pictures=(PICTURE,))
    return Answer.of(lambda verdict: replace(test, verdict=verdict), None, margin=0.005)


def verdicts(answers: list[Answer]) -> list[TieVerdict]:
    return [test.verdict for test in judge(answers, alpha=0.05)]


@pytest.mark.parametrize("seed", range(3))
def test_the_q_value_decides(seed):
    p_values = np.random.default_rng(seed).uniform(0, 0.2, 20)
    expected = false_discovery_control(p_values) <= 0.05
    found = verdicts([answer(p) for p in p_values])
    assert [verdict is TieVerdict.REJECTED for verdict in found] == expected.tolist()


def test_what_does_not_apply_counts_for_nothing():
    none = Answer.none("strand", "rna.fa", "both strands are alike", "RNA has one strand.", n=7)
    assert verdicts([none, answer(0.04), none]) == [
        TieVerdict.NOT_APPLICABLE,
        TieVerdict.REJECTED,
        TieVerdict.NOT_APPLICABLE,
    ]
    alone, *_ = judge([none], alpha=0.05)
    assert alone.n == 7
    assert not alone.notes


def test_of_several_it_is_told_what_decided():
    assert judge([answer(0.04)], alpha=0.05)[0].notes == ()
    first, second = judge([answer(0.04), answer(0.9)], alpha=0.05)
    assert first.notes[-1] == "Of 2 tests together, its q-value is 0.08, which decides."
    assert second.notes[-1] == "Of 2 tests together, its q-value is 0.9, which decides."


def test_the_smallest_p_values_are_pictured():
    found = judge([answer(p) for p in np.linspace(0.9, 0.1, 40)], alpha=0.05)
    assert [bool(test.pictures) for test in found] == [False] * 10 + [True] * 30
