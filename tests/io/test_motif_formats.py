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
from motifnet.errors import InvalidValue, MissingFile, MotifFormatError, UnknownName
from motifnet.io.formats import FORMATS, NOMINAL_SITES, Held, MotifFormat
from motifnet.io.motif_files import format_of, losses, read_motifs, render_motifs, write_meme, write_motifs
from motifnet.motifs import Motif

KNOWN = "cisbp, encode, homer, jaspar, meme, pfm, transfac, uniprobe"
_OF_COUNTS = ("jaspar", "pfm", "transfac")
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
    assert registering == set(FORMATS) == {
        "cisbp", "encode", "homer", "jaspar", "meme", "pfm", "transfac", "uniprobe",
    }  # fmt: skip
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
    again, holds = read_motifs(path), FORMATS[name].holds
    assert [motif.name for motif in again] == [motif.name for motif in motifs]
    for ours, theirs in zip(motifs, again, strict=True):
        np.testing.assert_allclose(theirs.probabilities, ours.probabilities, atol=1e-9)
        assert theirs.alt_name == (ours.alt_name if Held.ALT_NAME in holds else "")
        if Held.COUNTS in holds or Held.N_SITES in holds:
            np.testing.assert_allclose(theirs.counts, ours.counts, rtol=1e-9, atol=1e-7)
            assert theirs.n_sites == ours.n_sites
        else:
            assert theirs.n_sites == NOMINAL_SITES
        background = ours.background if Held.BACKGROUND in holds else [0.25] * 4
        np.testing.assert_allclose(theirs.background, background, atol=1e-5)
        kept = Held.E_VALUE in holds and ours.e_value is not None
        assert theirs.e_value == (pytest.approx(ours.e_value, rel=0.006) if kept else None)


@pytest.mark.parametrize("name", list(FORMATS))
@given(motifs=motif_lists())
def test_what_a_format_loses_is_what_a_second_writing_does_not(name, motifs, tmp_path_factory):
    """What was read from a file can be held by its format; a loss that is told is a loss."""
    path = tmp_path_factory.mktemp("motifs") / "written"
    write_motifs(path, motifs, name)
    again = read_motifs(path)
    assert losses(again, name) == []
    differ = {
        "second names": [motif.alt_name for motif in motifs] != [motif.alt_name for motif in again],
        "numbers of sites": [motif.n_sites for motif in motifs] != [motif.n_sites for motif in again],
        "E-values": any(
            (a.e_value is None) != (b.e_value is None) for a, b in zip(motifs, again, strict=True)
        ),
        "backgrounds": not all(
            np.allclose(a.background, b.background, atol=1e-5) for a, b in zip(motifs, again, strict=True)
        ),
    }
    assert losses(motifs, name) == [what for what, changed in differ.items() if changed]


def test_uneven_counts_and_letters_of_rna_are_told():
    uneven = Motif("m", np.array([[9, 3], [0, 0], [0, 0], [11, 3]]), n_sites=20)
    assert "counts that differ between columns" in losses([uneven], "meme")
    assert losses([uneven], "jaspar", "ACGU") == []
    assert losses([uneven], "pfm", "ACGU") == ["letters of RNA"]
    other = Motif("n", np.ones((4, 2)) * 5, np.array([0.3, 0.2, 0.2, 0.3]))
    assert losses([other, Motif("o", np.ones((4, 2)) * 5)], "meme") == ["backgrounds"]


