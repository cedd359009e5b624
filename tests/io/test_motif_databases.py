"""Motif files in the very form in which databases and programs hand them out.

The texts are ours: made-up matrices in the exact layout of the bulk download of CIS-BP, of UniPROBE's
short files and of the output of its program, of HOMER's ``knownResults``, of MEME 5, and of JASPAR.
"""

import gzip
import io
import re

import numpy as np
import pytest
from Bio import motifs as biopython
from Bio.motifs import jaspar

from motifnet.errors import MotifFormatError
from motifnet.io.motif_files import read_motifs
from motifnet.io.motif_format import FORMATS
from motifnet.motifs import Motif

CISBP = """\
TF\tT000676_1.02
TF Name\tANT
Gene\tAT4G37750-TAIR-G
Motif\tM2364_1.02
Family\tAP2
Species\tArabidopsis_thaliana
Pos\tA\tC\tG\tT
1\t0.25\t0.25\t0.5\t0.0
2\t1.0\t0.0\t0.0\t0.0


TF\tT000677_1.02
TF Name\tLocked
Motif\tM9999_1.02
Pos\tA\tC\tG\tT


TF\tT000678_1.02
TF Name\tANT2
Motif\tM2631_1.02
Pos\tA\tC\tG\tT
1\t0.0\t0.75\t0.25\t0.0
"""

UNIPROBE = """\
Protein: Arid3a\tSeed k-mer: AATTAA\tEnrichment Score: 0.49
A:\t0.2\t0.7
C:\t0.3\t0.1
G:\t0.4\t0.1
T:\t0.1\t0.1

Arid5a_primary
A:\t0.25\t1
C:\t0.25\t0
G:\t0.25\t0
T:\t0.25\t0

Arid5a_primary_RC
A:\t0\t0.25
C:\t0\t0.25
G:\t0\t0.25
T:\t1\t0.25
"""

UNIPROBE_PROGRAM = """\
# Motif: GTAATAAA\tEnrichment Score: 0.494153723616089
1\tGTAATAAA\t0.494153723616089

Enrichment score matrix

A:\t-0.0135\t0.4
C:\t-0.0259\t-0.3
G:\t0.0893\t-0.2
T:\t-0.0516\t0.1

Energy matrix for enoLOGOS

PO\t1\t2
A:\t0.124\t-4.1
C:\t0.239\t1.4
G:\t-0.822\t1.1
T:\t0.475\t1.3

Reverse complement matrix for enoLOGOS

PO\t1\t2
A:\t1.3\t0.475
C:\t1.1\t-0.822
G:\t1.4\t0.239
T:\t-4.1\t0.124

Probability matrix

A:\t0.2\t0.97
C:\t0.2\t0.01
G:\t0.5\t0.01
T:\t0.1\t0.01



# Motif: CCATAAAA\tEnrichment Score: 0.493584262400738
2\tCCATAAAA\t0.493584262400738

Probability matrix

A:\t0.4\t0.3
C:\t0.2\t0.3
G:\t0.3\t0.3
T:\t0.1\t0.1
"""

HOMER = """\
>SCCTSAGGSCAW\tAP-2gamma(AP2)/MCF7/Homer\t6.349794\t-24627.16\t0\tT:26194.0(44.86%),B:5413.7(9.54%),P:1e-10695
0.005\t0.431\t0.547\t0.017
0.001\t0.997\t0.001\t0.001
>ATGACTCATC\tAP-1(bZIP)/ThioMac/Homer\t6.049537\t-1.782996e+03\t0\t9805.3,5781.0,3085.1,2715.0,0.00e+00
0.419\t0.275\t0.277\t0.028
"""

MEME_5_RNA = """\
MEME version 5.5.5

ALPHABET "RNA" RNA-LIKE
A "Adenine" CC0000
C "Cytosine" 0000CC
G "Guanine" FFB300
U "Uracil" 008000
N "Any base" = ACGU
X = ACGU
T = U
END ALPHABET

Background letter frequencies
A 0.1 C 0.2 G 0.3 U 0.4

MOTIF RNCMPT00001 A1CF
letter-probability matrix: alength= 4 w= 2 nsites= 8 E= 0
 0.5 0 0 0.5
 0 0 0 1"""

MEME_5_FULL = """\
********************************************************************************
MEME version 5.3.3 (Release date: Sun Feb 7 15:39:52 2021 -0800)
********************************************************************************
ALPHABET "{name}" DNA-LIKE
********************************************************************************
A "Adenine" 660000 ~ T "Thymine" 000066
C "Cytosine" 666600 ~ G "Guanine" 006600
{more}N = ACGT
********************************************************************************
Background letter frequencies (from file dataset with add-one prior applied):
A 0.3 C 0.2 G 0.2 T 0.3
********************************************************************************
MOTIF AC MEME-1\twidth =   2  sites =   9  llr = 41  E-value = 4.6e-001
********************************************************************************
letter-probability matrix: alength= 4 w= 2 nsites= 9 E= 4.6e-001
 1.000000  0.000000  0.000000  0.000000
 0.000000  1.000000  0.000000  0.000000
--------------------------------------------------------------------------------
"""

