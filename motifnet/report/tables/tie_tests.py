"""Tests of ties as a table and for programs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from motifnet.report.tables.tsv import six_digits, tab_separated
from motifnet.report.tie_test_result import TieTestResult
from motifnet.ties.tested import Effect, Gain, NullDistribution, Picture, TieTest, TieVerdict

_TESTS: Mapping[str, Callable[[TieTest, float], object]] = {
    "hypothesis": lambda test, q: test.hypothesis,
    "subject": lambda test, q: test.subject,
    "verdict": lambda test, q: test.verdict.value,
    "p_value": lambda test, q: six_digits(test.p),
    "q_value": lambda test, q: six_digits(q),
    "statistic": lambda test, q: six_digits(test.statistic),
    "df": lambda test, q: None if test.df is None else six_digits(test.df),
    "method": lambda test, q: test.method,
    "n": lambda test, q: test.n,
}

_EFFECT: Mapping[str, Callable[[Effect], object]] = {
    "effect": lambda effect: effect.name,
    "effect_value": lambda effect: six_digits(effect.value),
    "effect_low": lambda effect: six_digits(effect.low),
    "effect_high": lambda effect: six_digits(effect.high),
    "effect_under_tie": lambda effect: six_digits(effect.under_tie),
    "effect_unit": lambda effect: effect.unit,
}

_GAIN: Mapping[str, Callable[[Gain], object]] = {
    "gain_mean": lambda gain: six_digits(gain.mean),
    "gain_low": lambda gain: six_digits(gain.low),
    "gain_high": lambda gain: six_digits(gain.high),
    "gain_n": lambda gain: gain.n,
    "gain_per": lambda gain: gain.per,
    "gain_n_needed": lambda gain: gain.n_needed,
}


def tie_tests_tsv(result: TieTestResult) -> str:
    """One row for each test, the smallest p-value first.

    Parameters
    ----------
    result : TieTestResult

    Returns
    -------
    str
        A table with a header line; a cell is empty where there is no such number.

    Examples
    --------
    >>> from motifnet.ties.tested import not_applicable
    >>> test = not_applicable("strand", "rna.fa", "both strands are read alike", "RNA has one strand.")
    >>> table = tie_tests_tsv(TieTestResult("rna", "strand", [test]))
    >>> table.splitlines()[1].split("\\t")[:4]
    ['strand', 'rna.fa', 'not applicable', '']
    """
    columns = [*_TESTS, *_EFFECT, *_GAIN, "sentence"]
    return tab_separated(columns, (_row(test, q) for test, q in result.ranked))


def tie_tests_json(result: TieTestResult) -> dict[str, object]:
    """The tests as plain values; what is not finite becomes ``None``, and pictures are named only.

    Parameters
    ----------
    result : TieTestResult

    Returns
    -------
    dict
        How many tests have each verdict, and all that is said of each test, the smallest p-value first.

    Examples
    --------
    >>> from motifnet.ties.tested import not_applicable
    >>> test = not_applicable("strand", "rna.fa", "both strands are read alike", "RNA has one strand.")
    >>> found = tie_tests_json(TieTestResult("rna", "strand", [test]))
    >>> found["n_tests"], found["verdicts"]["not applicable"], found["tests"][0]["p_value"]
    (1, 1, None)
    """
    return {
        "title": result.title,
        "hypothesis": result.hypothesis,
        "n_tests": len(result.tests),
        "verdicts": {verdict.value: result.count(verdict) for verdict in TieVerdict},
        "warnings": list(result.warnings),
        "tests": [_test(test, q) for test, q in result.ranked],
    }


def _row(test: TieTest, q: float) -> list[object]:
    effect = [cell(test.effect) if test.effect else None for cell in _EFFECT.values()]
    gain = [cell(test.gain) if test.gain else None for cell in _GAIN.values()]
    return [*(cell(test, q) for cell in _TESTS.values()), *effect, *gain, test.sentence]


def _test(test: TieTest, q: float) -> dict[str, object]:
    return {
        "hypothesis": test.hypothesis,
        "subject": test.subject,
        "verdict": test.verdict.value,
        "sentence": test.sentence,
        "in_words": test.in_words,
        "fitted": test.fitted,
        "method": test.method,
        "n": int(test.n),
        "p_value": _finite(test.p),
        "q_value": _finite(q),
        "statistic": _finite(test.statistic),
        "df": None if test.df is None else _finite(test.df),
        "effect": test.effect and _effect(test.effect),
        "gain": test.gain and _gain(test.gain),
        "tie": None if test.tie is None else repr(test.tie),
        "notes": list(test.notes),
        "pictures": [_title(picture) for picture in test.pictures],
    }


def _effect(effect: Effect) -> dict[str, object]:
    return {
        "name": effect.name,
        "value": _finite(effect.value),
        "low": _finite(effect.low),
        "high": _finite(effect.high),
        "under_tie": _finite(effect.under_tie),
        "unit": effect.unit,
    }


def _gain(gain: Gain) -> dict[str, object]:
    return {
        "mean": _finite(gain.mean),
        "low": _finite(gain.low),
        "high": _finite(gain.high),
        "n": int(gain.n),
        "n_needed": None if gain.n_needed is None else int(gain.n_needed),
        "per": gain.per,
    }


def _title(picture: Picture) -> str:
    return picture.label if isinstance(picture, NullDistribution) else picture.title


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
