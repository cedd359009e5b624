"""MEME format: the kinds of file that are about, and what is wrong with some."""

from pathlib import Path

import numpy as np
import pytest

from motifnet.errors import MotifFormatError
from motifnet.io.motif_formats.meme import parse_meme, render_meme
from motifnet.motifs import Motif

MINIMAL = """\
# made by hand
MEME version 5.4.1

ALPHABET= ACGT

strands: + -

Background letter frequencies (from uniform background):
A 0.30000 C 0.20000
G 0.20000 T 0.30000

MOTIF MA0108.1 TBP like

log-odds matrix: alength= 4 w= 2 E= 0
   -67\t    58\t    64\t  -165
  -260\t  -108\t  -243\t   167

letter-probability matrix: alength= 4 w= 2 nsites= 40 E= 1.1e-006
  0.25  0.25\t 0.25 0.25
  0.0 0.0 0.5 0.5
URL http://example.org/1 2 3 4

MOTIF second
letter-probability matrix: nsites= 8 S= 0.3

1 0 0 0
0 1 0 0
0 0.33 0.33 0.33
MOTIF third
letter-probability matrix:
0 0 0 1"""

FULL_TEXT = """\
********************************************************************************
MEME version 4.10.0 (Release date: Thu Dec 05 19:34:37 2013 +1000)
********************************************************************************
ALPHABET= ACGT
Background letter frequencies (from dataset with add-one prior applied):
A 0.304 C 0.196 G 0.196 T 0.304
********************************************************************************
MOTIF  1 MEME\twidth =   2  sites =  18  llr = 180  E-value = 1.1e-006
********************************************************************************
\tMotif 1 in BLOCKS format
BL   MOTIF 1 width=2 seqs=18
log-odds matrix: alength= 4 w= 2 n= 1584 bayes= 6.57872 E= 1.1e-006
   -67     58     64   -165
  -260   -108   -243    167
--------------------------------------------------------------------------------
letter-probability matrix: alength= 4 w= 2 nsites= 18 E= 1.1e-006
 0.500000  0.000000  0.500000  0.000000
 0.000000  0.500000  0.000000  0.500000
--------------------------------------------------------------------------------
SUMMARY OF MOTIFS
SEQUENCE NAME            COMBINED P-VALUE  MOTIF DIAGRAM
"""


def parsed(text):
    return parse_meme(list(enumerate(text.splitlines(), 1)), Path("in.meme"))


def test_the_minimal_format_with_all_its_freedoms():
    tbp, second, third = parsed(MINIMAL)
    assert (tbp.name, tbp.alt_name, tbp.n_sites) == ("MA0108.1", "TBP_like", 40)
    assert tbp.e_value == pytest.approx(1.1e-6)
    assert tbp.counts.tolist() == [[10, 0], [10, 0], [10, 20], [10, 20]]
    assert tbp.background.tolist() == [0.3, 0.2, 0.2, 0.3]
    # STREME writes a score where it has no E-value; it must not pass for one.
    assert (second.name, second.alt_name, second.n_sites, second.e_value) == ("second", "", 8, None)
    assert second.width == 3
    np.testing.assert_allclose(second.probabilities[:, 2], [0, 1 / 3, 1 / 3, 1 / 3])
    assert (third.name, third.width, third.n_sites) == ("third", 1, 20)


@pytest.mark.parametrize("text", ["nan", "-1", "none"])
def test_what_is_no_e_value_is_left_out(text):
    (motif,) = parsed(f"MEME version 4\nMOTIF x\nletter-probability matrix: w= 1 E= {text}\n0 0 0 1\n")
    assert motif.e_value is None


def test_the_full_text_output():
    (motif,) = parsed(FULL_TEXT)
    assert (motif.name, motif.alt_name, motif.n_sites) == ("1", "MEME", 18)
    assert motif.e_value == pytest.approx(1.1e-6)
    assert motif.counts.tolist() == [[9, 0], [0, 9], [9, 0], [0, 9]]
    assert motif.background.tolist() == [0.304, 0.196, 0.196, 0.304]


def test_rna_is_read_and_a_missing_background_is_uniform():
    (motif,) = parsed("MEME version 4\nALPHABET= ACGU\nMOTIF u\nletter-probability matrix: w= 1\n0 0 0 1\n")
    assert (motif.consensus, motif.alphabet, motif.single_stranded) == ("U", "RNA", True)
    assert motif.background.tolist() == [0.25] * 4
    (motif,) = parsed(
        "MEME version 4\nALPHABET= ACGU\nBackground letter frequencies\nA 0.1 C 0.2 G 0.3 U 0.4\n"
        "MOTIF u\nletter-probability matrix: w= 1\n0 0 0 1\n"
    )
    assert motif.background.tolist() == [0.1, 0.2, 0.3, 0.4]


def test_what_is_written_is_this():
    counts = np.array([[3, 0], [0, 1], [0, 2], [0, 0]])
    motif = Motif(
        "1-AG",
        counts,
        np.array([0.3, 0.2, 0.2, 0.3]),
        alt_name="MOTIF-1",
        log10_e_value=-327.0218,
    )
    assert render_meme([motif]) == (
        "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n"
        "A 0.3 C 0.2 G 0.2 T 0.3\n\nMOTIF 1-AG MOTIF-1\n"
        "letter-probability matrix: alength= 4 w= 2 nsites= 3 E= 9.5e-328\n"
        "1.0000000000 0.0000000000 0.0000000000 0.0000000000\n"
        "0.0000000000 0.3333333333 0.6666666667 0.0000000000\n"
    )


HEAD = "MEME version 4\n\nMOTIF x\nletter-probability matrix: alength= 4 w= 2 nsites= 5\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + "1 0 0 0\n0.5 0.4 0.3 0.2\n", "in.meme line 6: probabilities sum to 1.4; expected 1"),
        (HEAD + "1 0 0 0\n0.5 0.5 0\n", "in.meme line 6: has 3 numbers; expected 4, for A, C, G and T"),
        (
            HEAD + "1 0 0 0\n-1 1 1 0\n",
            "in.meme line 6: -1 is negative or not finite; expected counts or probabilities",
        ),
        (HEAD + "1 0 0 0\n", "in.meme line 4: motif x has 1 rows; expected 2. Is the file cut short?"),
        (HEAD + 3 * "1 0 0 0\n", "in.meme line 4: motif x has 3 rows; expected 2"),
        (
            HEAD + "1 0 0 0\n\nMOTIF y\n",
            "in.meme line 4: motif x has 1 rows; expected 2. Is the file cut short?",
        ),
        (
            HEAD.replace(" w= 2", ""),
            "in.meme line 4: motif x has 0 rows; expected some. Is the file cut short?",
        ),
        (HEAD.replace("w= 2", "w= two"), "in.meme line 4: 'two' is not a number"),
        ("MEME version 4\nMOTIF x\n", "in.meme line 2: motif x has no letter-probability matrix"),
        (
            "MEME version 4\nALPHABET= ACDEFGHIKLMNPQRSTVWY\n",
            "in.meme line 2: has motifs over the letters ACDEFGHIKLMNPQRSTVWY; expected ACGT or ACGU",
        ),
        (
            "MEME version 4\nBackground letter frequencies\nA 0.5 C 0.5 G 0 T 0\n",
            "in.meme line 3: has a background frequency of 0; expected all above 0",
        ),
    ],
)
def test_errors_carry_path_and_line(text, sentence):
    with pytest.raises(MotifFormatError) as caught:
        parsed(text)
    assert str(caught.value) == sentence
