"""``motifnet convert``: many files into one, what is chosen and changed, what is told of losses."""

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.io.motif_files import read_motifs, write_motifs
from motifnet.motifs import Motif

COUNTS = np.array([[2, 9, 0, 0, 3], [3, 1, 0, 0, 2], [2, 0, 10, 0, 2], [3, 0, 0, 10, 3]])


@pytest.fixture
def folder(tmp_path):
    """A folder with a MEME file of two motifs, one of them with an E-value, and a JASPAR file of one."""
    motifs = [Motif("one", COUNTS, alt_name="CTCF", log10_e_value=-9.0), Motif("two", COUNTS[:, 1:4])]
    write_motifs(tmp_path / "in.meme", motifs)
    write_motifs(tmp_path / "in.jaspar", [Motif("three", COUNTS)], "jaspar")
    return tmp_path


def convert(*arguments):
    """Call it with sources, the output, and options, in that order."""
    words = list(map(str, arguments))
    n_paths = next((i for i, word in enumerate(words) if word.startswith("--")), len(words))
    main(["convert", *words[: n_paths - 1], "-o", *words[n_paths - 1 :]])


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        convert(*arguments)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said.strip().splitlines()[-1]


def test_many_files_into_one(folder, capsys):
    convert(folder / "in.meme", folder / "in.jaspar", folder / "all.transfac")
    assert [motif.name for motif in read_motifs(folder / "all.transfac")] == ["one", "two", "three"]
    said = capsys.readouterr()
    assert said.out == f"3 motifs in {folder / 'all.transfac'}\n"
    assert said.err == "warning: transfac format cannot hold what some motifs have: E-values\n"


def test_nothing_is_said_where_nothing_is_lost(folder, capsys):
    convert(folder / "in.meme", folder / "again.meme.gz")
    assert capsys.readouterr().err == ""
    (ours, _), (again, _) = read_motifs(folder / "in.meme"), read_motifs(folder / "again.meme.gz")
    assert (again.name, again.alt_name, again.log10_e_value, again.n_sites) == ("one", "CTCF", -9, 10)
    np.testing.assert_allclose(again.counts, ours.counts)


def test_a_folder_of_files_to_standard_output(tmp_path, capsys):
    (tmp_path / "pwms").mkdir()
    for name, rows in (("M2", "1\t0\t0\t1\t0\n"), ("M1", "1\t1\t0\t0\t0\n"), ("M3", "")):
        (tmp_path / "pwms" / f"{name}.txt").write_text(f"Pos\tA\tC\tG\tT\n{rows}")
    convert(tmp_path / "pwms", "-", "--format", "pfm")
    said = capsys.readouterr()
    assert said.out == ">M1\n20\t0\t0\t0\n>M2\n0\t0\t20\t0\n"
    assert said.err == "warning: 1 of 3 files holds no motif: M3.txt\n"


def test_motifs_are_chosen_by_either_name_or_from_a_file(folder):
    convert(folder / "in.meme", folder / "in.jaspar", folder / "out.meme", "--name", "CT*", "--name", "three")
    assert [motif.name for motif in read_motifs(folder / "out.meme")] == ["one", "three"]
    (folder / "names").write_text("two\nthree\n")
    convert(folder / "in.meme", folder / "in.jaspar", folder / "listed.meme", "--only", folder / "names")
    assert [motif.name for motif in read_motifs(folder / "listed.meme")] == ["two", "three"]


def test_names_that_no_motif_has_are_told(folder, capsys):
    (folder / "names").write_text("two\ntoo\nt*\n")
    convert(folder / "in.meme", folder / "out.meme", "--only", folder / "names", "--name", "x?")
    assert [motif.name for motif in read_motifs(folder / "out.meme")] == ["two"]
    assert capsys.readouterr().err == "warning: no motif is named x?, too, t*\n"


def test_a_bracket_in_a_name_is_a_letter(folder):
    write_motifs(folder / "in.meme", [Motif("a[b]", COUNTS), Motif("ab", COUNTS)])
    convert(folder / "in.meme", folder / "out.meme", "--name", "a[b*")
    assert [motif.name for motif in read_motifs(folder / "out.meme")] == ["a[b]"]


def test_a_run_folder_gives_its_motifs_alone(folder, capsys):
    run = folder / "run"
    run.mkdir()
    (folder / "in.meme").rename(run / "families.meme")
    for name in ("run.json", "families.tsv"):
        (run / name).write_text("{}")
    convert(run, folder / "out.jaspar")
    assert capsys.readouterr().out.startswith("2 motifs in ")


