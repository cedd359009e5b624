"""What single motif formats hold and refuse, and what other libraries read of ours."""

import io
import re

import memelite.io
import numpy as np
import pytest
from Bio import motifs as biopython
from hypothesis import given

from motifnet.errors import MissingFile, MotifFormatError, UnknownName
from motifnet.io.motif_files import losses, read_motifs, render_motifs, write_meme, write_motifs
from motifnet.io.motif_format import FORMATS
from motifnet.motifs import Motif
from tests.io.made_motifs import motif_lists

BIOPYTHON_NAMES = {"meme": "minimal", "jaspar": "jaspar", "transfac": "transfac"}


def test_uneven_counts_and_letters_of_rna_are_told():
    uneven = Motif("m", np.array([[9, 3], [0, 0], [0, 0], [11, 3]]), n_sites=20)
    assert "counts that differ between columns" in losses([uneven], "meme")
    assert losses([uneven], "jaspar", "ACGU") == []
    assert losses([uneven], "pfm", "ACGU") == ["letters of RNA"]
    other = Motif("n", np.ones((4, 2)) * 5, np.array([0.3, 0.2, 0.2, 0.3]))
    assert losses([other, Motif("o", np.ones((4, 2)) * 5)], "meme") == ["backgrounds"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jaspar", ">x\nA [1 0]\nC [1 0]\nG [1 0]\nT [1 0]\n"),
        ("pfm", ">x\n1 1 1 1\n0 0 0 0\n3 3 3 4\n"),
        ("homer", ">A\tx\t5\n0.25\t0.25\t0.25\t0.25\n0\t0\t0\t0\n"),
        ("transfac", "AC  x\nP0  A  C  G  T\n01  1  1  1  1\n02  0  0  0  0\n//\n"),
    ],
)
def test_a_position_without_counts_is_refused(name, text, tmp_path):
    (tmp_path / "m").write_text(text)
    with pytest.raises(
        MotifFormatError, match=r"line \d: motif x has no counts at position 2; expected some"
    ):
        read_motifs(tmp_path / "m", name)


def test_a_format_may_be_forced(tmp_path):
    square = "1 2 3 4\n5 6 7 8\n9 10 11 12\n13 14 15 16\n"
    (tmp_path / "m.txt").write_text(square)
    (by_row,), (by_column,) = (read_motifs(tmp_path / "m.txt", name) for name in ("jaspar", "pfm"))
    assert by_row.counts.tolist() == by_column.counts.T.tolist()
    assert by_row.counts[0].tolist() == [1, 2, 3, 4]
    with pytest.raises(UnknownName, match="no motif format named 'jasper'; did you mean 'jaspar'"):
        read_motifs(tmp_path / "m.txt", "jasper")


@pytest.mark.parametrize("name", list(BIOPYTHON_NAMES))
@given(motifs=motif_lists())
def test_biopython_reads_the_same_matrices(name, motifs):
    theirs = biopython.parse(io.StringIO(FORMATS[name].render(motifs)), BIOPYTHON_NAMES[name])
    assert len(theirs) == len(motifs)
    for ours, other in zip(motifs, theirs, strict=True):
        matrix = np.array([other.counts.normalize()[base] for base in "ACGT"])
        np.testing.assert_allclose(matrix, ours.probabilities, atol=1e-6)


@given(motifs=motif_lists())
def test_biopython_reads_what_a_meme_file_says_of_a_motif(motifs):
    theirs = biopython.parse(io.StringIO(FORMATS["meme"].render(motifs)), "minimal")
    for ours, other in zip(motifs, theirs, strict=True):
        assert other.name == ours.name
        assert other.num_occurrences == ours.n_sites
        assert other.evalue == pytest.approx(ours.e_value or 0, rel=0.06)
        assert [other.background[base] for base in "ACGT"] == pytest.approx(
            ours.background.tolist(), abs=1e-5
        )


@given(motifs=motif_lists())
def test_memelite_reads_the_same_matrices(motifs, tmp_path_factory):
    path = tmp_path_factory.mktemp("meme") / "motifs.meme"
    write_meme(path, motifs)
    theirs = memelite.io.read_meme(str(path))
    assert list(theirs) == [f"{motif.name} {motif.alt_name}".strip() for motif in motifs]
    for ours, matrix in zip(motifs, theirs.values(), strict=True):
        np.testing.assert_allclose(matrix, ours.probabilities, atol=1e-6)


def test_no_motifs_make_a_meme_file_with_a_header(tmp_path):
    write_motifs(tmp_path / "none.meme", [])
    assert read_motifs(tmp_path / "none.meme") == []
    assert "strands: + -" in (tmp_path / "none.meme").read_text()


def test_a_remark_is_a_comment_to_all_readers(tmp_path):
    path = tmp_path / "repeats.meme"
    motifs = [Motif("AAAA", 9 * np.eye(4)[:, [0] * 4]), Motif("CACA", 9 * np.eye(4)[:, [1, 0] * 2])]
    write_meme(path, motifs, remarks=["class: low complexity", "class: repeat"])
    assert [one.name for one in read_motifs(path)] == ["AAAA", "CACA"]
    assert path.read_text().count("# class: low complexity\nMOTIF AAAA\n") == 1
    assert [one.name for one in biopython.parse(io.StringIO(path.read_text()), "minimal")] == ["AAAA", "CACA"]
    assert list(memelite.io.read_meme(str(path))) == ["AAAA", "CACA"]


def test_one_strand_is_written_as_one_strand(tmp_path):
    write_meme(tmp_path / "rna.meme", [], single_stranded=True)
    assert re.search(r"^strands: \+$", (tmp_path / "rna.meme").read_text(), re.MULTILINE)


def test_a_single_motif_of_transfac_may_have_no_end(tmp_path):
    motif = Motif("only", np.random.default_rng(1).multinomial(30, [0.25] * 4, 7).T)
    text = render_motifs([motif], "transfac")
    assert text.endswith("XX\n//\n")
    (tmp_path / "one").write_text(text.removesuffix("XX\n//\n").rstrip())
    assert [again.width for again in read_motifs(tmp_path / "one")] == [7]


def test_an_unknown_format_is_named(tmp_path):
    with pytest.raises(UnknownName, match="no motif format named 'jaspr'; did you mean 'jaspar'"):
        write_motifs(tmp_path / "x", [], "jaspr")


def test_a_missing_motif_file(tmp_path):
    with pytest.raises(MissingFile, match=r"motif file .*none\.meme does not exist"):
        read_motifs(tmp_path / "none.meme")
