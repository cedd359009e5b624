"""The run folder: nothing is lost that was not meant to be, and nothing half-written looks whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from motifnet.errors import RunExists
from motifnet.runs import folder as module
from motifnet.runs.folder import Output, RunFolder

FINISHED = '{"versions": {"motifnet": "0"}}'


def published(path: Path, text: str, names: tuple[str, ...] = ("motifs.meme", "motifs.tsv")) -> None:
    """Make a run with some results."""
    run = RunFolder(path)
    run.begin({"--seed": text}, overwrite=True, resume=False)
    with run.results() as new:
        for name in names:
            (new / name).write_text(text)
        (new / "logos").mkdir()
        (new / "logos" / "1.svg").write_text(text)
        (new / "run.json").write_text(FINISHED)


def contents(path: Path) -> dict[str, str]:
    """What the folder shows: all but the hidden work."""
    files = [item for item in path.rglob("*") if item.is_file() and ".work" not in item.parts]
    return {str(item.relative_to(path)): item.read_text() for item in files}


def test_results_appear_at_once_and_the_work_is_gone(tmp_path: Path):
    published(tmp_path / "run", "a")
    assert contents(tmp_path / "run").keys() == {"motifs.meme", "motifs.tsv", "logos/1.svg", "run.json"}
    assert RunFolder(tmp_path / "run").is_finished


def test_a_new_run_replaces_the_old_one_whole_and_nothing_else(tmp_path: Path):
    published(tmp_path / "run", "a")
    (tmp_path / "run" / "notes.txt").write_text("mine")
    published(tmp_path / "run", "b", names=("motifs.meme",))
    found = contents(tmp_path / "run")
    assert found.pop("notes.txt") == "mine"
    assert found == {"motifs.meme": "b", "logos/1.svg": "b", "run.json": FINISHED}


@pytest.mark.parametrize("fails_at", range(2 * len(Output)))
def test_an_interrupt_while_results_are_moved_leaves_the_old_run(tmp_path: Path, monkeypatch, fails_at):
    published(tmp_path / "run", "a")
    before = contents(tmp_path / "run")
    replace, moves = module.os.replace, iter(range(10**6))

    def interrupted(source, target):
        is_result = Path(source).name in set(Output)
        if is_result and next(moves) == fails_at:
            raise KeyboardInterrupt
        replace(source, target)

    run = RunFolder(tmp_path / "run")
    run.begin({"--seed": "b"}, overwrite=True, resume=False)
    monkeypatch.setattr(module.os, "replace", interrupted)
    try:
        with run.results() as new:
            for name in ("motifs.meme", "motifs.tsv", "run.json"):
                (new / name).write_text(FINISHED)
            (new / "logos").mkdir()
    except KeyboardInterrupt:
        assert contents(tmp_path / "run") == before
        assert run.is_interrupted
    else:
        assert fails_at >= 8


def test_a_link_in_the_place_of_a_result_is_replaced_not_followed(tmp_path: Path):
    published(tmp_path / "run", "a")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_text("kept")
    (tmp_path / "run" / "report.html").symlink_to(elsewhere)
    published(tmp_path / "run", "b")
    assert (elsewhere / "kept.txt").read_text() == "kept"
    assert not (tmp_path / "run" / "report.html").is_symlink()


def test_what_differs_in_a_resumed_run_is_named(tmp_path: Path):
    run = RunFolder(tmp_path / "run")
    run.begin({"--seed": "1", "sequences": "abc"}, overwrite=False, resume=False)
    run.save("piece", {"x": 1})
    with pytest.raises(RunExists, match="differs in --seed; resume with the same"):
        run.begin({"--seed": "2", "sequences": "abc"}, overwrite=False, resume=True)
    run.begin({"--seed": "1", "sequences": "abc"}, overwrite=False, resume=True)
    assert run.load("piece")["x"] == 1
    run.begin({"--seed": "2", "sequences": "abc"}, overwrite=True, resume=True)
    assert run.load("piece") is None


def test_a_run_that_was_to_replace_another_can_be_gone_on_with(tmp_path: Path):
    published(tmp_path / "run", "a")
    run = RunFolder(tmp_path / "run")
    run.begin({"--seed": "b"}, overwrite=True, resume=False)
    with pytest.raises(RunExists, match="--resume --overwrite"):
        run.check(overwrite=False, resume=True)
    run.check(overwrite=True, resume=True)