@pytest.mark.parametrize("name", ["cisbp", "jaspar", "meme", "transfac", "uniprobe"])
def test_rna_reads_back_as_the_same_motif(name, tmp_path):
    motif = Motif("a", np.array([[0, 5], [3, 5], [7, 5], [10, 5]]), np.array([0.1, 0.2, 0.3, 0.4]))
    text = render_motifs([motif], name, "ACGU")
    matrix = text.partition("MOTIF")[0]  # a title of MEME has letters of its own
    assert re.search(r"\bU\b|ACGU", matrix)
    assert not re.search(r"\bT\b", matrix)
    (tmp_path / "rna").write_text(text)
    (again,) = read_motifs(tmp_path / "rna")
    np.testing.assert_allclose(again.probabilities, motif.probabilities, atol=1e-9)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_that_was_cut_within_a_row_is_refused(name, tmp_path):
    rng = np.random.default_rng(5)
    motifs = [Motif(f"m{i}", rng.multinomial(40, [0.4, 0.1, 0.3, 0.2], 9).T) for i in range(2)]
    text = render_motifs(motifs, name)
    # Up to some number before the last of a row.
    row = r"\n[ \t]*[ACGTRYSWKMBDHVN:\[\d. \t]*\d[ \t]+(?=[\d.]+[ \t])"
    cuts = [found.end() for found in re.finditer(row, text) if found.end() > text.rindex("m1") + 20]
    assert len(cuts) >= 3
    for cut in cuts:
        (tmp_path / "cut").write_text(text[:cut])
        with pytest.raises(MotifFormatError, match=r"cut line \d+: "):
            read_motifs(tmp_path / "cut", name)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_single_motif_whose_last_row_has_no_line_end(name, tmp_path):
    motif = Motif("only", np.random.default_rng(1).multinomial(30, [0.25] * 4, 7).T)
    (tmp_path / "one").write_text(render_motifs([motif], name).removesuffix("XX\n//\n").rstrip())
    (again,) = read_motifs(tmp_path / "one")
    assert again.width == 7
    np.testing.assert_allclose(again.probabilities, motif.probabilities, atol=1e-9)


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


@pytest.mark.parametrize("name", ["cisbp", "uniprobe", "meme"])
def test_a_position_whose_probabilities_are_0_is_refused(name, tmp_path):
    text = render_motifs([Motif("x", np.eye(4)[:, [0, 0, 0, 0, 0]] * 20)], name)
    (tmp_path / "m").write_text(text.replace("1.0000000000", "0.0000000000"))
    with pytest.raises(MotifFormatError, match=r"line \d+: probabilities sum to 0; expected 1"):
        read_motifs(tmp_path / "m")


@pytest.mark.parametrize("name", list(FORMATS))
def test_negative_numbers_are_refused(name, tmp_path):
    text = render_motifs([Motif("x", np.eye(4)[:, [0, 1, 2, 3, 0]] * 20)], name)
    digits = "1.0000000000" if "1.0000000000" in text else "20"
    (tmp_path / "m").write_text(text.replace(digits, f"-{digits}"))
    with pytest.raises(MotifFormatError, match=rf"line \d+: -{digits} is negative or not finite"):
        read_motifs(tmp_path / "m")


def test_the_format_of_an_output_is_told_by_its_ending():
    endings = {suffix: name for name in FORMATS for suffix in FORMATS[name].suffixes}
    assert len(endings) == sum(len(FORMATS[name].suffixes) for name in FORMATS) >= 10
    for suffix, name in endings.items():
        assert format_of(f"some.folder/known{suffix}") == format_of(f"KNOWN{suffix.upper()}") == name
        assert format_of(f"known{suffix}.gz") == name
    with pytest.raises(InvalidValue, match=r"ending of the output is '\.txt'; expected one of \.cisbp, "):
        format_of("motifs.txt")


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
    held = Held.ALT_NAME in FORMATS[name].holds
    assert (again.name, again.alt_name) == ("my_motif", "a_b_c" if held else "")


def test_no_motifs_make_a_meme_file_with_a_header(tmp_path):
    write_motifs(tmp_path / "none.meme", [])
    assert read_motifs(tmp_path / "none.meme") == []
    assert "strands: + -" in (tmp_path / "none.meme").read_text()


def test_one_strand_is_written_as_one_strand(tmp_path):
    write_meme(tmp_path / "rna.meme", [], single_stranded=True)
    assert re.search(r"^strands: \+$", (tmp_path / "rna.meme").read_text(), re.MULTILINE)


def test_an_unknown_format_is_named(tmp_path):
    with pytest.raises(UnknownName, match="no motif format named 'jaspr'; did you mean 'jaspar'"):
        write_motifs(tmp_path / "x", [], "jaspr")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", f": is empty; expected motifs (known formats: {KNOWN})"),
        ("# comment\n", f": is empty; expected motifs (known formats: {KNOWN})"),
        (
            ">chr1\nACGTACGT\n",
            f": begins with '>chr1', as no known motif format does (known: {KNOWN})",
        ),
        (
            "<?xml version='1.0'?>\n",
            f": begins with \"<?xml version='1.0'?>\", as no known motif format does (known: {KNOWN})",
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