# Motifs of each file of the real data: what `zcat FILE | grep -cE '^(>|MOTIF )'` counts.
N_MOTIFS = {
    "CIS-BP.pfm.gz": 10033,
    "H12CORE_meme_format.meme.gz": 1443,
    "H13CORE_meme_format.meme.gz": 1611,
    "HOCOMOCOv11_HUMAN.pfm.gz": 401,
    "JASPAR2018_CORE_non-redundant.meme.gz": 1404,
    "JASPAR2022.pfm.gz": 1997,
    "JASPAR2022_fungi.pfm.gz": 179,
    "JASPAR2022_insects.pfm.gz": 150,
    "JASPAR2022_plants.pfm.gz": 700,
    "JASPAR2022_vertebrates.pfm.gz": 838,
    "YEASTRACT_20130918.meme.gz": 732,
    "crp0.meme.gz": 2,
    "dpinteract.meme.gz": 68,
    "factorbook.pfm.gz": 410,
    "fly_factor_survey.meme.gz": 656,
    "homer_known.motifs.gz": 922,
    "jaspar_2024_consensus.meme.gz": 182,
    "macisaac_yeast.v1.meme.gz": 124,
    "some_vertebrates.meme.gz": 5,
    "yeast_uniprobe_GR09.meme.gz": 89,
    "yetfasco_all.meme.gz": 1883,
}


@pytest.fixture(params=["\n", "\r\n"], ids=["unix", "windows"])
def read(request, tmp_path):
    """Reads a text from a file with either kind of line ends, its format told by its content."""

    def reader(text, name="motifs.txt"):
        (tmp_path / name).write_bytes(text.replace("\n", request.param).encode())
        return read_motifs(tmp_path / name)

    return reader


def test_the_bulk_download_of_cisbp(read):
    first, second = read(CISBP)
    assert (first.name, first.alt_name, first.width) == ("M2364_1.02", "ANT", 2)
    assert (second.name, second.alt_name) == ("M2631_1.02", "ANT2")
    np.testing.assert_allclose(first.probabilities, [[0.25, 1], [0.25, 0], [0.5, 0], [0, 0]])


def test_a_cisbp_table_alone_is_named_by_its_file(read):
    (motif,) = read("Pos\tA\tC\tG\tU\n1\t0.1\t0.2\t0.3\t0.4", "M00001_2.00.txt")
    assert motif.name == "M00001_2.00"
    np.testing.assert_allclose(motif.probabilities[:, 0], [0.1, 0.2, 0.3, 0.4])
    assert read("Pos\tA\tC\tG\tT\n", "M00002_2.00.txt") == []


def test_short_files_of_uniprobe(read):
    first, second = read(UNIPROBE)
    assert (first.name, second.name) == ("Arid3a", "Arid5a_primary")
    np.testing.assert_allclose(first.probabilities, [[0.2, 0.7], [0.3, 0.1], [0.4, 0.1], [0.1, 0.1]])


def test_of_the_output_of_uniprobes_program_only_probabilities_are_read(read):
    first, second = read(UNIPROBE_PROGRAM)
    assert (first.name, second.name) == ("GTAATAAA", "CCATAAAA")
    np.testing.assert_allclose(first.probabilities[:, 1], [0.97, 0.01, 0.01, 0.01])


def test_homer_tells_targets_or_nothing(read):
    first, second = read(HOMER)
    assert (first.name, first.n_sites) == ("AP-2gamma(AP2)/MCF7/Homer", 26194)
    assert (second.name, second.n_sites) == ("AP-1(bZIP)/ThioMac/Homer", 20)
    np.testing.assert_allclose(first.probabilities[:, 0], [0.005, 0.431, 0.547, 0.017])


@pytest.mark.parametrize("width", [4, 7, 9])
def test_a_homer_threshold_is_what_one_window_in_ten_thousand_reaches(width):
    motif = Motif("m", np.random.default_rng(width).dirichlet([0.3] * 4, width).T * 20)
    header = FORMATS["homer"].render([motif], "ACGT").splitlines()[0].split("\t")
    scores = np.log(motif.probabilities.clip(0.001) / 0.25)
    every = np.zeros(1)
    for column in scores.T:
        every = (every[:, None] + column).ravel()
    reaching = np.mean(every >= float(header[2]))
    assert header[:2] == [f">{motif.consensus}", "m"]
    assert 0 < reaching <= max(1.3e-4, 1 / len(every))
    assert reaching > 0.5e-4


