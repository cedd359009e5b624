"""``motifnet enrich``: files in, ranked motifs and a report out; bad input gets one line."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.io import write_fasta
from motifnet.io.motif_files import write_meme
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

FILES = {"enrichment.tsv", "central.tsv", "spacing.tsv", "report.html", "run.json"}
WORDS = ("WGATAAGR", "TGASTCAY", "CCACTTGGC", "GGGGCGGGG")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with sequences that hold sites of the first of four motifs, controls, and the motifs."""
    path = tmp_path_factory.mktemp("enrich")
    motifs = [motif_from_word(word) for word in WORDS]
    background = Background.from_gc(0.42)
    made = simulate([Planted(motifs[0], 0.6)], background, n_targets=120, n_controls=200, length=120, seed=1)
    write_fasta(path / "in.fa", made.targets)
    write_fasta(path / "controls.fa", made.controls)
    write_meme(path / "motifs.meme", motifs)
    write_meme(path / "none.meme", [])
    (path / "protein.fa").write_text(">p\nMKVLLAGEFQ\n")
    (path / "short.fa").write_text(
        "".join(f">{i}\nACGT{word}\n" for i, word in enumerate(("AC", "GG", "TA")))
    )
    return path


@pytest.fixture(scope="module")
def out(folder):
    """A run on given controls."""
    return run(folder, folder / "out", "--control", folder / "controls.fa")


def run(folder, out, *options, motifs="motifs.meme", targets="in.fa"):
    arguments = ["enrich", folder / motifs, folder / targets, "-o", out, "-q", "--threads", "1", *options]
    main([str(argument) for argument in arguments])
    return out


def rows(path):
    with path.open() as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def refused(capsys, *arguments, **keywords):
    with pytest.raises(SystemExit) as stop:
        run(*arguments, **keywords)
    assert stop.value.code == 2
    return capsys.readouterr().err.strip().splitlines()[-1]


def test_the_planted_motif_is_first_in_every_table(out):
    assert {path.name for path in out.iterdir()} == FILES
    tested = rows(out / "enrichment.tsv")
    assert [row["RANK"] for row in tested] == ["1", "2", "3", "4"]
    first = tested[0]
    assert first["ID"] == "WGATAAGR"
    assert float(first["EVALUE"]) < 1e-10
    assert float(first["LOG_PVALUE"]) == pytest.approx(np.log10(float(first["PVALUE"])), abs=0.05)
    assert float(first["TP%"]) == pytest.approx(100 * int(first["TP"]) / 120, rel=1e-4)
    assert float(first["AUROC"]) > 0.7
    assert {row["ID"] for row in rows(out / "central.tsv")} <= set(WORDS)
    assert {row["PRIMARY_ID"] for row in rows(out / "spacing.tsv")} == {"WGATAAGR"}


def test_the_report_stands_alone_and_names_what_is_enriched(out):
    page = (out / "report.html").read_text()
    HTMLParser().feed(page)
    links = re.findall(r'(?:src|href)="(?!#|https://jaspar)([^"]*)"', page)
    assert links
    assert set(links) <= FILES
    assert "the best, WGATAAGR, is in" in page
    for section in ("summary", "motifs", "reading", "settings"):
        assert f'<section id="{section}">' in page
    assert not re.search(r"\bnan\b", page.partition("<script>")[0])


def test_the_record_says_how_to_run_it_again(out):
    record = json.loads((out / "run.json").read_text())
    assert record["config"]["enriching"]["seed"] == 0
    assert {role: len(files) for role, files in record["inputs"].items()} == {
        "motifs": 1,
        "targets": 1,
        "control": 1,
    }
    assert set(record["seconds"]) == {"read", "enrich", "space"}


def test_shuffles_are_made_where_no_controls_are_given(folder, tmp_path, capsys):
    one, same = (run(folder, tmp_path / name, "--seed", "3") for name in ("a", "b"))
    assert rows(one / "enrichment.tsv")[0]["ID"] == "WGATAAGR"
    for name in FILES - {"run.json", "report.html"}:
        assert (one / name).read_bytes() == (same / name).read_bytes()
    assert "WGATAAGR" in capsys.readouterr().out


