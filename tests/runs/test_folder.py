"""The run folder: one run at a time, nothing lost, nothing half-written that looks whole."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from motifnet.errors import FolderInUse, RunExists, UnwritableFolder
from motifnet.io.checkpoint import CheckpointError, load_checkpoint
from motifnet.runs import lock
from motifnet.runs.folder import RunFolder
from tests.runs.killing import killed_at

VERSIONS = {"versions": {"motifnet": "0"}}
NAMES = ("motifs.meme", "motifs.tsv", "logos/1.svg")


def make(folder: RunFolder, text: str, names: tuple[str, ...] = NAMES) -> None:
    """Write some results in a folder that is taken."""
    with folder.results(VERSIONS | {"text": text}) as new:
        for name in names:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_text(text)


def published(path: Path, text: str, names: tuple[str, ...] = NAMES) -> None:
    """Make a run with some results."""
    with RunFolder(path).taken(overwrite=True) as folder:
        make(folder, text, names)


def contents(path: Path) -> dict[str, str]:
    """What the folder shows: all but the hidden work; of the record, what it says of the results."""
    files = [item for item in path.rglob("*") if item.is_file() and ".work" not in item.parts]
    texts = {item.relative_to(path).as_posix(): item.read_text() for item in files}
    if "run.json" in texts:
        texts["run.json"] = json.loads(texts["run.json"])["text"]
    return texts


def run_of(text: str, names: tuple[str, ...] = NAMES) -> dict[str, str]:
    return dict.fromkeys((*names, "run.json"), text)


def test_results_appear_at_once_and_the_work_is_gone(tmp_path: Path):
    published(tmp_path / "run", "a")
    assert contents(tmp_path / "run") == run_of("a")
    assert not (tmp_path / "run" / ".work").exists()
    assert RunFolder(tmp_path / "run").is_finished
    assert sorted(RunFolder(tmp_path / "run").outputs) == sorted([*NAMES, "run.json"])


def test_a_new_run_replaces_what_the_old_one_wrote_and_nothing_else(tmp_path: Path):
    published(tmp_path / "run", "a")
    mine = {"notes.txt": "mine", "pairs.tsv": "mine", "tree.png": "mine", "logos/2.svg": "mine"}
    for name, text in mine.items():
        (tmp_path / "run" / name).write_text(text)
    published(tmp_path / "run", "b", ("motifs.meme", "sites.bed"))
    assert contents(tmp_path / "run") == mine | run_of("b", ("motifs.meme", "sites.bed"))
    published(tmp_path / "run", "c", ())
    assert contents(tmp_path / "run") == mine | run_of("c", ())


def test_a_file_that_no_run_wrote_is_not_replaced(tmp_path: Path):
    published(tmp_path / "run", "a", ("motifs.meme",))
    (tmp_path / "run" / "pairs.tsv").write_text("mine")
    with pytest.raises(RunExists, match=r"holds pairs\.tsv, which no run of motifnet wrote; move it away"):
        published(tmp_path / "run", "b", ("pairs.tsv",))
    assert contents(tmp_path / "run") == run_of("a", ("motifs.meme",)) | {"pairs.tsv": "mine"}
    assert not (tmp_path / "run" / ".work").exists()


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "logos/../../outside.txt", ".work/x"])
def test_a_record_cannot_name_files_elsewhere(tmp_path: Path, name: str):
    published(tmp_path / "run", "a")
    record = tmp_path / "run" / "run.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"outputs": [name, "motifs.meme"]}))
    assert RunFolder(tmp_path / "run").outputs == ["motifs.meme", "run.json"]


def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "1.svg").write_text("kept")
    published(tmp_path / "run", "a")
    shutil.rmtree(tmp_path / "run" / "logos")
    (tmp_path / "run" / "logos").symlink_to(elsewhere)
    with pytest.raises(RunExists, match="holds logos, which no run of motifnet wrote"):
        published(tmp_path / "run", "b")
    published(tmp_path / "run", "c", ("motifs.meme",))
    assert (elsewhere / "1.svg").read_text() == "kept"


def test_a_publication_is_not_finished_through_a_link(tmp_path: Path):
    """That was put there after the run had looked."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1.svg").write_text("kept")
    path = tmp_path / "run"
    published(path, "a", ("motifs.meme",))
    for n in range(100):
        killed_at(n, lambda: published(path, "b"))
        if (path / ".work" / "publication.json").exists() and not (path / "logos").exists():
            break
    (path / "logos").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnwritableFolder, match="it is a link"):
        RunFolder(path).complete()
    assert (tmp_path / "elsewhere" / "1.svg").read_text() == "kept"
    (path / "logos").unlink()
    RunFolder(path).complete()
    assert contents(path) == run_of("b")


