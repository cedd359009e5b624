"""One strand where the motifs or the sequences are of one, in every command; what is asked for goes first."""

import numpy as np
import pytest

from motifnet.cli import main
from motifnet.errors import InvalidValue
from motifnet.io import read_motifs
from motifnet.io.fasta import holds_rna
from motifnet.motifs import Motif
from motifnet.report.drawing.glyphs import OUTLINES
from motifnet.report.drawing.logo import logo_svg
from motifnet.runs.strands import strand_for
from motifnet.strand import Strand

DNA = Motif("dna", np.eye(4) * 20)
ONE = Motif("one", np.eye(4) * 20, single_stranded=True)
RNA = Motif("rna", np.eye(4) * 20, alphabet="RNA")


@pytest.mark.parametrize(
    ("asked", "motifs", "expected", "told"),
    [
        ("auto", [DNA], "both", ""),
        ("auto", [ONE], "single", "m: motifs are of one strand, so that the given strand alone is looked at"),
        ("auto", [RNA], "single", "m: motifs are of RNA, so that the given strand alone is looked at"),
        ("auto", [], "both", ""),
        ("both", [RNA], "both", "m: motifs are of RNA, but --strand both was asked for"),
        ("single", [DNA], "single", ""),
        ("single", [RNA], "single", ""),
    ],
)
def test_the_motifs_tell_unless_something_is_asked_for(asked, motifs, expected, told, caplog):
    assert strand_for(Strand(asked), motifs, "m") == expected
    assert told in caplog.text
    assert bool(caplog.text) == bool(told)


def test_motifs_of_one_strand_and_of_both_need_an_answer():
    with pytest.raises(InvalidValue, match="'both' or 'single': 1 of 2 motifs of m are of one"):
        strand_for(Strand.AUTO, [DNA, RNA], "m")


@pytest.mark.parametrize(
    ("content", "is_rna"),
    [
        (">T\nACGU\n", True),
        (">u\nACGT\n", False),
        (">u\nACGTU\n", False),
        (">a\nACG\n", False),
        ("chrU\t1\t2\n", False),
    ],
)
def test_sequences_of_rna_are_told_by_their_letters(content, is_rna, tmp_path, caplog):
    (tmp_path / "x").write_text(content)
    assert holds_rna(tmp_path / "x") == is_rna
    found = strand_for(Strand.AUTO, targets=[tmp_path / "x"])
    assert found == (Strand.SINGLE if is_rna else Strand.BOTH)
    assert ("sequences are of RNA" in caplog.text) == is_rna


MEME = """MEME version 4

ALPHABET= {letters}

strands: {strands}

MOTIF m
letter-probability matrix: alength= 4 w= 6 nsites= 20
0.03 0.03 0.03 0.91
0.03 0.03 0.91 0.03
0.03 0.03 0.03 0.91
0.91 0.03 0.03 0.03
0.91 0.03 0.03 0.03
0.03 0.91 0.03 0.03
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Sequences with the word of the motif on either strand, as DNA, and motifs of each kind."""
    rng = np.random.default_rng(5)
    with open(tmp_path / "in.fa", "w") as handle:
        for i in range(60):
            bases = "".join(rng.choice(list("ACGT"), 40))
            word = "TGTAAC" if i % 2 else "GTTACA"
            handle.write(f">s{i}\n{bases[:20]}{word}{bases[20:]}\n")
    (tmp_path / "in_rna.fa").write_text((tmp_path / "in.fa").read_text().replace("T", "U"))
    kinds = {"rna": ("ACGU", "+"), "one": ("ACGT", "+"), "both": ("ACGT", "+ -")}
    for name, (letters, strands) in kinds.items():
        (tmp_path / f"{name}.meme").write_text(MEME.format(letters=letters, strands=strands))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def strands_of(path):
    return {line.split("\t")[5] for line in path.read_text().splitlines()}


@pytest.mark.parametrize(
    ("motifs", "targets", "more", "expected"),
    [
        ("rna", "in.fa", [], {"+"}),
        ("one", "in.fa", [], {"+"}),
        ("both", "in_rna.fa", [], {"+"}),
        ("both", "in.fa", [], {"+", "-"}),
        ("rna", "in.fa", ["--strand", "both"], {"+", "-"}),
    ],
)
def test_scans_look_where_the_file_says(folder, motifs, targets, more, expected, capsys):
    main(["scan", f"{motifs}.meme", targets, "-o", "hits.bed", "--max-p", "1e-3", "-q", *more])
    assert strands_of(folder / "hits.bed") == expected
    assert ("so that the given strand alone is looked at" in capsys.readouterr().err) == (expected == {"+"})


@pytest.mark.parametrize(("motifs", "expected"), [("rna", {"+"}), ("both", {"+", "-"})])
def test_decoding_looks_where_the_file_says_and_records_it(folder, motifs, expected):
    main(["decode", f"{motifs}.meme", "in.fa", "-o", "run", "-q", "--refine", "--max-rounds", "1"])
    assert strands_of(folder / "run/sites.bed") == expected
    recorded = (folder / "run/run.json").read_text()
    assert ('"strand": "single"' in recorded) == (expected == {"+"})
    (motif,) = read_motifs(folder / "run/motifs.meme")
    assert (motif.alphabet, motif.single_stranded) == (("RNA", True) if motifs == "rna" else ("DNA", False))


@pytest.mark.parametrize("command", [["compare", "rna.meme"], ["cluster"]])
def test_comparisons_go_by_the_motifs(folder, command, capsys):
    output = "out.tsv" if command[0] == "compare" else "out"
    main([*command, "rna.meme", "-o", output])
    assert "motifs are of RNA, so that the given strand alone" in capsys.readouterr().err
    if command[0] == "cluster":
        (family,) = read_motifs(folder / "out/families.meme")
        assert (family.alphabet, family.consensus) == ("RNA", "UGUAAC")


def test_enrichment_goes_by_the_motifs_and_records_it(folder, capsys):
    main(["enrich", "rna.meme", "in.fa", "-o", "run", "-q"])
    assert "motifs are of RNA" in capsys.readouterr().err
    assert '"strand": "single"' in (folder / "run/run.json").read_text()


def test_logos_of_rna_have_u():
    assert OUTLINES["U"] in logo_svg(RNA)
    assert OUTLINES["T"] not in logo_svg(RNA)
    assert 'href="#gU"' in logo_svg(RNA, shared=True)
    assert OUTLINES["T"] in logo_svg(DNA)


def test_motifs_of_rna_are_written_as_rna(folder):
    """They are found on the given strand, half of the sequences, and read back as what they are."""
    main(["train", "in_rna.fa", "-o", "run", "-q", "--max-epochs", "2", "--filter-width", "7"])
    motifs = read_motifs(folder / "run" / "motifs.meme")
    assert motifs
    assert all(motif.alphabet == "RNA" and motif.single_stranded for motif in motifs)
    assert "U" in motifs[0].consensus
    assert "T" not in motifs[0].consensus
    assert motifs[0].name == f"1-{motifs[0].consensus}"
    assert strands_of(folder / "run" / "sites.bed") == {"+"}