def test_a_primary_motif_can_be_named(folder, tmp_path):
    out = run(
        folder, tmp_path / "out", "--primary", "TGASTCAY", "--max-spacing", "20", "--max-site-p", "0.001"
    )
    spaced = rows(out / "spacing.tsv")
    assert {row["PRIMARY_ID"] for row in spaced} == {"TGASTCAY"}
    assert all(0 <= int(row["GAP"]) <= 20 for row in spaced)
    assert {row["site_p_value"] for row in rows(out / "enrichment.tsv")} == {"0.001"}


def test_a_primary_motif_without_sites_is_told(folder, tmp_path, capsys):
    out = run(folder, tmp_path / "out", "--primary", "GGGGCGGGG", "--max-site-p", "1e-300")
    assert rows(out / "spacing.tsv") == []
    assert "warning: no spacing was tested: no site of GGGGCGGGG" in capsys.readouterr().err


def test_motifs_can_be_those_of_a_run_folder(folder, tmp_path):
    (tmp_path / "earlier").mkdir()
    (tmp_path / "earlier/motifs.meme").write_text((folder / "motifs.meme").read_text())
    out = run(folder, tmp_path / "out", motifs=tmp_path / "earlier")
    assert len(rows(out / "enrichment.tsv")) == len(WORDS)


def test_nothing_enriched_is_a_result(folder, tmp_path, capsys):
    codes = Background.from_gc(0.42).sample(60, 80, np.random.default_rng(5))
    write_fasta(tmp_path / "random.fa", Sequences.from_codes(list(codes)))
    out = run(folder, tmp_path / "out", "--max-e", "1e-6", targets=tmp_path / "random.fa")
    assert "No enriched motif." in capsys.readouterr().out
    assert "None of 4 known motifs is enriched." in (out / "report.html").read_text()
    assert rows(out / "spacing.tsv") == []
    assert len(rows(out / "enrichment.tsv")) == 4


def test_motifs_that_fit_nowhere_are_left_out_and_told(folder, tmp_path, capsys):
    (tmp_path / "eight.fa").write_text(">a\nAGATAAGA\n>b\nCCTTATCT\n>c\nACGTACGA\n")
    run(folder, tmp_path / "out", targets=tmp_path / "eight.fa")
    said = capsys.readouterr().err
    assert "2 motifs are wider than all sequences (8 bases) and left out: CCACTTGGC, GGGGCGGGG." in said
    assert len(rows(tmp_path / "out" / "enrichment.tsv")) == 2


@pytest.mark.parametrize(
    ("options", "files", "sentence"),
    [
        ((), {"motifs": "none.meme"}, "MotifFormatError: .*holds no motif"),
        ((), {"motifs": "missing.meme"}, "MissingFile: .*missing.meme does not exist"),
        ((), {"targets": "protein.fa"}, "FastaFormatError: .*protein.fa"),
        ((), {"targets": "short.fa"}, "InvalidValue: width of the narrowest motif is 8; expected at most 6"),
        (
            ("--primary", "WGATAAG"),
            {},
            "InvalidValue: primary is 'WGATAAG'; expected a motif of motifs.meme, such as WGATAAGR",
        ),
        (("--control", "in.fa"), {}, "TooFewControls: controls in in.fa: 0 sequences"),
    ],
)
def test_bad_input_gets_one_line_and_writes_nothing(
    folder, tmp_path, capsys, monkeypatch, options, files, sentence
):
    monkeypatch.chdir(folder)
    said = refused(capsys, folder, tmp_path / "out", *options, **files)
    assert re.match(sentence, said), said
    assert not (tmp_path / "out").exists()


def test_a_finished_run_is_not_lost(folder, out, capsys):
    assert "use --overwrite" in refused(capsys, folder, out)
    run(folder, out, "--overwrite", "--control", folder / "controls.fa")
    assert {path.name for path in out.iterdir()} == FILES
