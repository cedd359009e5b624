"""``motifnet scan``: every format by its ending, a summary, an index; bad input gets one line and no file."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.datasets.simulate import motif_from_word
from motifnet.io.motif_files import write_meme
from motifnet.motifs import Motif

HEADER_ONLY = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n"


@pytest.fixture
def folder(tmp_path):
    """A genome with a site on each strand of a contig, and the motif."""
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("ACGT"), 3000))
    text = text[:1000] + "AGATAAGGCA" + text[1010:2000] + "TGCCTTATCT" + text[2010:]
    (tmp_path / "genome.fa").write_text(f">chr1\n{text}\n>chr2\n{'C' * 100}\n")
    write_meme(tmp_path / "motifs.meme", [motif_from_word("AGATAAGGCA")])
    return tmp_path


def run(folder, output, *options, targets="genome.fa"):
    arguments = [folder / "motifs.meme", folder / targets, "-o", output, "-q", "--max-p", "1e-5", *options]
    main(["scan", *map(str, arguments)])


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["scan", *map(str, arguments)])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return [line for line in said.splitlines() if line.strip()][-1]


def test_hits_are_written_and_summed_up(folder, capsys):
    run(folder, folder / "hits.bed")
    rows = [line.split("\t") for line in (folder / "hits.bed").read_text().splitlines()]
    assert [row[:4] + row[5:6] for row in rows] == [
        ["chr1", "1000", "1010", "AGATAAGGCA", "+"],
        ["chr1", "2000", "2010", "AGATAAGGCA", "-"],
    ]
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("1 motif, 2 sequences of 3,100 bases: 2 hits (0.0")
    assert said[0].endswith("expected by chance)")
    assert said[1] == f"Hits: {folder / 'hits.bed'}"


@pytest.mark.parametrize("ending", ["bed", "narrowPeak", "gff3", "tsv", "bedgraph"])
def test_every_ending_can_be_packed_and_indexed(ending, folder):
    plain, packed = folder / f"hits.{ending}", folder / f"hits.{ending}.gz"
    run(folder, plain)
    run(folder, packed, "--index")
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert (folder / f"hits.{ending}.gz.tbi").is_file()
    assert sum("chr1" in line for line in plain.read_text().splitlines()) == 2


def test_standard_output_has_hits_alone(folder, capsys):
    run(folder, "-")
    said = capsys.readouterr()
    assert [line.split("\t")[1] for line in said.out.splitlines()] == ["1000", "2000"]
    assert "2 hits" in said.err


def test_a_format_that_is_named(folder):
    run(folder, folder / "hits.out", "--format", "tsv")
    header, first, _ = (folder / "hits.out").read_text().splitlines()
    assert header.split("\t")[:3] == ["motif_id", "motif_alt_id", "sequence_name"]
    assert first.split("\t")[3:6] == ["1001", "1010", "+"]
    assert first.endswith("\tAGATAAGGCA")


def test_no_hit_is_an_answer(folder, capsys):
    (folder / "none.fa").write_text(">a\nCCCCCCCCCCCCCCCCCCC\n")
    run(folder, folder / "hits.bed", "--background", "uniform", targets="none.fa")
    assert (folder / "hits.bed").read_text() == ""
    assert "0 hits" in capsys.readouterr().out


def test_a_motif_that_fits_nowhere_is_a_warning(folder, capsys):
    (folder / "short.fa").write_text(">a\nACGT\n")
    run(folder, folder / "hits.bed", targets="short.fa")
    assert "warning: 1 of 1 motif fits into no sequence" in capsys.readouterr().err


def test_a_genome_that_was_edited_is_indexed_anew(folder):
    (folder / "in.bed").write_text("chr1\t900\t2100\n")
    run(folder, folder / "hits.bed", "--genome", folder / "genome.fa", targets="in.bed")
    text = (folder / "genome.fa").read_text()
    (folder / "genome.fa").write_text(">new\nACGT\n" + text.replace(">chr1\n", ">chr1\nAAAAA"))
    run(folder, folder / "again.bed", "--genome", folder / "genome.fa", targets="in.bed")
    starts = [line.split("\t")[1] for line in (folder / "again.bed").read_text().splitlines()]
    assert starts == ["1005", "2005"]


@pytest.mark.parametrize(
    ("motifs", "sequences", "said"),
    [
        ("", None, "motifs.meme: is empty"),
        (HEADER_ONLY, None, "motifs.meme: holds no motif; expected one or more"),
        (None, "", "in.fa: is empty"),
        (None, ">a\nMKVLILACLVALALAREEFPWQ\n", "in.fa line 2: sequence 'a' looks like protein"),
        (None, "chr1\t5\t90\n", "give the genome they refer to with --genome"),
    ],
)
def test_bad_input_is_said_in_one_line(motifs, sequences, said, folder, capsys):
    if motifs is not None:
        (folder / "motifs.meme").write_text(motifs)
    (folder / "in.fa").write_text(">a\nACGT\n" if sequences is None else sequences)
    assert said in refused(capsys, folder / "motifs.meme", folder / "in.fa", "-o", folder / "out.bed")
    assert not (folder / "out.bed").exists()


def test_a_letter_of_no_base_far_down_leaves_no_file(folder, capsys):
    (folder / "in.fa").write_text(">a\n" + "ACGT\n" * 5000 + "AC!T\n")
    said = refused(
        capsys, folder / "motifs.meme", folder / "in.fa", "-o", folder / "out.bed", "--background", "uniform"
    )
    assert "in.fa line 5002: sequence 'a' has the letter '!'" in said
    assert not [path for path in folder.iterdir() if "out.bed" in path.name]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "hits.xls"], "ending of the output is '.xls'"),
        (["-o", "hits.bed", "--index"], "a name that ends in .gz"),
        (["-o", "hits.bed", "--format", "gff"], "no hit format named 'gff'; did you mean 'gff3'?"),
        (["-o", "hits.bed", "--max-p", "0"], "0.0 is not in the range 0<x<=1"),
        (["-o", "hits.bed", "--circular", "--overlaps", "best"], "expected 'all' with --circular"),
        (["-o", "hits.bed", "--background", "no.bg"], "background file no.bg does not exist"),
        (["-o", "hits.bed", "--pseudocount", "0"], "infinite"),
        (["-o", "-", "--network"], "--network takes one genome, and a file as the output"),
    ],
)
def test_options_that_make_no_sense(options, said, folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    assert said in refused(capsys, "motifs.meme", "genome.fa", *options)


def test_a_contig_that_the_genome_lacks(folder, capsys):
    (folder / "in.bed").write_text("chr1\t5\t90\n1\t5\t90\n")
    said = refused(
        capsys,
        folder / "motifs.meme",
        folder / "in.bed",
        "--genome",
        folder / "genome.fa",
        "-o",
        folder / "a.bed",
    )
    assert "in.bed line 2: contig '1' is not in" in said


def test_a_run_folder_has_motifs(folder):
    (folder / "run").mkdir()
    write_meme(
        folder / "run" / "motifs.meme", [motif_from_word("AGATAAGGCA"), Motif("flat", np.ones((4, 3)))]
    )
    main(
        [
            "scan",
            *map(
                str, [folder / "run", folder / "genome.fa", "-o", folder / "a.bed", "-q", "--min-score", "14"]
            ),
        ]
    )
    assert len((folder / "a.bed").read_text().splitlines()) == 2


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_score_is_finite(value, folder, capsys):
    said = refused(capsys, folder / "motifs.meme", folder / "genome.fa", "-o", "-", "--min-score", value)
    assert said == f"InvalidValue: min_score is {value}; expected a finite number"
