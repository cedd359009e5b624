"""The contract of motif formats: what is written is read again, and a spoilt file spoils no motif in silence.

Formats are found in their registry, so that a new one is tried without an edit here.
"""

import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue, MotifFormatError
from motifnet.io import motif_formats
from motifnet.io.motif_files import format_of, losses, read_motifs, render_motifs, write_motifs
from motifnet.io.motif_format import FORMATS, NOMINAL_SITES, Held
from motifnet.motifs import Motif
from motifnet.wording import power
from tests.io.made_motifs import motif_lists

WIDTHS = (7, 5, 9)
HOLDING_BASES = [name for name in FORMATS if Held.BASES in FORMATS[name].holds]


def three():
    """Motifs of three widths, none of them four, where a matrix can be read either way."""
    rng = np.random.default_rng(11)
    return [
        Motif(f"M{i}", rng.multinomial(40, [0.5, 0.1, 0.3, 0.1], width).T, alt_name=f"X{i}")
        for i, width in enumerate(WIDTHS)
    ]


def read(folder, text, name=None):
    path = folder / "motifs"
    path.write_bytes(text.encode())
    return read_motifs(path, name)


def test_formats_are_found():
    modules = {FORMATS[name].parse.__module__.rpartition(".")[2] for name in FORMATS}
    assert modules == set(motif_formats.MODULES)
    assert len(FORMATS) >= 8
    assert HOLDING_BASES


@pytest.mark.parametrize("name", list(FORMATS))
@given(motifs=motif_lists(), ending=st.sampled_from(["\n", "\r\n"]), at_end=st.booleans())
def test_what_was_written_reads_back_and_is_told_from_other_formats(
    name, motifs, ending, at_end, tmp_path_factory
):
    path = tmp_path_factory.mktemp("motifs") / "any.txt.gz"
    text = render_motifs(motifs, name).replace("\n", ending)
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
        kept = Held.E_VALUE in holds and ours.log10_e_value is not None
        assert theirs.log10_e_value == (pytest.approx(ours.log10_e_value, abs=0.03) if kept else None)


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
            (a.log10_e_value is None) != (b.log10_e_value is None) for a, b in zip(motifs, again, strict=True)
        ),
        "backgrounds": not all(
            np.allclose(a.background, b.background, atol=1e-5) for a, b in zip(motifs, again, strict=True)
        ),
    }
    assert losses(motifs, name) == [what for what, changed in differ.items() if changed]


@pytest.mark.parametrize("name", list(FORMATS))
@given(motifs=motif_lists())
def test_a_motif_has_the_same_consensus_before_it_is_written_and_after(name, motifs):
    """Counts of whole sites have many columns in which two letters, or one, are as good."""
    again = FORMATS[name].parse(list(enumerate(render_motifs(motifs, name).splitlines(), 1)), Path("x"))
    assert [motif.consensus for motif in again] == [motif.consensus for motif in motifs]


PROBABILITIES = [name for name in FORMATS if Held.COUNTS not in FORMATS[name].holds]
SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(lambda column: sum(column) > 1e-6)
# Where one letter ends and the next begins, to the last bit of a float.
EDGES = st.sampled_from(
    [
        np.nextafter(np.array(edge), up).tolist()
        for edge in ([0.5, 0.25, 0.25, 0], [0.45, 0.3, 0.2, 0.05], [1 / 2, 1 / 4, 1 / 6, 1 / 12])
        for up in (0.0, 1.0)
    ]
)


@pytest.mark.parametrize("name", PROBABILITIES)
@given(columns=st.lists(SHARES | EDGES, min_size=5, max_size=8), sites=st.floats(1, 5000))
def test_so_it_has_whatever_its_columns_are_where_probabilities_are_written(name, columns, sites):
    matrix = np.array(columns).T
    motif = Motif("m", matrix / matrix.sum(0) * sites)
    text = render_motifs([motif], name)
    (again,) = FORMATS[name].parse(list(enumerate(text.splitlines(), 1)), Path("x"))
    assert again.consensus == motif.consensus
    assert render_motifs([again], name).splitlines()[-len(columns) :] == text.splitlines()[-len(columns) :]


@given(log10=st.floats(-5000, 5))
def test_an_e_value_is_the_same_text_in_a_table_and_after_reading(log10):
    text = render_motifs([Motif("m", np.eye(4), log10_e_value=log10)], "meme")
    assert f" E= {power(log10)}\n" in text
    (again,) = FORMATS["meme"].parse(list(enumerate(text.splitlines(), 1)), Path("x"))
    assert power(again.log10_e_value) == power(log10)


