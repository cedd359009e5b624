"""``motifnet compare``: a table with Tomtom's columns, a page, and one line for bad input."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.io.motif_files import read_motifs, write_meme, write_motifs
from motifnet.motifs import Motif

TOMTOM = [
    "Query_ID", "Target_ID", "Optimal_offset", "p-value", "E-value", "q-value", "Overlap", "Query_consensus",
    "Target_consensus", "Orientation",
]  # fmt: skip


def motif(word, name, alt_name=""):
    return Motif(name, 20 * np.eye(4)[:, ["ACGT".index(base) for base in word]], alt_name=alt_name)


@pytest.fixture
def folder(tmp_path):
    """Two motifs, and thirty known ones of which one is the first motif, turned and two columns longer."""
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("ACGT"), 10)) for _ in range(29)]
    known = [motif(word, f"K{i}") for i, word in enumerate(words)]
    known.insert(4, motif("AATGCGTCACC", "MA0001.1", "ATF"))
    write_motifs(tmp_path / "known.jaspar", known, "jaspar")
    write_meme(tmp_path / "mine.meme", [motif("GGTGACGCA", "one"), motif("AAAAAAAAAAAA", "two")])
    return tmp_path


def run(folder, *options, output="matches.tsv"):
    arguments = [folder / "mine.meme", folder / "known.jaspar", "-o", output, *options]
    main(["compare", *map(str, arguments)])


def rows(text):
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["compare", *map(str, arguments)])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [line for line in said.splitlines() if line.strip()][-1]


def test_table_and_page(folder, capsys):
    run(folder, "--html", output=folder / "matches.tsv")
    said = capsys.readouterr().out
    assert "of 2 motifs resemble some of 30 known ones" in said
    table = (folder / "matches.tsv").read_text()
    assert table.splitlines()[0].split("\t")[:10] == TOMTOM
    best = rows(table)[0]
    assert (best["Query_ID"], best["Target_ID"], best["target_name"]) == ("one", "MA0001.1", "ATF")
    assert (best["Optimal_offset"], best["Orientation"], best["Overlap"]) == ("0", "-", "9")
    assert best["Target_consensus"] == "GGTGACGCATT"
    assert "(reverse complement)" in (folder / "matches.html").read_text()


def test_standard_output_holds_the_table_alone(folder, capsys):
    run(folder, output="-")
    assert rows(capsys.readouterr().out)[0]["Target_ID"] == "MA0001.1"


def test_options_choose_the_matches(folder, capsys):
    run(folder, "--max-q", 1, output="-")
    every = rows(capsys.readouterr().out)
    run(folder, "--max-q", 1, "--max-matches", 2, output="-")
    assert len(rows(capsys.readouterr().out)) <= 4 < len(every)
    run(folder, "--max-e", 1e-3, output="-")
    assert [row["Target_ID"] for row in rows(capsys.readouterr().out)] == ["MA0001.1"]
    run(folder, "--strand", "single", "--max-q", 1, output="-")
    assert {row["Orientation"] for row in rows(capsys.readouterr().out)} == {"+"}


def test_several_databases_and_a_run_folder(folder, capsys):
    (folder / "run").mkdir()
    write_meme(folder / "run" / "motifs.meme", read_motifs(folder / "mine.meme"))
    main(["compare", str(folder / "run"), str(folder / "known.jaspar"), str(folder / "run"), "-o", "-"])
    found = rows(capsys.readouterr().out)
    assert {row["database"] for row in found} == {"known.jaspar", "motifs.meme"}
    assert (found[0]["Target_ID"], found[0]["database"]) == ("one", "motifs.meme")


def test_few_known_motifs_are_warned_of(folder, capsys):
    main(["compare", str(folder / "mine.meme"), str(folder / "mine.meme"), "-o", str(folder / "self.tsv")])
    assert "has only 2 motifs" in capsys.readouterr().err


def test_bad_input_is_one_line(folder, capsys):
    (folder / "empty.meme").write_text("MEME version 4\n\nALPHABET= ACGT\n")
    mine, empty = folder / "mine.meme", folder / "empty.meme"
    out = ["-o", folder / "out.tsv"]
    assert "empty.meme: holds no motif; expected one or more" in refused(capsys, empty, mine, *out)
    assert "empty.meme: holds no motif; expected one or more" in refused(capsys, mine, empty, *out)
    assert "is a folder without motifs.meme" in refused(capsys, folder, mine, *out)
    assert "does not exist" in refused(capsys, mine, folder / "none.meme", *out)
    for output in ("-", "out.html"):
        assert "needs a table, such as matches.tsv, as the output" in refused(
            capsys, mine, mine, "-o", output, "--html"
        )
    assert f"cannot write to {folder} (Is" in refused(capsys, mine, mine, "-o", folder)
    assert "cannot write to" in refused(capsys, mine, mine, "-o", folder / "none" / "out.tsv")
    assert not (folder / "out.tsv").exists()
