"""Tests of ties of motifs: what cannot be asked is refused in one line, and nothing is written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from motifnet.cli import main
from motifnet.datasets.simulate import motif_from_word
from motifnet.io.motif_files import write_meme
from tests.cli.calls import CALLS, write_inputs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_inputs(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys: pytest.CaptureFixture, arguments: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(arguments.split())
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [line for line in said.splitlines() if line.strip()][-1]


def rows_of(folder: Path) -> list[dict[str, str]]:
    with open(folder / "tests.tsv") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


ORIENTATION = "test orientation m.meme s.bed --genome g.fa --window 0 -o out -q"


def test_anchors_are_needed_and_need_a_strand(folder, capsys):
    assert "--anchor" in refused(capsys, ORIENTATION)
    (folder / "bare.bed").write_text("chr1\t10\t11\nchr1\t90\t91\n")
    said = refused(capsys, f"{ORIENTATION} --anchor bare.bed")
    assert "bare.bed" in said
    assert "strand" in said
    assert not (folder / "out").exists()


@pytest.mark.parametrize(("name", "needed"), [("palindrome", 20), ("emissions", 40)])
def test_too_few_sequences_are_refused_with_the_number_needed(folder, capsys, name, needed):
    text = (folder / "s.fa").read_text().split(">")[1:8]
    (folder / "few.fa").write_text("".join(f">{one}" for one in text))
    said = refused(capsys, f"test {name} m.meme few.fa -o out -q")
    assert f"7 sequences; at least {needed}" in said
    assert not (folder / "out").exists()


def test_a_motif_that_is_too_long_is_a_row_that_says_so(folder):
    write_meme(folder / "long.meme", [motif_from_word("ACGTTGCA" * 12, "long"), motif_from_word("TGACTCAG")])
    main(["test", "palindrome", "long.meme", "s.fa", "-o", "out", "-q"])
    rows = {row["subject"]: row for row in rows_of(folder / "out")}
    assert rows["long"]["verdict"] == "not applicable"
    assert "100 columns, and the longest sequence has 80" in rows["long"]["sentence"]
    assert rows["TGACTCAG"]["verdict"] != ""


def test_each_motif_has_a_row_and_a_q_value(folder):
    main(CALLS["test emissions"].of("out"))
    rows = rows_of(folder / "out")
    assert {row["subject"] for row in rows} == {"TGACTCAG", "CACGTGAC"}
    assert all(row["hypothesis"] == "emissions" for row in rows)
