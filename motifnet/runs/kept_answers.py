"""Answers of tests that are finished, kept so that a run that was interrupted goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch

from motifnet.hypotheses.judging import Answer
from motifnet.ties.tested import (
    Effect,
    Gain,
    Histogram,
    Intervals,
    NullDistribution,
    TieTest,
    TieVerdict,
    Trends,
)
from motifnet.ties.tie import Tie
from motifnet.training.workspace import Workspace

_TUPLES = {one.__name__: one for one in (Effect, Gain, NullDistribution, Histogram, Trends, Intervals)}
_TIE, _DICT = "Tie", "dict"


@dataclass(frozen=True)
class KeptAnswers:
    """The answers of one set of sequences: what finds them again, or makes and keeps them.

    Parameters
    ----------
    workspace : Workspace
    name : str
        Of the set, unlike those of others.

    Examples
    --------
    >>> from motifnet.training.workspace import Forgetful
    >>> made = lambda: Answer.none("strand", "a.fa", "both strands are alike", "RNA has one strand.")
    >>> KeptAnswers(Forgetful(), "set 0")("strand", made).otherwise.sentence
    'RNA has one strand.'
    """

    workspace: Workspace
    name: str

    def __call__(self, what: str, make: Callable[[], Answer]) -> Answer:
        """The answer of that name."""
        name = f"{self.name}, {what}"
        kept = self.workspace.load(name)
        if kept is not None:
            return Answer(_test(kept["rejected"]), _test(kept["otherwise"]))
        answer = make()
        self.workspace.save(
            name, {"rejected": _plain_test(answer.rejected), "otherwise": _plain_test(answer.otherwise)}
        )
        return answer


def _plain_test(test: TieTest) -> dict[str, Any]:
    return {field.name: _plain(getattr(test, field.name)) for field in fields(test)}


def _test(kept: dict[str, Any]) -> TieTest:
    values = {name: _made(value) for name, value in kept.items()}
    return TieTest(**values | {"verdict": TieVerdict(values["verdict"])})


def _plain(value: object) -> object:
    """A value as a checkpoint takes it: tensors, numbers, text, lists, and dicts that say what they are."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Tie):
        return {"kind": _TIE, "text": repr(value)}
    if isinstance(value, dict):
        return {"kind": _DICT, "fields": {name: _plain(one) for name, one in value.items()}}
    if type(value).__name__ in _TUPLES and isinstance(value, tuple):
        named = zip(type(value)._fields, value, strict=True)  # type: ignore[attr-defined]
        return {"kind": type(value).__name__, "fields": {name: _plain(one) for name, one in named}}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, TieVerdict) else value


def _made(kept: Any) -> Any:
    """The value that was made plain; lists are tuples."""
    if isinstance(kept, torch.Tensor):
        return kept.numpy()
    if isinstance(kept, list):
        return tuple(_made(one) for one in kept)
    if not isinstance(kept, dict):
        return kept
    if kept["kind"] == _TIE:
        return Tie.parse(kept["text"])
    values = {name: _made(one) for name, one in kept["fields"].items()}
    return values if kept["kind"] == _DICT else _TUPLES[kept["kind"]](**values)
