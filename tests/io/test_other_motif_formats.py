"""JASPAR, GimmeMotifs and HOMER, TRANSFAC: golden snippets and errors."""

import numpy as np
import pytest

from motifnet.errors import MotifFormatError
from motifnet.io.motif_files import read_motifs

ARNT = [[4, 19, 0, 0, 0, 0], [16, 0, 20, 0, 0, 0], [0, 1, 0, 20, 0, 20], [0, 0, 0, 0, 20, 0]]

JASPAR_ROWS = {
    "labelled": "A  [ 4 19  0  0  0  0 ]\nC  [16  0 20  0  0  0 ]\n"
    "G  [ 0  1  0 20  0 20 ]\nT  [ 0  0  0  0 20  0 ]\n",
    "tight": "A[4 19 0 0 0 0]\nC[16 0 20 0 0 0]\nG[0 1 0 20 0 20]\nT[0 0 0 0 20 0]\n",
    "bars": "A | 4 19 0 0 0 0\nC | 16 0 20 0 0 0\nG | 0 1 0 20 0 20\nT | 0 0 0 0 20 0\n",
    "letters": "A 4 19 0 0 0 0\nC 16 0 20 0 0 0\nG 0 1 0 20 0 20\nT 0 0 0 0 20 0\n",
    "other order": "T [0 0 0 0 20 0]\nG [0 1 0 20 0 20]\nC [16 0 20 0 0 0]\nA [4 19 0 0 0 0]\n",
    "rna": "A [4 19 0 0 0 0]\nC [16 0 20 0 0 0]\nG [0 1 0 20 0 20]\nU [0 0 0 0 20 0]\n",
    "raw": "4 19 0 0 0 0\n16 0 20 0 0 0\n0 1 0 20 0 20\n0 0 0 0 20 0\n",
}

TRANSFAC = """\
VV  TRANSFAC MATRIX TABLE
XX
//
AC  MA0004.1
XX
ID  Arnt
XX
DE  MA0004.1 Arnt ; From JASPAR
P0      A      C      G      T
01      4     16      0      0      C
02     19      0      1      0      A
03      0     20      0      0      C
04      0      0     20      0      G
05      0      0      0     20      T
06      0      0     20      0      G
XX
//
"""

HOMER = (
    ">ATGACTCATC\tAP-1(bZIP)/ThioMac\t6.04\t-1.78e+03\t0\t9805.3,5781.0\n0.4 0.3 0.3 0.0\n0.0 0.0 0.0 1.0\n"
)


def read(folder, text):
    (folder / "motifs.txt").write_text(text)
    return read_motifs(folder / "motifs.txt")


@pytest.mark.parametrize("kind", list(JASPAR_ROWS))
def test_every_way_of_writing_jaspar_rows(tmp_path, kind):
    motifs = read(tmp_path, f">MA0004.1\tArnt\n{JASPAR_ROWS[kind]}\n>second\n{JASPAR_ROWS[kind].rstrip()}")
    assert [(motif.name, motif.alt_name) for motif in motifs] == [("MA0004.1", "Arnt"), ("second", "")]
    for motif in motifs:
        assert motif.counts.tolist() == ARNT
        assert motif.n_sites == 20


def test_a_row_for_each_column_is_gimmemotifs_format(tmp_path):
    rows = "\n".join("\t".join(str(count) for count in column) for column in np.array(ARNT).T)
    (motif,) = read(tmp_path, f"# a comment\n>MA0004.1_Arnt\n{rows}")
    assert motif.name == "MA0004.1_Arnt"
    assert motif.counts.tolist() == ARNT


def test_square_matrices_are_told_apart_by_their_sums(tmp_path):
    by_base = np.array([[9, 0, 0, 5], [1, 9, 0, 5], [0, 1, 5, 0], [0, 0, 5, 0]])  # columns sum to 10
    for matrix in (by_base, by_base.T):
        text = ">square\n" + "\n".join(" ".join(map(str, row)) for row in matrix)
        assert read(tmp_path, text)[0].counts.tolist() == by_base.tolist()


def test_another_motif_of_the_file_settles_what_a_square_matrix_is(tmp_path):
    square = ">square\n1 2 3 4\n1 2 3 4\n1 2 3 4\n1 2 3 4\n"
    assert read(tmp_path, square + ">long\n" + "1 1 1 1\n" * 6)[0].counts[:, 0].tolist() == [1, 2, 3, 4]
    assert read(tmp_path, square + ">long\n" + "1 1 1 1 1 1\n" * 4)[0].counts[:, 0].tolist() == [1, 1, 1, 1]


def test_frequencies_stand_for_twenty_sites(tmp_path):
    (motif,) = read(tmp_path, HOMER)
    assert (motif.name, motif.alt_name) == ("AP-1(bZIP)/ThioMac", "")
    assert motif.n_sites == 20
    np.testing.assert_allclose(motif.counts, [[8, 0], [6, 0], [6, 0], [0, 20]])


@pytest.mark.parametrize("cut", ["", "//", "XX\n//\n"])
def test_transfac(tmp_path, cut):
    (motif,) = read(tmp_path, TRANSFAC.removesuffix("XX\n//\n").rstrip("\n") + "\n" + cut)
    assert (motif.name, motif.alt_name) == ("MA0004.1", "Arnt")
    assert motif.counts.tolist() == ARNT


def test_transfac_with_other_keys_and_another_order_of_bases(tmp_path):
    first = "ID\tone\nNA\tOne\nPO\tT\tG\tC\tA\n1\t0\t0\t16\t4\n2\t0\t1\t0\t19\nXX\n//\n"
    one, two = read(tmp_path, first + "ID two\nP0 A C G T\n00 1 2 3 4\n")
    assert (one.name, one.alt_name, two.name, two.alt_name) == ("one", "One", "two", "")
    assert one.counts.tolist() == [row[:2] for row in ARNT]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            ">a\nA [1 2]\nC [1 2]\nG [1 2]\n",
            "line 1: motif a has A, C, G; expected one row each for A, C, G, T",
        ),
        (
            ">a\nA [1 2]\nC [1]\nG [1 2]\nT [1 2]\n",
            "line 1: motif a has rows of 2, 1, 2, 2 numbers; expected equal",
        ),
        (">a\n" + 12 * "A [1 2]\n", "line 1: motif a has 12 rows; expected one row each for A, C, G, T"),
        (">a\nA [1 x]\nC [1 2]\nG [1 2]\nT [1 2]\n", "line 2: 'x' is not a number"),
        (">a\n1 2 3 4\n1 2 3\n1 2 3 4\n", "line 3: has 3 numbers; expected 4, for A, C, G and T"),
        (">a\n1 2 3 4\n>b\n", "line 3: motif b has no rows; expected rows of 4 numbers"),
        (">a\n1 2 3 -4\n", "line 2: -4 is negative or not finite"),
        (
            "ID a\nP0 A C G T\nXX\n//\n",
            "line 2: motif a has no rows; expected one of counts for each position",
        ),
        ("ID a\nP0 A C G G\n1 2 3 4 5\n", "line 2: motif a is over the letters ACGG; expected A, C, G, T"),
        ("ID a\nP0 A C G T\n1 2 3 4\n", "line 3: has 3 counts; expected 4"),
    ],
)
def test_errors_carry_path_and_line(tmp_path, text, sentence):
    with pytest.raises(MotifFormatError) as caught:
        read(tmp_path, text)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path))
