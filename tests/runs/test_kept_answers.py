"""Answers of tests are kept as they are, and an interrupted run asks only what is left."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.hypotheses import model_test, palindrome_test, strand_test
from motifnet.hypotheses.judging import Answer
from motifnet.runs.folder import RunFolder
from motifnet.runs.kept_answers import KeptAnswers
from motifnet.ties import TIES
from tests.cli.calls import write_inputs
from tests.report.tested_ties import found_tie, pictures


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, (tuple, list)):
        alike = hasattr(one, "_fields") == hasattr(other, "_fields") and len(one) == len(other)
        return alike and all(map(same, one, other))
    return one == other or (one != one and other != other)


def test_an_answer_is_kept_as_it_is(tmp_path: Path):
    test = replace(found_tie(), pictures=pictures(), tie=TIES["palindrome"](7), notes=("one", "two"))
    bare = replace(found_tie(p=0.001, gain=None), df=None, effect=None)
    with RunFolder(tmp_path / "run").taken(overwrite=False) as folder:
        first = KeptAnswers(folder, "set 0")("strand", lambda: Answer(test, bare))
        found = KeptAnswers(folder, "set 0")("strand", pytest.fail)
    for made, kept in ((first.rejected, found.rejected), (first.otherwise, found.otherwise)):
        for field in fields(made):
            assert same(getattr(made, field.name), getattr(kept, field.name)), field.name


class _Counted:
    """Calls a function, and is interrupted after so many calls."""

    def __init__(self, owner: object, name: str, most: int) -> None:
        self.owner, self.name, self.function, self.most, self.calls = (
            owner,
            name,
            getattr(owner, name),
            most,
            0,
        )

    def __call__(self, *given: object, **named: object) -> object:
        if self.calls == self.most:
            raise KeyboardInterrupt
        self.calls += 1
        return self.function(*given, **named)


@contextmanager
def counted(owner: object, name: str, most: int = 99):
    calls = _Counted(owner, name, most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, lambda *given, **named: calls(*given, **named))
        yield calls


def stopped(command: list[str]) -> object:
    with pytest.raises(SystemExit) as stop:
        main(command)
    return stop.value.code


TRAIN = (
    "train s.fa -o trained -q --max-epochs 1 --n-filters 2 --filter-width 8 --n-motifs 1 --cross-fit-below 0"
)
MODEL = "test model trained --untie strand --untie position --n-seeds 2"


@pytest.mark.parametrize(
    ("command", "owner", "name", "n_done", "n_all"),
    [
        ("test palindrome m.meme s.fa", palindrome_test, "_asked", 1, 2),
        ("test strand s.fa again.fa", strand_test, "_learnt", 1, 2),
        (MODEL, model_test._Fitted, "__call__", 5, 12),
    ],
)
def test_an_interrupted_run_asks_what_is_left(
    command, owner, name, n_done, n_all, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    write_inputs(tmp_path)
    (tmp_path / "again.fa").write_text((tmp_path / "s.fa").read_text())
    command = [*command.split(), "-q"]
    main([*command, "-o", "whole"])
    with counted(owner, name, n_done):
        assert stopped([*command, "-o", "run"]) == 130
    assert "go on with --resume" in capsys.readouterr().err
    with counted(owner, name) as calls:
        main([*command, "-o", "run", "--resume", "--threads", "1"])
    assert calls.calls == n_all - n_done
    run, whole = (json.loads(Path(folder, "tests.json").read_text())["tests"] for folder in ("run", "whole"))
    assert run == whole


def test_another_test_or_motif_file_is_another_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_inputs(tmp_path)
    command = ["test", "palindrome", "m.meme", "s.fa", "-o", "run", "-q"]
    with counted(palindrome_test, "_asked", 1):
        assert stopped(command) == 130
    assert stopped(["test", "emissions", *command[2:], "--resume"]) == 2
    assert "differs in job" in capsys.readouterr().err
    motifs = tmp_path / "m.meme"
    motifs.write_text(motifs.read_text() + "\n")
    assert stopped([*command, "--resume"]) == 2
    assert "differs in file of motifs" in capsys.readouterr().err