def test_an_alphabet_of_rna_as_meme_5_declares_it(read):
    (motif,) = read(MEME_5_RNA)
    assert (motif.name, motif.alt_name, motif.consensus, motif.n_sites) == ("RNCMPT00001", "A1CF", "WU", 8)
    assert motif.background.tolist() == [0.1, 0.2, 0.3, 0.4]


def test_the_alphabet_of_a_full_output_of_meme_5(read):
    (motif,) = read(MEME_5_FULL.format(name="DNA", more=""))
    assert (motif.name, motif.consensus, motif.e_value) == ("AC", "AC", pytest.approx(0.46))
    more = 'M "mC:Guanine" 006666 ~ m "Methylcytosine" 660066\n'
    with pytest.raises(MotifFormatError, match="line 4: has motifs over the letters ACGMTm; expected ACGT"):
        read(MEME_5_FULL.format(name="MethDNA", more=more))


@pytest.mark.parametrize(
    "text",
    [
        "4 19 0\n16 0 20\n0 1 0\n0 0 0\n",
        "4\t16\t0\t0\n19\t0\t1\t0\n0\t20\t0\t0",
        "A [4 19 0]\nC [16 0 20]\nG [0 1 0]\nT [0 0 0]\n",
        "# a comment\n\n  4   19  0\n 16    0 20\n  0    1  0\n  0    0  0",
    ],
)
def test_a_matrix_alone_is_named_by_its_file(read, text):
    (motif,) = read(text, "MA0004.1.pfm")
    assert motif.name == "MA0004.1"
    assert motif.counts.tolist() == [[4, 19, 0], [16, 0, 20], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("format", ["jaspar", "transfac", "pfm", "clusterbuster"])
def test_what_biopython_writes_is_read(format, read):
    counts = {"A": [3, 0, 1, 4], "C": [0, 4, 1, 1], "G": [1, 0, 2, 0], "T": [1, 1, 1, 0]}
    written = biopython.write([jaspar.Motif("MA0001.1", "AGL3", counts=counts)], format)
    (again,) = read(written)
    assert again.counts.tolist() == list(counts.values())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (">ACGT\t\t5.2\n1\t0\t0\t0\n", "ACGT"),
        ("x\n#\nA:\t1\nC:\t0\nG:\t0\nT:\t0\n", "x"),
    ],
)
def test_a_motif_without_a_name_has_what_comes_nearest(read, text, name):
    assert [motif.name for motif in read(text)] == [name]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("TF\tT1\nMotif\tM1\nPos\tA\tC\tD\tE\n1\t1\t0\t0\t0\n", "line 3: motif M1 is over the letters ACDE"),
        ("Pos\tA\tC\tG\tT\n1\t0.5\t0.5\t0\n", "line 2: has 3 numbers; expected 4"),
        ("Pos\tA\tC\tG\tT\n1\t0.5\t-0.5\t0.5\t0.5\n", "line 2: -0.5 is negative or not finite"),
        ("x\nA:\t1\nC:\t0\nG:\t0\n", "line 2: motif x has A, C, G; expected one row each for A, C, G, T"),
        ("x\nA:\t1\t1\nC:\t0\t0\nG:\t0\t0\nT:\t0\n", "line 2: motif x has rows of 2, 2, 2, 1 numbers"),
        ("x\nA:\t1\nC:\t1\nG:\t0\nT:\t0\n", "line 2: probabilities sum to 2; expected 1"),
        (">AC\tx\t5\n0.5\t0.5\t0\n", "line 2: has 3 numbers; expected 4"),
        (">AC\tx\t5\n", "line 1: motif x has no rows; expected rows of 4 numbers"),
        ("AC  x\nP0  A  C  D  E\n01  1  1  1  1\n", "line 2: motif x is over the letters ACDE"),
        (">x\nA [1 -2]\nC [1 2]\nG [1 2]\nT [1 2]\n", "line 2: -2 is negative or not finite"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(read, text, sentence):
    with pytest.raises(MotifFormatError, match=re.escape(sentence)):
        read(text)


def test_every_real_file_holds_the_motifs_that_a_search_for_their_titles_finds(real_data):
    folder = real_data / "motifdb"
    assert {path.name for path in folder.glob("*.gz")} == set(N_MOTIFS)
    for name, n_motifs in N_MOTIFS.items():
        with io.TextIOWrapper(gzip.open(folder / name)) as handle:
            assert sum(line.startswith((">", "MOTIF ")) for line in handle) == n_motifs, name
        motifs = read_motifs(folder / name)
        assert len(motifs) == n_motifs, name
        assert all(motif.width >= 1 and motif.n_sites >= 1 for motif in motifs), name
