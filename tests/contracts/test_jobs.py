"""The contract of jobs: each makes a run whose record is whole, and which leads back to what it was made of.

Jobs are found in their registry, and are run by the short calls of all commands, so that a new one is
tried without an edit here.
"""

import pkgutil
import shlex
import shutil
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

from motifnet import __version__, runs
from motifnet.cli import main
from motifnet.config.stage import Config
from motifnet.errors import ChangedInput, MissingFile, NotOfRun
from motifnet.io.text import sha256
from motifnet.motifs import Motif
from motifnet.runs.job import JOBS, RunData
from motifnet.runs.reading import read_run
from tests.cli.calls import CALLS, write_inputs

for _module in pkgutil.iter_modules(runs.__path__):
    import_module(f"{runs.__name__}.{_module.name}")


@pytest.fixture(scope="module", params=list(JOBS))
def job(request):
    return request.param


@pytest.fixture(scope="module")
def folder(job, tmp_path_factory):
    """The inputs, and a run that was made from within their folder."""
    path = tmp_path_factory.mktemp(job)
    write_inputs(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        main(CALLS[job].of("run"))
    return path


@pytest.fixture
def run(folder):
    return read_run(folder / "run")


def test_jobs_are_found():
    assert len(JOBS) >= 7
    assert set(JOBS) <= set(CALLS), "a job without a short call in tests/cli/calls.py"


def test_its_record_is_whole(job, folder, run):
    record = run.record
    assert (run.job, record["job"]) == (job, job)
    assert record["directory"] == str(folder)
    assert record["versions"]["motifnet"] == __version__
    assert shlex.split(record["command"])[0] == "motifnet"
    assert record["seconds"]
    assert all(seconds >= 0 for seconds in record["seconds"].values())
    assert record["finished"]


def test_its_options_are_those_of_the_record(job, run):
    assert issubclass(JOBS[job].config, Config)
    assert type(run.config) is JOBS[job].config
    assert run.config.model_dump(mode="json") == run.record["config"]
    assert JOBS[job].config.model_validate_json(run.config.model_dump_json()) == run.config


def test_its_inputs_are_those_of_the_call(job, folder, run):
    named = [file["path"] for files in run.record["inputs"].values() for file in files]
    assert sorted(named) == sorted(CALLS[job].inputs)
    for role, files in run.record["inputs"].items():
        assert [path.name for path in run.inputs[role]] == [Path(file["path"]).name for file in files]
        for file in files:
            # That of a genome would take too long: what was read of it has one.
            assert file.get("sha256", sha256(folder / file["path"])) == sha256(folder / file["path"])
            assert ("sha256" in file) == (role != "genome")
            assert file["bytes"] == (folder / file["path"]).stat().st_size


def test_what_it_has_is_read_again_and_what_it_has_not_is_said(job, run):
    data = run.data
    assert isinstance(data, RunData)
    for what, there in (("targets", data.targets), ("controls", data.controls)):
        if there is None:
            with pytest.raises(NotOfRun, match=f"is a run of motifnet {job}, which has no {what}"):
                getattr(run, what)
        else:
            assert getattr(run, what) is there
    if JOBS[job].read_model is None:
        with pytest.raises(NotOfRun, match=f"is a run of motifnet {job}, which has no model"):
            _ = run.model
    else:
        assert run.model is not None
    with suppress(NotOfRun):
        assert all(isinstance(motif, Motif) for motif in run.motifs)


def test_an_input_that_has_changed_or_is_gone_is_named(folder, tmp_path, monkeypatch):
    shutil.copytree(folder, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    record = tmp_path / "copy" / "run" / "run.json"
    record.write_text(record.read_text().replace(str(folder), str(tmp_path / "copy")))
    for role, files in read_run("run").record["inputs"].items():
        path = tmp_path / "copy" / files[0]["path"]
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        with pytest.raises(ChangedInput, match=f"{path.name} has changed since the run read it as {role}"):
            _ = read_run("run").inputs[role]
        path.unlink()
        with pytest.raises(
            MissingFile, match=f"file that the run read as {role} .*{path.name} does not exist"
        ):
            _ = read_run("run").inputs[role]
        path.write_bytes(before)
