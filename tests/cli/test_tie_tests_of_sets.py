"""Tests of ties of sets: what is asked of files, and of run folders in their place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from motifnet.cli import main
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.io import read_fasta, write_fasta
from motifnet.runs.folder import RunFolder
from motifnet.symbols.background import Background
from tests.cli.test_bad_input import refused

HYPOTHESES = ("strand", "position", "experiments")
SMALL = (
    "-q --max-epochs 1 --n-filters 4 --filter-width 12 --n-motifs 1 --cross-fit-below 0 --test-fraction 0.3"
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A run of two tasks with a split and a seed, a run of another command, and one that was interrupted."""
    folder = tmp_path_factory.mktemp("trained")
    for name, word, seed in (("a", "TGACTCAGC", 1), ("b", "CCGGAAGTG", 2)):
        planted = [Planted(motif_from_word(word), 0.8)]
        made = simulate(planted, Background.from_gc(0.45), n_targets=80, n_controls=0, length=50, seed=seed)
        write_fasta(folder / f"{name}.fa", made.targets)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main(f"train a.fa b.fa -o run --seed 5 {SMALL}".split())
        main(["simulate", "-o", "other", "--motif", "TGACTCAGC", "--n-targets", "50", "--length", "40", "-q"])
    with RunFolder(folder / "stopped").taken(overwrite=False) as run:
        run.begin({}, overwrite=False, resume=False)
        run.save("piece", {"x": 1})
    return folder


@pytest.fixture
def here(trained, tmp_path, monkeypatch) -> Path:
    shutil.copytree(trained, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    for record in (tmp_path / "here").glob("*/run.json"):
        record.write_text(record.read_text().replace(str(trained), str(tmp_path / "here")))
    return tmp_path / "here"


def told_of(folder: Path) -> list[dict]:
    return json.loads((folder / "tests.json").read_text())["tests"]


@pytest.mark.parametrize("hypothesis", HYPOTHESES)
def test_of_a_run_the_tasks_are_asked_and_its_split_judges(hypothesis, here, capsys):
    main(["test", hypothesis, "run", "-o", "out", "-q"])
    tests = told_of(here / "out")
    record = json.loads((here / "out" / "run.json").read_text())
    assert [file["path"] for file in record["inputs"]["run"]] == ["run/run.json"]
    if hypothesis == "experiments":
        (only,) = tests
        assert only["subject"] == "a and b"
        assert only["verdict"] == "rejected"
        assert 30 < only["gain"]["n"] < 80
    else:
        assert {one["subject"] for one in tests} == {"a", "b"}
        assert all(10 < one["gain"]["n"] < 40 for one in tests)
    assert tests[0]["sentence"] in capsys.readouterr().out


def test_options_that_a_run_has_of_its_own_have_no_effect(here, capsys):
    main(["test", "experiments", "run", "-o", "out", "--seed", "3", "--window", "50", "-q"])
    said = capsys.readouterr().err
    for option in ("--seed", "--window"):
        assert f"{option} has no effect, since a run folder is given, which has its own" in said


@pytest.mark.parametrize("hypothesis", HYPOTHESES)
def test_a_folder_of_no_such_run_is_refused(hypothesis, here, capsys):
    (here / "empty").mkdir()
    for folder, sentence in (
        ("empty", "holds no finished run of motifnet"),
        ("stopped", "interrupted; go on with it first"),
        ("other", "is a run of motifnet simulate, which has no tasks with targets of their own"),
    ):
        assert sentence in refused(capsys, ["test", hypothesis, folder, "-o", "out"])
        assert not (here / "out" / "run.json").exists()


def test_one_experiment_is_none(here, capsys):
    said = refused(capsys, ["test", "experiments", "a.fa", "-o", "out"])
    assert said.startswith("InvalidValue: number of experiments is 1; expected two or more: several files")
    said = refused(capsys, ["test", "experiments", "a.fa", "a.fa", "-o", "out"])
    assert "names that differ: each names an experiment" in said


@pytest.mark.parametrize("hypothesis", HYPOTHESES)
def test_too_few_sequences_and_a_level_out_of_reach(hypothesis, here, capsys):
    write_fasta("few.fa", read_fasta("a.fa").select(range(39)))
    given = ["few.fa", "b.fa"] if hypothesis == "experiments" else ["few.fa"]
    assert "at least 40 are needed" in refused(capsys, ["test", hypothesis, *given, "-o", "out"])
    said = refused(capsys, ["test", hypothesis, "a.fa", "b.fa", "-o", "out", "--alpha", "1e-4"])
    assert "--alpha" in said
    assert "0.0001 is not in the range 0.001<=x<0.5" in said
    assert "--margin" in refused(capsys, ["test", hypothesis, "a.fa", "b.fa", "-o", "out", "--margin", "0"])


def test_the_order_of_files_is_of_no_account(here):
    main(["test", "experiments", "a.fa", "b.fa", "-o", "one", "-q"])
    main(["test", "experiments", "b.fa", "a.fa", "-o", "two", "-q"])
    assert told_of(here / "one") == told_of(here / "two")


def test_rna_is_read_on_the_given_strand(here, capsys):
    for name in "ab":
        Path(f"{name}.rna.fa").write_text(
            Path(f"{name}.fa").read_text().replace("T", "U").replace("UARGEU", "TARGET")
        )
    main(["test", "experiments", "a.rna.fa", "b.rna.fa", "-o", "out", "-q"])
    assert json.loads(Path("out/run.json").read_text())["config"]["sites"]["strand"] == "single"
    assert "sequences are of RNA" in capsys.readouterr().err


def test_targets_that_overlap_are_told(here, capsys):
    some = read_fasta("a.fa")
    write_fasta("twice.fa", some)
    with Path("twice.fa").open("a") as handle:
        handle.write(
            "".join(
                f">again{i}\n{'ACGT' * 2}{line[:42]}\n"
                for i, line in enumerate(Path("a.fa").read_text().split()[1:40:2])
            )
        )
    main(["test", "strand", "twice.fa", "-o", "out", "-q"])
    assert "targets of twice overlap others" in capsys.readouterr().err
