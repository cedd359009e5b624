"""Every line of a motif file is accounted for: spoiling one never shortens, merges or loses a motif."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from motifnet.errors import MotifFormatError
from motifnet.io.motif_files import losses, read_motifs, render_motifs, write_meme
from motifnet.motifs import Motif

WIDTHS = (7, 5, 9)


def three():
    rng = np.random.default_rng(11)
    return [
        Motif(f"M{i}", rng.multinomial(40, [0.5, 0.1, 0.3, 0.1], width).T, alt_name=f"X{i}")
        for i, width in enumerate(WIDTHS)
    ]


# Rows of three matrices that may be missing in silence: the last ones, where they are numbered, not counted.
COUNTED_OR_NUMBERED = {"cisbp": 3, "jaspar": 0, "meme": 0, "transfac": 3, "uniprobe": 0}


@pytest.mark.parametrize("name", COUNTED_OR_NUMBERED)
def test_a_row_that_is_lost_is_told_where_rows_are_counted_or_numbered(name, tmp_path):
    lines = render_motifs(three(), name).splitlines()
    n_lost = 0
    for i in range(1, len(lines) - 1):
        if lines[i].startswith((">", "MOTIF", "AC", "ID")) or not any(digit in lines[i] for digit in "01"):
            continue
        (tmp_path / "m").write_text("\n".join(lines[:i] + lines[i + 1 :]) + "\n")
        try:
            widths = [motif.width for motif in read_motifs(tmp_path / "m", name)]
        except MotifFormatError:
            continue
        assert len(widths) == 3
        n_lost += sum(widths) < sum(WIDTHS)
    assert n_lost <= COUNTED_OR_NUMBERED[name]


RECORD = "AC  {0}\nXX\nID  {0}\nXX\nP0  A  C  G  T\n01  9  1  0  0  A\n02  0  9  1  0  C\nXX\n"


def read(folder, text, format=None):
    (folder / "m").write_text(text)
    return read_motifs(folder / "m", format)


def test_transfac_records_may_follow_each_other_without_slashes(tmp_path):
    motifs = read(tmp_path, "".join(RECORD.format(name) for name in ("a", "b", "c")))
    assert [(motif.name, motif.width) for motif in motifs] == [("a", 2), ("b", 2), ("c", 2)]


def test_a_second_matrix_in_one_record_of_transfac_is_an_error_with_its_line(tmp_path):
    with pytest.raises(MotifFormatError, match="line 9: a second matrix begins in one record"):
        read(tmp_path, RECORD.format("a") + "P0 A C G T\n01 1 2 3 4\n//\n")


def test_transfac_tables_behind_the_matrix_and_a_column_of_the_consensus_are_known(tmp_path):
    text = RECORD.replace("G  T\n", "G  T  cons\n").format("a") + "IC\t1.1 1.2\nXX\nXL\n00\t36\n01\t2\nXX\n"
    (motif,) = read(tmp_path, text + RECORD.format("b").replace("XX\n", "") + "//\n")[:1]
    assert motif.width == 2


def test_records_of_transfac_without_a_matrix_are_counted(tmp_path, caplog):
    (motif,) = read(tmp_path, f"VV  a release\nXX\n//\nAC  a\nXX\n//\n{RECORD.format('b')}//\nAC  c\n//\n")
    assert motif.name == "b"
    assert "2 of 3 records have no matrix and are left out; the first begins in line 4" in caplog.text


def test_tables_of_cisbp_without_rows_are_counted(tmp_path, caplog):
    (motif,) = read(tmp_path, "Motif\ta\nPos\tA\tC\tG\tT\n\nMotif\tb\nPos\tA\tC\tG\tT\n1\t1\t0\t0\t0\n")
    assert motif.name == "b"
    assert "1 of 2 tables has no rows and is left out; the first begins in line 2" in caplog.text


MEME = "MEME version 4\n\nALPHABET= {0}\n\nstrands: {1}\n\nBackground letter frequencies\n{2}\n\n{3}"
MATRIX = "letter-probability matrix: alength= 4 w= 2 nsites= 20\n1 0 0 0\n0 0 0 1\n"
DNA, RNA = "A 0.3 C 0.2 G 0.2 T 0.3", "A 0.3 C 0.2 G 0.2 U 0.3"


def meme(body, alphabet="ACGT", strands="+ -", background=DNA):
    return MEME.format(alphabet, strands, background, body)


@pytest.mark.parametrize("title", ["MOTIF a b", "  MOTIF a b", "motif a b", "Motif\ta b"])
def test_titles_of_meme_may_be_indented_or_in_lower_case(title, tmp_path):
    motifs = read(tmp_path, meme(f"MOTIF first\n{MATRIX}\n{title}\n{MATRIX}"))
    assert [(motif.name, motif.alt_name) for motif in motifs] == [("first", ""), ("a", "b")]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (f"MOTIF a\n{MATRIX}MOTIF\n{MATRIX}", "line 14: a motif has no name"),
        (f"MOTIF a\n{MATRIX}{MATRIX}", "line 14: has a matrix without a line 'MOTIF name' of its own"),
        (MATRIX, "line 10: has a matrix without a line 'MOTIF name' of its own"),
        (f"MOTIF a\n{MATRIX}0.2 0.x 0.3 0.1\n", "line 14: '0.x' is not a number"),
        (f"MOTIF a\n{MATRIX}true 0 0 1\n", "line 14: 'true 0 0 1' is not understood here"),
        (f"MOTIF a\n{MATRIX.replace('w= 2 ', '')}\n1 0 0 0\n", "line 15: has rows behind a blank line"),
        (f"MOTIF a\n{MATRIX.replace('w= 2', 'w 2')}", "line 11: 'w 2' is not understood here"),
        (f"MOTIF a\n{MATRIX.replace('alength= 4', 'alength= 20')}", "line 11: motif a has 20 letters"),
    ],
)
def test_lines_of_meme_that_cannot_be_accounted_for(body, sentence, tmp_path):
    with pytest.raises(MotifFormatError) as caught:
        read(tmp_path, meme(body))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "background", ["A 0.3 C 0.2 G 0.2", "A 0.3 C 0.2 G 0.2 G 0.3", "A 0.3 C 0.2 G 0.2 X 0.3", "A 1 1 1 1", ""]
)
def test_a_background_of_meme_has_each_base_once(background, tmp_path):
    with pytest.raises(
        MotifFormatError, match=r"line \d+: has (background frequencies of|two frequencies of)"
    ):
        read(tmp_path, meme(f"MOTIF a\n{MATRIX}", background=background))


def test_files_of_meme_behind_one_another_keep_their_backgrounds(tmp_path):
    other = "T 0.1 G 0.4 C 0.4 A 0.1"
    motifs = read(
        tmp_path, meme(f"MOTIF a\n{MATRIX}") + meme(f"MOTIF b\n{MATRIX}", strands="+", background=other)
    )
    assert [motif.background.tolist() for motif in motifs] == [[0.3, 0.2, 0.2, 0.3], [0.1, 0.4, 0.4, 0.1]]
    assert [motif.single_stranded for motif in motifs] == [False, True]


@pytest.mark.parametrize(
    ("alphabet", "strands", "background", "expected"),
    [
        ("ACGT", "+ -", DNA, ("DNA", False)),
        ("ACGT", "+", DNA, ("DNA", True)),
        ("ACGU", "+", RNA, ("RNA", True)),
        ("ACGU", "+ -", RNA, ("RNA", True)),
    ],
)
def test_alphabet_and_strands_are_read_and_written(alphabet, strands, background, expected, tmp_path):
    text = meme(f"MOTIF a\n{MATRIX}", alphabet, strands, background)
    (motif,) = read(tmp_path, text)
    assert (motif.alphabet, motif.single_stranded) == expected
    assert motif.consensus == ("AU" if alphabet == "ACGU" else "AT")
    assert losses([motif], "meme") == []
    write_meme(tmp_path / "again", [motif])
    (again,) = read_motifs(tmp_path / "again")
    assert (again.alphabet, again.single_stranded, again.background.tolist()) == (
        *expected, motif.background.tolist(),
    )  # fmt: skip


def test_strands_that_are_none_are_refused(tmp_path):
    with pytest.raises(MotifFormatError, match="line 5: strands are 'none'; expected"):
        read(tmp_path, meme("", strands="none"))


ENCODE = ">AP1_disc1 FOS\nT 0.03 0.03 0.03 0.91\nG 0.03 0.03 0.91 0.03\nR 0.45 0.03 0.49 0.03\n"


def test_rows_led_by_the_letter_of_the_consensus_are_columns(tmp_path):
    (motif,) = read(tmp_path, ENCODE)
    assert (motif.name, motif.alt_name, motif.width) == ("AP1_disc1", "FOS", 3)
    np.testing.assert_allclose(motif.probabilities[:, 2], [0.45, 0.03, 0.49, 0.03], atol=1e-12)


def square(rows, letters=""):
    return ">m\n" + "".join(
        f"{letter} {' '.join(map(str, row))}\n".lstrip()
        for letter, row in zip(letters or "    ", rows, strict=True)
    )


DIAGONAL = [[0.7, 0.1, 0.1, 0.1], [0.0, 0.8, 0.1, 0.1], [0.2, 0.0, 0.7, 0.1], [0.0, 0.1, 0.1, 0.8]]
BY_BASE = [[9, 1, 0, 5], [1, 9, 0, 5], [0, 0, 5, 0], [0, 0, 5, 0]]


@pytest.mark.parametrize(
    ("rows", "letters", "transposed"),
    [
        (BY_BASE, "ACGT", False),
        (BY_BASE, "", False),
        (np.transpose(BY_BASE).tolist(), "", True),
        (
            [[0.1, 0.1, 0.7, 0.1], [0.1, 0.1, 0.1, 0.7], [0.1, 0.7, 0.1, 0.1], [0.7, 0.1, 0.1, 0.1]],
            "GTCA",
            True,
        ),
        (DIAGONAL, "ACGT", True),
    ],
)
def test_square_matrices_are_read_by_what_sums_to_the_same(rows, letters, transposed, tmp_path):
    (motif,) = read(tmp_path, square(rows, letters))
    expected = np.transpose(rows) if transposed else np.array(rows)
    np.testing.assert_allclose(motif.probabilities, expected / expected.sum(0), atol=1e-9)


@pytest.mark.parametrize(
    ("rows", "letters", "by_column"),
    [
        ([[1, 2, 3, 4], [4, 1, 2, 3], [3, 4, 1, 2], [2, 3, 4, 1]], "", "pfm"),
        ([[1, 0, 0, 9], [1, 1, 1, 1], [2, 7, 7, 0], [5, 1, 0, 0]], "", "pfm"),
        (
            [[0.7, 0.2, 0.1, 0.0], [0.0, 0.7, 0.2, 0.1], [0.1, 0.0, 0.7, 0.2], [0.2, 0.1, 0.0, 0.7]],
            "ACGT",
            "encode",
        ),
    ],
)
def test_square_matrices_that_may_be_either_are_refused(rows, letters, by_column, tmp_path):
    with pytest.raises(MotifFormatError, match=f"--input-format jaspar .* or --input-format {by_column}"):
        read(tmp_path, square(rows, letters))
    by_base, by_place = (read(tmp_path, square(rows, letters), one)[0] for one in ("jaspar", by_column))
    assert not np.allclose(by_base.probabilities, by_place.probabilities)


def test_targets_of_homer_that_are_no_number_are_refused(tmp_path):
    with pytest.raises(MotifFormatError, match=r"line 1: '\.' is not a number"):
        read(tmp_path, ">ACG\tx\t5.1\t-3\t0\tT:.(44%),B:5(6%)\n1\t0\t0\t0\n")


def database(path, matrices, cells):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE MATRIX (ID, COLLECTION, BASE_ID, VERSION, NAME)")
        connection.execute("CREATE TABLE MATRIX_DATA (ID, row, col, val)")
        connection.executemany("INSERT INTO MATRIX VALUES (?, ?, ?, ?, ?)", matrices)
        connection.executemany("INSERT INTO MATRIX_DATA VALUES (?, ?, ?, ?)", cells)
        connection.commit()


CELLS = [(1, base, place, 3) for base in "ACGT" for place in (1, 2, 3)]
ENTRY = (1, "CORE", "MA1", 1, "X")


@pytest.mark.parametrize(
    ("entries", "cells", "sentence"),
    [
        ([ENTRY], CELLS[1:], "matrix MA1.1 has 11 cells"),
        ([ENTRY], [cell for cell in CELLS if cell[2] != 2], "matrix MA1.1 has 8 cells"),
        ([ENTRY], [*CELLS[1:], CELLS[1]], "matrix MA1.1 has 12 cells"),
        ([ENTRY], [*CELLS[1:], (1, "A", 1, -3)], "matrix MA1.1 has the count '-3'"),
        ([ENTRY], [*CELLS[1:], (1, "A", 1, "x")], "matrix MA1.1 has the count 'x'"),
        ([ENTRY], [*CELLS, (7, "A", 1, 1)], "has 1 cells of matrices that it does not list"),
        ([ENTRY, ENTRY], CELLS, "lists MA1.1 twice"),
        ([(1, "CORE", "MA1", "x", "X")], CELLS, "lists the matrix"),
        ([(1, "core", "MA1", 1, "X")], CELLS, "has 1 matrices, none in the collection CORE"),
    ],
)
def test_a_database_whose_matrices_are_not_whole(entries, cells, sentence, tmp_path):
    database(tmp_path / "db", entries, cells)
    with pytest.raises(MotifFormatError) as caught:
        read_motifs(tmp_path / "db")
    assert sentence in str(caught.value)


def test_a_damaged_database_is_one_error(tmp_path):
    path = tmp_path / "db"
    database(path, [ENTRY], CELLS)
    whole = path.read_bytes()
    n_refused = 0
    for at in range(16, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            motifs = read_motifs(path)
        except MotifFormatError:
            n_refused += 1
        else:
            assert [motif.width for motif in motifs] == [3]
    assert n_refused >= 1


def test_a_line_between_a_name_and_its_rows_does_not_become_the_name(tmp_path):
    text = render_motifs(three(), "uniprobe").replace("M1\n", "M1\nzzz 7\n")
    with pytest.raises(MotifFormatError, match="'zzz 7' is not understood here; expected rows 'A:'"):
        read(tmp_path, text)
    commented = render_motifs(three(), "uniprobe").replace("M1\n", "M1\n# zzz 7\n")
    assert [motif.name for motif in read(tmp_path, commented)] == ["M0", "M1", "M2"]
