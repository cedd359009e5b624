"""What the words of --background mean, the same in every command that has it."""

import gzip

import numpy as np
import pytest

from motifnet.errors import BackgroundFormatError, InvalidValue, MissingFile
from motifnet.runs.backgrounds import background_named, is_learnt


def test_words_shares_and_files_are_backgrounds(tmp_path):
    words, fasta, packed = tmp_path / "words", tmp_path / "seqs", tmp_path / "seqs.gz"
    words.write_text("A 0.4\nC 0.3\nG 0.2\nT 0.1\n")
    fasta.write_text("\n>one\n" + "ACGTTTTTTT" * 50 + "\n")
    packed.write_bytes(gzip.compress(fasta.read_bytes()))
    given = {text: background_named(str(text), 1, strand_symmetric=False) for text in (words, fasta, packed)}
    assert given[words].probabilities.tolist() == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert given[fasta].probabilities.tolist() == pytest.approx([0.1, 0.1, 0.1, 0.7], abs=0.01)
    np.testing.assert_array_equal(given[packed].transitions, given[fasta].transitions)
    assert [given[path].order for path in (words, fasta)] == [0, 1]
    assert [is_learnt(str(path)) for path in (words, fasta, packed)] == [False, True, True]
    shares = background_named("0.4,0.3,0.2,0.1", strand_symmetric=False)
    assert shares.probabilities.tolist() == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert background_named("uniform", strand_symmetric=False).probabilities.tolist() == [0.25] * 4


def test_both_strands_make_a_word_as_likely_as_its_reverse_complement():
    assert background_named("0.4,0.3,0.2,0.1", strand_symmetric=True).probabilities.tolist() == pytest.approx(
        [0.25] * 4
    )


@pytest.mark.parametrize(
    "text", ["genome", "sequences", "motifs", "0.5,0.5", "1,0,0,0", "0.5,0.5,0.5,0.5", "a,b"]
)
def test_what_is_no_background_is_refused(text):
    with pytest.raises(InvalidValue, match=r"'uniform', four shares that sum to 1, such as .*, or a file"):
        background_named(text, strand_symmetric=True)


def test_a_file_that_is_none_or_not_there_is_refused(tmp_path):
    with pytest.raises(MissingFile, match="background file nosuch does not exist"):
        background_named("nosuch", strand_symmetric=True)
    (tmp_path / "x").write_text("hello\n")
    with pytest.raises(BackgroundFormatError, match="expected a word of A, C, G and T"):
        background_named(str(tmp_path / "x"), strand_symmetric=True)
