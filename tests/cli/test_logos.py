"""``motifnet logos``: one picture a motif, all in one, and how they are drawn."""

import re

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.io.motif_files import write_motifs
from motifnet.motifs import Motif


@pytest.fixture
def motifs(tmp_path):
    """A file of four motifs: one, itself without its first column, that turned, and another."""
    first = Motif("first", np.eye(4)[:, [2, 0, 3, 0, 0, 2]] * 20)
    later = first.columns(slice(1, 6))
    turned = Motif("turned", later.reverse_complement().counts)
    some = [first, Motif("later", later.counts), turned, Motif("other", np.eye(4)[:, [1, 1, 1, 1]] * 5)]
    write_motifs(tmp_path / "in.meme", some)
    return tmp_path / "in.meme"


def logos(motifs, *options):
    out = motifs.parent / "out"
    main(["logos", str(motifs), "-o", str(out), "--overwrite", *map(str, options)])
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_a_file_for_each_motif_and_format(motifs):
    files = logos(motifs, "--format", "svg", "--format", "pdf")
    names = ("first", "later", "turned", "other")
    assert set(files) == {f"{name}.{suffix}" for name in names for suffix in ("svg", "pdf")}
    assert files == logos(motifs, "--format", "svg", "--format", "pdf")


def test_all_in_one_picture(motifs):
    files = logos(motifs, "--together", "grid", "--n-columns", 2, "--first-position", -3)
    text = files["logos.svg"].decode()
    assert re.findall(r'font-weight="600">([^<]+)<', text) == ["first", "later", "turned", "other"]
    assert text.count(">-3<") == 4


def test_a_stack_is_aligned_to_its_first_motif(motifs):
    text = logos(motifs, "--together", "stack")["logos.svg"].decode()
    headings = re.findall(r'x="(\d+)" y="\d+" font-size="11"[^>]*>([^<]+)<', text)
    first, later, turned = ((int(x), name) for x, name in headings[:3])
    assert (later[0] - first[0], turned[0] - first[0]) == (18, 18)
    assert [name for _, name in headings[:3]] == ["first", "later", "turned (reverse complement)"]


def test_options_change_what_is_drawn(motifs):
    plain = logos(motifs)["first.svg"]
    for option in ("--small-sample-correction", "--reverse-complement", "--colour-blind-safe"):
        assert logos(motifs, option)["first.svg"] != plain
    assert b">log-odds<" in logos(motifs, "--kind", "log-odds")["first.svg"]


def test_no_motif_makes_no_logo(tmp_path, capsys):
    write_motifs(tmp_path / "in.meme", [])
    for together in ("no", "grid", "stack"):
        assert logos(tmp_path / "in.meme", "--together", together) == {}
    assert capsys.readouterr().out.startswith("0 logos in ")


def test_names_of_files_are_short_plain_and_all_different(tmp_path):
    names = ["AP-1(bZIP)/Homer", "a", "A", "a_3", "a", "x" * 300]
    write_motifs(tmp_path / "in.meme", [Motif(name, np.eye(4) * 20) for name in names])
    files = ["AP-1_bZIP__Homer", "a_2", "A_3_3", "a_3_4", "a_5", "x" * 100]
    assert set(logos(tmp_path / "in.meme")) == {f"{name}.svg" for name in files}


def test_names_of_any_letters_make_names_of_files_and_that_is_told(tmp_path, capsys):
    names = ["κ" * 300, "κ" * 301, "x" * 5000, "Á", "A\u0301", "A/b", "a_B", "..", "plain"]
    write_motifs(tmp_path / "in.meme", [Motif(name, np.full((4, 5), 5.0)) for name in names])
    files = logos(tmp_path / "in.meme")
    assert len(files) == len(names) == len({name.casefold() for name in files})
    assert max(len(name.encode()) for name in files) <= 110
    assert {"plain.svg", "motif.svg"} <= set(files)
    said = capsys.readouterr().err
    assert "8 of 9 motifs have files of another name, which every file system takes, such as" in said
    assert max(map(len, said.splitlines())) < 400


def test_a_format_that_is_given_twice_is_drawn_once(motifs, capsys):
    logos(motifs, "--format", "svg", "--format", "svg")
    assert capsys.readouterr().out.startswith("4 logos in ")


@pytest.mark.parametrize("formats", ["", "gif", "svg,png"])
def test_no_format_and_an_unknown_one_are_refused(motifs, capsys, formats):
    with pytest.raises(SystemExit) as stop:
        logos(motifs, "--format", formats)
    assert stop.value.code == 2
    assert "is not one of 'svg', 'png', 'pdf'" in capsys.readouterr().err
    assert not (motifs.parent / "out").exists()


def test_a_folder_of_any_run_that_made_motifs(motifs, capsys):
    for name in ("motifs.meme", "families.meme", "motif.meme"):
        run = motifs.parent / name.removesuffix(".meme")
        run.mkdir()
        motifs.rename(run / name)
        main(["logos", str(run), "-o", str(motifs.parent / "out"), "--overwrite"])
        assert capsys.readouterr().out.startswith("4 logos in ")
        (run / name).rename(motifs)
