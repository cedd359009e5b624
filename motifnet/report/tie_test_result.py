"""What a run of ``motifnet test`` found: what its page and its tables are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from motifnet.stats.multiple import q_values_of_tested
from motifnet.ties.tested import TieTest, TieVerdict


@dataclass(frozen=True)
class TieTestResult:
    """What a run of ``motifnet test`` found.

    Parameters
    ----------
    title : str
        Of the run.
    hypothesis : str
        Name in :data:`~motifnet.hypotheses.registry.HYPOTHESES`.
    tests : sequence of TieTest
        In any order.
    warnings : sequence of str
    record : mapping
        How to run the same again.

    Examples
    --------
    >>> from motifnet.ties.tested import not_applicable
    >>> test = not_applicable("strand", "rna.fa", "both strands are read alike", "RNA has one strand.")
    >>> found = TieTestResult("rna", "strand", [test])
    >>> found.q.tolist(), found.count(TieVerdict.NOT_APPLICABLE)
    ([nan], 1)
    """

    title: str
    hypothesis: str
    tests: Sequence[TieTest]
    warnings: Sequence[str] = ()
    record: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def q(self) -> np.ndarray:
        """By Benjamini and Hochberg, over the tests that apply, ``shape=(n_tests,)``; NaN of the others."""
        return q_values_of_tested(np.array([test.p for test in self.tests], np.float64))

    @cached_property
    def ranked(self) -> list[tuple[TieTest, float]]:
        """The tests, each with its q-value: the smallest p-value first, those that do not apply last."""
        pairs = zip(self.tests, self.q.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: _order(pair[0]))

    @property
    def in_order(self) -> list[TieTest]:
        """The tests as :attr:`ranked` has them."""
        return [test for test, _ in self.ranked]

    def count(self, verdict: TieVerdict) -> int:
        """Tests with a verdict."""
        return sum(test.verdict is verdict for test in self.tests)


def _order(test: TieTest) -> tuple[float, float]:
    """By p-value, then the strongest effect first; what has neither comes last."""
    strength = abs(test.effect.value - test.effect.under_tie) if test.effect else math.nan
    p = test.p if math.isfinite(test.p) else math.inf
    return p, -strength if math.isfinite(strength) else math.inf
