"""Every run is published whole: killed at any step, it leaves the old run or the new one."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from motifnet.cli import main
from motifnet.runs.folder import RunFolder
from tests.cli.calls import CALLS, MAKES_RUN, PYTHON, state
from tests.runs.killing import killed_at


def without_times(folder: Path) -> dict[str, str]:
    """Results by content, but of the record, and of pages that show it, only that they are there."""
    results = {name: digest for name, digest in state(folder).items() if not name.startswith(".work/")}
    return results | dict.fromkeys(results.keys() & {"run.json", "report.html"}, "there")


@pytest.mark.parametrize("name", MAKES_RUN)
def test_a_killed_publication_of_every_command(here: Path, tmp_path: Path, monkeypatch, name: str):
    call = CALLS[name]
    main(call.of())
    old = without_times(here / "out")
    publish = RunFolder._publish

    def kept_aside(folder: RunFolder, names: list[str]) -> None:
        shutil.copytree(folder.path, tmp_path / "ready")
        (tmp_path / "names.json").write_text(json.dumps(names))
        publish(folder, names)

    monkeypatch.setattr(RunFolder, "_publish", kept_aside)
    main([*call.of(), *call.other.split(), "--overwrite"])
    monkeypatch.undo()
    new = without_times(here / "out")
    names = json.loads((tmp_path / "names.json").read_text())
    assert old != new
    ends = []
    for n in range(400):
        folder = shutil.copytree(tmp_path / "ready", tmp_path / "tried" / str(n) / "out")
        died = killed_at(n, lambda folder=folder: RunFolder(folder)._publish(names))
        with RunFolder(folder).taken(overwrite=True):
            pass
        found = without_times(folder)
        assert found in (old, new), f"step {n}"
        assert RunFolder(folder).is_finished
        ends.append(found == new)
        shutil.rmtree(folder)
        if not died:
            break
    assert ends[0] is False
    assert ends[-1] is True
    assert ends == sorted(ends)
    assert 2 * len(names) < n < 399


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKES_RUN)
def test_a_command_that_is_killed_at_any_time(here: Path, name: str):
    """The old run or the new one is there, and the next run works."""
    line = [*PYTHON, *CALLS[name].of(), "--overwrite"]
    began = time.monotonic()
    subprocess.run(line, check=True, capture_output=True)
    took = time.monotonic() - began
    rng = random.Random(1)
    for _ in range(12):
        with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            time.sleep(rng.uniform(0.3, 1.1) * took)
            running.kill()
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert not (here / "out" / ".work").exists()
        assert RunFolder(here / "out").is_finished