@pytest.mark.parametrize("name", list(FORMATS))
def test_rna_is_kept_or_its_loss_is_told(name, tmp_path):
    motifs = [Motif(f"m{i}", 20 * np.eye(4)[:, [0, 3, 1, 2, 3]], alphabet="RNA") for i in range(2)]
    again = read(tmp_path, render_motifs(motifs, name))
    kept = all(motif.alphabet == "RNA" and motif.single_stranded for motif in again)
    assert kept or "letters of RNA" in losses(motifs, name)
    one = [Motif("m", 20 * np.eye(4), single_stranded=True)]
    kept = all(motif.single_stranded for motif in read(tmp_path, render_motifs(one, name)))
    assert kept == ("that they are of one strand" not in losses(one, name))


@pytest.mark.parametrize("name", list(FORMATS))
def test_uneven_counts_are_kept_or_their_loss_is_told(name, tmp_path):
    counts = np.array([[9, 3, 2, 1, 1], [0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [11, 3, 2, 1, 1]], np.float64)
    uneven = [Motif("m", counts, n_sites=20)]
    (again,) = read(tmp_path, render_motifs(uneven, name))
    kept = np.allclose(again.counts, counts)
    assert kept == ("counts that differ between columns" not in losses(uneven, name))


@pytest.mark.parametrize("name", list(FORMATS))
def test_letters_of_rna_are_written_where_they_are_asked_for_or_their_loss_is_told(name, tmp_path):
    motif = Motif("a", np.array([[0, 5], [3, 5], [7, 5], [10, 5]]), np.array([0.1, 0.2, 0.3, 0.4]))
    text = render_motifs([motif], name, "ACGU")
    assert ("letters of RNA" in losses([motif], name, "ACGU")) == (name not in HOLDING_BASES)
    if name in HOLDING_BASES:
        matrix = text.partition("MOTIF")[0]  # a title of MEME has letters of its own
        assert re.search(r"\bU\b|ACGU", matrix)
        assert not re.search(r"\bT\b", matrix)
    (again,) = read(tmp_path, text, name)
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
        with pytest.raises(MotifFormatError, match=r"motifs line \d+: "):
            read(tmp_path, text[:cut], name)


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_that_was_cut_after_a_line_is_refused_or_holds_what_came_before(name, told, tmp_path):
    """All motifs but the last are whole; of the last there may be fewer columns, where none are counted."""
    lines = render_motifs(three(), name).splitlines(keepends=True)
    n_read = 0
    for n_lines in range(1, len(lines)):
        try:
            found = read(tmp_path, "".join(lines[:n_lines]), None if told else name)
        except MotifFormatError:
            continue
        n_read += 1
        for i, (whole, part) in enumerate(zip(three(), found, strict=False)):
            assert part.name == whole.name
            assert part.width == whole.width or i == len(found) - 1
            start = whole.probabilities[:, : part.width]
            np.testing.assert_allclose(part.probabilities, start, atol=1e-9)
    assert n_read >= 2  # after each motif


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_single_motif_whose_last_row_has_no_line_end(name, tmp_path):
    motif = Motif("only", np.random.default_rng(1).multinomial(30, [0.25] * 4, 7).T)
    (again,) = read(tmp_path, render_motifs([motif], name).rstrip(), name)
    assert again.width == 7
    np.testing.assert_allclose(again.probabilities, motif.probabilities, atol=1e-9)


SPOILS = {
    "indented": lambda text: ["   " + text],
    "blank line before": lambda text: ["", text],
    "comment before": lambda text: ["# a comment", text],
    "junk before": lambda text: ["zzz 7", text],
    "first word lost": lambda text: [" ".join(text.split()[1:])],
    "first word spoilt": lambda text: [" ".join(["true", *text.split()[1:]])],
    "a number spoilt": lambda text: [" ".join([*text.split()[:-1], "0.x1"])],
    "head of another format before": lambda text: ["Pos\tA\tC\tG\tT", text],
    "made a comment": lambda text: ["#" + text],
    "lost": lambda _text: [],
}
LOSE_A_LINE = ("made a comment", "lost")
ALWAYS_TOLD = ("junk before", "first word spoilt", "a number spoilt")


@pytest.mark.parametrize("spoil", list(SPOILS))
@pytest.mark.parametrize("name", list(FORMATS))
def test_a_spoilt_line_is_an_error_or_spoils_nothing(name, spoil, tmp_path):
    lines = render_motifs(three(), name).splitlines()
    n_refused = 0
    for i, text in enumerate(lines):
        spoilt = [*lines[:i], *SPOILS[spoil](text), *lines[i + 1 :]]
        if FORMATS[name].n_heads(list(enumerate(spoilt, 1))) < 3 and spoil == "lost":
            continue  # nothing is left to tell a matrix by whose head is gone
        try:
            motifs = read(tmp_path, "\n".join(spoilt) + "\n", name)
        except MotifFormatError:
            n_refused += 1
            continue
        widths = tuple(motif.width for motif in motifs)
        if spoil in LOSE_A_LINE:
            # A row less cannot be told where a format neither counts nor numbers its rows.
            assert len(widths) == 3, (i, text)
            assert sum(WIDTHS) - sum(widths) <= 1, (i, text)
        else:
            assert widths == WIDTHS, (i, text)
    if spoil in ALWAYS_TOLD:
        assert n_refused >= 4


@pytest.mark.parametrize("name", list(FORMATS))
def test_negative_numbers_and_positions_without_any_are_refused(name, tmp_path):
    text = render_motifs([Motif("x", np.eye(4)[:, [0, 1, 2, 3, 0]] * 20)], name)
    digits = "1.0000000000" if "1.0000000000" in text else "20"
    with pytest.raises(MotifFormatError, match=rf"line \d+: -{digits} is negative or not finite"):
        read(tmp_path, text.replace(digits, f"-{digits}"), name)
    none = re.sub(r"[1-9]", "0", digits)
    with pytest.raises(MotifFormatError, match=r"sum to 0; expected 1|no counts at position 1"):
        read(tmp_path, text.replace(digits, none), name)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_without_motifs_is_refused_unless_it_says_of_what_format_it_is(name, tmp_path):
    for empty in ("", "\n\n", "# a comment\n", "\r\n"):
        assert not FORMATS[name].matches(list(enumerate(empty.splitlines(), 1)))
        with pytest.raises(MotifFormatError, match="motifs: is empty; expected motifs"):
            read(tmp_path, empty, name)
    text = render_motifs([], name)
    if text:
        assert read(tmp_path, text) == []


@pytest.mark.parametrize("name", list(FORMATS))
def test_names_of_several_words_become_one(name, tmp_path):
    motif = Motif("my motif", np.ones((4, 6)) + np.eye(4, 6), alt_name="a b\tc")
    (again,) = read(tmp_path, render_motifs([motif], name))
    held = Held.ALT_NAME in FORMATS[name].holds
    assert (again.name, again.alt_name) == ("my_motif", "a_b_c" if held else "")


def test_the_format_of_an_output_is_told_by_its_ending():
    endings = {suffix: name for name in FORMATS for suffix in FORMATS[name].suffixes}
    assert len(endings) == sum(len(FORMATS[name].suffixes) for name in FORMATS) >= len(FORMATS)
    for suffix, name in endings.items():
        assert format_of(f"some.folder/known{suffix}") == format_of(f"KNOWN{suffix.upper()}") == name
        assert format_of(f"known{suffix}.gz") == name
    usual = ", ".join(FORMATS[name].suffixes[0] for name in FORMATS)
    with pytest.raises(InvalidValue, match=re.escape(f"is '.no'; expected one of {usual}, or the name")):
        format_of("motifs.no")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", ": is empty; expected motifs (known formats: KNOWN)"),
        ("# comment\n", ": is empty; expected motifs (known formats: KNOWN)"),
        (">chr1\nACGTACGT\n", ": begins with '>chr1', as no known motif format does (known: KNOWN)"),
        (
            "<?xml version='1.0'?>\n",
            ": begins with \"<?xml version='1.0'?>\", as no known motif format does (known: KNOWN)",
        ),
        (bytes(range(256)), ": is a binary file; expected text"),
    ],
)
def test_what_is_of_no_format_is_refused(tmp_path, content, sentence):
    path = tmp_path / "motifs"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(MotifFormatError) as caught:
        read_motifs(path)
    assert str(caught.value) == f"{path}{sentence.replace('KNOWN', ', '.join(FORMATS))}"