def test_what_is_done_to_a_motif(folder):
    background = "0.3,0.2,0.2,0.3"
    convert(folder / "in.jaspar", folder / "out.meme", "--trim", 0.5, "--reverse-complement")
    (trimmed,) = read_motifs(folder / "out.meme")
    np.testing.assert_allclose(trimmed.counts, COUNTS[::-1, ::-1][:, 1:4], atol=1e-8)
    convert(folder / "in.jaspar", folder / "soft.meme", "--pseudocount", 10, "--background", background)
    (softened,) = read_motifs(folder / "soft.meme")
    shares = np.array([0.3, 0.2, 0.2, 0.3])
    np.testing.assert_allclose(softened.background, shares)
    np.testing.assert_allclose(softened.probabilities, (COUNTS / 10 + shares[:, None]) / 2, atol=1e-9)
    assert softened.n_sites == 10


def test_letters_of_rna(folder, capsys):
    convert(folder / "in.jaspar", folder / "out.jaspar", "--alphabet", "rna")
    assert "U [ 3 0 0 10 3 ]" in (folder / "out.jaspar").read_text()
    convert(folder / "out.jaspar", folder / "out.homer", "--alphabet", "rna")
    assert "numbers of sites, letters of RNA" in capsys.readouterr().err


def test_a_format_of_the_input_may_be_forced(tmp_path):
    (tmp_path / "m").write_text("1 2 3 4\n5 6 7 8\n9 10 11 12\n13 14 15 16\n")
    convert(tmp_path / "m", tmp_path / "m.jaspar", "--input-format", "pfm")
    assert read_motifs(tmp_path / "m.jaspar")[0].counts[:, 0].tolist() == [1, 2, 3, 4]


def test_names_that_are_shared_are_told(folder, capsys):
    convert(folder / "in.jaspar", folder / "in.jaspar", folder / "out.meme")
    assert "warning: 2 motifs share 1 names; some tools take" in capsys.readouterr().err


def test_standard_output_is_meme_unless_told_otherwise_and_keeps_letters_and_strand(folder, capsys):
    (folder / "rna.meme").write_text(
        "MEME version 5\n\nALPHABET= ACGU\n\nstrands: +\n\nMOTIF a\nletter-probability matrix:\n0 0 0 1\n"
    )
    convert(folder / "rna.meme", "-")
    said = capsys.readouterr()
    assert "ALPHABET= ACGU" in said.out
    assert "strands: +\n" in said.out
    assert said.err == ""
    convert(folder / "rna.meme", "-", "--format", "pfm")
    assert (
        "cannot hold what some motifs have: letters of RNA, that they are of one strand"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in.meme", "out.txt"], "InvalidValue: ending of the output is '.txt'; expected one of .cisbp, "),
        (
            ["in.meme", "out.x", "--format", "jasper"],
            "UnknownName: no motif format named 'jasper'; did you mean",
        ),
        (
            ["in.meme", "out.meme", "--input-format", "mem"],
            "UnknownName: no motif format named 'mem'; did you mean",
        ),
        (["none.meme", "out.meme"], "MissingFile: file none.meme does not exist"),
        (["empty.meme", "out.meme"], "MotifFormatError: empty.meme holds no motif; expected one or more"),
        (["hollow", "out.meme"], "MissingFile: motif file hollow is a folder"),
        (
            ["in.meme", "out.meme", "--name", "x*"],
            "name of a motif is 'x*'; expected one that there is",
        ),
        (["in.meme", "out.meme", "--background", "0.5,0.5"], "background is '0.5,0.5'; expected 'uniform'"),
        (["in.meme", "out.meme", "--background", "a,b"], "background is 'a,b'; expected 'uniform'"),
        (
            ["in.meme", "hollow", "--format", "meme"],
            "UnwritableFolder: cannot write to hollow (Is a directory)",
        ),
        (["in.meme", "nowhere/out.meme"], "UnwritableFolder: cannot write to nowhere"),
    ],
)
def test_bad_input_is_said_in_one_line(folder, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(folder)
    write_motifs(folder / "empty.meme", [])
    (folder / "hollow").mkdir()
    assert said in refused(capsys, *arguments).replace("empty.meme:", "empty.meme")


def test_a_forgotten_output_does_not_cost_the_last_input(folder, capsys):
    before = (folder / "in.meme").read_bytes()
    said = refused(capsys, folder / "in.jaspar", folder / "in.meme")
    assert said.endswith("is there already; use --overwrite to replace it, or another name")
    assert (folder / "in.meme").read_bytes() == before
    convert(folder / "in.jaspar", folder / "in.meme", "--overwrite")
    assert [motif.name for motif in read_motifs(folder / "in.meme")] == ["three"]
