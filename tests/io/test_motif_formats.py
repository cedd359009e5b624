"""Contracts of every registered motif format, and what other libraries read of ours."""

import gzip
import io
import re
from pathlib import Path

import memelite.io
import numpy as np
import pytest
from Bio import motifs as biopython
from hypothesis import given
from hypothesis import strategies as st

import motifnet.io
from motifnet.errors import MissingFile, MotifFormatError, UnknownName
from motifnet.io.formats import FORMATS, MotifFormat
from motifnet.io.motif_files import read_motifs, write_meme, write_motifs
from motifnet.motifs import Motif

BIOPYTHON_NAMES = {"meme": "minimal", "jaspar": "jaspar", "transfac": "transfac"}


@st.composite
def motif_lists(draw):
    """Motifs of whole counts whose columns sum to the number of sites, as discovery makes them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sites = draw(st.integers(2, 500))
    widths = draw(st.lists(st.integers(5, 12), min_size=1, max_size=3))
    background = rng.dirichlet([9] * 4)
    return [
        Motif(
            f"{i}-TGA",
            rng.multinomial(n_sites, rng.dirichlet([0.4] * 4), size=width).T,
            background,
            alt_name=draw(st.sampled_from(["", "MOTIF-1", "Fos::Jun"])),
            e_value=draw(st.none() | st.floats(1e-300, 10)),
        )
        for i, width in enumerate(widths)
    ]


def test_every_format_has_a_module_and_every_module_a_format():
    folder = Path(motifnet.io.__file__).parent
    registering = {path.stem for path in folder.glob("*.py") if "\nFORMATS.register(" in path.read_text()}
    assert registering == set(FORMATS) == {"jaspar", "meme", "pfm", "transfac"}
    assert all(isinstance(FORMATS[name], MotifFormat) for name in FORMATS)


@pytest.mark.parametrize("name", list(FORMATS))
@given(motifs=motif_lists(), ending=st.sampled_from(["\n", "\r\n"]), at_end=st.booleans())
def test_what_was_written_reads_back_and_is_told_from_other_formats(
    name, motifs, ending, at_end, tmp_path_factory
):
    path = tmp_path_factory.mktemp("motifs") / "any.txt.gz"
    text = FORMATS[name].render(motifs).replace("\n", ending)
    path.write_bytes(gzip.compress((text if at_end else text.rstrip()).encode()))
    lines = list(enumerate(text.splitlines(), 1))
    assert [other for other in FORMATS if FORMATS[other].matches(lines)] == [name]
    again = read_motifs(path)
    assert [motif.name for motif in again] == [motif.name for motif in motifs]
    assert [motif.alt_name for motif in again] == [motif.alt_name for motif in motifs]
    for ours, theirs in zip(motifs, again, strict=True):
        np.testing.assert_allclose(theirs.counts, ours.counts, rtol=1e-9, atol=1e-7)
        assert theirs.n_sites == ours.n_sites
        if name == "meme":
            np.testing.assert_allclose(theirs.background, ours.background, atol=1e-5)
            assert theirs.e_value == (
                None if ours.e_value is None else pytest.approx(ours.e_value, rel=0.006)
            )


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
        assert other.evalue == pytest.approx(ours.e_value or 0, rel=0.006)
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


@pytest.mark.parametrize("name", list(FORMATS))
def test_names_of_several_words_become_one(name):
    motif = Motif("my motif", np.ones((4, 6)) + np.eye(4, 6), alt_name="a b\tc")
    text = FORMATS[name].render([motif])
    (again,) = FORMATS[name].parse(list(enumerate(text.splitlines(), 1)), Path("x"))
    assert (again.name, again.alt_name) == ("my_motif", "a_b_c")


def test_no_motifs_make_a_meme_file_with_a_header(tmp_path):
    write_motifs(tmp_path / "none.meme", [])
    assert read_motifs(tmp_path / "none.meme") == []
    assert "strands: + -" in (tmp_path / "none.meme").read_text()


def test_one_strand_is_written_as_one_strand(tmp_path):
    write_meme(tmp_path / "rna.meme", [], strands="+")
    assert re.search(r"^strands: \+$", (tmp_path / "rna.meme").read_text(), re.MULTILINE)


def test_an_unknown_format_is_named(tmp_path):
    with pytest.raises(UnknownName, match="no motif format named 'jaspr'; did you mean 'jaspar'"):
        write_motifs(tmp_path / "x", [], "jaspr")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", ": is empty; expected motifs (known formats: jaspar, meme, pfm, transfac)"),
        ("# comment\n", ": is empty; expected motifs (known formats: jaspar, meme, pfm, transfac)"),
        (
            ">chr1\nACGTACGT\n",
            ": begins with '>chr1', as no known motif format does (known: jaspar, meme, pfm, transfac)",
        ),
        (
            "<?xml version='1.0'?>\n",
            ": begins with \"<?xml version='1.0'?>\", as no known motif format does "
            "(known: jaspar, meme, pfm, transfac)",
        ),
        (bytes(range(256)), ": is a binary file; expected text"),
    ],
)
def test_what_is_no_motif_file_is_refused(tmp_path, content, sentence):
    path = tmp_path / "motifs"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(MotifFormatError) as caught:
        read_motifs(path)
    assert str(caught.value) == f"{path}{sentence}"


def test_a_missing_motif_file(tmp_path):
    with pytest.raises(MissingFile, match=r"motif file .*none\.meme does not exist"):
        read_motifs(tmp_path / "none.meme")
