"""Why motifnet reads some formats itself: what Biopython's readers make of the same text.

Each case is one that the documents quote. Where a later Biopython does it right, its test fails, and the
reader beside it can be looked at again.
"""

import io

import numpy as np
import pytest
from Bio import Align, motifs

from motifnet.errors import MotifFormatError
from motifnet.io.alignments import read_alignments
from motifnet.io.motif_files import read_motifs

MEME = """MEME version 4

ALPHABET= ACGT

Background letter frequencies
A 0.25 C 0.25 G 0.25 T 0.25

MOTIF one
letter-probability matrix: alength= 4 w= {width} nsites= 3 E= 0
0.5 0.2 0.2 0.1
"""
HOMER = ">GATA\tGATA1\t6.0\n0.1\t0.2\t0.6\t0.1\n0.7\t0.1\t0.1\t0.1\n0.1\t0.1\t0.2\t0.6\n0.7\t0.1\t0.1\t0.1\n"
TRANSFAC = (
    "AC  M1\nXX\nID  one\nXX\nP0      A      C      G      T\n01      1      2      3      4      N\nXX\n"
)
MAF = "##maf version=1\na score=1\ns hg.chr1 10 4 + 100 AC-GT\n"


def theirs(text, format):
    return list(motifs.parse(io.StringIO(text), format))


def ours(text, tmp_path):
    (tmp_path / "some.txt").write_text(text)
    return read_motifs(tmp_path / "some.txt")


def test_meme_is_rounded_to_whole_counts(tmp_path):
    (found,) = theirs(MEME.format(width=1), "minimal")
    assert [found.counts[base] for base in "ACGT"] == [[2], [1], [1], [0]]  # 0.5, 0.2, 0.2, 0.1 of 3 sites
    (motif,) = ours(MEME.format(width=1), tmp_path)
    np.testing.assert_allclose(motif.probabilities.T, [[0.5, 0.2, 0.2, 0.1]])


def test_meme_that_is_cut_short_is_a_shorter_motif(tmp_path):
    (found,) = theirs(MEME.format(width=3), "minimal")
    assert found.length == 1
    with pytest.raises(MotifFormatError, match=r"some\.txt"):
        ours(MEME.format(width=3), tmp_path)


def test_meme_without_a_background_is_refused(tmp_path):
    text = MEME.format(width=1)
    bare = text[: text.index("Background")] + text[text.index("MOTIF") :]
    with pytest.raises(ValueError, match="background frequencies"):
        theirs(bare, "minimal")
    assert len(ours(bare, tmp_path)) == 1


def test_jaspar_reads_any_four_rows_and_drops_fewer(tmp_path):
    (found,) = theirs(HOMER, "jaspar")
    assert found.counts["A"] == [0.1, 0.2, 0.6, 0.1]  # the first position, taken for all A
    np.testing.assert_allclose(ours(HOMER, tmp_path)[0].probabilities[:, 0], [0.1, 0.2, 0.6, 0.1])
    without_t = ">MA1 x\nA [1 2]\nC [1 2]\nG [1 2]\n"
    assert theirs(without_t, "jaspar") == []
    with pytest.raises(MotifFormatError):
        ours(without_t, tmp_path)


def test_transfac_without_its_last_line_is_no_motif(tmp_path):
    assert theirs(TRANSFAC, "transfac") == []
    assert ours(TRANSFAC, tmp_path)[0].counts.ravel().tolist() == [1, 2, 3, 4]


def test_maf_that_ends_within_a_block_is_an_alignment_of_one_row(tmp_path):
    (found,) = Align.parse(io.StringIO(MAF), "maf")
    assert len(found.sequences) == 1
    (tmp_path / "some.maf").write_text(MAF)
    with pytest.raises(ValueError, match=r"some\.maf"):
        read_alignments(tmp_path / "some.maf")


def test_paf_is_not_known():
    with pytest.raises(ValueError, match="Unknown file format"):
        Align.parse(io.StringIO(""), "paf")


def test_sam_of_theirs_and_ours_have_the_same_cigar():
    """Biopython's writer needs the lengths of the sources; that of ours has places as well."""
    from motifnet.symbols.alignment import Alignment

    pair = Alignment.from_rows("ACGT-A", "A-GTTC", "human", "mouse")
    written = format(pair.to_biopython(), "sam")
    assert written.split("\t")[5] == pair.cigar()
