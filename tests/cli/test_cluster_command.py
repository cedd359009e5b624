"""``motifnet cluster``: families, trees and tables; runs with their sites; one line for bad input."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.io.motif_files import read_motifs, write_meme
from motifnet.motifs import Motif
from motifnet.runs import cluster as module
from motifnet.runs import memory
from tests.cli.tables import table

FILES = {
    "families.meme", "families.tsv", "report.html", "run.json", "tree.svg", "tree.png", "tree-radial.svg",
    "tree-radial.png",
}  # fmt: skip
HEADER = "motif_ID\tseq_ID\tsite_Start\tsite_End\tsite_Strand\tsite_Sequence\n"


def motif(word, name, n=20):
    return Motif(name, n * np.eye(4)[:, ["ACGT".index(base) for base in word]])


@pytest.fixture
def folder(tmp_path):
    write_meme(tmp_path / "a.meme", [motif("GGTGACGCA", "a1"), motif("CCAATTAGG", "a2")])
    write_meme(tmp_path / "b.meme", [motif("TGCGTCACC", "b1")])
    return tmp_path


def run(folder, *sources, options=(), output="out"):
    arguments = [*(folder / source for source in sources), "-o", folder / output, *options]
    main(["cluster", *map(str, arguments)])
    return folder / output


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["cluster", *map(str, arguments)])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [line for line in said.splitlines() if line.strip()][-1]


def test_every_file_is_written_and_fits_the_others(folder, capsys):
    out = run(folder, "a.meme", "b.meme")
    assert {path.name for path in out.iterdir()} == FILES | {"reproducibility.tsv"}
    said = capsys.readouterr().out
    assert "3 motifs, 2 families" in said
    assert "found by 2 of 2" in said
    families = read_motifs(out / "families.meme")
    rows = table(out / "families.tsv")
    assert [family.name for family in families] == ["1-GGTGACGCA", "2-CCAATTAGG"]
    assert families[0].n_sites == 40
    assert {row["member"]: (row["family"], row["source"], row["orientation"]) for row in rows} == {
        "a1": ("1-GGTGACGCA", "a.meme", "+"),
        "b1": ("1-GGTGACGCA", "b.meme", "-"),
        "a2": ("2-CCAATTAGG", "a.meme", "+"),
    }
    assert [row["n_found"] for row in table(out / "reproducibility.tsv")] == ["2", "1"]
    assert json.loads((out / "run.json").read_text())["config"]["clustering"]["min_similarity"] == 0.7


def test_one_source_has_nothing_to_reproduce(folder, capsys):
    assert {path.name for path in run(folder, "a.meme").iterdir()} == FILES
    assert "1 motif  a1" in capsys.readouterr().out


def a_run(folder, name, start, motifs):
    """A run folder whose motifs have one site each."""
    (folder / name).mkdir()
    write_meme(folder / name / "motifs.meme", motifs)
    rows = [f"{one.name}\ts\t{start}\t{start + one.width - 1}\t+\t{one.consensus}\n" for one in motifs]
    (folder / name / "sites.tsv").write_text(HEADER + "".join(rows))
    record = {
        "inputs": {"targets": [{"path": "peaks.fa", "sha256": "0abc" * 16}]},
        "versions": {"motifnet": "0.1.0"},
    }
    (folder / name / "run.json").write_text(json.dumps(record))


def test_sites_of_runs_count_once(folder):
    for name, start in (("one", 5), ("two", 5), ("three", 90)):
        a_run(folder, name, start, [motif("GGTGACGCA", "1-GGTGACGCA")])
    out = run(folder, "one", "two", "three")
    (family,) = read_motifs(out / "families.meme")
    assert family.n_sites == 2  # one and two have the same
    (row,) = table(out / "reproducibility.tsv")
    assert (row["n_found"], row["sources"], row["mean_spread"]) == ("3", "one,two,three", "0.0000")


def test_a_run_that_found_nothing_counts(folder):
    a_run(folder, "one", 5, [motif("GGTGACGCA", "1-GGTGACGCA")])
    a_run(folder, "none", 5, [])
    (row,) = table(run(folder, "one", "none") / "reproducibility.tsv")
    assert (row["n_found"], row["n_sources"], row["mean_spread"]) == ("1", "2", "")


def test_options(folder):
    few = run(folder, "a.meme", "b.meme", options=["--strand", "single"])
    assert len(read_motifs(few / "families.meme")) == 3
    one = run(
        folder, "a.meme", "b.meme", options=["--min-similarity", 0.01, "--leaves", "families"], output="o"
    )
    assert len(read_motifs(one / "families.meme")) == 1


def test_files_of_the_same_name_are_told_apart(folder):
    (folder / "x").mkdir()
    write_meme(folder / "x" / "a.meme", [motif("GGTGACGCA", "a1")])
    names = {row["source"] for row in table(run(folder, "a.meme", "x/a.meme") / "families.tsv")}
    assert len(names) == 2
    twice = run(folder, "a.meme", "a.meme", output="twice")
    assert len({row["source"] for row in table(twice / "families.tsv")}) == 2


def test_bad_input_is_one_line(folder, capsys):
    (folder / "empty.meme").write_text("MEME version 4\n\nALPHABET= ACGT\n")
    a, out = folder / "a.meme", ["-o", folder / "out"]
    assert "empty.meme: holds no motif; expected one or more" in refused(capsys, folder / "empty.meme", *out)
    assert "does not exist" in refused(capsys, a, folder / "none.meme", *out)
    assert "is a folder without motifs.meme" in refused(capsys, folder, *out)
    assert not (folder / "out").exists()
    run(folder, "a.meme")
    assert "holds a finished run" in refused(capsys, a, *out)
    run(folder, "b.meme", options=["--overwrite"])
    assert len(table(folder / "out" / "families.tsv")) == 1


@pytest.fixture
def many(tmp_path):
    """Twelve motifs that are not alike."""
    rng = np.random.default_rng(0)
    motifs = [Motif(f"m{i}", 20 * rng.dirichlet([0.1] * 4, 9).T) for i in range(12)]
    write_meme(tmp_path / "many.meme", motifs)
    return tmp_path


TREES = {"tree.svg", "tree.png", "tree-radial.svg", "tree-radial.png"}


@pytest.mark.parametrize(
    ("limit", "n", "left_out"),
    [
        ("_MOST_PAINTED", 11, {"tree.png", "tree-radial.png"}),
        ("_MOST_DRAWN", 11, TREES),
        ("_MOST_ON_PAGE", 11, set()),
        ("_MOST_PAINTED", 12, set()),
    ],
)
def test_trees_too_large_to_be_read_are_left_out_and_that_is_told(
    many, monkeypatch, capsys, limit, n, left_out
):
    monkeypatch.setattr(module, limit, n)
    if limit == "_MOST_DRAWN":
        monkeypatch.setattr(module, "_MOST_PAINTED", n)
    out = run(many, "many.meme", options=["--leaves", "motifs", "--quiet"])
    assert {path.name for path in out.iterdir()} & TREES == TREES - left_out
    said = [line for line in capsys.readouterr().err.splitlines() if "left out" in line]
    assert len(said) == bool(left_out)
    assert all(name in said[0] for name in left_out)
    on_page = 'class="tree"' in (out / "report.html").read_text()
    assert on_page == (limit == "_MOST_PAINTED")
    assert on_page != ("The tree is too large for a page" in (out / "report.html").read_text())


def test_motifs_too_many_to_compare_are_refused_before_work_begins(many, monkeypatch, capsys):
    monkeypatch.setattr(memory, "_limits", lambda: iter([1000.0]))
    said = refused(capsys, many / "many.meme", "-o", many / "out")
    assert said.startswith(
        "NotEnoughMemory: comparing 12 motifs with each other takes about 1.7e-06 GB; 0 GB are"
    )
    assert "cluster parts of them" in said
    assert not (many / "out").exists()


def test_names_as_long_as_a_book_make_no_picture_wide(many, capsys):
    rng = np.random.default_rng(1)
    motifs = [Motif(letter * 5000, 20 * rng.dirichlet([0.1] * 4, 9).T) for letter in "ab"]
    write_meme(many / "long.meme", motifs)
    out = run(many, "long.meme")
    assert float(re.search(r'width="([\d.]+)"', (out / "tree.svg").read_text())[1]) < 1500
    assert max(map(len, capsys.readouterr().out.splitlines())) < 400


def test_comparing_tells_how_far_it_is(many, capsys, monkeypatch):
    monkeypatch.setattr("motifnet.cli.progress._SHORT", 0.0)  # as if it took long
    run(many, "many.meme")
    assert "compare motifs, part 60/64" in capsys.readouterr().err