def test_a_run_folder_may_be_a_link(tmp_path: Path):
    """To a disk with more room, for example."""
    (tmp_path / "roomy").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "roomy")
    published(tmp_path / "run", "a")
    published(tmp_path / "run", "b", ("motifs.meme",))
    assert contents(tmp_path / "roomy") == run_of("b", ("motifs.meme",))
    assert (tmp_path / "run").is_symlink()


def test_what_a_job_cannot_read_is_not_said_to_be_unwritable(tmp_path: Path):
    def fail() -> None:
        with RunFolder(tmp_path / "run").taken(overwrite=False) as folder, folder.results(VERSIONS):
            (tmp_path / "no font").read_bytes()

    with pytest.raises(FileNotFoundError, match="no font"):
        fail()


def test_a_folder_of_other_files_is_refused(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RunExists, match="files that are no run of motifnet"):
        published(tmp_path, "a")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_run_that_fails_leaves_nothing(tmp_path: Path):
    def fail() -> None:
        with (
            RunFolder(tmp_path / "a" / "b").taken(overwrite=False) as folder,
            folder.results(VERSIONS) as new,
        ):
            (new / "half.txt").write_text("half")
            raise ValueError("in the midst")

    with pytest.raises(ValueError, match="in the midst"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_differs_in_a_resumed_run_is_named(tmp_path: Path, caplog):
    with RunFolder(tmp_path / "run").taken(overwrite=False) as run:
        run.begin({"--seed": "1", "sequences": "abc"}, overwrite=False, resume=False)
        run.save("piece", {"x": 1})
    with RunFolder(tmp_path / "run").taken(overwrite=False, resume=True) as run:
        with pytest.raises(RunExists, match="differs in --seed; resume with the same"):
            run.begin({"--seed": "2", "sequences": "abc"}, overwrite=False, resume=True)
        run.begin({"--seed": "1", "sequences": "abc"}, overwrite=False, resume=True)
        assert run.load("piece")["x"] == 1
        run.begin({"--seed": "2", "sequences": "abc"}, overwrite=True, resume=True)
        assert "differs in --seed; this one begins again" in caplog.text
        assert run.load("piece") is None
        make(run, "b")
    assert contents(tmp_path / "run") == run_of("b")
    assert not (tmp_path / "run" / ".work").exists()


def test_a_run_that_was_to_replace_another_can_be_gone_on_with(tmp_path: Path):
    published(tmp_path / "run", "a")
    with RunFolder(tmp_path / "run").taken(overwrite=True) as run:
        run.begin({"--seed": "b"}, overwrite=True, resume=False)
        run.save("piece", {"x": 1})
    with pytest.raises(RunExists, match="--resume --overwrite"):
        RunFolder(tmp_path / "run").taken(overwrite=False, resume=True).__enter__()
    with RunFolder(tmp_path / "run").taken(overwrite=True, resume=True):
        pass
    assert contents(tmp_path / "run") == run_of("a")


def test_a_damaged_piece_of_an_interrupted_run_is_made_again_and_said(tmp_path: Path, caplog):
    with RunFolder(tmp_path).taken(overwrite=False) as run:
        run.begin({"--seed": "1"}, overwrite=False, resume=False)
        run.save("piece", {"x": 1})
    piece = tmp_path / ".work" / "piece.pt"
    raw = bytearray(piece.read_bytes())
    raw[raw.index(b"version")] ^= 1
    piece.write_bytes(raw)
    with pytest.raises(CheckpointError):
        load_checkpoint(piece, "piece")
    with RunFolder(tmp_path).taken(overwrite=False, resume=True) as run:
        assert run.load("piece") is None
    assert "it is made again" in caplog.text


# One live run a folder


def test_a_second_run_is_told_of_the_first(tmp_path: Path):
    with RunFolder(tmp_path / "run").taken(overwrite=False) as first:
        first.begin({}, overwrite=False, resume=False)
        for how in ({}, {"overwrite": True}, {"overwrite": True, "resume": True}):
            with pytest.raises(
                FolderInUse, match=rf"in use by another run, process {os.getpid()} on .* for 0 min"
            ):
                RunFolder(tmp_path / "run").taken(**({"overwrite": False} | how)).__enter__()
        make(first, "a")
    assert contents(tmp_path / "run") == run_of("a")


HOLD = """
import sys, time
from motifnet.runs.folder import RunFolder
from tests.runs.killing import killed_at
with RunFolder(sys.argv[1]).taken(overwrite=False) as run:
    run.begin({}, overwrite=False, resume=False)
    run.save("piece", {"x": 1})
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_of_a_dead_run_is_taken_over(tmp_path: Path):
    path = tmp_path / "run"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FolderInUse, match=rf"process {holder.pid} on"):
            RunFolder(path).taken(overwrite=True, resume=True).__enter__()
        holder.send_signal(signal.SIGKILL)
    assert RunFolder(path).is_interrupted
    published(path, "b")
    assert contents(path) == run_of("b")


@pytest.mark.parametrize(
    ("owner", "is_free"),
    [
        ({"pid": os.getpid()}, False),
        ({"pid": 2**22 + 1}, True),
        ({"pid": 2**22 + 1, "host": "another"}, False),
        (None, False),
    ],
)
def test_without_locks_of_the_file_system_the_record_of_the_owner_counts(
    tmp_path: Path, monkeypatch, owner, is_free
):
    def unsupported(*_):
        raise OSError(lock.errno.ENOLCK, "no locks")

    monkeypatch.setattr(lock.fcntl, "flock", unsupported)
    (tmp_path / ".work").mkdir()
    told = {"host": lock.socket.gethostname(), "since": time.time() - 7200, "command": "motifnet train x"}
    (tmp_path / ".work" / "lock").write_text("" if owner is None else json.dumps(told | owner))
    if is_free:
        published(tmp_path, "a")
    else:
        told = r"for 2 hours \(motifnet train x\)" if owner else "which has just begun"
        with pytest.raises(FolderInUse, match=f"{told}; if that is dead, remove"):
            published(tmp_path, "a")
        long_ago = time.time() - 7200
        os.utime(tmp_path / ".work" / "lock", (long_ago, long_ago))
        if owner is None:  # it died before it wrote its name
            published(tmp_path, "a")


# A run that is killed


def test_a_run_that_is_killed_at_any_step_leaves_the_old_run_or_the_new_one(tmp_path: Path):
    """And the next run is welcome, in a folder with a run as in a new one."""
    ends = set()
    for n in range(200):
        path = tmp_path / str(n)
        published(path, "a")
        (path / "notes.txt").write_text("mine")
        died = killed_at(n, lambda path=path: published(path, "b", ("motifs.meme", "new/x/deep.txt")))
        with RunFolder(path).taken(overwrite=True):
            pass
        shown = contents(path)
        assert shown.pop("notes.txt") == "mine"
        assert shown in (run_of("a"), run_of("b", ("motifs.meme", "new/x/deep.txt")))
        assert not (path / ".work").exists()
        ends.add(shown["run.json"])
        published(path, "c")
        shown = contents(path)
        assert shown.pop("notes.txt") == "mine"
        assert shown == run_of("c")
        if not died:
            break
    assert ends == {"a", "b"}
    assert 20 < n < 199


def test_a_first_run_that_is_killed_at_any_step_leaves_room_for_the_next(tmp_path: Path):
    for n in range(200):
        path = tmp_path / str(n)
        died = killed_at(n, lambda path=path: published(path, "a"))
        published(path, "b")
        assert contents(path) == run_of("b")
        if not died:
            break
    assert 15 < n < 199


def test_what_a_killed_run_published_is_finished_before_it_is_read(tmp_path: Path):
    n_mended = 0
    for n in range(200):
        path = tmp_path / str(n)
        published(path, "a")
        died = killed_at(n, lambda path=path: published(path, "b"))
        n_mended += (path / ".work" / "publication.json").exists()
        RunFolder(path).complete()
        assert contents(path) in (run_of("a"), run_of("b"))
        if not died:
            break
    assert n_mended > 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_results_are_in_their_place(tmp_path: Path, monkeypatch, number):
    published(tmp_path / "run", "a")
    replace = os.replace

    def disturbed(source, target):
        if Path(source).name == "motifs.meme":
            signal.raise_signal(number)
        replace(source, target)

    class Ended(BaseException):
        pass

    def end(*_):
        raise Ended

    usual = signal.signal(number, end)
    try:
        with RunFolder(tmp_path / "run").taken(overwrite=True) as folder:
            monkeypatch.setattr(os, "replace", disturbed)
            with pytest.raises(Ended):
                make(folder, "b")
    finally:
        signal.signal(number, usual)
    assert contents(tmp_path / "run") == run_of("b")


def test_a_signal_between_the_making_of_a_lock_and_its_holding_leaves_nothing(tmp_path: Path, monkeypatch):
    made = lock._opened

    def interrupted(path: Path):
        made(path)
        raise KeyboardInterrupt

    monkeypatch.setattr(lock, "_opened", interrupted)
    with pytest.raises(KeyboardInterrupt), lock.locked(tmp_path / "lock", tmp_path):
        pass
    assert not (tmp_path / "lock").exists()


def test_the_lock_of_another_run_that_has_just_begun_stays(tmp_path: Path):
    path = tmp_path / "lock"
    with open(path, "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(FolderInUse, match="which has just begun"), lock.locked(path, tmp_path):
            pass
        assert path.exists()
